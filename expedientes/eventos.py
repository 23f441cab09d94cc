"""What people are told of the copies they asked for."""

from avisos.eventos import Evento, registrar_evento
from expedientes.services.copias import carta_de_la_copia

registrar_evento(
    Evento(
        "expedientes.copia",
        "La copia de un expediente está lista o no se pudo hacer",
        "Exportaciones e importaciones",
        lambda: carta_de_la_copia("AT-2026-000123", "EXP-2026-000123", "/expedientes/1/copias/1/"),
    )
)
