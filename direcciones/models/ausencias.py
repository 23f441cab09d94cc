"""A dated absence and who covers it. Without its cause: a medical leave is health data and the portal needs none."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models.membresias import Encargo
from direcciones.models.personas import Persona


class ConsultaAusencia(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Staff see who is away, as they see the directory; others, their own."""
        if alcance.nivel or alcance.dependencias or alcance.rol == "ventanilla":
            return self
        return self.filter(persona_id=alcance.persona_id)

    def en_curso(self, el_dia: date) -> Self:
        return self.filter(anulada_en__isnull=True, desde__lte=el_dia, hasta__gte=el_dia)


class Ausencia(ModeloInquilino):
    persona = models.ForeignKey(Persona, models.PROTECT, related_name="ausencias")
    desde = models.DateField()
    hasta = models.DateField("último día")
    suplente = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="suplencias")
    # Of a head, with its act: only that lets the substitute sign (R57).
    encargo = models.ForeignKey(Encargo, models.PROTECT, null=True, blank=True, related_name="ausencias")
    registrada_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    registrada_en = models.DateTimeField(default=timezone.now)
    anulada_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaAusencia)

    class Meta:
        ordering = ["-desde", "-id"]
        verbose_name = "ausencia"
        verbose_name_plural = "ausencias"
        constraints = [
            models.CheckConstraint(
                name="direcciones_ausencia_orden",
                condition=Q(hasta__gte=F("desde")),
                violation_error_message="Una ausencia no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="direcciones_ausencia_otro_suplente",
                condition=Q(suplente__isnull=True) | ~Q(suplente=F("persona")),
                violation_error_message="Nadie se reemplaza a sí mismo.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["persona", "desde", "hasta"], name="ausencias_de", condition=Q(anulada_en__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.persona_id}: {self.desde} a {self.hasta}"
