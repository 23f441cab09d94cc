"""A new liaison that a message named, until their entity says yes or no."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from buzones.models.correos import Correo
from cuentas.models import Invitacion
from direcciones.models import Entidad, Membresia, Persona
from direcciones.roles import Rol


class ConsultaPropuesta(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Who administers the entity decides it; ventanilla and oversight follow it; who asked for it sees theirs."""
        if alcance.nivel or alcance.rol == Rol.VENTANILLA:
            return self
        if alcance.entidad_id:
            return self.filter(entidad=alcance.entidad_id) if alcance.rol == Rol.ADMIN_ENTIDAD else self.none()
        return self.filter(pedida_por=alcance.persona_id, pedida_por__isnull=False)

    def por_confirmar(self) -> Self:
        return self.filter(estado=PropuestaEnlace.Estado.POR_CONFIRMAR)


class PropuestaEnlace(ModeloInquilino):
    """It opens nothing: nobody gets an account or loses one until the entity confirms it (R47). `pedida_por` empty:
    the rules read it in a message."""

    class Estado(models.TextChoices):
        POR_CONFIRMAR = "por_confirmar", "Espera a la entidad"
        CONFIRMADA = "confirmada", "Confirmada"
        RECHAZADA = "rechazada", "Rechazada"
        VENCIDA = "vencida", "Nadie la confirmó"

    correo = models.ForeignKey(Correo, models.PROTECT, null=True, blank=True, related_name="propuestas")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+")
    reemplaza = models.ForeignKey(Membresia, models.PROTECT, null=True, blank=True, related_name="+")
    nombre = models.CharField("nombre completo", max_length=150)
    cargo = models.CharField(max_length=150, blank=True)
    correo_propuesto = models.EmailField("correo institucional", max_length=254)
    telefono = models.CharField("teléfono", max_length=40, blank=True)
    estado = models.CharField(max_length=14, choices=Estado, default=Estado.POR_CONFIRMAR)
    pedida_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    pedida_en = models.DateTimeField(default=timezone.now)
    vence = models.DateField()
    decidida_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    decidida_en = models.DateTimeField(null=True, blank=True)
    evidencia = models.CharField(max_length=300, blank=True)
    motivo = models.CharField("motivo del rechazo", max_length=300, blank=True)
    invitacion = models.ForeignKey(Invitacion, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaPropuesta)

    class Meta:
        ordering = ["-pedida_en", "-id"]
        verbose_name = "propuesta de enlace"
        verbose_name_plural = "propuestas de enlace"
        constraints = [
            models.UniqueConstraint(
                "entidad",
                Lower("correo_propuesto"),
                condition=Q(estado="por_confirmar"),
                name="buzones_una_propuesta_abierta",
                violation_error_message="La entidad ya tiene por confirmar a esa persona.",
            ),
            models.CheckConstraint(
                name="buzones_propuesta_decidida",
                condition=(
                    Q(estado="por_confirmar", decidida_en__isnull=True, invitacion__isnull=True, motivo="")
                    | Q(estado="confirmada", decidida_en__isnull=False, invitacion__isnull=False, motivo="")
                    | Q(estado="rechazada", decidida_en__isnull=False, invitacion__isnull=True) & ~Q(motivo="")
                    | Q(estado="vencida", decidida_en__isnull=True, invitacion__isnull=True, motivo="")
                ),
                violation_error_message="Lo que se decidió dice cuándo, y a quién se invitó o por qué no.",
            ),
        ]
        indexes = [
            models.Index(fields=["entidad", "-pedida_en"], name="propuestas_de_entidad"),
            models.Index(fields=["vence"], name="propuestas_abiertas", condition=Q(estado="por_confirmar")),
        ]

    def __str__(self) -> str:
        return self.nombre
