"""The term of a solicitud: 10 business days from its reception (lineamiento §5, attribute «oportuna»)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from plazos.services import plazo_vigente, reglas_vigentes
from plazos.terminos import DIAS_DEL_LINEAMIENTO, Plazo

DIAS_PARA_TRASLADAR = 5  # Ley 1755 de 2015, art. 21


def plazo_de_solicitud(recibido_en: datetime, dependencia_codigo: str = "") -> Plazo:
    """The term that counts from `recibido_en` with the office hours in force that day."""
    return plazo_vigente(recibido_en, DIAS_DEL_LINEAMIENTO, dependencia_codigo=dependencia_codigo)


def limite_para_trasladar(recibido_en: datetime) -> date:
    """Last day to transfer: 5 business days from the reception (Ley 1755 de 2015, art. 21)."""
    return plazo_vigente(recibido_en, DIAS_PARA_TRASLADAR).vence


# The last one that was computed: what arrives the same day, on the same side of closing time, has the same term.
_del_dia: tuple[UUID, Plazo, dict[str, Any]] | None = None


def plazo_y_regla(recibido_en: datetime) -> tuple[Plazo, dict[str, Any]]:
    """The term and what is kept of it, written again only where they name the instant."""
    global _del_dia  # noqa: PLW0603 one immutable value per process, replaced whole
    clave, guardado = reglas_vigentes().clave, _del_dia
    if guardado is not None and guardado[0] == clave:
        plazo = guardado[1].para(recibido_en)
        if plazo is not None:
            return plazo, _con_su_instante(guardado[2], plazo)
    plazo = plazo_de_solicitud(recibido_en)
    regla = regla_usada(plazo)
    _del_dia = (clave, plazo, regla)
    return plazo, regla


def regla_usada(plazo: Plazo) -> dict[str, Any]:
    """What the solicitud keeps of the rule: the computed facts and the sentences that explain them."""
    return {**plazo.como_dict(), "frases": list(plazo.frases())}


def _con_su_instante(regla: dict[str, Any], plazo: Plazo) -> dict[str, Any]:
    frases = [plazo.frase_de_recepcion(), *regla["frases"][1:]]
    return {**regla, "recibido": plazo.recibido.isoformat(), "frases": frases}
