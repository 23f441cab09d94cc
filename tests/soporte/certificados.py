"""An authority of its own and a certificate signed by it, for the servers that the tests start."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificar(carpeta: Path, nombre: str = "localhost") -> None:
    """`autoridad.pem`, and `servidor.pem` and `.key` of this machine under that name."""
    llave_autoridad, llave = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    autoridad = (
        _certificado("Autoridad de prueba", "Autoridad de prueba", llave_autoridad.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(llave_autoridad, hashes.SHA256())
    )
    nombres = [x509.DNSName(nombre), x509.IPAddress(ip_address("127.0.0.1"))]
    servidor = (
        _certificado("127.0.0.1", "Autoridad de prueba", llave.public_key())
        .add_extension(x509.SubjectAlternativeName(nombres), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(llave_autoridad.public_key()), critical=False
        )
        .sign(llave_autoridad, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (carpeta / "autoridad.pem").write_bytes(autoridad.public_bytes(pem))
    (carpeta / "servidor.pem").write_bytes(servidor.public_bytes(pem))
    (carpeta / "servidor.key").write_bytes(
        llave.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (carpeta / "servidor.key").chmod(0o600)


def _certificado(de: str, por: str, publica: Any) -> x509.CertificateBuilder:
    ayer = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, de)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, por)]))
        .public_key(publica)
        .serial_number(x509.random_serial_number())
        .not_valid_before(ayer)
        .not_valid_after(ayer + timedelta(days=30))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(publica), critical=False)
    )
