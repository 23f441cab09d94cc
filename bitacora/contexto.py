"""From where the open request comes: its address and its code, which the error page and the logs also show."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Peticion:
    """`codigo` names one request or one delivery; `ip` is empty outside the web."""

    codigo: str = ""
    ip: str = ""


_abierta: ContextVar[Peticion | None] = ContextVar("peticion", default=None)


def peticion() -> Peticion:
    return _abierta.get() or Peticion()


@contextmanager
def con_peticion(*, codigo: str, ip: str = "") -> Iterator[Peticion]:
    """Everything recorded inside carries this code and this address."""
    testigo = _abierta.set(Peticion(codigo, ip))
    try:
        yield peticion()
    finally:
        _abierta.reset(testigo)


class PeticionMiddleware:
    """Gives each request its code (`request.codigo`, header `X-Request-ID`) and reads its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with con_peticion(codigo=token_hex(8), ip=direccion_ip(request)) as actual:
            request.codigo = actual.codigo  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers["X-Request-ID"] = actual.codigo
        return response


def direccion_ip(request: HttpRequest) -> str:
    """The address our outermost proxy saw. Whatever the browser itself put in the header is ignored (N01)."""
    cuantos = settings.PROXIES
    pasos = re.split(r"\s*,\s*", request.headers.get("X-Forwarded-For", "")) if cuantos else []
    cruda = pasos[-cuantos] if cuantos and len(pasos) >= cuantos else request.META.get("REMOTE_ADDR", "")
    return _limpia(cruda)


@lru_cache(maxsize=1024)
def _limpia(cruda: str) -> str:
    """An address as it is written down; '' for what is not one."""
    try:
        return str(ip_address(cruda))
    except ValueError:
        return ""
