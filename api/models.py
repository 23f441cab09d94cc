"""Tokens of the API, how many requests each has made in this minute, and the systems that are told what happens."""

import hashlib
import re
import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

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


class Evento(models.TextChoices):
    """What another system may be told. `api_webhooks_*` (migration 0004) says which line of the history is which."""

    RADICADA = "solicitud.radicada", "Se radicó una solicitud"
    MOVIDA = "solicitud.movida", "Una solicitud cambió de estado, de manos o de datos"
    RESPONDIDA = "solicitud.respondida", "Se respondió una solicitud"
    MENSAJE = "solicitud.mensaje", "Se escribió un mensaje en una solicitud"


PRUEBA = "prueba"  # asked for with a button; nobody subscribes to it


class Suscripcion(models.Model):
    """A system of the institution that is told what happens, at a URL of its own. Not of a person nor of an entidad:
    the triggers of the history read it whoever acts, and its pages are the administrador's.

    `fallas_seguidas` and `no_antes`: one that does not answer is called less and less. `pausada_en`: it failed too
    many times, and only a person makes it go on.
    """

    clase_tabla = Clase.SISTEMA

    nombre = models.CharField(max_length=80)
    url = models.CharField("dirección", max_length=500)
    eventos = ArrayField(models.CharField(max_length=30, choices=Evento))
    dependencias = ArrayField(models.BigIntegerField(), default=list, blank=True)
    nonce = models.CharField(max_length=64)
    activa = models.BooleanField(default=True)
    creada_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    creada_en = models.DateTimeField(default=timezone.now)
    fallas_seguidas = models.PositiveIntegerField(default=0)
    no_antes = models.DateTimeField(null=True, blank=True)
    pausada_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["nombre", "id"]
        verbose_name = "integración"
        verbose_name_plural = "integraciones"
        constraints = [
            models.CheckConstraint(
                name="api_suscripcion_https",
                condition=Q(url__startswith="https://"),
                violation_error_message="La dirección debe empezar por https://.",
            ),
            models.CheckConstraint(
                name="api_suscripcion_con_eventos",
                condition=Q(eventos__len__gt=0),
                violation_error_message="Elija al menos un aviso.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def secreto(self) -> str:
        """What signs the calls. Not kept: another `nonce` is another secret."""
        return "whsec_" + salted_hmac("api.webhook", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    @property
    def estado(self) -> str:
        if not self.activa:
            return "apagada"
        return "pausada" if self.pausada_en else "activa"

    @property
    def eventos_en_palabras(self) -> list[str]:
        return [str(Evento(evento).label) for evento in self.eventos]


class IntentoWebhook(models.Model):
    """One call and what came of it. Kept some months (api.tasks.barrer)."""

    clase_tabla = Clase.SISTEMA

    suscripcion = models.ForeignKey(Suscripcion, models.PROTECT, related_name="intentos")
    clave = models.CharField("identificador del aviso", max_length=60)
    evento = models.CharField(max_length=30)
    radicado = models.CharField(max_length=20, blank=True)
    codigo = models.PositiveSmallIntegerField("código HTTP", null=True, blank=True)
    ms = models.PositiveIntegerField("milisegundos", default=0)
    error = models.CharField(max_length=300, blank=True)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-en", "-id"]
        verbose_name = "intento de aviso"
        verbose_name_plural = "intentos de aviso"
        indexes = [
            models.Index(fields=["suscripcion", "-en", "-id"], name="api_intentos_de_una"),
            models.Index(fields=["en"], name="api_intentos_por_borrar"),
        ]

    def __str__(self) -> str:
        return self.clave

    @property
    def que(self) -> str:
        """What it told, in words."""
        return str(dict(Evento.choices).get(self.evento, "Prueba"))

    @property
    def bien(self) -> bool:
        return self.codigo is not None and 200 <= self.codigo < 300 and not self.error
