"""An invitation (RFC 5545): enough of it to say what it is. Whoever wants the rest opens the file."""

import re

from buzones.mime.juegos import una_linea
from buzones.mime.partes import Calendario

_LINEAS_MAXIMAS = 2000
_CAMPO = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\"]{0,300}(?:\"[^\"]{0,300}\")?){0,20}):(.*)", re.DOTALL)


def leer(texto: str, metodo: str = "") -> Calendario | None:
    """None when it is no calendar. `metodo`: the one that the header of the part says."""
    if "BEGIN:VCALENDAR" not in texto[:5000].upper():
        return None
    dichos: dict[str, str] = {}
    dentro = ""
    for linea in texto.replace("\n ", "").replace("\n\t", "").split("\n")[:_LINEAS_MAXIMAS]:
        hallado = _CAMPO.match(linea[:2000])
        if hallado is None:
            continue
        nombre, valor = hallado[1].upper(), hallado[3].strip()
        if nombre == "BEGIN":
            dentro = valor.upper()
        elif nombre == "METHOD" or dentro in {"VEVENT", "VTODO"}:
            dichos.setdefault(
                nombre, una_linea(valor.replace("\\n", " ").replace("\\,", ",").replace("\\;", ";"))[:300]
            )
    return Calendario(
        metodo=(metodo or dichos.get("METHOD", "")).upper()[:20],
        resumen=dichos.get("SUMMARY", ""),
        inicio=dichos.get("DTSTART", ""),
        lugar=dichos.get("LOCATION", ""),
        organizador=re.sub(r"^mailto:", "", dichos.get("ORGANIZER", ""), flags=re.IGNORECASE),
    )


def en_palabras(calendario: Calendario) -> str:
    """For a message that brings nothing else to read."""
    nombre = {"REPLY": "Respuesta a una invitación", "CANCEL": "Se cancela una invitación"}.get(
        calendario.metodo, "Invitación"
    )
    partes = [calendario.resumen, calendario.inicio and f"Inicio: {calendario.inicio}", calendario.lugar]
    return "\n".join([f"{nombre}: {partes[0]}".strip(": "), *filter(None, partes[1:])])
