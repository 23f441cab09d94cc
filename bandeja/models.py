"""The outbox: what is left to hand over. PostgreSQL holds it; the broker only rings a bell (security.md §5.3)."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance.registro import Clase
from bandeja.nombres import nombre_de


class EstadoEntrega(models.TextChoices):
    PENDIENTE = "pendiente", "Pendiente"
    TOMADA = "tomada", "En preparación"
    ENVIANDO = "enviando", "Enviando"
    HECHA = "hecha", "Entregada"
    MUERTA = "muerta", "Sin entregar"
    DESCARTADA = "descartada", "Descartada"


EN_MANOS = (EstadoEntrega.TOMADA, EstadoEntrega.ENVIANDO)


class ConsultaEntrega(models.QuerySet["Entrega"]):
    def por_tomar(self, ahora: datetime) -> Self:
        """Due, or left by a worker whose lease ended. In order of need."""
        libres = Q(estado=EstadoEntrega.PENDIENTE, proximo_intento__lte=ahora)
        abandonadas = Q(estado__in=EN_MANOS, tomada_hasta__lt=ahora)
        return self.filter(libres | abandonadas).order_by("proximo_intento", "id")

    def muertas(self) -> Self:
        return self.filter(estado=EstadoEntrega.MUERTA).order_by("-creada_en", "-id")

    def atrasadas(self, ahora: datetime, *, desde: timedelta) -> Self:
        """Due for longer than `desde` and not delivered: /salud/ shows their number and age."""
        abiertas = [EstadoEntrega.PENDIENTE, *EN_MANOS]
        return self.filter(estado__in=abiertas, proximo_intento__lt=ahora - desde).order_by("proximo_intento", "id")


class Entrega(models.Model):
    """One fact for one recipient. `clave_idempotencia` makes the fact unique, not the call that wrote it."""

    clase_tabla = Clase.SISTEMA

    clave_idempotencia = models.CharField(max_length=400, unique=True)
    tipo = models.CharField(max_length=60)
    carga = models.JSONField(default=dict, blank=True)
    destinatario = models.CharField(max_length=254, blank=True)
    solicitud_id = models.BigIntegerField(null=True, blank=True)
    estado = models.CharField(max_length=12, choices=EstadoEntrega, default=EstadoEntrega.PENDIENTE)
    intento = models.PositiveSmallIntegerField(default=0)
    proximo_intento = models.DateTimeField(default=timezone.now)
    tomada_por = models.CharField(max_length=80, blank=True)
    tomada_hasta = models.DateTimeField(null=True, blank=True)
    posible_duplicado = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    creada_en = models.DateTimeField(default=timezone.now)
    hecha_en = models.DateTimeField(null=True, blank=True)
    descarte_motivo = models.CharField(max_length=300, blank=True)

    objects = ConsultaEntrega.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "entrega"
        verbose_name_plural = "entregas"
        constraints = [
            models.CheckConstraint(
                name="bandeja_entrega_estado",
                condition=Q(estado__in=EstadoEntrega.values),
                violation_error_message="La entrega no está en un estado conocido.",
            ),
            models.CheckConstraint(
                name="bandeja_entrega_hecha_cuando",
                condition=Q(estado="hecha", hecha_en__isnull=False) | (~Q(estado="hecha") & Q(hecha_en__isnull=True)),
                violation_error_message="Una entrega hecha dice cuándo se hizo.",
            ),
            models.CheckConstraint(
                name="bandeja_entrega_descarte_con_motivo",
                condition=~Q(estado="descartada") | ~Q(descarte_motivo=""),
                violation_error_message="Escriba por qué se descarta la entrega.",
            ),
            models.CheckConstraint(
                name="bandeja_entrega_tomada_con_plazo",
                condition=~Q(estado__in=["tomada", "enviando"]) | Q(tomada_hasta__isnull=False),
                violation_error_message="Una entrega tomada dice hasta cuándo.",
            ),
        ]
        indexes = [
            models.Index(fields=["proximo_intento", "id"], name="bandeja_pendientes", condition=Q(estado="pendiente")),
            models.Index(
                fields=["tomada_hasta"], name="bandeja_en_manos", condition=Q(estado__in=["tomada", "enviando"])
            ),
            models.Index(fields=["-creada_en", "-id"], name="bandeja_muertas", condition=Q(estado="muerta")),
            models.Index(fields=["solicitud_id", "id"], name="bandeja_por_solicitud"),
        ]

    def __str__(self) -> str:
        return self.clave_idempotencia

    @property
    def que(self) -> str:
        return nombre_de(self.tipo)


class Latido(models.Model):
    """The last time each periodic process was alive (security.md §5.5)."""

    clase_tabla = Clase.SISTEMA

    nombre = models.CharField(max_length=40, primary_key=True)
    en = models.DateTimeField()

    class Meta:
        verbose_name = "latido"
        verbose_name_plural = "latidos"

    def __str__(self) -> str:
        return self.nombre
