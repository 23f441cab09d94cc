"""System checks: what the tables and the variables of the server do not agree on, told when the portal starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from buzones.entrante import proveedores
from buzones.services.leer import las_que_se_leen


@register("buzones")
def proveedor_de_entrada(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The provider that brings mail is one of those that bring it."""
    dicho = settings.PROVEEDOR_DE_ENTRADA
    if not dicho or dicho in proveedores():
        return []
    return [
        Error(
            f"CORREO_ENTRANTE dice «{dicho}».", hint=f"Una de: {', '.join(sorted(proveedores()))}.", id="buzones.E001"
        )
    ]


@register(Tags.database, "buzones")
def casillas_con_conexion(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Each casilla that is read names an account that the server has. With `check --database default`."""
    if "default" not in (databases or ()):
        return []
    try:
        sin_ella = [casilla for casilla in las_que_se_leen() if casilla.conexion not in settings.BUZONES]
    except DatabaseError:  # before its first migration there is no table to ask
        return []
    return [
        Warning(
            f"La casilla «{casilla.nombre}» no se lee: el servidor no tiene la conexión «{casilla.conexion}».",
            hint=f"Defina BUZON_{casilla.conexion.upper()} y su secreto, o elija otra en la página de la casilla.",
            id="buzones.W001",
        )
        for casilla in sin_ella
    ]
