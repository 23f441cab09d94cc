"""Registering what came by mail, phone, counter or SIGA: the same wizard, with one step more (R22)."""

import secrets
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alcance.politicas import requiere
from archivos.tipos import ATRIBUTO_ACCEPT
from archivos.validacion import texto_limites
from direcciones.models import Entidad
from solicitudes import pasos
from solicitudes.eleccion import Eleccion, leer_eleccion
from solicitudes.forms.registrar import CANALES, RecepcionForm
from solicitudes.models import Borrador, ConstanciaRadicacion
from solicitudes.services.borradores import crear_borrador
from solicitudes.views.comunes import REGISTRAN, url_para_volver_a_entrar, ya_cerrado
from solicitudes.views.guardado import guardar
from solicitudes.views.radicar import enviar_paso, recibir_archivos


@requiere(*REGISTRAN)
@require_http_methods(["GET", "POST"])
def registrar(request: HttpRequest) -> HttpResponse:
    """The first step creates the draft as soon as the entidad is known; what is missing is asked there."""
    ya = _el_de_esta_pagina(request)
    if ya is not None:
        cerrado = ya.solicitud_id or ya.descartado_en
        return ya_cerrado(request, ya) if cerrado else enviar_paso(request, ya, pasos.RECEPCION.clave)
    form = _forma(request, {} if request.method == "POST" else _de_partida(request))
    if request.method == "POST":
        form.is_valid()
        borrador = _empezar(request, form)
        if borrador is not None:
            rehusos = recibir_archivos(request, borrador, pasos.RECEPCION.clave)
            for rehuso in rehusos:
                messages.error(request, rehuso)
            if form.errors or rehusos:
                recepcion = reverse("solicitudes:borrador", args=[borrador.pk, pasos.RECEPCION.clave])
                return redirect(f"{recepcion}?revisar")
            return redirect("solicitudes:borrador", borrador.pk, pasos.NECESIDAD.clave)
    elif form["canal"].value():  # another one: who registers goes on with what changes
        form.fields["recibido_en"].widget.attrs["autofocus"] = True
    mios = Borrador.objects.visibles_para(request.alcance).sin_radicar()  # type: ignore[attr-defined]
    borradores = mios.filter(es_registro=True).select_related("entidad").order_by("-guardado_en", "-pk")[:10]
    contexto = {
        "form": form,
        "borradores": list(borradores),
        "limites": texto_limites(),
        "acepta": ATRIBUTO_ACCEPT,
        "elegir_de_nuevo": bool(request.FILES),
        "clave": request.POST.get("clave", "")[:36] or uuid4(),
        "ventana": request.POST.get("ventana", "")[:32] or secrets.token_hex(8),
        "url_entrar": url_para_volver_a_entrar(),
    }
    return render(request, "solicitudes/registrar.html", contexto)


@requiere(*REGISTRAN)
class GuardarNuevo(APIView):
    """The first page saved while it is written: 204 until the entidad is known; then 200 {version, hora, guardar,
    accion}, and from there on it is the draft's own step that is saved."""

    parser_classes = [FormParser]

    def post(self, request: Request) -> HttpResponse:
        peticion = request._request
        borrador = _el_de_esta_pagina(peticion)
        if borrador is None:
            form = _forma(peticion, {})
            form.is_valid()
            borrador = _empezar(peticion, form)
            if borrador is None:
                return Response(status=204)
        respuesta = guardar(peticion, borrador, pasos.RECEPCION.clave)
        if respuesta.status_code == 200:
            paso = [borrador.pk, pasos.RECEPCION.clave]
            respuesta.data["guardar"] = reverse("solicitudes:guardar", args=paso)
            respuesta.data["accion"] = reverse("solicitudes:borrador", args=paso)
        return respuesta


def _forma(request: HttpRequest, datos: dict[str, Any]) -> RecepcionForm:
    vacio = Borrador(persona=request.user, es_registro=True, datos=datos)  # type: ignore[misc]
    enviado = request.POST if request.method == "POST" else None
    return RecepcionForm(enviado, borrador=vacio, eleccion=Eleccion(), con_evidencia_subida=bool(request.FILES))


def _el_de_esta_pagina(request: HttpRequest) -> Borrador | None:
    """The draft that this very page already began: it saved itself, or it was sent twice."""
    clave = _clave(request)
    mios = Borrador.objects.visibles_para(request.alcance).filter(es_registro=True)  # type: ignore[attr-defined]
    return mios.filter(clave=clave).select_related("entidad", "persona").first() if clave else None


def _empezar(request: HttpRequest, form: RecepcionForm) -> Borrador | None:
    """A draft with what the page says; None while the entidad is not known."""
    entidad = form.cleaned_data.get("entidad")
    if not isinstance(entidad, Entidad):
        return None
    return crear_borrador(
        persona=request.user,  # type: ignore[arg-type]
        entidad=entidad,
        datos=form.crudo(request.POST),
        es_registro=True,
        clave=_clave(request),
    )


def _clave(request: HttpRequest) -> UUID | None:
    """That of the page, of this person alone: the same one from another is another."""
    try:
        return uuid5(UUID(request.POST.get("clave", "")), f"registrar:{request.user.pk}")
    except ValueError:
        return None


def _de_partida(request: HttpRequest) -> dict[str, Any]:
    """`?como=`: the channel and the dirección of the one just registered. Else, the dirección of whoever registers."""
    alcance, membresia = request.alcance, request.membresia  # type: ignore[attr-defined]
    propia = membresia.dependencia if membresia else None
    datos: dict[str, Any] = {"direccion": propia.direccion.codigo if propia else ""}
    visibles = ConstanciaRadicacion.objects.visibles_para(alcance).filter(radicado=request.GET.get("como", "")[:20])
    solicitudes = list(visibles.values_list("solicitud_id", flat=True))
    anterior = Borrador.objects.visibles_para(alcance).filter(solicitud__in=solicitudes, es_registro=True).first()
    if anterior is not None:
        if anterior.datos.get("canal") in dict(CANALES):
            datos["canal"] = anterior.datos["canal"]
        dependencias = leer_eleccion(anterior.datos).dependencias
        if dependencias:
            datos["direccion"] = dependencias[0].direccion.codigo
    return datos
