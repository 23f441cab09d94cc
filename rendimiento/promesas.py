"""What was promised (design: performance.md), and whether a run kept it. Pure: numbers in, verdicts out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Resultado = dict[str, Any]
NO_EXISTE = "no existe todavía"
SIN_MEDIR = "sin medir"
A_MEDIAS = "se midió menos de lo prometido"


@dataclass(frozen=True, slots=True)
class Limite:
    """One thing promised of an operation: `clave` of its result, at most or at least `valor`.

    `con`: of how much it is promised (`clave` of the result, and how many at least). With less, it can fail and not be
    kept.
    """

    clave: str
    valor: float
    texto: str
    al_menos: bool = False
    con: tuple[str, float] | None = None

    def cumple(self, resultado: Mapping[str, Any]) -> bool | None:
        """None when this run could not tell (only one size, a shorter run)."""
        medido = resultado.get(self.clave)
        if medido is None:
            return None
        if not (medido >= self.valor if self.al_menos else medido <= self.valor):
            return False
        return None if self.con and resultado.get(self.con[0], 0) < self.con[1] else True


def _f(valor: float) -> Limite:
    return Limite("f", valor, f"≤ {valor:g} F")


def _crece(valor: float) -> Limite:
    return Limite("crecimiento", valor, f"crece ≤ {valor:.2f}")


def _sql(valor: int) -> Limite:
    return Limite("sql", valor, f"≤ {valor} consultas")


@dataclass(frozen=True, slots=True)
class Promesa:
    nombre: str
    que: str
    limites: tuple[Limite, ...]
    mejor_par: str = ""  # the best of today's systems, in F
    extra: dict[str, str] = field(default_factory=dict)

    def cumple(self, resultado: Mapping[str, Any]) -> bool | None:
        """False when one limit fails; None when nothing could be judged."""
        if resultado.get("estado"):
            return None
        if resultado.get("falla"):
            return False
        dictamenes = [limite.cumple(resultado) for limite in self.limites]
        if False in dictamenes:
            return False
        return True if True in dictamenes and not self.a_medias(resultado) else None

    def a_medias(self, resultado: Mapping[str, Any]) -> bool:
        """Something was measured of less than was promised: what it gives is not the promise kept."""
        return any(limite.clave in resultado and limite.cumple(resultado) is None for limite in self.limites)

    def fallas(self, resultado: Mapping[str, Any]) -> list[str]:
        return (
            [str(resultado["falla"])]
            if resultado.get("falla")
            else [
                f"{limite.texto}: {numero(resultado[limite.clave])}"
                for limite in self.limites
                if limite.cumple(resultado) is False
            ]
        )


PROMESAS: dict[str, Promesa] = {
    p.nombre: p
    for p in (
        Promesa("cola", "Cola del asesor, páginas 1 y 200 con filtros",
                (_f(1.5), Limite("por_segundo", 80, "≥ 80/s con 8 clientes", al_menos=True),
                 _crece(1.10), _sql(8)), "9.6"),
        Promesa("cola_304", "Sondeo de la cola sin novedades", (_f(0.4), _crece(1.05), _sql(3))),
        Promesa("mis_solicitudes", "Lista de la entidad", (_f(1.6), _crece(1.10), _sql(8))),
        Promesa("detalle", "Solicitud con 20 hechos y 5 archivos", (_f(2.0), _crece(1.05), _sql(12)), "5.7"),
        Promesa("radicar", "Último paso: número, historia, bitácora", (_f(1.8), _crece(1.05), _sql(25)), "2.2"),
        Promesa("radicar_concurrente", "Radicar con 16 clientes",
                (Limite("razon", 0.5, "≥ 0.5 × la radicación del piso", al_menos=True),)),
        Promesa("tomar", "«Atender la siguiente», 16 asesores a la vez",
                (Limite("razon", 0.3, "≥ 0.3 × la misma toma en SQL", al_menos=True),
                 Limite("inversiones", 0, "0 inversiones"), _crece(1.1))),
        Promesa("buscar", "Registro por texto y filtros; banco de conceptos", (_f(2.2), _crece(1.5), _sql(8)), "34"),
        Promesa("tablero", "Cifras exactas por dirección y meses", (_f(2.0), _crece(1.3), _sql(12)), "8.2"),
        Promesa("exportar", "CSV de todo y XLSX de 100 mil filas",
                (Limite("csv_s", 8, "CSV de 1 M ≤ 8 s", con=("csv_filas", 1_000_000)),
                 Limite("xlsx_s", 12, "XLSX de 100 mil ≤ 12 s", con=("xlsx_filas", 100_000)),
                 Limite("memoria_mb", 50, "≤ 50 MB más", con=("csv_filas", 1_000_000))), "6,000 filas"),
        Promesa("barrido", "Plazos de 30 mil abiertas, con todos los avisos",
                (Limite("segundos", 5, "≤ 5 s", con=("abiertas", 30_000)),)),
        Promesa("reflujo", "Cambio de calendario con 10 mil abiertas",
                (Limite("s_por_diez_mil", 10, "≤ 10 s por cada 10 mil", con=("abiertas", 10_000)),)),
        Promesa("pdf", "Concepto de 3 páginas, hecho y firmado",
                (Limite("segundos", 1.0, "≤ 1 s"), Limite("por_segundo", 2, "≥ 2/s entre dos", al_menos=True),
                 Limite("memoria_mb", 50, "≤ 50 MB más tras 2,000 seguidos", con=("documentos", 2_000)))),
        Promesa("pagina", "Primera visita, comprimida",
                (Limite("kb", 65, "≤ 65 kB"), Limite("peticiones", 9, "≤ 9 peticiones")), "47.8 kB sin letra propia"),
        Promesa("mezcla", "300 personas durante 10 minutos",
                (Limite("por_segundo", 60, "≥ 60/s", al_menos=True), Limite("p95_ms", 400, "p95 ≤ 400 ms"),
                 Limite("p99_ms", 1_000, "p99 ≤ 1 s"), Limite("errores", 0, "0 errores", con=("minutos", 10)))),
        Promesa("clasificador", "De qué trata un texto que nunca había visto",
                (Limite("direccion", 0.90, "dirección ≥ 0.90", al_menos=True),
                 Limite("asunto_3", 0.80, "su asunto entre 3 temas ≥ 0.80", al_menos=True),
                 Limite("erradas", 0.02, "≤ 2 % de las seguras, erradas"), Limite("ms", 10, "≤ 10 ms"))),
        Promesa("correo", "Mil correos de 1 kB a 2 MB, del libro a la cola",
                (Limite("por_segundo", 20, "≥ 20/s", al_menos=True), Limite("inversiones", 0, "0 inversiones"))),
        Promesa("memoria", "Memoria de cada proceso web", (Limite("mb", 150, "≤ 150 MB"),), "134 MB"),
    )
}  # fmt: skip
COLUMNAS = ("f", "p50_ms", "p95_ms", "sql", "crecimiento", "segundos")


def juzgar(medidos: Mapping[str, Resultado]) -> dict[str, Resultado]:
    """Each result with every column of the report and `cumple` (True, False or None)."""
    return {
        nombre: dict.fromkeys(COLUMNAS) | resultado | {"cumple": PROMESAS[nombre].cumple(resultado)}
        for nombre, resultado in medidos.items()
    }


def codigo_de_salida(juzgados: Mapping[str, Resultado]) -> int:
    """1 when a promise failed. What could not be judged fails nothing: the table says so."""
    return int(any(resultado["cumple"] is False for resultado in juzgados.values()))


def tabla(juzgados: Mapping[str, Resultado]) -> str:
    """The table of performance.md with what this run measured, in Markdown."""
    lineas = [
        "| operación | promesa | F | p50 ms | p95 ms | consultas | crecimiento | s | otros | cumple |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for nombre, resultado in juzgados.items():
        promesa = PROMESAS[nombre]
        limites = "; ".join(limite.texto for limite in promesa.limites)
        numeros = " | ".join(numero(resultado[columna]) for columna in COLUMNAS)
        final = f"{numeros} | {_otros(resultado)} | {_veredicto(resultado, promesa)}"
        lineas.append(f"| `{nombre}` {promesa.que} | {limites} | {final} |")
    return "\n".join(lineas)


def _otros(resultado: Resultado) -> str:
    propias = {*COLUMNAS, "cumple", "estado", "falla", "variantes"}
    return ", ".join(f"{clave} {numero(valor)}" for clave, valor in resultado.items() if clave not in propias)


def _veredicto(resultado: Resultado, promesa: Promesa) -> str:
    if resultado["cumple"] is None:
        return resultado.get("estado") or (A_MEDIAS if promesa.a_medias(resultado) else SIN_MEDIR)
    return "sí" if resultado["cumple"] else f"**no** ({'; '.join(promesa.fallas(resultado))})"


def numero(valor: Any) -> str:
    if valor is None:
        return "–"
    if isinstance(valor, float):
        return f"{valor:.2f}" if abs(valor) < 100 else f"{valor:.0f}"
    return str(valor)
