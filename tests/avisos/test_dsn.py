"""M11: what comes back is understood, from each kind of server; what is no report is not taken for one (M07, M08)."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avisos.dsn import leer
from bandeja.rechazos import Gravedad, clasificar

CORPUS = Path(__file__).with_name("dsn")
MENSAJE = "<0123456789abcdef0123456789abcdef@portal.example>"
ANA = "ana.ruiz@entidad.example"
NADA = ("", "")
# Shape: file → what it says and its code. «exim-…», without a code, says it in words.
ESPERADO = {
    "codificado-base64": ("duro", "5.1.1"),
    "cortado": ("duro", "5.1.1"),
    "domino-no-existe": ("duro", "5.0.0"),
    "exchange-2010-solo-texto": ("duro", "5.1.1"),
    "exchange-borde": ("duro", "5.4.1"),
    "exchange-dominio": ("duro", "5.4.310"),
    "exchange-lleno": ("blando", "5.2.2"),
    "exchange-no-existe": ("duro", "5.1.10"),
    "exchange-restringida": ("rechazo", "5.7.133"),
    "exim-lleno": ("blando", ""),
    "exim-no-existe": ("duro", ""),
    "gmail-inactiva": ("duro", "5.2.1"),
    "gmail-llena": ("blando", "5.2.2"),
    "gmail-no-existe": ("duro", "5.1.1"),
    "gmail-sin-autenticar": ("rechazo", "5.7.26"),
    "gmail-sin-respuesta": ("blando", "4.4.1"),
    "postfix-dominio": ("duro", "5.4.4"),
    "postfix-entregado": ("entregado", "2.0.0"),
    "postfix-lleno": ("blando", "5.2.2"),
    "postfix-no-existe": ("duro", "5.1.1"),
    "postfix-reenviado": ("duro", "5.1.1"),
    "postfix-spam": ("rechazo", "5.7.1"),
    "postfix-vencido": ("blando", "4.4.1"),
    "qmail-no-existe": ("duro", "5.1.1"),
    "queja": ("queja", ""),
    "sendmail-no-existe": ("duro", "5.1.1"),
    "zimbra-inactiva": ("duro", "5.1.1"),
    # Late, absent, an answer, and a complaint taken back.
    "exim-tarde": NADA,
    "postfix-tarde": NADA,
    "ausencia": NADA,
    "respuesta": NADA,
    "no-es-queja": NADA,
}


def crudo(nombre: str) -> bytes:
    return (CORPUS / f"{nombre}.eml").read_bytes()


def test_every_mail_of_the_corpus_is_expected() -> None:
    assert {ruta.stem for ruta in CORPUS.glob("*.eml")} == set(ESPERADO)


@pytest.mark.parametrize("saltos", ["\n", "\r\n"])
@pytest.mark.parametrize("nombre", sorted(ESPERADO))
def test_what_each_server_says(nombre: str, saltos: str) -> None:
    informe = leer(crudo(nombre).replace(b"\n", saltos.encode()))
    esperado = ESPERADO[nombre]
    assert [(r.correo, str(r.dice), r.codigo) for r in informe.rebotes] == ([(ANA, *esperado)] if esperado[0] else [])
    if nombre != "cortado":  # it was cut before saying of which mail
        assert informe.mensajes[0] == MENSAJE


def test_a_report_of_two_addresses_says_what_became_of_each() -> None:
    dos = crudo("postfix-no-existe").replace(
        b"\n--4XyZ123.1795443305/mail.portal.example\nContent-Description: Undelivered",
        b"\nFinal-Recipient: rfc822; otra@entidad.example\nAction: failed\nStatus: 4.2.2\n"
        b"Diagnostic-Code: smtp; 452 4.2.2 Over quota\n"
        b"\n--4XyZ123.1795443305/mail.portal.example\nContent-Description: Undelivered",
    )
    assert [(r.correo, str(r.dice)) for r in leer(dos).rebotes] == [(ANA, "duro"), ("otra@entidad.example", "blando")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(ESPERADO)), st.randoms(use_true_random=False))
def test_broken_mails_break_nothing(nombre: str, azar) -> None:  # type: ignore[no-untyped-def]
    """M08: cut, with lines lost or repeated and bytes changed."""
    lineas = crudo(nombre).splitlines(keepends=True)
    for _ in range(azar.randrange(1, 6)):
        i, j = azar.randrange(len(lineas)), azar.randrange(len(lineas))
        que = azar.randrange(4)
        if que == 0:
            lineas[i] = bytes(azar.randrange(256) for _ in range(40)) + b"\n"
        elif que == 1:
            lineas = lineas[: i + 1]
        elif que == 2:
            lineas[i:i] = lineas[j : j + 8]
        else:
            lineas[i] = lineas[j]
    leer(b"".join(lineas))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_break_nothing(texto: bytes) -> None:
    assert leer(texto).rebotes == ()


def test_a_mail_of_a_thousand_parts_inside_one_another_breaks_nothing() -> None:
    hondo = b"".join(
        b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (nivel, nivel) for nivel in range(1000)
    )
    assert leer(b"From: mailer-daemon@x.example\nSubject: failed\n" + hondo).rebotes == ()


@pytest.mark.parametrize(
    ("codigo", "texto", "gravedad"),
    [
        (550, "5.1.1 <a@b.example>: Recipient address rejected: User unknown", Gravedad.DURA),
        (550, "No such user here", Gravedad.DURA),
        (550, "Requested action not taken: mailbox unavailable", Gravedad.DURA),
        (550, "5.7.1 Unable to relay", Gravedad.AJENA),
        (550, "relay not permitted", Gravedad.AJENA),
        (554, "5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", Gravedad.AJENA),
        (553, "sorry, that domain isn't in my list of allowed rcpthosts", Gravedad.DURA),
        (552, "5.2.2 Mailbox full", Gravedad.BLANDA),
        (552, "5.2.3 Message size exceeds fixed limit", Gravedad.AJENA),
        (450, "4.2.0 greylisted, try again", Gravedad.BLANDA),
        (530, "5.7.0 Authentication required", Gravedad.AJENA),
        (550, "El usuario no existe", Gravedad.DURA),
        (550, "El buzón está lleno", Gravedad.BLANDA),
        (550, "5.7.1 Sender ana@x.example not allowed", Gravedad.AJENA),
        (0, "host mx [10.5.1.1] timed out", Gravedad.BLANDA),
    ],
)
def test_what_a_refusal_says_of_the_address(codigo: int, texto: str, gravedad: Gravedad) -> None:
    assert clasificar(texto, codigo=codigo) is gravedad
