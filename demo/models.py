"""What a demonstration remembers of its own loading. A production has none of it."""

from django.db import models

from alcance.registro import Clase


class Simulacion(models.Model):
    """The plan that is being played: the same arguments give the same plan on another day, after any cut."""

    clase_tabla = Clase.SISTEMA

    semilla = models.PositiveIntegerField()
    hasta = models.DateTimeField()
    tamano = models.PositiveIntegerField()
    historias = models.PositiveIntegerField()

    class Meta:
        verbose_name = "simulación"
        verbose_name_plural = "simulaciones"

    def __str__(self) -> str:
        return f"{self.tamano} solicitudes hasta {self.hasta:%Y-%m-%d}"


class HistoriaVivida(models.Model):
    """A story of the plan that is complete."""

    clase_tabla = Clase.SISTEMA

    clave = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = "historia vivida"
        verbose_name_plural = "historias vividas"

    def __str__(self) -> str:
        return str(self.clave)


_terminada = False  # of this process: what is loaded does not become unloaded


def avance() -> int | None:
    """How much of the plan is loaded, out of a hundred; None when there is nothing left to load."""
    global _terminada  # noqa: PLW0603
    if _terminada:
        return None
    simulacion = Simulacion.objects.first()
    hechas = HistoriaVivida.objects.count()
    _terminada = simulacion is None or hechas >= simulacion.historias
    return None if simulacion is None or _terminada else 100 * hechas // simulacion.historias
