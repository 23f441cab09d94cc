"""Who may do what with a concepto. Pure predicates over its columns and the open alcance."""

from typing import Protocol

from alcance import Alcance
from conceptos.estados import EDITABLES
from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, JEFES, Rol


class ConDueno(Protocol):
    estado: str
    dependencia_id: int
    autor_id: int


def es_de_su_dependencia(concepto: ConDueno, alcance: Alcance) -> bool:
    """Somebody who works where the concepto is written: seeing the solicitud is not enough."""
    return alcance.rol in DE_DEPENDENCIA and concepto.dependencia_id in alcance.dependencias


def dirige(concepto: ConDueno, alcance: Alcance) -> bool:
    return alcance.rol in JEFES and concepto.dependencia_id in alcance.jefaturas


def puede_escribir(concepto: ConDueno, alcance: Alcance, responsable_id: int | None) -> bool:
    """While it is editable: whoever attends the parte, whoever started the text, and the head."""
    return (
        concepto.estado in EDITABLES
        and alcance.rol in ATIENDEN
        and es_de_su_dependencia(concepto, alcance)
        and (alcance.persona_id in {concepto.autor_id, responsable_id} or dirige(concepto, alcance))
    )


def puede_revisar(concepto: ConDueno, alcance: Alcance, autores: set[int]) -> bool:
    """Revisor or head of the dependencia who wrote no version of it (ASVS 2.3.5, security.md G09)."""
    revisa = alcance.rol in JEFES or alcance.rol == Rol.REVISOR
    return revisa and es_de_su_dependencia(concepto, alcance) and alcance.persona_id not in autores
