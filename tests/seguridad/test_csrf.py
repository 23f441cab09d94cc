"""S05: every unsafe method of every URL refuses a request without the seal of the form, for whoever could use it."""

import re
from collections.abc import Iterable
from itertools import cycle
from typing import Any

import pytest
from django.conf import settings as ajustes
from django.test import Client
from django.urls import reverse

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.llamadas import Marcador, abrir_sesion
from sdfi_portal.aislamiento.matriz import Destino
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.problemas import es_ruta_de_la_api
from tests.seguridad.test_cabeceras import paginas, quien_abre, uno_de_cada

ANFITRION = ajustes.ALLOWED_HOSTS[0]
SU_PAGINA = {"referer": f"https://{ANFITRION}/"}  # over HTTPS Django also asks where the form came from
OTROS = ("PUT", "PATCH", "DELETE")
pytestmark = pytest.mark.ignore_template_errors


def sin_sello(este: Mundo, destinos: Iterable[Destino], *, todos: bool) -> tuple[list[str], int]:
    """Who rides on the session of somebody who could open it, without the seal. Gives what was taken and how many.

    Every address with POST and, when not with all of them, with one of the others in turn."""
    marcador, malas, miradas, otros = Marcador(este.elenco, con_csrf=True), [], 0, cycle(OTROS)
    for destino in destinos:
        for metodo in ("POST", *OTROS) if todos else ("POST", next(otros)):
            respuesta = marcador.llamar(quien_abre(destino), metodo, destino.url)
            miradas += 1
            # A form whose seal is old keeps what was typed and comes back to its page: it sends nothing.
            politica = destino.pagina.politica
            rescata = politica and politica.sin_sesion and respuesta.estado == 302
            if respuesta.estado != 403 and not rescata:
                malas.append(f"{metodo} {destino.url}: {respuesta.estado}")
    return malas, miradas


def con_sesion(destinos: Iterable[Destino]) -> Iterable[Destino]:
    """All but the API and what the mail provider calls, where no session opens anything: nothing to ride on."""
    del_proveedor = {"avisos:eventos_correo", "buzones:entrante"}
    return (d for d in destinos if not es_ruta_de_la_api(d.url) and d.pagina.nombre not in del_proveedor)


def test_every_unsafe_method_needs_the_seal(este: Mundo) -> None:
    malas, miradas = sin_sello(este, con_sesion(uno_de_cada(este)), todos=False)
    assert malas == []
    assert miradas > 200


@pytest.mark.larga
def test_every_unsafe_method_on_every_object_needs_the_seal(este: Mundo) -> None:
    destinos = con_sesion(d for p in paginas() for d in matriz.destinos(p, este.objetos))
    assert sin_sello(este, destinos, todos=True)[0] == []


def test_the_api_takes_no_session_with_any_method(este: Mundo, settings: Any) -> None:
    """No seal is asked there because no cookie is read there: a session is nobody."""
    settings.API_LIMITE_DIRECCION = 10_000
    cliente, malas, miradas = Client(SERVER_NAME=ANFITRION), [], 0
    for destino in (d for p in paginas() for d in matriz.destinos(p, este.objetos) if es_ruta_de_la_api(d.url)):
        if destino.pagina.politica.publica:
            continue
        cliente.cookies[ajustes.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, quien_abre(destino))
        for metodo in ("GET", "POST", *OTROS):
            respuesta = getattr(cliente, metodo.lower())(destino.url, secure=True)
            miradas += 1
            if respuesta.status_code != 401 or respuesta.cookies:
                malas.append(f"{metodo} {destino.url}: {respuesta.status_code}")
    assert malas == []
    assert miradas > 40


def test_the_seal_opens(este: Mundo) -> None:
    """Negative control: with the seal of its own page the same request is taken."""
    cliente = Client(enforce_csrf_checks=True, SERVER_NAME=ANFITRION, headers=SU_PAGINA)
    cliente.cookies[ajustes.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "enlace_a")
    pagina = cliente.get(reverse("avisos:lista"), secure=True)
    sello = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', pagina.content.decode())
    assert sello

    con, sin = (
        cliente.post(reverse("avisos:leer_todos"), datos, secure=True)
        for datos in ({"csrfmiddlewaretoken": sello[1]}, {"csrfmiddlewaretoken": "x" * 64})
    )

    assert (con.status_code, sin.status_code) == (302, 403)


def test_a_seal_of_another_site_does_not_open(este: Mundo) -> None:
    """The Origin of a cross-site form gives it away even with a seal."""
    cliente = Client(enforce_csrf_checks=True, SERVER_NAME=ANFITRION, headers=SU_PAGINA)
    cliente.cookies[ajustes.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "enlace_a")
    pagina = cliente.get(reverse("avisos:lista"), secure=True)
    sello = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', pagina.content.decode())
    assert sello

    respuesta = cliente.post(
        reverse("avisos:leer_todos"),
        {"csrfmiddlewaretoken": sello[1]},
        secure=True,
        headers={"origin": "https://malo.example"},
    )

    assert respuesta.status_code == 403
