"""States of an export and the ONE transition table."""

from dataclasses import dataclass

from django.db.models import TextChoices


class EstadoExportacion(TextChoices):
    PEDIDA = "pedida", "En espera"
    EN_CURSO = "en_curso", "En preparación"
    LISTA = "lista", "Lista"
    CANCELADA = "cancelada", "Cancelada"
    FALLIDA = "fallida", "No se pudo hacer"
    VENCIDA = "vencida", "Vencida"


class Formato(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"
    ODS = "ods", "OpenDocument (ODS)"


E = EstadoExportacion
ACTIVAS = frozenset({E.PEDIDA, E.EN_CURSO})


@dataclass(frozen=True, slots=True)
class Transicion:
    accion: str
    desde: frozenset[EstadoExportacion]
    hacia: EstadoExportacion


TRANSICIONES: dict[str, Transicion] = {
    t.accion: t
    for t in (
        # A worker that died leaves it `en_curso`: the next one begins it again.
        Transicion("empezar", ACTIVAS, E.EN_CURSO),
        Transicion("terminar", frozenset({E.EN_CURSO}), E.LISTA),
        Transicion("cancelar", ACTIVAS, E.CANCELADA),
        Transicion("fallar", ACTIVAS, E.FALLIDA),
        Transicion("vencer", frozenset({E.LISTA}), E.VENCIDA),
    )
}
