"""Sessions, invitations and requests for access. People and what they are live in `direcciones`."""

import hashlib
from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from direcciones.models import Dependencia, Entidad, Membresia, Persona
from direcciones.nombres import con_articulo
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, DE_LA_SDFI, Rol

VIGENCIA_INVITACION = timedelta(hours=72)


class Sesion(AbstractBaseSession):
    """A browser that is in. Knows its person, so that all of theirs can be listed and ended (security.md S02, S03)."""

    clase_tabla = Clase.SISTEMA

    persona = models.ForeignKey(Persona, models.CASCADE, null=True, related_name="sesiones")
    iniciada_en = models.DateTimeField(default=timezone.now)
    ultima_actividad = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True)
    navegador = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        ordering = ["-ultima_actividad"]
        verbose_name = "sesión abierta"
        verbose_name_plural = "sesiones abiertas"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from cuentas.sesiones import SessionStore  # noqa: PLC0415 - the store needs this model

        return SessionStore


def huella(token: str) -> str:
    """What is stored of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()


class ConsultaInvitacion(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """The administrador sees all, the auditor reads them, an entity's administrator sees its own."""
        if alcance.rol == Rol.ADMINISTRADOR or alcance.nivel in {"auditor", "sistema"}:
            return self
        if alcance.rol == Rol.ADMIN_ENTIDAD and alcance.entidad_id:
            return self.filter(entidad_id=alcance.entidad_id)
        return self.none()

    def pendientes(self) -> Self:
        return self.filter(aceptada_en__isnull=True, anulada_en__isnull=True)

    def abiertas(self) -> Self:
        """Those whose link still works."""
        return self.pendientes().filter(vence_en__gt=timezone.now())


class Invitacion(ModeloInquilino):
    """A role offered to a mailbox. Who accepts proves the mailbox, sets a password and gets the membership.

    The secret is derived from a nonce and SECRET_KEY, so the outbox never holds it; only its SHA-256 is stored
    (security.md N07). A new nonce (sending it again) kills the previous link.
    """

    correo = models.EmailField("correo institucional", max_length=254)
    nombre = models.CharField("nombre completo", max_length=150)
    cargo = models.CharField(max_length=150, blank=True)
    rol = models.CharField(max_length=16, choices=Rol)
    entidad = models.ForeignKey(Entidad, models.PROTECT, null=True, blank=True, related_name="+")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, null=True, blank=True, related_name="+")
    solo_direcciones = ArrayField(models.BigIntegerField(), default=list, blank=True)
    solo_temas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Whose place this person takes: that membership ended when this was written (R47).
    reemplaza = models.ForeignKey(Membresia, models.PROTECT, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32)
    token_sha256 = models.CharField(max_length=64, unique=True)
    creada_en = models.DateTimeField(default=timezone.now)
    creada_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    enviada_en = models.DateTimeField(default=timezone.now)
    envios = models.PositiveSmallIntegerField(default=1)
    vence_en = models.DateTimeField()
    aceptada_en = models.DateTimeField(null=True, blank=True)
    anulada_en = models.DateTimeField(null=True, blank=True)
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaInvitacion)

    class Meta:
        ordering = ["-creada_en", "-id"]
        verbose_name = "invitación"
        verbose_name_plural = "invitaciones"
        constraints = [
            models.CheckConstraint(
                name="cuentas_invitacion_lugar",
                condition=(
                    Q(rol__in=sorted(DE_ENTIDAD), entidad__isnull=False, dependencia__isnull=True)
                    | Q(rol__in=sorted(DE_DEPENDENCIA), entidad__isnull=True, dependencia__isnull=False)
                    | Q(rol__in=sorted(DE_LA_SDFI), entidad__isnull=True)
                ),
                violation_error_message="Un enlace es de una entidad; un asesor, de una dependencia.",
            ),
            models.CheckConstraint(
                name="cuentas_invitacion_un_final",
                condition=Q(aceptada_en__isnull=True) | Q(anulada_en__isnull=True),
                violation_error_message="Una invitación aceptada no se anula.",
            ),
            models.CheckConstraint(
                name="cuentas_invitacion_aceptada_por",
                condition=Q(aceptada_en__isnull=True) | Q(persona__isnull=False),
                violation_error_message="Una invitación aceptada dice quién la aceptó.",
            ),
        ]
        indexes = [models.Index(fields=["entidad", "-creada_en"])]

    def __str__(self) -> str:
        return f"{self.nombre} <{self.correo}>"

    def renovar(self) -> None:
        """A new secret for 72 hours from now (security.md N04)."""
        self.nonce = get_random_string(32)
        self.token_sha256 = huella(self.token())
        self.enviada_en = timezone.now()
        self.vence_en = self.enviada_en + VIGENCIA_INVITACION

    def token(self) -> str:
        """The secret of the link: 160 bits."""
        return salted_hmac("cuentas.invitacion", f"{self.nonce}:{self.correo}", algorithm="sha256").hexdigest()[:40]

    @property
    def estado(self) -> str:
        if self.aceptada_en:
            return "aceptada"
        if self.anulada_en:
            return "anulada"
        return "pendiente" if self.vence_en > timezone.now() else "vencida"

    @property
    def rol_texto(self) -> str:
        return Rol(self.rol).label.lower()

    @property
    def lugar(self) -> str:
        return str(self.entidad or self.dependencia or "")

    @property
    def lugar_con_articulo(self) -> str:
        return con_articulo(self.lugar)


class ConsultaSolicitudAcceso(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Only who decides them, and the auditor."""
        if alcance.rol == Rol.ADMINISTRADOR or alcance.nivel in {"auditor", "sistema"}:
            return self
        return self.none()

    def por_decidir(self) -> Self:
        return self.filter(decidida_en__isnull=True)


class SolicitudAcceso(ModeloInquilino):
    """Somebody of an entidad without users asks for one. The administrador invites or refuses with a reason."""

    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+")
    nombre = models.CharField("nombre completo", max_length=150)
    correo = models.EmailField("correo institucional", max_length=254)
    cargo = models.CharField(max_length=150)
    telefono = models.CharField("teléfono", max_length=40, blank=True)
    para_que = models.TextField("para qué necesita el usuario", max_length=1000)
    pedida_en = models.DateTimeField(default=timezone.now)
    decidida_en = models.DateTimeField(null=True, blank=True)
    decidida_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    invitacion = models.ForeignKey(Invitacion, models.PROTECT, null=True, blank=True, related_name="+")
    motivo_rechazo = models.CharField("motivo del rechazo", max_length=500, blank=True)

    objects = gestor(ConsultaSolicitudAcceso)

    class Meta:
        ordering = ["pedida_en", "id"]
        verbose_name = "solicitud de acceso"
        verbose_name_plural = "solicitudes de acceso"
        constraints = [
            models.CheckConstraint(
                name="cuentas_acceso_decision",
                condition=(
                    Q(decidida_en__isnull=True, invitacion__isnull=True, motivo_rechazo="")
                    | Q(decidida_en__isnull=False, invitacion__isnull=False, motivo_rechazo="")
                    | (Q(decidida_en__isnull=False, invitacion__isnull=True) & ~Q(motivo_rechazo=""))
                ),
                violation_error_message="Invite a la persona o rechace con un motivo.",
            ),
            models.UniqueConstraint(
                Lower("correo"),
                "entidad",
                condition=Q(decidida_en__isnull=True),
                name="cuentas_acceso_una_por_decidir",
                violation_error_message="Ya hay una solicitud de ese correo por decidir.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nombre} ({self.entidad})"

    @property
    def estado(self) -> str:
        if self.decidida_en is None:
            return "por decidir"
        return "rechazada" if self.motivo_rechazo else "invitada"
