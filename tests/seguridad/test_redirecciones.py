"""S08: whatever is asked in `next`, `Referer` and the like, the person stays on this host (RT: open redirect)."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo

pytestmark = pytest.mark.ignore_template_errors
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
)
NOMBRES = ("next", "siguiente", "volver", "vuelta", "url", "ir_a", "destino")


def fuera(destino: str) -> bool:
    """Whether a browser would leave this host with that Location."""
    limpio = destino.strip().replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    partes = urlsplit(limpio)
    if partes.scheme and partes.scheme not in {"http", "https"}:
        return True
    return (bool(partes.netloc) and partes.hostname not in settings.ALLOWED_HOSTS) or limpio.startswith("//")


@pytest.mark.parametrize("salida", SALIDAS)
def test_no_page_sends_people_away(este: Mundo, marcador: Marcador, salida: str) -> None:
    """Every page without parameters, asked with each name a return address could have."""
    consulta = dict.fromkeys(NOMBRES, salida)
    malas = []
    for pagina in matriz.paginas():
        if pagina.parametros:
            continue
        for papel, metodo in (("anonimo", "GET"), ("enlace_a", "GET"), ("enlace_a", "POST")):
            respuesta = marcador.llamar(
                papel,
                metodo,
                pagina.direccion({}),
                data=consulta,
                headers={
                    "referer": salida.strip().encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
                },
            )
            if fuera(respuesta.destino) or "a=b" in str(respuesta.cabeceras.get("Set-Cookie", "")):
                malas.append(f"{metodo} {pagina.nombre} → {respuesta.destino}")
    assert malas == []


def test_changing_the_look_returns_only_here(marcador: Marcador) -> None:
    ruta = reverse("preferencias", args=["letra-mas"])
    for salida in SALIDAS:
        if salida.isascii() and salida.isprintable():
            assert not fuera(marcador.llamar("anonimo", "GET", ruta, headers={"referer": salida}).destino)


@example("//malo.example/%2e%2e")
@example("/\\/malo.example")
@given(st.text(st.sampled_from("/\\:@.%#?\t htpsmalo0x5cjvri"), max_size=30))
@ajustes(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sign_in_never_returns_elsewhere(marcador: Marcador, salida: str) -> None:
    """500 shapes of a return address, by the page that uses it most: who is in already goes where `next` says."""
    respuesta = marcador.llamar("enlace_a", "GET", reverse("account_login"), data={"next": salida})
    assert not fuera(respuesta.destino)
