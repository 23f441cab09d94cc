"""The signature itself, with pyHanko: apart, so that the web process does not load it for pages that sign nothing."""

import io
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documentos.autoridad import Anclas, Identidad
from documentos.contextos import ContextoSello
from documentos.firma import ResultadoFirma, sha256
from documentos.pdf import crear_pdf
from documentos.proceso import CAMPO_FIRMA

_DIGESTO_DECLARADO = re.compile(r"SHA-256 del texto revisado: ([0-9a-f]{64})")


class _PaginaImpresa(PdfContent):
    """The first page of a PDF in memory, as the content of a mark."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self.pdf = pdf

    def render(self) -> bytes:
        pagina = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)))
        self.resources.xobject[pdf_name("/Sello")] = pagina
        x1, y1, x2, y2 = pagina.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
        return b"/Sello Do"


class _FirmadorEn(PdfSigner):
    """pyHanko's signer with the instant of our own transaction instead of the clock's."""

    instante: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        sesion = super().init_signing_session(pdf_out, existing_fields_only)
        sesion.system_time = self.instante
        return sesion


class _Llavero(SimpleSigner):
    """Signs with the key that is already open: pyHanko would decode and check it again, twice per signature."""

    llave: rsa.RSAPrivateKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        mecanismo = self.get_signature_mechanism_for_digest(digest_algorithm)
        if (mecanismo.signature_algo, digest_algorithm) != ("rsassa_pkcs1v15", "sha256"):
            return super().sign_raw(data, digest_algorithm)
        return self.llave.sign(data, padding.PKCS1v15(), hashes.SHA256())


def firmar(revisado: bytes, identidad: Identidad, sello: ContextoSello, motivo: str) -> bytes:
    """The signed file. Raises ValueError when it was signed already."""
    escritor = IncrementalPdfFileWriter(io.BytesIO(revisado), strict=True)
    if list(escritor.prev.embedded_signatures):
        raise ValueError("El documento ya está firmado.")
    firmador = _FirmadorEn(
        PdfSignatureMetadata(
            field_name=CAMPO_FIRMA,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=sello.firmante,
            reason=f"{motivo}. {sello.cargo}. SHA-256 del texto revisado: {sello.sha256_revisado}",
            location="Bogotá D. C.",
        ),
        _llavero(identidad),
        stamp_style=_marca(sello),
    )
    firmador.instante = sello.instante
    firmado: bytes = firmador.sign_pdf(escritor, existing_fields_only=True).getvalue()
    return firmado


def validar(contenido: bytes, anclas: Anclas, instante: datetime) -> ResultadoFirma:
    lector = PdfFileReader(io.BytesIO(contenido), strict=True)
    firmas = list(lector.embedded_signatures)
    if len(firmas) != 1 or firmas[0].field_name != CAMPO_FIRMA:
        return ResultadoFirma(falla="Debe haber exactamente una firma, en su campo.")
    firma = firmas[0]
    confianza = ValidationContext(
        trust_roots=[_asn1(raiz) for raiz in anclas.raices],
        other_certs=[_asn1(certificado) for certificado in anclas.certificados],
        moment=instante,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    estado = validate_pdf_signature(firma, signer_validation_context=confianza)
    resultado = ResultadoFirma(
        integra=estado.intact,
        valida=estado.valid,
        confiable=estado.trusted and estado.signing_cert.sha256.hex() == anclas.huella,
        cubre_todo=estado.coverage == SignatureCoverageLevel.ENTIRE_FILE and estado.docmdp_ok is not False,
        firmante=str(firma.sig_object.get("/Name", "")),
    )
    if abs((estado.signer_reported_dt or instante) - instante).total_seconds() >= 1:
        return replace(resultado, confiable=False, falla="El instante de la firma no es el que consta.")
    return _con_lo_revisado(resultado, contenido, str(firma.sig_object.get("/Reason", "")))


def _con_lo_revisado(resultado: ResultadoFirma, contenido: bytes, motivo: str) -> ResultadoFirma:
    """Find the reviewed bytes inside the signed file: the revision whose digest the signature declares."""
    declarado = _DIGESTO_DECLARADO.search(motivo)
    if declarado is None:
        return replace(resultado, falla="La firma no declara el texto revisado.")
    cortes = [hallazgo.end() for hallazgo in re.finditer(rb"%%EOF(?:\r\n|\r|\n)?", contenido)]
    cortes += [corte - 1 for corte in cortes]
    hallado = any(sha256(contenido[:corte]) == declarado[1] for corte in cortes)
    return replace(resultado, revisado=hallado, sha256_revisado=declarado[1])


def _marca(contexto: ContextoSello) -> StaticStampStyle:
    """The visible mark, printed beforehand: setting type inside pyHanko costs seconds (stack.md §8)."""
    pagina = crear_pdf("sello", contexto).bytes
    return StaticStampStyle(
        background=_PaginaImpresa(pagina),
        background_opacity=1.0,
        border_width=0,
        background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID),
    )


def _llavero(identidad: Identidad) -> SimpleSigner:
    certificados = [_asn1(certificado) for certificado in identidad.anclas.certificados]
    deposito = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    deposito.register_multiple(certificados)
    privada = identidad.llave.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    llavero = _Llavero(
        signing_cert=certificados[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(privada),
        cert_registry=deposito,
    )
    llavero.llave = identidad.llave
    return llavero


def _asn1(certificado: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificado.public_bytes(serialization.Encoding.DER))
