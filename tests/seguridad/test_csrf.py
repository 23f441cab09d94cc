"""S05: every unsafe method of every URL refuses a request without the seal of the form, for whoever could use it."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.elenco import ANONIMO
from sdfi_portal.aislamiento.llamadas import Marcador, abrir_sesion
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.aislamiento.prueba import TODOS

ANFITRION = settings.ALLOWED_HOSTS[0]
SU_PAGINA = {"referer": f"https://{ANFITRION}/"}  # over HTTPS Django also asks where the form came from
pytestmark = pytest.mark.ignore_template_errors


def quien_entra(pagina: matriz.Pagina) -> str:
    """Somebody whom the first net lets in, signed in when it can be: theirs is the session an attacker rides on."""
    return next((p for p in reversed(TODOS) if pagina.deja_entrar(p)), ANONIMO)


def test_every_unsafe_method_needs_the_seal(este: Mundo) -> None:
    marcador, malas, miradas = Marcador(este.elenco, con_csrf=True), [], 0
    for pagina in matriz.paginas():
        if pagina.nombre == "salud":  # answered at the door, before sessions; only reads
            continue
        for destino in matriz.destinos(pagina, este.objetos):
            for metodo in ("POST", "PUT", "PATCH", "DELETE"):
                respuesta = marcador.llamar(quien_entra(pagina), metodo, destino.url)
                miradas += 1
                # A form whose seal is old keeps what was typed and comes back to its page: it sends nothing.
                rescata = pagina.politica and pagina.politica.sin_sesion and respuesta.estado == 302
                if respuesta.estado != 403 and not rescata:
                    malas.append(f"{metodo} {destino.url}: {respuesta.estado}")
    assert malas == []
    assert miradas > 50


def test_the_seal_opens(este: Mundo) -> None:
    """Negative control: with the seal of its own page the same request is taken."""
    cliente = Client(enforce_csrf_checks=True, SERVER_NAME=ANFITRION, headers=SU_PAGINA)
    cliente.cookies[settings.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "enlace_a")
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
    cliente.cookies[settings.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "enlace_a")
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
