"""Print the state table as markdown and mermaid; `--escribir` keeps it in docs/estados.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from solicitudes.documentacion import documento


class Command(BaseCommand):
    help = "Imprime la tabla de estados de una solicitud y su diagrama (docs/estados.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--escribir", action="store_true", help="la deja en docs/estados.md")

    def handle(self, *args: Any, **opciones: Any) -> None:
        if opciones["escribir"]:
            (Path(settings.RAIZ) / "docs" / "estados.md").write_text(documento(), encoding="utf-8")
        else:
            self.stdout.write(documento(), ending="")
