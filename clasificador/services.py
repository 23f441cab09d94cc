"""The model in force, and training another: with the catalogue of today and what people decided."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from alcance.compiladas import Compilada
from clasificador.catalogo import ModalidadEscrita, TemaEscrito, del_catalogo
from clasificador.fuentes import fuentes
from clasificador.medir import entrenar, entrenar_midiendo
from clasificador.modelo import Ejemplo, Modelo, ModeloIlegible, Sugerencia, sugerir
from clasificador.models import ModeloTexto
from direcciones.models import Dependencia, Entidad, Modalidad, Tema

Filas = tuple[tuple[Any, ...], ...]
# Asked of each text while there is no model.
_TEMAS = Compilada(
    lambda dia: (
        Tema.objects.vigentes(dia)
        .filter(dependencia__atiende=True)
        .order_by("codigo")
        .values_list(
            "codigo", "nombre", "grupo", "palabras_clave", "dependencia__codigo", "dependencia__tipo",
            "dependencia__padre__codigo",
        )
    ),
    dia=date,
)  # fmt: skip
_MODALIDADES = Compilada(
    lambda dia: (
        Modalidad.objects.vigentes(dia)
        .filter(se_puede_pedir=True)
        .order_by("codigo")
        .values_list("codigo", "nombre", "descripcion")
    ),
    dia=date,
)
_ENTIDADES = Compilada(
    lambda dia: Entidad.objects.vigentes(dia).order_by("codigo").values_list("codigo", "nombre", "sigla"), dia=date
)


def catalogo_vigente() -> list[Ejemplo]:
    """What it teaches today."""
    dia = timezone.localdate()
    return _lo_que_ensenan(tuple(_TEMAS(dia=dia)), tuple(_MODALIDADES(dia=dia)))


def _lo_que_ensenan(temas: Filas, modalidades: Filas) -> list[Ejemplo]:
    escritos = [
        TemaEscrito(
            codigo=codigo,
            nombre=nombre,
            grupo=grupo,
            palabras_clave=palabras,
            direccion=padre if tipo == Dependencia.Tipo.SUBDIRECCION and padre else dependencia,
            dependencia=dependencia,
        )
        for codigo, nombre, grupo, palabras, dependencia, tipo, padre in temas
    ]
    return del_catalogo(escritos, [ModalidadEscrita(*una) for una in modalidades])


def nombres_de_entidades() -> dict[str, list[str]]:
    """By code, with what people call each one."""
    return _por_codigo(_ENTIDADES(dia=timezone.localdate()))


def _por_codigo(entidades: Iterable[tuple[Any, ...]]) -> dict[str, list[str]]:
    return {codigo: [nombre for nombre in nombres if nombre] for codigo, *nombres in entidades}


# --- The one in force ----------------------------------------------------------------------------------------------
# Its number and its instant → it: one per process, opened when somebody first asks. A base that was restored gives its
# numbers again, to others.
_ULTIMO: dict[tuple[int, datetime], Modelo] = {}
_CERROJO = threading.Lock()
_EL_ULTIMO = Compilada(lambda: ModeloTexto.objects.order_by("-pk").values_list("pk", "hecho_en")[:1])


def sugerir_para(texto: str) -> Sugerencia:
    """What the model in force proposes. `texto`: the subject, a line break, and the rest."""
    return sugerir(vigente(), texto)


def vigente() -> Modelo:
    """The newest that can be read; before there is any, what the catalogue alone teaches."""
    cual = next(iter(_EL_ULTIMO()), None)
    if cual is None:
        return _del_catalogo()
    if cual not in _ULTIMO:
        guardado = ModeloTexto.objects.values_list("contenido", flat=True).get(pk=cual[0])
        try:
            modelo = Modelo.abrir(bytes(guardado))
        except ModeloIlegible:  # of another version of the portal: until the next training, the catalogue
            return _del_catalogo()
        with _CERROJO:
            _ULTIMO.clear()
            _ULTIMO[cual] = modelo
        return modelo
    return _ULTIMO[cual]


def _del_catalogo() -> Modelo:
    """It is made again when a word of the catalogue changes."""
    dia = timezone.localdate()
    return _hecho_del_catalogo(tuple(_TEMAS(dia=dia)), tuple(_MODALIDADES(dia=dia)), tuple(_ENTIDADES(dia=dia)))


@lru_cache(maxsize=1)
def _hecho_del_catalogo(temas: Filas, modalidades: Filas, entidades: Filas) -> Modelo:
    return entrenar(_lo_que_ensenan(temas, modalidades), _por_codigo(entidades))


# --- Training ------------------------------------------------------------------------------------------------------
PEOR = 0.03  # what a new model may lose before it is refused
# What is compared: target → figure.
COMPARADAS = {"direccion": "exactitud", "tema": "entre_tres"}


# So many new examples are worth another training; and a first one needs as many.
NUEVOS = 50


@dataclass(slots=True)
class Entrenamiento:
    """`fuentes`: name → examples. `peores`: what keeps it from replacing the one in force, in words."""

    fuentes: dict[str, int]
    medidas: dict[str, dict[str, float]]
    bytes: int
    peores: list[str] = field(default_factory=list)
    guardado: int | None = None

    def como_json(self) -> dict[str, Any]:
        return {
            "modelo": self.guardado, "ejemplos": sum(self.fuentes.values()), "fuentes": self.fuentes,
            "medidas": self.medidas, "bytes": self.bytes, "peores": self.peores,
        }  # fmt: skip


def entrenar_si_toca() -> Entrenamiento | None:
    """By the clock: only when enough was decided since the last one."""
    cuantos = ModeloTexto.objects.order_by("-pk").values_list("ejemplos", flat=True).first() or 0
    hay = sum(1 for fuente in fuentes().values() for _ in fuente())
    return entrenar_y_guardar() if hay >= cuantos + NUEVOS else None


def entrenar_y_guardar(*, aunque_peor: bool = False) -> Entrenamiento:
    """Train with everything there is. One that is worse than the one in force is not kept, unless it is asked."""
    por_fuente = {nombre: list(fuente()) for nombre, fuente in sorted(fuentes().items())}
    ejemplos = [ejemplo for suyos in por_fuente.values() for ejemplo in suyos]
    modelo, medidas = entrenar_midiendo([*catalogo_vigente(), *ejemplos], nombres_de_entidades())
    contenido = modelo.guardar()
    hecho = Entrenamiento({nombre: len(suyos) for nombre, suyos in por_fuente.items()}, medidas, len(contenido))
    anterior = ModeloTexto.objects.order_by("-pk").values_list("medidas", flat=True).first() or {}
    hecho.peores = _peores(medidas, anterior)
    if aunque_peor or not hecho.peores:
        fila = ModeloTexto.objects.create(contenido=contenido, ejemplos=len(ejemplos), medidas=medidas)
        hecho.guardado = fila.pk
    return hecho


def _peores(nuevas: dict[str, dict[str, float]], anteriores: dict[str, dict[str, float]]) -> list[str]:
    """Figures that fell too much; also one that can no longer be measured."""
    frases = []
    for objetivo, cifra in COMPARADAS.items():
        antes = anteriores.get(objetivo, {}).get(cifra)
        ahora = nuevas.get(objetivo, {}).get(cifra, 0.0)
        if antes is not None and round(antes - ahora, 4) > PEOR:
            frases.append(f"{objetivo}: acertaba {antes:.1%} y el nuevo {ahora:.1%}".replace(".", ","))
    return frases
