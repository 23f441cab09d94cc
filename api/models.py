"""Tokens of the API, and how many requests each has made in this minute."""

import hashlib
import re
import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from api.permisos import Permiso
from direcciones.models import Membresia, Persona
from direcciones.roles import Rol

PREFIJO = "sdfi_"  # whoever scans repositories and logs for leaked secrets finds it by this
FORMA = re.compile(PREFIJO + r"[0-9a-f]{64}")


def secreto_nuevo() -> str:
    """256 random bits, shown once and never stored."""
    return PREFIJO + secrets.token_hex(32)


def huella(secreto: str) -> str:
    """What is stored of a secret. It is random and long: a slow hash would only make every request slow."""
    return hashlib.sha256(secreto.encode()).hexdigest()


def sello_de(persona: Persona) -> str:
    """Changes with the person's password: who recovers an account also closes what was opened with it."""
    return huella(f"api.token:{persona.password}")[:32]


class ConsultaToken(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Each person theirs; the administrador, who may revoke any, and the auditor see that they exist."""
        if alcance.rol == Rol.ADMINISTRADOR or alcance.nivel in {"auditor", "sistema"}:
            return self
        return self.filter(persona_id=alcance.persona_id)

    def revocables_por(self, alcance: Alcance) -> Self:
        filas = self.filter(revocado_en__isnull=True)
        return filas if alcance.rol == Rol.ADMINISTRADOR else filas.filter(persona_id=alcance.persona_id)

    def activos(self) -> Self:
        return self.filter(revocado_en__isnull=True, vence_en__gt=timezone.now())


class Token(ModeloInquilino):
    """A secret with which a program acts as one membership of a person, for one purpose and with few permissions."""

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    membresia = models.ForeignKey(Membresia, models.PROTECT, related_name="+")
    nombre = models.CharField("para qué es", max_length=120)
    permisos = ArrayField(models.CharField(max_length=20, choices=Permiso))
    sha256 = models.CharField(max_length=64, unique=True)
    final = models.CharField("últimos signos", max_length=4)
    sello = models.CharField(max_length=32)
    creado_en = models.DateTimeField(default=timezone.now)
    vence_en = models.DateTimeField()
    ultimo_uso_en = models.DateTimeField(null=True, blank=True)
    ultimo_uso_ip = models.GenericIPAddressField(null=True, blank=True)
    revocado_en = models.DateTimeField(null=True, blank=True)
    revocado_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaToken)

    class Meta:
        ordering = ["-creado_en", "-id"]
        verbose_name = "token"
        verbose_name_plural = "tokens"
        constraints = [
            models.CheckConstraint(
                name="api_token_con_permisos",
                condition=Q(permisos__len__gt=0),
                violation_error_message="Elija al menos un permiso.",
            ),
            models.CheckConstraint(
                name="api_token_vence",
                condition=Q(vence_en__gt=F("creado_en")),
                violation_error_message="Un token vence después de crearse.",
            ),
        ]
        indexes = [models.Index(fields=["persona", "-creado_en", "-id"], name="api_token_de_persona")]

    def __str__(self) -> str:
        return self.nombre

    @property
    def estado(self) -> str:
        if self.revocado_en:
            return "revocado"
        return "activo" if self.vence_en > timezone.now() else "vencido"

    @property
    def permisos_en_palabras(self) -> list[str]:
        return [str(Permiso(permiso).label) for permiso in self.permisos]


class Cuota(models.Model):
    """Requests of a token, or of an address without one, in one minute. Counted by one statement (services.cuotas)."""

    clase_tabla = Clase.SISTEMA

    quien = models.CharField(max_length=60, primary_key=True)
    minuto = models.BigIntegerField()
    peticiones = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "cuota"
        verbose_name_plural = "cuotas"

    def __str__(self) -> str:
        return f"{self.quien}: {self.peticiones}"
