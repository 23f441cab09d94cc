"""Every figure of the board in one place: its words, how it is read from the kept sums, and where its rows are.

The list a figure links to shows exactly the rows that make it, for the same person and with the same filters; its
count equals the figure to the unit. An average links to the answers it is made of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

from django.urls import reverse

from tableros.lectura import Sumas
from tableros.periodos import Periodo

META_CUMPLIMIENTO = 95  # % (interface.md W6)


class Formato(StrEnum):
    ENTERO = "entero"
    PORCENTAJE = "porcentaje"
    PROMEDIO = "promedio"
    TEXTO = "texto"


LISTAS = {"registro": "atencion:registro", "orden": "tableros:orden", "encuestas": "encuestas:resultados"}


@dataclass(frozen=True)
class Corte:
    """What one looks at: whose dependencias, which sector, when. `dependencias` None: all that one may see.

    `direccion` and `dependencia` are codes, as the register's own filters. `reservadas` False: oversight, who counts
    no reserved ones because the register shows them none (only the auditor and the heads of each dependencia).
    """

    periodo: Periodo
    hoy: date
    dependencias: tuple[int, ...] | None = None
    direccion: str = ""
    dependencia: str = ""
    sector: int | None = None
    reservadas: bool = True
    bases: dict[Any, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def semana(self) -> date:
        """The Sunday that ends this week."""
        return self.hoy + timedelta(days=6 - self.hoy.weekday())

    def en(self, **cambios: Any) -> Self:
        """The same, narrower: one month, one dependencia."""
        return replace(self, **cambios)

    def url(self, lista: str, **filtros: Any) -> str:
        """The list `lista` with the filters of the board and these ones (numbers, dates and codes)."""
        base = self.bases.get(lista)
        if base is None:
            base = self.bases[lista] = f"{_direccion(lista)}?{urlencode(self._comunes(lista))}"
        return base + "".join(f"&{nombre}={valor}" for nombre, valor in filtros.items())

    def _comunes(self, lista: str) -> dict[str, Any]:
        propios = {"registro": {"contar": "si"}}.get(lista, {})
        comunes = {
            "direccion": self.direccion,
            "dependencia": self.dependencia,
            "sector": self.sector,
            "reservada": "" if self.reservadas else "no",
        }
        return {**propios, **{nombre: valor for nombre, valor in comunes.items() if valor}}


@cache
def _direccion(lista: str) -> str:
    return reverse(LISTAS[lista])


Filtros = Callable[[Corte], Mapping[str, Any]]


@dataclass(frozen=True)
class Cifra:
    """`bueno` 1: more is better; −1: less is; 0: neither. `leer` None: there is nothing to divide by."""

    clave: str
    texto: str
    leer: Callable[[Sumas], float | None]
    filtros: Filtros
    lista: str = "registro"
    formato: Formato = Formato.ENTERO
    bueno: int = 0
    nota: str = ""

    def url(self, corte: Corte, **mas: Any) -> str:
        """The same for every row of a table but `mas`: written once for each corte."""
        base = corte.bases.get((self.clave,))
        if base is None:
            base = corte.bases[self.clave,] = corte.url(self.lista, **self.filtros(corte))
        return base + "".join([f"&{nombre}={valor}" for nombre, valor in mas.items()]) if mas else base


def _suma(medida: str) -> Callable[[Sumas], float]:
    return lambda sumas: sumas.get(medida, 0)


def _razon(parte: Callable[[Sumas], float], todo: str, por: int = 1) -> Callable[[Sumas], float | None]:
    return lambda sumas: por * parte(sumas) / sumas[todo] if sumas.get(todo) else None


def _fechas(nombre: str, **fijos: str) -> Filtros:
    """`nombre`_desde and `nombre`_hasta: the days of the period."""
    desde, hasta = (f"{nombre}_desde", f"{nombre}_hasta") if nombre else ("desde", "hasta")
    return lambda c: {**fijos, desde: c.periodo.primero, hasta: c.periodo.hasta}


_ahora: Callable[..., Filtros] = lambda **fijos: lambda c: fijos  # noqa: E731
_entero, _porcentaje, _promedio = Formato.ENTERO, Formato.PORCENTAJE, Formato.PROMEDIO

# --- Now: what is open, whatever the period -----------------------------------------------------------------------
VENCIDAS = Cifra("vencidas", "Vencidas sin responder", _suma("vencidas"), _ahora(cumplimiento="vencida"), bueno=-1)
POR_VENCER = Cifra(
    "por_vencer", "Vencen esta semana", _suma("por_vencer"),
    lambda c: {"estado": "abierta", "vence_desde": c.hoy, "vence_hasta": c.semana},
)  # fmt: skip
SIN_ASIGNAR = Cifra("sin_asignar", "Sin asignar", _suma("en_cola"), _ahora(estado="en_cola"))
ESPERANDO = Cifra("esperando", "Esperando a la entidad", _suma("esperando"), _ahora(estado="en_complemento"))
ABIERTAS = Cifra("abiertas", "Abiertas", _suma("abiertas"), _ahora(estado="abierta"))

# --- In the period: each by the day of its own fact ---------------------------------------------------------------
RECIBIDAS = Cifra("recibidas", "Recibidas", _suma("recibidas"), _fechas(""))
ATENDIDAS = Cifra("atendidas", "Respondidas", _suma("atendidas"), _fechas("atendida", estado="atendida"), bueno=1)
A_TIEMPO = Cifra("a_tiempo", "A tiempo", _suma("a_tiempo"), _fechas("atendida", cumplimiento="a_tiempo"), bueno=1)
TARDE = Cifra(
    "tarde", "Tarde", lambda s: s.get("atendidas", 0) - s.get("a_tiempo", 0),
    _fechas("atendida", cumplimiento="tarde"), bueno=-1,
)  # fmt: skip
CUMPLIMIENTO = Cifra(
    "cumplimiento", "Cumplimiento del plazo", _razon(_suma("a_tiempo"), "atendidas", 100), ATENDIDAS.filtros,
    formato=_porcentaje, bueno=1, nota=f"Meta: {META_CUMPLIMIENTO} %",
)  # fmt: skip
TRASLADADAS = Cifra(
    "trasladadas", "Trasladadas a otra entidad", _suma("trasladadas"), _fechas("cerrada", estado="trasladada")
)
DUPLICADAS = Cifra("duplicadas", "Duplicadas", _suma("duplicadas"), _fechas("cerrada", estado="duplicada"))
NO_COMPETENCIA = Cifra(
    "no_competencia", "Fuera de competencia", _suma("no_competencia"), _fechas("cerrada", estado="no_competencia")
)
RETIRADAS = Cifra("retiradas", "Retiradas por la entidad", _suma("retiradas"), _fechas("cerrada", estado="retirada"))

# --- Order of arrival (R20): of each start, whether an older one waited in the same tray -----------------------------
INICIOS = Cifra("inicios", "Asignadas o empezadas", _suma("inicios"), _fechas("", cuales="todas"), "orden")
ADELANTADAS = Cifra("adelantadas", "Fuera de orden", _suma("adelantadas"), _fechas(""), "orden", bueno=-1)
CON_MOTIVO = Cifra(
    "con_motivo", "Fuera de orden, con motivo", _suma("con_motivo"), _fechas("", cuales="con_motivo"), "orden"
)
SIN_MOTIVO = Cifra(
    "sin_motivo", "Fuera de orden, sin motivo", lambda s: s.get("adelantadas", 0) - s.get("con_motivo", 0),
    _fechas("", cuales="sin_motivo"), "orden", bueno=-1,
)  # fmt: skip
ORDEN = Cifra(
    "orden", "En orden de llegada", _razon(lambda s: s.get("inicios", 0) - s.get("adelantadas", 0), "inicios", 100),
    ADELANTADAS.filtros, "orden", _porcentaje, bueno=1,
)  # fmt: skip

# --- Satisfaction (R97, R98): of the surveys sent in the period, about what the dependencia led ----------------------
ENCUESTAS = Cifra("encuestas", "Encuestas enviadas", _suma("encuestas"), _fechas(""), "encuestas")
RESPONDIDAS = Cifra(
    "respondidas", "Encuestas contestadas", _suma("respondidas"), _fechas("", cuales="contestadas"), "encuestas",
    bueno=1,
)  # fmt: skip
RESPUESTA = Cifra(
    "respuesta", "Contestan la encuesta", _razon(_suma("respondidas"), "encuestas", 100), ENCUESTAS.filtros,
    "encuestas", _porcentaje, bueno=1,
)  # fmt: skip
OPORTUNIDAD, PERTINENCIA, CALIDAD = (
    Cifra(
        medida, texto, _razon(_suma(medida), "respondidas"), RESPONDIDAS.filtros, "encuestas", _promedio, bueno=1,
        nota="de 5",
    )
    for medida, texto in (("oportunidad", "Oportunidad"), ("pertinencia", "Pertinencia"), ("calidad", "Calidad"))
)  # fmt: skip

DE_HOY = (VENCIDAS, POR_VENCER, SIN_ASIGNAR, ESPERANDO, ABIERTAS)
DEL_PERIODO = (
    CUMPLIMIENTO, RECIBIDAS, ATENDIDAS, A_TIEMPO, TARDE, TRASLADADAS, DUPLICADAS, NO_COMPETENCIA, RETIRADAS, ORDEN,
    INICIOS, ADELANTADAS, CON_MOTIVO, SIN_MOTIVO, RESPUESTA, ENCUESTAS, RESPONDIDAS, OPORTUNIDAD, PERTINENCIA, CALIDAD,
)  # fmt: skip

# Business days since the reception, both ends included; the last one has no end.
EDADES = ((0, 5), (6, 10), (11, 20), (21, None))


def texto_de(numero: float | str | None, formato: Formato = Formato.ENTERO) -> str:
    """«1.234», «95,6 %», «4,5»; «—» when there is nothing to divide by."""
    if isinstance(numero, str):
        return numero
    if numero is None:
        return "—"
    if formato is Formato.ENTERO:
        return f"{numero:,.0f}".replace(",", ".")
    return f"{numero:.1f}".replace(".", ",") + (" %" if formato is Formato.PORCENTAJE else "")
