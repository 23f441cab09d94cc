"""Messages told inside a text («---------- Mensaje reenviado», «De: … Enviado: … Para: … Asunto: …»).

What they say of whom is only told: the one that speaks is who forwarded them.
"""

import re
from itertools import pairwise

from buzones.mime import citas, encabezados
from buzones.mime.juegos import una_linea
from buzones.mime.partes import Direccion, Reenviado

REENVIADOS_MAXIMOS = 20
_CAMPO = re.compile(
    r"[\s*>]{0,10}(de|from|desde|enviado(?: el)?|fecha|sent|date|para|to|cc|asunto|subject)\s?:\**\s?(.{0,500})",
    re.IGNORECASE,
)
_NOMBRES = {
    "de": "de", "from": "de", "desde": "de", "enviado": "fecha", "enviado el": "fecha", "fecha": "fecha",
    "sent": "fecha", "date": "fecha", "asunto": "asunto", "subject": "asunto",
}  # fmt: skip


def leer(texto: str, asunto: str) -> tuple[Reenviado, ...]:
    """Those of a forward, the nearest first; none when it is an answer."""
    if not citas.es_reenvio(texto, asunto):
        return ()
    lineas = texto.split("\n")
    cabezas = [
        lugar for lugar, linea in enumerate(lineas) if citas._DE.match(linea[:300]) and citas._bloque(lineas, lugar)
    ]
    bordes = [*cabezas[:REENVIADOS_MAXIMOS], len(lineas)]
    return tuple(_uno(lineas, *par) for par in pairwise(bordes))


def _uno(lineas: list[str], inicio: int, fin: int) -> Reenviado:
    dichos: dict[str, str] = {}
    lugar = inicio
    while lugar < fin and lugar < inicio + 10 and (hallado := _CAMPO.match(lineas[lugar])):
        nombre = _NOMBRES.get(hallado[1].lower())
        if nombre:
            dichos.setdefault(nombre, una_linea(hallado[2]).strip("* "))
        lugar += 1
    halladas, _ = encabezados.direcciones(dichos.get("de", "").replace("[mailto:", "<").replace("]", ">").encode())
    de = halladas[0] if halladas else Direccion("", "")
    return Reenviado(
        de, dichos.get("asunto", "")[:300], dichos.get("fecha", "")[:100], "\n".join(lineas[lugar:fin]).strip()
    )
