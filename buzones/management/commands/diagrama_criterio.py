"""Print the rules by which a message is judged, as markdown; `--escribir` keeps them in docs/buzones.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from buzones.criterio.documentacion import documento


class Command(BaseCommand):
    help = "Imprime la tabla de reglas con que se juzga un mensaje recibido (docs/buzones.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--escribir", action="store_true", help="la deja en docs/buzones.md")

    def handle(self, *args: Any, **opciones: Any) -> None:
        if opciones["escribir"]:
            (Path(settings.RAIZ) / "docs" / "buzones.md").write_text(documento(), encoding="utf-8")
        else:
            self.stdout.write(documento(), ending="")
