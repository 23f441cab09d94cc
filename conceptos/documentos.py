"""What the entity finds on the page of its solicitud once it was answered with a concepto."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.compiladas import Compilada
from conceptos.estados import ENTREGADOS, EstadoConcepto
from conceptos.models import Concepto
from plazos.fechas import fecha_corrida
from solicitudes.models import Solicitud
from solicitudes.respuestas import DocumentoRespuesta


def conceptos_entregados(solicitud: Solicitud, alcance: Alcance) -> list[DocumentoRespuesta]:
    """The delivered ones, oldest first; one that no longer holds says so."""
    return [_documento(*fila) for fila in _ENTREGADOS(alcance=alcance, solicitud=solicitud.pk)]


_ENTREGADOS = Compilada(
    lambda alcance, solicitud: (
        Concepto.objects.del_expediente(alcance)
        .filter(solicitud=solicitud, estado__in=sorted(ENTREGADOS))
        .order_by("notificado_en", "pk")
        .values_list("pk", "numero", "notificado_en", "estado")
    ),
    alcance=Alcance,
    solicitud=int,
)


def _documento(pk: int, numero: str, notificado_en: datetime | None, estado: str) -> DocumentoRespuesta:
    cuando = f"del {fecha_corrida(timezone.localdate(notificado_en))}" if notificado_en else ""
    si_no_vale = "" if estado == EstadoConcepto.NOTIFICADO else EstadoConcepto(estado).label.lower()
    nota = ", ".join(filter(None, (cuando, si_no_vale)))
    return DocumentoRespuesta(f"Concepto {numero}", reverse("conceptos:detalle", args=[pk]), notificado_en, nota)
