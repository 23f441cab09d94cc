"""The model: what was learned from examples, and what it proposes for a text, with its reasons (decisión 0028).

Two small known methods: themes by the angle between the text and what is known of each one (TF-IDF centroids), and
dependencia, modality and class by complement naive Bayes. Confidence is how often the first proposal was right, with
that same lead over the second one, on examples that the model had not seen. The same examples give the same model.
"""

import json
import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from clasificador.palabras import Nombres, rasgos

# What is proposed → where a Sugerencia has it.
OBJETIVOS = {"tema": "temas", "direccion": "direcciones", "dependencia": "dependencias",
             "modalidad": "modalidades", "clase": "clases"}  # fmt: skip
DE_BAYES = ("dependencia", "modalidad", "clase")
RAZONES = 5
CUANTAS = 5  # proposals of each kind, at most
POR_TEMA = 400  # roots that are kept of each theme: the heaviest
RASGOS = 12_000  # that are kept of dependencia, modality and class: those of most examples
SEGURA = 97  # out of 100: from here on what is proposed may be done without asking
MAS_SEGURA = 99
VERSION = 1
MAXIMO_BYTES, MAXIMO_ABIERTO = 2_000_000, 40_000_000
# How much the words of a text weigh for its place, before asking what theme: measured on the examples (0028).
_SECO, _SUELO, _BASTANTE = 4.0, 0.3, 0.15


@dataclass(frozen=True, slots=True)
class Ejemplo:
    """A text and what it was. Codes of the catalogue; empty when it is not known.

    `remitente` groups: those of one sender never are on both sides of a measure. `lecciones`: how many times it
    counts. `es_catalogo`: words of the catalogue and not what somebody asked; never measured with.
    """

    texto: str
    temas: tuple[str, ...] = ()
    direccion: tuple[str, ...] = ()
    dependencia: tuple[str, ...] = ()
    modalidad: tuple[str, ...] = ()
    clase: tuple[str, ...] = ()
    remitente: str = ""
    lecciones: float = 1.0
    es_catalogo: bool = False

    def de(self, objetivo: str) -> tuple[str, ...]:
        valor: tuple[str, ...] = self.temas if objetivo == "tema" else getattr(self, objetivo)
        return valor


@dataclass(frozen=True, slots=True)
class Propuesta:
    """`confianza`: out of 100, how often a proposal like this one is right. `razones`: the words that weighed most.

    `puntaje`: how much the text says for it, to compare it with the others of its kind and nothing else. `tema`: of a
    dirección or a dependencia, its best theme.
    """

    codigo: str
    confianza: int
    razones: tuple[str, ...] = ()
    puntaje: float = 0.0
    tema: str = ""


@dataclass(frozen=True, slots=True)
class Sugerencia:
    """The best first. Empty when the text says nothing that is known."""

    temas: tuple[Propuesta, ...] = ()
    direcciones: tuple[Propuesta, ...] = ()
    dependencias: tuple[Propuesta, ...] = ()
    modalidades: tuple[Propuesta, ...] = ()
    clases: tuple[Propuesta, ...] = ()
    entidades: tuple[str, ...] = ()  # named in the text: a hint, never a proof of who writes
    medida: bool = False  # its confidence was measured; of the catalogue alone nobody can say how right it is

    @property
    def razon(self) -> str:
        """«historias clínicas, eliminación y valoración», for a sentence."""
        palabras = self.temas[0].razones if self.temas else ()
        return " y ".join([", ".join(palabras[:-1]), palabras[-1]] if len(palabras) > 1 else palabras)


class ModeloIlegible(ValueError):
    """It is not a model, or it is of another version: train again."""


@dataclass(frozen=True)
class Modelo:
    """Shapes: `idf` root → weight; `temas` theme → root → weight (its length is one); `lugares` theme → (dirección,
    dependencia); `pesos` target → value → root → weight; `nombres` entidad → its names; `confianza` target → the
    two numbers of its curve (of the lead of the first proposal over the second)."""

    idf: dict[str, float]
    temas: dict[str, dict[str, float]]
    lugares: dict[str, tuple[str, str]]
    pesos: dict[str, dict[str, dict[str, float]]]
    nombres: dict[str, list[str]] = field(default_factory=dict)
    confianza: dict[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def buscador(self) -> Nombres:
        return Nombres(self.nombres)

    @cached_property
    def por_raiz(self) -> dict[str, list[tuple[str, float]]]:
        """root → (theme, weight): only what the text says is looked at."""
        indice: dict[str, list[tuple[str, float]]] = {}
        for tema, centro in self.temas.items():
            for rasgo, peso in centro.items():
                indice.setdefault(rasgo, []).append((tema, peso))
        return indice

    def guardar(self) -> bytes:
        contenido = {
            "version": VERSION, "idf": self.idf, "temas": self.temas, "lugares": self.lugares, "pesos": self.pesos,
            "nombres": self.nombres, "confianza": self.confianza,
        }  # fmt: skip
        crudo = zlib.compress(json.dumps(contenido, ensure_ascii=False, separators=(",", ":")).encode(), 9)
        if len(crudo) > MAXIMO_BYTES:
            raise ModeloIlegible(f"El modelo ocupa {len(crudo)} bytes: pasa de {MAXIMO_BYTES}.")
        return crudo

    @classmethod
    def abrir(cls, crudo: bytes) -> "Modelo":
        """Raises ModeloIlegible. Never opens more than it should: what was kept may be damaged."""
        try:
            if len(crudo) > MAXIMO_BYTES:
                raise ModeloIlegible("El modelo guardado es demasiado grande.")
            bomba = zlib.decompressobj()
            abierto = bomba.decompress(crudo, MAXIMO_ABIERTO)
            if not bomba.eof:
                raise ModeloIlegible("El modelo guardado está incompleto o es demasiado grande.")
            return cls(**_piezas(json.loads(abierto)))
        except (zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise error if isinstance(error, ModeloIlegible) else ModeloIlegible("No es un modelo.") from error


def _piezas(contenido: Any) -> dict[str, Any]:
    if contenido["version"] != VERSION:
        raise ModeloIlegible(f"El modelo es de la versión {contenido['version']} y se lee la {VERSION}.")
    return {
        "idf": _pesos(contenido["idf"]),
        "temas": {str(tema): _pesos(centro) for tema, centro in contenido["temas"].items()},
        "lugares": {str(tema): (str(a), str(b)) for tema, (a, b) in contenido["lugares"].items()},
        "pesos": {o: {v: _pesos(suyos) for v, suyos in contenido["pesos"][o].items()} for o in DE_BAYES},
        "nombres": {str(clave): [str(uno) for uno in suyos] for clave, suyos in contenido["nombres"].items()},
        "confianza": {str(o): (float(a), float(b)) for o, (a, b) in contenido["confianza"].items()},
    }


def _pesos(crudos: Mapping[str, Any]) -> dict[str, float]:
    return {rasgo: float(peso) for rasgo, peso in crudos.items()}


# --- Learning ------------------------------------------------------------------------------------------------------
CATALOGO = "\0"  # writes the words of the catalogue
Leido = tuple[Ejemplo, list[tuple[str, float]]]


def leer(ejemplos: Iterable[Ejemplo], nombres: Nombres) -> list[Leido]:
    return [(ejemplo, rasgos(ejemplo.texto, nombres)[1]) for ejemplo in ejemplos]


def aprender(leidos: Sequence[Leido], nombres: Mapping[str, Sequence[str]]) -> Modelo:
    """Everything but the confidence, which is measured with what was left out (`medir.entrenar`)."""
    caben = _los_que_caben(leidos)
    sumas: dict[str, dict[str, float]] = {}
    lugares: dict[str, tuple[str, str]] = {}
    for ejemplo, pesos in leidos:
        for tema in ejemplo.temas:
            if ejemplo.es_catalogo and ejemplo.dependencia:
                lugares[tema] = (ejemplo.direccion[0], ejemplo.dependencia[0])
            suma = sumas.setdefault(tema, {})
            for rasgo, peso in pesos:
                if rasgo in caben:
                    suma[rasgo] = suma.get(rasgo, 0.0) + ejemplo.lecciones * _atenuado(peso) / len(ejemplo.temas)
    en_cuantos: dict[str, int] = {}
    for suma in sumas.values():
        for rasgo in suma:
            en_cuantos[rasgo] = en_cuantos.get(rasgo, 0) + 1
    idf = {rasgo: round(math.log((1 + len(sumas)) / (1 + n)) + 0.2, 4) for rasgo, n in sorted(en_cuantos.items())}
    return Modelo(
        idf=idf,
        temas={tema: _centro(suma, idf) for tema, suma in sorted(sumas.items())},
        lugares=dict(sorted(lugares.items())),
        pesos={objetivo: _complemento(leidos, objetivo, caben) for objetivo in DE_BAYES},
        nombres={clave: list(suyos) for clave, suyos in sorted(nombres.items())},
    )


def _los_que_caben(leidos: Sequence[Leido]) -> set[str]:
    """Of the catalogue, or written by two senders: a name or a telephone of one is never kept. The most used ones."""
    quienes: dict[str, set[str]] = {}
    for ejemplo, pesos in leidos:
        suyos = {CATALOGO, ""} if ejemplo.es_catalogo else {quien(ejemplo)}
        for rasgo, _ in pesos:
            quienes.setdefault(rasgo, set()).update(suyos)
    de_varios = [rasgo for rasgo, suyos in quienes.items() if len(suyos) > 1]
    return set(
        sorted(de_varios, key=lambda rasgo: (CATALOGO not in quienes[rasgo], -len(quienes[rasgo]), rasgo))[:RASGOS]
    )


def quien(ejemplo: Ejemplo) -> str:
    return ejemplo.remitente or ejemplo.texto  # somebody unknown is each time another


def _atenuado(peso: float) -> float:
    return 1 + math.log(peso) if peso >= 1 else peso


def _centro(suma: Mapping[str, float], idf: Mapping[str, float]) -> dict[str, float]:
    pesados = {rasgo: _atenuado(1 + peso) * idf[rasgo] for rasgo, peso in suma.items()}
    mayores = sorted(pesados.items(), key=lambda par: (-par[1], par[0]))[:POR_TEMA]
    largo = math.sqrt(sum(peso * peso for _, peso in mayores)) or 1.0
    return {rasgo: round(peso / largo, 5) for rasgo, peso in sorted(mayores)}


def _complemento(leidos: Sequence[Leido], objetivo: str, caben: set[str]) -> dict[str, dict[str, float]]:
    """Complement naive Bayes (Rennie et al., 2003): how much less each root appears in all the other values."""
    por_valor: dict[str, dict[str, float]] = {}
    todos: dict[str, float] = {}
    for ejemplo, pesos in leidos:
        valores = ejemplo.de(objetivo)
        largo = math.sqrt(sum(_atenuado(peso) ** 2 for _, peso in pesos)) or 1.0
        for rasgo, peso in pesos if valores else ():
            if rasgo not in caben:
                continue
            cuanto = ejemplo.lecciones * _atenuado(peso) / largo
            todos[rasgo] = todos.get(rasgo, 0.0) + cuanto
            for valor in valores:
                suyo = por_valor.setdefault(valor, {})
                suyo[rasgo] = suyo.get(rasgo, 0.0) + cuanto / len(valores)
    if len(por_valor) < 2:
        return {}
    suave, total = 0.1, sum(todos.values())
    sumas = {valor: sum(suyo.values()) for valor, suyo in por_valor.items()}
    pesos_de: dict[str, dict[str, float]] = {}
    for valor, suyo in sorted(por_valor.items()):
        otros = total - sumas[valor] + suave * len(todos)
        pesos_de[valor] = {
            rasgo: round(-math.log((todos[rasgo] - suyo.get(rasgo, 0.0) + suave) / otros), 3) for rasgo in todos
        }
    return pesos_de


# --- Proposing -----------------------------------------------------------------------------------------------------
Puntajes = dict[str, float]


def sugerir(modelo: Modelo, texto: str) -> Sugerencia:
    """What the text is about. `texto`: the subject, a line break, and the rest."""
    return con_ventajas(modelo, texto)[0]


def con_ventajas(modelo: Modelo, texto: str) -> tuple[Sugerencia, dict[str, float]]:
    """And how far the first of each target is from the second, from which its confidence comes."""
    como, pesos, entidades = rasgos(texto, modelo.buscador)
    aportes = _aportes(modelo, pesos)
    puros = {tema: sum(suyos.values()) for tema, suyos in aportes.items()}
    probables = {objetivo: _de_bayes(modelo.pesos[objetivo], pesos) for objetivo in DE_BAYES}
    # A theme counts more where all the words of the text say that it belongs.
    temas = {
        tema: puro * (_SUELO + probables["dependencia"].get(modelo.lugares[tema][1], 0.0))
        for tema, puro in puros.items()
    }
    orden = ordenar(temas)

    def de_un_tema(tema: str) -> tuple[str, ...]:
        return _razones(aportes[tema], como)

    def de_palabras(objetivo: str) -> Callable[[str], tuple[str, ...]]:
        return lambda valor: _razones(_a_favor(modelo, objetivo, valor, pesos), como)

    puntajes = {"tema": temas, "modalidad": probables["modalidad"], "clase": probables["clase"]}
    razones = {"tema": de_un_tema, "modalidad": de_palabras("modalidad"), "clase": de_palabras("clase")}
    mejores: dict[str, dict[str, str]] = {}
    llevan = {objetivo: ventaja(suyos) for objetivo, suyos in puntajes.items()}
    for n, objetivo in enumerate(("direccion", "dependencia")):
        mejor_tema = mejores.setdefault(objetivo, {})
        for tema, _ in orden:
            mejor_tema.setdefault(modelo.lugares[tema][n], tema)
        lugar = {tema: suyos[n] for tema, suyos in modelo.lugares.items()}
        puntajes[objetivo] = _de_sus_temas(temas, lugar)
        razones[objetivo] = lambda cual, mejor_tema=mejor_tema: de_un_tema(mejor_tema[cual])  # type: ignore[misc]
        llevan[objetivo] = _acuerdo(puntajes[objetivo], _de_sus_temas(puros, lugar), _por_lugar(modelo, probables, n))
    propuestas = {
        donde: _propuestas(
            puntajes[objetivo],
            confianza(modelo, objetivo, llevan[objetivo]),
            razones[objetivo],
            mejores.get(objetivo, {}),
        )
        for objetivo, donde in OBJETIVOS.items()
    }
    medida = any(pendiente for _, pendiente in modelo.confianza.values())
    return Sugerencia(**propuestas, entidades=tuple(entidades), medida=medida), llevan


def _aportes(modelo: Modelo, pesos: Sequence[tuple[str, float]]) -> dict[str, Puntajes]:
    """theme → root → what it puts in the cosine of the angle between the text and the theme."""
    dichos = {rasgo: _atenuado(peso) * modelo.idf[rasgo] for rasgo, peso in pesos if rasgo in modelo.idf}
    raras = sum(_atenuado(peso) ** 2 for rasgo, peso in pesos if rasgo not in modelo.idf)
    largo = math.sqrt(sum(peso * peso for peso in dichos.values()) + raras) or 1.0
    aportes: dict[str, Puntajes] = {}
    for rasgo, peso in dichos.items():
        for tema, suyo in modelo.por_raiz.get(rasgo, ()):
            if tema in modelo.lugares:
                aportes.setdefault(tema, {})[rasgo] = peso * suyo / largo
    return dict(sorted(aportes.items()))


def _por_lugar(modelo: Modelo, probables: Mapping[str, Puntajes], n: int) -> Puntajes:
    """The shares of the dependencias, added up by dirección (0) or as they are (1)."""
    direccion_de = {dependencia: direccion for direccion, dependencia in modelo.lugares.values()}
    partes: Puntajes = {}
    for dependencia, parte in probables["dependencia"].items():
        cual = dependencia if n else direccion_de.get(dependencia, dependencia)
        partes[cual] = partes.get(cual, 0.0) + parte
    return partes


def _acuerdo(elegido: Puntajes, puros: Puntajes, partes: Puntajes) -> float:
    """Of what both methods say together, how far the first one is for the one that doubts more: when they do not
    agree, nothing."""
    if not elegido or not partes:
        return 0.0
    primero = ordenar(elegido)[0][0]
    return max(0.0, min(_sobre_los_demas(primero, puros), _sobre_los_demas(primero, partes))) * _dice(puros[primero])


def _sobre_los_demas(uno: str, puntajes: Puntajes) -> float:
    suyo = puntajes.get(uno, 0.0)
    otros = max((puntaje for cual, puntaje in puntajes.items() if cual != uno), default=0.0)
    return 1 - otros / suyo if suyo > 0 else 0.0


def _dice(puntaje: float) -> float:
    """Little when the text says little that is known."""
    return min(1.0, puntaje / _BASTANTE)


def _de_bayes(por_valor: Mapping[str, Mapping[str, float]], pesos: Sequence[tuple[str, float]]) -> Puntajes:
    """Shares that add up to one; empty when no word is known."""
    largo = math.sqrt(sum(_atenuado(peso) ** 2 for _, peso in pesos)) or 1.0
    sumas = {
        valor: sum(suyos[rasgo] * _atenuado(peso) for rasgo, peso in pesos if rasgo in suyos) / largo
        for valor, suyos in por_valor.items()
    }
    if not any(sumas.values()):
        return {}
    mayor = max(sumas.values())
    partes = {valor: math.exp((suma - mayor) * _SECO) for valor, suma in sumas.items()}
    total = sum(partes.values())
    return {valor: parte / total for valor, parte in partes.items()}


def _de_sus_temas(de_temas: Mapping[str, float], lugar: Mapping[str, str]) -> Puntajes:
    """A place by its three best themes: one good theme counts more than many poor ones."""
    suyos: dict[str, list[float]] = {}
    for tema, puntaje in de_temas.items():
        suyos.setdefault(lugar[tema], []).append(puntaje)
    return {
        cual: sum(peso * uno for peso, uno in zip((1.0, 0.5, 0.25), sorted(unos, reverse=True), strict=False))
        for cual, unos in sorted(suyos.items())
    }


def ordenar(puntajes: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(puntajes.items(), key=lambda par: (-par[1], par[0]))


def ventaja(puntajes: Puntajes) -> float:
    """How far the first is from the second, from 0 to 1."""
    orden = ordenar(puntajes)
    return max(0.0, _sobre_los_demas(orden[0][0], puntajes)) * _dice(orden[0][1]) if orden else 0.0


def _propuestas(
    puntajes: Puntajes, primera: int, razones: Callable[[str], tuple[str, ...]], temas: Mapping[str, str]
) -> tuple[Propuesta, ...]:
    orden = [par for par in ordenar(puntajes) if par[1] > 0][:CUANTAS]
    los_demas = sum(puntaje for _, puntaje in orden[1:])
    return tuple(
        Propuesta(
            codigo, _resto(primera, puntaje, los_demas) if n else primera, razones(codigo), puntaje,
            temas.get(codigo, ""),
        )
        for n, (codigo, puntaje) in enumerate(orden)
    )  # fmt: skip


def _resto(primera: int, puntaje: float, los_demas: float) -> int:
    """What the first leaves, shared by the others, and never more than it has."""
    return min(primera, round((100 - primera) * puntaje / los_demas))


def confianza(modelo: Modelo, objetivo: str, lleva: float) -> int:
    """Out of 100. What was never measured is never sure: half."""
    base, pendiente = modelo.confianza.get(objetivo, (0.0, 0.0))
    return min(MAS_SEGURA, round(100 / (1 + math.exp(-base - pendiente * lleva))))


def _a_favor(modelo: Modelo, objetivo: str, valor: str, pesos: Sequence[tuple[str, float]]) -> Puntajes:
    """How much each root says for this value over the mean of the others."""
    otros = [suyos for otro, suyos in modelo.pesos[objetivo].items() if otro != valor]
    suyo = modelo.pesos[objetivo][valor]
    return {
        rasgo: _atenuado(peso) * (suyo[rasgo] - sum(otro[rasgo] for otro in otros) / len(otros))
        for rasgo, peso in pesos
        if rasgo in suyo
    }


def _razones(aportes: Puntajes, como: Mapping[str, str]) -> tuple[str, ...]:
    """The heaviest words as they were written. A pair says it instead of its two words."""
    elegidas: list[str] = []
    for rasgo, cuanto in ordenar(aportes):
        partes = set(rasgo.split())
        if cuanto <= 0 or len(elegidas) == RAZONES:
            break
        if not any(partes & set(otro.split()) for otro in elegidas):
            elegidas.append(rasgo)
    return tuple(como[rasgo] for rasgo in elegidas)
