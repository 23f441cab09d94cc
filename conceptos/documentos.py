"""What the entity finds on the page of its solicitud once it was answered with a concepto."""

from django.utils import timezone

from alcance import Alcance
from conceptos.estados import ENTREGADOS, EstadoConcepto
from conceptos.models import Concepto
from plazos.fechas import fecha_corrida
from solicitudes.models import Solicitud
from solicitudes.respuestas import DocumentoRespuesta


def conceptos_entregados(solicitud: Solicitud, alcance: Alcance) -> list[DocumentoRespuesta]:
    """The delivered ones, oldest first; one that no longer holds says so."""
    entregados = Concepto.objects.del_expediente(alcance).filter(solicitud=solicitud, estado__in=ENTREGADOS)
    return [_documento(concepto) for concepto in entregados.order_by("notificado_en", "pk")]


def _documento(concepto: Concepto) -> DocumentoRespuesta:
    nota = ", ".join(filter(None, (_cuando(concepto), _si_no_vale(concepto))))
    return DocumentoRespuesta(f"Concepto {concepto.numero}", concepto.get_absolute_url(), concepto.notificado_en, nota)


def _cuando(concepto: Concepto) -> str:
    if concepto.notificado_en is None:
        return ""
    return f"del {fecha_corrida(timezone.localdate(concepto.notificado_en))}"


def _si_no_vale(concepto: Concepto) -> str:
    return "" if concepto.estado == EstadoConcepto.NOTIFICADO else concepto.get_estado_display().lower()
