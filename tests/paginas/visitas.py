"""Which pages the portal has, who sees each, and a window of Chromium over the world of the proof of tenancy.

The list comes from the URLconf and from the same tables that prove the tenancy: nobody writes it twice.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import SplitResult

from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as DE_QUIEN
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page

from alcance import como_sistema
from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.elenco import ANONIMO, SIN_ROL
from sdfi_portal.aislamiento.llamadas import abrir_sesion
from sdfi_portal.aislamiento.matriz import AJENO, INEXISTENTE, Destino, Pagina
from sdfi_portal.aislamiento.mundo import Mundo
from tests.paginas.escenas import PRINCIPAL, Escena
from tests.paginas.escenas import de as escenas_de
from tests.soporte.aspecto import Vitrina

# Who opens a page first is its main papel; the others, one of each role, look at it in the long tier.
ORDEN = (
    ANONIMO, "enlace_a", "asesor_x", "revisor_x", "director_x", "subdirector_x", "ventanilla", "administrador",
    "subsecretario", "auditor", "admin_a", SIN_ROL, "asesor_y", "enlace_b",
)  # fmt: skip
UNO_POR_ROL = tuple(papel for papel in ORDEN if papel not in {"asesor_y", "enlace_b"})
_SELLO = re.compile(r'name="(csrfmiddlewaretoken|clave|ventana)" value="[^"]*"')


@dataclass(frozen=True, slots=True)
class Visita:
    """An address to look at, in its moment."""

    pagina: Pagina
    escena: Escena

    def papeles(self) -> tuple[str, ...]:
        principal = self.escena.papel
        return (principal, *(p for p in UNO_POR_ROL if p != principal))


def de_la_pagina(pagina: Pagina, este: Mundo) -> list[Visita]:
    """What the world already has (one address per variant of the URL) and its scenes."""
    visitas = [Visita(pagina, Escena(str(d.valores), _principal(d), _ruta(d))) for d in _destinos(pagina, este)]
    return visitas + [Visita(pagina, escena) for escena in escenas_de(pagina.nombre)]


def _ruta(destino: Destino) -> Any:
    return lambda este: destino.url


def _destinos(pagina: Pagina, este: Mundo) -> Iterator[Destino]:
    vistos = set()
    for destino in matriz.destinos(pagina, este.objetos):
        clave = destino.variante if destino.objeto else str(destino.valores)
        if destino.clase != INEXISTENTE and clave not in vistos and matriz.se_llena(pagina, destino.valores):
            vistos.add(clave)
            yield destino


def _principal(destino: Destino) -> str:
    propio = PRINCIPAL.get(destino.pagina.nombre)
    abren = [p for p in ORDEN if destino.pagina.deja_entrar(p) and destino.para(p) != AJENO]
    return propio or next(iter(abren), ANONIMO)


class Ventana(Vitrina):
    """Looks at the world as one papel or another. What a page writes is undone after each request."""

    def __init__(self, pestana: Page, este: Mundo) -> None:
        self.este = este
        self.dicha: tuple[str, Any] = ("", None)
        super().__init__(pestana, Client())
        self.cliente.defaults["wsgi.url_scheme"] = "https"

    @contextmanager
    def en(self, visita: Visita) -> Iterator[str]:
        """Arrange the moment, give its address, and undo it."""
        with transaction.atomic():
            with como_sistema("preparar la escena"):
                ruta = visita.escena.preparar(self.este)
            yield ruta
            transaction.set_rollback(True)

    def ser(self, papel: str, *, recien: bool = False) -> None:
        clave = "" if papel == ANONIMO else self._sesion(papel)
        if recien and clave:
            sesion = import_module(settings.SESSION_ENGINE).SessionStore(clave)
            sesion[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
            sesion[DE_QUIEN] = user_id_to_str(self.este.elenco.personas[papel])
            sesion.save()
        self.cliente.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: clave} if clave else {})

    def _sesion(self, papel: str) -> str:
        elenco = self.este.elenco
        elenco.personas[papel].refresh_from_db(fields=["password"])  # a scene may have given them one
        return abrir_sesion(elenco, papel)

    def preguntar(self, ruta: str, *, sigue: bool = False) -> Any:
        """The answer before drawing it: the next `abrir` of the same address draws this one."""
        with transaction.atomic():
            respuesta = self.cliente.get(ruta, secure=True, follow=sigue)
            respuesta.getvalue()  # a file is closed when it has been read
            transaction.set_rollback(True)
        self.dicha = ruta, respuesta
        return respuesta

    def _pedir(self, metodo: str, partes: SplitResult, cuerpo: bytes, cabeceras: dict[str, str]) -> tuple[Any, bytes]:
        ruta, respuesta = self.dicha
        if metodo == "GET" and ruta == partes._replace(scheme="", netloc="").geturl():
            self.dicha = "", None
            return respuesta, respuesta.getvalue()
        with transaction.atomic():
            hecho = super()._pedir(metodo, partes, cuerpo, cabeceras)
            transaction.set_rollback(True)
        return hecho


def es_pagina(respuesta: Any, estado: int = 200) -> bool:
    return respuesta.status_code == estado and respuesta.headers.get("Content-Type", "").startswith("text/html")


def dibuja(respuesta: Any) -> bool:
    """False for what never is a page: only POST, a PDF, JSON."""
    return respuesta.status_code != 405 and respuesta.headers.get("Content-Type", "").startswith("text/html")


def cuerpo_de(respuesta: Any) -> str:
    """What is in <main>, without the seals of the forms: two papeles who see the same see one page."""
    texto = respuesta.content.decode()
    return _SELLO.sub("", texto[texto.index("<main") : texto.index("</main>")])
