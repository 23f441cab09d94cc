"""What people are told of the exports they asked for."""

from avisos.eventos import Evento, registrar_evento
from exportaciones.services import carta_de_exportacion

registrar_evento(
    Evento(
        "exportaciones.terminada",
        "Una exportación está lista o no se pudo hacer",
        "Exportaciones e importaciones",
        lambda: carta_de_exportacion("Excel (XLSX)", "está lista", "Descárguela en los próximos 7 días."),
    )
)
