"""Messages, complements, written replies and actuaciones."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from bandeja.services import anotar
from bitacora.services import registrar
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from direcciones.roles import DE_ENTIDAD
from plazos.reloj import ahora, hoy
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Mensaje, Parte, Solicitud
from solicitudes.services.transiciones import NoSePuede, mover, pedir_complemento_hasta

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
                "de_la_entidad": alcance.rol in DE_ENTIDAD,
                "interno": interno,
                "en": ahora(),
            },
        )
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


def pedir_complemento(*, parte: Parte, texto: str, clave: UUID, hasta: date | None = None) -> Parte:
    """Ask the entity for what is missing, at most one month (Ley 1755 de 2015, art. 17)."""
    tope = pedir_complemento_hasta(hoy())
    limite = hasta or tope
    if not hoy() < limite <= tope:
        raise ValidationError("La fecha límite va desde mañana hasta un mes después de hoy.")
    with transaction.atomic():
        movida = mover(parte=parte, accion="pedir_complemento", motivo=texto, cambios={"complemento_hasta": limite})
        _primera_atencion(movida)
        escribir_mensaje(solicitud=movida.solicitud, texto=texto, clave=clave, tipo=T.COMPLEMENTO_PEDIDO, parte=movida)
    return movida


def complementar(*, parte: Parte, texto: str, clave: UUID) -> Parte:
    """The entity answers what was asked; the parte comes back by itself to whoever attends it."""
    with transaction.atomic():
        movida = mover(parte=parte, accion="complementar")
        escribir_mensaje(solicitud=movida.solicitud, texto=texto, clave=clave, tipo=T.COMPLEMENTO, parte=movida)
    return movida


def responder(*, parte: Parte, texto: str, clave: UUID) -> Parte:
    """Close a parte with a plain written reply that is not a concepto."""
    with transaction.atomic():
        escribir_mensaje(solicitud=parte.solicitud, texto=texto, clave=clave, tipo=T.RESPUESTA, parte=parte)
        return cerrar_parte(parte=parte, resultado="Respuesta escrita")


def registrar_actuacion(*, parte: Parte, datos: Mapping[str, Any]) -> Actuacion:
    """Schedule or record an actuación of any modality. Raises ValidationError with what is missing (R27, R28)."""
    alcance = exigir()
    if parte.estado != EstadoParte.EN_ATENCION:
        raise NoSePuede("Empiece a atender la solicitud antes de programar una actuación.")
    actuacion = Actuacion(solicitud_id=parte.solicitud_id, parte=parte, registrada_por_id=alcance.persona_id, **datos)
    _comprobar_actuacion(actuacion)
    with transaction.atomic(), como_sistema("registrar una actuación"):
        actuacion.save()
        _reflejar_en_la_parte(actuacion, parte)
        registrar(accion="solicitud.actuacion", objeto=actuacion, despues={"estado": actuacion.estado})
        anotar(
            tipo="solicitudes.actuacion",
            clave=f"actuacion:{actuacion.pk}:{actuacion.estado}",
            carga={"actuacion": actuacion.pk},
            solicitud_id=parte.solicitud_id,
        )
    return actuacion


def cambiar_actuacion(*, actuacion: Actuacion, cambios: Mapping[str, Any]) -> Actuacion:
    """Reschedule, mark as held or cancel with a reason."""
    with transaction.atomic(), como_sistema("cambiar una actuación"):
        actual = Actuacion.objects.select_for_update(of=("self",)).get(pk=actuacion.pk)
        if actual.estado != Actuacion.Estado.PROGRAMADA:
            raise NoSePuede("Esa actuación ya se cerró. Registre otra si hace falta.")
        antes = {"estado": actual.estado}
        for campo, valor in cambios.items():
            setattr(actual, campo, valor)
        _comprobar_actuacion(actual)
        actual.save(update_fields=list(cambios))
        _reflejar_en_la_parte(actual, Parte.objects.get(pk=actual.parte_id))
        registrar(accion="solicitud.actuacion", objeto=actual, antes=antes, despues={"estado": actual.estado})
        anotar(
            tipo="solicitudes.actuacion",
            clave=f"actuacion:{actual.pk}:{actual.estado}",
            carga={"actuacion": actual.pk},
            solicitud_id=actual.solicitud_id,
        )
    return actual


def cerrar_parte(*, parte: Parte, resultado: str) -> Parte:
    """EN_ATENCION → ATENDIDA with its outcome. What is still scheduled must be held or cancelled first (R12)."""
    if not resultado.strip():
        raise ValidationError("Escriba el resultado: qué se entregó a la entidad.")
    with como_sistema("ver si queda algo programado"):
        if Actuacion.objects.filter(parte=parte, estado=Actuacion.Estado.PROGRAMADA).exists():
            raise NoSePuede("Queda una actuación programada. Regístrela como realizada o cancélela con motivo.")
    instante = ahora()
    cambios = {"resultado": resultado.strip(), "prestada_en": instante}
    if parte.primera_atencion_en is None:
        cambios["primera_atencion_en"] = instante
    return mover(parte=parte, accion="atender", cambios=cambios)


def _primera_atencion(parte: Parte) -> None:
    if parte.primera_atencion_en is None:
        with como_sistema("anotar la primera atención"):
            parte.primera_atencion_en = ahora()
            parte.save(update_fields=["primera_atencion_en"])


def _reflejar_en_la_parte(actuacion: Actuacion, parte: Parte) -> None:
    """Programada and first attention are dates of their own; delivered is only set when the parte closes."""
    cambios = []
    if actuacion.estado == Actuacion.Estado.PROGRAMADA and parte.programada_para != actuacion.programada_para:
        parte.programada_para = actuacion.programada_para
        cambios.append("programada_para")
    if actuacion.estado == Actuacion.Estado.REALIZADA and parte.primera_atencion_en is None:
        parte.primera_atencion_en = actuacion.inicio
        cambios.append("primera_atencion_en")
    if cambios:
        parte.save(update_fields=cambios)


def _comprobar_actuacion(actuacion: Actuacion) -> None:
    fallas = {}
    pistas = {
        Actuacion.Medio.VIRTUAL: "Escriba el enlace de la reunión, por ejemplo https://…",
        Actuacion.Medio.PRESENCIAL: "Escriba el lugar: dirección y salón.",
        Actuacion.Medio.TELEFONICA: "Escriba el número de teléfono.",
    }
    lugar = (actuacion.lugar or "").strip()
    virtual_sin_enlace = actuacion.medio == Actuacion.Medio.VIRTUAL and not lugar.startswith(("https://", "http://"))
    telefonica_sin_numero = actuacion.medio == Actuacion.Medio.TELEFONICA and not any(c.isdigit() for c in lugar)
    if not lugar or virtual_sin_enlace or telefonica_sin_numero:
        fallas["lugar"] = pistas[Actuacion.Medio(actuacion.medio)]
    if actuacion.modalidad.exige_proveedor and not (actuacion.proveedor and actuacion.contrato):
        fallas["proveedor"] = "Un apoyo externo necesita el proveedor y el número del contrato."
    if actuacion.estado == Actuacion.Estado.PROGRAMADA and actuacion.programada_para is None:
        fallas["programada_para"] = "Diga para cuándo se programa."
    if fallas:
        raise ValidationError(fallas)
    actuacion.clean_fields()
    actuacion.validate_constraints()
