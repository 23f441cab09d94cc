"""Counters of consecutive numbers."""

from django.db import models

from alcance.registro import Clase


class Contador(models.Model):
    """Last number given in a series and year. Locked last in the transaction: no gaps, no duplicates.

    AGN's rule for radicación: strict order, no number reserved, repeated or struck out, yearly restart (domain.md §3).
    """

    clase_tabla = Clase.SISTEMA

    serie = models.CharField(max_length=8)
    anio = models.PositiveSmallIntegerField()
    ultimo = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["serie", "anio"], name="solicitudes_contador_unico")]

    def __str__(self) -> str:
        return f"{self.serie}-{self.anio}: {self.ultimo}"
