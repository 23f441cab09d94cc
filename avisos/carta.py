"""What a notice says. One source gives the mail (HTML and text) and the line of the in-app centre."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

DOS_PUNTOS = re.compile(r"(?<!\.)\.\.(?!\.)")


@dataclass(frozen=True, slots=True)
class Carta:
    """`asunto` starts with the radicado when there is one. `ruta` is a path of the portal, never a whole URL: the
    domain is the configured one, whatever Host a request carried (security.md N03, S09). `porque` explains the date,
    one sentence each."""

    asunto: str
    que_paso: str
    que_hacer: str = ""
    fecha_limite: str = ""
    boton: str = ""
    ruta: str = ""
    porque: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A name that ends in a period, «Subred Norte E.S.E.», closes the sentence by itself."""
        for campo in ("que_paso", "que_hacer"):
            object.__setattr__(self, campo, DOS_PUNTOS.sub(".", getattr(self, campo)))

    def como_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def de_json(cls, datos: dict[str, Any]) -> Self:
        return cls(**{**datos, "porque": tuple(datos.get("porque", ()))})
