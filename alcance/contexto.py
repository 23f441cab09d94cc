"""The open *alcance*: one value per thread of execution that says who acts and how far they see.

Middleware, tasks, commands and tests only open it; the database backend (`alcance.postgres`) writes it into every
outermost transaction with `set_config(…, true)`, where the row-level policies read it. Nothing is ever set for the
session: that leaks through a pooler (security.md §0.1).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Self
from weakref import WeakSet


class SinAlcance(RuntimeError):
    """A tenant table was asked without an open alcance. Open one with `con_alcance` or `como_sistema`."""


@dataclass(frozen=True, slots=True)
class Alcance:
    """Who acts and what they reach.

    `nivel` is '' (own entidad or dependencias only), 'todas' (oversight: everything that is not reserved),
    'auditor' (everything, read-only) or 'sistema' (sweeps and transfers, always short and with a reason).
    """

    persona_id: int | None = None
    rol: str = ""
    membresia_id: int | None = None
    entidad_id: int | None = None
    dependencias: tuple[int, ...] = ()
    jefaturas: tuple[int, ...] = ()
    nivel: str = ""
    motivo: str = ""
    # SHA-256 of the secret of a page by token (survey): opens exactly the row that carries it (architecture §8.4).
    token: str = ""
    # An enlace may be one for some dependencias or temas only; both empty means the whole entidad (domain.md §2.1).
    solo_dependencias: tuple[int, ...] = ()
    solo_temas: tuple[int, ...] = ()

    @classmethod
    def de_membresia(cls, membresia: Any) -> Self:
        """The alcance of a membership (`direcciones.Membresia`)."""
        return cls(
            persona_id=membresia.persona_id,
            rol=membresia.rol,
            membresia_id=membresia.pk,
            entidad_id=membresia.entidad_id,
            dependencias=tuple(membresia.dependencias_a_la_vista()),
            jefaturas=tuple(membresia.dependencias_que_dirige()),
            nivel=membresia.nivel(),
            solo_dependencias=tuple(membresia.dependencias_que_le_tocan()),
            solo_temas=tuple(membresia.solo_temas),
        )

    @property
    def es_sistema(self) -> bool:
        return self.nivel == "sistema"

    @property
    def es_limitado(self) -> bool:
        """An enlace of some dependencias or temas: of the rest of the entidad, only what they filed themselves."""
        return bool(self.solo_dependencias or self.solo_temas)

    @property
    def es_anonimo(self) -> bool:
        return self.persona_id is None and not self.es_sistema

    def ajustes(self) -> dict[str, str]:
        """The `app.*` settings the policies read. Shape: setting name → text."""
        return {
            "app.persona": str(self.persona_id or ""),
            "app.rol": self.rol,
            "app.entidad": str(self.entidad_id or ""),
            "app.dependencias": _arreglo(self.dependencias),
            "app.jefaturas": _arreglo(self.jefaturas),
            "app.nivel": self.nivel,
            "app.token": self.token,
        }


NADIE = Alcance()
_abierto: ContextVar[Alcance | None] = ContextVar("alcance", default=None)


def _arreglo(ids: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, ids)) + "}"


def actual() -> Alcance | None:
    """The open alcance, or None."""
    return _abierto.get()


def exigir() -> Alcance:
    """The open alcance. Raises SinAlcance when there is none."""
    alcance = _abierto.get()
    if alcance is None:
        raise SinAlcance("No hay un alcance abierto: use con_alcance(...) o como_sistema(...).")
    return alcance


@contextmanager
def con_alcance(alcance: Alcance) -> Iterator[Alcance]:
    """Open `alcance`, also inside a running transaction, and restore the outer one at the end.

    A nested savepoint keeps the inner setting when it is released (security.md §0.3), so the outer value is written
    back explicitly.
    """
    fuera = _abierto.get()
    # The system inside the system: the same is written already.
    otro = fuera is None or fuera.ajustes() != alcance.ajustes()
    testigo = _abierto.set(alcance)
    try:
        if otro:
            _escribir_en_transacciones_abiertas()
        yield alcance
    finally:
        _abierto.reset(testigo)
        if otro:
            _escribir_en_transacciones_abiertas()


@contextmanager
def como_sistema(motivo: str) -> Iterator[Alcance]:
    """Act as the system for a moment: transfers, sweeps, counters. `motivo` says why and must not be empty."""
    if not motivo:
        raise ValueError("Diga el motivo de actuar como sistema.")
    with con_alcance(replace(_abierto.get() or NADIE, nivel="sistema", motivo=motivo)) as alcance:
        yield alcance


# The connections of this thread, each from when it is made: `connections.all` looks at every one twice, and a request
# asks it six times.
_propias = threading.local()


def recordar_conexion(conexion: Any) -> None:
    """The backend says which are its own (`alcance.postgres`)."""
    try:
        _propias.conexiones.add(conexion)
    except AttributeError:
        _propias.conexiones = WeakSet([conexion])


def _escribir_en_transacciones_abiertas() -> None:
    for conexion in getattr(_propias, "conexiones", ()):
        if conexion.in_atomic_block:
            conexion.escribir_alcance()
