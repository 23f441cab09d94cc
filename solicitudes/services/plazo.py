"""The term of a solicitud: 10 business days from its reception (lineamiento §5, attribute «oportuna»)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from plazos.services import Reglas, plazo_para_trasladar, plazo_vigente, reglas_vigentes
from plazos.terminos import DIAS_DEL_LINEAMIENTO, Plazo, calcular_plazo


def plazo_de_solicitud(recibido_en: datetime, dependencia_codigo: str = "") -> Plazo:
    """The term that counts from `recibido_en` with the office hours in force that day."""
    return plazo_vigente(recibido_en, DIAS_DEL_LINEAMIENTO, dependencia_codigo=dependencia_codigo)


def limite_para_trasladar(recibido_en: datetime) -> date:
    """Last day to transfer: 5 business days from the reception (Ley 1755 de 2015, art. 21)."""
    return plazo_para_trasladar(recibido_en).vence


# Those that were computed last, by days and by the dependencia that has hours of its own: what arrives the same day,
# on the same side of closing time, has the same term.
DelDia = dict[tuple[int, str], tuple[Plazo, dict[str, Any]]]
_del_dia: tuple[UUID | None, DelDia] = (None, {})


def plazo_y_regla(
    recibido_en: datetime,
    dias: int = DIAS_DEL_LINEAMIENTO,
    dependencia_codigo: str = "",
    reglas: Reglas | None = None,
) -> tuple[Plazo, dict[str, Any]]:
    """The term and what is kept of it, written again only where they name the instant. `reglas`: those in force, for
    whoever read them already."""
    global _del_dia  # noqa: PLW0603 the rules that are in force now, and what was worked out with them
    reglas = reglas or reglas_vigentes()
    if _del_dia[0] != reglas.clave:
        _del_dia = (reglas.clave, {})
    propio = any(horario.dependencia_codigo == dependencia_codigo for horario in reglas.horarios)
    clave = (dias, dependencia_codigo if propio else "")
    guardado = _del_dia[1].get(clave)
    if guardado is not None:
        plazo = guardado[0].para(recibido_en)
        if plazo is not None:
            return plazo, con_su_instante(guardado[1], plazo)
    plazo = calcular_plazo(
        recibido_en, dias, reglas.calendario, reglas.horarios, dependencia_codigo=dependencia_codigo
    )
    regla = regla_usada(plazo)
    _del_dia[1][clave] = (plazo, regla)
    return plazo, regla


def regla_usada(plazo: Plazo) -> dict[str, Any]:
    """What the solicitud keeps of the rule: what its days are counted again with, and the sentences that explain it,
    as they were said that day."""
    return {**plazo.como_regla(), "frases": list(plazo.frases())}


def sin_frases(regla: dict[str, Any]) -> dict[str, Any]:
    """What a clock keeps: its sentences are said again from the rest."""
    return {clave: valor for clave, valor in regla.items() if clave != "frases"}


def con_su_instante(regla: dict[str, Any], plazo: Plazo) -> dict[str, Any]:
    frases = [plazo.frase_de_recepcion(), *regla["frases"][1:]]
    return {**regla, "recibido": plazo.recibido.isoformat(), "frases": frases}
