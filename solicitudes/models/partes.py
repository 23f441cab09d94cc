"""One parte per dependencia: state, responsible, dates and products. Queue, trays, register and terms read partes."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Criterio, Dependencia, Entidad, Modalidad, Persona, Tema
from plazos.reloj import hoy
from solicitudes.estados import ABIERTOS, EN_TRABAJO, MOTIVOS_DE_ORDEN, EstadoParte
from solicitudes.models.solicitudes import Solicitud


class ConsultaParte(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        if alcance.nivel in {"auditor", "sistema"}:
            return self
        alcanza = Q(asesor_id=alcance.persona_id) if alcance.persona_id else Q(pk__in=[])
        if alcance.dependencias:
            alcanza |= Q(dependencia_id__in=alcance.dependencias)
        if alcance.entidad_id:
            de_su_entidad = Q(entidad_id=alcance.entidad_id)
            if alcance.es_limitado:
                de_su_entidad &= Q(solicitud__in=Solicitud.objects.visibles_para(alcance))
            alcanza |= de_su_entidad
        if alcance.nivel == "todas":
            alcanza = Q()
        abre = Q(reservada=False) | Q(asesor_id=alcance.persona_id) | Q(dependencia_id__in=alcance.jefaturas)
        return self.filter(alcanza & (abre | _la_radico(alcance)))

    def abiertas(self) -> Self:
        return self.filter(estado__in=ABIERTOS)

    def en_cola(self, dependencia: Dependencia | int) -> Self:
        """The unassigned of a dependencia in strict order of reception (R20)."""
        return self.filter(dependencia=dependencia, estado=EstadoParte.EN_COLA).por_llegada()

    def en_bandeja_de(self, persona: Persona | int) -> Self:
        """What somebody has in hand, in order of reception."""
        return self.filter(asesor=persona, estado__in=EN_TRABAJO).por_llegada()

    def por_cumplimiento(self, cual: str) -> Self:
        """«a_tiempo» and «tarde» are of what was delivered, by Bogotá's date of what counts as attended; «vencida» is
        open past its last day, «en_termino» open and not past it or attended by it."""
        if cual in {"vencida", "en_termino"}:
            vencida = esta_vencida(hoy())
            return self.abiertas().filter(vencida if cual == "vencida" else ~vencida)
        entregadas = self.filter(estado=EstadoParte.ATENDIDA, prestada_en__isnull=False)
        return entregadas.filter(A_TIEMPO if cual == "a_tiempo" else ~A_TIEMPO)

    def por_llegada(self) -> Self:
        """Whatever the channel: reception instant, then the order in which it was registered (architecture §8.2)."""
        return self.order_by("recibido_en", "solicitud_id")

    def anteriores_a(self, recibido_en: datetime, solicitud_id: int) -> Self:
        antes = Q(recibido_en__lt=recibido_en) | Q(recibido_en=recibido_en, solicitud_id__lt=solicitud_id)
        return self.filter(antes, recibido_en__lte=recibido_en)  # said apart, an index by arrival ends there


# Of what was delivered: attended by its last day, and nobody annulled it.
A_TIEMPO = Q(atencion_en__date__lte=F("vence"), sin_efecto_en__isnull=True)


def esta_vencida(dia: date) -> Q:
    """Of an open one: past its last day, and not attended by it."""
    return Q(vence__lt=dia) & (Q(atencion_en__isnull=True) | Q(atencion_en__date__gt=F("vence")))


def _la_radico(alcance: Alcance) -> Exists:
    """Who filed a reserved one reads it. Asked of the reserved alone: a join would read the solicitud of every row."""
    return Exists(Solicitud.objects.filter(pk=OuterRef("solicitud_id"), radicada_por_id=alcance.persona_id))


class Parte(ModeloInquilino):
    """What one dependencia must attend of a solicitud (R23, R24). With one parte people never see the word."""

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="partes")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+", db_index=False)  # `partes_entidad`
    dependencia = models.ForeignKey(  # `partes_registro` begins with it
        Dependencia, models.PROTECT, related_name="partes", db_index=False
    )
    tema = models.ForeignKey(Tema, models.PROTECT, related_name="+", db_index=False)  # `partes_tema`
    otros_temas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    modalidad = models.ForeignKey(Modalidad, models.PROTECT, related_name="+")
    lidera = models.BooleanField(default=False)
    estado = models.CharField(max_length=16, choices=EstadoParte, default=EstadoParte.EN_COLA)
    asesor = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="partes")
    # Copies of the solicitud that queue, sweep and policy read without a join.
    recibido_en = models.DateTimeField()
    vence = models.DateField()
    reservada = models.BooleanField(default=False)
    # Four dates kept apart (issue 1; lineamiento §5 "fecha de recepción, fecha de atención").
    asignada_en = models.DateTimeField(null=True, blank=True)
    primera_atencion_en = models.DateTimeField(null=True, blank=True)
    programada_para = models.DateTimeField(null=True, blank=True)
    prestada_en = models.DateTimeField(null=True, blank=True)
    cerrada_en = models.DateTimeField(null=True, blank=True)
    # What counts as attended, as it was ruled on reception (empty: «entregada»), and the instants it may look at.
    # `atencion_en` is worked out by the database (migration 0020); an answer that was annulled keeps `sin_efecto_en`.
    criterio = models.CharField(max_length=12, null=True, blank=True, choices=Criterio)  # noqa: DJ001 (radicar)
    programada_en = models.DateTimeField(null=True, blank=True)
    realizada_en = models.DateTimeField(null=True, blank=True)
    atencion_en = models.DateTimeField(null=True, blank=True)
    sin_efecto_en = models.DateTimeField(null=True, blank=True)
    # The calendar its date was counted with: `VersionCalendario.numero`.
    version_calendario = models.BigIntegerField(null=True, blank=True)
    complemento_hasta = models.DateField(null=True, blank=True)
    resultado = models.TextField(blank=True)
    # Medium and products of its last session that was not cancelled: the database copies them (migration 0010).
    medio = models.CharField(max_length=12, default="", db_default="", blank=True)
    productos = ArrayField(models.TextField(), default=list, db_default=[], blank=True)

    objects = gestor(ConsultaParte)

    class Meta:
        ordering = ["recibido_en", "solicitud_id"]
        verbose_name = "parte"
        verbose_name_plural = "partes"
        constraints = [
            models.UniqueConstraint(
                fields=["solicitud", "dependencia"],
                name="solicitudes_parte_unica",
                violation_error_message="Esa dependencia ya tiene parte en la solicitud.",
            ),
            models.UniqueConstraint(
                fields=["solicitud"], condition=Q(lidera=True), name="solicitudes_parte_una_lidera"
            ),
            models.CheckConstraint(
                name="solicitudes_parte_con_responsable",
                condition=~Q(estado__in=sorted(EN_TRABAJO)) | Q(asesor__isnull=False),
                violation_error_message="Una solicitud asignada siempre tiene un responsable.",
            ),
            models.CheckConstraint(
                name="solicitudes_parte_en_cola_sin_responsable",
                condition=~Q(estado=EstadoParte.EN_COLA) | Q(asesor__isnull=True),
                violation_error_message="Una solicitud en la cola no tiene responsable.",
            ),
            models.CheckConstraint(
                name="solicitudes_parte_cierre",
                condition=Q(estado__in=sorted(ABIERTOS), cerrada_en__isnull=True)
                | (~Q(estado__in=sorted(ABIERTOS)) & Q(cerrada_en__isnull=False)),
                violation_error_message="Solo lo cerrado tiene fecha de cierre.",
            ),
            # The register looks for what was delivered or closed in a month only among what had been received by then.
            models.CheckConstraint(
                name="solicitudes_parte_nada_antes_de_recibirse",
                condition=(Q(prestada_en__isnull=True) | Q(prestada_en__gte=F("recibido_en")))
                & (Q(cerrada_en__isnull=True) | Q(cerrada_en__gte=F("recibido_en"))),
                violation_error_message="Nada se entrega ni se cierra antes de recibirse.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["dependencia", "recibido_en", "solicitud"],
                name="partes_cola",
                condition=Q(estado=EstadoParte.EN_COLA),
            ),
            models.Index(
                fields=["asesor", "recibido_en", "solicitud"],
                name="partes_bandeja",
                condition=Q(estado__in=sorted(EN_TRABAJO)),
            ),
            # The open ones of a queue, and those of several: list and counts of the tabs from the index alone.
            models.Index(
                fields=["dependencia", "recibido_en", "solicitud", "id"],
                include=["estado", "asesor", "vence", "reservada", "entidad"],
                name="partes_abiertas",
                condition=Q(estado__in=sorted(ABIERTOS)),
            ),
            models.Index(
                fields=["recibido_en", "solicitud", "id"],
                include=["dependencia", "modalidad", "asesor", "reservada", "entidad"],
                name="partes_abiertas_todas",
                condition=Q(estado__in=sorted(ABIERTOS)),
            ),
            models.Index(fields=["vence"], name="partes_por_vencer", condition=Q(estado__in=sorted(ABIERTOS))),
            models.Index(
                fields=["version_calendario"], name="partes_por_recontar", condition=Q(estado__in=sorted(ABIERTOS))
            ),
            models.Index(fields=["dependencia", "-recibido_en", "-solicitud"], name="partes_registro"),
            models.Index(fields=["entidad", "-recibido_en"], name="partes_entidad"),
            # The similar ones: the newest of a tema, and those of one entidad among them.
            models.Index(fields=["tema", "-recibido_en", "-solicitud", "-id"], name="partes_tema"),
            models.Index(fields=["tema", "entidad", "-recibido_en", "-solicitud", "-id"], name="partes_tema_entidad"),
            # What the register of everybody and its periods walk.
            models.Index(fields=["-recibido_en", "-solicitud", "-id"], name="partes_consolidado"),
            models.Index(
                fields=["-recibido_en", "-solicitud", "-id"], name="partes_reservadas", condition=Q(reservada=True)
            ),
            models.Index(fields=["prestada_en"], name="partes_prestadas", condition=Q(prestada_en__isnull=False)),
            models.Index(fields=["cerrada_en"], name="partes_cerradas", condition=Q(cerrada_en__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.solicitud_id} · {self.dependencia_id}"

    @property
    def esta_abierta(self) -> bool:
        return self.estado in ABIERTOS

    @property
    def a_tiempo(self) -> bool | None:
        """Attended on or before the last day, and not annulled; None while open. Only what was delivered counts."""
        if self.prestada_en is None:
            return None
        return self.sin_efecto_en is None and timezone.localdate(self.atencion_en or self.prestada_en) <= self.vence


class ConsultaExcepcion(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(parte__in=Parte.objects.visibles_para(alcance))


class ExcepcionOrden(ModeloInquilino):
    """One attended before an older one of the same tray, with its coded reason (R20). Written once."""

    parte = models.ForeignKey(Parte, models.PROTECT, related_name="excepciones_orden")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="+")
    codigo = models.CharField(max_length=20, choices=sorted(MOTIVOS_DE_ORDEN.items()))
    motivo = models.TextField()
    anteriores = models.PositiveIntegerField("cuántas más antiguas esperaban")
    persona = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaExcepcion)

    class Meta:
        ordering = ["-en"]
        verbose_name = "excepción al orden de llegada"
        verbose_name_plural = "excepciones al orden de llegada"

    def __str__(self) -> str:
        return self.get_codigo_display()
