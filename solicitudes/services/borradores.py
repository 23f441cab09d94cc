"""Drafts: create, save step by step, discard, and turn into a solicitud.

A save takes what was typed as it is, complete or not, right or wrong; only the filing demands. Two windows on the same
step are told of each other (409 with both texts); on different steps, or saying the same, they do not collide (C04).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count

from alcance import como_sistema
from alcance.compiladas import Compilada
from direcciones.models import Entidad, Persona
from plazos.reloj import ahora
from solicitudes.models import Archivo, Borrador, Solicitud
from solicitudes.services.radicacion import DatosSolicitud, Deja, Recepcion, radicar_por_primera_vez

Crudo = Mapping[str, str | list[str]]
MAXIMO_TEXTO = 50_000


class BorradorCambiado(ValidationError):
    """Another window saved this step after this one read it. `guardados` are its values where both differ."""

    def __init__(self, borrador: Borrador, guardados: dict[str, Any]) -> None:
        super().__init__("Otra ventana cambió este borrador. Su versión no se ha perdido.", code="cambiado")
        self.borrador = borrador
        self.guardados = guardados


class BorradorCerrado(ValidationError):
    """It was filed or discarded meanwhile."""

    def __init__(self, borrador: Borrador) -> None:
        super().__init__("Este borrador ya se radicó o se descartó.", code="cerrado")
        self.borrador = borrador


@dataclass(frozen=True, slots=True)
class Guardado:
    version: int
    en: datetime


def crear_borrador(
    *,
    persona: Persona,
    entidad: Entidad,
    datos: Crudo | None = None,
    es_registro: bool = False,
    clave: UUID | None = None,
) -> Borrador:
    """A new draft. `es_registro`: somebody of the SDFI writes down what came by another channel (R22).

    `clave`: of the page that starts it; sent again, by a double click or a lost answer, it is the same draft.
    """
    instante = ahora()
    nuevo = Borrador(
        persona=persona,
        entidad=entidad,
        datos=limpiar(datos or {}),
        es_registro=es_registro,
        creado_en=instante,
        guardado_en=instante,
        **({"clave": clave} if clave else {}),
    )
    try:
        with transaction.atomic():
            nuevo.save(force_insert=True)
    except IntegrityError:
        anterior = Borrador.objects.filter(persona=persona, clave=clave).first() if clave else None
        if anterior is None:
            raise
        return anterior
    return nuevo


def guardar_paso(
    *, borrador: Borrador, paso: str, campos: Crudo, version: int, ventana: str = "", insistir: bool = False
) -> Guardado:
    """Keep what was typed in a step, read at `version`.

    `ventana` names the page that saves: with `insistir` (its own button, not its autosave) a page never collides with
    itself. Raises BorradorCambiado or BorradorCerrado; then nothing was written.
    """
    limpios = limpiar(campos)
    with transaction.atomic():
        actual = Borrador.objects.bajo_cerrojo().get(pk=borrador.pk)
        if actual.solicitud_id or actual.descartado_en:
            raise BorradorCerrado(actual)
        distintos = {
            nombre: actual.datos.get(nombre) for nombre in limpios if _difiere(actual, nombre, limpios[nombre])
        }
        if not distintos:
            return Guardado(actual.version, actual.guardado_en)
        ultimo = actual.versiones.get(paso, {})
        propio = insistir and ventana and ultimo.get("ventana") == ventana
        if ultimo.get("version", 0) > version and not propio:
            raise BorradorCambiado(actual, distintos)
        actual.version += 1
        actual.guardado_en = ahora()
        actual.datos = {**actual.datos, **limpios}
        actual.versiones = {**actual.versiones, paso: {"version": actual.version, "ventana": ventana[:32]}}
        actual.save(update_fields=["version", "versiones", "datos", "guardado_en"])
    return Guardado(actual.version, actual.guardado_en)


def cambiar_entidad(*, borrador: Borrador, entidad: Entidad) -> None:
    """Whoever registers for another chooses the entidad in the first step, and may correct it."""
    with transaction.atomic():
        Borrador.objects.filter(pk=borrador.pk, es_registro=True, solicitud__isnull=True).update(entidad=entidad)


def descartar_borrador(*, borrador: Borrador, resuelto_por: str = "") -> None:
    """Put it away. The row and its files stay. `resuelto_por`: the concepto that already answered it (R95)."""
    with transaction.atomic():
        Borrador.objects.filter(pk=borrador.pk, solicitud__isnull=True, descartado_en__isnull=True).update(
            descartado_en=ahora(), resuelto_por=resuelto_por
        )


def dudas_resueltas() -> dict[str, int]:
    """How many solicitudes each published concepto made unnecessary, by its number. Only counts leave."""
    with transaction.atomic(), como_sistema("contar las dudas que resolvió el banco"):
        return dict(_RESUELTAS())


_RESUELTAS = Compilada(
    lambda: (
        Borrador.objects.exclude(resuelto_por="").order_by().values_list("resuelto_por").annotate(cuantas=Count("*"))
    )
)


def radicar_borrador(*, borrador: Borrador, datos: DatosSolicitud, recepcion: Recepcion) -> Solicitud:
    """File a draft with its files, once: the second click, tab or retry gets the same solicitud (C01)."""
    with transaction.atomic():
        actual = Borrador.objects.bajo_cerrojo().get(pk=borrador.pk)
        if actual.solicitud_id:
            with como_sistema("volver a la solicitud ya radicada de este borrador"):
                return Solicitud.objects.get(pk=actual.solicitud_id)
        if actual.descartado_en:
            raise BorradorCerrado(actual)
        with como_sistema("leer los archivos del borrador"):
            archivos = archivos_puestos(actual)
        return radicar_cerrado(borrador=actual, datos=datos, recepcion=recepcion, archivos=archivos)


def registrada_de(borrador: Borrador) -> Solicitud:
    """Of a draft already filed, what whoever registered it hands over, also a reserved one they can't open."""
    with transaction.atomic(), como_sistema("volver a la solicitud ya radicada de este borrador"):
        return Solicitud.objects.get(borrador=borrador.pk)


def radicar_cerrado(
    *, borrador: Borrador, datos: DatosSolicitud, recepcion: Recepcion, archivos: list[Archivo]
) -> Solicitud:
    """The same for whoever holds the draft locked, saw that it is open and read its files: nobody adds one now."""
    with transaction.atomic():
        deja = Deja(borrador.pk, archivos)
        solicitud = radicar_por_primera_vez(clave=borrador.clave, datos=datos, recepcion=recepcion, de=deja)
        if archivos:
            with como_sistema("pasar los archivos del borrador a la solicitud"):
                Archivo.objects.filter(pk__in=[archivo.pk for archivo in archivos]).update(solicitud=solicitud)
    borrador.solicitud = solicitud
    return solicitud


def archivos_puestos(borrador: Borrador) -> list[Archivo]:
    return _PUESTOS(borrador=borrador.pk)


_PUESTOS = Compilada(lambda borrador: Archivo.objects.filter(borrador=borrador).puestos(), borrador=int)


def limpiar(campos: Crudo) -> dict[str, str | list[str]]:
    """What PostgreSQL can keep of what was typed: no NUL, no endless text; line breaks as one character."""
    return {
        nombre: [_limpiar_texto(uno) for uno in valor[:200]] if isinstance(valor, list) else _limpiar_texto(valor)
        for nombre, valor in campos.items()
    }


def _limpiar_texto(texto: str) -> str:
    return texto.replace("\x00", "").replace("\r\n", "\n")[:MAXIMO_TEXTO]


def _difiere(borrador: Borrador, nombre: str, valor: str | list[str]) -> bool:
    return (borrador.datos.get(nombre) or "") != (valor or "")
