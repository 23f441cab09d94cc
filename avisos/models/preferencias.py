"""How each person wants what is not legal: at once, in one mail a day, or only in the portal."""

from typing import Self

from django.db import models

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona


class ConsultaPreferencia(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(persona_id=alcance.persona_id)


class PreferenciaAviso(ModeloInquilino):
    class Modo(models.TextChoices):
        AL_MOMENTO = "al_momento", "Un correo en cuanto pasa"
        RESUMEN = "resumen", "Un solo correo cada día hábil a las 8:00"
        PORTAL = "portal", "Sin correo: solo en el portal"

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="preferencias_de_avisos")
    grupo = models.CharField(max_length=40)
    modo = models.CharField(max_length=10, choices=Modo, default=Modo.AL_MOMENTO)

    objects = gestor(ConsultaPreferencia)

    class Meta:
        ordering = ["persona", "grupo"]
        verbose_name = "preferencia de avisos"
        verbose_name_plural = "preferencias de avisos"
        constraints = [
            models.UniqueConstraint(fields=["persona", "grupo"], name="avisos_preferencia_unica"),
            models.CheckConstraint(
                name="avisos_preferencia_modo",
                condition=models.Q(modo__in=["al_momento", "resumen", "portal"]),
                violation_error_message="Elija cómo quiere recibir esos avisos.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grupo}: {self.get_modo_display()}"
