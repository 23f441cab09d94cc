"""The theme picker: 106 temas by dirección and group, with a search that forgives accents and needs no JavaScript."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from direcciones.models import Tema
from solicitudes.eleccion import temas_para_pedir


@dataclass(slots=True)
class Opcion:
    tema: Tema
    elegido: bool
    coincide: bool
    otras_palabras: str  # found by them too, and not written on the page


@dataclass(slots=True)
class Grupo:
    nombre: str
    opciones: list[Opcion] = field(default_factory=list)


@dataclass(slots=True)
class Rama:
    """A dirección with its groups. It comes open when something in it is chosen or was searched for."""

    nombre: str
    codigo: str
    grupos: dict[str, Grupo] = field(default_factory=dict)
    cuantos: int = 0
    elegidos: int = 0
    abierta: bool = False


@dataclass(slots=True)
class Arbol:
    ramas: list[Rama]
    elegidos: list[Tema]
    coincidencias: int


def arbol_de_temas(elegidos: Any, busca: str = "", primera: str = "") -> Arbol:
    """What the page draws. With a search only what matches, and always what is chosen. `primera`: the code of the
    dirección that comes first and open."""
    claves, palabras = {str(clave) for clave in elegidos}, normalizar(busca).split()
    ramas: dict[str, Rama] = {}
    marcados, coincidencias = [], 0
    for tema in temas_para_pedir():
        otras = f"{tema.palabras_clave} {tema.dependencia.nombre_corto}".replace(",", "")
        buscable = normalizar(f"{tema.nombre} {tema.grupo} {otras}")
        opcion = Opcion(tema, str(tema.pk) in claves, all(palabra in buscable for palabra in palabras), otras)
        coincidencias += opcion.coincide
        if opcion.elegido:
            marcados.append(tema)
        if opcion.elegido or opcion.coincide:
            _colgar(ramas, opcion, abrir=bool(palabras) or opcion.elegido)
    en_orden = sorted(ramas.values(), key=lambda rama: (rama.codigo != primera, rama.nombre))
    if en_orden and en_orden[0].codigo == primera:
        en_orden[0].abierta = True
    return Arbol(en_orden, marcados, coincidencias)


def _colgar(ramas: dict[str, Rama], opcion: Opcion, *, abrir: bool) -> None:
    direccion = opcion.tema.dependencia.direccion
    rama = ramas.setdefault(direccion.nombre_corto, Rama(direccion.nombre_corto, direccion.codigo))
    rama.grupos.setdefault(opcion.tema.grupo, Grupo(opcion.tema.grupo)).opciones.append(opcion)
    rama.cuantos += 1
    rama.elegidos += opcion.elegido
    rama.abierta = rama.abierta or abrir


def normalizar(texto: str) -> str:
    """Lower case without accents: «gestión» finds «gestion»."""
    plano = unicodedata.normalize("NFD", texto.casefold())
    return "".join(letra for letra in plano if not unicodedata.combining(letra))
