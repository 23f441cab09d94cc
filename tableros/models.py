"""The figures of the board, kept by triggers in the transaction of the facts (docs/decisiones/0018)."""

from typing import Self

from django.db import models
from django.db.models import Q

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona
from direcciones.roles import JEFES

# What a cell counts. The triggers and the view `tableros_hechos` (migrations 0003, 0007, 0009) name the same columns.
MEDIDAS = (
    "recibidas",
    "atendidas",
    "a_tiempo",
    "trasladadas",
    "duplicadas",
    "no_competencia",
    "retiradas",
    "abiertas",
    "en_cola",
    "esperando",
    "inicios",
    "adelantadas",
    "con_motivo",
    "encuestas",
    "respondidas",
    "oportunidad",
    "pertinencia",
    "calidad",
    "resolvio",
    "aplicara",
)
LLAVES = ("familia", "sector_id", "periodo", "dependencia_id", "reservada", "clave")


class ConsultaCelda(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Figures are for the heads and for oversight, and count what each would find in the register: reserved ones
        only for the heads of their dependencia and the auditor."""
        if alcance.nivel in {"auditor", "sistema"}:
            return self
        alcanza = Q(dependencia_id__in=alcance.jefaturas)
        return self.filter(alcanza | Q(reservada=False) if alcance.nivel == "todas" else alcanza)


class Celda(ModeloInquilino):
    """One cell of one family: a month (or a day) of a dependencia and sector, and `clave` what the family splits by.

    `mes` (clave 0), `entidad`, `tema` and `modalidad` by month; `recibo` and `vence`, the open ones by the day they
    came and by their last day; `atendida`, by their last day, those of them that were attended by it; `asesor`, the
    open ones by who has them (0, nobody), without a date of their own.
    """

    class Familia(models.TextChoices):
        MES = "mes"
        ENTIDAD = "entidad"
        TEMA = "tema"
        MODALIDAD = "modalidad"
        RECIBO = "recibo"
        VENCE = "vence"
        ATENDIDA = "atendida"
        ASESOR = "asesor"
        SIEMPRE = "siempre"

    familia = models.CharField(max_length=10, choices=Familia)
    periodo = models.DateField()
    # Without foreign keys: a filing writes these rows, and the parte it counts has its own.
    dependencia_id = models.BigIntegerField()
    sector_id = models.BigIntegerField()
    reservada = models.BooleanField()
    clave = models.BigIntegerField(db_default=0)
    recibidas = models.IntegerField(db_default=0)
    atendidas = models.IntegerField(db_default=0)
    a_tiempo = models.IntegerField(db_default=0)
    trasladadas = models.IntegerField(db_default=0)
    duplicadas = models.IntegerField(db_default=0)
    no_competencia = models.IntegerField(db_default=0)
    retiradas = models.IntegerField(db_default=0)
    abiertas = models.IntegerField(db_default=0)
    en_cola = models.IntegerField(db_default=0)
    esperando = models.IntegerField(db_default=0)
    inicios = models.IntegerField(db_default=0)
    adelantadas = models.IntegerField(db_default=0)
    con_motivo = models.IntegerField(db_default=0)
    encuestas = models.IntegerField(db_default=0)
    respondidas = models.IntegerField(db_default=0)
    oportunidad = models.IntegerField(db_default=0)
    pertinencia = models.IntegerField(db_default=0)
    calidad = models.IntegerField(db_default=0)
    resolvio = models.IntegerField(db_default=0)
    aplicara = models.IntegerField(db_default=0)

    objects = gestor(ConsultaCelda)

    class Meta:
        abstract = True


class Resumen(Celda):
    """What was folded already. Only the sweep writes it (services.compactar), and with it two sums of its own, that a
    page without filters reads instead of tens of thousands of cells: over all sectors (`sector_id` 0, every family but
    `entidad`) and over all months (`siempre`, by entidad)."""

    class Meta:
        verbose_name = "celda del resumen"
        verbose_name_plural = "resumen"
        constraints = [models.UniqueConstraint(fields=LLAVES, name="tableros_resumen_celda")]


class Delta(Celda):
    """What each statement changed, appended by triggers: two writers never wait for each other here."""

    class Meta:
        verbose_name = "cambio por sumar"
        verbose_name_plural = "cambios por sumar"


class Inversion(ModeloInquilino):
    """A start, or an exit from the queue, before an older one of the same tray (R20), counted by the database at the
    moment of the move whatever the service asked for. `movimiento_id` is its line of the history."""

    movimiento_id = models.BigIntegerField(primary_key=True)
    parte_id = models.BigIntegerField()
    dependencia_id = models.BigIntegerField()
    entidad_id = models.BigIntegerField()
    reservada = models.BooleanField()
    en = models.DateTimeField()
    con_motivo = models.BooleanField(db_default=False)

    objects = gestor(ConsultaCelda)

    class Meta:
        ordering = ["-en", "-movimiento_id"]
        verbose_name = "inversión del orden"
        verbose_name_plural = "inversiones del orden"
        indexes = [
            models.Index(fields=["parte_id", "en"], name="inversiones_parte"),
            models.Index(fields=["dependencia_id", "-en", "-movimiento_id"], name="inversiones_dependencia"),
            models.Index(fields=["-en", "-movimiento_id"], name="inversiones_en"),
            models.Index(fields=["dependencia_id"], name="inversiones_sin_motivo", condition=Q(con_motivo=False)),
        ]


class Inicio(ModeloInquilino):
    """A start, or an exit from the queue by somebody's hand, in its turn or not: what the inversions are counted of.
    `movimiento_id` is its line of the history, that its own policy would hide from who answers for it once the parte
    went elsewhere."""

    movimiento_id = models.BigIntegerField(primary_key=True)
    parte_id = models.BigIntegerField()
    dependencia_id = models.BigIntegerField()
    entidad_id = models.BigIntegerField()
    reservada = models.BooleanField()
    en = models.DateTimeField()

    objects = gestor(ConsultaCelda)

    class Meta:
        ordering = ["-en", "-movimiento_id"]
        verbose_name = "inicio"
        verbose_name_plural = "inicios"
        indexes = [  # with all that the list filters and its policy reads: a period is counted from them alone
            models.Index(
                fields=["dependencia_id", "-en", "-movimiento_id"],
                include=["reservada", "entidad_id"],
                name="inicios_dependencia",
            ),
            models.Index(
                fields=["-en", "-movimiento_id"],
                include=["dependencia_id", "reservada", "entidad_id"],
                name="inicios_en",
            ),
        ]


class ConsultaSuscripcion(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self if alcance.es_sistema else self.filter(persona_id=alcance.persona_id)


class Suscripcion(ModeloInquilino):
    """What somebody said about the monthly report. Without a row, the heads receive it and oversight does not."""

    persona = models.OneToOneField(Persona, models.PROTECT, related_name="+")
    recibe = models.BooleanField("recibe el informe mensual por correo")

    objects = gestor(ConsultaSuscripcion)

    class Meta:
        verbose_name = "suscripción al informe mensual"
        verbose_name_plural = "suscripciones al informe mensual"

    @staticmethod
    def por_defecto(rol: str) -> bool:
        return rol in JEFES
