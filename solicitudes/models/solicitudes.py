"""The solicitud: what is common to all its partes."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Entidad, Modalidad, Persona
from solicitudes.estados import SOLICITUD_ABIERTA, EstadoSolicitud


class ConsultaSolicitud(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Second net; the policy of the table (migration 0002) says the same coarser.

        An enlace limited to some direcciones or temas also sees what they filed themselves.
        """
        if alcance.nivel in {"auditor", "sistema"}:
            return self
        if alcance.persona_id is None:
            return self.none()
        propias = Q(radicada_por_id=alcance.persona_id) | Q(registrada_por_id=alcance.persona_id)
        alcanza = propias
        if alcance.entidad_id:
            alcanza |= Q(entidad_id=alcance.entidad_id) & _le_toca(alcance)
        if alcance.dependencias:
            alcanza |= Q(dependencias__overlap=list(alcance.dependencias))
        if alcance.nivel == "todas":
            alcanza = Q()
        return self.filter(alcanza & _abre_reserva(alcance))

    def ramas_visibles(self, alcance: Alcance) -> tuple[Self, ...]:
        """The rows of `visibles_para`, in pieces that share none.

        Whoever acts for an entidad reaches its solicitudes, and those of elsewhere that they filed or registered
        (almost never any). An index answers each piece in the order of a list; asked together, all of an entidad is
        read and put in order for twenty-five.
        """
        if alcance.nivel or alcance.dependencias or alcance.entidad_id is None or alcance.persona_id is None:
            return (self.visibles_para(alcance),)
        radico, registro = Q(radicada_por_id=alcance.persona_id), Q(registrada_por_id=alcance.persona_id)
        de_su_entidad = Q(entidad_id=alcance.entidad_id)
        if alcance.es_limitado:
            de_su_entidad &= _le_toca(alcance) | radico | registro
        no_radico = Q(radicada_por_id=None) | ~radico
        abiertas = self.filter(_abre_reserva(alcance))
        # Elsewhere is two ranges of an index; «any but this one» is none.
        afuera = (Q(entidad_id__lt=alcance.entidad_id), Q(entidad_id__gt=alcance.entidad_id))
        return (
            abiertas.filter(de_su_entidad),
            *(abiertas.filter(radico, una) for una in afuera),
            *(abiertas.filter(registro, una).filter(no_radico) for una in afuera),
        )

    def abiertas(self) -> Self:
        return self.filter(estado__in=SOLICITUD_ABIERTA)


POR_DONDE = {
    "portal": "por el portal",
    "correo": "por correo institucional",
    "telefono": "por teléfono",
    "presencial": "en persona",
    "siga": "por SIGA",
}


def _abre_reserva(alcance: Alcance) -> Q:
    abre = Q(reservada=False) | Q(radicada_por_id=alcance.persona_id)
    abre |= Q(responsables__contains=[alcance.persona_id])
    if alcance.jefaturas:
        abre |= Q(dependencias__overlap=list(alcance.jefaturas))
    return abre


def _le_toca(alcance: Alcance) -> Q:
    """What an enlace answers for inside the entidad: everything, or what touches their dependencias or temas."""
    if not alcance.es_limitado:
        return Q()
    return Q(dependencias__overlap=list(alcance.solo_dependencias)) | Q(temas__overlap=list(alcance.solo_temas))


class Solicitud(ModeloInquilino):
    """A request for technical assistance on demand (lineamiento §3, §5). Nothing of it is ever deleted (R19)."""

    class Canal(models.TextChoices):
        PORTAL = "portal", "Portal"
        CORREO = "correo", "Correo institucional"
        TELEFONO = "telefono", "Teléfono"
        PRESENCIAL = "presencial", "Presencial"
        SIGA = "siga", "SIGA"

    class Modelo(models.TextChoices):
        DEMANDA = "demanda", "Por demanda"
        OFERTA = "oferta", "Por oferta"

    class Peticion(models.TextChoices):
        DOCUMENTOS = "documentos", "Petición de documentos o de información"
        GENERAL = "general", "Petición general"
        CONSULTA = "consulta", "Consulta"

    radicado = models.CharField(max_length=20, unique=True)
    clave_radicacion = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entidad = models.ForeignKey(  # `solicitudes_por_entidad` begins with it
        Entidad, models.PROTECT, related_name="solicitudes", db_index=False
    )
    modelo = models.CharField(max_length=8, choices=Modelo, default=Modelo.DEMANDA)
    estado = models.CharField(max_length=16, choices=EstadoSolicitud, default=EstadoSolicitud.RADICADA)
    # Who asks. `radicada_por` is the enlace with an account; by other channels only the written data may exist.
    # Its index and that of `registrada_por` begin others (Meta).
    radicada_por = models.ForeignKey(
        Persona, models.PROTECT, null=True, blank=True, related_name="solicitudes", db_index=False
    )
    remitente_nombre = models.CharField(max_length=150)
    remitente_cargo = models.CharField(max_length=150, blank=True)
    remitente_correo = models.EmailField(blank=True)
    remitente_telefono = models.CharField(max_length=40, blank=True)
    # How it came. `recibido_en` is the true reception and rules the place in the queue (R22).
    canal = models.CharField(max_length=12, choices=Canal, default=Canal.PORTAL)
    registrada_por = models.ForeignKey(
        Persona, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    evidencia = models.CharField("evidencia de la recepción", max_length=300, blank=True)
    siga_entrada = models.CharField("número SIGA de entrada", max_length=40, blank=True)
    siga_salida = models.CharField("número SIGA de salida", max_length=40, blank=True)
    recibido_en = models.DateTimeField()
    radicado_en = models.DateTimeField(default=timezone.now)
    # The term and the rule it used, as they were on the day (constancia).
    fecha_efectiva = models.DateField()
    vence = models.DateField()
    regla_plazo = models.JSONField(default=dict)
    # Which petition it is, when somebody said so (Ley 1755 de 2015): it gives the legal term. Empty: not one.
    peticion = models.CharField(max_length=12, null=True, blank=True, choices=Peticion)  # noqa: DJ001 (radicar)
    # What is asked.
    asunto = models.CharField(max_length=200)
    necesidad = models.TextField()
    antecedentes = models.TextField(blank=True)
    preguntas = ArrayField(models.TextField(), default=list, blank=True)
    modalidad = models.ForeignKey(Modalidad, models.PROTECT, related_name="+", db_index=False)  # asked of the parte
    fecha_requerida = models.DateField(null=True, blank=True)
    motivo_fecha = models.CharField(max_length=300, blank=True)
    logistica = models.JSONField(default=dict, blank=True)
    # Who may open it.
    reservada = models.BooleanField(default=False)
    motivo_reserva = models.CharField(max_length=300, blank=True)
    # Copies of what the partes say, so that the policy and the lists read one row.
    dependencias = ArrayField(models.BigIntegerField(), default=list)
    temas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    responsables = ArrayField(models.BigIntegerField(), default=list)
    duplicada_de = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicadas")
    cerrada_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaSolicitud)

    class Meta:
        ordering = ["-recibido_en", "-id"]
        verbose_name = "solicitud"
        verbose_name_plural = "solicitudes"
        constraints = [
            models.UniqueConstraint(fields=["id", "entidad"], name="solicitudes_solicitud_id_entidad"),
            models.CheckConstraint(
                name="solicitudes_solicitud_recibida_antes",
                condition=Q(recibido_en__lte=models.F("radicado_en")),
                violation_error_message="Una solicitud no puede recibirse en el futuro.",
            ),
            models.CheckConstraint(
                name="solicitudes_solicitud_con_dependencia",
                condition=Q(dependencias__len__gt=0),
                violation_error_message="Una solicitud siempre es de al menos una dependencia.",
            ),
            models.CheckConstraint(
                name="solicitudes_solicitud_no_se_duplica_a_si_misma",
                condition=~Q(duplicada_de=models.F("id")),
                violation_error_message="Una solicitud no puede ser duplicada de sí misma.",
            ),
        ]
        indexes = [
            models.Index(fields=["entidad", "-recibido_en", "-id"], name="solicitudes_por_entidad"),
            models.Index(fields=["entidad", "estado", "-recibido_en"], name="solicitudes_por_estado"),
            # Of one entidad the open ones are few, whatever was closed.
            models.Index(
                fields=["entidad", "-recibido_en", "-id"],
                name="solicitudes_abiertas",
                condition=Q(estado__in=sorted(SOLICITUD_ABIERTA)),
            ),
            # And what was answered, for its newest not to come after all that is open.
            models.Index(
                fields=["entidad", "-recibido_en", "-id"],
                name="solicitudes_terminadas",
                condition=~Q(estado__in=sorted(SOLICITUD_ABIERTA)),
            ),
            # What somebody filed or registered for another entidad: ranges that are almost always empty.
            models.Index(fields=["radicada_por", "entidad"], name="solicitudes_de_quien_radico"),
            models.Index(fields=["registrada_por", "entidad"], name="solicitudes_de_quien_registro"),
            models.Index(fields=["siga_entrada"], name="solicitudes_siga", condition=~Q(siga_entrada="")),
        ]

    def __str__(self) -> str:
        return self.radicado

    def get_absolute_url(self) -> str:
        return reverse("solicitudes:detalle", args=[self.radicado])

    @property
    def por_donde(self) -> str:
        """The channel inside a sentence: «recibida por teléfono»."""
        return POR_DONDE[self.canal]

    @property
    def esta_abierta(self) -> bool:
        return self.estado in SOLICITUD_ABIERTA


class ConsultaDeSolicitud(ConsultaInquilino):
    """For tables that hang from a solicitud: seen by whoever sees it."""

    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(solicitud__in=Solicitud.objects.visibles_para(alcance))
