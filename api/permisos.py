"""What a token may be allowed to do, and which roles may hold each permission (docs/decisiones/0021).

Nothing here signs, manages people or reads a draft: no token can be given what does not exist (security.md E06).
"""

from django.db.models import TextChoices

from direcciones.roles import ATIENDEN, DE_ENTIDAD, JEFES, PERSONAL, Rol


class Permiso(TextChoices):
    LEER_SOLICITUDES = "leer_solicitudes", "Leer solicitudes, su historia y sus mensajes"
    RADICAR = "radicar", "Radicar solicitudes"
    REGISTRAR = "registrar", "Registrar lo que llegó por otro canal y anotar los números SIGA"
    ESCRIBIR_MENSAJES = "escribir_mensajes", "Escribir mensajes en las solicitudes"
    LEER_REGISTRO = "leer_registro", "Leer el registro"
    LEER_TABLERO = "leer_tablero", "Leer las cifras del tablero"
    EXPORTAR = "exportar", "Pedir y descargar exportaciones del registro"
    LEER_CATALOGOS = "leer_catalogos", "Leer catálogos: entidades, dependencias, temas, festivos"


TODOS_LOS_ROLES = frozenset(Rol)
ROLES_DE: dict[str, frozenset[Rol]] = {
    Permiso.LEER_SOLICITUDES: TODOS_LOS_ROLES,
    Permiso.RADICAR: DE_ENTIDAD,
    # The direct link with SIGA acts as the window.
    Permiso.REGISTRAR: frozenset({Rol.VENTANILLA}),
    Permiso.ESCRIBIR_MENSAJES: DE_ENTIDAD | ATIENDEN,
    Permiso.LEER_REGISTRO: PERSONAL,
    Permiso.LEER_TABLERO: JEFES | {Rol.SUBSECRETARIO, Rol.ADMINISTRADOR, Rol.AUDITOR},
    Permiso.EXPORTAR: PERSONAL,
    Permiso.LEER_CATALOGOS: TODOS_LOS_ROLES,
}


def permisos_de(rol: str) -> list[Permiso]:
    """The permissions that somebody with this role may give to a token of theirs."""
    return [permiso for permiso in Permiso if rol in ROLES_DE[permiso]]


def puede(permisos: list[str], permiso: str, rol: str) -> bool:
    """A token does what it was given, as long as its role may still do it."""
    return permiso in permisos and rol in ROLES_DE[permiso]
