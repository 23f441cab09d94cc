"""Leave to read an account by XOAUTH2: what its provider gives for a while, asked again before it ends.

Kept only in the memory of the process. Nothing here writes a secret: neither what is sent nor what comes back is in a
message or in a log.
"""

import json
import ssl
import threading
from http.client import HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlencode, urlsplit

from sdfi_portal.entorno import ConexionImap, Oauth

ESPERA = 15.0
MARGEN = 60  # seconds before its end at which another one is asked for
VIDA = 300  # of one whose provider does not say how long it lasts
_LARGO_MAXIMO = 64 * 1024

_cerrojo = threading.Lock()
_fichas: dict[ConexionImap, tuple[str, float]] = {}


class SinPermiso(Exception):
    """The provider gives no leave. Its text is for people, and carries no secret."""


def ficha(conexion: ConexionImap, *, otra: bool = False) -> tuple[str, bool]:
    """The access token of the account, and whether it is new: the one there is, while it lasts and unless `otra` is
    asked for. Raises SinPermiso when there is none to be had."""
    assert conexion.oauth is not None
    with _cerrojo:
        valor, hasta = _fichas.get(conexion, ("", 0.0))
        if valor and monotonic() < hasta and not otra:
            return valor, False
        _fichas.pop(conexion, None)
        valor, dura = _pedir(conexion.oauth)
        _fichas[conexion] = valor, monotonic() + dura - MARGEN
        return valor, True


def _pedir(oauth: Oauth) -> tuple[str, int]:
    datos = {"grant_type": oauth.concesion, "client_id": oauth.cliente}
    for nombre, valor in (
        ("client_secret", oauth.secreto),
        ("refresh_token", oauth.refresco),
        ("scope", oauth.alcance),
    ):
        if valor:
            datos[nombre] = valor
    url = urlsplit(oauth.token_url)
    estado, cuerpo = _enviar(oauth, url.path or "/", url.query, urlencode(datos))
    try:
        dicho = json.loads(cuerpo)
    except ValueError:
        dicho = {}
    dicho = dicho if isinstance(dicho, dict) else {}
    valor = dicho.get("access_token")
    if estado != 200 or not isinstance(valor, str) or not valor.isascii() or not valor.isprintable() or not valor:
        # The code of RFC 6749 §5.2 and nothing else: a description may repeat what was sent.
        porque = str(dicho.get("error", "")) if str(dicho.get("error", "")).replace("_", "").isalnum() else ""
        raise SinPermiso(f"{url.hostname} no dio el permiso para leer el buzón ({porque[:60] or f'HTTP {estado}'}).")
    try:
        dura = int(dicho.get("expires_in") or VIDA)
    except (TypeError, ValueError):
        dura = VIDA
    return valor, dura


def _enviar(oauth: Oauth, ruta: str, consulta: str, datos: str) -> tuple[int, bytes]:
    """One POST over TLS, verified, to that host and no other: a redirect is an answer like any other."""
    url = urlsplit(oauth.token_url)
    contexto = ssl.create_default_context(cafile=oauth.ca or None)
    enlace = HTTPSConnection(url.hostname or "", url.port or 443, timeout=ESPERA, context=contexto)
    cabeceras = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        enlace.request("POST", f"{ruta}?{consulta}" if consulta else ruta, datos, cabeceras)
        respuesta = enlace.getresponse()
        return respuesta.status, respuesta.read(_LARGO_MAXIMO)
    except HTTPException as falla:
        raise SinPermiso(f"{url.hostname} respondió algo que no se entiende.") from falla
    except ssl.SSLError as falla:
        raise SinPermiso(f"El cifrado con {url.hostname} no es de confianza: {falla.reason or falla}.") from falla
    except OSError as falla:
        raise SinPermiso(f"No se pudo hablar con {url.hostname}, que da el permiso: {falla}.") from falla
    finally:
        enlace.close()
