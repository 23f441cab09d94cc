"""Which event tells whom, how long before or after, and by which way. One row per reminder, dated, of one dependencia
or of all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from alcance.registro import Clase
from direcciones.models import Dependencia
from direcciones.models.vigencia import ConsultaVigente, Vigente
from plazos.fechas import dias_habiles


class Palabras(NamedTuple):
    """How the date of a clock is said: «2 días hábiles antes …», «… después …», «El día …»; `fecha`, to choose it."""

    antes: str
    despues: str
    el_dia: str
    fecha: str


class PoliticaAviso(Vigente):
    class Reloj(models.TextChoices):
        RECEPCION = "recepcion", "La recepción"
        OBLIGA = "obliga", "La fecha que obliga"
        ANS = "ans", "El acuerdo de nivel de servicio"
        LEGAL = "legal", "El término legal"
        COMPLEMENTO = "complemento", "El plazo para completar la información"
        ENCUESTA = "encuesta", "La encuesta"

    class Destino(models.TextChoices):
        RESPONSABLE = "responsable", "Quien atiende"
        JEFATURA = "jefatura", "Quien dirige la dependencia"
        DIRECCION = "direccion", "Quien dirige la dirección"
        ENTIDAD = "entidad", "La entidad"
        SUBSECRETARIA = "subsecretaria", "La subsecretaría"
        ADMINISTRACION = "administracion", "Quien administra el portal"

    class Canal(models.TextChoices):
        CORREO = "correo", "Correo y portal"
        PORTAL = "portal", "Solo en el portal"

    clase_tabla = Clase.CATALOGO

    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, null=True, blank=True, related_name="politicas", help_text="Vacía: todas."
    )
    evento = models.CharField(max_length=60)
    reloj = models.CharField("se cuenta con", max_length=12, choices=Reloj, blank=True)
    # Business days from the date of the clock: below zero, before it. Empty: when the event happens.
    dias = models.SmallIntegerField("días hábiles", null=True, blank=True)
    a_quien = models.CharField("a quién", max_length=14, choices=Destino)
    canal = models.CharField("por dónde", max_length=8, choices=Canal, default=Canal.CORREO)
    activa = models.BooleanField(default=True)
    # Of what comes round every year whatever is filed (avisos/ciclos.py). Empty: it goes with a solicitud.
    ciclo = models.CharField("cada cuándo", max_length=60, blank=True, default="", db_default="")

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["evento", "dias", "id"]
        verbose_name = "política de avisos"
        verbose_name_plural = "políticas de avisos"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="avisos_politica_reloj_con_dias",
                condition=Q(reloj="", dias__isnull=True) | (~Q(reloj="") & Q(dias__isnull=False)),
                violation_error_message="Diga con qué fecha se cuenta y cuántos días, o ninguna de las dos cosas.",
            ),
            models.CheckConstraint(
                name="avisos_politica_dias",
                condition=Q(dias__isnull=True) | Q(dias__gte=-30, dias__lte=30),
                violation_error_message="Un recordatorio sale a 30 días hábiles o menos de su fecha.",
            ),
            models.UniqueConstraint(
                fields=["dependencia", "evento", "reloj", "dias", "a_quien"],
                condition=Q(hasta__isnull=True),
                nulls_distinct=False,
                name="avisos_politica_unica",
                violation_error_message="Ese aviso ya está en la política.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cuando}, a {self.get_a_quien_display().lower()}"

    @property
    def que_recuerda(self) -> tuple[object, ...]:
        """What makes two rows speak of the same: that of the nearest place holds."""
        return (self.evento, self.reloj, self.dias, self.a_quien)

    @property
    def cuando(self) -> str:
        """«2 días hábiles antes de que venza la solicitud»."""
        if self.dias is None:
            return self.evento
        palabras = EN_PALABRAS[PoliticaAviso.Reloj(self.reloj)]
        if self.dias == 0:
            return f"El día {palabras.el_dia}"
        sentido, fecha = ("después", palabras.despues) if self.dias > 0 else ("antes", palabras.antes)
        return f"{dias_habiles(abs(self.dias))} {sentido} {fecha}"


R = PoliticaAviso.Reloj
EN_PALABRAS = {
    R.RECEPCION: Palabras("de recibirla", "de recibirla", "en que se recibe", "La de recepción"),
    R.OBLIGA: Palabras(
        "de que venza la solicitud", "de que venció la solicitud", "en que vence la solicitud",
        "La de vencimiento de la solicitud",
    ),
    R.ANS: Palabras(
        "de que venza una etapa del acuerdo de servicio", "de que venció una etapa del acuerdo de servicio",
        "en que vence una etapa del acuerdo de servicio", "La de cada etapa del acuerdo de nivel de servicio",
    ),
    R.LEGAL: Palabras(
        "de que venza el término legal", "de que venció el término legal", "en que vence el término legal",
        "La del término legal, si es una petición",
    ),
    R.COMPLEMENTO: Palabras(
        "de que venza el plazo para completar la información", "de que venció el plazo para completar la información",
        "en que vence el plazo para completar la información", "La que tiene la entidad para completar la información",
    ),
    R.ENCUESTA: Palabras("de enviar la encuesta", "de enviar la encuesta", "en que se envía la encuesta",
                         "La de envío de la encuesta"),
}  # fmt: skip


def las_mas_cercanas(
    por_lugar: Mapping[int | None, Sequence[PoliticaAviso]], lugares: Iterable[int | None]
) -> list[PoliticaAviso]:
    """The rows that hold in the last of `lugares`, which go from the farthest: of the same reminder, the nearest."""
    suyas: dict[tuple[object, ...], PoliticaAviso] = {}
    for lugar in lugares:
        suyas |= {fila.que_recuerda: fila for fila in por_lugar.get(lugar, ())}
    return list(suyas.values())
