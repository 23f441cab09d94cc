"""Who imports what: the administrador everything; the window, the files of SIGA, which come every day."""

from direcciones.roles import Rol
from importaciones.estados import Tipo

IMPORTAN: dict[str, frozenset[Rol]] = {
    Tipo.ENTIDADES: frozenset({Rol.ADMINISTRADOR}),
    Tipo.ENLACES: frozenset({Rol.ADMINISTRADOR}),
    Tipo.ASESORES: frozenset({Rol.ADMINISTRADOR}),
    Tipo.SOLICITUDES: frozenset({Rol.ADMINISTRADOR}),
    Tipo.SIGA: frozenset({Rol.ADMINISTRADOR, Rol.VENTANILLA}),
}
ROLES = frozenset().union(*IMPORTAN.values())


def tipos_de(rol: str) -> list[Tipo]:
    return [tipo for tipo in Tipo if rol in IMPORTAN[tipo]]
