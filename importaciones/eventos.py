"""What people are told of the imports they confirmed."""

from avisos.eventos import Evento, registrar_evento
from importaciones.services.importar import carta_del_final

registrar_evento(
    Evento(
        "importaciones.terminada",
        "Terminó una importación",
        "Exportaciones e importaciones",
        lambda: carta_del_final("registro 2025.xlsx", 1, 118, 2),
    )
)
