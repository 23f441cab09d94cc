"""What no folder brought: a file, or a message that the mail server hands over by itself."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from alcance import como_sistema
from buzones.estados import EstadoAdjunto, EstadoLlegada, Origen
from buzones.mime.desarmar import desarmar
from buzones.mime.encabezados import fecha
from buzones.mime.partes import Desarmado
from buzones.models import Adjunto, Casilla, Correo, Llegada
from buzones.services.guardar import casilla_de, guardar
from buzones.services.procesar import procesar_pendientes
from direcciones.models import Dependencia, Tema
from plazos.reloj import ahora

ESPERA = 120.0  # seconds, while another process works on what is before
_SOBRE = ("return-path", "envelope-from", "x-envelope-from")


class SigueGuardado(Exception):
    """It is kept, and nobody could say yet what it is."""


def guardar_archivo(
    crudo: bytes, *, origen: Origen = Origen.COMANDO, casilla: Casilla | None = None, para: str = ""
) -> Llegada:
    """Keep it with the instant of the last server that had it; without any, the one that it says, unless it is to
    come; and as of the mailbox that it was for, when there is one."""
    leido = desarmar(crudo)
    if casilla is None:
        casilla = casilla_de([para, *leido.entregado_a, *(uno.correo for uno in leido.para)])
    return guardar(
        crudo,
        origen=origen,
        recibida_en=_recibido_en(leido, dice=origen == Origen.COMANDO),
        casilla=casilla,
        sobre_de=next((valor.strip(" <>") for clave, valor in leido.encabezados if clave in _SOBRE), ""),
        sobre_para=para,
    )


def _recibido_en(leido: Desarmado, *, dice: bool) -> datetime | None:
    """K9: each server writes its own `Received` above the others'."""
    sello = leido.valor("received").rpartition(";")[2].strip()
    instante = fecha(sello.encode())[0] if sello else None
    if instante is None and dice:
        instante = leido.fecha
    return instante if instante and instante <= ahora() else None


def ingerir(llegadas: Sequence[Llegada]) -> list[dict[str, Any]]:
    """Make of them what they are, and of all that came before; then tell it. Raises SigueGuardado."""
    pendientes, hasta = {una.pk for una in llegadas}, time.monotonic() + ESPERA
    while pendientes:
        hechas = procesar_pendientes()
        with transaction.atomic(), como_sistema("ver si ya se sabe qué es un mensaje"):
            sin_leer = Llegada.objects.filter(pk__in=pendientes, estado=EstadoLlegada.GUARDADA)
            pendientes = set(sin_leer.values_list("pk", flat=True))
        if pendientes and not hechas:
            if time.monotonic() > hasta:
                raise SigueGuardado("Quedó guardado y se atenderá cuando termine lo que está antes.")
            time.sleep(0.2)
    with transaction.atomic(), como_sistema("decir qué es lo que se recibió"):
        por_pk = Llegada.objects.select_related(
            "correo__solicitud", "correo__entidad", "correo__solicitud__entidad"
        ).in_bulk([una.pk for una in llegadas])
        return [_dicho(por_pk[una.pk]) for una in llegadas]


@dataclass(frozen=True, slots=True)
class _Lugares:
    direcciones: list[str]
    dependencias: list[dict[str, str]]


def _dicho(llegada: Llegada) -> dict[str, Any]:
    """The line of the contract."""
    correo = llegada.correo
    assert correo is not None
    lugares = _lugares(correo)
    entidad = correo.entidad
    return {
        "id": correo.pk,
        "numero": correo.numero,
        "clase": correo.clase,
        "propuesta": correo.propuesta,
        "estado": correo.estado,
        "radicado": correo.solicitud.radicado if correo.solicitud else None,
        "direcciones": lugares.direcciones,
        "dependencias": lugares.dependencias,
        "entidad": {"codigo": entidad.codigo, "nombre": entidad.nombre} if entidad else None,
        "adjuntos": [
            {
                "nombre": uno.nombre,
                "tipo": uno.archivo.tipo_servido if uno.archivo else uno.tipo_dicho,
                "bytes": uno.bytes,
                "estado": uno.estado,
            }
            for uno in Adjunto.objects.filter(correo=correo).select_related("archivo").order_by("orden")
            if uno.estado != EstadoAdjunto.INCRUSTADO
        ],
        "advertencias": correo.advertencias,
        "confianza": correo.confianza,
        "razones": correo.razones,
        "repetido": llegada.estado == EstadoLlegada.REPETIDA,
    }


def _lugares(correo: Correo) -> _Lugares:
    """Whoever attends it; before it is a solicitud, whoever would, by its temas."""
    if correo.solicitud is not None:
        ids = correo.solicitud.dependencias
    else:
        de_tema = dict(Tema.objects.filter(pk__in=correo.temas).values_list("pk", "dependencia"))
        ids = [de_tema[pk] for pk in correo.temas if pk in de_tema]
    halladas = Dependencia.objects.select_related("padre").in_bulk(ids)
    suyas = [halladas[pk] for pk in dict.fromkeys(ids)]
    return _Lugares(
        list(dict.fromkeys(una.direccion.codigo for una in suyas)),
        [{"codigo": una.codigo, "nombre": una.nombre} for una in suyas],
    )
