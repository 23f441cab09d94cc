"""The places of the portal for each role, at most five (interface.md §5.2–5.5). The only file that says the menu.

A place whose URL does not exist yet is left out, so an app may arrive after its menu entry.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from alcance import Alcance
from direcciones.roles import PERSONAL

Sitio = tuple[str, str]

PUBLICA: list[Sitio] = [
    ("Cómo solicitar", "como_solicitar"),
    ("Portafolio", "portafolio"),
    ("Banco de conceptos", "conceptos:banco"),
    ("Ayuda", "ayuda"),
    ("Entrar", "account_login"),
]

ENLACE: list[Sitio] = [
    ("Mis solicitudes", "solicitudes:mias"),
    ("Radicar solicitud", "solicitudes:nueva"),
    ("Agenda", "sesiones:agenda"),
    ("Banco", "conceptos:banco"),
    ("Mi entidad", "cuentas:entidad"),
]

ASESOR: list[Sitio] = [
    ("Mi cola", "atencion:cola"),
    ("Agenda", "sesiones:calendario"),
    ("Conceptos", "conceptos:mios"),
    ("Registro", "atencion:registro"),
    ("Banco", "conceptos:banco"),
]

JEFATURA: list[Sitio] = [
    ("Tablero", "tableros:tablero"),
    ("Solicitudes", "atencion:direccion"),
    ("Equipo", "atencion:equipo"),
    ("Por firmar", "conceptos:por_firmar"),
    ("Registro", "atencion:registro"),
]

POR_ROL: dict[str, list[Sitio]] = {
    "enlace": ENLACE,
    "admin_entidad": [
        ("Mis solicitudes", "solicitudes:mias"),
        ("Radicar solicitud", "solicitudes:nueva"),
        ("Banco", "conceptos:banco"),
        ("Mi entidad", "cuentas:entidad"),
    ],
    "asesor": ASESOR,
    "revisor": [
        ("Por revisar", "conceptos:por_revisar"),
        ("Registro", "atencion:registro"),
        ("Banco", "conceptos:banco"),
    ],
    "director": JEFATURA,
    "subdirector": JEFATURA,
    "subsecretario": [
        ("Tablero", "tableros:tablero"),
        ("Registro", "atencion:registro"),
        ("Encuestas", "encuestas:resultados"),
        ("Banco", "conceptos:banco"),
    ],
    "ventanilla": [
        ("Registrar solicitud", "solicitudes:registrar"),
        ("Por clasificar", "buzones:por_clasificar"),
        ("Registro", "atencion:registro"),
        ("Archivos de SIGA", "importaciones:lista"),
        ("Banco", "conceptos:banco"),
    ],
    "administrador": [
        ("Tablero", "tableros:tablero"),
        ("Registro", "atencion:registro"),
        ("Catálogos", "direcciones:catalogos"),
        ("Usuarios", "cuentas:usuarios"),
        ("Auditoría", "bitacora:lista"),
    ],
    "auditor": [
        ("Tablero", "tableros:tablero"),
        ("Registro", "atencion:registro"),
        ("Encuestas", "encuestas:resultados"),
        ("Auditoría", "bitacora:lista"),
        ("Banco", "conceptos:banco"),
    ],
}

CUENTA: list[Sitio] = [
    ("Mi cuenta", "cuentas:cuenta"),
    ("Notificaciones", "avisos:lista"),
]

# Of who attends: the mail that reached their mailboxes.
DEL_CORREO: list[Sitio] = [
    ("Correo por clasificar", "buzones:por_clasificar"),
    ("Correo recibido", "buzones:libro"),
]

# What does not fit among the five places of a role.
TAMBIEN: dict[str, list[Sitio]] = {
    "administrador": [
        ("Entregas", "bandeja:lista"),
        ("Plazos sin contar", "atencion:sin_contar"),
        ("Avisos enviados", "avisos:libro"),
        ("Correo recibido", "buzones:libro"),
        ("Propuestas de enlace", "buzones:propuestas"),
        ("Casillas de correo", "buzones:casillas"),
        ("Recordatorios", "avisos:politicas"),
        ("Direcciones que rebotan", "avisos:direcciones"),
        ("Ausencias", "atencion:ausencias"),
        ("Integraciones", "api:integraciones"),
        ("Banco de conceptos", "conceptos:banco"),
    ],
    "auditor": [
        ("Avisos enviados", "avisos:libro"),
        ("Catálogos", "direcciones:catalogos"),
        ("Correo recibido", "buzones:libro"),
        ("Casillas de correo", "buzones:casillas"),
    ],
    "ventanilla": [("Correo recibido", "buzones:libro"), ("Propuestas de enlace", "buzones:propuestas")],
    "director": [
        *DEL_CORREO,
        ("Avisos enviados", "avisos:libro"),
        ("Recordatorios", "avisos:politicas"),
        ("Mi ausencia y lo que cubro", "atencion:ausencia"),
        ("Banco de conceptos", "conceptos:banco"),
    ],
    "subdirector": [
        *DEL_CORREO,
        ("Avisos enviados", "avisos:libro"),
        ("Recordatorios", "avisos:politicas"),
        ("Mi ausencia y lo que cubro", "atencion:ausencia"),
        ("Banco de conceptos", "conceptos:banco"),
    ],
    "asesor": [*DEL_CORREO, ("Mi ausencia y lo que cubro", "atencion:ausencia")],
    "revisor": [("Mi ausencia y lo que cubro", "atencion:ausencia")],
}
DEL_PERSONAL: list[Sitio] = [("Mis exportaciones", "exportaciones:lista"), ("Guía de estilo", "guia_de_estilo")]

PIE: list[Sitio] = [
    ("Ayuda", "ayuda"),
    ("Cómo solicitar", "como_solicitar"),
    ("Calculadora de plazos", "plazos:calculadora"),
    ("Accesibilidad", "accesibilidad"),
    ("Privacidad", "privacidad"),
    ("Términos de uso", "terminos"),
    ("Mapa del sitio", "mapa"),
    ("Verificar un concepto", "conceptos:verificar"),
    ("API", "api:documentacion"),
]


class Lugar(NamedTuple):
    """A place of the menu. `actual`: '' elsewhere, 'page' on it, 'true' somewhere below it. `cuantos`: what waits
    there, '' when nothing does or nobody counts it."""

    texto: str
    url: str
    actual: str = ""
    cuantos: str = ""


MUCHOS = 99
# URL name → how many wait there for this alcance. The rooms above say so when they start.
_CUENTAN: dict[str, Callable[[Alcance], int]] = {}


def registrar_cuenta(nombre: str, contar: Callable[[Alcance], int]) -> None:
    """Of a place of the main menu: it is one statement more in every page of the roles that have it there."""
    _CUENTAN[nombre] = contar


def contados(menu: Iterable[Lugar], alcance: Alcance) -> tuple[Lugar, ...]:
    """The menu with how many wait in each place that somebody counts."""
    cuentan = {direccion(nombre): contar for nombre, contar in _CUENTAN.items()}
    return tuple(
        lugar._replace(cuantos=_dicho(cuentan[lugar.url](alcance))) if lugar.url in cuentan else lugar
        for lugar in menu
    )


def _dicho(cuantos: int) -> str:
    return f"{MUCHOS}+" if cuantos > MUCHOS else str(cuantos or "")


def direccion(nombre: str) -> str:
    """The address of a URL name, or '' when nobody serves it yet."""
    return _direccion(nombre, get_urlconf())


@cache
def _direccion(nombre: str, urlconf: str | None) -> str:
    try:
        return reverse(nombre)
    except NoReverseMatch:
        return ""


@cache
def _existentes(sitios: tuple[Sitio, ...], urlconf: str | None) -> tuple[Sitio, ...]:
    """(text, address) of the places that somebody serves."""
    return tuple((texto, url) for texto, nombre in sitios if (url := _direccion(nombre, urlconf)))


def lugares(sitios: list[Sitio], ruta: str = "") -> list[Lugar]:
    """The places that exist, with the one that holds `ruta` marked (the longest address wins)."""
    return list(_marcados(_existentes(tuple(sitios), get_urlconf()), ruta))


@lru_cache(maxsize=1024)
def _marcados(pares: tuple[Sitio, ...], ruta: str) -> tuple[Lugar, ...]:
    dueno = max(
        (url for _, url in pares if ruta.startswith(url) and url != "/"),
        key=len,
        default="",
    )
    return tuple(Lugar(texto, url, _marca(url, dueno, ruta)) for texto, url in pares)


def _marca(url: str, dueno: str, ruta: str) -> str:
    if url == ruta:
        return "page"
    return "true" if url == dueno else ""


def menu(rol: str, ruta: str) -> list[Lugar]:
    """The main menu of a role; of a visitor when there is none."""
    return lugares(POR_ROL.get(rol, PUBLICA), ruta)


def cuenta(rol: str) -> list[Lugar]:
    """The places of the account menu."""
    return lugares(CUENTA + TAMBIEN.get(rol, []) + (DEL_PERSONAL if rol in PERSONAL else []))


def casa(request: HttpRequest) -> str:
    """Where a signed-in person starts: the first place of their menu, or '' when there is none."""
    rol = getattr(getattr(request, "alcance", None), "rol", "")
    propios = lugares(POR_ROL.get(rol, []))
    return propios[0].url if propios else ""
