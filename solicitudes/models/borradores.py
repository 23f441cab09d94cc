"""A draft that saves itself: nothing typed or uploaded is lost (interface.md §2.2, E2–E4)."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Entidad, Persona
from solicitudes.models.solicitudes import Solicitud


class ConsultaBorrador(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(persona_id=alcance.persona_id)

    def sin_radicar(self) -> Self:
        return self.filter(solicitud__isnull=True, descartado_en__isnull=True)


class Borrador(ModeloInquilino):
    """Only its author sees it. `datos` takes what was typed as it is, complete or not; `clave` becomes the
    idempotency key of the filing, so a double click or a second tab finds the same radicado."""

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="borradores")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+")
    clave = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Counts every save. `versiones` keeps, per step, the one that last changed it: two tabs on different steps do not
    # collide, two on the same step do. Shape: {step: version}.
    version = models.PositiveIntegerField(default=1)
    versiones = models.JSONField(default=dict, blank=True)
    datos = models.JSONField(default=dict, blank=True)
    # Somebody of the SDFI registers what came by another channel: one step more, on how and when it came (R22).
    es_registro = models.BooleanField("registra lo que llegó por otro canal", default=False)
    creado_en = models.DateTimeField(default=timezone.now)
    guardado_en = models.DateTimeField(default=timezone.now)
    descartado_en = models.DateTimeField(null=True, blank=True)
    # Number of the published concepto that made asking unnecessary: deflection, counted (R95).
    resuelto_por = models.CharField("concepto que resolvió la duda", max_length=20, blank=True)
    solicitud = models.OneToOneField(Solicitud, models.PROTECT, null=True, blank=True, related_name="borrador")

    objects = gestor(ConsultaBorrador)

    class Meta:
        ordering = ["-guardado_en"]
        verbose_name = "borrador"
        verbose_name_plural = "borradores"
        indexes = [
            models.Index(fields=["persona", "-guardado_en"], name="borradores_persona"),
            # The few that a concepto made unnecessary, counted without reading the others (nor the row: its policy
            # asks for the persona).
            models.Index(fields=["resuelto_por"], include=["persona"], name="borradores_resueltos",
                         condition=~Q(resuelto_por="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.datos.get("asunto") or "Borrador sin asunto"

    def get_absolute_url(self) -> str:
        return reverse("solicitudes:borrador", args=[self.pk, "necesidad"])
