"""The clocks of a solicitud, each stored with what it was counted with. Docs: docs/decisiones/0024.

`Parte.vence` is the date that binds; these rows say which clock it comes from and keep the others.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alcance.modelos import ModeloInquilino, gestor
from alcance.registro import Clase
from direcciones.models import AcuerdoServicio, Persona
from plazos.terminos import DIAS_DEL_LINEAMIENTO
from solicitudes.models.partes import Parte
from solicitudes.models.solicitudes import ConsultaDeSolicitud, Solicitud


class ConsultaTermino(ConsultaDeSolicitud):
    def por_vencer(self, hasta: datetime) -> Self:
        """Clocks that run and end up to an instant: what a sweep looks at."""
        return self.filter(cerrado=False, vence_en__lte=hasta).order_by("vence_en", "id")


class Termino(ModeloInquilino):
    class Reloj(models.TextChoices):
        LINEAMIENTO = "lineamiento", "Lineamiento (10 días)"
        ANS = "ans", "Acuerdo de nivel de servicio"
        LEGAL = "legal", "Término legal"

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="terminos")
    parte = models.ForeignKey(Parte, models.PROTECT, related_name="terminos")
    reloj = models.CharField(max_length=12, choices=Reloj)
    ans = models.ForeignKey(AcuerdoServicio, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    nombre = models.CharField(max_length=120)
    dias = models.PositiveSmallIntegerField("días hábiles")
    # Events, with the names of AcuerdoServicio.
    inicio = models.CharField(max_length=16, default="recepcion")
    fin = models.CharField(max_length=12, default="entregada")
    # Empty: what starts it has not happened.
    empieza_en = models.DateTimeField(null=True, blank=True)
    fecha_efectiva = models.DateField(null=True, blank=True)
    vence = models.DateField(null=True, blank=True)
    vence_en = models.DateTimeField(null=True, blank=True)
    obliga = models.BooleanField(default=False)
    cumplido_en = models.DateTimeField(null=True, blank=True)
    # [[from, until or null, reason]]: only an ANS whose text says so.
    suspensiones = models.JSONField(default=list, blank=True)
    regla = models.JSONField(default=dict, blank=True)
    version_calendario = models.BigIntegerField(null=True, blank=True)
    cerrado = models.BooleanField(default=False)
    # Why it could not be counted, and when it was last tried; empty when it was. What date it has is the one it had.
    no_contado = models.TextField(null=True, blank=True)  # noqa: DJ001 (radicar)
    no_contado_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaTermino)

    class Meta:
        ordering = ["parte", "id"]
        verbose_name = "término"
        verbose_name_plural = "términos"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_termino_reloj",
                condition=Q(reloj="ans", ans__isnull=False) | Q(reloj__in=["lineamiento", "legal"], ans__isnull=True),
                violation_error_message="Solo un acuerdo de nivel de servicio dice de cuál acuerdo es.",
            ),
            # The three things nobody may do to it: give it more days, start it later, stop it.
            models.CheckConstraint(
                name="solicitudes_termino_lineamiento_no_se_estira",
                condition=~Q(reloj="lineamiento")
                | Q(dias=DIAS_DEL_LINEAMIENTO, inicio="recepcion", fin="entregada", suspensiones=[]),
                violation_error_message="El plazo del lineamiento es de 10 días hábiles: ni se amplía ni se suspende.",
            ),
            models.CheckConstraint(
                name="solicitudes_termino_legal_no_se_suspende",
                condition=~Q(reloj="legal") | Q(suspensiones=[]),
                violation_error_message="El término legal solo se amplía: no se suspende.",
            ),
            models.CheckConstraint(
                name="solicitudes_termino_corre",
                condition=Q(
                    empieza_en__isnull=True, fecha_efectiva__isnull=True, vence__isnull=True, vence_en__isnull=True
                )
                | Q(
                    empieza_en__isnull=False,
                    fecha_efectiva__isnull=False,
                    vence__isnull=False,
                    vence_en__isnull=False,
                    vence__gte=F("fecha_efectiva"),
                ),
                violation_error_message="Un término que corre dice desde cuándo y cuándo vence.",
            ),
            models.CheckConstraint(
                name="solicitudes_termino_dias",
                condition=Q(dias__gte=1),
                violation_error_message="Un término es de un día hábil o más.",
            ),
            models.UniqueConstraint(
                fields=["parte"], condition=Q(reloj="lineamiento"), name="solicitudes_termino_un_lineamiento"
            ),
            models.UniqueConstraint(
                fields=["solicitud"], condition=Q(reloj="legal"), name="solicitudes_termino_un_legal"
            ),
            models.UniqueConstraint(
                fields=["parte", "ans"], condition=Q(reloj="ans"), name="solicitudes_termino_un_ans"
            ),
        ]
        indexes = [
            models.Index(fields=["vence_en"], name="terminos_por_vencer", condition=Q(cerrado=False)),
            models.Index(fields=["version_calendario"], name="terminos_por_recontar", condition=Q(cerrado=False)),
        ]

    def __str__(self) -> str:
        return self.nombre


class Prorroga(ModeloInquilino):
    """The one extension of a legal term (Ley 1755, art. 14, par.). It counts only when its notice left in time."""

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="prorrogas")
    termino = models.OneToOneField(Termino, models.PROTECT, related_name="prorroga")
    dias = models.PositiveSmallIntegerField("días hábiles que se agregan")
    motivo = models.TextField()
    pedida_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    pedida_en = models.DateTimeField(default=timezone.now)
    vence_nuevo = models.DateField()
    avisada_en = models.DateTimeField(null=True, blank=True)
    tardia = models.BooleanField("el aviso salió después de vencido", default=False)

    objects = gestor(ConsultaDeSolicitud)

    class Meta:
        ordering = ["pedida_en", "id"]
        verbose_name = "prórroga"
        verbose_name_plural = "prórrogas"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_prorroga_con_motivo",
                condition=Q(motivo__regex=r"\S"),
                violation_error_message="Escriba por qué se amplía el término.",
            ),
            models.CheckConstraint(
                name="solicitudes_prorroga_dias",
                condition=Q(dias__gte=1),
                violation_error_message="Una prórroga agrega un día hábil o más.",
            ),
            models.CheckConstraint(
                name="solicitudes_prorroga_tardia",
                condition=Q(tardia=False) | Q(avisada_en__isnull=False),
                violation_error_message="Solo es tardía una prórroga cuyo aviso ya salió.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dias} días hábiles más"


class Reflujo(models.Model):
    """One change of the calendar and what counting again did: one row per version, however often it was cut."""

    clase_tabla = Clase.SISTEMA

    version = models.BigIntegerField("versión del calendario", unique=True)
    que = models.CharField("qué cambió", max_length=300)
    por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    pedido_en = models.DateTimeField(default=timezone.now)
    terminado_en = models.DateTimeField(null=True, blank=True)
    miradas = models.PositiveIntegerField(default=0)
    cambiadas = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-version"]
        verbose_name = "reflujo"
        verbose_name_plural = "reflujos"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_reflujo_cuentas",
                condition=Q(cambiadas__lte=F("miradas")),
                violation_error_message="No pueden cambiar más de las que se miraron.",
            )
        ]

    def __str__(self) -> str:
        return self.que


class UltimoBarrido(models.Model):
    """Up to where the terms were swept, and with what: one row. What nobody wrote since has nothing new to be told."""

    clase_tabla = Clase.SISTEMA

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    # The day, the calendar, the policies and the server: with any other, everything is looked at again.
    segun = models.CharField(max_length=64)
    marca = models.BigIntegerField()  # alcance/marcas.py

    class Meta:
        verbose_name = "último barrido de plazos"
        verbose_name_plural = "últimos barridos de plazos"

    def __str__(self) -> str:
        return str(self.marca)
