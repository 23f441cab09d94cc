"""The in-app notice of a person."""

from typing import Self

from django.db import models
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona


class ConsultaAviso(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(persona_id=alcance.persona_id)

    def sin_leer(self) -> Self:
        return self.filter(leido_en__isnull=True)


class Aviso(ModeloInquilino):
    persona = models.ForeignKey(Persona, models.PROTECT, related_name="avisos")
    clave = models.CharField(max_length=200, unique=True)
    titulo = models.CharField(max_length=200)
    texto = models.CharField(max_length=500)
    ruta = models.CharField(max_length=300, blank=True)
    solicitud_id = models.BigIntegerField(null=True, blank=True)
    creado_en = models.DateTimeField(default=timezone.now)
    leido_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaAviso)

    class Meta:
        ordering = ["-creado_en", "-id"]
        verbose_name = "aviso"
        verbose_name_plural = "avisos"
        indexes = [
            models.Index(
                fields=["persona", "-creado_en"], name="avisos_sin_leer", condition=models.Q(leido_en__isnull=True)
            ),
            models.Index(fields=["persona", "-creado_en", "-id"], name="avisos_persona"),
        ]

    def __str__(self) -> str:
        return self.titulo
