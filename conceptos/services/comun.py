"""The only writer of a concepto's `estado`: checks the table, writes under lock, leaves every trace."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from alcance import Alcance, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from conceptos.estados import TRANSICIONES, VISIBLES, EstadoConcepto, TransicionConcepto
from conceptos.models import Concepto, Version
from conceptos.permisos import dirige, es_de_su_dependencia, es_suyo, puede_escribir, puede_revisar
from plazos.reloj import ahora
from solicitudes.models import Movimiento


class NoSePuede(ValidationError):
    """It is not possible now. The message says why and what to do."""


def quien_actua() -> int:
    """The person of the open alcance. Raises NoSePuede when nobody signed in."""
    persona_id = exigir().persona_id
    if persona_id is None:
        raise NoSePuede("Entre con su cuenta para hacerlo.")
    return persona_id


def bloquear(concepto: Concepto) -> Concepto:
    """The row as it is now, locked until the end of the transaction."""
    return Concepto.objects.bajo_cerrojo().select_related("solicitud", "parte").get(pk=concepto.pk)


def autores_de(concepto: Concepto) -> set[int]:
    """Everybody who wrote a version of it: none of them may judge it."""
    escritores = Version.objects.filter(concepto=concepto).order_by().values_list("autor_id", flat=True)
    return {concepto.autor_id, *escritores}


def ultima_version(concepto: Concepto) -> Version:
    return Version.objects.filter(concepto=concepto).order_by("-numero")[0]


def version_congelada(concepto: Concepto) -> Version:
    """The newest frozen one: what is reviewed and signed. Raises NoSePuede when there is none."""
    version = Version.objects.filter(concepto=concepto, congelada_en__isnull=False).order_by("-numero").first()
    if version is None:
        raise NoSePuede("El concepto todavía no tiene un texto para revisar. Envíelo primero a revisión.")
    return version


def acciones_posibles(concepto: Concepto, alcance: Alcance) -> list[TransicionConcepto]:
    """Rows of the table open to this person: the page draws one button for each."""
    return [t for t in TRANSICIONES.values() if por_que_no(concepto, t, alcance) is None]


def por_que_no(concepto: Concepto, transicion: TransicionConcepto, alcance: Alcance) -> str | None:
    """Why this person can't do it now, in Spanish; None when they can. Signing is judged apart (`autoridad_de`)."""
    if concepto.estado not in transicion.desde:
        return f"El concepto está «{EstadoConcepto(concepto.estado).label}»: alguien lo cambió. Recargue la página."
    if alcance.es_sistema and not alcance.rol:
        return None
    if transicion.accion == "firmar":
        return None
    if alcance.rol not in transicion.roles:
        return "Su rol no permite esta acción."
    return _por_que_no_a_esta_persona(concepto, transicion, alcance)


def _por_que_no_a_esta_persona(concepto: Concepto, transicion: TransicionConcepto, alcance: Alcance) -> str | None:
    if not es_de_su_dependencia(concepto, alcance):
        return "Este concepto es de otra dependencia."
    if transicion.ni_el_autor and not puede_revisar(concepto, alcance, autores_de(concepto)):
        return "Quien escribió el concepto no puede revisarlo. Debe hacerlo otra persona de la dependencia."
    revisa = concepto.dependencia.revisa_conceptos
    if transicion.accion == ("enviar_a_firma" if revisa else "enviar_a_revision"):
        return "Esta dependencia revisa sus conceptos antes de la firma." if revisa else "Aquí no hay revisión previa."
    if transicion.accion.startswith("enviar") and not puede_escribir(concepto, alcance):
        return "Solo puede enviarlo quien lo escribe o quien dirige la dependencia."
    if transicion.accion == "retomar" and not (dirige(concepto, alcance) or es_suyo(concepto, alcance)):
        return "Solo puede retomarlo quien lo escribe o quien dirige la dependencia."
    if transicion.accion in {"anular", "sustituir"} and not dirige(concepto, alcance):
        return "Solo puede hacerlo quien dirige la dependencia."
    return None


def aplicar(actual: Concepto, accion: str, *, motivo: str = "", cambios: Mapping[str, Any] | None = None) -> Concepto:
    """Move a locked concepto along the table and leave every trace. Raises NoSePuede."""
    transicion, alcance = TRANSICIONES[accion], exigir()
    razon = por_que_no(actual, transicion, alcance)
    if razon:
        raise NoSePuede(razon)
    if transicion.exige_motivo and not motivo.strip():
        raise NoSePuede("Escriba el motivo: queda en la historia.")
    de = actual.estado
    for campo, valor in {**(cambios or {}), "estado": transicion.hacia}.items():
        setattr(actual, campo, valor)
    actual.save(update_fields=[*(cambios or {}), "estado"])
    _dejar_rastro(actual, transicion, de, motivo.strip(), alcance)
    return actual


def _dejar_rastro(actual: Concepto, transicion: TransicionConcepto, de: str, motivo: str, alcance: Alcance) -> None:
    movimiento = Movimiento.objects.create(
        solicitud_id=actual.solicitud_id,
        parte_id=actual.parte_id,
        accion=f"concepto.{transicion.accion}",
        de=de,
        a=actual.estado,
        texto=transicion.historia.format(numero=actual.numero or "sin número"),
        motivo=motivo,
        persona_id=alcance.persona_id,
        rol=alcance.rol,
        interno=transicion.accion not in VISIBLES,
        en=ahora(),
    )
    registrar(
        accion=f"concepto.{transicion.accion}",
        objeto=actual,
        antes={"estado": de},
        despues={"estado": actual.estado, "numero": actual.numero},
        motivo=motivo,
    )
    anotar(
        tipo="conceptos.movimiento",
        clave=f"concepto:{actual.pk}:{movimiento.pk}",
        carga={"concepto": actual.pk, "accion": transicion.accion, "por": alcance.persona_id, "motivo": motivo},
        solicitud_id=actual.solicitud_id,
    )
