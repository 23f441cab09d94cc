"""What somebody asked to take out of the register, and the file that came of it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Membresia, Persona
from exportaciones.estados import ACTIVAS, EstadoExportacion, Formato


class ConsultaExportacion(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """One's own, and only while acting with the role that asked: what it may see is in the file."""
        return self.filter(persona_id=alcance.persona_id, membresia_id=alcance.membresia_id)

    def activas(self) -> Self:
        return self.filter(estado__in=sorted(ACTIVAS))


class Exportacion(ModeloInquilino):
    """Rights are not kept: the job reads them again when it runs, from the membership that asked."""

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    membresia = models.ForeignKey(Membresia, models.PROTECT, related_name="+")
    # The filters as the register's address carries them, in one order, and the keys of the columns.
    consulta = models.TextField(blank=True)
    en_palabras = models.TextField(blank=True)  # the same filters for people, as they were called that day
    columnas = ArrayField(models.CharField(max_length=40))
    formato = models.CharField(max_length=4, choices=Formato)
    huella = models.CharField(max_length=64)  # SHA-256 of the three: the same request twice is one
    estado = models.CharField(max_length=10, choices=EstadoExportacion, default=EstadoExportacion.PEDIDA)
    filas = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    ruta = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    porque = models.CharField("por qué no se hizo", max_length=300, blank=True)
    pedida_en = models.DateTimeField(default=timezone.now)
    empezada_en = models.DateTimeField(null=True, blank=True)
    terminada_en = models.DateTimeField(null=True, blank=True)
    vence_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaExportacion)

    class Meta:
        ordering = ["-id"]
        verbose_name = "exportación"
        verbose_name_plural = "exportaciones"
        constraints = [
            models.UniqueConstraint(
                fields=["membresia", "huella"],
                condition=Q(estado__in=sorted(ACTIVAS)),
                name="exportaciones_una_activa",
                violation_error_message="Ya pidió esta misma exportación.",
            ),
            models.CheckConstraint(
                name="exportaciones_lista_con_archivo",
                condition=Q(estado="lista", vence_en__isnull=False) & ~Q(ruta="") & ~Q(sha256="")
                | ~Q(estado="lista") & Q(ruta=""),
                violation_error_message="Solo una exportación lista tiene archivo.",
            ),
            models.CheckConstraint(
                name="exportaciones_terminada",
                condition=Q(estado__in=sorted(ACTIVAS), terminada_en__isnull=True)
                | ~Q(estado__in=sorted(ACTIVAS)) & Q(terminada_en__isnull=False),
                violation_error_message="Lo que terminó dice cuándo.",
            ),
        ]
        indexes = [
            models.Index(fields=["membresia", "-id"], name="exportaciones_suyas"),
            models.Index(fields=["vence_en"], name="exportaciones_por_vencer", condition=Q(estado="lista")),
            models.Index(fields=["ruta"], name="exportaciones_archivos", condition=~Q(ruta="")),
        ]

    def __str__(self) -> str:
        return f"Exportación {self.pk}"

    @property
    def esta_activa(self) -> bool:
        return self.estado in ACTIVAS
