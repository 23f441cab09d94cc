"""The catalogue and the examples of `datos/`, read without a database; and the texts of the demonstration."""

import csv
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random

from clasificador.catalogo import CAMBIO_DE_ENLACE, NUEVA, ModalidadEscrita, TemaEscrito, del_catalogo
from clasificador.medir import entrenar
from clasificador.modelo import Ejemplo, Modelo
from demo.simulacion import textos
from demo.simulacion.casos import CASOS

DATOS = Path(__file__).resolve().parents[2] / "datos"
MODALIDADES = {"revision_tecnica": "revision", "comision_exterior": "comision"}


def _filas(nombre: str) -> Iterator[dict[str, str]]:
    with (DATOS / nombre).open(encoding="utf-8-sig", newline="") as archivo:
        yield from csv.DictReader(archivo)


@lru_cache
def temas() -> tuple[TemaEscrito, ...]:
    filas = {fila["nombre"]: fila for fila in _filas("dependencias.csv")}
    escritos = []
    for fila in _filas("temas.csv"):
        suya = filas[fila["subdireccion"]]
        direccion = suya["padre"] if suya["tipo"] == "subdireccion" else suya["codigo"]
        escritos.append(
            TemaEscrito(
                fila["codigo"], fila["subtema"], fila["tema"], fila["palabras_clave_supuestas"], direccion,
                suya["codigo"],
            )
        )  # fmt: skip
    return tuple(escritos)


@lru_cache
def nombres() -> dict[str, list[str]]:
    return {fila["codigo"]: [fila["entidad"], fila["sigla"]] for fila in _filas("sectores_entidades.csv")}


@lru_cache
def catalogo() -> tuple[Ejemplo, ...]:
    modalidades = [
        ModalidadEscrita(fila["codigo"], fila["nombre"], fila["descripcion"])
        for fila in _filas("modalidades.csv")
        if fila["se_puede_pedir"] == "si"
    ]
    return tuple(del_catalogo(temas(), modalidades))


@lru_cache
def ejemplos() -> tuple[Ejemplo, ...]:
    """The 42 labelled requests. One says no theme: its dependencia is that of most of its dirección."""
    conocidas = {una.modalidad[0] for una in catalogo() if una.modalidad}
    with (DATOS / "solicitudes_ejemplo.jsonl").open(encoding="utf-8") as archivo:
        crudos = [json.loads(linea) for linea in archivo]
    hechos = []
    for crudo in crudos:
        esperado = crudo["esperado"]
        suyos = [
            tema
            for nombre in esperado["subtemas"]
            for tema in temas()
            if tema.nombre == nombre and tema.codigo.split("-")[0] in esperado["direcciones"]
        ]
        pide = MODALIDADES.get(crudo["modalidad_pedida"], crudo["modalidad_pedida"])
        hechos.append(
            Ejemplo(
                f"{crudo['asunto']}\n{crudo['cuerpo']}",
                temas=tuple(tema.codigo for tema in suyos),
                direccion=tuple(dict.fromkeys(tema.direccion for tema in suyos)) or tuple(esperado["direcciones"]),
                dependencia=tuple(dict.fromkeys(tema.dependencia for tema in suyos)) or ("SSDA",),
                modalidad=(pide if pide in conocidas else "asesoria",),
                clase=(CAMBIO_DE_ENLACE if pide == "cambio_enlace" else NUEVA,),
                remitente=crudo["remitente"]["correo"],
            )
        )
    return tuple(hechos)


@lru_cache
def modelo() -> Modelo:
    return entrenar([*catalogo(), *ejemplos()], nombres())


def de_la_demo(cuantos: int, semilla: int = 7) -> list[tuple[Ejemplo, set[str]]]:
    """Texts that no training sees, with every theme of their kind: which of them was drawn by lot, not by the text."""
    azar = Random(semilla)
    por_codigo = {tema.codigo: tema for tema in temas()}
    quienes = [suyos[1] or suyos[0] for suyos in nombres().values()]
    hechos = []
    for n in range(cuantos):
        caso = azar.choices(CASOS, [uno.peso for uno in CASOS])[0]
        elegidas = textos.palabras(azar, azar.choice(quienes)) | {"plazo": "3 de mayo"}
        texto = f"{textos.frase(azar.choice(caso.asuntos), elegidas)}\n{textos.necesidad(caso, azar, elegidas)}"
        tema = por_codigo[azar.choice(caso.temas)]
        ejemplo = Ejemplo(texto, (tema.codigo,), (tema.direccion,), (tema.dependencia,), remitente=f"r{n}")
        hechos.append((ejemplo, set(caso.temas)))
    return hechos
