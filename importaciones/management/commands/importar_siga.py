"""Bring a file of SIGA from the console or a timer, as somebody of the window; with --ensayo nothing is written."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from alcance import Alcance, como_sistema, con_alcance
from direcciones.models import Membresia
from direcciones.roles import Rol
from importaciones.estados import Estado, Resultado, Tipo
from importaciones.models import FilaImportada, Importacion
from importaciones.permisos import IMPORTAN
from importaciones.services import importar as servicio


class Command(BaseCommand):
    help = "Importa un archivo de SIGA (CSV, XLSX u ODS). Termina con error si alguna fila queda por corregir."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archivo", type=Path)
        parser.add_argument("--ensayo", action="store_true", help="dice qué pasaría con cada fila y no escribe nada")
        parser.add_argument("--json", action="store_true", help="una línea de JSON por fila")
        parser.add_argument("--reemplazar", action="store_true", help="cambia los números SIGA que ya estaban")
        parser.add_argument("--sin-acuse", action="store_true", help="no envía el acuse a quien escribió")
        parser.add_argument("--como", default="", help="correo de quien lo importa; si no, la única persona de la "
                            "ventanilla")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        archivo: Path = options["archivo"]
        try:
            contenido = archivo.read_bytes()
        except OSError as falla:
            raise CommandError(f"No se pudo leer {archivo}: {falla.strerror}.") from None
        with con_alcance(Alcance.de_membresia(_quien(options["como"]))):
            try:
                if options["ensayo"]:
                    with transaction.atomic():
                        filas = servicio.ensayar(
                            tipo=Tipo.SIGA, nombre=archivo.name, contenido=contenido, reemplaza=options["reemplazar"]
                        )
                else:
                    filas = _importar(
                        archivo.name, contenido, con_acuse=not options["sin_acuse"], reemplaza=options["reemplazar"]
                    )
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        malas = self._decir(filas, en_json=options["json"])
        if malas:
            raise CommandError(f"Filas por corregir: {malas}.")

    def _decir(self, filas: Iterable[FilaImportada], *, en_json: bool) -> int:
        malas = 0
        for fila in filas:
            malas += fila.resultado == Resultado.ERROR
            self.stdout.write(json.dumps(_en_json(fila), ensure_ascii=False) if en_json else _en_palabras(fila))
        return malas


def _quien(correo: str) -> Membresia:
    """Whoever is named, with a role that imports; else the only one of the window."""
    roles = IMPORTAN[Tipo.SIGA] if correo else {Rol.VENTANILLA}
    with como_sistema("saber quién importa un archivo de SIGA"), transaction.atomic():
        suyas = Membresia.objects.activas().filter(rol__in=sorted(roles)).select_related("persona")
        if correo:
            suyas = suyas.filter(persona__correo__iexact=correo)
        halladas = list(suyas.order_by("persona__correo", "pk"))
    if correo and halladas:
        return halladas[0]
    if len(halladas) == 1:
        return halladas[0]
    if correo:
        raise CommandError(f"{correo} no es de la ventanilla ni administra el portal.")
    correos = ", ".join(membresia.persona.correo for membresia in halladas) or "nadie"
    raise CommandError(f"Diga con --como quién lo importa. De la ventanilla: {correos}.")


def _importar(nombre: str, contenido: bytes, *, con_acuse: bool, reemplaza: bool) -> list[FilaImportada]:
    """The same walk as the pages. Its fact stays in the outbox: if this process dies, the worker goes on with it."""
    subido = SimpleUploadedFile(nombre, contenido, "application/octet-stream")
    with transaction.atomic():
        importacion = servicio.subir(tipo=Tipo.SIGA, subido=subido)
        servicio.revisar(importacion=importacion, mapa=importacion.mapa, con_acuse=con_acuse, reemplaza=reemplaza)
        importacion = Importacion.objects.get(pk=importacion.pk)
        if importacion.filas.por_hacer().exists():
            importacion = servicio.confirmar(importacion=importacion)
        else:
            servicio.descartar(importacion=importacion)
    sigue = importacion.estado == Estado.IMPORTANDO
    while sigue:
        with como_sistema("importar un archivo de SIGA, fila por fila"), transaction.atomic():
            sigue = servicio.importar_una(importacion_id=importacion.pk, vuelta=importacion.vueltas)
    with transaction.atomic():
        return list(importacion.filas.order_by("numero"))


def _en_json(fila: FilaImportada) -> dict[str, Any]:
    return {
        "fila": fila.numero,
        "siga": fila.crudo.get("siga", ""),
        "resultado": fila.resultado,
        "frase": fila.frase,
        "cambios": fila.cambios,
        "radicado": fila.objeto_texto or None,
    }


def _en_palabras(fila: FilaImportada) -> str:
    cambios = "".join(f" {nombre}: {antes} → {despues}." for nombre, (antes, despues) in fila.cambios.items())
    return f"{fila.numero}: {fila.get_resultado_display()}. {fila.frase}{cambios}"
