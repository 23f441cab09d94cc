"""Send, remind, answer once and close surveys."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance, como_sistema, con_alcance, exigir
from avisos.models import PoliticaAviso
from avisos.recordables import Previsto
from bandeja.services import anotar
from bitacora.services import registrar
from encuestas.models import ConsultaEncuesta, Encuesta, huella
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente
from solicitudes.estados import EstadoSolicitud
from solicitudes.models import Parte, Solicitud
from solicitudes.services.politica import Politicas
from solicitudes.services.transiciones import cerrar_solicitud

EVENTO = "encuestas.invitacion"
TOPE = 500
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
            carga={"encuesta": encuesta.pk, "recordatorio": cual != "invitacion"},
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
    """Remind as the policy says and close what expired. A state, not an instant: catches up after any stop."""
    dia = hoy()
    with como_sistema("barrido de encuestas"):
        return {"recordadas": _recordar(dia, tanda), "cerradas": _cerrar_vencidas(dia, tanda)}


def _recordar(dia: date, tanda: int) -> int:
    """What the policy asks of each, once for each of its rows; after a stop, only the last one reached."""
    politicas, recordadas, ultima = Politicas.del_dia([EVENTO]), 0, 0
    while True:
        with transaction.atomic():
            mirar = list(_con_correo().filter(vence__gte=dia, pk__gt=ultima).order_by("pk")[:tanda])
            if not mirar:
                return recordadas
            ultima = mirar[-1].pk
            claves = [e.pk for e in por_recordar(mirar, politicas, dia)]
            mias = _con_correo().filter(pk__in=claves).order_by("pk").bajo_cerrojo(saltando=True)
            tocan = por_recordar(list(mias), politicas, dia)
            for encuesta in tocan:
                veces = f"recordatorio:{dia}" if encuesta.recordada_en else "recordatorio"
                _anotar_invitacion(encuesta, veces)
            Encuesta.objects.filter(pk__in=[e.pk for e in tocan]).update(recordada_en=ahora())
        recordadas += len(tocan)


def _con_correo() -> ConsultaEncuesta:
    suyas: ConsultaEncuesta = Encuesta.objects.sin_responder().exclude(correo="")
    return suyas


def por_recordar(encuestas: Sequence[Encuesta], politicas: Politicas, dia: date) -> list[Encuesta]:
    """Those that a row of the dependencia that leads asks to remind by that day, and were not since."""
    lideres = Parte.objects.filter(solicitud__in=[e.solicitud_id for e in encuestas], lidera=True).order_by()
    lugares, calendario = dict(lideres.values_list("solicitud", "dependencia")), calendario_vigente()

    def toca(encuesta: Encuesta) -> bool:
        enviada = timezone.localdate(encuesta.creada_en)
        ya = (
            calendario.habiles_entre(enviada, timezone.localdate(encuesta.recordada_en))
            if encuesta.recordada_en
            else 0
        )
        van = calendario.habiles_entre(enviada, dia)
        escala = politicas.de(lugares[encuesta.solicitud_id], PoliticaAviso.Reloj.ENCUESTA)
        return any(ya < nivel.dias <= van for nivel in escala.despues)

    return [encuesta for encuesta in encuestas if toca(encuesta)]


def recordaria_hoy(fila: PoliticaAviso) -> list[Previsto]:
    """What a row of the policy would send today, of what the acting person sees; nothing is left."""
    partes = Parte.objects.visibles_para(exigir()).filter(lidera=True)
    if fila.dependencia_id is not None:
        partes = partes.filter(Q(dependencia=fila.dependencia_id) | Q(dependencia__padre=fila.dependencia_id))
    suyas = list(partes.filter(solicitud__estado=EstadoSolicitud.ATENDIDA).values_list("solicitud", flat=True)[:5_000])
    with transaction.atomic(), como_sistema("ver qué encuestas se recordarían hoy"):
        abiertas = _con_correo().filter(vence__gte=hoy(), solicitud__in=suyas)
        con_nombres = list(abiertas.select_related("solicitud", "entidad").order_by("pk")[:TOPE])
        tocan = por_recordar(con_nombres, _solo(fila), hoy())
    return [
        Previsto(
            radicado=encuesta.solicitud.radicado,
            ruta=reverse("atencion:caso", args=[encuesta.solicitud.radicado]),
            que=str(encuesta.entidad),
            fecha=encuesta.vence,
            a_quien=encuesta.solicitud.remitente_nombre,
        )
        for encuesta in tocan
    ]


def _solo(fila: PoliticaAviso) -> Politicas:
    """A policy of that row alone, where it would hold."""
    todas = Politicas.con(fila, [EVENTO])
    for lugar, filas in todas.por_dependencia.items():
        todas.por_dependencia[lugar] = [f for f in filas if f.que_recuerda == fila.que_recuerda]
    return todas


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
