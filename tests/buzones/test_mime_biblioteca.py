"""An independent oracle: where a message is well made, the library of Python reads the same as we do."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from buzones.mime.desarmar import desarmar
from tests.buzones.corpus import escritos  # noqa: F401  its families
from tests.buzones.corpus.hacer import Caso, todos

RAIZ = Path(__file__).parents[2]
# The families whose cases are right, or wrong only in what the library also mends.
_DE_LA_BIBLIOTECA = ("juego-", "outlook-", "programa-", "cita-", "reenvio-", "robot-", "persona-")
_SALVO = {
    # A wrong or missing character set, a winmail.dat and a file name with control letters: the library leaves them.
    "juego-desconocido", "juego-miente", "juego-mezclado", "juego-utf8-como-latino", "juego-utf-16-", "juego-meta",
    "juego-bom", "juego-utf-7", "juego-windows-1258", "juego-ks_c",
}  # fmt: skip
BIEN_HECHOS = [
    caso
    for caso in todos(grandes=False)
    if caso.nombre.startswith(_DE_LA_BIBLIOTECA)
    and not caso.nombre.startswith(tuple(_SALVO))
    and caso.nombre.isprintable()
]


def _leido(crudo: bytes) -> EmailMessage:
    leido = message_from_bytes(crudo, policy=policy.default)
    assert isinstance(leido, EmailMessage)
    return leido


def test_son_bastantes():
    assert len(BIEN_HECHOS) > 150


@pytest.mark.parametrize("caso", BIEN_HECHOS, ids=lambda c: c.nombre)
def test_lee_lo_mismo_que_la_biblioteca(caso: Caso):
    _iguales(caso.crudo)


@pytest.mark.parametrize("numero", ["01", "03", "04", "06", "09", "10", "11", "12"])
def test_lee_los_ejemplos_como_la_biblioteca(numero: str):
    (archivo,) = (RAIZ / "datos/correos_ejemplo").glob(f"{numero}_*.eml")
    _iguales(archivo.read_bytes())


def _iguales(crudo: bytes) -> None:
    nuestro, suyo = desarmar(crudo), _leido(crudo)
    assert nuestro.asunto == " ".join(str(suyo["subject"] or "").split())
    (de,) = suyo["from"].addresses
    assert (nuestro.de.nombre, nuestro.de.correo) == (de.display_name, de.addr_spec.lower())
    assert [d.correo for d in nuestro.para] == [
        a.addr_spec for clave in ("to", "cc") if suyo[clave] for a in suyo[clave].addresses
    ]
    assert nuestro.mensaje_id == str(suyo["message-id"] or "")
    if nuestro.fecha:
        assert nuestro.fecha == suyo["date"].datetime
    plano = suyo.get_body(("plain",))
    if plano is not None and plano.get_content().strip():
        assert nuestro.texto.split() == plano.get_content().split()
    suyas = [p for p in suyo.walk() if not p.is_multipart() and p.get_filename()]
    nuestras = {p.contenido for p in nuestro.piezas}
    assert {p.get_payload(decode=True) for p in suyas} <= nuestras
