"""Who may do what with a concepto: predicates over its columns, its parte and the open alcance."""

from typing import Protocol

from alcance import Alcance
from conceptos.estados import EDITABLES
from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, JEFES, Rol
from solicitudes.models import Parte
from solicitudes.services.transiciones import responde_hoy


class ConDueno(Protocol):
    estado: str
    dependencia_id: int
    autor_id: int
    parte: Parte


def es_de_su_dependencia(concepto: ConDueno, alcance: Alcance) -> bool:
    """Somebody who works where the concepto is written: seeing the solicitud is not enough."""
    return alcance.rol in DE_DEPENDENCIA and concepto.dependencia_id in alcance.dependencias


def dirige(concepto: ConDueno, alcance: Alcance) -> bool:
    return alcance.rol in JEFES and concepto.dependencia_id in alcance.jefaturas


def puede_escribir(concepto: ConDueno, alcance: Alcance) -> bool:
    """While it is editable: whoever attends the parte or covers them, whoever started the text, and the head."""
    return (
        concepto.estado in EDITABLES
        and alcance.rol in ATIENDEN
        and es_de_su_dependencia(concepto, alcance)
        and (dirige(concepto, alcance) or es_suyo(concepto, alcance))
    )


def es_suyo(concepto: ConDueno, alcance: Alcance) -> bool:
    propio = alcance.persona_id in {concepto.autor_id, concepto.parte.asesor_id}
    return propio or responde_hoy(concepto.parte, alcance)


def puede_revisar(concepto: ConDueno, alcance: Alcance, autores: set[int]) -> bool:
    """Revisor or head of the dependencia who wrote no version of it (ASVS 2.3.5, security.md G09)."""
    revisa = alcance.rol in JEFES or alcance.rol == Rol.REVISOR
    return revisa and es_de_su_dependencia(concepto, alcance) and alcance.persona_id not in autores
