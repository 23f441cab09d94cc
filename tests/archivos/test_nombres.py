"""Names survive as labels and nothing else (security.md U05)."""

from email.message import Message

import pytest
from django.utils.http import content_disposition_header
from hypothesis import example, given
from hypothesis import strategies as st

from archivos.nombres import LARGO_MAXIMO, limpiar


@pytest.mark.parametrize(
    ("crudo", "limpio"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\acta.pdf", "acta.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("LPT1.txt", "_LPT1.txt"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("  acta   final .pdf. ", "acta final.pdf"),
        ("Án\u0303o.pdf", "Áño.pdf"),
        ("📄 plan.pdf", "📄 plan.pdf"),
        ("", "archivo"),
        ("...", "archivo"),
        (".htaccess", "htaccess"),
        ("\ud800.pdf", "pdf"),
        ('a"b;c.pdf', "a_b;c.pdf"),
    ],
)
def test_nombres_dificiles(crudo: str, limpio: str) -> None:
    assert limpiar(crudo) == limpio


def test_trescientos_caracteres_conservan_la_extension() -> None:
    limpio = limpiar("ñ" * 300 + ".pdf")
    assert len(limpio) == LARGO_MAXIMO and limpio.endswith("ñ.pdf")


@given(st.text(alphabet=st.characters(), max_size=400))
@example("x" * 300 + "." + "y" * 300)
@example(".pdf")
def test_ningun_nombre_rompe_la_cabecera(crudo: str) -> None:
    """U05: hypothesis, 0 broken headers; cleaning twice changes nothing."""
    limpio = limpiar(crudo)
    cabecera = content_disposition_header(True, limpio)
    assert limpio and len(limpio) <= LARGO_MAXIMO and limpiar(limpio) == limpio
    assert cabecera is not None and cabecera.isascii() and not set(cabecera) & set("\r\n\0")
    mensaje = Message()
    mensaje["Content-Disposition"] = cabecera
    assert mensaje.get_content_disposition() == "attachment" and mensaje.get_filename() == limpio
