"""The signature and everything that must not pass for it (checks G04–G06, G08; security.md §5.7)."""

import io
import random
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
import time_machine
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documentos import autoridad, firma, pades
from documentos.autoridad import Identidad, SinCertificado
from documentos.firma import Respuesta, comparar, validar
from tests.documentos import muestras
from tests.documentos.muestras import INSTANTE, expedido, firmado


def _identidad_nueva(tmp_path, desde: datetime = INSTANTE, nombre: str = "Portal SDFI - DEMOSTRACIÓN") -> Identidad:
    archivo = tmp_path / f"{nombre}.p12"
    archivo.write_bytes(autoridad.crear_p12_de_demostracion(desde, nombre))
    return autoridad.leer_p12(archivo, autoridad.CLAVE_DEMOSTRACION, demostracion=True)


def _autentica(contenido: bytes) -> bool:
    return validar(contenido, firmado().anclas, instante=INSTANTE).autentica


def test_lo_firmado_es_lo_revisado() -> None:
    """Architecture §8.7: the reviewed bytes are the beginning of the signed file, and both digests are kept."""
    revisado = muestras.concepto_impreso()
    hecho = firmado()
    resultado = validar(hecho.bytes, hecho.anclas, instante=INSTANTE)
    assert hecho.bytes.startswith(revisado.bytes)
    assert hecho.sha256_revisado == revisado.sha256 == resultado.sha256_revisado
    assert resultado.autentica
    assert resultado.firmante == "María Rojas"
    assert comparar(hecho.bytes, expedido()) is Respuesta.AUTENTICO


def test_la_firma_no_quita_las_etiquetas_ni_la_declaracion_pdf_a() -> None:
    """P04, after signing."""
    with pikepdf.open(io.BytesIO(firmado().bytes)) as pdf, pdf.open_metadata() as metadatos:
        assert metadatos["pdfaid:part"] == "2"
        assert pdf.Root.MarkInfo.Marked
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        campo = pdf.Root.AcroForm.Fields[0]
        assert (campo.F & 4, campo.T) == (4, "firma")
        assert pdf.check_pdf_syntax() == []


def test_un_concepto_anulado_lo_dice() -> None:
    assert comparar(firmado().bytes, expedido(anulado=True)) is Respuesta.ANULADO
    assert comparar(b"%PDF-1.7 otro", expedido(anulado=True)) is Respuesta.NO_COINCIDE


def test_no_se_firma_dos_veces() -> None:
    with pytest.raises(ValueError, match="ya está firmado"):
        firma.firmar(
            firmado().bytes, identidad=autoridad.identidad(), firmante="X", cargo="X", motivo="X", instante=INSTANTE
        )


def _cambiar_un_byte(veces: int) -> None:
    original, azar = firmado().bytes, random.Random(4)
    hueco_desde = original.index(b"/Contents <") + len(b"/Contents <")
    hueco_hasta = original.index(b">", hueco_desde)
    for _ in range(veces):
        lugar = azar.randrange(len(original))
        alterado = bytearray(original)
        alterado[lugar] ^= azar.randrange(1, 256)
        assert comparar(bytes(alterado), expedido()) is Respuesta.NO_COINCIDE
        if not hueco_desde <= lugar < hueco_hasta:
            assert not _autentica(bytes(alterado)), f"la firma no notó el byte {lugar}"


def test_un_byte_cambiado_no_coincide() -> None:
    """G04: the digest notices always, and the signature notices by itself in all that it covers."""
    _cambiar_un_byte(200)


@pytest.mark.larga
def test_dos_mil_bytes_cambiados_no_coinciden() -> None:
    """G04."""
    _cambiar_un_byte(2000)


def _incremental(cambiar: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    escritor = IncrementalPdfFileWriter(io.BytesIO(firmado().bytes))
    cambiar(escritor)
    salida = io.BytesIO()
    escritor.write(salida)
    return salida.getvalue()


def _con_pikepdf(cambiar: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(firmado().bytes)) as pdf:
        cambiar(pdf)
        salida = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pikepdf says, rightly, that the file is being broken
            pdf.save(salida)
        return salida.getvalue()


def _tapar(escritor: IncrementalPdfFileWriter) -> None:
    tapa = generic.StreamObject(stream_data=b"q 1 1 1 rg 0 0 600 800 re f Q")
    escritor.add_stream_to_page(0, escritor.add_object(tapa))


def _anotar(escritor: IncrementalPdfFileWriter) -> None:
    nota = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 300, 60))),
            pdf_name("/Contents"): generic.TextStringObject("Sí, se puede eliminar"),
        }
    )
    pagina = escritor.root["/Pages"]["/Kids"][0]
    pagina[pdf_name("/Annots")] = generic.ArrayObject([escritor.add_object(nota)])
    escritor.update_container(pagina)


def _cambiar_titulo(escritor: IncrementalPdfFileWriter) -> None:
    escritor.root[pdf_name("/Lang")] = generic.TextStringObject("en")
    escritor.update_root()


def _quitar_paginas(escritor: IncrementalPdfFileWriter) -> None:
    paginas = escritor.root["/Pages"]
    del paginas["/Kids"][0]
    paginas[pdf_name("/Count")] = generic.NumberObject(len(paginas["/Kids"]))
    escritor.update_container(paginas)


def _borrar_valor(escritor: IncrementalPdfFileWriter) -> None:
    campo = escritor.root["/AcroForm"]["/Fields"][0]
    del campo["/V"]
    escritor.update_container(campo)


def _otra_pagina(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page()


def _sin_campo(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm


def _en_otro_documento() -> bytes:
    """The appended part of our signature behind another text of the same length."""
    cola = firmado().bytes[len(muestras.concepto_impreso().bytes) :]
    otro = pades.crear_pdf("concepto", muestras.concepto(asunto="Eliminación de historias clínicas INACTIVAS")).bytes
    return otro + cola


def _rangos(nuevos: bytes) -> bytes:
    original = firmado().bytes
    desde = original.index(b"/ByteRange [") + len(b"/ByteRange [")
    hasta = original.index(b"]", desde)
    return original[:desde] + nuevos.ljust(hasta - desde) + original[hasta:]


def _rangos_al_reves() -> bytes:
    original = firmado().bytes
    desde = original.index(b"/ByteRange [") + len(b"/ByteRange [")
    numeros = original[desde : original.index(b"]", desde)].split()
    return _rangos(b" ".join([numeros[2], numeros[3], numeros[0], numeros[1]]))


def _sin_contenido() -> bytes:
    original = firmado().bytes
    desde = original.index(b"/Contents <") + len(b"/Contents <")
    hasta = original.index(b">", desde)
    return original[:desde] + b"0" * (hasta - desde) + original[hasta:]


ATAQUES: dict[str, Callable[[], bytes]] = {
    "bytes al final": lambda: firmado().bytes + b"\n% algo\n%%EOF\n",
    "bytes al principio": lambda: b"%PDF-1.4\n" + firmado().bytes,
    "cortado": lambda: firmado().bytes[:-40],
    "tapa incremental": lambda: _incremental(_tapar),
    "nota incremental": lambda: _incremental(_anotar),
    "idioma incremental": lambda: _incremental(_cambiar_titulo),
    "página quitada": lambda: _incremental(_quitar_paginas),
    "firma vaciada": lambda: _incremental(_borrar_valor),
    "página añadida": lambda: _con_pikepdf(_otra_pagina),
    "reescrito igual": lambda: _con_pikepdf(lambda pdf: None),
    "sin campo de firma": lambda: _con_pikepdf(_sin_campo),
    "sin firma": lambda: muestras.concepto_impreso().bytes,
    "firma en otro documento": _en_otro_documento,
    "rangos al revés": _rangos_al_reves,
    "rangos que cubren menos": lambda: _rangos(b"0 100 200 100"),
    "rangos de nada": lambda: _rangos(b"0 0 0 0"),
    "firma de ceros": _sin_contenido,
}


@pytest.mark.parametrize("ataque", ATAQUES)
def test_ataques_de_estructura_no_coinciden(ataque: str) -> None:
    """G05: the digest refuses them, and so does the signature alone (for whoever checks outside the portal)."""
    alterado = ATAQUES[ataque]()
    assert alterado != firmado().bytes
    assert comparar(alterado, expedido()) is Respuesta.NO_COINCIDE
    assert not _autentica(alterado)


def test_otra_firma_encima_no_coincide(tmp_path) -> None:
    """G05: a second signature, in a field of its own."""
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415

    escritor = IncrementalPdfFileWriter(io.BytesIO(firmado().bytes))
    append_signature_field(escritor, SigFieldSpec("otra"))
    firmante = PdfSigner(PdfSignatureMetadata(field_name="otra"), pades._llavero(_identidad_nueva(tmp_path)))
    doble = firmante.sign_pdf(escritor).getvalue()
    assert comparar(doble, expedido()) is Respuesta.NO_COINCIDE
    assert not _autentica(doble)


def test_otro_certificado_con_el_mismo_nombre_se_rechaza(tmp_path) -> None:
    """G06: another authority that calls itself like ours, signing as our director."""
    impostor = muestras.firmar_muestra(_identidad_nueva(tmp_path))
    resultado = validar(impostor.bytes, firmado().anclas, instante=INSTANTE)
    assert (resultado.integra, resultado.valida, resultado.firmante) == (True, True, "María Rojas")
    assert not resultado.confiable


def test_otro_certificado_de_la_misma_autoridad_se_rechaza(tmp_path) -> None:
    """G06: in production the authority signs for many; only the pinned certificate is ours."""
    suyo, ajeno = _dos_de_la_misma_autoridad()
    impostor = muestras.firmar_muestra(ajeno)
    assert validar(impostor.bytes, ajeno.anclas, instante=INSTANTE).autentica
    assert not validar(impostor.bytes, suyo.anclas, instante=INSTANTE).confiable


def _dos_de_la_misma_autoridad() -> tuple[Identidad, Identidad]:
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    raiz, *llaves = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    autoridad_comun = autoridad._nombre("Autoridad abierta")
    vida = timedelta(days=700)
    ca = (
        autoridad._base(autoridad_comun, autoridad_comun, raiz.public_key(), INSTANTE, vida)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(raiz, hashes.SHA256())
    )
    identidades = []
    for llave in llaves:
        certificado = (
            autoridad._base(autoridad._nombre("María Rojas"), autoridad_comun, llave.public_key(), INSTANTE, vida)
            .add_extension(autoridad._usos(digital_signature=True, content_commitment=True), critical=True)
            .sign(raiz, hashes.SHA256())
        )
        identidades.append(Identidad(llave, autoridad.Anclas(autoridad._pem([certificado, ca])), True))
    return identidades[0], identidades[1]


def test_tres_anos_despues_y_con_otra_llave_sigue_valiendo(settings, tmp_path) -> None:
    """G08: the certificate expired and was replaced; what it signed then still verifies with its own anclas."""
    settings.VAR = tmp_path
    with time_machine.travel(INSTANTE, tick=False):
        antigua = muestras.firmar_muestra(autoridad.identidad())
    tres_anos_despues = INSTANTE + timedelta(days=3 * 365)
    with time_machine.travel(tres_anos_despues, tick=False):
        nueva = autoridad.identidad()
        resultado = validar(antigua.bytes, antigua.anclas, instante=antigua.instante)
        respuesta = comparar(antigua.bytes, firma.Expedido(antigua.sha256, antigua.anclas, antigua.instante))
        de_hoy = validar(antigua.bytes, antigua.anclas, instante=tres_anos_despues)
    assert nueva.anclas.huella != antigua.anclas.huella
    assert resultado.autentica
    assert respuesta is Respuesta.AUTENTICO
    assert not de_hoy.confiable  # negative control: judged as of today it would not hold
    assert len(list((tmp_path / "llaves").glob("firma-DEMOSTRACION*.p12"))) == 2


def test_no_se_firma_con_un_certificado_vencido(tmp_path) -> None:
    vieja = _identidad_nueva(tmp_path, desde=INSTANTE - timedelta(days=3000))
    with pytest.raises(SinCertificado, match="venció"):
        muestras.firmar_muestra(vieja)


def test_basura_no_es_una_firma() -> None:
    for contenido in (b"", b"hola", b"%PDF-1.7\n%%EOF", bytes(range(256)) * 20):
        assert not _autentica(contenido)


def test_el_instante_es_el_de_la_firma() -> None:
    otro = INSTANTE + timedelta(minutes=5)
    assert not validar(firmado().bytes, firmado().anclas, instante=otro).autentica
    assert validar(firmado().bytes, firmado().anclas, instante=INSTANTE.astimezone(UTC)).autentica
