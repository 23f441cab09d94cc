"""Buttons that a room above puts on the page of a parte («Redactar concepto»). This room does not know what they open.

registrar_botones(lambda parte, alcance: [Boton("Redactar concepto", url)])
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alcance import Alcance
from solicitudes.models import Parte


@dataclass(frozen=True, slots=True)
class Boton:
    """`envia`: nothing to ask, a POST at once. `menor`: under «Más acciones». `clase`: «» is the main one."""

    texto: str
    url: str
    clase: str = "boton--2"
    envia: bool = False
    menor: bool = False


Proveedor = Callable[[Parte, Alcance], Sequence[Boton]]
_proveedores: list[Proveedor] = []


def registrar_botones(proveedor: Proveedor) -> None:
    """Called by an app above, when it starts."""
    _proveedores.append(proveedor)


def botones_de(parte: Parte, alcance: Alcance) -> list[Boton]:
    """What the rooms above offer on this parte to this person now."""
    return [boton for proveedor in _proveedores for boton in proveedor(parte, alcance)]
