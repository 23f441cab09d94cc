"""The names of the dependencias that have office hours of their own, which this room knows only by their code."""

from collections.abc import Callable, Collection, Mapping

Nombres = Callable[[Collection[str]], Mapping[str, str]]
_nombres: Nombres | None = None


def registrar_nombres(funcion: Nombres) -> None:
    """Who has the catalogue says how to read it."""
    global _nombres  # noqa: PLW0603 set once, when the applications are ready
    _nombres = funcion


def nombrar(codigos: Collection[str]) -> list[tuple[str, str]]:
    """Code and name, by name. One that has no name goes by its code."""
    nombres = _nombres(codigos) if _nombres is not None and codigos else {}
    return sorted(((codigo, nombres.get(codigo, codigo)) for codigo in codigos), key=lambda fila: (fila[1], fila[0]))
