"""The columns every kept file has, whatever it hangs from."""

import re
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from archivos.antivirus import DESCARGABLES, EstadoAntivirus
from archivos.nombres import LARGO_MAXIMO
from archivos.tipos import TIPOS
from archivos.validacion import nombres_de_senales


class ArchivoBase(models.Model):
    """An accepted and stored file. Its bytes never change: only what the antivirus says of it does."""

    nombre = models.CharField(max_length=LARGO_MAXIMO)
    tipo = models.CharField(max_length=8, choices=[(tipo.clave, tipo.texto) for tipo in TIPOS.values()])
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, validators=[RegexValidator(re.compile(r"\A[0-9a-f]{64}\Z"))])
    ruta = models.CharField(max_length=100, unique=True, editable=False)
    senales = models.JSONField(default=list, blank=True)
    estado_antivirus = models.CharField(max_length=16, choices=EstadoAntivirus)
    antivirus_detalle = models.CharField(max_length=200, blank=True)
    revisado_en = models.DateTimeField(null=True, blank=True)
    subido_en = models.DateTimeField(default=timezone.now)
    subido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_huella",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="La huella SHA-256 del archivo no está completa.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_no_vacio",
                condition=Q(bytes__gt=0),
                violation_error_message="El archivo está vacío.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_antivirus",
                condition=Q(estado_antivirus__in=EstadoAntivirus.values),
                violation_error_message="El archivo no tiene un estado de antivirus conocido.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def se_puede_descargar(self) -> bool:
        return self.estado_antivirus in DESCARGABLES

    @property
    def tipo_servido(self) -> str:
        return TIPOS[self.tipo].servido

    @property
    def advertencias(self) -> list[str]:
        """What the people who attend should know before opening it."""
        return nombres_de_senales(self.senales)


def modelos_con_archivos() -> list[type[Any]]:
    """Every table that names stored files."""
    return [modelo for modelo in apps.get_models() if issubclass(modelo, ArchivoBase)]
