"""Who signs: the installation's certificate (`FIRMA_P12`), or in a demonstration one of an authority of its own.

The certificate is the portal's, and vouches for integrity and instant; the person is named by the signature itself
and proved by the second factor kept with it (Ley 527 de 1999, article 7; security.md §1.5). With every signature go
its *anclas*: the certificates that verify it for ever, whatever is rotated or expires later (check G08).
"""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

CLAVE_DEMOSTRACION = b"demostracion"  # the file is 0600 and signs nothing of value
VIDA_AUTORIDAD = timedelta(days=3650)
VIDA_FIRMA = timedelta(days=730)
MARGEN = timedelta(days=1)
# The demonstration's conceptos are signed at the instants of its history, up to two years back.
HISTORIA = timedelta(days=800)


class SinCertificado(RuntimeError):
    """The signing certificate cannot be used. Its text says how to mend it."""


@dataclass(frozen=True, slots=True)
class Anclas:
    """The pinned certificates of one signature, as PEM text: the one that signed, then its chain."""

    pem: str

    @property
    def certificados(self) -> list[x509.Certificate]:
        return x509.load_pem_x509_certificates(self.pem.encode())

    @property
    def huella(self) -> str:
        """SHA-256 of the certificate that signed. A homonym of the same authority has another (check G06)."""
        return self.certificados[0].fingerprint(hashes.SHA256()).hex()

    @property
    def raices(self) -> list[x509.Certificate]:
        """What is trusted: self-signed authorities of the chain, or its last link when it brings none."""
        certificados = self.certificados
        return [c for c in certificados[1:] if c.subject == c.issuer] or certificados[-1:]


@dataclass(frozen=True, slots=True)
class Identidad:
    """A key with its certificates. `demostracion` is printed on everything it signs."""

    llave: rsa.RSAPrivateKey
    anclas: Anclas
    demostracion: bool


def identidad() -> Identidad:
    """The identity this installation signs with today."""
    if settings.FIRMA_P12:
        return leer_p12(Path(settings.FIRMA_P12), settings.FIRMA_P12_CLAVE.encode(), demostracion=False)
    if settings.ES_PRODUCCION:
        raise SinCertificado("Falta el certificado de firma: apunte FIRMA_P12 al archivo .p12 de la entidad.")
    return _de_demostracion()


def leer_p12(archivo: Path, clave: bytes, *, demostracion: bool) -> Identidad:
    try:
        datos = _abrir(archivo.read_bytes(), clave)
    except OSError as error:
        raise SinCertificado(f"No se puede leer {archivo.name}: revise FIRMA_P12 y los permisos.") from error
    except ValueError as error:
        raise SinCertificado(f"{archivo.name} no abre: revise FIRMA_P12_CLAVE.") from error
    if not isinstance(datos.key, rsa.RSAPrivateKey) or datos.cert is None:
        raise SinCertificado(f"{archivo.name} debe traer una llave RSA con su certificado.")
    certificados = [datos.cert.certificate, *(extra.certificate for extra in datos.additional_certs)]
    return Identidad(datos.key, Anclas(_pem(certificados)), demostracion)


@lru_cache(maxsize=4)
def _abrir(contenido: bytes, clave: bytes) -> pkcs12.PKCS12KeyAndCertificates:
    """Deciphering and checking the key costs more than signing with it: once per file, not per signature."""
    return pkcs12.load_pkcs12(contenido, clave or None)


def exigir_vigente(quien: Identidad, instante: datetime) -> None:
    """Refuse to sign with a certificate that is not valid at that instant."""
    certificado = quien.anclas.certificados[0]
    if not certificado.not_valid_before_utc <= instante <= certificado.not_valid_after_utc:
        raise SinCertificado(
            f"El certificado de firma venció el {certificado.not_valid_after_utc:%Y-%m-%d} o aún no rige: renueve "
            "FIRMA_P12."
        )


def _de_demostracion() -> Identidad:
    """The demonstration's own, made once in `llaves/` and renewed when it expires."""
    archivo = settings.VAR / "llaves" / "firma-DEMOSTRACION.p12"
    if not archivo.exists():
        _guardar_una_vez(archivo, crear_p12_de_demostracion(datetime.now(UTC)))
    actual = leer_p12(archivo, CLAVE_DEMOSTRACION, demostracion=True)
    vence = actual.anclas.certificados[0].not_valid_after_utc
    if vence - MARGEN > datetime.now(UTC):
        return actual
    with contextlib.suppress(FileNotFoundError):
        archivo.rename(archivo.with_name(f"firma-DEMOSTRACION-{vence:%Y%m%d}.p12"))
    return _de_demostracion()


def crear_p12_de_demostracion(desde: datetime, nombre: str = "Portal SDFI - DEMOSTRACIÓN") -> bytes:
    """A new authority and one signing certificate. The authority's key is thrown away: it issues nothing else."""
    llave_autoridad, llave = (rsa.generate_private_key(65537, 3072) for _ in range(2))
    nombre_autoridad = _nombre("Autoridad de certificación de DEMOSTRACIÓN del Portal SDFI")
    autoridad = (
        _base(nombre_autoridad, nombre_autoridad, llave_autoridad.public_key(), desde, VIDA_AUTORIDAD)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usos(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(llave_autoridad, hashes.SHA256())
    )
    certificado = (
        _base(_nombre(nombre), nombre_autoridad, llave.public_key(), desde, VIDA_FIRMA)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usos(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(llave_autoridad.public_key()), critical=False
        )
        .sign(llave_autoridad, hashes.SHA256())
    )
    cifrado = serialization.BestAvailableEncryption(CLAVE_DEMOSTRACION)
    return pkcs12.serialize_key_and_certificates(b"firma", llave, certificado, [autoridad], cifrado)


def _base(
    sujeto: x509.Name, emisor: x509.Name, publica: rsa.RSAPublicKey, desde: datetime, vida: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(sujeto)
        .issuer_name(emisor)
        .public_key(publica)
        .serial_number(x509.random_serial_number())
        .not_valid_before(desde - HISTORIA)
        .not_valid_after(desde + vida)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(publica), critical=False)
    )


def _nombre(comun: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CO"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DEMOSTRACIÓN: sin validez"),
            x509.NameAttribute(NameOID.COMMON_NAME, comun),
        ]
    )


def _usos(**si: bool) -> x509.KeyUsage:
    todos = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{uso: si.get(uso, False) for uso in todos})


def _guardar_una_vez(archivo: Path, contenido: bytes) -> None:
    """Write it with mode 0600, complete or not at all; of two processes at once the first one wins."""
    archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporal = tempfile.mkstemp(dir=archivo.parent)
    try:
        with os.fdopen(descriptor, "wb") as salida:
            salida.write(contenido)
        with contextlib.suppress(FileExistsError):
            os.link(temporal, archivo)
    finally:
        os.unlink(temporal)


def _pem(certificados: list[x509.Certificate]) -> str:
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certificados)
