"""What must happen: each URL for each papel and each object. The oracle of the first, second and fourth nets.

A URL with parameters needs a row in RUTAS (rutas.py); without it the proof fails: no new URL goes unproved (T02).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, reverse

from alcance.checks import rutas
from alcance.politicas import Politica, politica_de
from sdfi_portal.aislamiento.elenco import ANONIMO, PAPELES, SIN_ROL
from sdfi_portal.aislamiento.llamadas import Respuesta
from sdfi_portal.aislamiento.objetos import Objeto
from sdfi_portal.aislamiento.rutas import PUBLICAS, RUTAS, Ruta
from sdfi_portal.problemas import es_ruta_de_la_api

PROPIO, AJENO, NINGUNO, INEXISTENTE = "propio", "ajeno", "ninguno", "inexistente"
NEGADO, NO_ESTA, NO_SE_HACE = 403, 404, 405


@dataclass(frozen=True, slots=True)
class Pagina:
    """A URL of the portal with its policy and how to fill it."""

    nombre: str
    patron: URLPattern
    politica: Politica | None
    ruta: Ruta | None

    @property
    def parametros(self) -> list[str]:
        return sorted({*self.patron.pattern.converters, *self.patron.pattern.regex.groupindex})

    def direccion(self, valores: dict[str, Any]) -> str:
        return reverse(self.nombre, kwargs=valores)

    def deja_entrar(self, papel: str) -> bool:
        """By the first net alone. Who may be anonymous is read from the reviewed list, not from the view."""
        if self.nombre in PUBLICAS:
            return True
        if papel == ANONIMO or self.politica is None:
            return False
        rol = PAPELES[papel][0] if papel in PAPELES else ""
        return not self.politica.roles or rol in self.politica.roles


@dataclass(frozen=True, slots=True)
class Destino:
    """An address to call: which object it names and with what."""

    pagina: Pagina
    valores: dict[str, Any]
    objeto: Objeto | None = None
    clase: str = NINGUNO
    variante: int = 0

    @property
    def url(self) -> str:
        return self.pagina.direccion(self.valores)

    @property
    def nombre_objeto(self) -> str:
        return self.objeto.clave if self.objeto else self.clase

    def para(self, papel: str) -> str:
        """Whether the object is this papel's own through this URL."""
        if self.objeto is None:
            return self.clase
        return PROPIO if papel in self.abren else AJENO

    @property
    def abren(self) -> frozenset[str]:
        """Who reaches the object through this URL."""
        if self.objeto is None or self.pagina.ruta is None:
            return frozenset()
        return frozenset(p for p in self.pagina.ruta.quienes(self.objeto) if self.pagina.deja_entrar(p))


def paginas(propias: dict[str, Ruta] | None = None) -> list[Pagina]:
    """Every URL of the URLconf, once per name and parameters."""
    tabla = RUTAS if propias is None else RUTAS | propias
    vistas: dict[tuple[str, tuple[str, ...]], Pagina] = {}
    for nombre, patron in rutas():
        pagina = Pagina(nombre, patron, politica_de(patron.callback, nombre), tabla.get(nombre))
        vistas.setdefault((nombre, tuple(pagina.parametros)), pagina)
    return list(vistas.values())


def faltas(pagina: Pagina) -> Iterator[str]:
    """What is missing before the URL can even be called (T02, T03)."""
    if not pagina.nombre:
        yield f"La URL {pagina.patron.pattern} no tiene nombre."
    if pagina.politica is None:
        yield "No declara su política."
    elif pagina.politica.publica != (pagina.nombre in PUBLICAS):
        yield "Es pública y nadie la revisó." if pagina.politica.publica else "Está revisada como pública y no lo es."
    if pagina.parametros and pagina.ruta is None:
        yield "Tiene parámetros y ninguna fila en RUTAS dice con qué objetos se llenan."


def destinos(pagina: Pagina, objetos: dict[str, Objeto]) -> Iterator[Destino]:
    """Every address of the page: one per object and one that names nothing; or the only one it has."""
    if not pagina.parametros:
        yield Destino(pagina, {})
        return
    ruta = pagina.ruta
    if ruta is None:
        return
    for valores in ruta.fijos:
        yield Destino(pagina, valores)
    for indice, variante in enumerate(ruta.variantes):
        # What does not exist goes first: the others are compared with it.
        if ruta.falta:
            yield Destino(pagina, ruta.falta | variante, clase=INEXISTENTE, variante=indice)
        for clave in ruta.objetos:
            yield Destino(pagina, ruta.llena(objetos[clave].fila) | variante, objetos[clave], variante=indice)


def se_llena(pagina: Pagina, valores: dict[str, Any]) -> bool:
    try:
        pagina.direccion(valores)
    except NoReverseMatch:
        return False
    return True


Falta = tuple[Destino, Respuesta]


def juicio(destino: Destino, papel: str, metodo: str, respuesta: Respuesta, inexistente: Falta | None) -> str:
    """What was expected, when the answer is something else; '' when it is right.

    `inexistente` is what the same page says to the same papel of something that is not there, and how it was asked.
    """
    pagina, ruta = destino.pagina, destino.pagina.ruta
    if respuesta.estado >= 500:
        return "menos de 500"
    if not pagina.deja_entrar(papel):
        return _cerrada(papel, respuesta, es_ruta_de_la_api(destino.url))
    clase = destino.para(papel)
    if clase in {AJENO, INEXISTENTE}:
        # OPTIONS tells which methods the page takes, whatever the object.
        calla = {NO_ESTA, NO_SE_HACE} | ({200} if metodo == "OPTIONS" else set()) | (ruta.admite if ruta else set())
        if respuesta.estado in calla:
            return _igual(destino, respuesta, inexistente)
        return "404"
    if ruta and (respuesta.estado in ruta.admite or (respuesta.estado == NEGADO and ruta.fina)):
        return ""
    return "que abra" if respuesta.estado in {401, NEGADO, NO_ESTA} or va_a_entrar(respuesta) else ""


def _cerrada(papel: str, respuesta: Respuesta, es_api: bool) -> str:
    if es_api and papel in {ANONIMO, SIN_ROL}:  # without a role there is no token
        return "" if respuesta.estado == 401 else "401"
    if papel == ANONIMO:
        return "" if va_a_entrar(respuesta) or respuesta.estado in {401, NEGADO} else "ir a entrar"
    return "" if respuesta.estado == NEGADO else "403"


def _igual(destino: Destino, respuesta: Respuesta, inexistente: Falta | None) -> str:
    """A foreign object and one that does not exist give the same bytes (T01, T07)."""
    if inexistente is None or destino.clase == INEXISTENTE:
        return ""
    suya, otra = (
        dicha.enmascarada([asi.url, *asi.valores.values()]) for asi, dicha in ((destino, respuesta), inexistente)
    )
    return "" if suya == otra else "los mismos bytes que lo inexistente"


def va_a_entrar(respuesta: Respuesta) -> bool:
    return respuesta.estado == 302 and urlsplit(respuesta.destino).path == reverse(settings.LOGIN_URL)
