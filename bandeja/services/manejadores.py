"""How each kind of fact is handed over: one function per `tipo`, in the `entregas.py` of the app it belongs to."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.utils.module_loading import autodiscover_modules

from bandeja.models import Entrega

Efecto = Callable[[], object]
Manejador = Callable[[Entrega], Efecto | None]
_manejadores: dict[str, Manejador] = {}
_largos: set[str] = set()
_sin_prisa: set[str] = set()


class EntregaDudosa(Exception):
    """The outside world may have taken it or not (a connection cut after sending). Retried once, then by a person."""


class Aplazada(Exception):
    """It is not its hour: it waits until `hasta`, and this was no try."""

    def __init__(self, hasta: datetime) -> None:
        super().__init__(hasta)
        self.hasta = hasta


class EntregaRechazada(Exception):
    """Who receives said no to this address. `definitiva`: trying again is useless, so it dies at once."""

    def __init__(self, mensaje: str, *, correo: str, codigo: str = "", definitiva: bool = True) -> None:
        super().__init__(mensaje)
        self.correo, self.codigo, self.definitiva = correo, codigo, definitiva


class EntregaFallida(Exception):
    """It did not go, and the room keeps its own record of the tries: `anotar` writes it, in the transaction that says
    when the next one is. `definitiva`: trying again is useless, so it dies at once."""

    def __init__(self, mensaje: str, *, anotar: Callable[[], object], definitiva: bool = False) -> None:
        super().__init__(mensaje)
        self.anotar, self.definitiva = anotar, definitiva


class SinManejador(LookupError):
    """Nobody says how to hand over this kind of fact."""


def manejador(tipo: str, *, largo: bool = False, sin_prisa: bool = False) -> Callable[[Manejador], Manejador]:
    """Register how facts of `tipo` are handed over. `largo`: it takes minutes, so it goes one at a time in a lane of
    its own and no mail waits behind it. `sin_prisa`: in that lane, after those that somebody waits for.

    The function runs as *sistema* in one transaction with the row locked. What it writes in the database and the
    mark `hecha` are committed together, so that part happens exactly once. If the fact must leave the portal (mail),
    return the call that does it, without making it: it runs once `enviando` is on record.

        @manejador("avisos.correo")
        def enviar(entrega: Entrega) -> Efecto:
            return construir(entrega).send
    """

    def registrar(funcion: Manejador) -> Manejador:
        anterior = _manejadores.get(tipo)
        if anterior is not None and anterior.__qualname__ != funcion.__qualname__:
            raise ValueError(f"Dos manejadores para «{tipo}»: {anterior.__qualname__} y {funcion.__qualname__}.")
        _manejadores[tipo] = funcion
        if largo:
            _largos.add(tipo)
        if sin_prisa:
            _sin_prisa.add(tipo)
        return funcion

    return registrar


@cache
def cargar() -> None:
    """Import the `entregas.py` of every app. Only who hands over needs them: the web never imports them."""
    autodiscover_modules("entregas")


def largos() -> list[str]:
    """The kinds that go in the long lane."""
    cargar()
    return sorted(_largos)


def sin_prisa() -> list[str]:
    """Those of the long lane that nobody waits for."""
    cargar()
    return sorted(_sin_prisa)


def manejador_de(tipo: str) -> Manejador:
    cargar()
    try:
        return _manejadores[tipo]
    except KeyError:
        raise SinManejador(f"Nadie entrega «{tipo}».") from None
