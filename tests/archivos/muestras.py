"""Sample files of every kind, good and hostile, made by code: no binary lives in the repository."""

import io
import stat
import struct
import zipfile
import zlib

import pikepdf

OOXML = "application/vnd.openxmlformats-officedocument"
PRINCIPAL = {
    "docx": (f"{OOXML}.wordprocessingml.document.main+xml", "word/document.xml"),
    "xlsx": (f"{OOXML}.spreadsheetml.sheet.main+xml", "xl/workbook.xml"),
    "pptx": (f"{OOXML}.presentationml.presentation.main+xml", "ppt/presentation.xml"),
}
ODF = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}


def comprimir(miembros: dict[str, bytes], *, metodo: int = zipfile.ZIP_DEFLATED) -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", metodo) as contenedor:
        for nombre, contenido in miembros.items():
            contenedor.writestr(nombre, contenido)
    return salida.getvalue()


def ooxml(clase: str, **extra: bytes) -> bytes:
    principal, parte = PRINCIPAL[clase]
    tipos = f'<Types><Override PartName="/{parte}" ContentType="{principal}"/></Types>'
    return comprimir({"[Content_Types].xml": tipos.encode(), parte: b"<x/>", **extra})


def odf(clase: str, **extra: bytes) -> bytes:
    return comprimir(
        {"mimetype": ODF[clase].encode(), "META-INF/manifest.xml": b"<m/>", "content.xml": b"<x/>", **extra}
    )


def ole(*en_raiz: str, dentro: str = "") -> bytes:
    """A compound file: header, one allocation sector, one directory chain. `dentro` hangs from the first entry."""
    nombres = ["Root Entry", *en_raiz, *([dentro] if dentro else [])]
    libre = 0xFFFFFFFF
    directorio = b""
    for i, nombre in enumerate(nombres):
        crudo = nombre.encode("utf-16-le") + b"\0\0"
        derecha = i + 1 if 1 <= i < len(en_raiz) else libre
        hijo = 1 if i == 0 else (len(en_raiz) + 1 if dentro and i == 1 else libre)
        entrada = crudo.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(crudo), 5 if i == 0 else 1, 1, libre, derecha, hijo
        )
        directorio += entrada.ljust(128, b"\0")
    sectores = -(-len(directorio) // 512)
    tabla = [0xFFFFFFFD, *[n + 2 for n in range(sectores - 1)], 0xFFFFFFFE]
    fat = struct.pack("<128I", *(tabla + [libre] * (128 - len(tabla))))
    cabecera = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 6
    )
    cabecera += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    cabecera += struct.pack("<109I", 0, *[libre] * 108)
    return cabecera + fat + directorio.ljust(512 * sectores, b"\0") + b"\0" * 1024


def pdf(preparar=None, **guardar) -> bytes:
    salida = io.BytesIO()
    with pikepdf.new() as documento:
        documento.add_blank_page()
        if preparar:
            preparar(documento)
        documento.save(salida, **guardar)
    return salida.getvalue()


def png(ancho: int = 2, alto: int = 2) -> bytes:
    def trozo(clase: bytes, datos: bytes) -> bytes:
        return struct.pack(">I", len(datos)) + clase + datos + struct.pack(">I", zlib.crc32(clase + datos))

    cabecera = struct.pack(">IIBBBBB", ancho, alto, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + trozo(b"IHDR", cabecera)
        + trozo(b"IDAT", zlib.compress(b"\0\0\0" * 2))
        + trozo(b"IEND", b"")
    )


def jpeg(ancho: int = 2, alto: int = 2) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    sof = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, alto, ancho, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app0 + sof + b"\xff\xda" + b"\0" * 20 + b"\xff\xd9"


def webp(ancho: int = 2, alto: int = 2, forma: bytes = b"VP8X") -> bytes:
    if forma == b"VP8X":
        cuerpo = b"\0\0\0\0" + (ancho - 1).to_bytes(3, "little") + (alto - 1).to_bytes(3, "little")
    elif forma == b"VP8L":
        cuerpo = b"\x2f" + struct.pack("<I", (ancho - 1) | (alto - 1) << 14)
    else:
        cuerpo = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", ancho, alto)
    trozo = forma + struct.pack("<I", len(cuerpo)) + cuerpo.ljust(20, b"\0")
    return b"RIFF" + struct.pack("<I", 4 + len(trozo)) + b"WEBP" + trozo


def tiff(*paginas: tuple[int, int], orden: str = "<", bucle: bool = False) -> bytes:
    paginas = paginas or ((2, 2),)
    datos = (b"II*\0" if orden == "<" else b"MM\0*") + struct.pack(f"{orden}I", 8)
    for i, (ancho, alto) in enumerate(paginas):
        siguiente = len(datos) + 2 + 24 + 4 if i + 1 < len(paginas) else (8 if bucle else 0)
        datos += struct.pack(f"{orden}HHHIIHHIII", 2, 256, 4, 1, ancho, 257, 4, 1, alto, siguiente)
    return datos


def enlace_simbolico() -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as contenedor:
        miembro = zipfile.ZipInfo("nota.txt")
        miembro.create_system = 3
        miembro.external_attr = (stat.S_IFLNK | 0o777) << 16
        contenedor.writestr(miembro, "/etc/passwd")
    return salida.getvalue()


def superpuesto(copias: int = 50) -> bytes:
    """Many directory entries over the same bytes (David Fifield's idea)."""
    base = comprimir({"a.txt": b"a" * 1000})
    with zipfile.ZipFile(io.BytesIO(base)) as contenedor:
        directorio_en, miembro = contenedor.start_dir, contenedor.infolist()[0]
    local = base[:directorio_en]
    central = b""
    for i in range(copias):
        nombre = b"a.txt" if i == 0 else f"{i:05d}".encode()
        central += struct.pack(
            "<4sBBHHHHHIIIHHHHHII",
            b"PK\x01\x02", 20, 3, 20, 0, 8, 0, 33, miembro.CRC, miembro.compress_size, miembro.file_size,
            len(nombre), 0, 0, 0, 0, 0, 0,
        ) + nombre  # fmt: skip
    final = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, copias, copias, len(central), len(local), 0)
    return local + central + final


def mentiroso(real: int = 50 * 1024 * 1024, dice: int = 1000) -> bytes:
    """A member that announces less than it inflates to, in both headers."""
    datos = bytearray(comprimir({"a.txt": b"\0" * real}))
    central = datos.rindex(b"PK\x01\x02")
    struct.pack_into("<I", datos, 22, dice)
    struct.pack_into("<I", datos, central + 24, dice)
    return bytes(datos)


CORREO = b"From: a@entidad.gov.co\r\nTo: b@sdfi.gov.co\r\nSubject: Hola\r\nMIME-Version: 1.0\r\n\r\nTexto\r\n"
BUENAS: dict[str, bytes] = {
    "pdf": pdf(),
    **{clase: ooxml(clase) for clase in PRINCIPAL},
    "odt": odf("odt"),
    "ods": odf("ods"),
    "doc": ole("WordDocument", "1Table"),
    "xls": ole("Workbook"),
    "msg": ole("__properties_version1.0", "__substg1.0_0037001F"),
    "png": png(),
    "jpeg": jpeg(),
    "webp": webp(),
    "tiff": tiff(),
    "txt": "Señores: adjunto la tabla de retención.\r\n".encode(),
    "csv": "nombre;cargo\r\nAña;asesora\r\n".encode("cp1252"),
    "eml": CORREO,
    "zip": comprimir({"anexos/nota.txt": b"hola", "anexos/plan.pdf": pdf()}),
}
AJENAS: dict[str, bytes] = {
    "exe": b"MZ\x90\0\x03\0\0\0" + b"\0" * 200,
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    "html": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b"<?xml version='1.0'?><a/>",
    "php": b"<?php system($_GET['c']);",
    "sh": b"#!/bin/sh\nrm -rf /\n",
    "bat": b"@echo off\r\ndel *.*\r\n",
    "rtf": b"{\\rtf1\\ansi hola}",
    "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "rar": b"Rar!\x1a\x07\x01\0" + b"\0" * 50,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 50,
    "dwg": b"AC1027\0\0\0\0" + b"\0" * 100,
    "mp3": b"ID3\x03\0\0\0\0\0\0" + b"\0" * 100,
    "ppt": ole("PowerPoint Document"),
    "odp": odf("odp"),
    "ps": b"%!PS-Adobe-3.0\n",
    "docm": ooxml("docx", **{"word/vbaProject.bin": b"x"}),
}
