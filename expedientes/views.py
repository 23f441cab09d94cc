"""The expediente of a solicitud for the staff, its sealed copies, and the page that recognises one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from alcance import Alcance
from alcance.politicas import publica, requiere
from archivos import almacen
from archivos.descarga import responder
from bitacora.services import registrar
from buzones.permisos import VEN_LIBRO
from documentos.autoridad import Anclas, SinCertificado, identidad
from expedientes.forms import CopiaForm, HuellaForm
from expedientes.models import Copia, Documento, Expediente, IndiceElectronico
from expedientes.permisos import COPIAN, MIRAN, puede_copiar
from expedientes.services import copia_con_huella, firma_valida, fuentes_de, pedir_copia
from solicitudes.estados import SOLICITUD_TERMINADA
from solicitudes.models import Solicitud


@dataclass(frozen=True, slots=True)
class Fila:
    """A row of the index. One that has no place yet has no folios and no digest."""

    nombre: str
    tipo: str
    origen: str
    incorporado_en: datetime
    orden: int = 0
    folios: str = ""
    sha256: str = ""
    pdfa: str = ""
    url: str = ""


def _solicitud(request: HttpRequest, radicado: str) -> Solicitud:
    visibles = Solicitud.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return get_object_or_404(visibles.select_related("entidad", "modalidad"), radicado=radicado)


@requiere(*MIRAN)
@require_http_methods(["GET", "HEAD", "POST"])
def expediente(request: HttpRequest, radicado: str) -> HttpResponse:
    """Metadata, index and copies; the form asks for another one."""
    solicitud, alcance = _solicitud(request, radicado), request.alcance  # type: ignore[attr-defined]
    form = CopiaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not puede_copiar(alcance):
            raise PermissionDenied("Su rol no entrega copias de expedientes. Pídala a quien dirige la dependencia.")
        if form.is_valid():
            pedir_copia(solicitud=solicitud, **form.cleaned_data)
            messages.success(request, "Estamos preparando la copia. Le avisaremos cuando esté lista.")
            return redirect("expedientes:expediente", radicado)
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    visibles = Expediente.objects.visibles_para(alcance).select_related("serie")
    expediente = visibles.filter(solicitud=solicitud).first()
    contexto = {
        "solicitud": solicitud,
        "expediente": expediente,
        "terminada": solicitud.estado in SOLICITUD_TERMINADA,
        "filas": _filas(solicitud, expediente, lee_correo=alcance.rol in VEN_LIBRO),
        "indice": _indice(expediente),
        "copias": _copias(solicitud, alcance),
        "form": form,
        "puede_copiar": puede_copiar(alcance),
    }
    return render(request, "expedientes/expediente.html", contexto)


def _filas(solicitud: Solicitud, expediente: Expediente | None, *, lee_correo: bool) -> list[Fila]:
    """What has its place, and after it what will get one at the closing."""

    def url(clave: str) -> str:
        """What a mail says is on its own page; the rest is on that of the solicitud."""
        de, _, pk = clave.partition(":")
        return reverse("buzones:detalle", args=[pk]) if lee_correo and de == "correo" else ""

    de_este = Documento.objects.filter(expediente=expediente).select_related("pdfa").order_by("orden")
    puestos = list(de_este) if expediente else []
    claves = {documento.clave for documento in puestos}
    filas = [
        Fila(
            d.nombre, d.tipo_documental, d.origen, d.incorporado_en, d.orden,
            str(d.folio_inicial) if d.paginas == 1 else f"{d.folio_inicial} a {d.folio_final}", d.sha256,
            _dice_de_la_pdfa(d), url(d.clave),
        )
        for d in puestos
    ]  # fmt: skip
    nuevas = (fuente for fuente in fuentes_de(solicitud) if fuente.clave not in claves)
    return filas + [Fila(f.nombre, f.tipo, f.origen, f.incorporado_en, url=url(f.clave)) for f in nuevas]


def _copias(solicitud: Solicitud, alcance: Alcance) -> list[Copia]:
    """The last ones. One that failed offers to ask for it again, until somebody does."""
    visibles = Copia.objects.visibles_para(alcance).filter(solicitud=solicitud).select_related("pedida_por")
    copias = list(visibles[:20])
    pedidas = {copia.clave for copia in copias}
    for copia in copias:
        copia.otra = copia.clave_de_otra if copia.fallida_en and copia.clave_de_otra not in pedidas else None
    return copias


def _dice_de_la_pdfa(documento: Documento) -> str:
    copia = getattr(documento, "pdfa", None)
    if copia is None:
        return ""
    return f"Sin copia PDF/A. {copia.motivo_sin}" if copia.motivo_sin else "Con copia PDF/A"


def _indice(expediente: Expediente | None) -> dict[str, Any] | None:
    ultimo = IndiceElectronico.objects.filter(expediente=expediente).order_by("-version").first()
    if expediente is None or ultimo is None:
        return None
    return {"fila": ultimo, "valida": firma_valida(ultimo), "certificado": Anclas(ultimo.anclas).huella}


@requiere(*COPIAN)
@require_safe
def descargar(request: HttpRequest, radicado: str, pk: int) -> HttpResponse:
    """The ZIP, and a mark of who took it: internal notes and data of people leave with it."""
    solicitud = _solicitud(request, radicado)
    visibles = Copia.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    copia = get_object_or_404(visibles.select_related("expediente"), pk=pk, solicitud=solicitud)
    if copia.hecha_en is None:
        raise Http404("Esa copia todavía se está preparando.")
    archivo = almacen.abrir(copia.ruta)
    registrar(accion="expediente.descargar", objeto=copia, despues={"sha256": copia.sha256})
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    return responder(archivo, nombre=f"{copia.expediente.numero}-copia-{copia.pk}.zip", servido="application/zip")


@publica("quien tiene un archivo ZIP comprueba que es una copia del portal: solo con su huella completa")
@require_safe
def comprobar(request: HttpRequest) -> HttpResponse:
    form = HuellaForm(request.GET or None)
    contexto: dict[str, Any] = {"form": form, "preguntada": form.is_bound and form.is_valid()}
    if contexto["preguntada"]:
        contexto["copia"] = copia_con_huella(form.cleaned_data["huella"])
    try:
        contexto["certificado"] = identidad().anclas.huella
    except SinCertificado:
        contexto["certificado"] = ""
    return render(request, "expedientes/comprobar.html", contexto)
