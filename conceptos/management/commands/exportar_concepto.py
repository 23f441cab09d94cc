"""`exportar_concepto --ultimo --salida F`: write a signed concepto for whoever checks it outside."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from alcance import como_sistema
from conceptos.models import Concepto
from conceptos.services.documento import leer_pdf


class Command(BaseCommand):
    help = "Escribe el PDF firmado de un concepto (el más reciente, o el de un número)."

    def add_arguments(self, parser: CommandParser) -> None:
        cual = parser.add_mutually_exclusive_group(required=True)
        cual.add_argument("--ultimo", action="store_true", help="el firmado más reciente")
        cual.add_argument("--numero", help="por ejemplo C-2026-000123")
        parser.add_argument("--salida", required=True, type=Path, help="archivo que se escribe")

    def handle(self, *args: Any, numero: str | None, salida: Path, **opciones: Any) -> None:
        with transaction.atomic(), como_sistema("exportar un concepto firmado"):
            firmados = Concepto.objects.exclude(ruta_firmada="")
            if numero:
                firmados = firmados.filter(numero=numero.upper())
            concepto = firmados.order_by("-firmado_en", "-id").first()
        if concepto is None:
            raise CommandError("No hay un concepto firmado que exportar.")
        salida.write_bytes(leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado))
        self.stdout.write(f"{concepto.numero} sha256:{concepto.sha256_firmado} {salida}")
