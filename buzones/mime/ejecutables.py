"""Files that run: never handed over, whatever they are called. Nothing is run or inflated to know it."""

import re
import struct
import unicodedata
from collections.abc import Iterator

_QUE_CORREN = frozenset({
    "ade", "adp", "apk", "app", "application", "appref-ms", "appx", "appxbundle", "bas", "bat", "cab", "chm", "class",
    "cmd", "com", "command", "cpl", "crx", "deb", "desktop", "dll", "dmg", "docm", "dotm", "exe", "gadget", "hlp",
    "hta", "img", "inf", "ins", "iqy", "iso", "isp", "jar", "jnlp", "js", "jse", "ksh", "lib", "library-ms", "lnk",
    "mde", "msc", "msi", "msix", "msp", "mst", "msu", "nsh", "ocx", "one", "pif", "pl", "potm", "ppam", "ppsm", "pptm",
    "ps1", "ps1xml", "ps2", "psc1", "psd1", "psm1", "py", "pyc", "pyw", "reg", "rpm", "scf", "scpt", "scr", "sct",
    "search-ms", "settingcontent-ms", "sh", "shb", "shs", "slk", "sldm", "sys", "theme", "url", "vb", "vba", "vbe",
    "vbs", "vhd", "vhdx", "vxd", "website", "wim", "ws", "wsc", "wsf", "wsh", "xlam", "xll", "xlm", "xlsb", "xlsm",
    "xltm", "xnk",
})  # fmt: skip
_MAGIAS = (
    (b"MZ", "es un programa de Windows"),
    (b"\x7fELF", "es un programa de Linux"),
    (b"\xca\xfe\xba\xbe", "es un programa de Java o de Mac"),
    (b"\xcf\xfa\xed\xfe", "es un programa de Mac"),
    (b"\xce\xfa\xed\xfe", "es un programa de Mac"),
    (b"\xfe\xed\xfa\xcf", "es un programa de Mac"),
    (b"#!", "es una lista de órdenes que se ejecuta"),
    (b"L\0\0\0\x01\x14\x02\0", "es un acceso directo de Windows"),
    (b"ITSF", "es una ayuda de Windows, que puede ejecutar órdenes"),
    (b"MSCF", "es un instalador de Windows"),
    (b"dex\n", "es un programa de Android"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS_OLE = tuple(nombre.encode("utf-16-le") for nombre in ("_VBA_PROJECT", "VBA\0", "Macros\0"))
_ENTRADAS_MAXIMAS = 5000
_DE_DOCUMENTO = frozenset({
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "jpg", "jpeg", "png", "gif", "zip", "odt", "ods", "csv",
    "rtf", "htm", "html", "eml", "msg",
})  # fmt: skip
_INVERTIDOS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def motivo(nombre: str, contenido: bytes) -> str:
    """Why it may not be handed over; '' when nothing says that it runs. `nombre` as it came."""
    if dice := _por_nombre(nombre):
        return dice
    for magia, dice in _MAGIAS:
        if contenido.startswith(magia) and not (magia == b"MZ" and _es_texto(contenido)):
            return f"Por dentro {dice}."
    if contenido.startswith(_OLE) and any(marca in contenido for marca in _MACROS_OLE):
        return "Trae macros."
    nombres = list(_dentro_del_zip(contenido))
    for dentro in nombres:
        if dentro.lower().endswith("vbaproject.bin"):
            return "Trae macros."
        if dice := _por_nombre(dentro.replace("\\", "/").rpartition("/")[2]):
            return f"Trae por dentro un archivo que no se entrega. {dice}"
    return "Trae por dentro demasiados archivos para revisarlos." if len(nombres) >= _ENTRADAS_MAXIMAS else ""


def _por_nombre(nombre: str) -> str:
    visible = "".join(c for c in nombre if unicodedata.category(c) not in {"Cc", "Cf"}).rstrip(" .")
    tramos = [tramo.strip().lower() for tramo in visible.split(".")]
    extension = tramos[-1] if len(tramos) > 1 else ""
    # Windows reads a name up to its alternate stream («a.exe::$DATA»).
    extension = extension.partition(":")[0]
    if extension in _QUE_CORREN:
        if len(tramos) > 2 and tramos[-2] in _DE_DOCUMENTO:
            return f"Su nombre aparenta ser «.{tramos[-2]}», pero termina en «.{extension}», que se puede ejecutar."
        return f"Termina en «.{extension}», que se puede ejecutar."
    if _INVERTIDOS.search(nombre):
        return "Su nombre trae letras que lo muestran al revés, para que parezca otro archivo."
    return ""


def _es_texto(contenido: bytes) -> bool:
    """«MZ» may also start a word; a program has bytes that no text has."""
    return b"\0" not in contenido[:512] and len(contenido) < 512


def _dentro_del_zip(contenido: bytes) -> Iterator[str]:
    """The names that its entries say, in the directory and before each: one may lie, and be cut."""
    if not contenido.startswith(b"PK"):
        return
    for marca, largo, donde in ((b"PK\x01\x02", 46, 28), (b"PK\x03\x04", 30, 26)):
        pos = 0
        for _ in range(_ENTRADAS_MAXIMAS):
            pos = contenido.find(marca, pos)
            if pos < 0 or pos + largo > len(contenido):
                break
            (cuanto,) = struct.unpack_from("<H", contenido, pos + donde)
            yield contenido[pos + largo : pos + largo + min(cuanto, 1000)].decode("utf-8", "replace")
            pos += largo
