"""Colombia's public holidays by rule, from the pinned library `holidays`, and the stored list of 2020–2040.

The library only proposes: what counts is what is stored (`FestivoAnual`), with the version that proposed it. So an
upgrade of the library cannot move a legal date by itself; a test says when both differ.
"""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

from plazos.calendario import Festivo

FUENTE = f"holidays {version('holidays')}"
ARCHIVO = Path(__file__).resolve().parent.parent / "datos" / "festivos_2020_2040.csv"
LEY_51 = "Ley 51 de 1983"
LEY_2578 = "Ley 2578 de 2026"
# The library's names → ours. An unknown name passes as it is, with no norm: somebody must look at it.
NOMBRES = {
    "Año Nuevo": ("Año Nuevo", LEY_51),
    "Día de los Reyes Magos": ("Reyes Magos", LEY_51),
    "Día de San José": ("San José", LEY_51),
    "Jueves Santo": ("Jueves Santo", LEY_51),
    "Viernes Santo": ("Viernes Santo", LEY_51),
    "Día del Trabajo": ("Día del Trabajo", LEY_51),
    "Ascensión del señor": ("Ascensión del Señor", LEY_51),
    "Corpus Christi": ("Corpus Christi", LEY_51),
    "Sagrado Corazón": ("Sagrado Corazón de Jesús", LEY_51),
    "San Pedro y San Pablo": ("San Pedro y San Pablo", LEY_51),
    "Día de Nuestra Señora del Rosario de Chiquinquirá": ("Nuestra Señora del Rosario de Chiquinquirá", LEY_2578),
    "Día de la Independencia": ("Día de la Independencia", LEY_51),
    "Batalla de Boyacá": ("Batalla de Boyacá", LEY_51),
    "La Asunción": ("Asunción de la Virgen", LEY_51),
    "Día de la Raza": ("Día de la Raza (Día de la Diversidad Étnica y Cultural)", LEY_51),
    "Día de Todos los Santos": ("Todos los Santos", LEY_51),
    "Independencia de Cartagena": ("Independencia de Cartagena", LEY_51),
    "La Inmaculada Concepción": ("Inmaculada Concepción", LEY_51),
    "Navidad": ("Navidad", LEY_51),
}


def festivos_por_regla(desde_anio: int, hasta_anio: int) -> tuple[Festivo, ...]:
    """Every holiday of these years, moved to Monday where the law moves it; two rows when two share a date."""
    return tuple(sorted(_por_regla(desde_anio, hasta_anio)))


def _por_regla(desde_anio: int, hasta_anio: int) -> Iterator[Festivo]:
    import holidays  # noqa: PLC0415  (only whoever fills years needs it)

    lista = holidays.country_holidays("CO", years=range(desde_anio, hasta_anio + 1), language="es")
    for dia in lista:
        for nombre in lista.get_list(dia):
            base = nombre.removesuffix(" (observado)")
            yield Festivo(dia, *NOMBRES.get(base, (base, "")))


def festivos_guardados(ruta: Path = ARCHIVO) -> tuple[Festivo, ...]:
    """The list the portal is born with (`datos/festivos_2020_2040.csv`)."""
    with ruta.open(encoding="utf-8", newline="") as archivo:
        return tuple(
            Festivo(date.fromisoformat(fila["fecha"]), fila["nombre"], fila["norma"])
            for fila in csv.DictReader(archivo)
        )
