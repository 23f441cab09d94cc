"""Messages, complements, written replies, and the closing of a parte with its outcome."""

from calendar import monthrange
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Persona
from direcciones.roles import DE_ENTIDAD
from plazos.reloj import ahora, hoy
from solicitudes.models import Mensaje, Parte, Solicitud
from solicitudes.services.actuaciones import entregada_en, que_no_quede_nada_programado
from solicitudes.services.relojes import dejar_de_esperar, esperar_a_la_entidad
from solicitudes.services.transiciones import mover

T = Mensaje.Tipo


def escribir_mensaje(
    *, solicitud: Solicitud, texto: str, clave: UUID, tipo: str = T.MENSAJE, parte: Parte | None = None
) -> Mensaje:
    """Add a message or an internal note. The same `clave` twice is one message (double click)."""
    if not texto.strip():
        raise ValidationError("Escriba el mensaje.")
    alcance = exigir()
    interno = tipo == T.NOTA
    with transaction.atomic(), como_sistema("escribir un mensaje de la solicitud"):
        mensaje, nuevo = Mensaje.objects.get_or_create(
            clave=clave,
            defaults={
                "solicitud": solicitud,
                "parte": parte,
                "tipo": tipo,
                "texto": texto.strip(),
                "autor_id": alcance.persona_id,
                # Also what ventanilla registers of an entity that answered by mail or telephone.
                "de_la_entidad": alcance.rol in DE_ENTIDAD or tipo == T.COMPLEMENTO,
                "interno": interno,
                "en": ahora(),
            },
        )
        if (mensaje.solicitud_id, mensaje.autor_id) != (solicitud.pk, alcance.persona_id):
            raise ValidationError("Ese formulario ya se usó en otra solicitud. Recargue la página y envíelo de nuevo.")
        if nuevo:
            registrar(accion="solicitud.mensaje", objeto=solicitud, despues={"tipo": tipo, "mensaje": mensaje.pk})
            if not interno:
                anotar(
                    tipo="solicitudes.mensaje",
                    clave=f"mensaje:{mensaje.pk}",
                    carga={"mensaje": mensaje.pk},
                    solicitud_id=solicitud.pk,
                )
    return mensaje


def recibir_mensaje(
    *,
    solicitud: Solicitud,
    texto: str,
    clave: UUID,
    en: datetime,
    remitente: str,
    autor: Persona | None = None,
    tipo: str = T.MENSAJE,
    parte: Parte | None = None,
    interno: bool = False,
) -> Mensaje:
    """Add what came by another way than the portal, with the instant at which it came. The same `clave` twice is one.

    `remitente` is who says to have written it. `autor`, the account, only when it is proved that it did: nobody is
    given a voice by a name in a message. A complement takes its `parte` back to whoever attends it.
    """
    if not texto.strip():
        raise ValidationError("El mensaje no tiene texto.")
    interno = interno or tipo == T.NOTA
    with transaction.atomic(), como_sistema("recibir un mensaje de la solicitud"):
        anterior = Mensaje.objects.filter(clave=clave).first()
        if anterior is not None:
            return anterior
        if tipo == T.COMPLEMENTO:
            if parte is None:
                raise ValidationError("Diga qué parte esperaba lo que llegó.")
            parte = mover(parte=parte, accion="complementar")
            dejar_de_esperar(parte)
        mensaje = Mensaje.objects.create(
            clave=clave,
            solicitud=solicitud,
            parte=parte,
            tipo=tipo,
            texto=texto.strip(),
            autor=autor,
            remitente=remitente[:300],
            de_la_entidad=not interno,
            interno=interno,
            en=en,
        )
        registrar(accion="solicitud.mensaje", objeto=solicitud, despues={"tipo": tipo, "mensaje": mensaje.pk})
        if not interno:
            anotar(
                tipo="solicitudes.mensaje",
                clave=f"mensaje:{mensaje.pk}",
                carga={"mensaje": mensaje.pk},
                solicitud_id=solicitud.pk,
            )
    return mensaje


def pedir_complemento(*, parte: Parte, texto: str, clave: UUID, hasta: date | None = None) -> Parte:
    """Ask the entity for what is missing, at most one month (Ley 1755 de 2015, art. 17)."""
    tope = pedir_complemento_hasta(hoy())
    limite = hasta or tope
    if not hoy() < limite <= tope:
        raise ValidationError({"hasta": "La fecha límite va desde mañana hasta un mes después de hoy."})
    cambios: dict[str, Any] = {"complemento_hasta": limite}
    if parte.primera_atencion_en is None:
        cambios["primera_atencion_en"] = ahora()
    with transaction.atomic():
        movida = mover(parte=parte, accion="pedir_complemento", cambios=cambios)
        esperar_a_la_entidad(movida)
        escribir_mensaje(solicitud=movida.solicitud, texto=texto, clave=clave, tipo=T.COMPLEMENTO_PEDIDO, parte=movida)
    return movida


def pedir_complemento_hasta(dia: date) -> date:
    """The same day of next month, or its last one: at most one month to complete (Ley 1755 de 2015, art. 17)."""
    anio, mes = divmod(dia.year * 12 + dia.month, 12)
    return date(anio, mes + 1, min(dia.day, monthrange(anio, mes + 1)[1]))


def complementar(*, parte: Parte, texto: str, clave: UUID) -> Parte:
    """The entity answers what was asked; the parte comes back by itself to whoever attends it."""
    with transaction.atomic():
        movida = mover(parte=parte, accion="complementar")
        dejar_de_esperar(movida)
        escribir_mensaje(solicitud=movida.solicitud, texto=texto, clave=clave, tipo=T.COMPLEMENTO, parte=movida)
    return movida


def retomar(*, parte: Parte, motivo: str) -> Parte:
    """Go on without what was asked."""
    with transaction.atomic():
        movida = mover(parte=parte, accion="retomar", motivo=motivo)
        dejar_de_esperar(movida)
    return movida


def responder(*, parte: Parte, texto: str, clave: UUID) -> Parte:
    """Close a parte with a plain written reply that is not a concepto."""
    with transaction.atomic():
        escribir_mensaje(solicitud=parte.solicitud, texto=texto, clave=clave, tipo=T.RESPUESTA, parte=parte)
        return cerrar_parte(parte=parte, resultado="Respuesta escrita")


def cerrar_con_resultado(*, parte: Parte, resultado: str) -> Parte:
    """Close a parte whose assistance was given in sessions: delivered on the day of the last one, not of the paper."""
    return cerrar_parte(parte=parte, resultado=resultado, prestada_en=entregada_en(parte))


def cerrar_parte(
    *, parte: Parte, resultado: str, prestada_en: datetime | None = None, ya_se_aviso: bool = False
) -> Parte:
    """EN_ATENCION → ATENDIDA with its outcome. What is still scheduled must be held or cancelled first (R12).

    With `ya_se_aviso` the room that closes it tells the entity by itself: one mail per fact.
    """
    if not resultado.strip():
        raise ValidationError({"resultado": "Escriba el resultado: qué se entregó a la entidad."})
    que_no_quede_nada_programado(parte)
    instante = prestada_en or ahora()
    cambios: dict[str, Any] = {"resultado": resultado.strip(), "prestada_en": instante}
    if parte.primera_atencion_en is None:
        cambios["primera_atencion_en"] = instante
    return mover(parte=parte, accion="atender", cambios=cambios, datos={"ya_se_aviso": True} if ya_se_aviso else None)
