"""What the pages of a concepto share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from archivos.descarga import responder
from avisos.services import leer_los_de
from conceptos import secciones
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto
from conceptos.services.documento import preguntas_de
from direcciones.models import Encargo
from documentos.texto import Texto
from plazos.fechas import dias_habiles
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from solicitudes.vencimiento import vencimiento

E = EstadoConcepto
PDF = "application/pdf"
# Where each state stands in: Redactado › Revisado › Firma › Enviado (interface.md W5).
_PASOS = (("Redactado", "Redacción"), ("Revisado", "Revisión"), ("Firmado", "Firma"), ("Enviado", "Envío"))
_AVANCE = {E.EN_PROYECCION: 0, E.DEVUELTO: 0, E.EN_REVISION: 1, E.PARA_FIRMA: 2, E.FIRMADO: 3}


@dataclass(frozen=True, slots=True)
class SeccionEscrita:
    clave: str
    titulo: str
    texto: Texto


def obtener(request: HttpRequest, pk: int) -> Concepto:
    """The concepto through the tenant: foreign is 404."""
    conceptos = Concepto.objects.del_expediente(request.alcance)  # type: ignore[attr-defined]
    relacionados = ("solicitud__entidad", "solicitud__radicada_por", "parte", "dependencia__padre", "tema", "autor")
    concepto: Concepto = get_object_or_404(conceptos.select_related(*relacionados, "sustituido_por"), pk=pk)
    if request.method == "GET":  # what led here is read
        leer_los_de(request, concepto.solicitud_id, reverse("conceptos:detalle", args=[pk]))
    return concepto


def con_plazo(conceptos: Iterable[Concepto]) -> list[Concepto]:
    """Rows of a work list: the term in words and, where they wait for somebody, for how long (E15)."""
    calendario, lista = calendario_vigente(), list(conceptos)
    for concepto in lista:
        concepto.plazo = vencimiento(concepto.parte, calendario)  # type: ignore[attr-defined]
        desde = getattr(concepto, "espera_desde", None)
        if desde:
            dias = calendario.habiles_entre(timezone.localdate(desde), hoy())
            concepto.espera = f"hace {dias_habiles(dias)}" if dias else "hoy"  # type: ignore[attr-defined]
    return lista


def encargo_de(persona_id: int | None) -> Encargo | None:
    """The encargo that lets this person sign today, if any."""
    return Encargo.objects.vigentes(hoy()).filter(persona=persona_id).order_by("id").first()


def pasos(concepto: Concepto) -> list[dict[str, str]]:
    """Where it stands, in words."""
    hasta = _AVANCE.get(E(concepto.estado), 4)
    nombres = list(_PASOS)
    if not concepto.dependencia.revisa_conceptos:
        del nombres[1]
        hasta = hasta if hasta == 0 else hasta - 1
    return [_paso(hecho if i < hasta else por_hacer, i, hasta) for i, (hecho, por_hacer) in enumerate(nombres)]


def _paso(texto: str, lugar: int, hasta: int) -> dict[str, str]:
    return {"texto": texto, "como": "hecho" if lugar < hasta else "actual" if lugar == hasta else ""}


def contenido_para_leer(contenido: dict[str, Any]) -> dict[str, Any]:
    """Sections and questions ready for `conceptos/_documento.html`."""
    leidas = {
        nombre: [SeccionEscrita(s.clave, s.titulo, Texto(contenido.get(s.clave, ""))) for s in grupo]
        for nombre, grupo in (("antes", secciones.ANTES), ("despues", secciones.DESPUES))
    }
    return {**leidas, "preguntas": preguntas_de(contenido)}


def contar_falla(request: HttpRequest, falla: ValidationError | RuntimeError) -> None:
    """The reason, as a message of the next page."""
    for texto in falla.messages if isinstance(falla, ValidationError) else [str(falla)]:
        messages.error(request, texto)


def enviado(request: HttpRequest) -> Any:
    """What was posted, even when it is nothing: an empty form sent is not a form that was never sent."""
    return request.POST if request.method == "POST" else None


def responder_pdf(contenido: bytes, nombre: str) -> Any:
    return responder(contenido, nombre=f"{nombre}.pdf", servido=PDF)
