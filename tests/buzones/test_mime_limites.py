"""I07, M08: time and memory grow with the message alone, and what is too much is kept whole."""

import subprocess
import sys
import time
import tracemalloc

import pytest

from buzones.mime import autenticacion, calendario, citas, cuerpo, encabezados, fechas, limpiar_html, reenvios, robots
from buzones.mime.desarmar import _desarmar
from tests.buzones.corpus.escritos import DE_MAS
from tests.buzones.corpus.hacer import PDF, adjunto, con, mensaje, texto

_PATRONES = {
    f"{modulo.__name__.rpartition('.')[2]}.{nombre}": valor
    for modulo in (autenticacion, calendario, citas, cuerpo, encabezados, fechas, limpiar_html, reenvios, robots)
    for nombre, valor in vars(modulo).items()
    if hasattr(valor, "pattern") and isinstance(valor.pattern, str)
}
_HOSTILES = [
    "a",
    " ",
    "<",
    ">",
    "-",
    "_",
    "=?a?q?",
    "1 ",
    "de: ",
    "a@",
    "a.",
    "x-",
    "\n",
    ": ",
    "re: ",
    "2 al ",
    ";a:",
]


@pytest.mark.parametrize("nombre", sorted(_PATRONES))
def test_ningun_patron_crece_mas_que_el_texto(nombre: str):
    """Tried from every letter of a text made to send it back and forth: what grew with its square would not end."""
    for hostil in _HOSTILES:
        largo = (hostil * 10_000)[:10_000]
        antes = time.process_time()
        for _ in _PATRONES[nombre].finditer(largo):
            pass
        _PATRONES[nombre].match(largo + "!")
        assert time.process_time() - antes < 0.5, (nombre, hostil)


@pytest.mark.parametrize("de_mas", sorted(DE_MAS))
def test_el_html_que_es_demasiado_se_lee_como_texto(de_mas: str):
    texto_leido = limpiar_html.a_texto("<p>Hola</p>" + DE_MAS[de_mas])
    assert texto_leido.startswith("Hola")


def test_la_memoria_crece_con_el_mensaje_y_no_con_sus_niveles():
    def pico(crudo: bytes) -> int:
        tracemalloc.start()
        _desarmar(crudo, "", None)
        maximo = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return maximo

    plano = con(texto(), adjunto("a.pdf", PDF + bytes(3_000_000)))
    assert pico(plano) < 4 * len(plano)


def test_el_texto_largo_no_se_pierde():
    crudo = mensaje(b"palabra " * 200_000)
    leido = _desarmar(crudo, "", None)
    assert leido.piezas[0].contenido == b"palabra " * 200_000


def test_se_puede_usar_sin_django():
    """Pure: it imports no settings, no models, nothing of the network, and the web does not load it at start."""
    guion = (
        "import sys\n"
        "from buzones.mime.desarmar import desarmar\n"
        "desarmar(b'From: a@b.co\\n\\nHola')\n"
        "sobran = {m for m in sys.modules if m.split('.')[0] in {'imaplib', 'imap_tools', 'smtplib', 'psycopg2'}\n"
        "          or m.startswith('django.db') or m.endswith('.models')}\n"
        "assert not sobran, sobran\n"
    )
    subprocess.run([sys.executable, "-c", guion], check=True, env={"PATH": ""})
