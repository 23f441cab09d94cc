"""The mailboxes that are read: how each goes, what fails and how it is mended. No secret is on any of these pages."""

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from bitacora.models import Suceso
from buzones.forms.casillas import CasillaForm
from buzones.models import Casilla
from buzones.services import casillas as servicio
from direcciones.historia import historia, texto_de
from direcciones.permisos import puede_editar_catalogos
from direcciones.roles import Rol
from sdfi_portal.acciones import anotar_errores, enviado, hacer
from sdfi_portal.templatetags.portal import fecha_hora

LEE = requiere(Rol.ADMINISTRADOR, Rol.AUDITOR)
EDITA = requiere(Rol.ADMINISTRADOR)
DIAS_A_LA_VISTA = 14


@LEE
@require_GET
def casillas(request: HttpRequest) -> HttpResponse:
    contexto = {
        "vistas": servicio.vistas(),
        "apartadas": servicio.apartadas(),
        "puede_editar": puede_editar_catalogos(request.alcance),  # type: ignore[attr-defined]
    }
    return render(request, "buzones/casillas.html", contexto)


@EDITA
@require_POST
def vistas(request: HttpRequest) -> HttpResponse:
    """What was set apart was opened in its mailbox."""
    ids = [int(uno) for uno in request.POST.getlist("llegada") if uno.isdecimal() and len(uno) < 19]
    if not ids:
        messages.error(request, "Marque los mensajes que ya vio.")
    elif cuantas := servicio.dar_por_vistas(ids=ids):
        messages.success(request, f"{cuantas} mensajes quedan como vistos." if cuantas > 1 else "Queda como visto.")
    return redirect("buzones:casillas")


@LEE
@require_GET
def casilla(request: HttpRequest, pk: int) -> HttpResponse:
    vista = _vista(pk)
    if "parcial" in request.GET:
        return _sondeo(request, vista)
    suya = vista.casilla
    contexto = {
        "vista": vista,
        "casilla": suya,
        "datos": list(_datos(suya)),
        "conciliaciones": suya.conciliaciones.order_by("-dia")[:DIAS_A_LA_VISTA],
        "historia": historia(suya, Suceso.objects.visibles_para(request.alcance)),  # type: ignore[attr-defined]
        "puede_editar": puede_editar_catalogos(request.alcance),  # type: ignore[attr-defined]
    }
    return render(request, "buzones/casilla.html", contexto)


def _vista(pk: int) -> servicio.Vista:
    for vista in servicio.vistas(pk=pk):
        return vista
    raise Http404("Esa casilla no existe.")


def _sondeo(request: HttpRequest, vista: servicio.Vista) -> HttpResponse:
    """204 while nothing moved; else what there is to say."""
    if request.GET.get("version") == vista.version:
        return HttpResponse(status=204)
    if vista.progreso:
        return JsonResponse({"texto": vista.progreso})
    if vista.detalle and vista.detalle.falla:
        return JsonResponse({"texto": "La lectura terminó y algo falló."})
    nuevos = vista.detalle.traidos if vista.detalle else 0
    cuantos = {0: "ningún mensaje nuevo", 1: "un mensaje nuevo"}.get(nuevos, f"{nuevos} mensajes nuevos")
    return JsonResponse({"texto": f"La lectura terminó: {cuantos}."})


def _datos(suya: Casilla) -> Any:
    """What the page says of it. Its secret is not in this process's hands."""
    conexion = dict(CasillaForm(casilla=suya).fields["conexion"].choices)[suya.conexion]
    yield {"nombre": "Buzón", "valor": f"{suya.buzon.correo}, de {suya.buzon.dependencia.nombre}"}
    yield {"nombre": "Conexión", "valor": conexion}
    if suya.conexion:
        yield {"nombre": "Carpeta que se lee", "valor": suya.carpeta}
        yield {"nombre": "Lo ya guardado pasa a", "valor": suya.carpeta_leidos}
        compartida = "Sí: solo se lee esa carpeta" if suya.es_compartida else "No"
        yield {"nombre": "Lo usan otras oficinas", "valor": compartida}
        yield {"nombre": "Atiende lo que llegue desde", "valor": _dicho(suya.desde_en)}
    yield {"nombre": "Comprueba al remitente", "valor": suya.servidor_autenticacion or "Ningún servidor"}


@EDITA
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    form = CasillaForm(request.POST or None)
    if enviado(request, form):
        if "confirmado" not in request.POST or "corregir" in request.POST:
            return _confirmar(request, form, None)
        creada = hacer(form, servicio.agregar, datos=form.datos())
        if creada is not None:
            messages.success(request, f"Agregó la casilla «{creada}».")
            return redirect("buzones:casilla", creada.pk)
    return render(request, "buzones/casilla_form.html", {"form": form, "casilla": None})


@EDITA
@require_http_methods(["GET", "POST"])
def editar(request: HttpRequest, pk: int) -> HttpResponse:
    suya = _vista(pk).casilla
    form = CasillaForm(request.POST or None, casilla=suya)
    if enviado(request, form):
        if "confirmado" not in request.POST or "corregir" in request.POST:
            return _confirmar(request, form, suya)
        if hacer(form, servicio.cambiar, casilla=suya, datos=form.datos()) is not None:
            messages.success(request, f"Guardó la casilla «{suya}».")
            return redirect("buzones:casilla", pk)
    return render(request, "buzones/casilla_form.html", {"form": form, "casilla": suya})


def _confirmar(request: HttpRequest, form: CasillaForm, suya: Casilla | None) -> HttpResponse:
    """What will be read and answered, before it is; going back keeps what was written."""
    datos = form.datos()
    quedaria = copy(suya) if suya else Casilla()
    for campo, valor in datos.items():
        setattr(quedaria, campo, valor)
    if "corregir" not in request.POST:
        try:
            quedaria.full_clean()
        except ValidationError as error:
            for campo, mensajes in error.message_dict.items():
                for mensaje in mensajes:
                    form.add_error(campo if campo in form.fields else None, mensaje)
        else:
            campos = [(campo, _valor(form, campo.name)) for campo in form if campo.name in form.cleaned_data]
            contexto = {"form": form, "casilla": suya, "quedaria": quedaria, "campos": campos,
                        "relee": suya is not None and _relee(suya, quedaria)}  # fmt: skip
            return render(request, "buzones/casilla_confirmar.html", contexto)
    else:
        form.errors.clear()
    return render(request, "buzones/casilla_form.html", {"form": form, "casilla": suya})


def _relee(suya: Casilla, quedaria: Casilla) -> bool:
    """Something that was not read before will be, and answered."""
    otra = (suya.conexion, suya.carpeta) != (quedaria.conexion, quedaria.carpeta)
    return bool(quedaria.conexion) and (otra or quedaria.desde_en < suya.desde_en)


def _valor(form: CasillaForm, campo: str) -> str:
    """What was written in a field, as it will be read."""
    valor = form.cleaned_data[campo]
    return str(dict(form.fields["conexion"].choices)[valor]) if campo == "conexion" else _dicho(valor)


def _dicho(valor: Any) -> str:
    return str(fecha_hora(valor)) if isinstance(valor, datetime) else texto_de(valor)


@EDITA
@require_POST
def leer(request: HttpRequest, pk: int) -> HttpResponse:
    vista = _vista(pk)
    if not vista.se_puede_leer:
        messages.error(request, "Esta casilla no se lee: revise su conexión y si está en pausa.")
        return redirect("buzones:casilla", pk)
    try:
        servicio.pedir_lectura(casilla=vista.casilla)
    except ValidationError as error:
        anotar_errores(request, error)
    return redirect("buzones:casilla", pk)
