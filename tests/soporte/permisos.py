"""A real provider of leave (OAuth 2): tokens over HTTPS, with an authority of its own, and, for the mail server that
takes them, what each is worth over HTTP of this machine."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sdfi_portal.entorno import Oauth
from tests.soporte.certificados import certificar

CLIENTE, SECRETO, REFRESCO = "portal", "secreto de la aplicación", "lo que alguien concedió"


class Permisos:
    """`vigentes`: token → account. `pedidos`: what was asked, in order. `responde`: another answer than the right one,
    as (status, headers, body)."""

    def __init__(self, carpeta: Path, usuario: str, dura: int = 3600) -> None:
        self.carpeta, self.usuario, self.dura = carpeta, usuario, dura
        self.vigentes: dict[str, str] = {}
        self.pedidos: list[dict[str, str]] = []
        self.responde: tuple[int, dict[str, str], bytes] | None = None

    def __enter__(self) -> Self:
        certificar(self.carpeta)
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexto.load_cert_chain(self.carpeta / "servidor.pem", self.carpeta / "servidor.key")
        self._cifrado, self._claro = self._servidor(_Ficha), self._servidor(_Consulta)
        self._cifrado.socket = contexto.wrap_socket(self._cifrado.socket, server_side=True)
        self._hilos = [threading.Thread(target=uno.serve_forever, daemon=True) for uno in self._servidores]
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        for uno in self._servidores:
            uno.shutdown()
            uno.server_close()

    @property
    def _servidores(self) -> tuple[ThreadingHTTPServer, ThreadingHTTPServer]:
        return self._cifrado, self._claro

    def _servidor(self, atiende: type["_Atiende"]) -> ThreadingHTTPServer:
        return ThreadingHTTPServer(("127.0.0.1", 0), type(atiende.__name__, (atiende,), {"de": self}))

    @property
    def consulta(self) -> str:
        """Where the mail server asks what a token is worth."""
        return f"http://127.0.0.1:{self._claro.server_port}/info?access_token="

    def oauth(self, concesion: str = "client_credentials", **otros: Any) -> Oauth:
        de_fabrica = {
            "token_url": f"https://127.0.0.1:{self._cifrado.server_port}/token",
            "cliente": CLIENTE,
            "concesion": concesion,
            "alcance": "imap",
            "secreto": SECRETO,
            "refresco": REFRESCO if concesion == "refresh_token" else "",
            "ca": str(self.carpeta / "autoridad.pem"),
        }
        return Oauth(**{**de_fabrica, **otros})

    def conceder(self, pedido: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.pedidos.append(pedido)
        if self.responde is not None:
            return self.responde
        bien = pedido.get("client_id") == CLIENTE and (
            pedido.get("client_secret") == SECRETO
            if pedido.get("grant_type") == "client_credentials"
            else pedido.get("refresh_token") == REFRESCO
        )
        if not bien:
            return 401, {}, json.dumps({"error": "invalid_client", "error_description": str(pedido)}).encode()
        ficha = f"ficha-{len(self.pedidos)}"
        self.vigentes[ficha] = self.usuario
        dicho = {"access_token": ficha, "token_type": "Bearer", "expires_in": self.dura}
        return 200, {"Content-Type": "application/json"}, json.dumps(dicho).encode()


class _Atiende(BaseHTTPRequestHandler):
    de: Permisos

    def log_message(self, *_: object) -> None:
        """Nothing is written of what is asked."""

    def dar(self, estado: int, cabeceras: dict[str, str], cuerpo: bytes) -> None:
        self.send_response(estado)
        for nombre, valor in {**cabeceras, "Content-Length": str(len(cuerpo))}.items():
            self.send_header(nombre, valor)
        self.end_headers()
        self.wfile.write(cuerpo)


class _Ficha(_Atiende):
    def do_POST(self) -> None:
        crudo = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.dar(*self.de.conceder({nombre: valor for nombre, [valor] in parse_qs(crudo).items()}))


class _Consulta(_Atiende):
    def do_GET(self) -> None:
        [ficha] = parse_qs(urlsplit(self.path).query).get("access_token", [""])
        usuario = self.de.vigentes.get(ficha)
        dicho = {"active": "true", "email": usuario} if usuario else {"error": "invalid_token"}
        self.dar(200 if usuario else 401, {"Content-Type": "application/json"}, json.dumps(dicho).encode())
