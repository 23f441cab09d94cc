"""Sessions and other assistance actually given: schedule, record, reschedule, cancel (R12, R16, R27, R28)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from alcance import Alcance, como_sistema, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from plazos.fechas import fecha_corrida, hora
from plazos.reloj import ahora
from solicitudes.estados import ACTOS
from solicitudes.models import Actuacion, Parte, Solicitud
from solicitudes.services.agenda import falla_de_agenda
from solicitudes.services.relojes import empezar_relojes
from solicitudes.services.transiciones import NoSePuede, linea_de_la_historia, por_que_no
from solicitudes.services.turnos import tomar_turnos

Estado = Actuacion.Estado
PISTAS_DE_LUGAR = {
    Actuacion.Medio.VIRTUAL: "Escriba el enlace de la reunión, por ejemplo https://…",
    Actuacion.Medio.PRESENCIAL: "Escriba el lugar: dirección y salón.",
    Actuacion.Medio.TELEFONICA: "Escriba el número de teléfono.",
}
_HECHOS = {
    Estado.PROGRAMADA: "Programó: {modalidad}",
    Estado.REALIZADA: "Registró como realizada: {modalidad}",
    Estado.CANCELADA: "Canceló: {modalidad}",
}


def registrar_actuacion(*, parte: Parte, datos: Mapping[str, Any], importada: bool = False) -> Actuacion:
    """Schedule or record an actuación of any modality. Raises ValidationError with what is missing. `importada`: it
    was scheduled before the portal, which tells nobody what they know, and may say when it was."""
    alcance = exigir()
    actuacion = Actuacion(solicitud_id=parte.solicitud_id, parte=parte, **datos)
    actuacion.registrada_por_id = alcance.persona_id  # type: ignore[assignment]  # the column refuses nobody
    with transaction.atomic(), como_sistema("registrar una actuación"):
        tomar_turnos(bandejas=[parte.asesor_id])
        actual = _bloquear(parte, alcance)
        repetida = _la_misma(actuacion)
        if repetida is not None:
            return repetida
        _comprobar(actuacion, actual)
        if not importada or "registrada_en" not in datos:
            actuacion.registrada_en = ahora()
        actuacion.save(force_insert=True)
        _reflejar(actuacion, actual, alcance, importada=importada)
        registrar(accion="solicitud.actuacion", objeto=actuacion, despues={"estado": actuacion.estado})
    return actuacion


def cambiar_actuacion(*, actuacion: Actuacion, cambios: Mapping[str, Any]) -> Actuacion:
    """Reschedule, mark as held or cancel with a reason."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("cambiar una actuación"):
        tomar_turnos(bandejas=[Parte.objects.get(pk=actuacion.parte_id).asesor_id])
        parte = _bloquear(Parte.objects.get(pk=actuacion.parte_id), alcance)
        actual = Actuacion.objects.bajo_cerrojo().get(pk=actuacion.pk)
        if actual.estado != Estado.PROGRAMADA:
            raise NoSePuede("Esa sesión ya se cerró. Registre otra si hace falta.")
        antes = {"estado": actual.estado, "programada_para": str(actual.programada_para or "")}
        for campo, valor in cambios.items():
            setattr(actual, campo, valor)
        _comprobar(actual, parte)
        actual.save(update_fields=list(cambios))
        _reflejar(actual, parte, alcance)
        registrar(accion="solicitud.actuacion", objeto=actual, antes=antes, despues={"estado": actual.estado})
    return actual


def que_no_quede_nada_programado(parte: Parte) -> None:
    """What is still scheduled must be held or cancelled before the parte leaves or closes (R12)."""
    with como_sistema("ver si queda algo programado"):
        if Actuacion.objects.filter(parte=parte, estado=Estado.PROGRAMADA).exists():
            raise NoSePuede("Queda una sesión programada. Regístrela como realizada o cancélela con su motivo.")


def entregada_en(parte: Parte) -> datetime | None:
    """When the last session held ended; None without any."""
    with como_sistema("ver cuándo terminó la última sesión"):
        realizadas = Actuacion.objects.filter(parte=parte, estado=Estado.REALIZADA)
        return realizadas.aggregate(ultima=Max(Coalesce("fin", "inicio")))["ultima"]


def _la_misma(nueva: Actuacion) -> Actuacion | None:
    """One session written twice with the same data is one (double click)."""
    campos = ("parte_id", "modalidad_id", "estado", "medio", "lugar", "asunto", "programada_para", "inicio")
    return Actuacion.objects.filter(**{campo: getattr(nueva, campo) for campo in campos}).first()


def _bloquear(parte: Parte, alcance: Alcance) -> Parte:
    """The parte, locked after its solicitud like everywhere else. Raises NoSePuede when it is not for this person."""
    Solicitud.objects.bajo_cerrojo().get(pk=parte.solicitud_id)
    actual = Parte.objects.bajo_cerrojo().get(pk=parte.pk)
    razon = por_que_no(actual, ACTOS["programar"], alcance)
    if razon:
        raise NoSePuede(razon)
    return actual


def _reflejar(actuacion: Actuacion, parte: Parte, alcance: Alcance, *, importada: bool = False) -> None:
    """Dates of the parte, line of the history and fact for whoever must be told.

    Programada and first attention are dates of their own; delivered is only set when the parte closes.
    """
    vivas = Actuacion.objects.filter(parte=parte).exclude(estado=Estado.CANCELADA)
    primeras = vivas.aggregate(
        programada_en=Min("registrada_en", filter=Q(programada_para__isnull=False)),
        realizada_en=Min(Coalesce("fin", "inicio"), filter=Q(estado=Estado.REALIZADA)),
        programada_para=Min("programada_para"),
    )
    for campo, instante in primeras.items():
        setattr(parte, campo, instante)
    if actuacion.estado == Estado.REALIZADA and parte.primera_atencion_en is None:
        parte.primera_atencion_en = actuacion.inicio
    parte.save(update_fields=[*primeras, "primera_atencion_en"])
    empezar_relojes(parte)
    dicho = "Ya tenía programada: {modalidad}" if importada else _HECHOS[Estado(actuacion.estado)]
    hecho = dicho.format(modalidad=actuacion.modalidad.nombre.lower())
    if actuacion.estado == Estado.PROGRAMADA and actuacion.programada_para:
        cuando = timezone.localtime(actuacion.programada_para)
        hecho += f", para el {fecha_corrida(cuando.date())}, {hora(cuando)}"
    movimiento = linea_de_la_historia(
        transicion=ACTOS["programar"],
        parte=parte,
        de=parte.estado,
        motivo=actuacion.motivo_cancelacion,
        etiquetas={"hecho": hecho},
        datos={"actuacion": actuacion.pk, "estado": actuacion.estado} | ({"importada": True} if importada else {}),
        alcance=alcance,
    )
    movimiento.save(force_insert=True)
    if importada:
        return
    anotar(
        tipo="solicitudes.actuacion",
        clave=f"actuacion:{actuacion.pk}:{movimiento.pk}",
        carga={"actuacion": actuacion.pk},
        solicitud_id=parte.solicitud_id,
    )


def _comprobar(actuacion: Actuacion, parte: Parte) -> None:
    fallas = {
        **_falla_de_lugar(actuacion),
        **_fallas_de_fecha(actuacion, parte),
    }
    if actuacion.modalidad.exige_proveedor and not (actuacion.proveedor.strip() and actuacion.contrato.strip()):
        fallas["proveedor"] = "Un apoyo externo necesita el proveedor y el número del contrato."
    if fallas:
        raise ValidationError(fallas)
    actuacion.clean_fields()
    actuacion.validate_constraints()


def _falla_de_lugar(actuacion: Actuacion) -> dict[str, str]:
    """A virtual one needs a link, one in person a place, one by telephone a number (R27)."""
    lugar = (actuacion.lugar or "").strip()
    virtual_sin_enlace = actuacion.medio == Actuacion.Medio.VIRTUAL and not lugar.startswith(("https://", "http://"))
    telefonica_sin_numero = actuacion.medio == Actuacion.Medio.TELEFONICA and not any(c.isdigit() for c in lugar)
    if lugar and not virtual_sin_enlace and not telefonica_sin_numero:
        return {}
    return {"lugar": PISTAS_DE_LUGAR[Actuacion.Medio(actuacion.medio)]}


def _fallas_de_fecha(actuacion: Actuacion, parte: Parte) -> dict[str, str]:
    if actuacion.estado == Estado.PROGRAMADA:
        falla = falla_de_agenda(actuacion, parte) if actuacion.programada_para else "Diga para cuándo se programa."
        return {"programada_para": falla} if falla else {}
    if actuacion.estado == Estado.CANCELADA:
        return {} if actuacion.motivo_cancelacion.strip() else {"motivo_cancelacion": "Diga por qué se cancela."}
    fallas = {}
    if not actuacion.inicio:
        fallas["inicio"] = "Diga cuándo se realizó."
    elif not parte.recibido_en <= actuacion.inicio <= ahora():
        fallas["inicio"] = "La fecha va desde que se recibió la solicitud hasta hoy."
    if actuacion.fin and actuacion.fin > ahora():
        fallas["fin"] = "Una sesión realizada no termina en el futuro. Corrija la hora."
    if not actuacion.resultado.strip():
        fallas["resultado"] = "Diga qué resultado dejó la sesión."
    return fallas
