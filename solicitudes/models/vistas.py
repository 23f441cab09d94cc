"""Saved views of the register: a name for a set of filters and columns (interface.md §2.2)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Dependencia, Persona


class ConsultaVista(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        if alcance.persona_id is None:
            return self.none()
        return self.filter(Q(persona_id=alcance.persona_id) | Q(dependencia_id__in=alcance.dependencias))

    def propias(self, alcance: Alcance) -> Self:
        return self.filter(persona_id=alcance.persona_id) if alcance.persona_id else self.none()


class Vista(ModeloInquilino):
    """`consulta` is the query string of the register, as `FiltrosRegistro` understands it."""

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="vistas", db_index=False)
    # Shared by a head with everyone of this dependencia; empty, only its owner sees it.
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    nombre = models.CharField(max_length=60)
    consulta = models.CharField(max_length=2000, blank=True)
    predeterminada = models.BooleanField("se abre al entrar al registro", default=False)
    creada_en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaVista)

    class Meta:
        ordering = ["nombre", "id"]
        verbose_name = "vista guardada"
        verbose_name_plural = "vistas guardadas"
        constraints = [
            models.UniqueConstraint(
                fields=["persona", "nombre"],
                name="solicitudes_vista_nombre",
                violation_error_message="Ya tiene una vista con ese nombre. Escriba otro.",
            ),
            models.UniqueConstraint(
                fields=["persona"], condition=Q(predeterminada=True), name="solicitudes_vista_predeterminada"
            ),
        ]
        indexes = [
            models.Index(fields=["dependencia"], name="vistas_compartidas", condition=Q(dependencia__isnull=False))
        ]

    def __str__(self) -> str:
        return self.nombre

    def get_absolute_url(self) -> str:
        consulta = f"{self.consulta}&vista={self.pk}" if self.consulta else f"vista={self.pk}"
        return f"{reverse('atencion:registro')}?{consulta}"
