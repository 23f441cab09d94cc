"""Send, remind, answer once and close surveys."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from alcance import Alcance, como_sistema, con_alcance
from bandeja.services import anotar
from bitacora.services import registrar
from encuestas.models import Encuesta, huella
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente
from solicitudes.estados import EstadoSolicitud
from solicitudes.models import Solicitud
from solicitudes.services.transiciones import cerrar_solicitud

DIAS_PARA_RECORDAR = 5
DIAS_PARA_CERRAR = 10  # business days without an answer (domain.md §2.2, assumed)


def abrir_encuesta(*, solicitud: Solicitud) -> Encuesta | None:
    """Create the survey of a solicitud whose partes are all closed and at least one was attended; else None.

    Safe to repeat: one survey per solicitud and one invitation per survey.
    """
    with transaction.atomic(), como_sistema("abrir la encuesta de una solicitud respondida"):
        actual = Solicitud.objects.bajo_cerrojo().get(pk=solicitud.pk)
        if actual.estado != EstadoSolicitud.ATENDIDA:
            return None
        existente = Encuesta.objects.filter(solicitud=actual).first()
        if existente is not None:
            if existente.cerrada_en:  # reopened after its survey ended, and attended again: nothing more to wait for
                cerrar_solicitud(solicitud=actual)
            return existente
        encuesta = _crear(actual)
        registrar(accion="encuesta.abrir", objeto=encuesta, despues={"solicitud": actual.pk})
        _anotar_invitacion(encuesta, "invitacion")
    return encuesta


def _crear(solicitud: Solicitud) -> Encuesta:
    dia, calendario = hoy(), calendario_vigente()
    encuesta = Encuesta(
        solicitud=solicitud,
        entidad_id=solicitud.entidad_id,
        correo=solicitud.remitente_correo,
        nonce=Encuesta.nuevo_nonce(),
        creada_en=ahora(),
        recordar_el=calendario.sumar_habiles(dia, DIAS_PARA_RECORDAR),
        vence=calendario.sumar_habiles(dia, DIAS_PARA_CERRAR),
    )
    encuesta.token_sha256 = huella(encuesta.token())
    encuesta.save()
    return encuesta


def _anotar_invitacion(encuesta: Encuesta, cual: str) -> None:
    if encuesta.correo:
        anotar(
            tipo="encuestas.invitacion",
            clave=f"encuesta:{encuesta.pk}:{cual}",
            carga={"encuesta": encuesta.pk, "recordatorio": cual == "recordatorio"},
            destinatario=encuesta.correo,
            solicitud_id=encuesta.solicitud_id,
        )


def por_token(token: str) -> Encuesta | None:
    """The survey of a link, whatever its state; None when no link is like that."""
    if not token.isalnum() or len(token) != 40:
        return None
    with con_alcance(Alcance(token=huella(token))), transaction.atomic():
        return Encuesta.objects.filter(token_sha256=huella(token)).first()


def responder(*, token: str, respuestas: Mapping[str, Any]) -> bool:
    """Store the answers. True the first time; False when it was already answered or its time passed."""
    with con_alcance(Alcance(token=huella(token))), transaction.atomic():
        encuesta = Encuesta.objects.bajo_cerrojo().filter(token_sha256=huella(token)).first()
        if encuesta is None or encuesta.respondida_en or encuesta.cerrada_en:
            return False
        for campo, valor in respuestas.items():
            setattr(encuesta, campo, valor)
        encuesta.respondida_en = encuesta.cerrada_en = ahora()
        encuesta.save(update_fields=[*respuestas, "respondida_en", "cerrada_en"])
        with como_sistema("cerrar la solicitud ya encuestada"):
            registrar(accion="encuesta.responder", objeto=encuesta)
            _cerrar_si_sigue_atendida(encuesta.solicitud_id)
    return True


def _cerrar_si_sigue_atendida(solicitud_id: int) -> None:
    """One that was reopened while its survey was out is not closed by it: the answer is kept and the work goes on."""
    actual = Solicitud.objects.bajo_cerrojo().get(pk=solicitud_id)
    if actual.estado == EstadoSolicitud.ATENDIDA:
        cerrar_solicitud(solicitud=actual)


def barrer(*, tanda: int = 200) -> dict[str, int]:
    """Remind once and close what expired. A state, not an instant: catches up after any stop."""
    dia = hoy()
    with como_sistema("barrido de encuestas"):
        return {"recordadas": _recordar(dia, tanda), "cerradas": _cerrar_vencidas(dia, tanda)}


def _recordar(dia: date, tanda: int) -> int:
    with transaction.atomic():
        pendientes = list(
            Encuesta.objects.sin_responder()
            .filter(recordada_en__isnull=True, recordar_el__lte=dia, vence__gte=dia)
            .order_by("pk")
            .bajo_cerrojo(saltando=True)[:tanda]
        )
        for encuesta in pendientes:
            _anotar_invitacion(encuesta, "recordatorio")
        Encuesta.objects.filter(pk__in=[e.pk for e in pendientes]).update(recordada_en=ahora())
    return len(pendientes)


def _cerrar_vencidas(dia: date, tanda: int) -> int:
    with transaction.atomic():
        vencidas = list(
            Encuesta.objects.sin_responder().filter(vence__lt=dia).order_by("pk").bajo_cerrojo(saltando=True)[:tanda]
        )
        for encuesta in vencidas:
            cerrar_sin_respuesta(encuesta=encuesta)
    return len(vencidas)


def cerrar_sin_respuesta(*, encuesta: Encuesta) -> None:
    """Its time passed: nobody can answer it any more, and its solicitud closes."""
    with transaction.atomic(), como_sistema("cerrar una encuesta sin respuesta"):
        _cerrar_si_sigue_atendida(encuesta.solicitud_id)
        Encuesta.objects.sin_responder().filter(pk=encuesta.pk).update(cerrada_en=ahora())


def radicado_de(encuesta: Encuesta) -> str:
    """The number shown to whoever holds the link: nothing else of the solicitud is."""
    with como_sistema("mostrar el radicado en su encuesta"):
        return Solicitud.objects.values_list("radicado", flat=True).get(pk=encuesta.solicitud_id)
