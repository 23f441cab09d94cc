"""Print the table that compares the portal with comparable software; `--aplicar` keeps it in docs/plazos.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from plazos.pares import tabla

EMPIEZA, TERMINA = "<!-- comparar_pares -->\n", "\n<!-- /comparar_pares -->"


class Command(BaseCommand):
    help = "Cuenta cuántas fechas límite calcula mal cada regla comparable (docs/plazos.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--aplicar", action="store_true", help="deja la tabla en docs/plazos.md")

    def handle(self, *args: Any, **opciones: Any) -> None:
        if not opciones["aplicar"]:
            self.stdout.write(tabla())
            return
        ruta = Path(settings.RAIZ) / "docs" / "plazos.md"
        antes, empieza, resto = ruta.read_text(encoding="utf-8").partition(EMPIEZA)
        _, termina, despues = resto.partition(TERMINA)
        if not empieza or not termina:
            raise CommandError("docs/plazos.md no dice dónde va la tabla. Devuélvale sus dos marcas.")
        ruta.write_text(antes + empieza + tabla() + termina + despues, encoding="utf-8")
