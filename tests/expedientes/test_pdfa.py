"""A PDF/A copy of what can be printed; of the rest, why not. Made after closing, beside the original."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image

from archivos import almacen
from archivos.pdf import dice_ser_pdfa
from bandeja.models import Entrega
from bandeja.services import entregar_larga
from documentos.pdf import DocumentoIncompleto, crear_pdf, imprimir
from expedientes.models import CopiaPdfa, Documento
from expedientes.services import cerrar_expediente, pdfa
from solicitudes.models import Solicitud
from tests.documentos import muestras
from tests.expedientes.conftest import Sistema, abierta, archivo, despachar, terminar
from tests.expedientes.test_copias import VERIFICADO, copiar, en_disco, verificar
from tests.expedientes.test_correos import correo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CRUDO = (
    "From: Jimena Tovar <jimena@entidad.example>\r\nTo: mipg@prueba.example\r\nSubject: Tablas ñandú\r\n"
    "Date: Mon, 2 Mar 2026 10:00:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nVa la tabla de la señora Ñáñez.\r\n<script>no</script>\r\n"
).encode()


def imagen(formato: str, modo: str = "RGB") -> bytes:
    salida = io.BytesIO()
    Image.new(modo, (60, 40)).save(salida, formato)
    return salida.getvalue()


def pdf_cualquiera() -> bytes:
    salida = io.BytesIO()
    with pikepdf.new() as nuevo:
        nuevo.add_blank_page()
        nuevo.save(salida)
    return salida.getvalue()


def copias(solicitud: Solicitud) -> dict[str, CopiaPdfa]:
    with Sistema():
        filas = CopiaPdfa.objects.filter(solicitud=solicitud).select_related("documento")
        return {fila.documento.nombre: fila for fila in filas}


def bytes_de(copia: CopiaPdfa) -> bytes:
    with almacen.abrir(copia.ruta) as guardado:
        return guardado.read()


def cerrar(elenco: Elenco, solicitud: Solicitud) -> None:
    terminar(elenco, solicitud)
    assert copias(solicitud) == {}  # the closing waits for none
    while entregar_larga():
        pass


def test_each_kind_gets_its_copy_or_its_reason(elenco: Elenco, tmp_path: Path) -> None:
    solicitud = abierta(elenco)
    correo(elenco, solicitud, CRUDO)
    firmado = muestras.concepto_impreso().bytes
    archivo(solicitud, "foto.png", imagen("PNG", "RGBA"), tipo="png")
    archivo(solicitud, "foto.jpg", imagen("JPEG"), tipo="jpeg")
    archivo(solicitud, "imprenta.jpg", imagen("JPEG", "CMYK"), tipo="jpeg")
    archivo(solicitud, "rota.png", b"\x89PNG\r\n\x1a\nrota", tipo="png")
    archivo(solicitud, "plano.tif", imagen("TIFF"), tipo="tiff")
    archivo(solicitud, "viejo.txt", "Señor ñandú".encode("cp1252"), tipo="txt")
    archivo(solicitud, "chino.txt", "初次邀请".encode(), tipo="txt")
    archivo(solicitud, "largo.txt", b"x" * (pdfa.TEXTO_MAXIMO + 1), tipo="txt")
    archivo(solicitud, "tabla.docx", b"PK\x03\x04", tipo="docx")
    archivo(solicitud, "ya.pdf", firmado, tipo="pdf")
    archivo(solicitud, "cualquiera.pdf", pdf_cualquiera(), tipo="pdf")
    cerrar(elenco, solicitud)
    hechas = copias(solicitud)
    sin = {nombre: fila.motivo_sin for nombre, fila in hechas.items() if fila.motivo_sin}
    assert sin == {
        "imprenta.jpg": pdfa.INCOMPLETO, "rota.png": pdfa.INCOMPLETO, "plano.tif": pdfa.NO_CONVERTIBLE,
        "chino.txt": pdfa.INCOMPLETO, "largo.txt": pdfa.DESMEDIDO, "tabla.docx": pdfa.NO_CONVERTIBLE,
        "cualquiera.pdf": pdfa.NO_ES,
    }  # fmt: skip
    assert "con-virus.txt" not in hechas  # nobody opens it
    assert bytes_de(hechas["ya.pdf"]) == firmado
    con = {nombre: bytes_de(fila) for nombre, fila in hechas.items() if not fila.motivo_sin and nombre != "ya.pdf"}
    assert {"anexo.txt", "foto.png", "foto.jpg", "viejo.txt", "Correo CR-1999-000001: Tablas"} <= set(con)
    for nombre, crudo in con.items():
        _es_pdfa(nombre, crudo, tmp_path)
    assert "Señor ñandú" in _texto(con["viejo.txt"])
    del_correo = _texto(con["Correo CR-1999-000001: Tablas"])
    for frase in ("Jimena Tovar <jimena@entidad.example>", "Tablas ñandú", "Ñáñez", "<script>no</script>", "2026"):
        assert frase in del_correo, del_correo


def _es_pdfa(nombre: str, crudo: bytes, lugar: Path) -> None:
    """What it claims, tags, fonts inside and colours with a profile; and it opens without a fault."""
    with pikepdf.open(io.BytesIO(crudo)) as documento:
        with documento.open_metadata() as metadatos:
            assert (metadatos["pdfaid:part"], metadatos["pdfaid:conformance"]) == ("2", "A"), nombre
        assert documento.Root.MarkInfo.Marked and "/OutputIntents" in documento.Root
        assert "/EmbeddedFiles" not in documento.Root.get("/Names", {}) and "/AF" not in documento.Root
        for objeto in documento.objects:
            if isinstance(objeto, pikepdf.Dictionary) and objeto.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in objeto or "/FontFile3" in objeto
        assert documento.check_pdf_syntax() == []
    if shutil.which("qpdf"):
        (lugar / "copia.pdf").write_bytes(crudo)
        dicho = subprocess.run(["qpdf", "--check", lugar / "copia.pdf"], capture_output=True, text=True)
        assert (dicho.returncode, dicho.stderr) == (0, ""), nombre
    if shutil.which("pdfinfo"):
        dice = subprocess.run(["pdfinfo", "-"], input=crudo, capture_output=True, check=True).stdout.decode()
        assert "Tagged:          yes" in dice and "Encrypted:       no" in dice


def _texto(crudo: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("falta pdftotext (paquete poppler-utils)")
    return subprocess.run(["pdftotext", "-", "-"], input=crudo, capture_output=True, check=True).stdout.decode()


def test_the_sealed_copy_takes_them_and_its_verifier_knows_them(elenco: Elenco, tmp_path: Path) -> None:
    solicitud = abierta(elenco)
    archivo(solicitud, "ya.pdf", muestras.concepto_impreso().bytes, tipo="pdf")
    cerrar(elenco, solicitud)
    zip_ = en_disco(copiar(elenco, solicitud), tmp_path)
    carpeta = tmp_path / "dentro"
    with zipfile.ZipFile(zip_) as contenedor:
        contenedor.extractall(carpeta)
    filas = {fila["nombre"]: fila for fila in json.loads((carpeta / "pdfa.json").read_text())}
    assert filas["anexo.txt"]["archivo"].startswith("pdfa/") and filas["ya.pdf"]["archivo"].startswith("documentos/")
    assert "con-virus.txt" not in filas
    script = shutil.copy(carpeta / "verificar.py", tmp_path / "verificar.py")
    codigo, dicho = verificar(carpeta, script=script)
    assert (codigo, VERIFICADO in dicho) == (0, True), dicho
    assert re.search(r"Copias en PDF/A: \d+; documentos sin ella: 0", dicho)
    suya = carpeta / filas["anexo.txt"]["archivo"]
    bueno = suya.read_bytes()
    for cambia, dice in (
        (lambda: suya.write_bytes(bueno + b" "), "Cambió la copia PDF/A del documento 3"),
        (lambda: suya.write_bytes(pdf_cualquiera()), "Cambió la copia PDF/A"),
        (suya.unlink, "Falta la copia PDF/A del documento 3"),
        (lambda: (carpeta / "pdfa" / "900-otra.pdf").write_bytes(bueno), "Sobra pdfa/900-otra.pdf: pdfa.json no"),
    ):
        cambia()
        codigo, dicho = verificar(carpeta, script=script)
        assert codigo == 1 and dice in dicho, dicho
        suya.write_bytes(bueno)


def test_a_copy_made_before_them_waits_for_none(elenco: Elenco, tmp_path: Path) -> None:
    solicitud = terminar(elenco, abierta(elenco))
    with zipfile.ZipFile(en_disco(copiar(elenco, solicitud), tmp_path)) as contenedor:
        assert not [nombre for nombre in contenedor.namelist() if nombre.startswith("pdfa/")]
        filas = json.loads(contenedor.read("pdfa.json"))
    assert {fila["sin_copia"] for fila in filas} == {"Todavía no se había hecho al preparar esta copia."}


def test_twice_is_once_and_what_is_added_later_gets_its_own(elenco: Elenco) -> None:
    solicitud = abierta(elenco)
    cerrar(elenco, solicitud)
    primeras = {nombre: fila.pk for nombre, fila in copias(solicitud).items()}
    with Sistema():
        expediente = Documento.objects.filter(solicitud=solicitud).first().expediente_id
    pdfa.hacer_copias_pdfa(expediente_id=expediente, clave="otra")
    archivo(solicitud, "tarde.txt")
    cerrar_expediente(solicitud_id=solicitud.pk)
    despachar()
    while entregar_larga():
        pass
    ahora = {nombre: fila.pk for nombre, fila in copias(solicitud).items()}
    assert set(ahora) - set(primeras) == {"tarde.txt"} and primeras.items() <= ahora.items()


def test_what_does_not_fit_in_a_turn_takes_another(elenco: Elenco, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of hundreds of documents holds the lane for a while only."""
    solicitud = abierta(elenco)
    terminar(elenco, solicitud)
    relojes = iter([0.0, 1.0, 99.0] + [0.0] * 50)
    monkeypatch.setattr(pdfa.time, "monotonic", lambda: next(relojes))
    assert entregar_larga() == 1 and len(copias(solicitud)) == 1
    with Sistema():
        otra = Entrega.objects.get(tipo="expedientes.pdfa", estado="pendiente")
    assert otra.clave_idempotencia.endswith(":desde:2")
    while entregar_larga():
        pass
    with Sistema():
        assert len(copias(solicitud)) == Documento.objects.filter(solicitud=solicitud).count() - 1  # the infected one


def test_the_page_says_of_which_there_is_one(elenco: Elenco, entrar: Any) -> None:
    solicitud = abierta(elenco)
    archivo(solicitud, "tabla.docx", b"PK\x03\x04", tipo="docx")
    cerrar(elenco, solicitud)
    pagina = (
        entrar(elenco.directora).get(reverse("expedientes:expediente", args=[solicitud.radicado])).content.decode()
    )
    assert "Con copia PDF/A" in pagina and f"Sin copia PDF/A. {pdfa.NO_CONVERTIBLE}" in pagina


def test_a_printer_that_leaves_something_out_says_so() -> None:
    """By default a letter that no font has is printed as a box, and an image that does not load, as nothing."""
    hola = "<html lang=es><title>x</title><p>hola 初</p>"
    assert imprimir(hola, imagenes=[]).startswith(b"%PDF")
    with pytest.raises(DocumentoIncompleto):
        imprimir(hola, imagenes=[], estricto=True)
    con_imagen = '<html lang=es><title>x</title><p>a<img src="adjunta/a" alt="a"></p>'
    with pytest.raises(DocumentoIncompleto):
        imprimir(con_imagen, imagenes=[], estricto=True)
    adjuntas = {"a": ("image/png", imagen("PNG"))}
    assert b"/Image" in imprimir(con_imagen, imagenes=[], adjuntas=adjuntas, estricto=True)


def test_who_claims_pdfa_is_read_apart() -> None:
    assert dice_ser_pdfa(io.BytesIO(crear_pdf("concepto", muestras.concepto()).bytes))
    for crudo in (pdf_cualquiera(), b"no es un PDF", b"%PDF-1.4 pdfaid:part=2"):
        assert not dice_ser_pdfa(io.BytesIO(crudo))
