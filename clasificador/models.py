"""The models that were trained. The newest is in force; the others stay, to go back and to compare."""

from django.db import models
from django.utils import timezone

from alcance.registro import Clase


class ModeloTexto(models.Model):
    """Words and their weights (no text, no person: `modelo._los_que_caben`), with what was measured of it."""

    clase_tabla = Clase.SISTEMA

    hecho_en = models.DateTimeField(default=timezone.now)
    contenido = models.BinaryField()
    ejemplos = models.PositiveIntegerField()
    medidas = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = "modelo de textos"
        verbose_name_plural = "modelos de textos"

    def __str__(self) -> str:
        return f"Modelo {self.pk}, de {self.ejemplos} ejemplos"
