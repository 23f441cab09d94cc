"""One concepto: for those who write it, and for the entity once it was delivered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance import Alcance
from alcance.politicas import autenticada, requiere
from bitacora.services import registrar
from conceptos import services
from conceptos.comparacion import comparar as comparar_textos
from conceptos.estados import CON_FIRMA, ENTREGADOS
from conceptos.forms import MotivoForm, SigaForm, SustituirForm
from conceptos.models import Concepto, Firma, Revision, Version
from conceptos.permisos import es_de_su_dependencia, puede_escribir
from conceptos.secciones import textos
from conceptos.services import NoSePuede, acciones_posibles
from conceptos.services.documento import leer_pdf, url_de_verificacion
from conceptos.views.comun import contar_falla, contenido_para_leer, enviado, obtener, pasos, responder_pdf
from direcciones.roles import JEFES, PERSONAL, Rol
from documentos.codigos import agrupar

PERSONAL_ = sorted(PERSONAL)


@autenticada("el concepto se busca dentro del alcance de quien lo pide")
@require_GET
def detalle(request: HttpRequest, pk: int) -> HttpResponse:
    """The entity reads what was delivered; those who attend, the whole work."""
    alcance: Alcance = request.alcance  # type: ignore[attr-defined]
    concepto = obtener(request, pk)
    if concepto.solicitud.reservada:
        registrar(accion="concepto.abrir", objeto=concepto)
    if alcance.entidad_id or not alcance.rol:
        return render(request, "conceptos/entregado.html", {"concepto": concepto, **_entregado(concepto)})
    return render(request, "conceptos/detalle.html", {"concepto": concepto, **_trabajo(concepto, alcance)})


def _entregado(concepto: Concepto) -> dict[str, object]:
    return {
        "codigo": agrupar(concepto.codigo or ""),
        "url_verificacion": url_de_verificacion(concepto.codigo or ""),
        **contenido_para_leer(concepto.contenido),
    }


def _trabajo(concepto: Concepto, alcance: Alcance) -> dict[str, object]:
    versiones = list(Version.objects.filter(concepto=concepto).select_related("autor").order_by("-numero"))
    posibles = {t.accion for t in acciones_posibles(concepto, alcance)}
    return {
        "version": versiones[0],
        "versiones": versiones,
        "revisiones": _revisiones(concepto),
        "firma": Firma.objects.filter(concepto=concepto).select_related("version").first(),
        "pasos": pasos(concepto),
        "posibles": posibles,
        "escribe": puede_escribir(concepto, alcance),
        "puede_firmar": concepto.estado == "para_firma" and _puede_firmar(concepto, alcance),
        "anota_siga": concepto.estado in CON_FIRMA
        and (es_de_su_dependencia(concepto, alcance) or alcance.rol == Rol.VENTANILLA),
        "codigo": agrupar(concepto.codigo or ""),
        "siga": SigaForm(initial={"numero": concepto.siga_salida}),
        **contenido_para_leer(versiones[0].contenido),
    }


def _revisiones(concepto: Concepto) -> list[Revision]:
    """Each judgement with its observations, by the title of the section they are about."""
    revisiones = list(Revision.objects.filter(concepto=concepto).select_related("revisor", "version"))
    for revision in revisiones:
        titulos = {clave: titulo for clave, titulo, _ in textos(revision.version.contenido)}
        revision.por_seccion = [(titulos.get(c, c), texto) for c, texto in revision.observaciones.items()]
    return revisiones


def _puede_firmar(concepto: Concepto, alcance: Alcance) -> bool:
    try:
        services.autoridad_de(concepto, alcance)
    except NoSePuede:
        return False
    return True


@requiere(*PERSONAL_)
@require_GET
def comparar(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side: what went out in <del>, what came in in <ins>."""
    concepto = obtener(request, pk)
    versiones = list(Version.objects.filter(concepto=concepto).select_related("autor").order_by("numero"))
    por_numero = {str(version.numero): version for version in versiones}
    nueva = por_numero.get(request.GET.get("b", ""), versiones[-1])
    vieja = por_numero.get(request.GET.get("a", ""), versiones[max(versiones.index(nueva) - 1, 0)])
    antes = {clave: texto for clave, _, texto in textos(vieja.contenido)}
    secciones = [
        (titulo, comparar_textos(antes.get(clave, ""), texto)) for clave, titulo, texto in textos(nueva.contenido)
    ]
    iguales = all(trozo.tipo == "igual" for _, trozos in secciones for trozo in trozos)
    contexto = {
        "concepto": concepto,
        "versiones": versiones,
        "vieja": vieja,
        "nueva": nueva,
        "secciones": secciones,
        "iguales": iguales,
    }
    return render(request, "conceptos/comparar.html", contexto)


@requiere(*PERSONAL_)
@require_GET
def version_pdf(request: HttpRequest, pk: int, numero: int) -> HttpResponse:
    """The frozen bytes of a version: exactly what is reviewed and signed."""
    concepto = obtener(request, pk)
    version = get_object_or_404(Version, concepto=concepto, numero=numero, congelada_en__isnull=False)
    if concepto.solicitud.reservada:
        registrar(accion="concepto.descargar", objeto=concepto, despues={"version": numero})
    nombre = f"{concepto.numero} version {numero} sin firma"
    return responder_pdf(leer_pdf(version.ruta, version.sha256), nombre)


@autenticada("el concepto se busca dentro del alcance de quien lo pide")
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed PDF, once it was delivered."""
    concepto = obtener(request, pk)
    if concepto.estado not in ENTREGADOS or not concepto.ruta_firmada:
        raise Http404("El concepto todavía no está firmado.")
    if concepto.solicitud.reservada:
        registrar(accion="concepto.descargar", objeto=concepto)
    return responder_pdf(leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado), concepto.numero or "concepto")


@requiere(Rol.ASESOR, Rol.REVISOR, Rol.VENTANILLA, *sorted(JEFES))
@require_http_methods(["GET", "POST"])
def siga(request: HttpRequest, pk: int) -> HttpResponse:
    concepto = obtener(request, pk)
    form = SigaForm(enviado(request), initial={"numero": concepto.siga_salida})
    if request.method == "POST" and form.is_valid():
        try:
            services.anotar_siga(concepto=concepto, numero=form.cleaned_data["numero"])
        except ValidationError as falla:
            contar_falla(request, falla)
            return redirect(concepto)
        messages.success(request, "Guardamos el número SIGA de salida.")
        return redirect(concepto)
    return render(request, "conceptos/siga.html", {"concepto": concepto, "form": form})


@requiere(*sorted(JEFES))
@require_http_methods(["GET", "POST"])
def anular(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirmation page: it can't be undone."""
    concepto = obtener(request, pk)
    form = MotivoForm(enviado(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.anular(concepto=concepto, motivo=form.cleaned_data["motivo"])
        except NoSePuede as falla:
            contar_falla(request, falla)
            return redirect(concepto)
        messages.success(request, f"El concepto {concepto.numero} quedó anulado. La verificación ya lo dice.")
        return redirect(concepto)
    return render(request, "conceptos/anular.html", {"concepto": concepto, "form": form})


@requiere(*sorted(JEFES))
@require_http_methods(["GET", "POST"])
def sustituir(request: HttpRequest, pk: int) -> HttpResponse:
    concepto = obtener(request, pk)
    form = SustituirForm(enviado(request))
    if request.method == "POST" and form.is_valid():
        numero = form.cleaned_data["por"].strip().upper()
        por = Concepto.objects.visibles_para(request.alcance).filter(numero=numero).first()  # type: ignore[attr-defined]
        if por is None:
            form.add_error("por", "No encontramos un concepto firmado con ese número.")
            return render(request, "conceptos/sustituir.html", {"concepto": concepto, "form": form})
        try:
            with transaction.atomic():
                services.sustituir(concepto=concepto, por=por, motivo=form.cleaned_data["motivo"])
        except NoSePuede as falla:
            contar_falla(request, falla)
            return redirect(concepto)
        messages.success(request, f"El concepto {concepto.numero} quedó sustituido por el {por.numero}.")
        return redirect(concepto)
    return render(request, "conceptos/sustituir.html", {"concepto": concepto, "form": form})
