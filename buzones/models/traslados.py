"""Where a petition that the SDFI does not attend goes, and each one that was sent there."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from buzones.models.correos import Correo
from direcciones.models import Persona
from direcciones.models.vigencia import ConsultaVigente, Vigente


class CanalExterno(Vigente):
    """Without a mailbox, the petition is filed there by hand and its number is written here."""

    clase_tabla = Clase.CATALOGO

    nombre = models.CharField(max_length=120, unique=True)
    correo = models.EmailField(
        max_length=254, blank=True, help_text="Vacío: se radica allí a mano y aquí se escribe el número que den."
    )
    url = models.URLField("página", blank=True)
    nota = models.CharField("qué atiende", max_length=300, blank=True)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["nombre"]
        verbose_name = "canal externo"
        verbose_name_plural = "canales externos"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="buzones_canal_con_donde",
                condition=~Q(correo="", url=""),
                violation_error_message="Escriba el correo o la página del canal.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        self.correo = self.correo.lower()
        if self.url and not self.url.startswith("https://"):
            raise ValidationError({"url": "Escriba una dirección que empiece por https://."})


class ConsultaTraslado(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Work of the SDFI: whoever sees the message, but nobody of an entity."""
        return self.none() if alcance.entidad_id else self.filter(correo__in=Correo.objects.visibles_para(alcance))

    def en_pie(self) -> Self:
        return self.filter(retirado_en__isnull=True)

    def por_salir(self) -> Self:
        return self.en_pie().filter(enviado_en__isnull=True)


class Traslado(ModeloInquilino):
    """It counts when it leaves (`enviado_en`), with its copy to whoever asked (Ley 1755 de 2015, art. 21). Until then
    it may be taken back, and another one made. `numero_externo`: what that channel gave, when it was filed by hand."""

    correo = models.ForeignKey(Correo, models.PROTECT, related_name="traslados")
    canal = models.ForeignKey(CanalExterno, models.PROTECT, related_name="traslados")
    motivo = models.CharField(max_length=500)
    numero_externo = models.CharField("número en ese canal", max_length=60, blank=True)
    pedido_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    pedido_en = models.DateTimeField(default=timezone.now)
    vence = models.DateField()
    enviado_en = models.DateTimeField(null=True, blank=True)
    con_copia = models.CharField("copia a", max_length=320, blank=True)
    tardio = models.BooleanField(default=False)
    retirado_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    retirado_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaTraslado)

    class Meta:
        ordering = ["-pedido_en", "-id"]
        verbose_name = "traslado de una petición"
        verbose_name_plural = "traslados de peticiones"
        constraints = [
            models.UniqueConstraint(
                fields=["correo"],
                condition=Q(retirado_en__isnull=True),
                name="buzones_un_traslado",
                violation_error_message="Esa petición ya se trasladó.",
            ),
            models.CheckConstraint(
                name="buzones_traslado_un_final",
                condition=Q(enviado_en__isnull=True) | Q(retirado_en__isnull=True),
                violation_error_message="Lo que ya salió no se retira.",
            ),
            models.CheckConstraint(
                name="buzones_traslado_con_motivo",
                condition=~Q(motivo=""),
                violation_error_message="Un traslado dice por qué.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vence"],
                name="traslados_por_salir",
                condition=Q(enviado_en__isnull=True, retirado_en__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.correo_id} → {self.canal_id}"
