"""The satisfaction survey of a solicitud (lineamiento §5, §7.1.4)."""

import hashlib
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Entidad
from solicitudes.models import Solicitud


class ConsultaEncuesta(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Results are for those who attended and for oversight; the entity answers by its link (R30)."""
        if alcance.entidad_id or not (alcance.dependencias or alcance.nivel):
            return self.none()
        return self.filter(solicitud__in=Solicitud.objects.visibles_para(alcance))

    def sin_responder(self) -> Self:
        return self.filter(respondida_en__isnull=True, cerrada_en__isnull=True)

    def respondidas(self) -> Self:
        return self.filter(respondida_en__isnull=False)


class Escala(models.IntegerChoices):
    MUY_MALA = 1, "Muy mala"
    MALA = 2, "Mala"
    REGULAR = 3, "Regular"
    BUENA = 4, "Buena"
    MUY_BUENA = 5, "Muy buena"


class Encuesta(ModeloInquilino):
    """One per solicitud, about the whole of it (R24), by a link that works once and without sign-in.

    The link's secret is derived from a nonce and SECRET_KEY, so a reminder can repeat it; only its SHA-256 is stored.
    """

    class Resolvio(models.TextChoices):
        SI = "si", "Sí"
        EN_PARTE = "en_parte", "En parte"
        NO = "no", "No"

    solicitud = models.OneToOneField(Solicitud, models.PROTECT, related_name="encuesta")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+")
    correo = models.EmailField(blank=True)
    nonce = models.CharField(max_length=32)
    token_sha256 = models.CharField(max_length=64, unique=True)
    creada_en = models.DateTimeField(default=timezone.now)
    # When it is reminded is policy (avisos_politicaaviso); what was written here before is kept, and read by nobody.
    recordar_el = models.DateField(null=True, blank=True)
    vence = models.DateField()
    recordada_en = models.DateTimeField(null=True, blank=True)
    respondida_en = models.DateTimeField(null=True, blank=True)
    cerrada_en = models.DateTimeField(null=True, blank=True)
    oportunidad = models.PositiveSmallIntegerField(choices=Escala, null=True, blank=True)
    pertinencia = models.PositiveSmallIntegerField(choices=Escala, null=True, blank=True)
    calidad = models.PositiveSmallIntegerField(choices=Escala, null=True, blank=True)
    resolvio = models.CharField("¿resolvió su necesidad?", max_length=8, choices=Resolvio, blank=True)
    aplicara = models.CharField("¿puede aplicar lo que recibió?", max_length=8, choices=Resolvio, blank=True)
    mejoraria = models.TextField("¿qué mejoraría?", max_length=2000, blank=True)

    objects = gestor(ConsultaEncuesta)

    class Meta:
        ordering = ["-creada_en"]
        verbose_name = "encuesta"
        verbose_name_plural = "encuestas"
        constraints = [
            models.CheckConstraint(
                name="encuestas_respondida_completa",
                condition=Q(respondida_en__isnull=True)
                | Q(oportunidad__isnull=False, pertinencia__isnull=False, calidad__isnull=False),
                violation_error_message="Faltan respuestas de la encuesta.",
            )
        ]
        indexes = [
            models.Index(fields=["vence"], name="encuestas_abiertas", condition=Q(cerrada_en__isnull=True)),
            models.Index(fields=["creada_en"], name="encuestas_creadas"),
            models.Index(
                fields=["-respondida_en", "-id", "creada_en"],
                name="encuestas_contestadas",
                condition=Q(respondida_en__isnull=False),
            ),
            models.Index(
                fields=["entidad", "-respondida_en", "-id", "creada_en"],
                name="encuestas_de_entidad",
                condition=Q(respondida_en__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Encuesta de {self.solicitud_id}"

    @staticmethod
    def nuevo_nonce() -> str:
        return get_random_string(32)

    def token(self) -> str:
        """The secret of the link: 160 bits in hexadecimal."""
        return salted_hmac("encuestas.token", f"{self.solicitud_id}:{self.nonce}", algorithm="sha256").hexdigest()[:40]

    def ruta(self) -> str:
        return reverse("encuestas:responder", args=[self.token()])


def huella(token: str) -> str:
    """SHA-256 of a link's secret: what the table and the policy compare."""
    return hashlib.sha256(token.encode()).hexdigest()
