"""The ledger: of each notice, when it was due, queued, handed over, what became of it and when it was read."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from avisos.eventos import titulo
from avisos.models.centro import Aviso
from direcciones.models import Persona


class ConsultaEnvio(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Own ones; heads, what touches their dependencias; oversight, all."""
        if alcance.nivel:
            return self
        return self.filter(Q(persona_id=alcance.persona_id) | Q(dependencias__overlap=list(alcance.jefaturas)))

    def en_estado(self, estado: str) -> Self:
        """`estado`: one of ESTADOS."""
        return self.filter(ESTADOS[estado][1])

    def por_resumir(self) -> Self:
        """What waits for the mail of the day."""
        return self.en_estado("por_resumir")


class Envio(ModeloInquilino):
    class Canal(models.TextChoices):
        CORREO = "correo", "Correo"
        RESUMEN = "resumen", "Resumen del día"
        PORTAL = "portal", "Solo en el portal"

    class Desenlace(models.TextChoices):
        ENTREGADO = "entregado", "Entregado"
        REBOTADO = "rebotado", "Rebotado"
        QUEJADO = "quejado", "Marcado como no deseado"
        RECHAZADO = "rechazado", "Rechazado"
        MUERTO = "muerto", "Sin entregar"
        DESCARTADO = "descartado", "Descartado"

    # The idempotency key of what is told: of the mail (its Message-ID comes from it) or of the line in the portal.
    clave = models.CharField(max_length=400, unique=True)
    evento = models.CharField(max_length=60, blank=True)
    persona = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="envios")
    correo = models.EmailField(blank=True)
    nombre = models.CharField(max_length=150, blank=True)
    solicitud_id = models.BigIntegerField(null=True, blank=True)
    # Both copied from the solicitud as the line is written: the policy reads one row, and so does the page.
    radicado = models.CharField(max_length=20, blank=True, db_default="")
    dependencias = ArrayField(models.BigIntegerField(), default=list, blank=True)
    canal = models.CharField(max_length=8, choices=Canal, default=Canal.CORREO)
    debido_en = models.DateTimeField(default=timezone.now)
    encolado_en = models.DateTimeField(null=True, blank=True)
    entregado_en = models.DateTimeField("entregado al servidor de correo", null=True, blank=True)
    desenlace = models.CharField(max_length=10, choices=Desenlace, blank=True)
    desenlace_en = models.DateTimeField(null=True, blank=True)
    leido_en = models.DateTimeField(null=True, blank=True)
    aviso = models.ForeignKey(Aviso, models.PROTECT, null=True, blank=True, related_name="envios")
    mensaje_id = models.CharField(max_length=300, blank=True)
    motivo = models.CharField("por qué no salió", max_length=200, blank=True)
    reenvio_de = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reenvios")
    # The mail of the day that told it, with others: whether it arrived is said there.
    dentro_de = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="resumidos")

    objects = gestor(ConsultaEnvio)

    class Meta:
        ordering = ["-debido_en", "-id"]
        verbose_name = "envío"
        verbose_name_plural = "envíos"
        constraints = [
            models.CheckConstraint(
                name="avisos_envio_desenlace",
                condition=Q(desenlace="", desenlace_en__isnull=True)
                | (~Q(desenlace="") & Q(desenlace_en__isnull=False)),
                violation_error_message="Un desenlace dice cuándo fue.",
            ),
            models.CheckConstraint(
                name="avisos_envio_en_orden",
                condition=Q(entregado_en__isnull=True) | Q(encolado_en__isnull=False),
                violation_error_message="Nada se entrega sin haberse puesto antes en la bandeja.",
            ),
        ]
        indexes = [
            models.Index(fields=["solicitud_id"], name="envios_solicitud", condition=Q(solicitud_id__isnull=False)),
            models.Index(fields=["mensaje_id"], name="envios_mensaje", condition=~Q(mensaje_id="")),
            models.Index(
                fields=["persona", "debido_en"],
                name="envios_por_resumir",
                condition=Q(canal="resumen", encolado_en__isnull=True, desenlace=""),
            ),
            models.Index(fields=["-debido_en", "-id"], name="envios_recientes"),
            # Kept in lower case: under the policies of the rows no index over a function of it would be used.
            models.Index(fields=["correo"], name="envios_de_correo"),
            models.Index(fields=["radicado"], name="envios_radicado", condition=~Q(radicado="")),
            # What somebody must look at: few among all.
            models.Index(
                fields=["-debido_en", "-id"],
                name="envios_fallidos",
                condition=Q(desenlace__in=["rebotado", "quejado", "rechazado", "muerto"]),
            ),
        ]

    def __str__(self) -> str:
        return self.clave

    @property
    def que(self) -> str:
        """What it tells, as the room that tells it declared."""
        return titulo(self.evento) or "Aviso"

    @property
    def estado(self) -> tuple[str, str]:
        """How it goes, in words, and with which tone a page says it."""
        if self.desenlace:
            return self.get_desenlace_display(), TONOS.get(self.desenlace, "rojo")
        if self.entregado_en:
            return "Entregado al servidor", "azul"
        if self.dentro_de_id:
            return "En un resumen del día", "azul"
        if self.canal == self.Canal.PORTAL:
            return "En el portal", "neutro"
        return ("Por salir", "ambar") if self.por_salir else ("Espera el resumen", "neutro")

    @property
    def por_salir(self) -> bool:
        if self.desenlace or self.entregado_en or self.dentro_de_id or self.canal == self.Canal.PORTAL:
            return False
        return self.encolado_en is not None

    @property
    def pasos(self) -> list[tuple[str, datetime]]:
        """What happened to it, in order."""
        fechas = [
            ("Puesto en un resumen" if self.dentro_de_id else "Listo para salir", self.encolado_en),
            ("Entregado al servidor", self.entregado_en),
            (self.get_desenlace_display(), self.desenlace_en),
            ("Leído en el portal", self.leido_en),
        ]
        return [(que, cuando) for que, cuando in fechas if cuando is not None]


_D, _C = Envio.Desenlace, Envio.Canal
TONOS = {_D.ENTREGADO: "verde", _D.DESCARTADO: "neutro"}
# What the page of the ledger may be asked for: its words and its rows.
ESTADOS = {
    "por_salir": (
        "Por salir",
        Q(encolado_en__isnull=False, entregado_en__isnull=True, dentro_de__isnull=True, desenlace=""),
    ),
    "por_resumir": ("Esperan el resumen", Q(canal=_C.RESUMEN, encolado_en__isnull=True, desenlace="")),
    "resumidos": ("En un resumen del día", Q(dentro_de__isnull=False)),
    "entregados": ("Entregados", Q(entregado_en__isnull=False, desenlace__in=["", _D.ENTREGADO])),
    "fallidos": ("No llegaron", Q(desenlace__in=[_D.REBOTADO, _D.QUEJADO, _D.RECHAZADO, _D.MUERTO])),
    "descartados": ("Descartados", Q(desenlace=_D.DESCARTADO)),
    "portal": ("Solo en el portal", Q(canal=_C.PORTAL, desenlace="")),
    "leidos": ("Leídos en el portal", Q(leido_en__isnull=False)),
}
