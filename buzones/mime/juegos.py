"""Bytes to text. What is declared is tried; what cannot be is read as UTF-8, and each byte that is not, as cp1252.

A line of one program pasted in another mixes both.
"""

import codecs
import re
import unicodedata

_NOMBRE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:+-]{0,39}")
# What a mail may be written in. Not the codecs that are no character set, nor the ones that are slow (punycode, idna).
_TEXTO = re.compile(
    r"utf-?(7|8|8-sig|16|32)([-_][lb]e)?|ascii|iso8859-\d+|cp\d{3,5}|koi8-[rtu]|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+|johab|mac[-_]\w+|tis-620|hz|hp-roman8|kz1048|ptcp154"
)
_COMO_UTF8 = {"utf-8", "utf-8-sig", "ascii"}
_COMO_CP1252 = {"iso8859-1", "cp1252"}
_CONTROLES = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
_SUELTOS = "buzones.cp1252"


def _como_cp1252(falta: UnicodeError) -> tuple[str, int]:
    if not isinstance(falta, UnicodeDecodeError):
        raise falta
    return falta.object[falta.start : falta.end].decode("cp1252", "replace"), falta.end


codecs.register_error(_SUELTOS, _como_cp1252)


def limpio(texto: str) -> str:
    """Text that the database takes: no NUL, no other controls, no lone surrogates, one kind of line."""
    texto = texto.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLES)
    return texto.encode("utf-8", "replace").decode()


def una_linea(texto: str) -> str:
    return " ".join(limpio(texto).split())


def plegado(texto: str) -> str:
    """Lower case without accents, of the same length line by line: to look for words."""
    return "".join(c for c in unicodedata.normalize("NFKD", texto.casefold()) if not unicodedata.combining(c))


def juego(nombre: str) -> str:
    """How Python calls it; '' when nobody knows it."""
    nombre = nombre.strip().strip("'\"").strip()
    if not _NOMBRE.fullmatch(nombre):
        return ""
    alias = {"x-unknown": "", "unicode-1-1-utf-7": "utf-7", "ansi": "cp1252", "x-mac-roman": "mac-roman"}
    try:
        propio = codecs.lookup(alias.get(nombre.lower(), nombre)).name
    except (LookupError, ValueError):
        return ""
    return propio if _TEXTO.fullmatch(propio) else ""


def decodificar(crudo: bytes, declarado: str) -> tuple[str, bool]:
    """The text, and whether it was what it said. Without saying, UTF-8 is right."""
    propio = juego(declarado) if declarado.strip() else "utf-8"
    if propio in _COMO_CP1252 or (propio.startswith("cp125") and not crudo.isascii()):
        if not crudo.isascii() and (texto := _si_es_utf8(crudo)) is not None:
            return texto, False
        propio = "cp1252" if propio in _COMO_CP1252 else propio
    if propio.startswith(("utf-16", "utf-32")) and crudo.isascii() and b"\0" not in crudo:
        return crudo.decode("ascii"), False
    if propio and propio not in _COMO_UTF8:
        try:
            texto = crudo.decode(propio, "replace")
        except (UnicodeError, LookupError, ValueError):  # a codec that does not know how to replace
            texto = "\ufffd"
        return (texto, True) if "\ufffd" not in texto else (_de_utf8(crudo) if propio == "utf-7" else texto, False)
    crudo = crudo.removeprefix(codecs.BOM_UTF8)
    texto = _si_es_utf8(crudo)
    return (texto, bool(propio)) if texto is not None else (_de_utf8(crudo), False)


def _si_es_utf8(crudo: bytes) -> str | None:
    try:
        return crudo.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _de_utf8(crudo: bytes) -> str:
    return crudo.decode("utf-8", _SUELTOS)
