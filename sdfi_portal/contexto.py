"""Context processor `portal`: what base.html needs to draw the frame of every page.

It must never fail: error pages pass here too, when the request has lost its person or its alcance.
"""

from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from alcance import SinAlcance
from sdfi_portal import navegacion
from sdfi_portal.preferencias import Preferencias

MUCHOS = 99


class OtroRol(NamedTuple):
    """A membership the person may switch to."""

    id: int
    texto: str
    donde: str


class Identidad(NamedTuple):
    """Who serves the portal: `settings.IDENTIDAD`."""

    nombre: str
    lema: str
    barra: str
    entidad: str
    dependencia: str
    direccion: str
    telefono: str
    correo: str


class ALaVista(NamedTuple):
    """All that the top of a page shows (`templates/base.html`): what it is drawn once for."""

    identidad: Identidad
    contraste: bool
    demo: bool
    url_correos_demo: str
    avance_demo: int | None
    nav: tuple[navegacion.Lugar, ...]
    atajos: bool
    persona: bool
    persona_nombre: str
    sin_leer: str
    rol_texto: str
    otros_roles: tuple[OtroRol, ...]
    cuenta: tuple[navegacion.Lugar, ...]
    url_sesion: str
    sesion_dura: int
    url_salir: str
    url_cambiar_rol: str


class AlPie(NamedTuple):
    """All that the foot of a page shows."""

    identidad: Identidad
    pie: tuple[navegacion.Lugar, ...]


class Marco:
    """The frame of a page: menu, person, demo strip, accessibility preferences."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.identidad = Identidad(**settings.IDENTIDAD)
        self.demo: bool = settings.ES_DEMO
        self.preferencias = Preferencias.de(request)
        self.clases_html = self.preferencias.clases

    @cached_property
    def persona(self) -> Any:
        """Who is in, or None."""
        usuario = getattr(self.request, "user", None)
        return usuario if usuario is not None and usuario.is_authenticated else None

    @cached_property
    def persona_nombre(self) -> str:
        return str(self.persona or "")

    @property
    def sin_leer(self) -> str:
        """How many notices the person has not read; '' when none. It came with the session."""
        cuantos = getattr(getattr(self.request, "session", None), "sin_leer", 0)
        return f"{MUCHOS}+" if cuantos > MUCHOS else str(cuantos or "")

    @cached_property
    def membresia(self) -> Any:
        return getattr(self.request, "membresia", None)

    @cached_property
    def rol(self) -> str:
        alcance = getattr(self.request, "alcance", None)
        return getattr(alcance, "rol", "") if self.persona else ""

    @cached_property
    def rol_texto(self) -> str:
        """«asesor», «administrador de entidad»."""
        return _rol_de(self.membresia).lower() if self.membresia else self.rol.replace("_", " ")

    @cached_property
    def otros_roles(self) -> tuple[OtroRol, ...]:
        activa = getattr(self.membresia, "pk", None)
        return tuple(
            OtroRol(m.pk, _rol_de(m).lower(), str(m.entidad or m.dependencia or ""))
            for m in getattr(self.request, "membresias", ())
            if m.pk != activa
        )

    @cached_property
    def atajos(self) -> bool:
        """Keyboard shortcuts: off unless the person turned them on in their account (WCAG 2.1.4)."""
        return bool(getattr(self.persona, "atajos", False))

    @cached_property
    def nav(self) -> tuple[navegacion.Lugar, ...]:
        if self.persona and not self.rol:
            return ()
        lugares = navegacion.menu(self.rol, self.request.path)
        if not self.rol:
            return tuple(lugares)
        try:
            return navegacion.contados(lugares, self.request.alcance)  # type: ignore[attr-defined]
        except (DatabaseError, SinAlcance):  # an error page: the menu without its numbers
            return tuple(lugares)

    @cached_property
    def cuenta(self) -> tuple[navegacion.Lugar, ...]:
        return tuple(navegacion.cuenta(self.rol))

    @cached_property
    def pie(self) -> tuple[navegacion.Lugar, ...]:
        return tuple(navegacion.lugares(navegacion.PIE))

    @property
    def url_correos_demo(self) -> str:
        """Where a demo shows the mail it would have sent; empty elsewhere."""
        return navegacion.direccion("demo:correos") if self.demo else ""

    @cached_property
    def avance_demo(self) -> int | None:
        """How much of the two years of a demo is loaded, out of a hundred; None when nothing is being loaded."""
        if not self.demo:
            return None
        from demo.models import avance  # noqa: PLC0415  (a production does not have it)

        try:
            return avance()
        except DatabaseError:
            return None

    @property
    def url_sesion(self) -> str:
        return navegacion.direccion("cuentas:sesion")

    @property
    def sesion_dura(self) -> int:
        """Seconds without activity that end a session (static/js/sesion.js warns before)."""
        return settings.SESSION_INACTIVIDAD

    @property
    def url_salir(self) -> str:
        return navegacion.direccion("account_logout")

    @property
    def url_cambiar_rol(self) -> str:
        return navegacion.direccion("cuentas:cambiar_rol")

    @property
    def a_la_vista(self) -> ALaVista:
        entro = self.persona is not None
        return ALaVista(
            identidad=self.identidad,
            contraste=self.preferencias.contraste,
            demo=self.demo,
            url_correos_demo=self.url_correos_demo,
            avance_demo=self.avance_demo,
            nav=self.nav,
            atajos=self.atajos,
            persona=entro,
            persona_nombre=self.persona_nombre,
            sin_leer=self.sin_leer if entro else "",
            rol_texto=self.rol_texto if entro else "",
            otros_roles=self.otros_roles if entro else (),
            cuenta=self.cuenta if entro else (),
            url_sesion=self.url_sesion if entro else "",
            sesion_dura=self.sesion_dura,
            url_salir=self.url_salir if entro else "",
            url_cambiar_rol=self.url_cambiar_rol if entro else "",
        )

    @property
    def al_pie(self) -> AlPie:
        return AlPie(self.identidad, self.pie)


def _rol_de(membresia: Any) -> str:
    mostrar = getattr(membresia, "get_rol_display", None)
    return str(mostrar() if mostrar else getattr(membresia, "rol", ""))


def portal(request: HttpRequest) -> dict[str, Any]:
    """`portal` in every template."""
    return {"portal": Marco(request)}
