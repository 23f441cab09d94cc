"""Logs as one JSON object per line: nothing typed can forge a line, move a terminal's cursor or leak a key."""

import json
import logging
import math
import re
from datetime import UTC, datetime
from typing import Any

PROPIOS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# What an URL or a message may carry by accident: user:password@host, key=value, bearer tokens.
SECRETOS = [
    (re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"), "***"),
    (
        re.compile(
            r"(?i)\b(password|passwd|clave|contrase[nñ]a|secret(?:_key)?|token|sessionid|__Host-\w+|api_?key)"
            r"([\"']?\s*[=:]\s*)([\"']?)[^\s\"'&;,]+"
        ),
        r"\1\2\3***",
    ),
    (re.compile(r"\bsdfi_\w+"), "sdfi_***"),
    # The secret of a link is its path, and whatever is refused is written down with it: the link is still good.
    (re.compile(r"(?<=/)(seguimiento|invitacion|encuesta|recuperar)/[\w-]{8,}"), r"\1/***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
]
NOMBRES_SECRETOS = re.compile(r"(?i)password|clave|secret|token|cookie|authorization|api_?key")


def limpio(texto: str) -> str:
    """The text without secrets and with everything that is not seen written out (line breaks, ANSI, bidi marks)."""
    for patron, reemplazo in SECRETOS:
        texto = patron.sub(reemplazo, texto)
    if texto.isprintable():
        return texto
    return "".join(s if s.isprintable() else s.encode("unicode_escape").decode() for s in texto)


class LineaJson(logging.Formatter):
    """`{"hora": …, "nivel": …, "origen": …, "mensaje": …, "error": …, extras…}` in one line."""

    def format(self, record: logging.LogRecord) -> str:
        linea: dict[str, Any] = {
            "hora": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "nivel": record.levelname,
            "origen": record.name,
            "mensaje": limpio(record.getMessage()),
        }
        if record.exc_info:
            linea["error"] = limpio(self.formatException(record.exc_info))
        for nombre, valor in vars(record).items():
            if nombre not in PROPIOS and nombre not in linea:
                linea[nombre] = _extra(nombre, valor)
        return json.dumps(linea, ensure_ascii=False)


def _extra(nombre: str, valor: Any) -> Any:
    if NOMBRES_SECRETOS.search(nombre):
        return "***"
    if isinstance(valor, float) and not math.isfinite(valor):
        return str(valor)  # JSON has no word for it
    return valor if isinstance(valor, int | float | bool | None) else limpio(str(valor))
