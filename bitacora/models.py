"""The record of who did what: written once, chained, never changed. It refers by id; no foreign key goes up."""

import json
from datetime import date
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from bitacora.palabras import en_palabras


class ConsultaSuceso(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """The auditor and the portal's administrator see all of it; a head, what touches their dependencias."""
        if alcance.nivel in {"auditor", "sistema"} or alcance.rol == "administrador":
            return self
        if alcance.jefaturas:
            return self.filter(dependencias__overlap=list(alcance.jefaturas))
        return self.none()

    def buscar(
        self,
        *,
        texto: str = "",
        quien: str = "",
        accion: str = "",
        desde: date | None = None,
        hasta: date | None = None,
    ) -> Self:
        """By the name of the object (a radicado), part of the name or mail of who did it, the beginning of the action,
        and days of Bogotá, inclusive."""
        filas = self
        if texto:
            filas = filas.filter(objeto_texto__in={texto, texto.upper()})
        if quien:
            personas = get_user_model().objects.filter(Q(nombre__icontains=quien) | Q(correo__icontains=quien))
            filas = filas.filter(actor_id__in=personas.values("pk"))
        if accion:
            filas = filas.filter(accion__startswith=accion)
        if desde:
            filas = filas.filter(en__date__gte=desde)
        if hasta:
            filas = filas.filter(en__date__lte=hasta)
        return filas

    def de_la_cadena(self, cadena: str) -> Self:
        return self.filter(cadena=cadena).order_by("posicion")


class Suceso(ModeloInquilino):
    """Something that happened. The database assigns `cadena`, `en`, `posicion` and the hashes (migration 0002).

    `posicion` and `hash` are empty until the transaction commits: they are assigned under the lock on the head of the
    chain, taken as late as possible. So is another `id`, to one that would not come in the order of its chain. `antes`
    and `despues` are canonical JSON kept as text: another version of PostgreSQL may write jsonb differently
    (security.md §5.8). Personal data enter by id only; `motivo`, which a person writes, is chained by a salted digest,
    so that suppressing it (Ley 1581 de 2012) leaves the chain valid.
    """

    cadena = models.CharField(max_length=40, editable=False)
    posicion = models.BigIntegerField(null=True, editable=False)
    en = models.DateTimeField(null=True, editable=False)
    actor_id = models.BigIntegerField(null=True)
    rol = models.CharField(max_length=16, blank=True)
    accion = models.CharField(max_length=60)
    objeto_tipo = models.CharField(max_length=60, blank=True)
    objeto_id = models.CharField(max_length=40, blank=True)
    objeto_texto = models.CharField(max_length=120, blank=True)
    solicitud_id = models.BigIntegerField(null=True)
    entidad_id = models.BigIntegerField(null=True)
    dependencias = ArrayField(models.BigIntegerField(), default=list)
    antes = models.TextField(blank=True)
    despues = models.TextField(blank=True)
    motivo = models.TextField(blank=True)
    motivo_sal = models.CharField(max_length=36, blank=True, editable=False)
    motivo_huella = models.CharField(max_length=64, blank=True, editable=False)
    ip = models.CharField(max_length=45, blank=True)
    peticion = models.CharField(max_length=40, blank=True)
    hash_anterior = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = gestor(ConsultaSuceso)

    class Meta:
        ordering = ["-id"]
        verbose_name = "suceso"
        verbose_name_plural = "sucesos"
        constraints = [
            models.UniqueConstraint(
                fields=["cadena", "posicion"],
                name="bitacora_suceso_posicion_unica",
                violation_error_message="Ese lugar de la cadena ya está ocupado.",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="bitacora_sin_sellar", condition=Q(posicion__isnull=True)),
            models.Index(fields=["solicitud_id", "id"], name="bitacora_por_solicitud"),
            models.Index(fields=["actor_id", "id"], name="bitacora_por_persona"),
            models.Index(fields=["accion", "id"], name="bitacora_por_accion"),
            models.Index(fields=["objeto_texto", "id"], name="bitacora_por_objeto", condition=~Q(objeto_texto="")),
        ]

    def __str__(self) -> str:
        return f"{self.accion} {self.objeto_texto or self.objeto_id}".strip()

    @property
    def que(self) -> str:
        """What was done, in words."""
        return en_palabras(self.accion)

    @property
    def cambios(self) -> dict[str, tuple[Any, Any]]:
        """What changed. Shape: field → (before, after)."""
        antes, despues = (json.loads(texto) if texto else {} for texto in (self.antes, self.despues))
        return {campo: (antes.get(campo), despues.get(campo)) for campo in sorted({*antes, *despues})}


class Cabeza(models.Model):
    """The last position and hash of each chain. Only the sealing function writes it."""

    clase_tabla = Clase.SISTEMA

    cadena = models.CharField(max_length=40, primary_key=True)
    posicion = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    # Of what comes after that place, the ids go up with the places (migration 0005).
    ordenada_desde = models.BigIntegerField(default=0, db_default=0)
    ultimo_id = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "cabeza de cadena"
        verbose_name_plural = "cabezas de cadenas"

    def __str__(self) -> str:
        return f"{self.cadena} · {self.posicion}"
