"""What had happened to an open solicitud before the portal: since when somebody has it, when it was first attended,
since when it waits for its entity, and its next session.

It comes with the solicitud or after it, when another file brings what the first did not. Its lines of the history are
of the instant at which they were written and say the dates of before; nobody is told what they know already.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from alcance import Alcance, con_alcance, exigir
from bitacora.services import registrar
from direcciones.models import Modalidad
from plazos.fechas import a_las, enumerar, fecha_corrida
from plazos.reloj import ahora
from solicitudes.estados import EstadoParte
from solicitudes.models import Mensaje, Movimiento, Parte, Solicitud
from solicitudes.services.actuaciones import registrar_actuacion
from solicitudes.services.conversacion import pedir_complemento_hasta
from solicitudes.services.relojes import empezar_de_nuevo, esperar_a_la_entidad
from solicitudes.services.transiciones import bajo_cerrojo, mover
from solicitudes.services.turnos import tomar_turnos

# Field of the parte → how its history says it.
FECHAS = {"asignada_en": "asignada", "primera_atencion_en": "atendida por primera vez"}
SIN_LO_PEDIDO = (
    "Lo que se le pidió está en la comunicación que recibió antes de este portal. Si no la tiene, escriba un mensaje "
    "a quien la atiende."
)


@dataclass(frozen=True, slots=True)
class Sesion:
    """`acordada_en`: when it was scheduled, if the file says so."""

    modalidad: Modalidad
    para: datetime
    medio: str
    lugar: str
    acordada_en: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trayectoria:
    asignada_en: datetime | None = None
    primera_atencion_en: datetime | None = None
    espera_desde: date | None = None
    se_pidio: str = ""
    sesion: Sesion | None = None

    def __bool__(self) -> bool:
        return any((self.asignada_en, self.primera_atencion_en, self.espera_desde, self.sesion))


def traer(*, solicitud: Solicitud, trayectoria: Trayectoria) -> Parte:
    """Write what is not there yet. The caller saw that nobody of the portal has moved it. Raises ValidationError."""
    persona_id = exigir().persona_id
    suyo = Alcance(persona_id=persona_id, nivel="sistema", motivo="traer lo que ya se hizo antes del portal")
    with transaction.atomic(), con_alcance(suyo):
        parte = Parte.objects.get(solicitud=solicitud, lidera=True)
        tomar_turnos(bandejas=[parte.asesor_id])
        parte = _con_sus_fechas(bajo_cerrojo(parte.pk).parte, trayectoria)
        if trayectoria.sesion is not None:
            _programar(parte, trayectoria.sesion)
        if trayectoria.espera_desde is not None and parte.estado == EstadoParte.EN_ATENCION:
            parte = _esperar(parte, trayectoria.espera_desde, trayectoria.se_pidio)
    return parte


def _con_sus_fechas(parte: Parte, trayectoria: Trayectoria) -> Parte:
    fechas = {campo: getattr(trayectoria, campo) for campo in FECHAS}
    fechas = {campo: cuando for campo, cuando in fechas.items() if cuando and cuando != getattr(parte, campo)}
    if not fechas:
        return parte
    antes = {campo: _iso(getattr(parte, campo)) for campo in fechas}
    for campo, cuando in fechas.items():
        setattr(parte, campo, cuando)
    parte.save(update_fields=list(fechas))
    empezar_de_nuevo(parte, fechas)
    despues = {campo: _iso(cuando) for campo, cuando in fechas.items()}
    dichas = enumerar([f"{FECHAS[campo]} el {_en_palabras(cuando)}" for campo, cuando in fechas.items()])
    Movimiento.objects.create(
        solicitud_id=parte.solicitud_id,
        parte=parte,
        accion="traer_fechas",
        texto=f"Antes del portal: {dichas}"[:300],
        datos={"importada": True, "antes": antes, "despues": despues},
        persona_id=exigir().persona_id,
        en=ahora(),
    )
    registrar(accion="parte.traer_fechas", objeto=parte, antes=antes, despues=despues)
    return parte


def _programar(parte: Parte, sesion: Sesion) -> None:
    datos = {
        "modalidad": sesion.modalidad,
        "asunto": parte.solicitud.asunto,
        "programada_para": sesion.para,
        "medio": sesion.medio,
        "lugar": sesion.lugar,
    }
    if sesion.acordada_en is not None:
        datos["registrada_en"] = sesion.acordada_en
    registrar_actuacion(parte=parte, datos=datos, importada=True)


def _esperar(parte: Parte, desde: date, se_pidio: str) -> Parte:
    """Since that day, and at most one month as any other: its ANS stand still as if it had been asked here."""
    ocurrio = timezone.make_aware(datetime.combine(desde, time()))
    movida = mover(
        parte=parte,
        accion="recibir_en_espera",
        cambios={"complemento_hasta": pedir_complemento_hasta(desde)},
        datos={"por": "importacion", "importada": True, "ocurrio": ocurrio.isoformat()},
        etiquetas={"desde": fecha_corrida(desde)},
    )
    esperar_a_la_entidad(movida, desde)
    # The entity answers what it reads. Nobody of the portal wrote it.
    Mensaje.objects.create(
        clave=uuid5(NAMESPACE_URL, f"portal-sdfi/trayectoria/{parte.pk}/{desde}"),
        solicitud_id=parte.solicitud_id,
        parte=movida,
        tipo=Mensaje.Tipo.COMPLEMENTO_PEDIDO,
        texto=se_pidio.strip() or SIN_LO_PEDIDO,
        remitente="Antes del portal",
        en=max(ocurrio, parte.recibido_en),
    )
    return movida


def _en_palabras(cuando: datetime) -> str:
    local = timezone.localtime(cuando)
    return f"{fecha_corrida(local.date())} {a_las(local)}"


def _iso(cuando: datetime | None) -> str:
    return timezone.localtime(cuando).isoformat() if cuando else ""
