"""The state table told by itself: `script/manage diagrama_estados` prints it, docs/estados.md keeps it."""

from collections.abc import Iterable

from direcciones.roles import Rol
from solicitudes.estados import ABIERTOS, ACTOS, TRANSICIONES, EstadoParte, Transicion

ENCABEZADO = """# States of a parte

Written by `script/manage diagrama_estados` from `solicitudes/estados.py`; a test keeps it equal. Do not edit by hand.
"""


def documento() -> str:
    """The whole page, in markdown."""
    partes = [ENCABEZADO, "## Diagram", diagrama(), "## What moves the state", tabla(TRANSICIONES.values())]
    partes += ["## What leaves the state as it is", tabla(ACTOS.values())]
    return "\n\n".join(parte.strip() for parte in partes) + "\n"


def diagrama() -> str:
    """Mermaid: one arrow for each pair of states, with the actions that make it."""
    lineas = ["```mermaid", "stateDiagram-v2", f"  [*] --> {EstadoParte.EN_COLA}: radicar"]
    for estado in EstadoParte:
        lineas.append(f"  {estado}: {estado.label}")
    flechas: dict[tuple[str, str], list[str]] = {}
    for fila in TRANSICIONES.values():
        for desde in _en_orden(fila.desde):
            flechas.setdefault((str(desde), str(fila.hacia)), []).append(fila.accion)
    lineas += [f"  {desde} --> {hacia}: {', '.join(acciones)}" for (desde, hacia), acciones in flechas.items()]
    lineas += [f"  {estado} --> [*]" for estado in EstadoParte if estado not in ABIERTOS]
    return "\n".join([*lineas, "```"])


def tabla(filas: Iterable[Transicion]) -> str:
    titulos = ("Action", "Button", "From", "To", "Who", "Asks for", "Rules")
    lineas = [f"| {' | '.join(titulos)} |", f"|{'---|' * len(titulos)}"]
    return "\n".join([*lineas, *(f"| {' | '.join(_celdas(fila))} |" for fila in filas)])


def _celdas(fila: Transicion) -> tuple[str, ...]:
    return (
        f"`{fila.accion}`",
        fila.boton,
        "any" if fila.desde == frozenset(EstadoParte) else ", ".join(e.label for e in _en_orden(fila.desde)),
        fila.hacia.label if fila.hacia else "the same",
        ", ".join(_rol(rol) for rol in [*Rol.values, "sistema"] if rol in fila.roles),
        ", ".join(fila.pide) or "nothing",
        ", ".join(_reglas(fila)) or "—",
    )


def _reglas(fila: Transicion) -> list[str]:
    reglas = {
        "only who is responsible": fila.personal,
        "who is responsible, or the head": fila.solo_responsable,
        "confirms": fila.confirma,
        "hidden from the entity": fila.interna,
    }
    return [texto for texto, rige in reglas.items() if rige]


def _rol(rol: str) -> str:
    return rol if rol == "sistema" else Rol(rol).label


def _en_orden(estados: frozenset[EstadoParte]) -> list[EstadoParte]:
    return [estado for estado in EstadoParte if estado in estados]
