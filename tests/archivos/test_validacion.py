"""Which files enter and with which words the others are refused (security.md U01–U04, I08; interface.md §5.7)."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from archivos import comprimidos, imagenes
from archivos.errores import ArchivoRehusado, Rehuso
from archivos.pdf import REHUSADOS, SENALADOS
from archivos.tipos import TIPOS
from archivos.validacion import nombres_de_senales, texto_limites, validar, validar_cantidad, validar_varios
from tests.archivos import muestras

MEGA = 1024 * 1024


@contextmanager
def memoria() -> Iterator[Callable[[], int]]:
    """The most bytes Python held at once inside, on top of what it held before."""
    tracemalloc.start()
    yield lambda: pico
    _, pico = tracemalloc.get_traced_memory()
    tracemalloc.stop()


def subir(nombre: str, contenido: bytes, declarado: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(nombre, contenido, content_type=declarado)


def codigo_de(nombre: str, contenido: bytes, declarado: str = "") -> str:
    """The code of the refusal, or `ok`."""
    try:
        validar(subir(nombre, contenido, declarado))
    except ArchivoRehusado as falta:
        assert falta.message.startswith("«")
        return falta.codigo
    return "ok"


# --- U01: extension × declared type × content ---------------------------------------------------------------------
EXTENSIONES = {
    "pdf": "pdf", "docx": "docx", "xlsx": "xlsx", "pptx": "pptx", "odt": "odt", "ods": "ods", "doc": "doc",
    "xls": "xls", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "webp": "webp", "tif": "tiff", "tiff": "tiff",
    "txt": "txt", "csv": "csv", "zip": "zip", "eml": "eml", "msg": "msg",
}  # fmt: skip
AJENAS = [
    "exe", "dll", "js", "html", "htm", "svg", "xml", "php", "phtml", "pht", "sh", "bat", "ps1", "docm", "xlsm", "rtf",
    "gif", "rar", "7z", "dwg", "mp3", "ppt", "odp", "jar", "lnk",
]  # fmt: skip
CANONICOS = {
    "pdf": "application/pdf", "doc": "application/msword", "xls": "application/vnd.ms-excel", "png": "image/png",
    "jpeg": "image/jpeg", "webp": "image/webp", "tiff": "image/tiff", "txt": "text/plain", "csv": "text/csv",
    "zip": "application/zip", "eml": "message/rfc822", "msg": "application/vnd.ms-outlook",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
# Text is text: a mail or a CSV may be kept as .txt, never the other way round for mail.
CONTENIDOS = {clave: {clave} for clave in CANONICOS} | {"txt": {"txt", "csv", "eml"}, "csv": {"txt", "csv", "eml"}}
TODAS = muestras.BUENAS | muestras.AJENAS


@pytest.mark.parametrize("extension", [*EXTENSIONES, *AJENAS])
def test_solo_entran_tripletas_coherentes(extension: str) -> None:
    """U01: 44 extensions × 35 contents × 3 declared types."""
    clave = EXTENSIONES.get(extension, "")
    for contenido, datos in TODAS.items():
        for declarado in ("", CANONICOS.get(clave, "text/html"), "text/html"):
            coherente = contenido in CONTENIDOS.get(clave, set()) and declarado != "text/html"
            codigo = codigo_de(f"anexo.{extension}", datos, declarado)
            assert (codigo == "ok") == coherente, (extension, contenido, declarado, codigo)


def test_la_tabla_y_la_matriz_tienen_los_mismos_tipos() -> None:
    """U01: a type added to the table without samples here fails."""
    assert set(TIPOS) == set(CANONICOS) == set(muestras.BUENAS)
    assert {tipo.clave: tipo.servido for tipo in TIPOS.values()} == CANONICOS


@pytest.mark.parametrize(
    ("nombre", "declarado"),
    [
        ("a.csv", "application/vnd.ms-excel"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("A.PDF", "APPLICATION/PDF"),
        ("a.docx", "application/octet-stream"),
        ("a.zip", "application/x-zip-compressed"),
    ],
)
def test_lo_que_declaran_los_navegadores_de_verdad(nombre: str, declarado: str) -> None:
    """U01: real browsers declare oddly."""
    datos = muestras.BUENAS[EXTENSIONES[nombre.rpartition(".")[2].lower()]]
    assert codigo_de(nombre, datos, declarado) == "ok"


# --- Words ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nombre", "datos", "frase"),
    [
        ("plano.dwg", muestras.AJENAS["dwg"], "«plano.dwg» no se subió: solo aceptamos PDF, Word, Excel"),
        ("sin_extension", b"hola", "«sin_extension» no se subió: solo aceptamos PDF"),
        (
            "foto.jpg",
            muestras.BUENAS["png"],
            "por dentro es imagen PNG. Cámbiele el nombre para que termine en «.png»",
        ),
        ("acta.pdf", muestras.AJENAS["exe"], "«acta.pdf» no se subió: su contenido no es PDF"),
        ("acta.pdf", b"", "«acta.pdf» no se subió: está vacío."),
        ("hoja.xls", muestras.AJENAS["html"], "Ábralo, guárdelo como Excel 97-2003 y vuelva a subirlo."),
        ("c.docx", muestras.ole("EncryptedPackage"), "tiene contraseña. Guárdelo sin contraseña"),
        ("m.docx", muestras.AJENAS["docm"], "contiene macros. Guárdelo sin macros"),
        ("m.xls", muestras.ole("Workbook", dentro="_VBA_PROJECT_CUR"), "contiene macros"),
        ("m.odt", muestras.odf("odt", **{"Basic/script-lc.xml": b"x"}), "contiene macros"),
        ("c.ods", muestras.odf("ods", **{"META-INF/manifest.xml": b"<encryption-data/>"}), "tiene contraseña"),
    ],
)
def test_la_frase_dice_como_arreglarlo(nombre: str, datos: bytes, frase: str) -> None:
    """Interface §5.7: every refusal names the file and says how to mend it."""
    with pytest.raises(ArchivoRehusado) as falta:
        validar(subir(nombre, datos))
    assert frase in falta.value.message


def test_peso_maximo(settings) -> None:
    """The limit and the weight are in the sentence."""
    settings.ARCHIVO_MAXIMO_MB = 1
    with pytest.raises(ArchivoRehusado) as falta:
        validar(subir("anexo.pdf", b"%PDF-" + b"x" * int(1.5 * 1024 * 1024)))
    assert falta.value.message == "«anexo.pdf» pesa 1,5 MB; el máximo es 1 MB."


def test_cantidad_y_todas_las_faltas_a_la_vez() -> None:
    with pytest.raises(ArchivoRehusado, match=r"Puede subir hasta 10 archivos\. Quite 2"):
        validar_cantidad(12)
    with pytest.raises(ArchivoRehusado) as falta:
        validar_varios([subir("a.exe", b"MZ"), subir("b.txt", b"hola"), subir("c.pdf", b"x")], ya_hay=7)
    assert [mensaje[:7] for mensaje in falta.value.messages] == ["«a.exe»", "«c.pdf»"]
    assert "Hasta 10 archivos de 20 MB cada uno. Aceptamos PDF" in texto_limites()
    assert "Hasta 5 archivos de 20 MB cada uno." in texto_limites(5)


def test_el_archivo_queda_rebobinado() -> None:
    subido = subir("nota.txt", b"hola")
    validado = validar(subido)
    assert (subido.read(), validado.bytes, validado.nombre) == (b"hola", 4, "nota.txt")


# --- U02: ZIP ------------------------------------------------------------------------------------------------------
def _anidado(niveles: int) -> bytes:
    datos = muestras.comprimir({"ceros.txt": b"\0" * 1_000_000})
    for nivel in range(niveles):
        datos = muestras.comprimir({f"{nivel}.zip": datos})
    return datos


def _con_prefijo() -> bytes:
    return b"PK\x03\x04basura" + muestras.comprimir({"a.txt": b"hola"})


def _muchos_segun_zip64() -> bytes:
    """The classic end record says 1; the 64-bit one says 400,000."""
    base = muestras.comprimir({"a.txt": b"hola"})
    final = base.rindex(b"PK\x05\x06")
    central = struct.unpack_from("<I", base, final + 16)[0]
    registro = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 400_000, 400_000, final - central, central)
    localizador = struct.pack("<4sIQI", b"PK\x06\x07", 0, final, 1)
    return base[:final] + registro + localizador + base[final:]


def _cifrado() -> bytes:
    datos = bytearray(muestras.comprimir({"a.txt": b"hola"}))
    datos[6] |= 1
    datos[datos.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(datos)


def _con_otro_nombre_local() -> bytes:
    datos = bytearray(muestras.comprimir({"a.txt": b"hola"}))
    datos[30:35] = b"b.exe"
    return bytes(datos)


HOSTILES = {
    "42.zip": (lambda: _anidado(5), "dentro"),
    "un megabyte que se vuelve mil": (lambda: muestras.comprimir({"a.txt": b"\0" * 300_000_000}), "descomprimido"),
    "muchos grandes": (
        lambda: muestras.comprimir({f"{i}.txt": b"\0" * 3_000_000 for i in range(100)}),
        "descomprimido",
    ),
    "razón": (lambda: muestras.comprimir({"a.txt": b"\0" * 30_000_000}), "descomprimido"),
    "mentiroso": (lambda: muestras.mentiroso(), "descomprimido"),
    "superpuesto": (lambda: muestras.superpuesto(), "danado"),
    "más de mil": (lambda: muestras.comprimir({f"{i}.txt": b"" for i in range(1001)}), "entradas"),
    "zip64": (lambda: _muchos_segun_zip64(), "entradas"),
    "enlace simbólico": (lambda: muestras.enlace_simbolico(), "nombres"),
    "hacia arriba": (lambda: muestras.comprimir({"../../etc/cron.d/x.txt": b"x"}), "nombres"),
    "absoluto": (lambda: muestras.comprimir({"/etc/x.txt": b"x"}), "nombres"),
    "con unidad": (lambda: muestras.comprimir({"C:x.txt": b"x"}), "nombres"),
    "barra inversa": (lambda: muestras.comprimir({"..\\x.txt": b"x"}), "nombres"),
    "bidireccional": (lambda: muestras.comprimir({"a\u202etxt.exe": b"x"}), "nombres"),
    "dos nombres": (lambda: _con_otro_nombre_local(), "nombres"),
    "con clave": (lambda: _cifrado(), "cifrado"),
    "bzip2": (lambda: muestras.comprimir({"a.txt": b"x" * 100}, metodo=zipfile.ZIP_BZIP2), "metodo"),
    "con prefijo": (lambda: _con_prefijo(), "danado"),
    "vacío": (lambda: b"PK\x03\x04" + muestras.comprimir({}), "danado"),
    "truncado": (lambda: muestras.BUENAS["zip"][:-30], "danado"),
    "con programa": (lambda: muestras.comprimir({"instalar.exe": b"MZ"}), "dentro"),
    "programa disfrazado": (lambda: muestras.comprimir({"carta.txt": b"MZ\x90\0"}), "dentro"),
    "zip disfrazado": (lambda: muestras.comprimir({"carta.txt": muestras.BUENAS["zip"]}), "dentro"),
    "oficina disfrazada": (lambda: muestras.comprimir({"carta.docx": muestras.BUENAS["xlsx"]}), "dentro"),
    "bomba dentro de oficina": (
        lambda: muestras.comprimir(
            {"carta.docx": muestras.ooxml("docx", **{"word/media/a.bmp": b"\0" * 210_000_000})}
        ),
        "descomprimido",
    ),
}


@pytest.mark.parametrize("nombre", HOSTILES)
def test_zip_hostil(nombre: str) -> None:
    """U02: refused before unpacking; the memory of the process does not grow by what it would unpack to."""
    hacer, esperado = HOSTILES[nombre]
    datos = hacer()
    with memoria() as usada:
        assert codigo_de("anexos.zip", datos) == esperado
    assert usada() < 100 * MEGA


@pytest.mark.parametrize("clase", ["docx", "xlsx"])
def test_oficina_con_un_miembro_enorme(clase: str) -> None:
    """U02: an office document is a ZIP and has the same limits."""
    bomba = muestras.ooxml(clase, **{"xl/worksheets/sheet1.xml": b" " * 60_000_000})
    assert codigo_de(f"hoja.{clase}", bomba) == "descomprimido"


def test_rehusar_una_bomba_no_la_expande(monkeypatch) -> None:
    """U02: the announced size alone refuses it: no member is inflated."""
    monkeypatch.setattr(comprimidos.Contenedor, "_inflar", lambda *_: pytest.fail("expandió"))
    for nombre in ("un megabyte que se vuelve mil", "muchos grandes", "razón", "superpuesto", "más de mil"):
        with pytest.raises(Rehuso):
            comprimidos.Contenedor(io.BytesIO(HOSTILES[nombre][0]()))


def test_zip_corriente_con_documentos_de_oficina_y_restos_de_mac() -> None:
    datos = muestras.comprimir(
        {
            "docs/": b"",
            "docs/carta.docx": muestras.BUENAS["docx"],
            "docs/.DS_Store": b"\0\0",
            "__MACOSX/docs/._a": b"\0",
        }
    )
    assert codigo_de("anexos.zip", datos) == "ok"


def test_xml_con_entidades_se_rehusa() -> None:
    """I08: a document type declaration in a package is refused: no entity is ever expanded."""
    risas = b'<!DOCTYPE a [<!ENTITY b "ja"><!ENTITY c "&b;&b;&b;">]><Types><Override ContentType="&c;"/></Types>'
    assert codigo_de("carta.docx", muestras.comprimir({"[Content_Types].xml": risas})) == "danado"


def test_un_objeto_incrustado_se_senala() -> None:
    validado = validar(subir("c.docx", muestras.ooxml("docx", **{"word/embeddings/oleObject1.bin": b"x"})))
    assert nombres_de_senales(validado.senales) == ["Lleva otros archivos por dentro."]


def test_ole_danado_o_en_bucle() -> None:
    """A broken directory, a chain that bites its tail: refused, never endless."""
    bueno = muestras.ole("WordDocument")
    assert codigo_de("a.doc", bueno[:600]) == "danado"
    bucle = bytearray(bueno)
    struct.pack_into("<I", bucle, 512 + 4, 1)  # the directory sector follows itself
    assert codigo_de("a.doc", bytes(bucle)) == "ok"
    hijo_de_si = bytearray(bueno)
    struct.pack_into("<I", hijo_de_si, 1024 + 128 + 72, 1)
    assert codigo_de("a.doc", bytes(hijo_de_si)) == "ok"


# --- U03: PDF ------------------------------------------------------------------------------------------------------
def _accion(clave: str, **accion):
    def preparar(documento: pikepdf.Pdf) -> None:
        documento.Root[clave] = pikepdf.Dictionary({f"/{k}": v for k, v in accion.items()})

    return preparar


def _adjunto(documento: pikepdf.Pdf) -> None:
    documento.attachments["factura.xml"] = b"<x/>"


def _javascript_en_arbol(documento: pikepdf.Pdf) -> None:
    accion = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    arbol = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), accion]))
    documento.Root.Names = pikepdf.Dictionary(JavaScript=documento.make_indirect(arbol))


def _xref_en_bucle() -> bytes:
    datos = muestras.pdf()
    lugar = datos.rindex(b"startxref")
    donde = int(datos[lugar + 9 :].split()[0])
    return datos.replace(b"trailer <<", b"trailer << /Prev %d" % donde)


_cifrado_abierto = pikepdf.Encryption(owner="dueño", user="")
PDFS = {
    "javascript": (
        muestras.pdf(_accion("/OpenAction", S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))),
        "javascript",
    ),
    "javascript en nombres": (muestras.pdf(_javascript_en_arbol), "javascript"),
    "javascript en objetos comprimidos": (
        muestras.pdf(_javascript_en_arbol, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "javascript",
    ),
    "launch": (muestras.pdf(_accion("/OpenAction", S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))), "lanza"),
    "xfa": (muestras.pdf(_accion("/AcroForm", XFA=pikepdf.Array([]))), "contenido_activo"),
    "con clave": (muestras.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "cifrado"),
    "truncado": (muestras.pdf()[:60], "danado"),
    "sin páginas": (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n", "danado"),
    "adjunto": (muestras.pdf(_adjunto), ("adjuntos",)),
    "restringido": (muestras.pdf(encryption=_cifrado_abierto), ("restringido",)),
    "abre un sitio": (
        muestras.pdf(_accion("/OpenAction", S=pikepdf.Name.URI, URI=pikepdf.String("https://x.example"))),
        ("accion_al_abrir",),
    ),
    "envía datos": (
        muestras.pdf(_accion("/OpenAction", S=pikepdf.Name.SubmitForm)),
        ("envia_datos", "accion_al_abrir"),
    ),
    "sin final": (muestras.pdf()[:-40], ("reparado",)),
    "tabla en bucle": (_xref_en_bucle(), ("reparado",)),
    "corriente": (muestras.pdf(), ()),
}


@pytest.mark.parametrize("nombre", PDFS)
def test_politica_de_pdf(nombre: str) -> None:
    """U03: each feature is refused or pointed out, never missed."""
    datos, esperado = PDFS[nombre]
    if isinstance(esperado, str):
        assert codigo_de("acta.pdf", datos) == esperado
    else:
        assert validar(subir("acta.pdf", datos)).senales == esperado


def test_cada_rasgo_tiene_prueba() -> None:
    probados = {
        esperado if isinstance(esperado, str) else rasgo for _, esperado in PDFS.values() for rasgo in [*esperado]
    }
    assert set(REHUSADOS) | set(SENALADOS) <= probados


def test_una_bomba_en_objetos_comprimidos_muere_en_su_proceso() -> None:
    """U03: hundreds of megabytes in an object stream exhaust the child, not us; the answer is a sentence."""
    compresor = zlib.compressobj(1)
    corriente = b"".join(compresor.compress(b" " * 10_000_000) for _ in range(85)) + compresor.flush()
    datos = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 5 0 R>>endobj\n"
    datos += b"3 0 obj<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(corriente)
    lugar = datos.index(b"3 0 obj")
    datos += corriente + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % lugar
    with memoria() as usada:
        assert codigo_de("acta.pdf", datos) == "danado"
    assert usada() < 100 * MEGA


# --- U04: images ---------------------------------------------------------------------------------------------------
GRANDES = {
    "png": muestras.png(50_000, 50_000),
    "jpg": muestras.jpeg(50_000, 50_000),
    "webp": muestras.webp(16_383, 16_383),
    "tif": muestras.tiff((2, 2), (50_000, 50_000)),
    "tiff": muestras.tiff((50_000, 50_000), orden=">"),
}


@pytest.mark.parametrize("extension", GRANDES)
def test_imagen_con_demasiados_puntos(extension: str) -> None:
    """U04: refused by its header, which is all that is read."""
    inicio = time.process_time()
    assert codigo_de(f"foto.{extension}", GRANDES[extension]) == "pixeles"
    assert time.process_time() - inicio < 0.2


@pytest.mark.parametrize("forma", [b"VP8X", b"VP8L", b"VP8 "])
def test_medidas_de_cada_webp(forma: bytes) -> None:
    assert list(imagenes._webp(io.BytesIO(muestras.webp(640, 480, forma)))) == [(640, 480)]


def test_medidas_de_las_demas() -> None:
    assert list(imagenes._png(io.BytesIO(muestras.png(7, 9)))) == [(7, 9)]
    assert list(imagenes._jpeg(io.BytesIO(muestras.jpeg(7, 9)))) == [(7, 9)]
    assert list(imagenes._tiff(io.BytesIO(muestras.tiff((7, 9), (3, 4), bucle=True)))) == [(7, 9), (3, 4)]


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "tif"])
def test_imagen_truncada(extension: str) -> None:
    datos = muestras.BUENAS[EXTENSIONES[extension]][:13]
    assert codigo_de(f"foto.{extension}", datos) == "danado"
