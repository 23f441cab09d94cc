"""Files of a draft, of a solicitud, of a message or of an actuación."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from archivos.antivirus import EstadoAntivirus
from archivos.models import ArchivoBase
from solicitudes.models.actuaciones import Actuacion
from solicitudes.models.borradores import Borrador
from solicitudes.models.partes import Parte
from solicitudes.models.seguimiento import Mensaje
from solicitudes.models.solicitudes import Solicitud

NOTAS: dict[str, str] = {
    EstadoAntivirus.EN_REVISION: "en revisión de virus: se podrá descargar en unos minutos",
    EstadoAntivirus.INFECTADO: "tiene un virus: no se puede descargar. Súbalo de nuevo, limpio",
}


class ConsultaArchivo(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Once filed, whoever sees the solicitud (the entity, without what hangs from internal notes).

        Asked of the solicitud of each file: as a list, beside an «or», every one of the entidad would be read.
        """
        suya = Solicitud.objects.visibles_para(alcance).filter(pk=OuterRef("solicitud_id"))
        radicados = Q(Exists(suya))
        if alcance.entidad_id:
            radicados &= Q(mensaje__isnull=True) | Q(mensaje__interno=False)
        en_borrador = Q(solicitud__isnull=True, borrador__in=Borrador.objects.visibles_para(alcance))
        return self.filter(radicados | en_borrador)

    def puestos(self) -> Self:
        """Without the ones taken out of a draft, in the order they came."""
        return self.filter(quitado_en__isnull=True).order_by("subido_en", "pk")


class Archivo(ModeloInquilino, ArchivoBase):
    """It is born in a draft or directly in a solicitud. Once filed it can't be taken out (R19); from a draft it is
    only marked, so that taking it out can be undone until the filing."""

    borrador = models.ForeignKey(Borrador, models.PROTECT, null=True, blank=True, related_name="archivos")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, null=True, blank=True, related_name="archivos")
    parte = models.ForeignKey(Parte, models.PROTECT, null=True, blank=True, related_name="archivos")
    mensaje = models.ForeignKey(Mensaje, models.PROTECT, null=True, blank=True, related_name="archivos")
    actuacion = models.ForeignKey(Actuacion, models.PROTECT, null=True, blank=True, related_name="archivos")
    es_evidencia = models.BooleanField("evidencia de la recepción", default=False)
    quitado_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaArchivo)

    class Meta(ArchivoBase.Meta):
        ordering = ["subido_en", "id"]
        verbose_name = "archivo"
        verbose_name_plural = "archivos"
        constraints = [
            *ArchivoBase.Meta.constraints,
            models.CheckConstraint(
                name="solicitudes_archivo_con_lugar",
                condition=Q(borrador__isnull=False) | Q(solicitud__isnull=False),
                violation_error_message="Un archivo siempre es de un borrador o de una solicitud.",
            ),
            models.CheckConstraint(
                name="solicitudes_archivo_radicado_no_se_quita",
                condition=Q(quitado_en__isnull=True) | Q(solicitud__isnull=True),
                violation_error_message="Un archivo radicado no se puede quitar.",
            ),
            models.CheckConstraint(
                name="solicitudes_archivo_cuelga_de_la_solicitud",
                condition=Q(solicitud__isnull=False)
                | Q(parte__isnull=True, mensaje__isnull=True, actuacion__isnull=True),
                violation_error_message="Solo un archivo radicado cuelga de un mensaje o de una actuación.",
            ),
        ]
        indexes = [
            models.Index(fields=["solicitud", "subido_en"], name="archivos_solicitud"),
            models.Index(fields=["borrador"], name="archivos_borrador", condition=Q(solicitud__isnull=True)),
            models.Index(
                fields=["antivirus_detalle", "id"],
                name="archivos_por_revisar",
                condition=Q(estado_antivirus=EstadoAntivirus.EN_REVISION),
            ),
        ]

    def get_absolute_url(self) -> str:
        if self.solicitud is not None:
            return reverse("solicitudes:archivo", args=[self.solicitud.radicado, self.pk])
        return reverse("solicitudes:archivo_borrador", args=[self.borrador_id, self.pk])

    @property
    def nota(self) -> str:
        """What to say beside its name about the antivirus; empty when there is nothing to say."""
        return NOTAS.get(self.estado_antivirus, "")
