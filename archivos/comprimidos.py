"""ZIP containers (ZIP, OOXML, ODF) judged before anything is unpacked (security.md U02).

Three steps, each cheaper than what it forbids: how many entries the end record announces; names, flags and places of
the entries; then each member is inflated into nothing, to see that it is as large as it said. Nothing is written to
disk and no member larger than the limit is held in memory.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from archivos.errores import Rehuso
from archivos.tipos import POR_EXTENSION, extension_de

FIRMA = b"PK\x03\x04"
ENTRADAS_MAXIMAS = 1000
DESCOMPRIMIDO_MAXIMO = 200 * 1024 * 1024
MIEMBRO_MAXIMO = 20 * 1024 * 1024  # of an office document inside a ZIP
RAZON_MAXIMA = 200  # times, once a file passes 10 MB unpacked
_DIRECTORIO_MAXIMO = 1024 * 1024
_SIN_IMPORTANCIA = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_OFICINA = {"docx", "xlsx", "pptx", "odt", "ods"}
_OOXML = "application/vnd.openxmlformats-officedocument."
_PRINCIPALES = {
    f"{_OOXML}wordprocessingml.document.main+xml": "docx",
    f"{_OOXML}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OOXML}presentationml.presentation.main+xml": "pptx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}

_DANADO = ("danado", "el archivo está dañado. Ábralo, guárdelo de nuevo y vuelva a subirlo.")
_ENORME = (
    "descomprimido",
    "al descomprimirse ocuparía demasiado espacio. Divídalo en archivos más pequeños y súbalos.",
)
_ENTRADAS = ("entradas", f"contiene más de {ENTRADAS_MAXIMAS} archivos. Divídalo y súbalo por partes.")
_NOMBRES = ("nombres", "contiene nombres de archivo que no son seguros. Comprímalo de nuevo y súbalo.")
_CIFRADO = ("cifrado", "tiene contraseña. Guárdelo sin contraseña y vuelva a subirlo.")
_MACROS = ("macros", "contiene macros. Guárdelo sin macros y vuelva a subirlo.")


class Presupuesto:
    """What may still be unpacked, shared by a container and the documents inside it."""

    def __init__(self) -> None:
        self.resta = DESCOMPRIMIDO_MAXIMO

    def gastar(self, cuanto: int) -> None:
        self.resta -= cuanto
        if self.resta < 0:
            raise Rehuso(*_ENORME)


class Contenedor:
    """A ZIP whose directory has been judged; `revisar_miembros` judges what is inside."""

    def __init__(self, flujo: IO[bytes], presupuesto: Presupuesto | None = None) -> None:
        self.flujo = flujo
        self.presupuesto = presupuesto or Presupuesto()
        _revisar_final(flujo)
        try:
            self.zip = zipfile.ZipFile(flujo)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError):
            raise Rehuso(*_DANADO) from None
        self.miembros = self.zip.infolist()
        self._revisar_directorio()
        self.clase, self.senales = self._clasificar()

    def _revisar_directorio(self) -> None:
        if not self.miembros or len(self.miembros) > ENTRADAS_MAXIMAS:
            raise Rehuso(*(_ENTRADAS if self.miembros else _DANADO))
        if len({miembro.orig_filename for miembro in self.miembros}) < len(self.miembros):
            raise Rehuso(*_NOMBRES)
        for miembro in self.miembros:
            _revisar_nombre(miembro)
            if miembro.flag_bits & 0x1:
                raise Rehuso(*_CIFRADO)
            if miembro.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Rehuso("metodo", "usa una compresión poco común. Comprímalo como ZIP corriente y súbalo.")
        ocupado, comprimido = (
            sum(getattr(m, campo) for m in self.miembros) for campo in ("file_size", "compress_size")
        )
        if ocupado > 10 * 1024 * 1024 and ocupado > RAZON_MAXIMA * max(comprimido, 1):
            raise Rehuso(*_ENORME)
        self.presupuesto.gastar(ocupado)
        self._revisar_lugares()

    def _revisar_lugares(self) -> None:
        """Members follow one another from the first byte: no overlaps, no program in front (U02)."""
        fin_anterior = 0
        for miembro in sorted(self.miembros, key=lambda m: m.header_offset):
            if miembro.header_offset < fin_anterior or (fin_anterior == 0 and miembro.header_offset != 0):
                raise Rehuso(*_DANADO)
            fin_anterior = self._inicio_de_datos(miembro) + miembro.compress_size
        if fin_anterior > self.zip.start_dir:
            raise Rehuso(*_DANADO)

    def _inicio_de_datos(self, miembro: zipfile.ZipInfo) -> int:
        self.flujo.seek(miembro.header_offset)
        cabecera = self.flujo.read(30)
        if len(cabecera) < 30 or cabecera[:4] != FIRMA:
            raise Rehuso(*_DANADO)
        nombre, extra = struct.unpack("<HH", cabecera[26:30])
        local = self.flujo.read(nombre)
        codigo = "utf-8" if miembro.flag_bits & 0x800 else "cp437"
        if local.decode(codigo, "replace") != miembro.orig_filename:
            raise Rehuso(*_NOMBRES)
        return int(miembro.header_offset) + 30 + int(nombre) + int(extra)

    def _clasificar(self) -> tuple[str, tuple[str, ...]]:
        nombres = {miembro.filename for miembro in self.miembros}
        if "[Content_Types].xml" in nombres:
            return self._clasificar_ooxml(nombres)
        if self.miembros[0].filename == "mimetype":
            return self._clasificar_odf(nombres)
        return "zip", ()

    def _clasificar_ooxml(self, nombres: set[str]) -> tuple[str, tuple[str, ...]]:
        tipos = _tipos_de_contenido(self.leer("[Content_Types].xml", maximo=1024 * 1024))
        if any("macroenabled" in t.lower() or "vbaproject" in t.lower() for t in tipos) or any(
            nombre.lower().endswith("vbaproject.bin") for nombre in nombres
        ):
            raise Rehuso(*_MACROS)
        incrustados = any("/embeddings/" in nombre for nombre in nombres)
        clase = next((_PRINCIPALES[tipo] for tipo in tipos if tipo in _PRINCIPALES), "")
        return clase, ("objetos_incrustados",) if incrustados else ()

    def _clasificar_odf(self, nombres: set[str]) -> tuple[str, tuple[str, ...]]:
        if any(nombre.startswith(("Basic/", "Scripts/")) for nombre in nombres):
            raise Rehuso(*_MACROS)
        if "META-INF/manifest.xml" in nombres and b"encryption-data" in self.leer(
            "META-INF/manifest.xml", maximo=1024 * 1024
        ):
            raise Rehuso(*_CIFRADO)
        return _ODF.get(self.leer("mimetype", maximo=200).strip(), ""), ()

    def leer(self, nombre: str, *, maximo: int) -> bytes:
        """One small member, whole."""
        miembro = self.zip.getinfo(nombre)
        if miembro.file_size > maximo:
            raise Rehuso(*_DANADO)
        return b"".join(self._inflar(miembro))

    def revisar_miembros(self) -> None:
        """Inflate each member into nothing: it must be what it announced. In a plain ZIP, of an accepted type too."""
        for miembro in self.miembros:
            if self.clase == "zip" and not miembro.is_dir() and not _SIN_IMPORTANCIA.search(miembro.filename):
                self._revisar_miembro_de_zip(miembro)
            else:
                for _ in self._inflar(miembro):
                    pass

    def _revisar_miembro_de_zip(self, miembro: zipfile.ZipInfo) -> None:
        tipo = POR_EXTENSION.get(extension_de(miembro.filename))
        corto = miembro.filename.rpartition("/")[2][:80]
        if tipo is None or tipo.clave == "zip":
            raise Rehuso(
                "dentro", f"contiene «{corto}», que no es de los tipos que aceptamos. Quítelo y súbalo de nuevo."
            )
        es_oficina = tipo.clave in _OFICINA
        if es_oficina and miembro.file_size > MIEMBRO_MAXIMO:
            raise Rehuso(*_ENORME)
        trozos = self._inflar(miembro)
        cabeza = next(trozos, b"")
        if es_oficina != cabeza.startswith(FIRMA) or cabeza.startswith(
            (b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"#!")
        ):
            raise _de_otro_tipo(corto)
        if not es_oficina:
            for _ in trozos:
                pass
            return
        documento = Contenedor(io.BytesIO(cabeza + b"".join(trozos)), self.presupuesto)
        if documento.clase != tipo.clave:
            raise _de_otro_tipo(corto)
        documento.revisar_miembros()

    def _inflar(self, miembro: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content in pieces, stopped as soon as it passes the announced size."""
        self.flujo.seek(self._inicio_de_datos(miembro))
        resta, leido = miembro.compress_size, 0
        inflador = zlib.decompressobj(-15) if miembro.compress_type == zipfile.ZIP_DEFLATED else None
        while resta > 0:
            crudo = self.flujo.read(min(65536, resta))
            if not crudo:
                raise Rehuso(*_DANADO)
            resta -= len(crudo)
            for trozo in _trozos(inflador, crudo):
                leido += len(trozo)
                if leido > miembro.file_size:
                    raise Rehuso(*_ENORME)
                yield trozo
        if leido != miembro.file_size or (inflador and not inflador.eof):
            raise Rehuso(*_DANADO)


def _de_otro_tipo(nombre: str) -> Rehuso:
    return Rehuso("dentro", f"contiene «{nombre}», que por dentro es de otro tipo. Quítelo y súbalo de nuevo.")


def _trozos(inflador: "zlib._Decompress | None", crudo: bytes) -> Iterator[bytes]:
    if inflador is None:
        yield crudo
        return
    while crudo:
        try:
            yield inflador.decompress(crudo, 1024 * 1024)
        except zlib.error:
            raise Rehuso(*_DANADO) from None
        if inflador.eof and inflador.unused_data:
            raise Rehuso(*_DANADO)
        crudo = inflador.unconsumed_tail


def _revisar_final(flujo: IO[bytes]) -> None:
    """The end record, before the directory is read: a small file may announce hundreds of thousands of entries."""
    flujo.seek(0, io.SEEK_END)
    tamano = flujo.tell()
    inicio = max(0, tamano - 65557)
    flujo.seek(inicio)
    cola = flujo.read()
    lugar = cola.rfind(b"PK\x05\x06")
    if lugar < 0 or len(cola) - lugar < 22:
        raise Rehuso(*_DANADO)
    entradas, directorio, _, comentario = struct.unpack_from("<HIIH", cola, lugar + 10)
    if lugar + 22 + comentario != len(cola):
        raise Rehuso(*_DANADO)
    if cola[max(0, lugar - 20) : lugar].startswith(b"PK\x06\x07"):
        (donde,) = struct.unpack_from("<Q", cola, lugar - 12)
        if not 0 <= donde <= tamano - 56:
            raise Rehuso(*_DANADO)
        flujo.seek(donde)
        entradas, directorio = struct.unpack_from("<QQ", flujo.read(56), 32)
    if entradas > ENTRADAS_MAXIMAS or directorio > _DIRECTORIO_MAXIMO:
        raise Rehuso(*_ENTRADAS)


def _revisar_nombre(miembro: zipfile.ZipInfo) -> None:
    nombre = miembro.orig_filename
    partes = nombre.split("/")
    inseguro = (
        nombre.startswith("/")
        or "\\" in nombre
        or ".." in partes
        or re.match(r"[A-Za-z]:", nombre)
        or any(
            ord(letra) < 32 or letra in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for letra in nombre
        )
    )
    if inseguro or stat.S_ISLNK(miembro.external_attr >> 16):
        raise Rehuso(*_NOMBRES)


def _tipos_de_contenido(xml: bytes) -> list[str]:
    """Content types named by an OOXML package. A document type declaration has no business there (I08)."""
    tipos: list[str] = []

    def rehusar(*_: object) -> None:
        raise Rehuso(*_DANADO)

    analizador = expat.ParserCreate()
    analizador.StartDoctypeDeclHandler = rehusar
    analizador.StartElementHandler = lambda _nombre, atributos: tipos.append(atributos.get("ContentType", ""))
    try:
        analizador.Parse(xml, True)
    except expat.ExpatError:
        raise Rehuso(*_DANADO) from None
    return tipos
