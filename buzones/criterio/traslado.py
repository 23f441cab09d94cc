"""Until when a petition that the SDFI does not attend may be sent to who does."""

from datetime import date

from plazos.calendario import Calendario
from plazos.terminos import DIAS_PARA_TRASLADAR


def limite_para_trasladar(fecha_efectiva: date, calendario: Calendario) -> date:
    """The fifth business day after the one on which it counts as received (Ley 1755 de 2015, art. 21)."""
    return calendario.sumar_habiles(fecha_efectiva, DIAS_PARA_TRASLADAR)
