"""How good it is, on what it had not seen; and training, which asks the same to know how much to trust itself."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clasificador.modelo import (
    OBJETIVOS,
    SEGURA,
    Ejemplo,
    Leido,
    Modelo,
    Propuesta,
    Sugerencia,
    aprender,
    con_ventajas,
    leer,
    quien,
    sugerir,
)
from clasificador.palabras import Nombres

PARTES = 5
IMAGINADOS = 2.0  # examples that are imagined at each of five leads, as right as their lead


def entrenar(ejemplos: Iterable[Ejemplo], nombres: Mapping[str, Sequence[str]] | None = None) -> Modelo:
    """`nombres`: entidad → its names, which say who asks and not what. The order of the examples changes nothing."""
    return entrenar_midiendo(ejemplos, nombres)[0]


def entrenar_midiendo(
    ejemplos: Iterable[Ejemplo], nombres: Mapping[str, Sequence[str]] | None = None
) -> tuple[Modelo, "Aciertos"]:
    """And how right it is with examples of senders that it had not seen, from the same round."""
    nombres = nombres or {}
    leidos = _en_orden(leer(ejemplos, Nombres(nombres)))
    modelo = aprender(leidos, nombres)
    vistos = _sin_haberlos_visto(leidos, nombres)
    modelo = replace(modelo, confianza={objetivo: _curva(vistos, objetivo) for objetivo in OBJETIVOS})
    return modelo, {objetivo: suyos for objetivo in OBJETIVOS if (suyos := _aciertos(vistos, objetivo))["cuantos"]}


Aciertos = dict[str, dict[str, float]]


def _aciertos(vistos: "Sequence[Visto]", objetivo: str) -> dict[str, float]:
    suyos = [(ejemplo, dicho) for ejemplo, dicho, _ in vistos if ejemplo.de(objetivo)]
    de = {n: sum(acierta(ejemplo, dicho, objetivo, n) for ejemplo, dicho in suyos) for n in (1, 3)}
    todos = len(suyos) or 1
    return {"cuantos": len(suyos), "exactitud": round(de[1] / todos, 3), "entre_tres": round(de[3] / todos, 3)}


def _en_orden(leidos: list[Leido]) -> list[Leido]:
    return sorted(leidos, key=lambda leido: (not leido[0].es_catalogo, leido[0].texto, leido[0].remitente))


# --- What it had not seen ------------------------------------------------------------------------------------------
Visto = tuple[Ejemplo, Sugerencia, dict[str, float]]  # target → lead of the first over the second


def _sin_haberlos_visto(leidos: Sequence[Leido], nombres: Mapping[str, Sequence[str]]) -> list[Visto]:
    """Each example, with what is proposed for it by who learned from those of other senders."""
    parte_de = _repartir([ejemplo for ejemplo, _ in leidos if not ejemplo.es_catalogo])
    vistos: list[Visto] = []
    for parte in sorted(set(parte_de.values())):
        fuera = {remitente for remitente, suya in parte_de.items() if suya == parte}
        adentro = [leido for leido in leidos if leido[0].es_catalogo or quien(leido[0]) not in fuera]
        modelo = aprender(adentro, nombres)
        vistos += [
            (ejemplo, *con_ventajas(modelo, ejemplo.texto))
            for ejemplo, _ in leidos
            if not ejemplo.es_catalogo and quien(ejemplo) in fuera
        ]
    return vistos


def _repartir(ejemplos: Sequence[Ejemplo]) -> dict[str, int]:
    """sender → its part. Stratified: the largest first, each to the part that has least of its dependencia, so that
    every part asks about everything."""
    suyos: dict[str, list[Ejemplo]] = {}
    for ejemplo in ejemplos:
        suyos.setdefault(quien(ejemplo), []).append(ejemplo)
    cargas: list[dict[str, int]] = [{} for _ in range(PARTES)]
    parte_de: dict[str, int] = {}
    for remitente, unos in sorted(suyos.items(), key=lambda par: (-len(par[1]), par[0])):
        estratos = ["".join(uno.dependencia[:1]) for uno in unos]
        mejor = min(
            range(PARTES),
            key=lambda n: (sum(cargas[n].get(e, 0) for e in estratos), sum(cargas[n].values()), n),
        )
        parte_de[remitente] = mejor
        for estrato in estratos:
            cargas[mejor][estrato] = cargas[mejor].get(estrato, 0) + 1
    return parte_de


def _curva(vistos: Sequence[Visto], objetivo: str) -> tuple[float, float]:
    """Logistic curve of being right by the lead (Platt, 1999), by Newton's method. What is imagined beside what was
    seen keeps it honest with few examples: without them, a dozen right ones would make it sure of everything."""
    pares = [
        (llevan[objetivo], float(acierta(ejemplo, propuesta, objetivo)), 1.0)
        for ejemplo, propuesta, llevan in vistos
        if ejemplo.de(objetivo)
    ]
    if not pares:
        return (0.0, 0.0)
    for lleva in (0.0, 0.25, 0.5, 0.75, 1.0):
        pares += [(lleva, 1.0, IMAGINADOS * lleva), (lleva, 0.0, IMAGINADOS * (1 - lleva))]
    base = pendiente = 0.0
    for _ in range(50):
        gb = gp = bb = bp = pp = 1e-6
        for lleva, bien, veces in pares:
            p = 1 / (1 + math.exp(-base - pendiente * lleva))
            peso, error = veces * p * (1 - p), veces * (bien - p)
            gb, gp = gb + error, gp + error * lleva
            bb, bp, pp = bb + peso, bp + peso * lleva, pp + peso * lleva * lleva
        det = bb * pp - bp * bp
        if det < 1e-9:
            break
        base = max(-12.0, min(12.0, base + (pp * gb - bp * gp) / det))
        pendiente = max(-12.0, min(24.0, pendiente + (bb * gp - bp * gb) / det))
    return (round(base, 3), round(max(pendiente, 0.0), 3))


# --- The figures ---------------------------------------------------------------------------------------------------
def acierta(ejemplo: Ejemplo, sugerencia: Sugerencia, objetivo: str, cuantas: int = 1) -> bool:
    """One of the first proposals is one of what it was."""
    propuestas: tuple[Propuesta, ...] = getattr(sugerencia, OBJETIVOS[objetivo])
    return any(propuesta.codigo in ejemplo.de(objetivo) for propuesta in propuestas[:cuantas])


@dataclass(slots=True)
class Medida:
    """Of one target. `confusion`: (what it was, what was proposed) → how many, of the wrong ones. `calibracion`: tens
    of confidence → (said, right, how many)."""

    cuantos: int = 0
    aciertos: int = 0
    entre_tres: int = 0
    seguras: int = 0
    erradas: int = 0
    confusion: dict[tuple[str, str], int] = field(default_factory=dict)
    calibracion: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def exactitud(self) -> float:
        return self.aciertos / self.cuantos if self.cuantos else 0.0

    @property
    def tres(self) -> float:
        return self.entre_tres / self.cuantos if self.cuantos else 0.0

    @property
    def cobertura(self) -> float:
        """How many would be filed without asking."""
        return self.seguras / self.cuantos if self.cuantos else 0.0

    @property
    def erradas_de_las_seguras(self) -> float:
        return self.erradas / self.seguras if self.seguras else 0.0

    def como_json(self) -> dict[str, Any]:
        return {
            "cuantos": self.cuantos,
            "exactitud": round(self.exactitud, 3),
            "entre_tres": round(self.tres, 3),
            "seguras": round(self.cobertura, 3),
            "erradas_de_las_seguras": round(self.erradas_de_las_seguras, 4),
            "confusion": [
                [era, dijo, n] for (era, dijo), n in sorted(self.confusion.items(), key=lambda par: (-par[1], par[0]))
            ],
            "calibracion": {str(decena): list(suyos) for decena, suyos in sorted(self.calibracion.items())},
        }


Medidas = dict[str, Medida]


def medir(ejemplos: Iterable[Ejemplo], nombres: Mapping[str, Sequence[str]] | None = None) -> Medidas:
    """Cross-validated: each part is judged by a model trained, confidence included, without any of its senders."""
    nombres = nombres or {}
    todos = list(ejemplos)
    parte_de = _repartir([ejemplo for ejemplo in todos if not ejemplo.es_catalogo])
    medidas = {objetivo: Medida() for objetivo in OBJETIVOS}
    for parte in sorted(set(parte_de.values())):
        fuera = {uno for uno, suya in parte_de.items() if suya == parte}
        modelo = entrenar([e for e in todos if e.es_catalogo or quien(e) not in fuera], nombres)
        juzgar(modelo, [e for e in todos if not e.es_catalogo and quien(e) in fuera], medidas)
    return medidas


def juzgar(modelo: Modelo, ejemplos: Iterable[Ejemplo], medidas: Medidas | None = None) -> Medidas:
    """A model, on examples that it did not learn from: that is up to who calls."""
    medidas = {objetivo: Medida() for objetivo in OBJETIVOS} if medidas is None else medidas
    for ejemplo in ejemplos:
        sugerencia = sugerir(modelo, ejemplo.texto)
        for objetivo, medida in medidas.items():
            if ejemplo.de(objetivo):
                _anotar(medida, ejemplo, sugerencia, objetivo)
    return medidas


def _anotar(medida: Medida, ejemplo: Ejemplo, sugerencia: Sugerencia, objetivo: str) -> None:
    propuestas: tuple[Propuesta, ...] = getattr(sugerencia, OBJETIVOS[objetivo])
    bien = acierta(ejemplo, sugerencia, objetivo)
    medida.cuantos += 1
    medida.aciertos += bien
    medida.entre_tres += acierta(ejemplo, sugerencia, objetivo, 3)
    if not bien:
        par = (ejemplo.de(objetivo)[0], propuestas[0].codigo if propuestas else "")
        medida.confusion[par] = medida.confusion.get(par, 0) + 1
    if propuestas:
        confianza = propuestas[0].confianza
        dicha, cierta, cuantas = medida.calibracion.get(confianza // 10 * 10, (0, 0, 0))
        medida.calibracion[confianza // 10 * 10] = (dicha + confianza, cierta + bien, cuantas + 1)
        medida.seguras += confianza >= SEGURA
        medida.erradas += confianza >= SEGURA and not bien
