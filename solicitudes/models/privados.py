"""The link by which whoever asked without an account follows their solicitud."""

import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from alcance import Alcance
from alcance.modelos import ModeloInquilino, gestor
from solicitudes.models.solicitudes import ConsultaDeSolicitud, Solicitud


class ConsultaEnlacePrivado(ConsultaDeSolicitud):
    def visibles_para(self, alcance: Alcance) -> Self:
        """That there is one is for those who attend; the entity has its own pages."""
        if alcance.entidad_id or not (alcance.dependencias or alcance.nivel):
            return self.none()
        return super().visibles_para(alcance)

    def abiertos(self) -> Self:
        return self.filter(revocado_en__isnull=True)


class EnlacePrivado(ModeloInquilino):
    """Of one address. Its secret is derived from a nonce and SECRET_KEY, so that a second mail repeats it; only its
    SHA-256 is stored (security.md N07)."""

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="enlaces_privados")
    correo = models.EmailField()
    nonce = models.CharField(max_length=32)
    token_sha256 = models.CharField(max_length=64, unique=True)
    creado_en = models.DateTimeField(default=timezone.now)
    revocado_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaEnlacePrivado)

    class Meta:
        ordering = ["-creado_en", "-id"]
        verbose_name = "enlace privado"
        verbose_name_plural = "enlaces privados"
        constraints = [
            models.UniqueConstraint(
                fields=["solicitud", "correo"],
                condition=Q(revocado_en__isnull=True),
                name="solicitudes_un_enlace_por_correo",
                violation_error_message="Esa dirección ya tiene un enlace de esta solicitud.",
            ),
            models.CheckConstraint(
                name="solicitudes_enlace_en_minusculas",
                condition=Q(correo=Lower(F("correo"))),
                violation_error_message="La dirección se guarda en minúsculas.",
            ),
        ]

    def __str__(self) -> str:
        return f"Enlace privado de {self.solicitud_id}"

    @classmethod
    def nuevo(cls, solicitud: Solicitud, correo: str, nonce: str = "") -> Self:
        enlace = cls(solicitud=solicitud, correo=correo.strip().lower(), nonce=nonce or get_random_string(32))
        enlace.token_sha256 = huella_del_enlace(enlace._token(settings.SECRET_KEY))
        return enlace

    def token(self) -> str:
        """The secret: 160 bits in hexadecimal. '' when the key it was made with is no longer known."""
        for clave in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = self._token(clave)
            if constant_time_compare(huella_del_enlace(token), self.token_sha256):
                return token
        return ""

    def ruta(self) -> str:
        return reverse("solicitudes:seguimiento", args=[self.token()])

    def _token(self, clave: str) -> str:
        valor = f"{self.solicitud_id}:{self.correo}:{self.nonce}"
        return salted_hmac("solicitudes.seguimiento", valor, secret=clave, algorithm="sha256").hexdigest()[:40]


def huella_del_enlace(token: str) -> str:
    """What the table and the policy compare."""
    return hashlib.sha256(token.encode()).hexdigest()
