"""The link of an invitation, and the public page where an entidad without users asks for one."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import publica
from cuentas.forms import PedirUsuarioForm, PonerClaveForm
from cuentas.models import Invitacion
from cuentas.services import accesos, invitaciones
from direcciones.models import Persona
from sdfi_portal.acciones import enviado


@publica("activar un usuario: solo con el enlace secreto de su correo")
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def invitacion(request: HttpRequest, token: str) -> HttpResponse:
    if respuesta := ratelimit.consume_or_429(request, action="invitacion", limit_get=True):
        return respuesta
    fila = invitaciones.por_token(token)
    if fila is None:
        return render(request, "cuentas/invitacion_vencida.html", status=410)
    persona = invitaciones.persona_invitada(fila)
    if invitaciones.necesita_clave(persona):
        return _activar(request, fila, persona)
    return _aceptar_con_usuario(request, fila)


def _activar(request: HttpRequest, fila: Invitacion, persona: Persona | None) -> HttpResponse:
    """Set the first password; the person goes in at once, or to the second factor when their role asks for it."""
    parecida = persona or Persona(correo=fila.correo, nombre=fila.nombre)
    form = PonerClaveForm(request.POST or None, persona=parecida)
    if enviado(request, form):
        nueva = invitaciones.aceptar(token=fila.token(), clave=form.cleaned_data["password1"])
        if nueva is None:
            return render(request, "cuentas/invitacion_vencida.html", status=410)
        messages.success(request, f"Su usuario está activo. Le damos la bienvenida, {nueva.nombre_de_pila}.")
        record_authentication(request, nueva, "password")
        return perform_login(request, Login(user=nueva))
    return render(request, "cuentas/invitacion.html", {"form": form, "invitacion": fila})


def _aceptar_con_usuario(request: HttpRequest, fila: Invitacion) -> HttpResponse:
    """Who already has an account only accepts: the link never opens it nor changes its password."""
    if request.method == "POST":
        if invitaciones.aceptar(token=fila.token()) is None:
            return render(request, "cuentas/invitacion_vencida.html", status=410)
        messages.success(request, "Aceptó la invitación. Entre con su contraseña de siempre.")
        return redirect("account_login" if not request.user.is_authenticated else "inicio")
    return render(request, "cuentas/invitacion_con_usuario.html", {"invitacion": fila})


@publica("pedir un usuario: responde lo mismo exista o no el correo")
@require_http_methods(["GET", "POST"])
def pedir_usuario(request: HttpRequest) -> HttpResponse:
    form = PedirUsuarioForm(request.POST or None)
    if enviado(request, form):
        correo = form.cleaned_data["correo"]
        if respuesta := ratelimit.consume_or_429(request, action="pedir_acceso", key=correo):
            return respuesta
        accesos.pedir_acceso(**form.cleaned_data)
        return redirect("cuentas:usuario_pedido")
    return render(request, "cuentas/pedir_usuario.html", {"form": form})


@publica("la respuesta de siempre a quien pide un usuario")
@require_GET
def usuario_pedido(request: HttpRequest) -> HttpResponse:
    return render(request, "cuentas/usuario_pedido.html")
