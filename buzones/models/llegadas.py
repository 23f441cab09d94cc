"""The ledger of raw messages: one row for each time that a mailbox brought one."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from archivos.antivirus import EstadoAntivirus
from archivos.models import ArchivoBase
from buzones.estados import EstadoLlegada, Origen
from buzones.models.casillas import Casilla
from buzones.models.correos import Correo
from direcciones.models import Persona
from direcciones.roles import Rol


class ConsultaLlegada(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Ventanilla and oversight, all; a dependencia, what reached its mailboxes. Of a person it holds only the
        addresses of the envelope, which are shown, as what the message says, to whoever sees its `Correo`."""
        if alcance.nivel in {"sistema", "auditor", "todas"} or alcance.rol == Rol.VENTANILLA:
            return self
        return self.filter(dependencias__overlap=list(alcance.dependencias)) if alcance.dependencias else self.none()

    def sin_ver(self) -> Self:
        """What was set apart, became no correo, and nobody said that they saw."""
        return self.filter(estado=EstadoLlegada.APARTADA, correo__isnull=True, vista_en__isnull=True)


class Llegada(ModeloInquilino, ArchivoBase):
    """A stored file like any other: the sweep of orphans, the antivirus, the verification and the backups reach it."""

    casilla = models.ForeignKey(Casilla, models.PROTECT, null=True, blank=True, related_name="llegadas")
    origen = models.CharField(max_length=8, choices=Origen)
    carpeta = models.CharField(max_length=200, blank=True)
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    uid = models.BigIntegerField(null=True, blank=True)
    recibida_en = models.DateTimeField("instante del servidor")
    guardada_en = models.DateTimeField(default=timezone.now)
    sobre_de = models.CharField(max_length=320, blank=True)
    sobre_para = models.CharField(max_length=320, blank=True)
    estado = models.CharField(max_length=10, choices=EstadoLlegada, default=EstadoLlegada.GUARDADA)
    intentos = models.PositiveSmallIntegerField(default=0)
    tomada_por = models.CharField(max_length=100, blank=True)
    tomada_hasta = models.DateTimeField(null=True, blank=True)
    falla = models.CharField(max_length=500, blank=True)
    correo = models.ForeignKey(Correo, models.PROTECT, null=True, blank=True, related_name="llegadas")
    movida_en = models.DateTimeField(null=True, blank=True)
    dependencias = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Who said that they saw what was set apart without becoming a correo.
    vista_en = models.DateTimeField(null=True, blank=True)
    vista_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaLlegada)

    class Meta(ArchivoBase.Meta):
        ordering = ["-recibida_en", "-id"]
        verbose_name = "llegada"
        verbose_name_plural = "llegadas"
        constraints = [
            *ArchivoBase.Meta.constraints,
            models.UniqueConstraint(
                fields=["casilla", "carpeta", "uidvalidity", "uid"],
                condition=Q(uid__isnull=False),
                name="buzones_una_por_uid",
                violation_error_message="Ese mensaje del buzón ya está guardado.",
            ),
            models.CheckConstraint(
                name="buzones_llegada_con_uid",
                condition=Q(origen=Origen.IMAP, casilla__isnull=False, uidvalidity__isnull=False, uid__isnull=False)
                | ~Q(origen=Origen.IMAP) & Q(uidvalidity__isnull=True, uid__isnull=True, movida_en__isnull=True),
                violation_error_message="Lo que se lee de un buzón dice cuál es, y solo eso se mueve en él.",
            ),
            models.CheckConstraint(
                name="buzones_recibida_antes",
                condition=Q(recibida_en__lte=F("guardada_en")),
                violation_error_message="Un mensaje no puede llegar después de guardado.",
            ),
            models.CheckConstraint(
                name="buzones_leida_con_correo",
                condition=~Q(estado__in=[EstadoLlegada.PROCESADA, EstadoLlegada.REPETIDA]) | Q(correo__isnull=False),
                violation_error_message="Lo que ya se leyó dice qué correo es.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recibida_en", "id"],
                name="llegadas_por_procesar",
                condition=Q(estado=EstadoLlegada.GUARDADA),
            ),
            models.Index(
                fields=["casilla"],
                name="llegadas_por_mover",
                condition=Q(movida_en__isnull=True, origen=Origen.IMAP),
            ),
            models.Index(fields=["-recibida_en", "-id"], name="llegadas_libro"),
            models.Index(
                fields=["casilla", "-id"],
                name="llegadas_sin_ver",
                condition=Q(estado=EstadoLlegada.APARTADA, correo__isnull=True, vista_en__isnull=True),
            ),
            models.Index(
                fields=["antivirus_detalle", "id"],
                name="llegadas_por_revisar",
                condition=Q(estado_antivirus=EstadoAntivirus.EN_REVISION),
            ),
        ]
