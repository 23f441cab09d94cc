"""History and conversation of a solicitud."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ModeloInquilino, gestor
from direcciones.models import Persona
from direcciones.roles import Rol
from solicitudes.models.partes import Parte
from solicitudes.models.solicitudes import ConsultaDeSolicitud, Solicitud


class ConsultaConInternas(ConsultaDeSolicitud):
    """Internal rows are seen only by staff."""

    def visibles_para(self, alcance: Alcance) -> Self:
        filas = super().visibles_para(alcance)
        return filas.filter(interno=False) if alcance.entidad_id else filas


class Movimiento(ModeloInquilino):
    """Who moved what, from which state to which, when and why. Written once, by `mover` and `radicar` only."""

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="movimientos")
    parte = models.ForeignKey(Parte, models.PROTECT, null=True, blank=True, related_name="movimientos")
    accion = models.CharField(max_length=30)
    de = models.CharField(max_length=16, blank=True)
    a = models.CharField(max_length=16, blank=True)
    texto = models.CharField(max_length=300)
    motivo = models.TextField(blank=True)
    datos = models.JSONField(default=dict, blank=True)
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    rol = models.CharField(max_length=16, blank=True, choices=Rol)
    interno = models.BooleanField("no lo ve la entidad", default=False)
    en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaConInternas)

    class Meta:
        ordering = ["en", "id"]
        verbose_name = "movimiento"
        verbose_name_plural = "movimientos"
        indexes = [
            models.Index(fields=["solicitud", "en", "id"], name="movimientos_historia"),
            # Those of a change of the calendar: who is told of it is read from them.
            models.Index(fields=["id"], name="movimientos_reflujo", condition=models.Q(accion="reflujo")),
        ]

    def __str__(self) -> str:
        return self.texto


class Mensaje(ModeloInquilino):
    """A message between the entity and those who attend, an internal note, or a written reply."""

    class Tipo(models.TextChoices):
        MENSAJE = "mensaje", "Mensaje"
        COMPLEMENTO_PEDIDO = "complemento_pedido", "Información pedida"
        COMPLEMENTO = "complemento", "Información enviada"
        RESPUESTA = "respuesta", "Respuesta"
        NOTA = "nota", "Nota interna"

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="mensajes")
    parte = models.ForeignKey(Parte, models.PROTECT, null=True, blank=True, related_name="mensajes")
    clave = models.UUIDField("clave del formulario", unique=True)
    tipo = models.CharField(max_length=20, choices=Tipo, default=Tipo.MENSAJE)
    texto = models.TextField()
    autor = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    # Who says to write it, where it came by another way than the portal: «Jimena Tovar <…> (por correo)».
    remitente = models.CharField(max_length=300, null=True, blank=True)  # noqa: DJ001 (additive, of a large table)
    de_la_entidad = models.BooleanField(default=False)
    interno = models.BooleanField("no lo ve la entidad", default=False)
    en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaConInternas)

    class Meta:
        ordering = ["en", "id"]
        verbose_name = "mensaje"
        verbose_name_plural = "mensajes"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_nota_es_interna",
                condition=~Q(tipo="nota") | Q(interno=True),
                violation_error_message="Una nota interna no la ve la entidad.",
            ),
        ]
        indexes = [models.Index(fields=["solicitud", "en", "id"], name="mensajes_historia")]

    def __str__(self) -> str:
        return self.texto[:80]

    @property
    def quien(self) -> str:
        """Who wrote it, as it is told; '' when nobody knows it by name."""
        return self.remitente or (self.autor.nombre if self.autor else "")
