"""The term of a solicitud: 10 business days from its reception (lineamiento §5, attribute «oportuna»)."""

from datetime import date, datetime
from typing import Any

from plazos.services import plazo_vigente
from plazos.terminos import Plazo

DIAS_LINEAMIENTO = 10
DIAS_PARA_TRASLADAR = 5  # Ley 1755 de 2015, art. 21


def plazo_de_solicitud(recibido_en: datetime, dependencia_codigo: str = "") -> Plazo:
    """The term that counts from `recibido_en` with the office hours in force that day."""
    return plazo_vigente(recibido_en, DIAS_LINEAMIENTO, dependencia_codigo=dependencia_codigo)


def limite_para_trasladar(recibido_en: datetime) -> date:
    """Last day to transfer: 5 business days from the reception (Ley 1755 de 2015, art. 21)."""
    return plazo_vigente(recibido_en, DIAS_PARA_TRASLADAR).vence


def regla_usada(plazo: Plazo) -> dict[str, Any]:
    """What the solicitud keeps of the rule: the computed facts and the sentences that explain them."""
    return {**plazo.como_dict(), "frases": list(plazo.frases())}
