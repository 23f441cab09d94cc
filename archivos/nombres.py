"""Names of files as a person may read them again. The name is only a label: files live under random ids (U05)."""

import re
import unicodedata

LARGO_MAXIMO = 150
_PROHIBIDOS = re.compile(r'[<>:"/\\|?*]')
_RESERVADOS = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
# Control characters, formatting (bidirectional overrides among them), lone surrogates, private use, line separators.
_CATEGORIAS_FUERA = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def limpiar(nombre: str) -> str:
    """A safe label from whatever the browser sent: no folders, no tricks, at most 150 characters, extension kept."""
    base = re.split(r"[/\\]", nombre)[-1]
    visible = "".join(letra for letra in base if unicodedata.category(letra) not in _CATEGORIAS_FUERA)
    limpio = _PROHIBIDOS.sub("_", unicodedata.normalize("NFC", visible))
    limpio = re.sub(r"\s+", " ", limpio).strip(" .")
    if not limpio:
        return "archivo"
    tronco, punto, extension = limpio.rpartition(".")
    if not punto:
        tronco, extension = limpio, ""
    if _RESERVADOS.fullmatch(limpio.split(".")[0].strip()):
        tronco = f"_{tronco}"
    if len(extension) > 20:
        tronco, punto, extension = f"{tronco}.{extension}", "", ""
    tronco = tronco[: LARGO_MAXIMO - len(punto) - len(extension)].rstrip(" .") or "archivo"
    return f"{tronco}{punto}{extension}"
