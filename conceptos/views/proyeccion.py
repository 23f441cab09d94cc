"""Writing: list of own drafts, editor with autosave, draft PDF, sending to review."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from conceptos import secciones, services
from conceptos.comparacion import comparar as comparar_textos
from conceptos.estados import EDITABLES
from conceptos.forms import EditorForm, iniciales
from conceptos.models import Concepto, Revision, Version
from conceptos.permisos import puede_escribir
from conceptos.services import Choque, NoSePuede
from conceptos.services.comun import ultima_version
from conceptos.services.documento import borrador_pdf
from conceptos.views.comun import con_plazo, contar_falla, encargo_de, obtener, pasos, responder_pdf
from direcciones.roles import ATIENDEN
from documentos.pdf import DocumentoNoDisponible
from sdfi_portal.templatetags.portal import hora
from solicitudes.models import Parte

POR_PAGINA = 50


@requiere(*sorted(ATIENDEN))
@require_GET
def mios(request: HttpRequest) -> HttpResponse:
    """What this person writes, the urgent first."""
    alcance: Any = request.alcance  # type: ignore[attr-defined]
    suyos = Concepto.objects.del_expediente(alcance).filter(parte__asesor=alcance.persona_id)
    filas = suyos.select_related("solicitud__entidad", "parte", "dependencia")
    contexto = {
        "encargo": encargo_de(alcance.persona_id),
        "en_curso": con_plazo(filas.filter(estado__in=EDITABLES).order_by("parte__vence", "id")[:POR_PAGINA]),
        "en_manos": con_plazo(filas.exclude(estado__in=EDITABLES).order_by("-creado_en", "-id")[:POR_PAGINA]),
    }
    return render(request, "conceptos/mios.html", contexto)


@requiere(*sorted(ATIENDEN))
@require_http_methods(["GET", "POST"])
def nuevo(request: HttpRequest, parte: int) -> HttpResponse:
    """Start the draft of a parte; the one in course when there is one."""
    partes = Parte.objects.visibles_para(request.alcance).select_related("solicitud", "dependencia")  # type: ignore[attr-defined]
    suya = get_object_or_404(partes, pk=parte)
    if request.method == "GET":
        return render(request, "conceptos/nuevo.html", {"parte": suya})
    try:
        concepto = services.empezar(parte=suya)
    except NoSePuede as falla:
        contar_falla(request, falla)
        return redirect(suya.solicitud)
    return redirect("conceptos:editar", concepto.pk)


@requiere(*sorted(ATIENDEN))
@require_http_methods(["GET", "POST"])
def editar(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. The same POST saves from the button and from the autosave (Accept: application/json)."""
    concepto = obtener(request, pk)
    if not puede_escribir(concepto, request.alcance):  # type: ignore[attr-defined]
        if request.method == "POST":
            messages.error(request, "Ya no puede cambiar este concepto: está en revisión, o lo lleva otra persona.")
        return redirect(concepto)
    version = ultima_version(concepto)
    if request.method == "GET":
        return _pagina(request, concepto, version, EditorForm(version=version))
    form = EditorForm(request.POST, version=version)
    if not form.is_valid():
        if _es_autoguardado(request):
            return JsonResponse({"errores": form.errors}, status=422)
        return _pagina(request, concepto, version, form)
    try:
        guardada = services.guardar(concepto=concepto, visto=form.cleaned_data["version"], escrito=form.escrito())
    except Choque as choque:
        return _chocar(request, concepto, form, choque.version)
    if _es_autoguardado(request):
        return JsonResponse({"version": guardada.guardado, "hora": hora(guardada.guardada_en)})
    if "enviar" in request.POST:
        return redirect("conceptos:enviar", concepto.pk)
    messages.success(request, f"Borrador guardado a las {hora(guardada.guardada_en)}")
    return redirect("conceptos:editar", concepto.pk)


def _es_autoguardado(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _pagina(request: HttpRequest, concepto: Concepto, version: Version, form: EditorForm, **mas: Any) -> HttpResponse:
    """The editor with what helps to write: what was asked, and what the reviewer observed."""
    devuelta = Revision.objects.filter(concepto=concepto, aprueba=False).select_related("revisor").first()
    observaciones = devuelta.observaciones if devuelta and concepto.estado == "devuelto" else {}
    titulos = {clave: titulo for clave, titulo, _ in secciones.textos(version.contenido)}
    contexto = {
        "concepto": concepto,
        "version": version,
        "form": form,
        "pasos": pasos(concepto),
        "devuelta": devuelta if concepto.estado == "devuelto" else None,
        "observaciones": [(titulos.get(clave, clave), texto) for clave, texto in observaciones.items()],
        **mas,
    }
    return render(request, "conceptos/editar.html", contexto, status=409 if mas else 200)


def _chocar(request: HttpRequest, concepto: Concepto, form: EditorForm, otra: Version) -> HttpResponse:
    """409 with both texts (check C04): nothing typed is lost, and the person chooses."""
    campos = iniciales(otra)
    del campos["version"]
    if _es_autoguardado(request):
        cuerpo = {"version": otra.guardado, "hora": hora(otra.guardada_en), "campos": campos}
        return JsonResponse(cuerpo, status=409)
    propio = {**form.data.dict(), "version": otra.guardado}
    distintos = [
        (form.fields[clave].label, comparar_textos(ajeno, str(propio.get(clave, "")).replace("\r\n", "\n")))
        for clave, ajeno in campos.items()
        if str(propio.get(clave, "")).replace("\r\n", "\n").strip() != ajeno
    ]
    conservado = EditorForm(propio, version=otra)
    return _pagina(request, concepto, otra, conservado, choque=otra, distintos=distintos, con_errores=True)


@requiere(*sorted(ATIENDEN))
@require_GET
def vista_previa(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of what is written so far, with the watermark."""
    concepto = obtener(request, pk)
    try:
        return responder_pdf(borrador_pdf(concepto, ultima_version(concepto)).bytes, f"Borrador concepto {pk}")
    except DocumentoNoDisponible as falla:
        contar_falla(request, falla)
        return redirect("conceptos:editar", pk)


@requiere(*sorted(ATIENDEN))
@require_http_methods(["GET", "POST"])
def enviar(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing, or the confirmation: from here the text is frozen."""
    concepto = obtener(request, pk)
    version = ultima_version(concepto)
    if request.method == "GET":
        contexto = {
            "concepto": concepto,
            "version": version,
            "faltan": secciones.faltantes(version.contenido),
            "ahora": timezone.now(),
        }
        return render(request, "conceptos/enviar.html", contexto)
    try:
        with transaction.atomic():
            enviado = services.enviar(concepto=concepto)
    except (NoSePuede, DocumentoNoDisponible) as falla:
        contar_falla(request, falla)
        return redirect("conceptos:editar", pk)
    a_donde = "revisión" if enviado.estado == "en_revision" else "firma"
    messages.success(request, f"El concepto {enviado.numero} pasó a {a_donde}. Su texto ya no cambia.")
    return redirect(enviado)


@requiere(*sorted(ATIENDEN))
@require_POST
def retomar(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        services.retomar(concepto=obtener(request, pk))
    except NoSePuede as falla:
        contar_falla(request, falla)
        return redirect("conceptos:detalle", pk)
    messages.success(request, "Puede seguir escribiendo. Lo que se había enviado quedó guardado como versión.")
    return redirect("conceptos:editar", pk)
