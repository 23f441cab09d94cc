"""Verification codes: what a person types from the paper to ask whether a document is authentic (check G07)."""

import re
import secrets

# Crockford's base 32: no I, L, O or U, which people confuse with 1, 0 and V.
ALFABETO = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIMBOLOS = 16
GRUPO = 4
PATRON = re.compile(f"[{ALFABETO}]{{{SIMBOLOS}}}")
_CONFUNDIDAS = str.maketrans("OILU", "011V")


def nuevo() -> str:
    """A new code of 80 random bits, as it is stored: 16 symbols without hyphens."""
    return "".join(secrets.choice(ALFABETO) for _ in range(SIMBOLOS))


def agrupar(codigo: str) -> str:
    """As people read it: «7K3M-9QWD-2F5X-HT8N»."""
    return "-".join(codigo[i : i + GRUPO] for i in range(0, len(codigo), GRUPO))


def normalizar(escrito: str) -> str | None:
    """The stored form of what a person typed, or None when it cannot be a code.

    Forgives lower case, spaces, any kind of hyphen, O for 0, I or L for 1 and U for V.
    """
    limpio = re.sub(r"[\s\-‐-―−._]+", "", escrito).upper().translate(_CONFUNDIDAS)
    return limpio if PATRON.fullmatch(limpio) else None
