"""The rules told by themselves: `script/manage diagrama_criterio` prints them, docs/buzones.md keeps them."""

from collections.abc import Iterable, Iterator

from buzones.criterio.base import MENSAJES_POR_HORA
from buzones.criterio.dictamen import REGLAS
from buzones.criterio.preguntas import AL_RADICAR, DE_CADA_FORMULARIO, NECESIDAD, TEMA
from buzones.criterio.temas import POR_SI_SOLO
from buzones.criterio.texto import PALABRAS_BASTANTES
from buzones.estados import TRANSICIONES, Clase, EstadoCorreo
from clasificador.modelo import SEGURA

_CABEZA = f"""# What a received message becomes

Written by `script/manage diagrama_criterio` from `buzones/criterio/` and `buzones/estados.py`; a test keeps it equal.
Do not edit by hand.

## Rules

In this order; the first that holds decides. Rules 6, 12, 13, 14 and 16 may only doubt: then a person decides, nobody
is answered, and the rules that follow only make the guess. `razones` says, in plain Spanish, why.

- A sender is **known** by the account of that address, by a mail of it that was already filed, or by a domain of
  exactly one entidad. A name in the text is never enough.
- A sender is **party** to a solicitud when the account of that address may open it today or, without an account, when
  it is the address that was left for the answer.
- Somebody is given a **voice** (`autor_id`) only by an address signed for them or by a DMARC that passed at our own
  border: never by From alone, and of the SDFI's own people never at all.
- A **theme is sure** when the classifier is measured and {SEGURA} % sure of the dirección, when the text by itself
  says the dirección of the mailbox that was written to, when {POR_SI_SOLO} words say it and little says any other,
  or when that mailbox is of one thing (`temas_por_defecto`).
- A text **says enough** from {PALABRAS_BASTANTES} different words that say something. More than {MENSAJES_POR_HORA}
  messages of one address in an hour go to a person, together.
"""


def documento() -> str:
    return "\n".join([_CABEZA, *_reglas(), "", *_preguntas(), "", *_decisiones(), ""])


def _tabla(titulos: Iterable[str], filas: Iterable[Iterable[str]]) -> Iterator[str]:
    titulos = list(titulos)
    yield f"| {' | '.join(titulos)} |"
    yield f"|{'|'.join('---' for _ in titulos)}|"
    for fila in filas:
        yield f"| {' | '.join(fila)} |"


def _reglas() -> Iterator[str]:
    yield from _tabla(
        ("#", "Si", "Entonces", "Función"),
        (
            (str(una.numero), una.si, una.entonces, f"`{una.dice.__module__.rpartition('.')[2]}.{una.dice.__name__}`")
            for una in REGLAS
        ),
    )


def _preguntas() -> Iterator[str]:
    yield "## What is asked of who says too little"
    yield ""
    yield "Only what the message does not say already, once, and only of a known sender who attached nothing."
    cuales = ", ".join(f"`{uno}`" for uno in DE_CADA_FORMULARIO if uno in AL_RADICAR)
    yield f"What may be filed is filed, and its acuse asks for what it does not say ({cuales})."
    yield ""
    yield f"- Too short: {NECESIDAD} {TEMA}"
    for formulario, suyas in DE_CADA_FORMULARIO.items():
        if suyas:
            yield f"- `{formulario}`: {' '.join(suyas.values())}"


def _decisiones() -> Iterator[str]:
    yield "## What a person may decide afterwards"
    yield ""
    yield from _tabla(
        ("Acción", "Desde", "Hacia", "Clase"),
        (
            (
                f"`{una.accion}`",
                ", ".join(estado.label for estado in EstadoCorreo if estado in una.desde),
                EstadoCorreo(una.hacia).label + (" (con solicitud)" if una.atado else ""),
                Clase(una.clase).label if una.clase else "–",
            )
            for una in TRANSICIONES.values()
        ),
    )
