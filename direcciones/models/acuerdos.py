"""What a dirección promises about its service (ANS), and what counts as having attended. Both are dated settings."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from alcance.registro import Clase
from direcciones.models.catalogos import Dependencia, Modalidad
from direcciones.models.vigencia import ConsultaVigente, Vigente
from plazos.fechas import dias_habiles
from plazos.terminos import DIAS_DEL_LINEAMIENTO

DIAS_A_LO_SUMO = 365
PASA_DE_LO_SUMO = f"Un acuerdo es a lo sumo de {DIAS_A_LO_SUMO} días hábiles: escriba un número menor."


class ConsultaAcuerdo(ConsultaVigente):
    def para(self, dependencia: Dependencia, modalidad: Modalidad, el_dia: date) -> list["AcuerdoServicio"]:
        """One row per stage, the one that fits best: its own dependencia wins over the one above, and a row that
        names the modality over one for any."""
        candidatas = self.vigentes(el_dia).filter(dependencia__in=[dependencia.pk, dependencia.padre_id])
        return los_que_rigen(candidatas, dependencia, modalidad.pk)


def requisitos_de(dependencias: Iterable[Dependencia], modalidad_id: int, el_dia: date) -> tuple[str, ...]:
    """What a solicitud of a modality must bring, as the agreements of those that attend it say: each thing once."""
    aqui = list(dependencias)
    lugares = {lugar for d in aqui for lugar in (d.pk, d.padre_id) if lugar}
    filas = list(AcuerdoServicio.objects.vigentes(el_dia).filter(dependencia__in=lugares).exclude(requisitos=""))
    rigen = [fila for d in aqui for fila in los_que_rigen(filas, d, modalidad_id)]
    return tuple(dict.fromkeys(fila.requisitos for fila in rigen))


def los_que_rigen(filas: Iterable[Any], dependencia: Dependencia, modalidad_id: int) -> list[Any]:
    """Of the rows in force of a dependencia and of the one above, if those rule there, one per stage. `filas` have the
    columns of AcuerdoServicio, whoever read them."""
    lugares = (dependencia.padre_id if dependencia.hereda_acuerdos else None, dependencia.pk)
    candidatas = [f for f in filas if f.dependencia_id in lugares and f.modalidad_id in {None, modalidad_id}]
    elegidas = {
        fila.etapa: fila
        for fila in sorted(candidatas, key=lambda f: (f.dependencia_id == dependencia.pk, f.modalidad_id is not None))
    }
    return sorted(elegidas.values(), key=lambda fila: (fila.dias, fila.etapa))


class AcuerdoServicio(Vigente):
    """So many business days from one event to another (R31). Editing ends this row and begins another, so what was
    already received keeps its date. Above the lineamiento's 10 days it says why in writing."""

    class Inicio(models.TextChoices):
        RECEPCION = "recepcion", "La recepción"
        DATOS_COMPLETOS = "datos_completos", "La información completa"
        ASIGNACION = "asignacion", "La asignación"
        PRIMERA_ATENCION = "primera_atencion", "La primera atención"
        REALIZADA = "realizada", "La sesión realizada"

    class Fin(models.TextChoices):
        ASIGNADA = "asignada", "La asignación"
        PROGRAMADA = "programada", "La sesión programada"
        REALIZADA = "realizada", "La sesión realizada"
        ENTREGADA = "entregada", "La respuesta entregada"
        ACTA = "acta", "El acta"
        INFORME = "informe", "El informe"

    clase_tabla = Clase.CATALOGO

    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="acuerdos")
    modalidad = models.ForeignKey(
        Modalidad, models.PROTECT, null=True, blank=True, related_name="acuerdos", help_text="Vacía: cualquiera."
    )
    etapa = models.CharField(max_length=80, help_text="Por ejemplo: Asignar asesor.")
    dias = models.PositiveSmallIntegerField(
        "días hábiles", validators=[MaxValueValidator(DIAS_A_LO_SUMO, PASA_DE_LO_SUMO)]
    )
    inicio = models.CharField("se cuenta desde", max_length=16, choices=Inicio, default=Inicio.RECEPCION)
    fin = models.CharField("hasta", max_length=12, choices=Fin, default=Fin.ENTREGADA)
    suspende_en_complemento = models.BooleanField(
        "se suspende mientras la entidad completa la información", default=False
    )
    requisitos = models.TextField("qué debe traer la solicitud", blank=True)
    texto = models.TextField("texto que se publica", blank=True)
    justificacion = models.TextField("justificación si pasa de 10 días", blank=True)
    provisional = models.BooleanField("provisional hasta que la SDFI lo confirme", default=False)

    objects = ConsultaAcuerdo.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["dependencia", "modalidad", "dias", "id"]
        verbose_name = "acuerdo de nivel de servicio"
        verbose_name_plural = "acuerdos de nivel de servicio"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="direcciones_acuerdo_dias",
                condition=Q(dias__gte=1),
                violation_error_message="Un acuerdo es de un día hábil o más.",
            ),
            models.CheckConstraint(
                name="direcciones_acuerdo_dias_a_lo_sumo",
                condition=Q(dias__lte=DIAS_A_LO_SUMO),
                violation_error_message=PASA_DE_LO_SUMO,
            ),
            models.CheckConstraint(
                name="direcciones_acuerdo_con_justificacion",
                condition=Q(dias__lte=DIAS_DEL_LINEAMIENTO) | Q(justificacion__regex=r"\S"),
                violation_error_message="Un acuerdo de más de 10 días hábiles necesita una justificación escrita.",
            ),
            models.UniqueConstraint(
                fields=["dependencia", "modalidad", "etapa"],
                condition=Q(hasta__isnull=True),
                nulls_distinct=False,
                name="direcciones_acuerdo_unico",
                violation_error_message="Esa etapa ya tiene un acuerdo vigente en la dependencia.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.etapa}: {dias_habiles(self.dias)}"

    def clean(self) -> None:
        """Said at its field; the constraint holds whatever the door."""
        if (self.dias or 0) > DIAS_DEL_LINEAMIENTO and not self.justificacion.strip():
            falta = (
                "Un acuerdo de más de 10 días hábiles necesita una justificación escrita. Escríbala o baje los días."
            )
            raise ValidationError({"justificacion": falta})


class Criterio(models.TextChoices):
    """What counts as *atención* (lineamiento §5 does not say): the client's ruling changes a row, not the history."""

    PROGRAMADA = "programada", "Cuando la sesión queda programada"
    REALIZADA = "realizada", "Cuando la sesión se realiza"
    ENTREGADA = "entregada", "Cuando se entrega la respuesta"


class ConsultaCriterio(ConsultaVigente):
    def de(self, dependencia: Dependencia, el_dia: date) -> str:
        """The one in force for a dependencia: its own, or that of the one above, or «entregada»."""
        filas = self.vigentes(el_dia).filter(dependencia__in=[dependencia.pk, dependencia.padre_id])
        propio = max(filas, key=lambda fila: (fila.dependencia_id == dependencia.pk, fila.desde), default=None)
        return str(propio.criterio) if propio else Criterio.ENTREGADA.value


class CriterioAtencion(Vigente):
    clase_tabla = Clase.CATALOGO

    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="criterios")
    criterio = models.CharField(
        "qué cuenta como atención", max_length=12, choices=Criterio, default=Criterio.ENTREGADA
    )
    norma = models.CharField("quién lo dijo y dónde", max_length=200)

    objects = ConsultaCriterio.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["dependencia", "-desde"]
        verbose_name = "criterio de atención"
        verbose_name_plural = "criterios de atención"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="direcciones_criterio_conocido",
                condition=Q(criterio__in=Criterio.values),
                violation_error_message="La atención se cuenta al programar, al realizar o al entregar.",
            ),
            models.UniqueConstraint(
                fields=["dependencia"],
                condition=Q(hasta__isnull=True),
                name="direcciones_criterio_unico",
                violation_error_message="Esa dependencia ya tiene un criterio vigente. Termínelo antes.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dependencia}: {self.get_criterio_display().lower()}"
