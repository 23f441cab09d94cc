"""Roles, database and privileges on an external server. A local installation does it by itself at every start."""

from typing import Any

from django.core.management.base import BaseCommand

from sdfi_portal.entorno import Entorno
from sdfi_portal.pila.provision import provisionar
from sdfi_portal.respaldo import conexion_de

# Who logs in with what: the password of each role is the one in the address the portal will use.
DE_ROL = {
    "sdfi_web": "DATABASE_URL",
    "sdfi_migrador": "DATABASE_URL_MIGRADOR",
    "sdfi_respaldo": "DATABASE_URL_RESPALDO",
}


class Command(BaseCommand):
    help = (
        "Crea o corrige los roles, la base y los permisos en el PostgreSQL de DATABASE_URL_ADMIN (un administrador). "
        "Las claves son las de DATABASE_URL, DATABASE_URL_MIGRADOR y DATABASE_URL_RESPALDO. Puede repetirse."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        claves = {rol: conexion_de(nombre) for rol, nombre in DE_ROL.items() if Entorno().texto(nombre, "")}
        base = conexion_de("DATABASE_URL")["dbname"]
        administrador = conexion_de("DATABASE_URL_ADMIN")
        provisionar(administrador, base, {rol: datos.get("password", "") for rol, datos in claves.items()})
        self.stdout.write(f"Lista la base «{base}». Siga con: manage.py migrate")
