"""The first administrador of a real installation: `script/manage crear_administrador`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from cuentas.services.invitaciones import invitar
from direcciones.roles import Rol
from sdfi_portal.entorno import Entorno


class Command(BaseCommand):
    help = "Invita a un administrador del portal e imprime el enlace con que activa su usuario."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--correo", help="correo institucional (o variable ADMINISTRADOR_CORREO)")
        parser.add_argument("--nombre", help="nombre completo (o variable ADMINISTRADOR_NOMBRE)")
        parser.add_argument("--sin-preguntar", action="store_true", help="falla en vez de preguntar lo que falte")

    def handle(self, *args: Any, **opciones: Any) -> None:
        correo = self._dato(opciones, "correo", "Correo institucional").strip().lower()
        nombre = self._dato(opciones, "nombre", "Nombre completo").strip()
        try:
            validate_email(correo)
        except ValidationError as error:
            raise CommandError(error.message) from error
        try:
            with como_sistema("nombrar al administrador del portal"), transaction.atomic():
                fila = invitar(correo=correo, nombre=nombre, rol=Rol.ADMINISTRADOR)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        ruta = reverse("cuentas:invitacion", args=[fila.token()])
        self.stdout.write(f"Invitamos a {nombre} <{correo}> como administrador del portal.")
        self.stdout.write("Abra este enlace para activar el usuario. Sirve una vez, durante 72 horas:")
        self.stdout.write(f"  {settings.DOMINIO}{ruta}")

    def _dato(self, opciones: dict[str, Any], nombre: str, pregunta: str) -> str:
        dado: str = opciones[nombre] or Entorno().texto(f"ADMINISTRADOR_{nombre.upper()}", "")
        if dado:
            return dado
        if opciones["sin_preguntar"] or not sys.stdin.isatty():
            raise CommandError(f"Falta --{nombre}.")
        return input(f"{pregunta}: ")
