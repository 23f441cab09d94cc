"""The ledger: every message once, what it says, and its bytes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from archivos.descarga import NoDescargable, responder, responder_archivo
from buzones import relato
from buzones.botones import BOTONES, botones, dicho
from buzones.estados import Clase, EstadoAdjunto
from buzones.forms.libro import CorreosForm
from buzones.models import Adjunto, Correo, Decision, Llegada
from buzones.permisos import DECIDEN, VEN_LIBRO
from buzones.services import bandeja
from buzones.services.actos import canal_de_siempre
from buzones.services.mover import version_de
from buzones.services.originales import SE_ENTREGAN, NoSeEntrega, abrir_adjunto, original_de
from buzones.services.propuestas import solicitud_propuesta
from direcciones.models import Dependencia, Tema
from sdfi_portal.correos import huellas
from solicitudes.paginas import paginar

ORDEN = ("-recibido_en", "-id")
_LARGOS = ("texto", "citado", "html", "para", "referencias", "autenticacion", "senales")  # no list shows them
_ESTILOS_MAXIMOS = 60  # what fits in a header; beyond, the message is shown without its colours
POLITICA_DEL_MARCO = (
    "sandbox; default-src 'none'; img-src data:; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)


@requiere(*sorted(VEN_LIBRO))
@require_GET
def libro(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    form = CorreosForm(request.GET)
    correos, hay_filtros = form.filtrar(Correo.objects.visibles_para(request.alcance))  # type: ignore[attr-defined]
    contexto = {
        "form": form,
        "hay_filtros": hay_filtros,
        "pagina": paginar(correos.select_related("solicitud").defer(*_LARGOS), ORDEN, request.GET.get("desde", "")),
    }
    return render(request, "buzones/libro.html", contexto)


@requiere(*sorted(VEN_LIBRO))
@require_GET
def detalle(request: HttpRequest, pk: int) -> HttpResponse:
    correo = correo_visible(request, pk)
    return render(request, "buzones/detalle.html", contexto_de(request, correo) | {"hecho": hecho_de(request)})


def correo_visible(request: HttpRequest, pk: int) -> Correo:
    """Or 404."""
    visibles = Correo.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return get_object_or_404(
        visibles.select_related("solicitud", "entidad", "modalidad", "grupo", "repetido_de"), pk=pk
    )


def contexto_de(request: HttpRequest, correo: Correo) -> dict[str, Any]:
    """All that a page says of one message, in the same queries whatever it holds."""
    alcance = request.alcance  # type: ignore[attr-defined]
    decide = alcance.rol in DECIDEN
    decisiones = list(
        Decision.objects.visibles_para(alcance).filter(correo=correo).select_related("persona").order_by("-en", "-id")
    )
    return {
        "correo": correo,
        "remitente": relato.remitente(correo),
        "destinatarios": relato.destinatarios(correo),
        "comprobacion": relato.comprobacion(correo),
        "senales": relato.senales(correo),
        "adjuntos": _adjuntos(request, correo, se_descargan=decide),
        "llegadas": Llegada.objects.visibles_para(alcance)
        .filter(correo=correo)
        .select_related("casilla__buzon")
        .order_by("recibida_en", "id"),
        "decisiones": decisiones,
        "version": version_de(decisiones),
        "temas": Tema.objects.filter(pk__in=correo.temas).order_by("nombre"),
        "dependencias": Dependencia.objects.filter(pk__in=correo.dependencias, atiende=True).order_by("nombre"),
        "botones": botones(correo, **_lo_propuesto(correo)) if decide else [],
        "decide": decide,
    }


def _lo_propuesto(correo: Correo) -> dict[str, str]:
    """What the guess needs to be done with one press."""
    if correo.propuesta == Clase.PETICION_CIUDADANA and (canal := canal_de_siempre()):
        return {"canal_de_siempre": str(canal)}
    if correo.propuesta == Clase.MENSAJE and (solicitud := solicitud_propuesta(correo)):
        return {"radicado": solicitud.radicado}
    return {}


def hecho_de(request: HttpRequest) -> dict[str, Any] | None:
    """What to say of the last decision, and how it is undone."""
    crudo = request.GET.get("hecho", "")
    if not (crudo.isascii() and crudo.isdecimal() and len(crudo) < 19):
        return None
    hecho = bandeja.lo_hecho(request.alcance, int(crudo))  # type: ignore[attr-defined]
    if hecho is None or hecho.accion not in BOTONES:
        return None
    return {"frase": dicho(hecho.correo.numero, hecho.accion, hecho.juntos), "hecho": hecho}


def _adjuntos(request: HttpRequest, correo: Correo, *, se_descargan: bool) -> list[tuple[Adjunto, bool]]:
    """Each piece that somebody attached, and whether it may be asked for."""
    suyos = Adjunto.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    suyos = suyos.filter(correo=correo).exclude(estado=EstadoAdjunto.INCRUSTADO).order_by("orden")
    return [(uno, se_descargan and uno.estado in SE_ENTREGAN) for uno in suyos]


@requiere(*sorted(VEN_LIBRO))
@require_GET
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The cleaned HTML alone, for the frame of the detail: nothing runs in it and nothing is asked from outside."""
    correo = correo_visible(request, pk)
    if not correo.html:
        raise Http404("Este correo no trae una versión con formato.")
    respuesta = render(request, "buzones/html.html", {"correo": correo})
    estilos = huellas(correo.html)
    permitidos = f"; style-src 'unsafe-hashes' {' '.join(estilos)}" if 0 < len(estilos) <= _ESTILOS_MAXIMOS else ""
    respuesta["Content-Security-Policy"] = f"{POLITICA_DEL_MARCO}{permitidos}"
    respuesta["X-Frame-Options"] = "SAMEORIGIN"
    return respuesta


@requiere(*sorted(DECIDEN))
@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The message as it arrived, byte by byte."""
    correo = correo_visible(request, pk)
    try:
        return responder_archivo(original_de(correo))
    except (NoSeEntrega, NoDescargable) as falta:
        raise Http404(str(falta)) from falta


@requiere(*sorted(DECIDEN))
@require_GET
def adjunto(request: HttpRequest, pk: int, orden: int) -> HttpResponseBase:
    """One piece. Once the solicitud keeps it as a file of its own, that one."""
    correo = correo_visible(request, pk)
    suyos = Adjunto.objects.visibles_para(request.alcance).select_related("correo", "archivo")  # type: ignore[attr-defined]
    pieza = get_object_or_404(suyos, correo=correo, orden=orden)
    if pieza.archivo is not None and correo.solicitud is not None:
        return redirect("solicitudes:archivo", correo.solicitud.radicado, pieza.archivo.pk)
    try:
        abierta = abrir_adjunto(pieza)
    except NoSeEntrega as falta:
        raise Http404(str(falta)) from falta
    return responder(abierta.contenido, nombre=abierta.nombre, servido=abierta.servido)
