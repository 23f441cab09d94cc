"""X05: the portal calls public addresses only, judged when it connects; what it calls can't hold it nor flood it."""

import _socket
import ipaddress
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api import salida
from tests.soporte.https import BIEN, Servidor

PUBLICA = "93.184.215.14"
# Each is written as whoever aims at the inside would write it, and is what the name resolves to.
PRIVADAS = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:53aa:64c::1", "2001:db8::1",
    "3fff::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "2606:4700::5efe:7f00:1",
]  # fmt: skip
# The resolver of the system understands all of these as an address.
ESCRITAS = ["2130706433", "0x7f000001", "017700000001", "127.1", "0x7f.1", "localhost", "localhost."]


@pytest.fixture
def resuelve(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`resuelve("10.0.0.1", …)`: what any name means, and how many times it was asked."""

    class Resolutor:
        preguntas = 0

        def __call__(self, *veces: list[str]) -> "Resolutor":
            self.veces = list(veces)
            monkeypatch.setattr(salida.socket, "getaddrinfo", self._resolver)
            return self

        def _resolver(self, nombre: str, puerto: int, **_: Any) -> list[Any]:
            self.preguntas += 1
            ahora = self.veces.pop(0) if len(self.veces) > 1 else self.veces[0]
            familia = {4: socket.AF_INET, 6: socket.AF_INET6}
            return [
                (
                    familia[ipaddress.ip_address(una.partition("%")[0]).version],
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (una, puerto),
                )
                for una in ahora
            ]

    return Resolutor()


@pytest.fixture
def conectados(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To which addresses it went. None is reached."""
    hechas: list[str] = []

    def conectar(direccion: Any, puerto: int, segundos: float) -> socket.socket:
        hechas.append(str(direccion))
        raise ConnectionRefusedError

    monkeypatch.setattr(salida, "_conectar", conectar)
    return hechas


@pytest.fixture
def servidor(tmp_path: Path, settings: Any, resuelve: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servidor]:
    """A server of another at a public address, which leads to one of this machine; all the rest is as it is."""
    with Servidor(tmp_path, "siga.example") as uno:
        settings.WEBHOOKS_CA = uno.autoridad
        resuelve([PUBLICA])

        al_de_verdad = salida._conectar

        def conectar(direccion: Any, puerto: int, segundos: float) -> socket.socket:
            assert (str(direccion), puerto) == (PUBLICA, 443)
            return al_de_verdad(ipaddress.ip_address("127.0.0.1"), uno.puerto, segundos)

        monkeypatch.setattr(salida, "_conectar", conectar)
        yield uno


def enviar(url: str = "https://siga.example/avisos?de=portal", cuerpo: bytes = b"{}", **cabeceras: str) -> Any:
    return salida.enviar(url, cuerpo, cabeceras)


# --- Where it does not go --------------------------------------------------------------------------------------------
def test_there_are_forty() -> None:
    assert len(set(PRIVADAS)) >= 40


@pytest.mark.parametrize("direccion", PRIVADAS)
def test_a_name_that_leads_inside_is_refused_at_connect_time(
    direccion: str, resuelve: Any, conectados: list[str]
) -> None:
    resuelve([direccion])
    with pytest.raises(salida.Rehusada, match="pública"):
        enviar()
    resuelve([PUBLICA, direccion])  # also behind a good one
    with pytest.raises(salida.Rehusada):
        enviar()
    assert conectados == []


@pytest.mark.parametrize("direccion", PRIVADAS)
def test_and_the_address_itself(direccion: str, conectados: list[str]) -> None:
    literal = f"[{direccion}]" if ":" in direccion else direccion
    with pytest.raises(salida.Rehusada, match="pública"):
        enviar(f"https://{literal}/")
    assert conectados == []


@pytest.mark.parametrize("escrita", ESCRITAS)
def test_and_whatever_the_resolver_understands_as_one(
    escrita: str, conectados: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The true one, which asks nobody of these."""
    monkeypatch.setattr(salida.socket, "getaddrinfo", _socket.getaddrinfo)
    with pytest.raises(salida.Rehusada, match="pública"):
        enviar(f"https://{escrita}/")
    assert conectados == []


@pytest.mark.parametrize("publica", [PUBLICA, "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_public_one_is_called(publica: str, resuelve: Any, conectados: list[str]) -> None:
    """Otherwise refusing everything would pass."""
    resuelve([publica])
    with pytest.raises(salida.SinRespuesta):
        enviar()
    assert conectados == [str(ipaddress.ip_address(publica))]


def test_a_resolver_that_changes_its_mind_changes_nothing(resuelve: Any, conectados: list[str]) -> None:
    """Rebinding: what was judged is what is called."""
    resolutor = resuelve([PUBLICA], ["127.0.0.1"])
    with pytest.raises(salida.SinRespuesta):
        enviar()
    assert (conectados, resolutor.preguntas) == ([PUBLICA], 1)
    with pytest.raises(salida.Rehusada):
        enviar()
    assert conectados == [PUBLICA]


def test_a_local_zone_is_refused(resuelve: Any, conectados: list[str]) -> None:
    resuelve(["fe80::1%eth0"])
    with pytest.raises(salida.Rehusada):
        enviar()
    assert conectados == []


@pytest.mark.parametrize(
    "url",
    [
        "http://siga.example/", "ftp://siga.example/", "file:///etc/passwd", "https:///x", "https://", "siga.example",
        "https://usuario:clave@siga.example/", "https://siga.example@127.0.0.1/", "https://siga.example/#a",
        "https://siga.example/a b", "https://siga.example/\r\nX: y", "https://siga.example\\@127.0.0.1/",
        "https://siga.example:99999/", "https://siga.example:x/", "https://127.0.0.1%2f.example/", "https://ñandú.example/",
        "https://siga.example/" + "a" * 500, "gopher://siga.example/", "https://[::1", "https://a..b%00.example/",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_url_is_refused(url: str, conectados: list[str]) -> None:
    with pytest.raises(salida.Rehusada):
        enviar(url)
    assert conectados == []


# --- A real call -----------------------------------------------------------------------------------------------------
def test_what_is_sent_is_what_arrives(servidor: Servidor) -> None:
    respuesta = enviar(cuerpo='{"a":"ñ"}'.encode(), **{"SDFI-Id": "webhook:1:m2"})
    [recibido] = servidor.recibidos
    assert respuesta.codigo == 204
    assert recibido.linea == "POST /avisos?de=portal HTTP/1.1"
    assert recibido.cuerpo.decode() == '{"a":"ñ"}'
    assert recibido.cabeceras["host"] == "siga.example" and recibido.cabeceras["sdfi-id"] == "webhook:1:m2"


def test_a_redirection_is_an_answer_and_nobody_goes_there(servidor: Servidor) -> None:
    servidor.respuestas = [b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"]
    assert enviar().codigo == 302
    assert len(servidor.recibidos) == 1


def test_a_certificate_of_another_name_or_of_nobody_is_not_believed(servidor: Servidor, settings: Any) -> None:
    with pytest.raises(salida.SinRespuesta, match="certificado"):
        enviar("https://otro.example/")
    settings.WEBHOOKS_CA = ""
    with pytest.raises(salida.SinRespuesta, match="certificado"):
        enviar()
    assert servidor.recibidos == []


def test_a_header_can_t_carry_another(servidor: Servidor) -> None:
    with pytest.raises(ValueError, match="saltos de línea"):
        enviar(**{"SDFI-Id": "a\r\nHost: otro"})
    assert servidor.recibidos == []


def test_an_answer_that_does_not_end_is_cut(servidor: Servidor) -> None:
    """64 kB at most: with its code, it has answered; without it, not."""

    def sin_fin(enchufe: Any) -> None:
        enchufe.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(400):
            enchufe.sendall(b"x" * 65536)

    servidor.respuestas = [sin_fin, b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000]
    assert enviar().codigo == 200
    with pytest.raises(salida.SinRespuesta, match="demasiado larga"):
        enviar()


@pytest.mark.parametrize("basura", [b"", b"\x00\x01", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 200", b"HTTP/9 200 OK\r\n\r\n"])
def test_what_is_not_http_is_no_answer(servidor: Servidor, basura: bytes) -> None:
    servidor.respuestas = [basura]
    with pytest.raises(salida.SinRespuesta):
        enviar()


def test_an_interim_answer_is_waited_past(servidor: Servidor) -> None:
    servidor.respuestas = [
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nluego"
    ]
    respuesta = enviar()
    assert (respuesta.codigo, respuesta.dice[:4]) == (503, "lueg")


def test_whoever_drips_is_left_at_the_end_of_the_time(servidor: Servidor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is of the whole call, not of each read."""
    monkeypatch.setattr(salida, "SEGUNDOS", 1.0)

    def gotear(enchufe: Any) -> None:
        for _ in range(50):
            enchufe.sendall(b"H")
            time.sleep(0.1)

    servidor.respuestas = [gotear]
    inicio = time.monotonic()
    with pytest.raises(salida.SinRespuesta, match="No respondió"):
        enviar()
    assert time.monotonic() - inicio < 4


def test_a_resolver_that_hangs_is_left_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salida, "SEGUNDOS", 0.3)
    monkeypatch.setattr(salida.socket, "getaddrinfo", lambda *a, **b: time.sleep(1.5) or [])
    with pytest.raises(salida.SinRespuesta, match="no se resolvió"):
        enviar()


def test_with_the_body_unsaid_the_code_is_enough(servidor: Servidor) -> None:
    servidor.respuestas = [BIEN, b"HTTP/1.0 200 OK\r\nContent-Length: 900\r\n\r\ncortado"]
    assert [enviar().codigo, enviar().codigo] == [204, 200]
