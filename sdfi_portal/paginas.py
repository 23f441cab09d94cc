"""Public pages: what the portal is, how to ask, help and conditions. They read catalogues, never anybody's data."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from alcance.politicas import publica, requiere
from direcciones.models import Buzon, Dependencia, Modalidad
from direcciones.roles import PERSONAL
from sdfi_portal import navegacion
from sdfi_portal.guia import ejemplos
from solicitudes.views.comunes import RADICAN


@dataclass(frozen=True, slots=True)
class Puerta:
    """One of the three service areas (lineamiento §1; R2). Who attends it is data: `codigo` finds the dirección."""

    codigo: str
    area: str
    temas: tuple[str, ...]
    direccion: str = ""


PUERTAS = (
    Puerta(
        "DDAB",
        "Gestión documental y archivos",
        (
            "Tablas de retención y de valoración documental",
            "Transferencias y eliminación de documentos",
            "Documento electrónico y preservación",
            "Patrimonio documental",
        ),
    ),
    Puerta(
        "DDDI",
        "Desarrollo institucional",
        (
            "Políticas del MIPG (Modelo Integrado de Planeación y Gestión)",
            "Modernización y rediseño de entidades",
            "Teletrabajo y política laboral",
            "Imprenta y Registro Distrital",
        ),
    ),
    Puerta(
        "DDRI",
        "Relaciones internacionales",
        (
            "Cooperación y alianzas con otras ciudades",
            "Convenios, memorandos y cartas de intención",
            "Logros de la ciudad ante el mundo",
            "Comisiones de servicios al exterior",
        ),
    ),
)


def puertas() -> list[dict[str, Any]]:
    """The three areas with the dirección that attends each today."""
    direcciones = dict(Dependencia.objects.vigentes().values_list("codigo", "nombre"))
    return [
        {
            "area": p.area,
            "temas": p.temas,
            "codigo": p.codigo,
            "direccion": direcciones.get(p.codigo, ""),
        }
        for p in PUERTAS
    ]


@publica("portada: no muestra datos de nadie")
@require_safe
def portada(request: HttpRequest) -> HttpResponse:
    """Landing page (W1). Who is already in goes straight to their work."""
    if request.user.is_authenticated and (casa := navegacion.casa(request)):
        return redirect(casa)
    contexto = {
        "puertas": puertas(),
        "url_entrar": navegacion.direccion("account_login"),
        "url_pedir_usuario": navegacion.direccion("cuentas:pedir_usuario"),
        "url_banco": navegacion.direccion("conceptos:banco"),
        "url_portafolio": navegacion.direccion("portafolio"),
    }
    return render(request, "paginas/portada.html", contexto)


def _puede_radicar(request: HttpRequest) -> bool:
    """Who has not signed in is led to; to another role the page would only explain why not."""
    return not request.user.is_authenticated or request.alcance.rol in RADICAN  # type: ignore[attr-defined]


@publica("explica el servicio (R1)")
@require_safe
def como_solicitar(request: HttpRequest) -> HttpResponse:
    contexto = {
        "puertas": puertas(),
        "modalidades": Modalidad.objects.vigentes().filter(se_puede_pedir=True).order_by("orden"),
        "buzones": Buzon.objects.vigentes().select_related("dependencia").order_by("dependencia__codigo", "correo"),
        "url_nueva": navegacion.direccion("solicitudes:nueva") if _puede_radicar(request) else "",
        "url_pedir_usuario": navegacion.direccion("cuentas:pedir_usuario"),
    }
    return render(request, "paginas/como-solicitar.html", contexto)


@publica("ayuda general")
@require_safe
def ayuda(request: HttpRequest) -> HttpResponse:
    contexto = {
        "url_recuperar": navegacion.direccion("account_reset_password"),
        "url_pedir_usuario": navegacion.direccion("cuentas:pedir_usuario"),
        "url_verificar": navegacion.direccion("conceptos:verificar"),
    }
    return render(request, "paginas/ayuda.html", contexto)


@publica("declaración de accesibilidad")
@require_safe
def accesibilidad(request: HttpRequest) -> HttpResponse:
    return render(request, "paginas/accesibilidad.html")


@publica("tratamiento de datos personales")
@require_safe
def privacidad(request: HttpRequest) -> HttpResponse:
    return render(request, "paginas/privacidad.html")


@publica("términos de uso")
@require_safe
def terminos(request: HttpRequest) -> HttpResponse:
    return render(request, "paginas/terminos.html")


@publica("mapa del sitio")
@require_safe
def mapa(request: HttpRequest) -> HttpResponse:
    rol = getattr(getattr(request, "alcance", None), "rol", "")
    contexto = {
        "publicos": navegacion.lugares(navegacion.PUBLICA),
        "propios": navegacion.lugares(navegacion.POR_ROL.get(rol, [])),
        "cuenta": navegacion.cuenta(rol) if request.user.is_authenticated else [],
        "condiciones": navegacion.lugares(navegacion.PIE),
    }
    return render(request, "paginas/mapa.html", contexto)


@requiere(*PERSONAL)
@require_safe
def guia_de_estilo(request: HttpRequest) -> HttpResponse:
    """Every part in every state: what the accessibility tests and the screenshots run on."""
    return render(request, "paginas/guia.html", ejemplos())
