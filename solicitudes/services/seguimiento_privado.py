"""Following a solicitud by a link, for whoever asked by mail, by telephone or in person and has no account.

The link shows to whom it was sent what the portal would show them, and less of a reserved one. It ends when they can
see it in the portal, when their address is corrected, and 90 days after the solicitud closes.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from alcance import Alcance, como_sistema, con_alcance
from direcciones.models import Persona
from plazos.reloj import ahora
from solicitudes.estados import SOLICITUD_SIN_ENCUESTA, EstadoSolicitud
from solicitudes.models import EnlacePrivado, Mensaje, Parte, Solicitud
from solicitudes.models.privados import huella_del_enlace
from solicitudes.seguimiento import que_sigue

DURA = timedelta(days=90)  # after it closes, as the addresses that are answered (M04)
_FORMA = re.compile(r"[0-9a-f]{40}")
# Where the page of the portal speaks of what only it has.
_TERMINADAS = {
    EstadoSolicitud.ATENDIDA: "Respondimos su solicitud. Si algo no quedó claro, escríbanos y cite el radicado.",
    EstadoSolicitud.CERRADA: "Esta solicitud terminó. Si necesita algo más sobre el tema, haga una nueva.",
    EstadoSolicitud.TRASLADADA: "La trasladamos a la entidad que debe responderla: ella le escribe.",
}
_COMO_RESPONDER = "Responda por el mismo medio por el que la pidió y cite el radicado"


@dataclass(frozen=True, slots=True)
class MensajePublico:
    en: datetime
    tipo: str
    texto: str
    quien: str


@dataclass(frozen=True, slots=True)
class Seguimiento:
    """What a link shows. Of a reserved one only its number, its state and its dates: a mail passes through many hands.

    `vigente`: False when the link ended, and then nothing else is told."""

    vigente: bool
    radicado: str = ""
    estado: str = ""
    estado_dicho: str = ""
    abierta: bool = False
    reservada: bool = False
    recibido_en: datetime | None = None
    radicado_en: datetime | None = None
    fecha_efectiva: date | None = None
    vence: date | None = None
    asunto: str = ""
    por_donde: str = ""
    sigue: tuple[str, ...] = ()
    dependencias: tuple[str, ...] = ()
    resultados: tuple[str, ...] = ()
    mensajes: tuple[MensajePublico, ...] = ()


def enlace_de(solicitud: Solicitud, correo: str) -> EnlacePrivado:
    """The link of that address, which always has its secret. For the system, inside a transaction."""
    correo = correo.strip().lower()
    Solicitud.objects.bajo_cerrojo().get(pk=solicitud.pk)
    abierto: EnlacePrivado | None = EnlacePrivado.objects.abiertos().filter(solicitud=solicitud, correo=correo).first()
    if abierto is not None:
        if abierto.token():
            return abierto
        revocar(solicitud_id=solicitud.pk, correo=correo)  # made with a key that was thrown away
    enlace = EnlacePrivado.nuevo(solicitud, correo)
    enlace.creado_en = ahora()
    enlace.save(force_insert=True)
    return enlace


def revocar(*, solicitud_id: int, correo: str) -> None:
    """What was sent to that address opens nothing any more. For the system."""
    suyos = EnlacePrivado.objects.abiertos().filter(solicitud=solicitud_id, correo=correo.strip().lower())
    suyos.update(revocado_en=ahora())


def por_token(token: str) -> Seguimiento | None:
    """What that link shows today; None when no link is like that."""
    if not _FORMA.fullmatch(token):
        return None
    with con_alcance(Alcance(token=huella_del_enlace(token))), transaction.atomic():
        enlace = EnlacePrivado.objects.filter(token_sha256=huella_del_enlace(token)).first()
    if enlace is None:
        return None
    with como_sistema("mostrar una solicitud a quien tiene su enlace privado"), transaction.atomic():
        solicitud = Solicitud.objects.get(pk=enlace.solicitud_id)
        if not _vale(enlace, solicitud):
            return Seguimiento(vigente=False)
        return _reservada(solicitud) if solicitud.reservada else _completa(solicitud)


def _vale(enlace: EnlacePrivado, solicitud: Solicitud) -> bool:
    if enlace.revocado_en is not None or solicitud.remitente_correo.strip().lower() != enlace.correo:
        return False
    cerrada_en = _cerrada_en(solicitud)
    if cerrada_en is not None and ahora() > cerrada_en + DURA:
        return False
    return not Persona.objects.filter(correo__iexact=enlace.correo).exists()


def _cerrada_en(solicitud: Solicitud) -> datetime | None:
    """What ends without a survey closes with its last parte."""
    if solicitud.cerrada_en is not None or solicitud.estado not in SOLICITUD_SIN_ENCUESTA:
        return solicitud.cerrada_en
    ultima: datetime | None = Parte.objects.filter(solicitud=solicitud).aggregate(en=Max("cerrada_en"))["en"]
    return ultima


def _reservada(solicitud: Solicitud) -> Seguimiento:
    return Seguimiento(
        vigente=True,
        radicado=solicitud.radicado,
        estado=solicitud.estado,
        estado_dicho=solicitud.get_estado_display(),
        abierta=solicitud.esta_abierta,
        reservada=True,
        recibido_en=solicitud.recibido_en,
        vence=solicitud.vence,
    )


def _completa(solicitud: Solicitud) -> Seguimiento:
    partes = list(
        Parte.objects.filter(solicitud=solicitud).select_related("dependencia", "asesor").order_by("-lidera", "pk")
    )
    mensajes = Mensaje.objects.filter(solicitud=solicitud, interno=False).order_by("-en", "-pk")
    return Seguimiento(
        vigente=True,
        radicado=solicitud.radicado,
        estado=solicitud.estado,
        estado_dicho=solicitud.get_estado_display(),
        abierta=solicitud.esta_abierta,
        recibido_en=solicitud.recibido_en,
        radicado_en=solicitud.radicado_en,
        fecha_efectiva=solicitud.fecha_efectiva,
        vence=solicitud.vence,
        asunto=solicitud.asunto,
        por_donde=solicitud.por_donde,
        sigue=_que_sigue(solicitud, partes),
        dependencias=tuple(str(parte.dependencia) for parte in partes),
        resultados=tuple(parte.resultado for parte in partes if parte.resultado),
        mensajes=tuple(
            MensajePublico(uno.en, uno.tipo, uno.texto, _quien(uno, solicitud))
            for uno in mensajes.select_related("autor")
        ),
    )


def _que_sigue(solicitud: Solicitud, partes: list[Parte]) -> tuple[str, ...]:
    if solicitud.estado in _TERMINADAS:
        return (_TERMINADAS[EstadoSolicitud(solicitud.estado)],)
    sigue = que_sigue(solicitud, partes)
    return (*sigue.parrafos, f"{_COMO_RESPONDER} {solicitud.radicado}.") if sigue.accion else sigue.parrafos


def _quien(mensaje: Mensaje, solicitud: Solicitud) -> str:
    if mensaje.autor is not None:
        return str(mensaje.autor.nombre)
    return solicitud.remitente_nombre if mensaje.de_la_entidad else ""
