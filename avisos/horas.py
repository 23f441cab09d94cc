"""What waits for business hours and what does not: the class of each event says it."""

from datetime import datetime

from avisos.eventos import Clase, clase_de
from bandeja.services import Aplazada
from plazos.escritura import cuando_escribir
from plazos.reloj import ahora


def no_antes(evento: str) -> datetime | None:
    """The hour that a mail of this event must wait for, if any. One that no room declares leaves now: it could be
    legal."""
    if clase_de(evento) is not Clase.NORMAL:
        return None
    instante = ahora()
    hora = cuando_escribir(instante)
    return hora if hora > instante else None


def a_su_hora(evento: str) -> None:
    """For whoever hands it over, also when a retry falls at night: Aplazada unless it may leave now."""
    hasta = no_antes(evento)
    if hasta is not None:
        raise Aplazada(hasta)
