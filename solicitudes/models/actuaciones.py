"""An actuación: a piece of assistance actually given (asesoría, visita, jornada, mesa, taller, apoyo externo…)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance.modelos import ModeloInquilino, gestor
from direcciones.models import Modalidad, Persona
from solicitudes.models.partes import Parte
from solicitudes.models.solicitudes import ConsultaDeSolicitud, Solicitud


class Actuacion(ModeloInquilino):
    """Lineamiento §5: in person, by telephone or virtual. A virtual one needs a link, one in person a place,
    one by telephone a number (R27); an apoyo externo, its provider and contract (R28)."""

    class Medio(models.TextChoices):
        PRESENCIAL = "presencial", "Presencial"
        TELEFONICA = "telefonica", "Telefónica"
        VIRTUAL = "virtual", "Virtual"

    class Estado(models.TextChoices):
        PROGRAMADA = "programada", "Programada"
        REALIZADA = "realizada", "Realizada"
        CANCELADA = "cancelada", "Cancelada"

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="actuaciones")
    parte = models.ForeignKey(Parte, models.PROTECT, related_name="actuaciones")
    modalidad = models.ForeignKey(Modalidad, models.PROTECT, related_name="+")
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.PROGRAMADA)
    medio = models.CharField(max_length=12, choices=Medio)
    lugar = models.CharField("lugar, enlace o teléfono", max_length=300)
    asunto = models.CharField(max_length=200)
    programada_para = models.DateTimeField(null=True, blank=True)
    inicio = models.DateTimeField(null=True, blank=True)
    fin = models.DateTimeField(null=True, blank=True)
    participantes = models.JSONField(default=list, blank=True)
    productos = models.JSONField(default=list, db_default=[], blank=True)
    resultado = models.TextField(blank=True)
    proveedor = models.CharField(max_length=200, blank=True)
    contrato = models.CharField(max_length=80, blank=True)
    motivo_cancelacion = models.TextField(blank=True)
    registrada_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    registrada_en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaDeSolicitud)

    class Meta:
        ordering = ["programada_para", "id"]
        verbose_name = "actuación"
        verbose_name_plural = "actuaciones"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_actuacion_realizada",
                condition=~Q(estado="realizada") | (Q(inicio__isnull=False) & ~Q(resultado="")),
                violation_error_message="Diga cuándo se realizó y con qué resultado.",
            ),
            models.CheckConstraint(
                name="solicitudes_actuacion_cancelada",
                condition=~Q(estado="cancelada") | ~Q(motivo_cancelacion=""),
                violation_error_message="Diga por qué se cancela.",
            ),
            models.CheckConstraint(
                name="solicitudes_actuacion_orden",
                condition=Q(fin__isnull=True) | Q(fin__gte=models.F("inicio")),
                violation_error_message="Una actuación no puede terminar antes de empezar.",
            ),
        ]
        indexes = [models.Index(fields=["solicitud"], name="actuaciones_solicitud")]

    def __str__(self) -> str:
        return self.asunto
