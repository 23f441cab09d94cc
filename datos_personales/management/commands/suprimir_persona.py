"""Take a person's data out, after showing what would be done (Ley 1581 de 2012; security.md A07)."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from datos_personales.catalogo import columnas
from datos_personales.services import por_que_no_se_suprime, resumen, suprimir
from direcciones.models import Persona


class Command(BaseCommand):
    help = "Suprime los datos de una persona. Sin --confirmar solo dice qué haría y qué se conserva por ley."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("correo")
        parser.add_argument("--motivo", default="", help="la solicitud de la persona y su fecha")
        parser.add_argument("--confirmar", action="store_true", help="no se puede deshacer")

    def handle(self, *args: Any, **options: Any) -> None:
        persona = Persona.objects.filter(correo__iexact=options["correo"]).first()
        if not options["confirmar"]:
            self._decir(persona)
            return
        try:
            hechas = suprimir(persona=persona, correo=options["correo"], motivo=options["motivo"])
        except ValidationError as falla:
            raise CommandError(" ".join(falla.messages)) from falla
        for que, cuantas in sorted(hechas.items()):
            self.stdout.write(f"{que}: {cuantas}")

    def _decir(self, persona: Persona | None) -> None:
        if persona is None:
            self.stdout.write("Ninguna cuenta tiene ese correo: se suprimiría lo que llegó con él por otros canales.")
        else:
            for nombre, cuantas in resumen(persona):
                self.stdout.write(f"{nombre}: {cuantas}")
            for razon in por_que_no_se_suprime(persona):
                self.stdout.write(f"No se puede todavía. {razon}")
        self.stdout.write("\nSe conserva, sin el nombre donde se puede:")
        for porque in sorted({c.porque for c in columnas() if c.al_suprimir == "conservar"}):
            self.stdout.write(f"- {porque}")
        self.stdout.write("\nPara hacerlo: --motivo «…» --confirmar. No se puede deshacer.")
