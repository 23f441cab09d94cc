"""The addresses a mail is answered at and bounces to: each says, signed, of which solicitud and whom it is.

A reply is read by whoever receives the mail of CORREO_RESPUESTAS: it is of that solicitud and that person while the
signature holds and the sender is the one it was made for; until when, the reader decides (close + 90 days, M04).
"""

import base64
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from avisos.identidad import anfitrion

_DE_RESPUESTA = re.compile(r"r\+([0-9a-z]{1,13})\.([a-z2-7]{8})\.([a-z2-7]{20})")
_DE_REBOTE = re.compile(r"rebotes\+([0-9a-f]{32})\.([a-z2-7]{12})")
_CIFRAS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Respuesta:
    """Whose a reply may be. Only of the person it was made for: ask `es_de`."""

    solicitud_id: int
    huella: str
    clave: str

    def es_de(self, correo: str) -> bool:
        return constant_time_compare(self.huella, _huella(correo, self.clave))


def direccion_de_respuesta(solicitud_id: int, correo: str) -> str:
    """Where `correo` answers what it is told of that solicitud; '' when nobody reads the answers."""
    if not settings.CORREO_RESPUESTAS:
        return ""
    numero, huella = _en_36(solicitud_id), _huella(correo, settings.SECRET_KEY)
    return f"r+{numero}.{huella}.{_firma('respuesta', f'{numero}.{huella}', 20)}@{settings.CORREO_RESPUESTAS}"


def leer_direccion(direccion: str) -> Respuesta | None:
    """What that address says, or None when it is not one of ours: cut, altered or signed by nobody."""
    partes = _DE_RESPUESTA.fullmatch(_local(direccion))
    if partes is None:
        return None
    numero, huella, firma = partes.groups()
    for clave in _claves():
        if constant_time_compare(firma, _firma("respuesta", f"{numero}.{huella}", 20, clave)):
            return Respuesta(int(numero, 36), huella, clave)
    return None


def direccion_de_rebote(mensaje_id: str) -> str:
    """Where that mail bounces to; '' when nobody reads the bounces, or a provider keeps them."""
    if not settings.CORREO_RESPUESTAS or settings.PROVEEDOR_DE_CORREO:
        return ""
    numero = mensaje_id.strip("<>").partition("@")[0]
    return f"rebotes+{numero}.{_firma('rebote', numero, 12)}@{settings.CORREO_RESPUESTAS}"


def leer_rebote(direccion: str) -> str:
    """Message-ID of the mail that bounced, or '' when the address is not one of ours."""
    partes = _DE_REBOTE.fullmatch(_local(direccion))
    if partes is None:
        return ""
    numero, firma = partes.groups()
    buena = any(constant_time_compare(firma, _firma("rebote", numero, 12, clave)) for clave in _claves())
    return f"<{numero}@{anfitrion()}>" if buena else ""


def _local(direccion: str) -> str:
    """The part before the @, as some servers give it back: in other case. Nothing, when it is of another domain."""
    local, _, dominio = direccion.strip().strip("<>").lower().rpartition("@")
    return local if settings.CORREO_RESPUESTAS and dominio == settings.CORREO_RESPUESTAS.lower() else ""


def _claves() -> list[str]:
    """An address given before the key changed is read with the one of then."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _huella(correo: str, clave: str) -> str:
    return _firma("correo", correo.strip().lower(), 8, clave)


def _firma(sal: str, texto: str, largo: int, clave: str = "") -> str:
    hmac = salted_hmac(f"avisos.respuestas.{sal}", texto, secret=clave or settings.SECRET_KEY, algorithm="sha256")
    return base64.b32encode(hmac.digest()).decode().lower()[:largo]


def _en_36(numero: int) -> str:
    cifras = ""
    while numero:
        numero, resto = divmod(numero, 36)
        cifras = _CIFRAS[resto] + cifras
    return cifras or "0"
