"""When each automatic answer left: what the brake counts."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from alcance.registro import Clase


class TurnoDeRespuesta(models.Model):
    """`clave`: of the mail in the outbox; when it is tried again, the same row with another instant. What no longer
    counts is deleted."""

    clase_tabla = Clase.SISTEMA

    clave = models.CharField(max_length=400, unique=True)
    correo = models.EmailField()
    evento = models.CharField(max_length=60)
    en = models.DateTimeField()

    class Meta:
        ordering = ["-en", "-id"]
        verbose_name = "turno de respuesta"
        verbose_name_plural = "turnos de respuesta"
        constraints = [
            models.CheckConstraint(
                name="avisos_turno_en_minusculas",
                condition=Q(correo=Lower(F("correo"))),
                violation_error_message="La dirección se guarda en minúsculas.",
            )
        ]
        indexes = [
            models.Index(fields=["correo", "-en"], name="turnos_de_correo"),
            models.Index(fields=["en"], name="turnos_recientes"),
        ]

    def __str__(self) -> str:
        return self.clave
