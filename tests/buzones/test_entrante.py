"""What a mail provider brings: with its secret only, kept as it was, and nothing of it lost (anymail's real views)."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from archivos import almacen
from buzones.entrante import REHECHO, SIN_ENTENDER, proveedores
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Llegada
from buzones.services import guardar as servicio
from tests.buzones.apoyos import casilla, llegadas
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CLAVE, FIRMA = "portal:una-clave-larga-del-proveedor", "firma de mailgun"
# Neither its bytes nor its line ends are what a library would write again.
CRUDO = (
    b"From: \xff\xe9 <x@entidad.example>\r\nX-Raro:sin espacio\r\nSubject: =?utf-9?q?mal\r\n\r\nl\xednea\nsin CR\r\n"
)
BINARIO = b"%PDF-1.4 \xff\nuno\r\ndos\rtres\x00\n"
DE, PARA = "quien@entidad.example", "mipg@prueba.example"


@pytest.fixture(autouse=True)
def _con_proveedor(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": CLAVE, "MAILGUN_WEBHOOK_SIGNING_KEY": FIRMA}
    settings.PROVEEDOR_DE_ENTRADA = "mailgun"


def llamar(proveedor: str, datos: Any, *, clave: str = CLAVE, tipo: str = "", **otros: Any) -> Any:
    url = reverse("buzones:entrante", args=[proveedor])
    cabeceras = {"authorization": f"Basic {b64encode(clave.encode()).decode()}"} if clave else {}
    if tipo:
        otros["content_type"] = tipo
    cliente = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return cliente.post(url, datos, headers=cabeceras, secure=True, **otros)


def firmado(**campos: Any) -> dict[str, Any]:
    """What Mailgun posts, with its signature."""
    ahora = str(int(time.time()))
    firma = hmac.new(FIRMA.encode(), f"{ahora}ficha".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": ahora, "token": "ficha", "signature": firma, "sender": DE, "recipient": PARA, **campos}


def formulario(campos: dict[str, Any], crudo: bytes | None, nombre: str) -> tuple[bytes, str]:
    """A form with a field of bytes, which Django's client only sends as text."""
    frontera, partes = "frontera-x", b""
    for uno, valor in [*campos.items(), *([(nombre, crudo)] if crudo is not None else [])]:
        contenido = valor if isinstance(valor, bytes) else str(valor).encode()
        partes += (
            f'--{frontera}\r\nContent-Disposition: form-data; name="{uno}"\r\n\r\n'.encode() + contenido + b"\r\n"
        )
    return partes + f"--{frontera}--\r\n".encode(), f"multipart/form-data; boundary={frontera}"


def mailgun(crudo: bytes, **otros: Any) -> Any:
    cuerpo, tipo = formulario(firmado(), crudo, "body-mime")
    return llamar("mailgun", cuerpo, tipo=tipo, **otros)


def guardado(una: Llegada) -> bytes:
    with almacen.abrir(una.ruta) as archivo:
        return bytes(archivo.read())


def test_the_original_is_kept_as_it_was(elenco: Elenco) -> None:
    suya = casilla(elenco)
    assert mailgun(CRUDO).status_code == 200
    [una] = llegadas()
    assert guardado(una) == CRUDO
    assert (una.casilla_id, una.origen, una.sobre_de, una.sobre_para) == (suya.pk, Origen.WEBHOOK, DE, PARA)
    assert una.dependencias == suya.dependencias() and una.falla == "" and una.estado == EstadoLlegada.GUARDADA


def test_one_of_several_megabytes_is_kept_too() -> None:
    """Django refuses a body of 2 MB: a message with its attachments comes in one field."""
    grande = b"Subject: x\r\n\r\n" + b"\xf1o\r\n" * (3 * 1024 * 1024 // 4)
    assert mailgun(grande).status_code == 200
    assert guardado(llegadas()[0]) == grande


def test_one_that_is_too_large_is_refused_before_it_is_read(settings: Any) -> None:
    settings.CORREO_MAXIMO = 2000
    assert mailgun(b"x" * 3000).status_code == 413
    assert llegadas() == []


@pytest.mark.parametrize(
    ("cambio", "estado"),
    [
        ({"clave": "portal:otra-clave-larga-del-proveedor"}, 403),
        ({"clave": ""}, 403),
    ],
)
def test_only_with_its_secret(cambio: dict[str, str], estado: int) -> None:
    assert mailgun(CRUDO, **cambio).status_code == estado
    assert llegadas() == []


def test_a_signature_that_is_not_theirs_is_refused() -> None:
    cuerpo, tipo = formulario({**firmado(), "signature": "0" * 64}, CRUDO, "body-mime")
    assert llamar("mailgun", cuerpo, tipo=tipo).status_code == 400
    assert llegadas() == []


def test_it_is_nobodys_door_without_a_provider_and_a_secret(settings: Any) -> None:
    assert llamar("postmark", "{}", tipo="application/json").status_code == 404
    assert llamar("inventado", "{}", tipo="application/json").status_code == 404
    url = reverse("buzones:entrante", args=["mailgun"])
    assert Client().get(url, secure=True).status_code == 405
    assert Client().head(url, secure=True).status_code == 200
    settings.ANYMAIL = {}
    assert mailgun(CRUDO).status_code == 404
    settings.ANYMAIL, settings.PROVEEDOR_DE_ENTRADA = {"WEBHOOK_SECRET": CLAVE}, ""
    assert mailgun(CRUDO).status_code == 404
    assert llegadas() == []


def test_what_cannot_be_kept_is_brought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def lleno(*_: Any, **__: Any) -> None:
        raise almacen.EscrituraIncompleta("se guardaron 0 de 50 bytes")

    with monkeypatch.context() as cambio:
        cambio.setattr(servicio.__globals__["almacen"], "escribir", lleno)
        assert mailgun(CRUDO).status_code == 500
    assert llegadas() == []
    assert [mailgun(CRUDO).status_code for _ in range(2)] == [200, 200]
    assert len(llegadas()) == 2  # each arrival is told; that they are one is found when they are read


def en_json(dicho: Any) -> dict[str, Any]:
    return {"datos": json.dumps(dicho), "tipo": "application/json"}


TEXTO = CRUDO.decode("latin-1").encode()  # these speak JSON: their originals are text
B64 = b64encode(CRUDO).decode()
DE_CADA_UNO = {
    "postmark": (
        en_json({
            "RawEmail": TEXTO.decode(), "OriginalRecipient": PARA, "MessageID": "1",
            "Headers": [{"Name": "Return-Path", "Value": f"<{DE}>"}],
        }),
        TEXTO,
    ),
    "sparkpost": (
        en_json([{"msys": {"relay_message": {
            "content": {"email_rfc822": B64, "email_rfc822_is_base64": True}, "msg_from": DE, "rcpt_to": PARA,
            "protocol": "smtp",
        }}}]),
        CRUDO,
    ),
    "sendgrid": (
        dict(zip(("datos", "tipo"), formulario(
            {"envelope": json.dumps({"from": DE, "to": [PARA]})}, CRUDO, "email"), strict=True)),
        CRUDO,
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support")
@pytest.mark.parametrize("proveedor", DE_CADA_UNO)
def test_the_original_of_each_provider(elenco: Elenco, settings: Any, proveedor: str) -> None:
    settings.PROVEEDOR_DE_ENTRADA, suya = proveedor, casilla(elenco)
    pedido, esperado = DE_CADA_UNO[proveedor]
    assert llamar(proveedor, **pedido).status_code == 200
    [una] = llegadas()
    assert guardado(una) == esperado and una.falla == ""
    assert (una.sobre_de, una.sobre_para, una.casilla_id) == (DE, PARA, suya.pk)


def test_one_in_pieces_is_put_together_and_it_is_told(elenco: Elenco) -> None:
    suya = casilla(elenco)
    datos = firmado(**{
        "message-headers": json.dumps([["From", f"Ana Niño <{DE}>"], ["To", PARA], ["Subject", "Año «ñ»"],
                                       ["Message-Id", "<1@x.example>"]]),
        "body-plain": "Texto con tildes: áé", "attachment-count": "1",
        "attachment-1": SimpleUploadedFile("acta – año.pdf", BINARIO, "application/pdf"),
    })  # fmt: skip
    assert llamar("mailgun", datos).status_code == 200
    [una] = llegadas()
    crudo = guardado(una)
    assert una.falla == REHECHO and una.casilla_id == suya.pk
    leido = message_from_bytes(crudo, policy=default)
    [acta] = leido.iter_attachments()
    assert (acta.get_filename(), acta.get_content()) == ("acta – año.pdf", BINARIO)
    assert leido["Message-Id"] == "<1@x.example>" and leido["Subject"] == "Año «ñ»"
    assert leido.get_body(("plain",)).get_content().strip() == "Texto con tildes: áé"


@pytest.mark.parametrize(
    ("de_archivo", "queda"),
    [
        (b'filename=".."', REHECHO),
        (b'filename="carpeta/"', REHECHO),
        (b"filename*=nadie''%ff", SIN_ENTENDER),
        (b'filename="' + b"a" * 5000 + b'"', SIN_ENTENDER),
    ],
)
def test_no_name_of_a_file_loses_its_message(de_archivo: bytes, queda: str) -> None:
    """E01: whoever writes the message chooses it. Refused, the provider would throw the message away; and what Django
    skips without a word would be one file less that nobody misses."""
    cabeceras = json.dumps([["From", DE], ["To", PARA]])
    campos = firmado(**{"message-headers": cabeceras, "body-plain": "Va", "attachment-count": "1"})
    cuerpo, tipo = formulario(campos, None, "")
    parte = b'--frontera-x\r\nContent-Disposition: form-data; name="attachment-1"; %s\r\n\r\nvale\r\n' % de_archivo
    cuerpo = cuerpo.replace(b"--frontera-x--", parte + b"--frontera-x--")
    assert llamar("mailgun", cuerpo, tipo=tipo).status_code == 200
    [una] = llegadas()
    assert una.falla == queda
    leido = message_from_bytes(guardado(una), policy=default)
    assert "vale" in str(next(leido.iter_attachments()).get_content())


@pytest.mark.parametrize(
    ("datos", "tipo"),
    [
        (b"{no es json", "application/json"),
        (b"[]", "application/json"),
        (b'{"Headers": 7}', "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"", "application/json"),
    ],
)
def test_what_is_not_understood_is_kept_whole(settings: Any, datos: bytes, tipo: str) -> None:
    settings.PROVEEDOR_DE_ENTRADA = "postmark"
    assert llamar("postmark", datos, tipo=tipo).status_code == 200
    [una] = llegadas()
    assert una.falla == SIN_ENTENDER
    assert b64encode(datos) in guardado(una).replace(b"\r\n", b"") or not datos


def test_another_webhook_of_theirs_is_told_to_who_set_it(settings: Any) -> None:
    settings.PROVEEDOR_DE_ENTRADA = "postmark"
    assert llamar("postmark", json.dumps({"RecordType": "Bounce"}), tipo="application/json").status_code == 500
    assert llegadas() == []


def test_a_provider_that_does_not_exist_is_told_at_the_start(settings: Any) -> None:
    assert run_checks(tags=["buzones"]) == []
    settings.PROVEEDOR_DE_ENTRADA = "paloma"
    [dicho] = run_checks(tags=["buzones"])
    assert dicho.id == "buzones.E001" and "postmark" in str(dicho.hint)
    assert {"mailgun", "postmark", "sparkpost", "postal", "amazon_ses"} <= set(proveedores())


def test_a_casilla_without_its_account_is_told_before_migrating(elenco: Elenco, settings: Any) -> None:
    casilla(elenco, conexion="prueba")
    [dicho] = run_checks(tags=["database"], databases=["default"])
    assert dicho.id == "buzones.W001" and "BUZON_PRUEBA" in str(dicho.hint)
    settings.BUZONES = {"prueba": object()}
    assert run_checks(tags=["database"], databases=["default"]) == []
