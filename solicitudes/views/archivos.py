"""Files in and out: each into its draft as soon as it is chosen, out only as an attachment (security.md U06, U08)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from alcance.politicas import requiere
from archivos.descarga import NoDescargable, responder_archivo
from archivos.errores import ArchivoRehusado
from direcciones.roles import DE_ENTIDAD, PERSONAL
from solicitudes import pasos
from solicitudes.models import Archivo, Borrador
from solicitudes.services.archivos import agregar_al_borrador, devolver_al_borrador, quitar_del_borrador
from solicitudes.services.borradores import BorradorCambiado
from solicitudes.views.comunes import RADICAN, borrador_de, ya_cerrado
from solicitudes.views.radicar import forma_enviada, guardar_lo_enviado
from solicitudes.views.rescate import conservar_lo_escrito


@requiere(*RADICAN)
@require_POST
def subir(request: HttpRequest, pk: int, paso: str) -> HttpResponse:
    """One file from static/js/archivos.js: the <li> of the list, or one sentence as plain text."""
    borrador = borrador_de(request, pk, paso)
    if borrador.solicitud_id or borrador.descartado_en:
        return _sentencia("Este borrador ya se radicó o se descartó.", 410)
    subido = request.FILES.get("archivo")
    if subido is None:
        return _sentencia("No llegó ningún archivo. Elíjalo de nuevo.", 400)
    try:
        archivo = agregar_al_borrador(borrador=borrador, subido=subido, es_evidencia=paso == pasos.RECEPCION.clave)
    except ArchivoRehusado as rehuso:
        return _sentencia(" ".join(rehuso.messages), 422)
    contexto = {
        "nombre": archivo.nombre,
        "tamano": archivo.bytes,
        "nota": archivo.nota,
        "url": archivo.get_absolute_url() if archivo.se_puede_descargar else "",
        "url_quitar": reverse("solicitudes:quitar_archivo", args=[borrador.pk, paso, archivo.pk]),
    }
    return render(request, "partes/archivo.html", contexto, status=201)


def _sentencia(texto: str, status: int) -> HttpResponse:
    return HttpResponse(texto, status=status, content_type="text/plain; charset=utf-8")


@requiere(*RADICAN, sin_sesion=conservar_lo_escrito)
@require_POST
def quitar(request: HttpRequest, pk: int, paso: str, archivo_id: int) -> HttpResponse:
    """Take a file out of a draft; it can be put back until the filing. The rest of the form is kept too."""
    borrador, archivo = _del_borrador(request, pk, archivo_id)
    if archivo is None:
        return ya_cerrado(request, borrador)
    _guardar_lo_demas(request, borrador, paso)
    quitar_del_borrador(archivo=archivo)
    return redirect(f"{reverse('solicitudes:borrador', args=[pk, paso])}#archivos")


@requiere(*RADICAN, sin_sesion=conservar_lo_escrito)
@require_POST
def devolver(request: HttpRequest, pk: int, paso: str, archivo_id: int) -> HttpResponse:
    """Undo «Quitar»."""
    borrador, archivo = _del_borrador(request, pk, archivo_id)
    if archivo is None:
        return ya_cerrado(request, borrador)
    _guardar_lo_demas(request, borrador, paso)
    devolver_al_borrador(archivo=archivo)
    return redirect(f"{reverse('solicitudes:borrador', args=[pk, paso])}#archivos")


def _del_borrador(request: HttpRequest, pk: int, archivo_id: int) -> tuple[Borrador, Archivo | None]:
    borrador = borrador_de(request, pk)
    if borrador.solicitud_id or borrador.descartado_en:
        return borrador, None
    return borrador, get_object_or_404(
        Archivo.objects.filter(borrador=borrador, solicitud__isnull=True), pk=archivo_id
    )


def _guardar_lo_demas(request: HttpRequest, borrador: Borrador, paso: str) -> None:
    """The button sends the whole form; another window that saved first keeps its version."""
    try:
        guardar_lo_enviado(request, borrador, forma_enviada(request, borrador, paso), insistir=True)
    except BorradorCambiado:
        return


@requiere(*RADICAN)
@require_GET
def descargar_de_borrador(request: HttpRequest, pk: int, archivo_id: int) -> HttpResponseBase:
    borrador = borrador_de(request, pk)
    return _entregar(
        get_object_or_404(Archivo.objects.filter(borrador=borrador, solicitud__isnull=True), pk=archivo_id)
    )


@requiere(*DE_ENTIDAD, *PERSONAL)
@require_GET
def descargar(request: HttpRequest, radicado: str, archivo_id: int) -> HttpResponseBase:
    """A filed file, for whoever sees the solicitud. The radicado in the address must be its own."""
    visibles = Archivo.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return _entregar(get_object_or_404(visibles, pk=archivo_id, solicitud__radicado=radicado))


def _entregar(archivo: Archivo) -> HttpResponseBase:
    try:
        return responder_archivo(archivo)
    except NoDescargable as falta:
        raise Http404(str(falta)) from falta
