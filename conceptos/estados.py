"""States of a concepto and the ONE transition table (lineamiento §6.3, §7.1.2 I; domain.md §2.3)."""

from dataclasses import dataclass

from django.db.models import TextChoices

from direcciones.roles import ATIENDEN, JEFES, Rol


class EstadoConcepto(TextChoices):
    EN_PROYECCION = "en_proyeccion", "En proyección"
    EN_REVISION = "en_revision", "En revisión"
    DEVUELTO = "devuelto", "Devuelto con observaciones"
    PARA_FIRMA = "para_firma", "Para firma"
    FIRMADO = "firmado", "Firmado"
    NOTIFICADO = "notificado", "Enviado"
    SUSTITUIDO = "sustituido", "Sustituido"
    ANULADO = "anulado", "Anulado"


class Audiencia(TextChoices):
    """Who finds it in the bank; the director decides when signing."""

    PUBLICO = "publico", "Público"
    SDA = "sda", "Integrantes del Sistema Distrital de Archivos"
    ENTIDADES = "entidades", "Entidades del Distrito"
    RESERVADO = "reservado", "Reservado: solo la entidad que lo pidió"


E = EstadoConcepto
EDITABLES = frozenset({E.EN_PROYECCION, E.DEVUELTO})
ENTREGADOS = frozenset({E.NOTIFICADO, E.SUSTITUIDO, E.ANULADO})
CON_FIRMA = frozenset({E.FIRMADO}) | ENTREGADOS


@dataclass(frozen=True, slots=True)
class TransicionConcepto:
    """One row of the table. `ni_el_autor`: nobody judges what they wrote (security.md G09)."""

    accion: str
    boton: str
    desde: frozenset[EstadoConcepto]
    hacia: EstadoConcepto
    roles: frozenset[str]
    exige_motivo: bool = False
    ni_el_autor: bool = False
    historia: str = ""


def _t(accion: str, boton: str, desde: set[E], hacia: E, roles: frozenset[str], **resto: object) -> TransicionConcepto:
    return TransicionConcepto(accion, boton, frozenset(desde), hacia, roles, **resto)  # type: ignore[arg-type]


_REVISAN = JEFES | {Rol.REVISOR}
TRANSICIONES: dict[str, TransicionConcepto] = {
    t.accion: t
    for t in (
        _t(
            "enviar_a_revision",
            "Enviar a revisión",
            set(EDITABLES),
            E.EN_REVISION,
            ATIENDEN,
            historia="Envió a revisión el concepto {numero}",
        ),
        # Only where the dependencia asks for no review by somebody else.
        _t(
            "enviar_a_firma",
            "Enviar a firma",
            set(EDITABLES),
            E.PARA_FIRMA,
            ATIENDEN,
            historia="Envió a firma el concepto {numero}",
        ),
        _t(
            "retomar",
            "Retomar el borrador",
            {E.EN_REVISION, E.PARA_FIRMA},
            E.EN_PROYECCION,
            ATIENDEN,
            historia="Retomó el borrador del concepto {numero}",
        ),
        _t(
            "aprobar",
            "Aprobar para firma",
            {E.EN_REVISION},
            E.PARA_FIRMA,
            _REVISAN,
            ni_el_autor=True,
            historia="Revisó y aprobó el concepto {numero}",
        ),
        _t(
            "devolver",
            "Devolver con observaciones",
            {E.EN_REVISION, E.PARA_FIRMA},
            E.DEVUELTO,
            _REVISAN,
            exige_motivo=True,
            ni_el_autor=True,
            historia="Devolvió el concepto {numero} con observaciones",
        ),
        _t("firmar", "Firmar y enviar", {E.PARA_FIRMA}, E.FIRMADO, JEFES, historia="Firmó el concepto {numero}"),
        _t(
            "notificar",
            "Enviar",
            {E.FIRMADO},
            E.NOTIFICADO,
            frozenset({"sistema"}),
            historia="Se envió a la entidad el concepto {numero} firmado",
        ),
        _t(
            "sustituir",
            "Sustituir por otro",
            {E.NOTIFICADO},
            E.SUSTITUIDO,
            JEFES,
            exige_motivo=True,
            historia="Sustituyó el concepto {numero}",
        ),
        _t(
            "anular",
            "Anular",
            {E.FIRMADO, E.NOTIFICADO, E.SUSTITUIDO},
            E.ANULADO,
            JEFES,
            exige_motivo=True,
            historia="Anuló el concepto {numero}",
        ),
    )
}
# Moves the entity sees in the history of its solicitud; the others are deliberation.
VISIBLES = frozenset({"notificar", "sustituir", "anular"})
