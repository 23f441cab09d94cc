"""Proof of filing: what the constancia says, frozen in the transaction that files."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona
from direcciones.nombres import con_articulo
from plazos.fechas import enumerar
from plazos.terminos import explicar
from solicitudes.models.solicitudes import Solicitud


class ConsultaConstancia(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Whoever sees the solicitud, and whoever registered it: they hand the constancia to the person (R22)."""
        if alcance.persona_id is None and not alcance.nivel:
            return self.none()
        registradas = Q(registrada_por_id=alcance.persona_id) if alcance.persona_id else Q(pk__in=[])
        return self.filter(Q(solicitud__in=Solicitud.objects.visibles_para(alcance)) | registradas)


class ConstanciaRadicacion(ModeloInquilino):
    """CPACA art. 61: the authority acknowledges with number and date. `datos` holds all the PDF prints, `huella` is
    the SHA-256 of its canonical text and `codigo` opens the public page that confirms both instants and the digest."""

    solicitud = models.OneToOneField(Solicitud, models.PROTECT, related_name="constancia")
    codigo = models.CharField(max_length=16, unique=True)
    # Its own copy: whoever registered a reserved one finds the constancia without seeing the solicitud.
    radicado = models.CharField(max_length=20, unique=True)
    datos = models.JSONField()
    huella = models.CharField(max_length=64)
    registrada_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    emitida_en = models.DateTimeField()

    objects = gestor(ConsultaConstancia)

    class Meta:
        verbose_name = "constancia de radicación"
        verbose_name_plural = "constancias de radicación"
        constraints = [
            models.CheckConstraint(
                name="solicitudes_constancia_huella",
                condition=Q(huella__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="La huella de la constancia no está completa.",
            ),
        ]

    @property
    def hechos(self) -> dict[str, Any]:
        """What was frozen, with its dates as dates."""
        instantes = {clave: datetime.fromisoformat(self.datos[clave]) for clave in ("recibido_en", "radicado_en")}
        fechas = {clave: date.fromisoformat(self.datos[clave]) for clave in ("fecha_efectiva", "vence")}
        donde = enumerar([con_articulo(nombre) for nombre in self.datos["dependencias"]])
        return {**self.datos, **instantes, **fechas, "donde": donde}

    @property
    def dias_del_plazo(self) -> tuple[str, ...]:
        """Of the clock that bound on that day, one line for each calendar day; none in those of before."""
        suyo = next((r for r in self.datos.get("relojes", ()) if r["vence"] == self.datos["vence"]), {})
        return tuple(dia.texto for dia in explicar(suyo).dias)

    def __str__(self) -> str:
        return f"Constancia de {self.radicado}"
