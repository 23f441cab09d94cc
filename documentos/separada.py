"""Signature kept beside bytes that are not a PDF: the electronic index, the manifest of a sealed copy.

RSASSA-PKCS1-v1_5 with SHA-256, so that anybody checks it with openssl, or with a few lines and no library at all.
The same bytes and the same key give the same signature.
"""

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from documentos.autoridad import Anclas, Identidad, exigir_vigente


def firmar(contenido: bytes, *, identidad: Identidad, instante: datetime) -> str:
    """The signature, in hexadecimal. Raises SinCertificado."""
    exigir_vigente(identidad, instante)
    return identidad.llave.sign(contenido, padding.PKCS1v15(), hashes.SHA256()).hex()


def es_valida(contenido: bytes, firma: str, anclas: Anclas) -> bool:
    """Whether the first of these certificates signed exactly these bytes. Never raises for a bad signature."""
    llave = anclas.certificados[0].public_key()
    if not isinstance(llave, rsa.RSAPublicKey):
        return False
    try:
        llave.verify(bytes.fromhex(firma), contenido, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
