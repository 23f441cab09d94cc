"""S08: whatever is asked in `next`, `Referer` and the like, the person stays on this host (RT: open redirect)."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.core import context
from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from cuentas.adaptador import AdaptadorCuentas
from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.llamadas import Marcador, Respuesta
from sdfi_portal.aislamiento.mundo import Mundo

pytestmark = pytest.mark.ignore_template_errors
ANFITRION = settings.ALLOWED_HOSTS[0]
SALIDAS = (
    "//malo.example",
    "https://malo.example/",
    "https:malo.example",
    "https:///malo.example",
    "\\\\malo.example",
    "/\\malo.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aSet-Cookie:%20a=b",
    "/\r\nSet-Cookie: a=b",
    "https://localhost@malo.example/",
    "//localhost:8000@malo.example/",
    "／／malo.example",
    " //malo.example",
    "\t//malo.example",
    "https://malo。example",
    f"http://{ANFITRION}/",
)
NOMBRES = ("next", "siguiente", "volver", "vuelta", "url", "ir_a", "destino")
DENTRO = "/terminos/?marca=4711"
MODOS = (("anonimo", "GET"), ("enlace_a", "GET"), ("enlace_a", "POST"))
FORMAS = st.text(st.sampled_from("/\\:@.%#?\t htpsmalo0x5cjvri"), max_size=30)


def fuera(destino: str) -> bool:
    """Whether a browser would leave this host, or its encryption, with that Location."""
    limpio = destino.strip().replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    partes = urlsplit(limpio)
    if partes.scheme and partes.scheme != "https":
        return True
    return (bool(partes.netloc) and partes.hostname not in settings.ALLOWED_HOSTS) or limpio.startswith("//")


def pedir(marcador: Marcador, papel: str, metodo: str, url: str, salida: str, referer: str = "") -> Respuesta:
    """With every name a return address could have, and the page it came from."""
    de_donde = "".join(letra for letra in referer or salida if letra.isascii() and letra.isprintable())
    datos = dict.fromkeys(NOMBRES, salida)
    return marcador.llamar(papel, metodo, url, data=datos, headers={"referer": de_donde})


def sin_parametros() -> list[str]:
    return [p.direccion({}) for p in matriz.paginas() if not p.parametros]


def se_va(respuesta: Respuesta) -> bool:
    return fuera(respuesta.destino) or "a=b" in str(respuesta.cabeceras.get("Set-Cookie", ""))


def test_the_pages_that_come_back_come_back_here(este: Mundo, marcador: Marcador) -> None:
    """Those that obey a return address of ours are found first; then each is asked to go elsewhere."""
    obedientes = [
        (papel, metodo, url)
        for url in [*sin_parametros(), reverse("preferencias", args=["letra-mas"])]
        for papel, metodo in MODOS
        if "4711" in pedir(marcador, papel, metodo, url, DENTRO, f"https://{ANFITRION}{DENTRO}").destino
    ]
    assert ("enlace_a", "GET", reverse("account_login")) in obedientes
    assert any("preferencias" in url or "letra" in url for *_, url in obedientes)
    malas = [
        f"{metodo} {url} · {salida!r}"
        for papel, metodo, url in obedientes
        for salida in SALIDAS
        if se_va(pedir(marcador, papel, metodo, url, salida))
    ]
    assert malas == []


@example("//malo.example/%2e%2e")
@example("/\\/malo.example")
@given(FORMAS | st.sampled_from(SALIDAS))
@ajustes(max_examples=500, deadline=None)
def test_sign_in_never_takes_a_return_address_of_elsewhere(salida: str) -> None:
    """500 shapes of the one check that sign-in, sign-out and the confirmations share."""
    peticion = RequestFactory().get("/", secure=True, headers={"host": ANFITRION})
    with context.request_context(peticion):
        assert not (AdaptadorCuentas(peticion).is_safe_url(salida) and fuera(salida))


@pytest.mark.larga
@pytest.mark.parametrize("salida", SALIDAS)
def test_no_page_sends_people_away(este: Mundo, marcador: Marcador, salida: str) -> None:
    malas = [
        f"{metodo} {url}"
        for url in sin_parametros()
        for papel, metodo in MODOS
        if se_va(pedir(marcador, papel, metodo, url, salida))
    ]
    assert malas == []


@pytest.mark.larga
@given(FORMAS)
@ajustes(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_is_in_already_goes_only_where_it_is_ours(marcador: Marcador, salida: str) -> None:
    datos: dict[str, Any] = {"next": salida}
    assert not fuera(marcador.llamar("enlace_a", "GET", reverse("account_login"), data=datos).destino)
