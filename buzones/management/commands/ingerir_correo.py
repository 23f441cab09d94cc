"""`ingerir_correo ARCHIVO…`: receive messages that no mailbox brought. «-» is the standard input.

In Postfix:
    portal  unix  -  n  n  -  4  pipe  user=portal argv=/…/manage.py ingerir_correo - --para ${original_recipient}
"""

import json
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Q

from buzones.estados import Clase, Origen
from buzones.models import Casilla, Llegada
from buzones.services.ingerir import SigueGuardado, guardar_archivo, ingerir

NO_SE_LEE = 2
_POR_QUE = {
    FileNotFoundError: "no existe",
    IsADirectoryError: "es una carpeta",
    PermissionError: "no hay permiso",
}
# Between two messages of an mbox: «From ana@x Tue Jul 07 17:48:33 2026», and then a header.
_DE_MBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S[^\n]{0,200}\d{4}[^\n]{0,20}\n(?=[\w-]{1,80}:)")
INTENTE_LUEGO = 75  # EX_TEMPFAIL: the mail server keeps it and hands it over again


class Command(BaseCommand):
    help = "Recibe mensajes de correo (.eml) y dice en qué quedó cada uno. El mismo dos veces es uno solo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archivos", nargs="+", metavar="ARCHIVO", help="«-» es la entrada estándar")
        parser.add_argument(
            "--buzon", help="nombre o dirección de la casilla; sin él, la de la dirección a la que iba"
        )
        parser.add_argument("--para", default="", help="dirección del sobre con la que llegó")
        parser.add_argument("--json", action="store_true", help="una línea de JSON por mensaje")

    def handle(self, *, archivos: list[str], buzon: str | None, para: str, **options: Any) -> None:
        try:
            casilla = _casilla(buzon) if buzon else None
            guardadas: list[tuple[str, Llegada]] = []
            mal = 0
            for nombre in archivos:
                try:
                    crudo = sys.stdin.buffer.read() if nombre == "-" else Path(nombre).read_bytes()
                except OSError as falla:
                    self.stderr.write(f"{nombre}: no se puede leer: {_POR_QUE.get(type(falla), falla.strerror)}.")
                    mal += 1
                    continue
                origen = Origen.TUBO if nombre == "-" else Origen.COMANDO
                for uno in [crudo] if nombre == "-" else _mensajes(crudo):
                    guardadas.append((nombre, guardar_archivo(uno, origen=origen, casilla=casilla, para=para)))
            for (nombre, _), dicho in zip(guardadas, ingerir([una for _, una in guardadas]), strict=True):
                linea = {"id": dicho["id"], "archivo": Path(nombre).name, **dicho}
                self.stdout.write(json.dumps(linea, ensure_ascii=False) if options["json"] else _en_palabras(linea))
        except DatabaseError as falla:
            self.stderr.write(f"La base de datos no responde: {type(falla).__name__}.")
            sys.exit(INTENTE_LUEGO)
        except SigueGuardado as falla:
            self.stderr.write(str(falla))
            sys.exit(INTENTE_LUEGO)
        if mal:
            sys.exit(NO_SE_LEE)


def _mensajes(crudo: bytes) -> list[bytes]:
    """Of a file as programs save a folder, each one; of any other, itself."""
    if not _DE_MBOX.match(crudo):
        return [crudo]
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", uno) for uno in _DE_MBOX.split(crudo)[1:]]


def _casilla(nombre: str) -> Casilla:
    casillas = Casilla.objects.vigentes().order_by("nombre")
    elegida = casillas.filter(Q(nombre=nombre) | Q(buzon__correo__iexact=nombre)).first()
    if elegida is None:
        nombres = ", ".join(casillas.values_list("nombre", flat=True)) or "ninguna"
        raise CommandError(f"No hay una casilla «{nombre}». Las que hay: {nombres}.")
    return elegida


def _en_palabras(dicho: dict[str, Any]) -> str:
    partes = [
        dicho["archivo"],
        dicho["numero"],
        Clase(dicho["clase"]).label,
        dicho["radicado"] or "",
        ", ".join(dicho["direcciones"]),
        "ya se había recibido" if dicho["repetido"] else "",
        " ".join(dicho["razones"]),
    ]
    return " · ".join(filter(None, partes))
