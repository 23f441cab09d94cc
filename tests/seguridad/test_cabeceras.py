"""S06, S07, T19: the headers of every answer, errors included (FreeScout 2g42: no policy on a partial page)."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.elenco import ANONIMO
from sdfi_portal.aislamiento.llamadas import Marcador, Respuesta
from sdfi_portal.aislamiento.matriz import Destino
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.aislamiento.prueba import TODOS
from tests.soporte.settings import RAIZ_PROYECTO

pytestmark = pytest.mark.ignore_template_errors
DIRECTIVAS = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
)
FLOJAS = ("unsafe-inline", "unsafe-eval", "*", "http:")
EXIGIDAS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

# What the portal itself shows inside a frame: cleaned HTML of a stranger, under a policy that lets nothing in.
ENMARCADAS = {"buzones:html"}
DEL_MARCO = (
    "sandbox;",
    "default-src 'none'",
    "img-src data:;",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "form-action 'none'",
)


def paginas() -> list[matriz.Pagina]:
    """All but the one that machines ask, answered at the door: the same for everybody, and not a page."""
    return [p for p in matriz.paginas() if p.nombre != "salud"]


def quien_abre(destino: Destino) -> str:
    """Somebody who gets to see it; a visitor when nobody signs in for it."""
    entran = [p for p in reversed(TODOS) if destino.pagina.deja_entrar(p)]
    return next((p for p in entran if destino.objeto is None or p in destino.abren), ANONIMO)


def uno_de_cada(este: Mundo) -> Iterator[Destino]:
    """An address of each page: of something that exists, when there is such a thing."""
    for pagina in paginas():
        destinos = sorted(matriz.destinos(pagina, este.objetos), key=lambda d: d.clase == matriz.INEXISTENTE)
        yield destinos[0]


def reparos(respuesta: Respuesta, nombre: str = "") -> list[str]:
    """What this answer lacks."""
    politica = respuesta.cabeceras.get("Content-Security-Policy", "")
    en_marco = nombre in ENMARCADAS and respuesta.estado == 200
    directivas = DEL_MARCO if en_marco else DIRECTIVAS
    faltan = [d for d in directivas if d not in politica] if respuesta.tipo == "text/html" else []
    faltan += [f"«{malo}» en la política" for malo in FLOJAS if malo in politica]
    exigidas = EXIGIDAS | {"X-Frame-Options": "SAMEORIGIN"} if en_marco else EXIGIDAS
    faltan += [clave for clave, valor in exigidas.items() if respuesta.cabeceras.get(clave) != valor]
    return faltan + ([] if "Permissions-Policy" in respuesta.cabeceras else ["Permissions-Policy"])


def se_guarda(respuesta: Respuesta) -> bool:
    guardado = {parte.strip() for parte in respuesta.cabeceras.get("Cache-Control", "").split(",")}
    return not {"private", "no-store"} <= guardado


def test_every_answer_carries_its_headers_and_what_a_person_sees_is_never_kept(este: Mundo) -> None:
    """S06, S07, T19: pages, partials, PDF, redirects and refusals, with a session and without one."""
    marcador, malas = Marcador(este.elenco), []
    for destino in uno_de_cada(este):
        for papel, metodo in ((quien_abre(destino), "GET"), (ANONIMO, "GET"), (quien_abre(destino), "POST")):
            respuesta = marcador.llamar(papel, metodo, destino.url)
            faltas = reparos(respuesta, destino.pagina.nombre)
            if papel != ANONIMO and se_guarda(respuesta):
                faltas.append("se guarda: " + respuesta.cabeceras.get("Cache-Control", "sin Cache-Control"))
            malas += [f"{metodo} {destino.url} · {papel} · {respuesta.estado} · {falta}" for falta in faltas]
    assert malas == []


@pytest.mark.larga
@pytest.mark.parametrize("papel", [ANONIMO, "enlace_a", "asesor_x", "director_x", "administrador"])
def test_every_answer_of_every_object_carries_them(este: Mundo, papel: str) -> None:
    marcador, malas = Marcador(este.elenco), []
    for pagina in paginas():
        for destino in matriz.destinos(pagina, este.objetos):
            for metodo in ("GET", "POST"):
                respuesta = marcador.llamar(papel, metodo, destino.url)
                malas += [f"{metodo} {destino.url} · {falta}" for falta in reparos(respuesta, pagina.nombre)]
                if papel != ANONIMO and se_guarda(respuesta):
                    malas.append(f"{metodo} {destino.url} se guarda")
    assert malas == []


@pytest.mark.parametrize(
    ("ruta", "metodo", "opciones", "estado"),
    [
        ("/no-existe/", "GET", {}, 404),
        ("/plantada/sin-politica/", "GET", {}, 403),
        ("/plantada/lista/", "DELETE", {}, 405),
        ("/plantada/falla/", "GET", {}, 500),
        ("/plantada/rehusa/400/", "GET", {}, 400),
        ("/plantada/rehusa/413/", "GET", {}, 413),
        ("/plantada/rehusa/503/", "GET", {}, 503),
        ("/", "GET", {"headers": {"host": "otro.example"}}, 400),
        ("/pedir-acceso/", "POST", {"data": {f"c{n}": "x" for n in range(600)}}, 413),
    ],
    ids=["404", "403", "405", "500", "400", "413", "503", "host", "muchos-campos"],
)
def test_error_pages_carry_them_too(
    este: Mundo, plantadas: None, ruta: str, metodo: str, opciones: dict, estado: int
) -> None:
    respuesta = Marcador(este.elenco).llamar("enlace_a", metodo, ruta, **opciones)

    assert respuesta.estado == estado
    assert respuesta.tipo == "text/html"
    assert reparos(respuesta) == []
    assert not se_guarda(respuesta)


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
