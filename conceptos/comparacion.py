"""What changed between two texts, word by word: shown with <ins> and <del>, never with colour alone."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PALABRAS = re.compile(r"\s+|[^\s]+")
# Beyond this the word-by-word comparison takes seconds: whole paragraphs are compared instead.
_MUCHAS = 4_000


@dataclass(frozen=True, slots=True)
class Trozo:
    """`tipo` is "igual", "ins" or "del"."""

    tipo: str
    texto: str


def comparar(antes: str, despues: str) -> list[Trozo]:
    viejas, nuevas = _partir(antes), _partir(despues)
    if len(viejas) + len(nuevas) > _MUCHAS:
        viejas, nuevas = antes.splitlines(keepends=True), despues.splitlines(keepends=True)
    trozos: list[Trozo] = []
    for _, i1, i2, j1, j2 in SequenceMatcher(None, viejas, nuevas, autojunk=False).get_opcodes():
        vieja, nueva = "".join(viejas[i1:i2]), "".join(nuevas[j1:j2])
        if vieja == nueva:
            trozos.append(Trozo("igual", vieja))
            continue
        if vieja:
            trozos.append(Trozo("del", vieja))
        if nueva:
            trozos.append(Trozo("ins", nueva))
    return trozos


def _partir(texto: str) -> list[str]:
    return _PALABRAS.findall(texto)
