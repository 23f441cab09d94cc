"""The gallery of mails: each event of each room, in a frame that runs nothing, with the styles it has in the post."""

import pytest
from django.urls import reverse

from avisos.eventos import eventos
from tests.paginas.visitas import Ventana


@pytest.mark.parametrize("modo", ["light", "dark"])
def test_each_mail_is_drawn_with_its_styles(ventana: Ventana, modo: str) -> None:
    ventana.ser("administrador")
    ventana.pestana.emulate_media(color_scheme=modo)  # type: ignore[arg-type]
    claves = [evento.clave for evento in eventos()]
    assert len(claves) > 20
    for clave in claves if modo == "light" else claves[:1]:
        ventana.abrir(f"{reverse('guia_correos')}?correo={clave}")
        marco = ventana.pestana.frame_locator("iframe.correo")
        assert marco.locator("h1").count() == 1, clave
        assert "{#" not in marco.locator("body").inner_text(), clave
        color = marco.locator(".hoja").evaluate("e => getComputedStyle(e).backgroundColor")
        assert color == ("rgb(255, 255, 255)" if modo == "light" else "rgb(30, 30, 34)"), clave
    assert ventana.quejas == []
    ventana.pestana.emulate_media(color_scheme="light")
