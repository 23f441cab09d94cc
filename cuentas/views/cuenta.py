"""«Mi cuenta»: what a person may see and change of themselves."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import autenticada
from bitacora.services import registrar
from cuentas import segundo_factor, sesiones
from cuentas.forms import DatosForm
from cuentas.services.personas import corregir_persona
from direcciones.acceso import CLAVE_SESION
from direcciones.models import Membresia
from sdfi_portal.acciones import enviado


@autenticada("cada quien ve su propia cuenta")
@require_GET
def cuenta(request: HttpRequest) -> HttpResponse:
    propias = Membresia.objects.visibles_para(request.alcance).filter(persona=request.user)
    propias = propias.select_related("entidad", "dependencia").order_by("-desde", "-id")
    contexto = {
        "membresias": [(m, m.esta_vigente()) for m in propias],
        "segundo_factor": segundo_factor.inscrito(request.user),
        "segundo_factor_obligatorio": segundo_factor.exige_segundo_factor(request.membresias),
        "sesiones": _sesiones(request),
        "con_clave": request.user.has_usable_password(),
    }
    return render(request, "cuentas/cuenta.html", contexto)


def _sesiones(request: HttpRequest) -> list[dict]:
    return [
        {
            "id": sesiones.huella(s.session_key),
            "navegador": nombre_del_navegador(s.navegador),
            "ip": s.ip or "",
            "iniciada": s.iniciada_en,
            "actividad": s.ultima_actividad,
            "esta": s.session_key == request.session.session_key,
        }
        for s in sesiones.abiertas(request.user)
    ]


def nombre_del_navegador(agente: str) -> str:
    """«Chrome en Windows», for a person to recognise their own computer."""
    navegadores = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    sistemas = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "Mac OS": "Mac", "Linux": "Linux"}
    cual = next((nombre for pista, nombre in navegadores.items() if pista in agente), "Navegador")
    donde = next((nombre for pista, nombre in sistemas.items() if pista in agente), "")
    return f"{cual} en {donde}" if donde else cual


@autenticada("cada quien corrige sus propios datos")
@require_http_methods(["GET", "POST"])
def datos(request: HttpRequest) -> HttpResponse:
    form = DatosForm(request.POST or None, instance=request.user)
    if enviado(request, form):
        corregir_persona(persona=request.user, **form.cleaned_data)
        messages.success(request, "Guardamos sus datos.")
        return redirect("cuentas:cuenta")
    return render(request, "cuentas/datos.html", {"form": form})


@autenticada("cada quien elige entre sus propios roles")
@require_POST
def cambiar_rol(request: HttpRequest) -> HttpResponse:
    """Act as another of one's roles. The session gets a new key (security.md S01)."""
    elegida = next((m for m in request.membresias if str(m.pk) == request.POST.get("membresia", "")), None)
    if elegida is None:
        messages.error(request, "Ese rol ya no está vigente.")
        return redirect("inicio")
    request.session[CLAVE_SESION] = elegida.pk
    request.session.cycle_key()
    rotate_token(request)
    registrar(accion="cuenta.cambiar_rol", objeto=request.user, despues={"membresia": elegida.pk, "rol": elegida.rol})
    messages.success(request, f"Ahora actúa como {elegida.get_rol_display().lower()}.")
    return redirect("inicio")


@autenticada("cada quien termina sus propias sesiones")
@require_POST
def terminar_sesiones(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    cual = request.POST.get("sesion", "")
    otras = [s for s in sesiones.abiertas(request.user) if s.session_key != request.session.session_key]
    elegidas = [s for s in otras if not cual or sesiones.huella(s.session_key) == cual]
    for sesion in elegidas:
        sesion.delete()
    registrar(accion="cuenta.terminar_sesiones", objeto=request.user, despues={"cuantas": len(elegidas)})
    messages.success(request, "Terminó la sesión." if len(elegidas) == 1 else "Terminó las otras sesiones.")
    return redirect("cuentas:cuenta")


@autenticada("cada quien pregunta cuánto le queda a su sesión y la sigue")
@require_http_methods(["GET", "POST"])
def sesion(request: HttpRequest) -> HttpResponse:
    """Seconds left. GET from a script is not activity; POST is, and so continues the session (WCAG 2.2.1)."""
    ahora = timezone.now()
    ultima = ahora if request.method == "POST" else (request.session.ultima_actividad or ahora)
    inicio = request.session.get(sesiones.INICIO, ahora.timestamp())
    por_inactividad = ultima + timedelta(seconds=settings.SESSION_INACTIVIDAD) - ahora
    por_duracion = inicio + settings.SESSION_COOKIE_AGE - ahora.timestamp()
    if request.method == "POST" and "text/html" in request.headers.get("Accept", ""):
        return redirect("inicio")
    return JsonResponse({"segundos": int(min(por_inactividad.total_seconds(), por_duracion))})
