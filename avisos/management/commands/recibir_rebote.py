"""`recibir_rebote < mensaje`: what the mail server of CORREO_RESPUESTAS does with what bounces.

In Postfix:
    rebotes  unix  -  n  n  -  4  pipe  user=portal argv=/…/manage.py recibir_rebote --para ${original_recipient}
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from avisos.services.rebotes import recibir

INTENTE_LUEGO = 75  # EX_TEMPFAIL: the server keeps it and hands it over again
MAXIMO = 4 * 1024 * 1024  # what comes back may bring the whole mail with its attachments: the beginning is enough


class Command(BaseCommand):
    help = "Recibe por la entrada estándar un correo devuelto y anota lo que dice de la dirección."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--para", default="", help="dirección del sobre con la que llegó")

    def handle(self, *, para: str, **options: Any) -> None:
        crudo = sys.stdin.buffer.read(MAXIMO)
        try:
            self.stdout.write(recibir(crudo, para=para))
        except DatabaseError as falla:
            self.stderr.write(f"La base de datos no responde: {type(falla).__name__}.")
            sys.exit(INTENTE_LUEGO)
