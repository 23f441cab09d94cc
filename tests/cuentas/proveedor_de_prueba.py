"""A small OpenID provider on this machine: it signs its own tokens, and lies on demand."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENTE, SECRETO = "portal-sdfi", "secreto-del-portal"


class Proveedor:
    """`persona` is who signs in. `mentira` are claims that replace the true ones; None takes one away."""

    def __init__(self) -> None:
        self.llave = rsa.generate_private_key(65537, 2048)
        self.persona: dict[str, Any] = {}
        self.mentira: dict[str, Any] = {}
        self.ajustes: dict[str, Any] = {"alg": "RS256", "llave": self.llave, "kid": "1"}
        self.usuario: dict[str, Any] | None = None
        self.viaje: dict[str, str] = {}
        self.canjes = 0
        proveedor = self

        class Manejador(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._dar(proveedor.responder(self.path))

            def do_POST(self) -> None:
                cuerpo = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._dar(proveedor.canjear(dict(parse_qsl(cuerpo))))

            def _dar(self, datos: dict[str, Any] | None) -> None:
                cuerpo = json.dumps(datos or {"error": "invalid_grant"}).encode()
                self.send_response(200 if datos else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(cuerpo)))
                self.end_headers()
                self.wfile.write(cuerpo)

            def log_message(self, *args: Any) -> None: ...

        self.servidor = ThreadingHTTPServer(("127.0.0.1", 0), Manejador)
        self.url = f"http://127.0.0.1:{self.servidor.server_port}"
        threading.Thread(target=self.servidor.serve_forever, daemon=True).start()

    def cerrar(self) -> None:
        self.servidor.shutdown()
        self.servidor.server_close()

    def responder(self, ruta: str) -> dict[str, Any] | None:
        if ruta == "/.well-known/openid-configuration":
            rutas = {"authorization": "entrar", "token": "canjear", "userinfo": "quien"}
            puntos = {f"{nombre}_endpoint": f"{self.url}/{ruta}" for nombre, ruta in rutas.items()}
            metodos = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            return {"issuer": self.url, "jwks_uri": f"{self.url}/llaves", **puntos, **metodos}
        if ruta == "/llaves":
            publica = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.llave.public_key()))
            return {"keys": [publica | {"kid": "1", "use": "sig", "alg": "RS256"}]}
        return self.persona if self.usuario is None else self.usuario

    def canjear(self, pedido: dict[str, str]) -> dict[str, Any] | None:
        """The code for the tokens, to whoever proves the secret and the PKCE verifier of the trip."""
        reto = base64.urlsafe_b64encode(hashlib.sha256(pedido["code_verifier"].encode()).digest()).rstrip(b"=")
        claves = (pedido["client_id"], pedido["client_secret"], reto.decode())
        if claves != (CLIENTE, SECRETO, self.viaje["code_challenge"]):
            return None
        self.canjes += 1
        ficha = {"access_token": "acceso", "token_type": "Bearer", "expires_in": 60}
        return ficha if self.ajustes["alg"] is None else ficha | {"id_token": self._firmar()}

    def _firmar(self) -> str:
        ahora = int(time.time())
        dicho = {"iss": self.url, "aud": CLIENTE, "iat": ahora, "exp": ahora + 60, "nonce": self.viaje.get("nonce")}
        dicho = {nombre: valor for nombre, valor in (dicho | self.persona | self.mentira).items() if valor is not None}
        return jwt.encode(dicho, self.ajustes["llave"], self.ajustes["alg"], headers={"kid": self.ajustes["kid"]})
