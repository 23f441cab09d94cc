"""Texts that people typed, on their way to a program that runs what looks like a formula (security.md E02)."""

import re

# What a spreadsheet skips before looking for a formula: spaces of every kind, controls, marks without width, quotes.
_ANTES = "[\\s\\x00-\\x20\\x7f-\\xa0\\xad\\u180e\\u200b-\\u200f\\u2028-\\u202f\\u2060-\\u206f\\ufeff'\"]"
# The last four are what Excel takes for the first four where Asian writing is installed.
_FORMULA = "[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]"
RIESGO = re.compile(f"^(?:{_ANTES}*{_FORMULA}|[\\t\\r\\n])")
# XML 1.0 has no way to write these.
_IMPOSIBLES = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
# What must be looked at one by one; the rest, nearly all, goes as it is.
ESPECIAL = re.compile("[&<>\\x00-\\x1f\\ud800-\\udfff\\ufffe\\uffff]|^\\s|\\s$|  |_x")


def es_riesgoso(texto: str) -> bool:
    return RIESGO.match(texto) is not None


def sin_formula(texto: str) -> str:
    """For a CSV, where everything is text until somebody opens it: an apostrophe first says that it is text."""
    return f"'{texto}" if es_riesgoso(texto) else texto


def para_xml(texto: str) -> str:
    """Escaped for the text of an element; a control character that XML can't carry becomes «�»."""
    texto = _IMPOSIBLES.sub("\ufffd", texto)
    return texto.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
