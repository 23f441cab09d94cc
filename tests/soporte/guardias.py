"""Guards of the whole run: no network, no order that nobody asked for."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler


class RedProhibida(AssertionError):
    """A test tried to leave this machine (X08)."""


def _local(anfitrion: Any) -> bool:
    if anfitrion in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(anfitrion).is_loopback
    except ValueError:
        return False


@contextmanager
def solo_esta_maquina() -> Iterator[None]:
    """Sockets reach loopback and Unix paths, and names other than localhost are not even looked up."""

    def vigilar(nombre: str) -> Callable[..., Any]:
        original = getattr(socket.socket, nombre)

        def conectar(self: socket.socket, destino: Any) -> Any:
            if self.family != socket.AF_UNIX and not _local(destino[0]):
                raise RedProhibida(f"Las pruebas no salen a la red: {destino!r}")
            return original(self, destino)

        return conectar

    buscar = socket.getaddrinfo

    def resolver(anfitrion: Any, *args: Any, **kwargs: Any) -> Any:
        if not _local(anfitrion) and anfitrion not in {"0.0.0.0", "::", socket.gethostname()}:
            raise RedProhibida(f"Las pruebas no buscan nombres en la red: {anfitrion!r}")
        return buscar(anfitrion, *args, **kwargs)

    with ExitStack() as pila:
        for nombre in ("connect", "connect_ex"):
            pila.enter_context(patch.object(socket.socket, nombre, vigilar(nombre)))
        pila.enter_context(patch.object(socket, "getaddrinfo", resolver))
        yield


@contextmanager
def sin_orden_casual() -> Iterator[None]:
    """A query without ORDER BY comes back shuffled: a test that relied on luck fails at once."""
    original = SQLCompiler._order_by_pairs

    def pares(self: Any) -> Iterator[Any]:
        pedidos = list(original(self))
        consulta = self.query
        suelta = not (
            consulta.distinct
            or consulta.combinator
            or consulta.subquery
            or consulta.group_by is not None
            or consulta.is_sliced
            or any(anotacion.contains_aggregate for anotacion in consulta.annotation_select.values())
        )
        if not pedidos and suelta and consulta.model is not None:
            pedidos = [(OrderBy(Random()), False)]
        yield from pedidos

    with patch.object(SQLCompiler, "_order_by_pairs", pares):
        yield
