"""Review by somebody else (R85, domain.md §2.3): send, approve, return with reasons."""

from collections.abc import Mapping

from django.db import transaction

from alcance import exigir
from conceptos import secciones
from conceptos.models import Concepto, Revision
from conceptos.permisos import puede_escribir
from conceptos.services.comun import NoSePuede, aplicar, bloquear, quien_actua, ultima_version, version_congelada
from conceptos.services.documento import congelar
from conceptos.services.proyeccion import abrir_version
from plazos.reloj import ahora


def enviar(*, concepto: Concepto) -> Concepto:
    """Freeze the text and hand it to the reviewer, or straight to the signature where there is no review.

    Raises NoSePuede with everything that is missing; DocumentoNoDisponible when the PDF cannot be made.
    """
    with transaction.atomic():
        actual, alcance = bloquear(concepto), exigir()
        if not puede_escribir(actual, alcance):
            raise NoSePuede("Solo puede enviarlo quien lo escribe, mientras no esté en revisión.")
        version = ultima_version(actual)
        falta = secciones.faltantes(version.contenido)
        if falta:
            raise NoSePuede([*falta])
        congelar(actual, version)
        cambios = {
            campo: getattr(actual, campo) for campo in ("numero", "codigo", "asunto", "respuesta_corta", "normas")
        }
        if actual.dependencia.revisa_conceptos:
            return aplicar(actual, "enviar_a_revision", cambios=cambios)
        return aplicar(actual, "enviar_a_firma", cambios={**cambios, "para_firma_en": ahora()})


def aprobar(*, concepto: Concepto, sha256_visto: str, observaciones: Mapping[str, str] | None = None) -> Concepto:
    """The reviewer agrees with exactly the bytes they had before them."""
    with transaction.atomic():
        actual = bloquear(concepto)
        movido = aplicar(actual, "aprobar", cambios={"para_firma_en": ahora()})
        _juzgar(movido, sha256_visto, observaciones or {}, aprueba=True)
    return movido


def devolver(
    *, concepto: Concepto, sha256_visto: str, motivo: str, observaciones: Mapping[str, str] | None = None
) -> Concepto:
    """Back to its author with what must change. Also from the signature."""
    with transaction.atomic():
        movido = aplicar(bloquear(concepto), "devolver", motivo=motivo, cambios={"para_firma_en": None})
        _juzgar(movido, sha256_visto, observaciones or {}, aprueba=False, motivo=motivo.strip())
        abrir_version(movido)
    return movido


def _juzgar(
    concepto: Concepto, sha256_visto: str, observaciones: Mapping[str, str], *, aprueba: bool, motivo: str = ""
) -> None:
    version = version_congelada(concepto)
    if version.sha256 != sha256_visto:
        raise NoSePuede("El texto cambió desde que usted lo abrió. Recargue la página y revíselo de nuevo.")
    Revision.objects.create(
        concepto=concepto,
        version=version,
        autor_id=version.autor_id,
        revisor_id=quien_actua(),
        aprueba=aprueba,
        observaciones={clave: texto.strip() for clave, texto in observaciones.items() if texto.strip()},
        motivo=motivo,
        sha256=version.sha256,
        en=ahora(),
    )
