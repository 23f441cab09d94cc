"""What is known of an address from what came back of it. Only the system reads and writes it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from alcance.registro import Clase


def lo_que_dijo(codigo: str, detalle: str) -> str:
    """What a server said, with its code once: most of them repeat it in their words."""
    return detalle if codigo and codigo in detalle else f"{codigo} {detalle}".strip()


class EventoCorreo(models.Model):
    """One thing that a server or a provider said of a mail that had left. `huella` is that saying's own: a webhook
    that comes twice, or a bounce that is handed over twice, is one."""

    class Tipo(models.TextChoices):
        ENTREGADO = "entregado", "Llegó"
        DURO = "duro", "Rebotó: la dirección no recibe"
        BLANDO = "blando", "Rebotó: hoy no recibe"
        QUEJA = "queja", "Lo marcó como no deseado"
        RECHAZO = "rechazo", "No lo dejaron pasar"
        AUSENCIA = "ausencia", "Respondió que está ausente"
        OTRO = "otro", "Sin clasificar"

    clase_tabla = Clase.SISTEMA

    huella = models.CharField(max_length=64, unique=True)
    origen = models.CharField(max_length=20)
    tipo = models.CharField(max_length=10, choices=Tipo)
    correo = models.EmailField(blank=True)
    mensaje_id = models.CharField(max_length=300, blank=True)
    codigo = models.CharField(max_length=20, blank=True)
    detalle = models.CharField(max_length=500, blank=True)
    en = models.DateTimeField()
    recibido_en = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "evento de correo"
        verbose_name_plural = "eventos de correo"
        constraints = [
            models.CheckConstraint(
                name="avisos_evento_correo_en_minusculas",
                condition=Q(correo=Lower(F("correo"))),
                violation_error_message="La dirección se guarda en minúsculas.",
            )
        ]
        indexes = [models.Index(fields=["correo", "-en"], name="eventos_correo")]

    def __str__(self) -> str:
        return f"{self.correo}: {self.get_tipo_display()}"

    @property
    def dicho(self) -> str:
        return lo_que_dijo(self.codigo, self.detalle)


class ConsultaDireccion(models.QuerySet["DireccionCorreo"]):
    def malas(self) -> Self:
        return self.filter(estado=DireccionCorreo.Estado.MALA).order_by("-desde", "-id")


class DireccionCorreo(models.Model):
    """An address of which something came back. Those of which nothing did have no row."""

    class Estado(models.TextChoices):
        BUENA = "buena", "Recibe"
        DUDOSA = "dudosa", "Ha rebotado"
        MALA = "mala", "No se le escribe"

    class Causa(models.TextChoices):
        REBOTE = "rebote", "los correos rebotan"
        QUEJA = "queja", "quien los recibe los marcó como no deseados"

    clase_tabla = Clase.SISTEMA

    correo = models.EmailField(unique=True)
    estado = models.CharField(max_length=6, choices=Estado, default=Estado.BUENA)
    causa = models.CharField(max_length=6, choices=Causa, blank=True)
    codigo = models.CharField(max_length=20, blank=True)
    detalle = models.CharField(max_length=500, blank=True)
    blandas = models.PositiveSmallIntegerField("rebotes pasajeros seguidos", default=0)
    desde = models.DateTimeField("en ese estado desde", default=timezone.now)
    # What came back before no longer counts: somebody said that it works, or that it is another's.
    resuelta_en = models.DateTimeField(null=True, blank=True)

    objects = ConsultaDireccion.as_manager()

    class Meta:
        ordering = ["-desde", "-id"]
        verbose_name = "dirección de correo"
        verbose_name_plural = "direcciones de correo"
        constraints = [
            models.CheckConstraint(
                name="avisos_direccion_en_minusculas",
                condition=Q(correo=Lower(F("correo"))),
                violation_error_message="La dirección se guarda en minúsculas.",
            ),
            models.CheckConstraint(
                name="avisos_direccion_mala_dice_por_que",
                condition=Q(estado="mala") & ~Q(causa="") | ~Q(estado="mala") & Q(causa=""),
                violation_error_message="Diga por qué no se le escribe.",
            ),
        ]
        indexes = [models.Index(fields=["-desde", "-id"], name="direcciones_malas", condition=Q(estado="mala"))]

    def __str__(self) -> str:
        return self.correo

    @property
    def dicho(self) -> str:
        return lo_que_dijo(self.codigo, self.detalle)
