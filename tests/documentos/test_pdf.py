"""What a document looks like inside: fonts, text, tags, sameness, and what happens when it cannot be made."""

import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
import psutil
import pytest

from documentos import taller
from documentos.pdf import DocumentoDesmedido, DocumentoNoDisponible, Variante, crear_pdf, imprimir
from documentos.texto import Texto
from tests.documentos import muestras


def _abrir(contenido: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(contenido))


def _texto(contenido: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("falta pdftotext (paquete poppler-utils)")
    return subprocess.run(["pdftotext", "-", "-"], input=contenido, capture_output=True, check=True).stdout.decode()


def _marcas(nodo: Any) -> list[Any]:
    """Every element of the tag tree, in reading order."""
    hijos = nodo.get("/K", [])
    hijos = list(hijos) if isinstance(hijos, pikepdf.Array) else [hijos]
    elementos = [hijo for hijo in hijos if isinstance(hijo, pikepdf.Dictionary) and "/S" in hijo]
    return [rama for hijo in elementos for rama in [hijo, *_marcas(hijo)]]


CASOS = [
    (muestras.concepto(), muestras.concepto_impreso),
    (muestras.constancia(), muestras.constancia_impresa),
]


def test_la_misma_entrada_da_los_mismos_bytes() -> None:
    """P03: each printing is a process of its own, also after starting again."""
    muestras.concepto_impreso(), muestras.constancia_impresa()
    taller.cerrar()
    assert crear_pdf("concepto", muestras.concepto()) == muestras.concepto_impreso()
    assert crear_pdf("constancia", muestras.constancia()) == muestras.constancia_impresa()


@pytest.mark.parametrize(("contexto", "impreso"), CASOS)
def test_letras_incrustadas_etiquetas_e_idioma(contexto: Any, impreso: Any) -> None:
    """P04."""
    with _abrir(impreso().bytes) as documento:
        fuentes = [
            o for o in documento.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        marcas = _marcas(documento.Root.StructTreeRoot)
        nombres = {str(marca.S) for marca in marcas}
        figuras = [marca for marca in marcas if marca.S == "/Figure"]
        assert fuentes
        assert all(any(clave in fuente for clave in ("/FontFile2", "/FontFile3")) for fuente in fuentes)
        assert documento.Root.MarkInfo.Marked
        assert str(documento.Root.Lang) == "es-CO"
        assert {"/H1", "/H2", "/P", "/Figure"} <= nombres
        assert all(str(figura.Alt) for figura in figuras)
        with documento.open_metadata() as metadatos:
            assert (metadatos["pdfaid:part"], metadatos["pdfaid:conformance"]) == ("2", "A")
            assert metadatos["dc:title"] == contexto.titulo
        assert documento.check_pdf_syntax() == []


@pytest.mark.skipif(not shutil.which("qpdf"), reason="falta qpdf")
def test_qpdf_no_halla_faltas(tmp_path: Path) -> None:
    """P04, before and after signing."""
    for nombre, contenido in {
        "revisado": muestras.concepto_impreso().bytes,
        "firmado": muestras.firmado().bytes,
    }.items():
        archivo = tmp_path / f"{nombre}.pdf"
        archivo.write_bytes(contenido)
        salida = subprocess.run(["qpdf", "--check", archivo], capture_output=True, text=True)
        assert (salida.returncode, salida.stderr) == (0, "")


def test_tildes_y_enes_se_pueden_copiar() -> None:
    """P04."""
    texto = _texto(muestras.concepto_impreso().bytes)
    for frase in ("pingüino y el ñandú revisaron la acción según el corazón", "Análisis técnico", "C-2026-000211"):
        assert frase in texto


def test_el_concepto_dice_lo_que_la_ley_y_el_lineamiento_piden() -> None:
    """R15, R85: analysis and conclusions; domain.md §2.3: it orients and does not bind; the demo says it is one."""
    html = muestras.concepto_impreso().html
    for frase in (
        "Análisis técnico",
        "Conclusiones",
        "¿Se requiere TVD?",
        "Sí, se requiere.",
        "Orienta y no obliga",
        "artículo 28",
        "DEMOSTRACIÓN",
        "7K3M-9QWD-2F5X-HT8N",
        "AT-2026-000123",
    ):
        assert frase in html


def test_una_seccion_vacia_no_deja_titulo_suelto() -> None:
    html = crear_pdf("concepto", muestras.concepto(recomendaciones=Texto(""), preguntas=(), demostracion=False)).html
    assert "Recomendaciones" not in html
    assert "Preguntas y respuestas" not in html
    assert "DEMOSTRACIÓN" not in html


def test_el_borrador_lo_dice_y_no_tiene_donde_firmar() -> None:
    borrador = crear_pdf("concepto", muestras.concepto(), variante=Variante.BORRADOR)
    with _abrir(borrador.bytes) as documento:
        assert "/AcroForm" not in documento.Root
    assert '<div class="borrador">BORRADOR</div>' in borrador.html
    assert "Compruebe que este concepto es auténtico" not in borrador.html


def test_la_constancia_dice_la_regla_y_las_sumas_de_los_archivos() -> None:
    """R20; issue, Radicar: it names the rule it used and the norm of that rule, both data."""
    html = muestras.constancia_impresa().html
    for frase in (
        "Regla usada: lunes a viernes",
        "Resolución de prueba",
        "9f" * 32,
        "7 de diciembre de 2026",
        "10:42:00",
    ):
        assert frase in html
    assert "no trajo documentos" in crear_pdf("constancia", muestras.constancia(archivos=())).html


def test_sin_pango_se_dice_que_falta_y_como_se_instala(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    ambiente = taller.ambiente() | {"PYTHONPATH": str(tmp_path)}
    taller.cerrar()
    with monkeypatch.context() as parche:
        parche.setattr(taller, "ambiente", lambda: ambiente)
        with pytest.raises(DocumentoNoDisponible, match="apt-get install -y libpango"):
            imprimir("<p>hola", imagenes=[])
    assert imprimir("<html lang=es><title>x</title><p>ya", imagenes=[]).startswith(b"%PDF")


def test_si_el_taller_muere_se_abre_otro() -> None:
    imprimir("<html lang=es><title>x</title><p>uno", imagenes=[])
    abierto = taller._abierto
    assert abierto is not None
    abierto.proceso.kill()
    abierto.proceso.wait()
    assert imprimir("<html lang=es><title>x</title><p>dos", imagenes=[]).startswith(b"%PDF")
    assert taller._abierto is not abierto


def test_varios_hilos_imprimen_a_la_vez() -> None:
    with ThreadPoolExecutor(6) as hilos:
        textos = [f"<html lang=es><title>x</title><p>{numero}" for numero in range(12)]
        hechos = list(hilos.map(lambda html: imprimir(html, imagenes=[]), textos))
    assert all(pdf.startswith(b"%PDF") for pdf in hechos)
    assert len(set(hechos)) == 12


def test_sin_hoja_de_estilo_no_sale_un_documento_feo(settings: Any, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(DocumentoNoDisponible, match="falta un archivo propio"):
        crear_pdf("concepto", muestras.concepto())


def test_un_texto_monstruoso_falla_limpio() -> None:
    """P02, short: more depth than any parser takes."""
    with pytest.raises(DocumentoNoDisponible):
        imprimir("<html lang=es><title>x</title>" + "<table><tr><td>" * 1500, imagenes=[])


@pytest.mark.larga
@pytest.mark.parametrize(
    "monstruo", ["<table><tr><td>" * 330_000, "<p>hola " * 700_000, "<div style='height:1e9px'></div>" * 200]
)
def test_ni_la_memoria_ni_el_procesador_se_agotan(monstruo: str) -> None:
    """P02: a monstrous text costs one child; this process neither grows nor waits."""
    antes = psutil.Process().memory_info().rss
    try:
        imprimir("<html lang=es><title>x</title>" + monstruo, imagenes=[])
    except DocumentoDesmedido as error:
        assert "Acorte el texto" in str(error)
    assert psutil.Process().memory_info().rss - antes < 50 * 2**20
