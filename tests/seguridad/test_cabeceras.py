"""S04, S06, S07, T19: the headers of every answer, errors included (FreeScout 2g42: no policy on a partial page)."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.elenco import ANONIMO
from sdfi_portal.aislamiento.llamadas import Marcador, Respuesta
from sdfi_portal.aislamiento.mundo import Mundo
from tests.soporte.settings import RAIZ_PROYECTO

pytestmark = pytest.mark.ignore_template_errors
PAPELES = (ANONIMO, "enlace_a", "asesor_x", "director_x", "administrador")
DIRECTIVAS = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action")
EXIGIDAS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def paginas() -> list[matriz.Pagina]:
    """All but the one that machines ask, answered at the door: the same for everybody, and not a page."""
    return [p for p in matriz.paginas() if p.nombre != "salud"]


def reparos(respuesta: Respuesta) -> list[str]:
    """What this answer lacks."""
    politica = respuesta.cabeceras.get("Content-Security-Policy", "")
    faltan = [d for d in DIRECTIVAS if d not in politica] if respuesta.tipo == "text/html" else []
    faltan += [
        f"«{malo}» en la política" for malo in ("unsafe-inline", "unsafe-eval", "*", "http:") if malo in politica
    ]
    faltan += [nombre for nombre, valor in EXIGIDAS.items() if respuesta.cabeceras.get(nombre) != valor]
    return faltan + ([] if "Permissions-Policy" in respuesta.cabeceras else ["Permissions-Policy"])


def test_every_answer_carries_its_headers(este: Mundo) -> None:
    marcador, malas = Marcador(este.elenco), []
    for pagina in paginas():
        for destino in matriz.destinos(pagina, este.objetos):
            for papel in PAPELES if destino.objeto is None else ("enlace_a",):
                for metodo in ("GET", "POST"):
                    respuesta = marcador.llamar(papel, metodo, destino.url)
                    malas += [f"{metodo} {destino.url} · {papel} · {falta}" for falta in reparos(respuesta)]
    assert malas == []


def test_what_a_person_sees_is_never_kept(este: Mundo) -> None:
    """T19: `private, no-store` on everything that a session opens; the same address gives nobody else's bytes."""
    marcador, malas = Marcador(este.elenco), []
    for pagina in paginas():
        for destino in matriz.destinos(pagina, este.objetos):
            guardado = marcador.llamar("enlace_a", "GET", destino.url).cabeceras.get("Cache-Control", "")
            if not {"private", "no-store"} <= {parte.strip() for parte in guardado.split(",")}:
                malas.append(f"{destino.url}: {guardado or 'sin Cache-Control'}")
    assert malas == []


@pytest.mark.parametrize(
    ("ruta", "metodo", "opciones", "estado"),
    [
        ("/no-existe/", "GET", {}, 404),
        ("/plantada/sin-politica/", "GET", {}, 403),
        ("/plantada/lista/", "DELETE", {}, 405),
        ("/plantada/falla/", "GET", {}, 500),
        ("/", "GET", {"headers": {"host": "otro.example"}}, 400),
        ("/plantada/lista/", "POST", {"data": {f"c{n}": "x" for n in range(600)}}, 405),
    ],
    ids=["404", "403", "405", "500", "400", "muchos-campos"],
)
def test_error_pages_carry_them_too(
    este: Mundo, plantadas: None, ruta: str, metodo: str, opciones: dict, estado: int
) -> None:
    respuesta = Marcador(este.elenco).llamar("enlace_a", metodo, ruta, **opciones)

    assert respuesta.estado == estado
    assert reparos(respuesta) == []


def test_cookies_are_for_this_host_over_https_and_not_for_scripts(este: Mundo) -> None:
    """S04: `__Host-`, Secure, HttpOnly, SameSite; nothing else in the browser names the person."""
    cliente = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    cliente.get(reverse("account_login"), secure=True)
    cliente.force_login(
        este.elenco.personas["enlace_a"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    cliente.get("/privacidad/", secure=True)

    for nombre in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME):
        galleta = cliente.cookies[nombre]
        assert nombre.startswith("__Host-")
        assert galleta["secure"] and galleta["httponly"] and galleta["path"] == "/" and not galleta["domain"]
        assert galleta["samesite"] in {"Lax", "Strict"}


def test_production_passes_the_deployment_check() -> None:
    """S07: `check --deploy` with production settings has nothing to say."""
    entorno = {nombre: valor for nombre, valor in os.environ.items() if not nombre.startswith(("PORTAL_", "DJANGO_"))}
    entorno |= {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DOMINIO": "https://portal.example",
        "DATABASE_URL": "postgresql://sdfi_web:x@127.0.0.1:1/portal",
        "BROKER_URL": "redis://:x@127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "FIRMA_P12": "/no/existe.p12",
    }
    orden = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    hecho = subprocess.run(orden, cwd=RAIZ_PROYECTO, env=entorno, capture_output=True, text=True)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
