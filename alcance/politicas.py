"""First net: every view declares its policy, and the middleware enforces it before the view runs.

    @publica("portada: no muestra datos de nadie")
    @requiere("asesor", "director")
    @autenticada("cada quien ve su propia cuenta")

A view without a policy fails a system check and is refused at run time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

SinSesion = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Politica:
    """`roles` empty means any signed-in person; `publica` means anybody. `porque` is for the reviewer.

    `sin_sesion` answers a form that arrives after its session ended, or with an old seal, so that what was typed is
    not lost; without it, such a request only goes to sign in.
    """

    roles: frozenset[str] = frozenset()
    publica: bool = False
    porque: str = ""
    sin_sesion: SinSesion | None = None

    def permite(self, request: HttpRequest) -> bool:
        if self.publica:
            return True
        if not request.user.is_authenticated:
            return False
        return not self.roles or request.alcance.rol in self.roles  # type: ignore[attr-defined]


_EXTERNAS: dict[str, Politica] = {}


def publica(porque: str) -> Callable[[Any], Any]:
    """Anybody may open it. `porque` is reviewed in tests/seguridad."""
    return _declarar(Politica(publica=True, porque=porque))


def autenticada(porque: str) -> Callable[[Any], Any]:
    """Any signed-in person, whatever the role."""
    return _declarar(Politica(porque=porque))


def requiere(*roles: str, sin_sesion: SinSesion | None = None) -> Callable[[Any], Any]:
    """Only these roles, as the person's active membership."""
    if not roles:
        raise ValueError("Diga qué roles.")
    return _declarar(Politica(roles=frozenset(roles), sin_sesion=sin_sesion))


def registrar_externa(nombre_url: str, politica: Politica) -> None:
    """Policy for a view of a library, by URL name."""
    _EXTERNAS[nombre_url] = politica


def _declarar(politica: Politica) -> Callable[[Any], Any]:
    def marcar(vista: Any) -> Any:
        vista.politica = politica
        if politica.publica or politica.sin_sesion:
            _sin_login(vista)
        return vista

    return marcar


def _sin_login(vista: Any) -> None:
    """Tell Django's LoginRequiredMiddleware; on a class it reads the attributes of `dispatch`."""
    if not isinstance(vista, type):
        vista.login_required = False
        return

    def dispatch(self: Any, *args: Any, **kwargs: Any) -> Any:
        return super(clase, self).dispatch(*args, **kwargs)

    clase: Any = vista
    destino: Any = clase.__dict__.get("dispatch") or dispatch
    destino.login_required = False
    clase.dispatch = destino


def politica_de(vista: Any, nombre_url: str | None) -> Politica | None:
    """The policy of a resolved view, or None."""
    for candidata in (vista, getattr(vista, "view_class", None), getattr(vista, "cls", None)):
        politica = getattr(candidata, "politica", None)
        if politica is not None:
            return politica
    return _EXTERNAS.get(nombre_url or "")
