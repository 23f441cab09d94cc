"""What people are told of the board."""

from avisos.carta import Carta
from avisos.eventos import Evento, registrar_evento


def _muestra() -> Carta:
    return Carta(
        asunto="Informe de noviembre de 2026: Sistema de Archivos",
        que_paso="Solicitudes recibidas en noviembre de 2026: 84. Respondidas: 80, 78 a tiempo y 2 tarde.",
        que_hacer="El informe completo va en el PDF adjunto. Para no recibirlo más, apáguelo al final del tablero.",
        boton="Ver el tablero",
        ruta="/tablero/",
    )


registrar_evento(
    # With its PDF: it does not fit in a mail with others, and has its own switch.
    Evento("tableros.informe", "El informe del mes", "Informes", _muestra, resumible=False, para=frozenset())
)
