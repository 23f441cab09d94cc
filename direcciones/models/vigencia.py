"""What every dated catalogue row shares: since when and until when it counts."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ConsultaVigente(models.QuerySet[Any]):
    def vigentes(self, el_dia: date | None = None) -> Self:
        """Rows in force on a day (today in Bogotá when not given)."""
        dia = el_dia or timezone.localdate()
        return self.filter(Q(hasta__isnull=True) | Q(hasta__gte=dia), desde__lte=dia)


class Vigente(models.Model):
    desde = models.DateField("vigente desde", default=timezone.localdate)
    hasta = models.DateField("vigente hasta", null=True, blank=True, help_text="Vacío: sigue vigente.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(hasta__isnull=True) | Q(hasta__gte=F("desde")),
                name="%(app_label)s_%(class)s_vigencia",
                violation_error_message="La vigencia no puede terminar antes de empezar.",
            )
        ]

    def esta_vigente(self, el_dia: date | None = None) -> bool:
        dia = el_dia or timezone.localdate()
        return self.desde <= dia and (self.hasta is None or self.hasta >= dia)
