"""Every place of every menu, each with the first role that has it: axe, 320 px, console (interface.md §4)."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from sdfi_portal import navegacion
from tests.soporte.aspecto import Vitrina
from tests.soporte.elenco import Elenco

QUIEN = {
    "enlace": "enlace",
    "admin_entidad": "admin_entidad",
    "asesor": "asesora",
    "revisor": "revisora",
    "director": "directora",
    "subdirector": "subdirector",
    "subsecretario": "subsecretaria",
    "ventanilla": "ventanilla",
    "administrador": "administradora",
    "auditor": "auditora",
}


def lugares_y_rol() -> dict[str, str]:
    """URL name → the first role whose menu has it. What nobody serves yet joins by itself when it lands."""
    pares = [(nombre, rol) for rol, sitios in navegacion.POR_ROL.items() for _, nombre in sitios]
    pares += [(nombre, "enlace") for _, nombre in navegacion.CUENTA]
    return dict(par for par in reversed(pares) if navegacion.direccion(par[0]))


@pytest.mark.parametrize(("nombre", "rol"), sorted(lugares_y_rol().items()))
def test_lugar_del_menu_accesible(
    nombre: str, rol: str, pestana: Page, elenco: Elenco, entrar: Callable[..., Client]
) -> None:
    vitrina = Vitrina(pestana, entrar(getattr(elenco, QUIEN[rol])))
    assert vitrina.abrir(navegacion.direccion(nombre)).status == 200
    vitrina.revisar()
    assert vitrina.pestana.locator("nav[aria-label=Principal] [aria-current]").count() <= 1


@pytest.mark.parametrize(
    "ruta", ["/entrar/", "/recuperar/", "/pedir-acceso/", "/verificar/", "/banco/", "/portafolio/"]
)
def test_pagina_sin_entrar_accesible(ruta: str, pestana: Page, elenco: Elenco) -> None:
    vitrina = Vitrina(pestana, Client())
    assert vitrina.abrir(ruta).status == 200
    vitrina.revisar()
