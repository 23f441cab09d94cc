"""The calendar as data: holidays, days an act decreed, office hours. Catalogues: everybody reads, the admin writes.

Rows are retired with a reason, never deleted, so an old deadline can still be explained. Every change of these tables,
whoever makes it, renews `VersionCalendario` (a trigger, see migration 0002).
"""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from alcance.registro import Clase
from plazos.calendario import DiaDecretado, Festivo
from plazos.fechas import fecha_corrida
from plazos.terminos import Horario

SABADO_Y_DOMINGO = (6, 7)


class ConsultaDia(models.QuerySet[Any]):
    def vigentes(self) -> Self:
        return self.filter(motivo_retiro="")


class DiaExtraordinario(models.Model):
    """A date that an act of authority made non-working or working (día cívico, compensated 24 December)."""

    class Tipo(models.TextChoices):
        NO_HABIL = "no_habil", "No hábil"
        HABIL = "habil", "Hábil"

    clase_tabla = Clase.CATALOGO

    fecha = models.DateField("fecha")
    tipo = models.CharField("tipo", max_length=8, choices=Tipo, default=Tipo.NO_HABIL)
    acto = models.CharField(
        "acto que lo decreta", max_length=200, help_text="Por ejemplo: Decreto 512 de 2026, art. 1."
    )
    nota = models.TextField("nota", blank=True)
    motivo_retiro = models.CharField("motivo del retiro", max_length=200, blank=True, help_text="Vacío: está vigente.")
    registrado_en = models.DateTimeField("registrado", auto_now_add=True)

    objects = ConsultaDia.as_manager()

    class Meta:
        ordering = ["fecha", "id"]
        verbose_name = "día extraordinario"
        verbose_name_plural = "días extraordinarios"
        constraints = [
            models.UniqueConstraint(
                name="plazos_dia_uno_vigente",
                fields=["fecha"],
                condition=Q(motivo_retiro=""),
                violation_error_message="Esa fecha ya tiene un acto vigente. Retírelo antes de registrar otro.",
            ),
            models.CheckConstraint(
                name="plazos_dia_con_acto",
                condition=~Q(acto=""),
                violation_error_message="Escriba el acto que decreta el día: sin acto no cambia ningún plazo.",
            ),
            models.CheckConstraint(
                name="plazos_dia_tipo",
                condition=Q(tipo__in=["no_habil", "habil"]),
                violation_error_message="El día se declara hábil o no hábil.",
            ),
            models.CheckConstraint(
                name="plazos_dia_habil_en_fin_de_semana",
                condition=~Q(tipo="habil") | Q(fecha__iso_week_day__in=SABADO_Y_DOMINGO),
                violation_error_message="Solo un sábado o un domingo se puede declarar hábil.",
            ),
        ]

    def __str__(self) -> str:
        return f"{fecha_corrida(self.fecha)}: {self.get_tipo_display().lower()} ({self.acto})"

    def como_decretado(self) -> DiaDecretado:
        return DiaDecretado(self.fecha, self.tipo == self.Tipo.HABIL, self.acto)


class FestivoAnual(models.Model):
    """One public holiday of one year (Ley 51 de 1983, Ley 2578 de 2026). Two may fall on the same date."""

    clase_tabla = Clase.CATALOGO

    fecha = models.DateField("fecha")
    nombre = models.CharField("nombre", max_length=120)
    norma = models.CharField("norma", max_length=120)
    fuente = models.CharField(
        "fuente", max_length=60, help_text="Quién lo propuso: la librería y su versión, o una persona."
    )
    motivo_retiro = models.CharField("motivo del retiro", max_length=200, blank=True, help_text="Vacío: está vigente.")

    objects = ConsultaDia.as_manager()

    class Meta:
        ordering = ["fecha", "nombre"]
        verbose_name = "festivo"
        verbose_name_plural = "festivos"
        constraints = [
            models.UniqueConstraint(
                name="plazos_festivo_unico",
                fields=["fecha", "nombre"],
                condition=Q(motivo_retiro=""),
                violation_error_message="Ese festivo ya está en el calendario.",
            ),
            models.CheckConstraint(
                name="plazos_festivo_con_norma",
                condition=~Q(nombre="") & ~Q(norma=""),
                violation_error_message="Un festivo tiene nombre y la norma que lo establece.",
            ),
        ]

    def __str__(self) -> str:
        return f"{fecha_corrida(self.fecha)}: {self.nombre}"

    def como_festivo(self) -> Festivo:
        return Festivo(self.fecha, self.nombre, self.norma)


class HorarioAtencion(models.Model):
    """Office hours and the norm that sets them. Which one rules a day: `plazos.terminos.horario_del_dia`."""

    clase_tabla = Clase.CATALOGO

    dependencia_codigo = models.CharField(
        "dependencia", max_length=20, blank=True, help_text="Vacío: rige para todas las que no tengan uno propio."
    )
    desde = models.DateField("rige desde")
    hasta = models.DateField("rige hasta", null=True, blank=True, help_text="Vacío: sigue vigente.")
    abre = models.TimeField("abre")
    cierra = models.TimeField("cierra")
    norma = models.CharField("norma", max_length=300)
    confianza = models.TextField(
        "qué tan seguro es", blank=True, help_text="Se muestra junto a la norma. Vacío: está confirmado."
    )

    class Meta:
        ordering = ["dependencia_codigo", "desde"]
        verbose_name = "horario de atención"
        verbose_name_plural = "horarios de atención"
        constraints = [
            models.UniqueConstraint(
                name="plazos_horario_unico",
                fields=["dependencia_codigo", "desde"],
                violation_error_message="Esa dependencia ya tiene un horario que empieza ese día. Corríjalo.",
            ),
            models.CheckConstraint(
                name="plazos_horario_abre_antes_de_cerrar",
                condition=Q(abre__lt=F("cierra")),
                violation_error_message="La hora de abrir debe ser anterior a la de cerrar.",
            ),
            models.CheckConstraint(
                name="plazos_horario_vigencia",
                condition=Q(hasta__isnull=True) | Q(hasta__gte=F("desde")),
                violation_error_message="La vigencia no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="plazos_horario_con_norma",
                condition=~Q(norma=""),
                violation_error_message="Escriba la norma que fija el horario, o diga que es un supuesto.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dependencia_codigo or 'General'}: {self.como_horario()}"

    def como_horario(self) -> Horario:
        return Horario(
            desde=self.desde,
            hasta=self.hasta,
            abre=self.abre,
            cierra=self.cierra,
            norma=self.norma,
            confianza=self.confianza,
            dependencia_codigo=self.dependencia_codigo,
        )


class VersionCalendario(models.Model):
    """One row that names the present state of the three tables above. Only their trigger writes it.

    `numero` is for people; `clave` is never repeated, not even by a change that was rolled back, so it is what a
    cache compares.
    """

    clase_tabla = Clase.CATALOGO

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    numero = models.BigIntegerField(default=0)
    clave = models.UUIDField()
    cambiado_en = models.DateTimeField()

    class Meta:
        verbose_name = "versión del calendario"
        verbose_name_plural = "versiones del calendario"
        constraints = [models.CheckConstraint(name="plazos_version_una_sola", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"versión {self.numero}"
