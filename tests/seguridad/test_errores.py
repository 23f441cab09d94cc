"""S10, S09: what an error says to people outside, and to whom the portal answers at all."""

import logging

import pytest

from sdfi_portal.aislamiento.llamadas import Marcador
from tests.seguridad.urls_plantadas import SECRETO

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.usefixtures("plantadas")]
DELATORES = (
    SECRETO,
    "Traceback",
    ".py",
    "select ",
    "psycopg",
    "Django/",
    "RuntimeError",
    "direcciones_persona",
    "/work/",
)


@pytest.mark.parametrize("como", ["400", "403", "404", "413", "503"])
def test_error_pages_tell_nothing_of_the_inside(marcador: Marcador, como: str) -> None:
    respuesta = marcador.llamar("enlace_a", "GET", f"/plantada/rehusa/{como}/")

    assert respuesta.estado == int(como)
    assert [d for d in DELATORES if d in respuesta.cuerpo.decode()] == []


def test_a_failure_gives_a_code_and_nothing_else(marcador: Marcador, caplog: pytest.LogCaptureFixture) -> None:
    """The code of the page is the one of the log, where the cause is."""
    logging.disable(logging.NOTSET)
    with caplog.at_level(logging.ERROR):
        respuesta = marcador.llamar("enlace_a", "GET", "/plantada/falla/")

    codigos = [registro.codigo for registro in caplog.records if hasattr(registro, "codigo")]
    assert respuesta.estado == 500 and codigos
    assert codigos[0] in respuesta.cuerpo.decode()
    assert [d for d in DELATORES if d in respuesta.cuerpo.decode()] == []


@pytest.mark.parametrize(
    "anfitrion", ["malo.example", "localhost.malo.example", "malo.example:443", "local host", "[::2]"]
)
@pytest.mark.parametrize("papel", ["anonimo", "enlace_a"])
def test_an_unknown_host_is_refused(marcador: Marcador, anfitrion: str, papel: str) -> None:
    """S09, N03: no page, and so no link nor mail, is ever made for a host that is not ours."""
    for ruta in ("/", "/privacidad/", "/recuperar/"):
        respuesta = marcador.llamar(papel, "GET", ruta, headers={"host": anfitrion})
        assert respuesta.estado == 400
        assert anfitrion not in respuesta.cuerpo.decode()


def test_a_forwarded_host_is_not_believed(marcador: Marcador) -> None:
    """FreeScout 9cm3: headers that anybody can write are not who we are."""
    respuesta = marcador.llamar("anonimo", "GET", "/", headers={"x-forwarded-host": "malo.example"})

    assert respuesta.estado == 200
    assert "malo.example" not in respuesta.cuerpo.decode()
