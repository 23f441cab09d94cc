"""PAdES B-B signature of a reviewed PDF, and its verification (security.md §5.7, checks G04–G08).

Signing only appends: the reviewed bytes stay as the beginning of the signed file, their SHA-256 is written in the
signature and on its visible mark, so anybody can prove that what was signed is what was reviewed.
"""

import builtins
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from documentos.autoridad import Anclas, Identidad, exigir_vigente
from documentos.contextos import ContextoSello


class Respuesta(StrEnum):
    """The only three things verification says."""

    AUTENTICO = "auténtico"
    NO_COINCIDE = "no coincide"
    ANULADO = "anulado"


@dataclass(frozen=True, slots=True)
class Firmado:
    """A signed file and what must be kept to verify it for ever."""

    bytes: builtins.bytes
    sha256: str
    sha256_revisado: str
    anclas: Anclas
    instante: datetime


@dataclass(frozen=True, slots=True)
class ResultadoFirma:
    """What the signature inside a file proves. `autentica` is all of it together."""

    integra: bool = False  # the digest matches the covered bytes
    valida: bool = False  # the signature matches the digest
    confiable: bool = False  # made by the pinned certificate, valid at that instant
    cubre_todo: bool = False  # one signature, nothing before, between or after what it covers
    revisado: bool = False  # the reviewed bytes are the beginning of the file and have the declared digest
    sha256_revisado: str = ""
    firmante: str = ""
    falla: str = ""

    @property
    def autentica(self) -> bool:
        return self.integra and self.valida and self.confiable and self.cubre_todo and self.revisado


@dataclass(frozen=True, slots=True)
class Expedido:
    """What we keep of a document we issued, enough to answer about any file (Anclas of its own signature)."""

    sha256: str
    anclas: Anclas
    instante: datetime
    anulado: bool = False


def firmar(
    revisado: bytes,
    *,
    identidad: Identidad,
    firmante: str,
    cargo: str,
    encargo: str = "",
    motivo: str,
    instante: datetime,
) -> Firmado:
    """Sign the reviewed bytes in the field they reserve, with a visible mark. Raises SinCertificado, ValueError."""
    from documentos import pades  # noqa: PLC0415  (megabytes that only whoever signs needs)

    exigir_vigente(identidad, instante)
    sello = ContextoSello(
        firmante=firmante,
        cargo=cargo,
        encargo=encargo,
        instante=instante,
        sha256_revisado=sha256(revisado),
        demostracion=identidad.demostracion,
    )
    contenido = pades.firmar(revisado, identidad, sello, motivo)
    return Firmado(contenido, sha256(contenido), sello.sha256_revisado, identidad.anclas, instante)


def validar(contenido: bytes, anclas: Anclas, *, instante: datetime) -> ResultadoFirma:
    """Check the signature of a file of ours against the certificates pinned when it was made. Never raises."""
    try:
        from documentos import pades  # noqa: PLC0415  (as above)

        return pades.validar(contenido, anclas, instante)
    except Exception as error:
        return ResultadoFirma(falla=f"{type(error).__name__}: {error}")


def comparar(contenido: bytes, expedido: Expedido) -> Respuesta:
    """Is this file the document we issued? The whole file's digest decides, then its signature must hold too.

    A file that is not byte by byte ours never reaches a PDF parser.
    """
    if sha256(contenido) != expedido.sha256:
        return Respuesta.NO_COINCIDE
    if expedido.anulado:
        return Respuesta.ANULADO
    firme = validar(contenido, expedido.anclas, instante=expedido.instante).autentica
    return Respuesta.AUTENTICO if firme else Respuesta.NO_COINCIDE


def sha256(contenido: bytes) -> str:
    return hashlib.sha256(contenido).hexdigest()
