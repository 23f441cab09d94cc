"""Who may give which role, and edit which catalogue."""

from alcance import Alcance
from direcciones.roles import DE_ENTIDAD, Rol


def roles_que_puede_dar(alcance: Alcance) -> frozenset[str]:
    """The administrador gives any role; an entity's administrator, those of their own entity."""
    if alcance.rol == Rol.ADMINISTRADOR or alcance.es_sistema:
        return frozenset(Rol.values)
    return frozenset(DE_ENTIDAD) if alcance.rol == Rol.ADMIN_ENTIDAD else frozenset()


def puede_dar_rol(alcance: Alcance, rol: str, entidad_id: int | None) -> bool:
    if rol not in roles_que_puede_dar(alcance):
        return False
    return alcance.rol != Rol.ADMIN_ENTIDAD or alcance.es_sistema or entidad_id == alcance.entidad_id


def puede_editar_catalogos(alcance: Alcance) -> bool:
    return alcance.rol == Rol.ADMINISTRADOR
