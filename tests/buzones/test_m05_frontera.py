"""M05: only what the server of our border says of the sender is believed, wherever else the same is written."""

import pytest

from buzones.criterio.dictamen import dictaminar
from buzones.criterio.hechos import Cuenta
from buzones.estados import Clase
from buzones.mime.desarmar import desarmar
from tests.buzones.apoyos_criterio import ARCHIVO, BORDE, DE, PIDE, con_cuenta, hechos, solicitud

RECIBIDO = f"Received: from mail.gobierno.example by {BORDE}; Wed, 7 Oct 2026 09:05:00 -0500"
DE_ANTES = "Received: from uno by mail.gobierno.example; Wed, 7 Oct 2026 09:04:00 -0500"
DICE = "dmarc=pass header.from=gobierno.example; dkim=pass header.d=gobierno.example"
VERDAD = f"Authentication-Results: {BORDE}; {DICE}"
CABEZA = [
    f"From: {DE}",
    f"To: {ARCHIVO}",
    "Subject: Eliminación de historias clínicas",
    "Message-ID: <a@gobierno.example>",
]
FALSAS = {
    "debajo de lo nuestro": [RECIBIDO, DE_ANTES, VERDAD, *CABEZA],
    "al final": [RECIBIDO, *CABEZA, VERDAD],
    "entre dos saltos ajenos": [RECIBIDO, DE_ANTES, VERDAD, DE_ANTES, *CABEZA],
    "de otro servidor": [f"Authentication-Results: mx.otro.example; {DICE}", RECIBIDO, *CABEZA],
    "de uno parecido": [f"Authentication-Results: {BORDE}.otro.example; {DICE}", RECIBIDO, *CABEZA],
    "el nuestro en un comentario": [f"Authentication-Results: mx.b.example ({BORDE}); {DICE}", RECIBIDO, *CABEZA],
    "en otro encabezado": [f"X-Authentication-Results: {BORDE}; {DICE}", RECIBIDO, *CABEZA],
    "ARC de cualquiera": [f"ARC-Authentication-Results: i=1; {BORDE}; {DICE}", RECIBIDO, *CABEZA],
    "debajo del nuestro que niega": [
        f"Authentication-Results: {BORDE}; dmarc=fail header.from=gobierno.example", RECIBIDO, VERDAD, *CABEZA,
    ],
}  # fmt: skip


def leido(lineas: list[str]) -> object:
    return desarmar(("\r\n".join(lineas) + f"\r\n\r\n{PIDE}\r\n").encode(), servidor_autenticacion=BORDE)


def test_m05_what_our_border_writes_is_believed() -> None:
    dicho = dictaminar(leido([VERDAD, RECIBIDO, DE_ANTES, *CABEZA]), con_cuenta())  # type: ignore[arg-type]
    assert (dicho.clase, dicho.autor_id) == (Clase.NUEVA_SOLICITUD, 70)


@pytest.mark.parametrize("donde", FALSAS)
def test_m05_what_anybody_writes_gives_no_voice(donde: str) -> None:
    d = leido(FALSAS[donde])
    dicho = dictaminar(d, con_cuenta())  # type: ignore[arg-type]
    assert dicho.autor_id is None
    mensaje = dictaminar(d, con_cuenta(nombradas=(5,), solicitudes={5: solicitud()}))  # type: ignore[arg-type]
    assert mensaje.autor_id is None
    if "niega" in donde:
        assert (dicho.clase, mensaje.clase) == (Clase.POR_CLASIFICAR, Clase.POR_CLASIFICAR)
    equipo = dictaminar(d, hechos(cuenta=Cuenta(8, es_personal=True)))  # type: ignore[arg-type]
    assert (equipo.clase, equipo.autor_id) == (Clase.POR_CLASIFICAR, None)
