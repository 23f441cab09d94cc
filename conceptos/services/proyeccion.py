"""Drafting: start it from a parte, save what is typed, take it back from review."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from alcance import exigir
from bitacora.services import registrar
from conceptos import secciones
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto, Version
from conceptos.permisos import puede_escribir
from conceptos.services.comun import NoSePuede, aplicar, bloquear, quien_actua, ultima_version
from direcciones.roles import ATIENDEN
from plazos.reloj import ahora
from solicitudes.estados import EstadoParte
from solicitudes.models import Parte


class Choque(NoSePuede):
    """Somebody else saved first (check C04). `version` is what is stored; what was typed is still with the person."""

    def __init__(self, version: Version) -> None:
        super().__init__("Alguien cambió este concepto. Su texto no se ha perdido: compárelo y elija.")
        self.version = version


def empezar(*, parte: Parte) -> Concepto:
    """The draft of a parte: the one in course, or a new one with the numbered questions of the solicitud (R58)."""
    alcance = exigir()
    en_curso = _en_curso(parte)
    if en_curso is not None:
        return en_curso
    dirige = parte.dependencia_id in alcance.jefaturas
    if alcance.rol not in ATIENDEN or parte.dependencia_id not in alcance.dependencias:
        raise NoSePuede("Su rol no permite redactar conceptos de esta dependencia.")
    if parte.asesor_id != alcance.persona_id and not dirige:
        raise NoSePuede("Solo la persona responsable puede redactarlo. Pida a la dirección que se la reasigne.")
    if parte.estado != EstadoParte.EN_ATENCION:
        raise NoSePuede("Empiece a atender la solicitud antes de redactar el concepto.")
    try:
        with transaction.atomic():
            return _crear(parte, quien_actua())
    except IntegrityError:  # another tab won the race: there is one draft per parte
        ganador = _en_curso(parte)
        if ganador is None:
            raise
        return ganador


def _en_curso(parte: Parte) -> Concepto | None:
    finales = [EstadoConcepto.ANULADO, EstadoConcepto.SUSTITUIDO]
    return Concepto.objects.filter(parte=parte).exclude(estado__in=finales).first()


def _crear(parte: Parte, autor_id: int) -> Concepto:
    solicitud = parte.solicitud
    concepto = Concepto.objects.create(
        solicitud=solicitud,
        parte=parte,
        entidad_id=solicitud.entidad_id,
        dependencia_id=parte.dependencia_id,
        tema_id=parte.tema_id,
        autor_id=autor_id,
        asunto=solicitud.asunto[: secciones.LARGO_ASUNTO],
        creado_en=ahora(),
    )
    Version.objects.create(
        concepto=concepto,
        numero=1,
        autor_id=autor_id,
        contenido=secciones.nuevo(concepto.asunto, solicitud.preguntas),
        guardada_en=ahora(),
    )
    registrar(accion="concepto.empezar", objeto=concepto, despues={"parte": parte.pk})
    return concepto


def guardar(*, concepto: Concepto, visto: int, escrito: Mapping[str, Any]) -> Version:
    """Keep what was typed over the version seen (`visto`). Raises Choque when it is no longer the last one (C04).

    The same text is never a clash: the autosave that leaving the field started may arrive before its own button.
    """
    alcance = exigir()
    with transaction.atomic():
        actual = bloquear(concepto)
        if not puede_escribir(actual, alcance):
            raise NoSePuede("Ya no puede cambiar este concepto: está en revisión, o lo lleva otra persona.")
        version = ultima_version(actual)
        contenido = secciones.limpiar(escrito, version.contenido)
        if contenido == version.contenido:
            return version
        if version.guardado != visto:
            raise Choque(version)
        if version.autor_id != alcance.persona_id or version.congelada_en:
            return _nueva_version(actual, contenido, quien_actua(), guardado=visto + 1)
        version.contenido, version.guardado, version.guardada_en = contenido, visto + 1, ahora()
        version.save(update_fields=["contenido", "guardado", "guardada_en"])
    return version


def retomar(*, concepto: Concepto) -> Concepto:
    """Take it back from review, or from the signature, to go on writing. What was frozen stays as it was."""
    with transaction.atomic():
        actual = aplicar(bloquear(concepto), "retomar", cambios={"para_firma_en": None})
        abrir_version(actual)
    return actual


def abrir_version(concepto: Concepto) -> Version:
    """A new version to write on, with the text of the last one."""
    ultima = ultima_version(concepto)
    responsable = concepto.parte.asesor_id or concepto.autor_id
    return _nueva_version(concepto, ultima.contenido, responsable, guardado=ultima.guardado + 1)


def _nueva_version(concepto: Concepto, contenido: dict[str, Any], autor_id: int, *, guardado: int) -> Version:
    """Each author has versions of their own: who judges must have written none (security.md G09)."""
    return Version.objects.create(
        concepto=concepto,
        numero=ultima_version(concepto).numero + 1,
        autor_id=autor_id,
        contenido=contenido,
        guardado=guardado,
        guardada_en=ahora(),
    )
