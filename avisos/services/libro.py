"""The ledger: one line for each notice, written with the fact that made it.

When its mail is handed over, dies or is discarded, the outbox says so here by itself (migration 0006); when the notice
is read in the portal, the notice does (migration 0004).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.db.models import Q

from alcance import como_sistema
from avisos.eventos import Clase, clase_de
from avisos.identidad import mensaje_id
from avisos.models import Aviso, Envio
from avisos.services.direcciones import pedir_que_se_lo_digan, por_que_no_se_le_escribe
from bandeja.models import Entrega
from bandeja.services import Efecto
from direcciones.models import Persona
from plazos.escritura import cuando_escribir
from plazos.reloj import ahora

Canal = Envio.Canal
A_LA_VEZ = 500
_debido: ContextVar[datetime | None] = ContextVar("debido", default=None)


@contextmanager
def debido_desde(instante: datetime) -> Iterator[None]:
    """What is told inside was due then, and waited for its hour."""
    marca = _debido.set(instante)
    try:
        yield
    finally:
        _debido.reset(marca)


def apuntar(
    *,
    clave: str,
    evento: str = "",
    persona: Persona | None = None,
    correo: str = "",
    nombre: str = "",
    solicitud_id: int | None = None,
    canal: str = Canal.CORREO,
    aviso: Aviso | None = None,
    desde: datetime | None = None,
) -> None:
    """One line; the same `clave` twice is one. By mail it is in the outbox already; by the other ways, not yet."""
    instante = desde or ahora()
    _escribir(
        Envio(
            clave=clave,
            evento=evento,
            persona=persona,
            correo=correo.lower(),
            nombre=nombre[:150],
            solicitud_id=solicitud_id,
            canal=canal,
            aviso=aviso,
            mensaje_id=mensaje_id(clave) if canal == Canal.CORREO else "",
            debido_en=min(_debido.get() or instante, instante),
            encolado_en=instante if canal == Canal.CORREO else None,
        )
    )


def apuntar_sin_destino(
    *,
    clave: str,
    motivo: str,
    evento: str = "",
    persona: Persona | None = None,
    nombre: str = "",
    solicitud_id: int | None = None,
) -> None:
    """What nobody could be told: it is a line too, and says why."""
    instante = ahora()
    _escribir(
        Envio(
            clave=f"nadie:{clave}:{persona.pk if persona else ''}",
            evento=evento,
            persona=persona,
            correo=persona.correo.lower() if persona else "",
            nombre=(nombre or (persona.nombre if persona else ""))[:150],
            solicitud_id=solicitud_id,
            debido_en=instante,
            desenlace=Envio.Desenlace.DESCARTADO,
            desenlace_en=instante,
            motivo=motivo,
        )
    )


def despachar(
    entrega: Entrega, mensaje: EmailMessage, *, evento: str = "", persona: Persona | None = None
) -> Efecto | None:
    """The mail that a fact of the outbox is, with its line. `persona`: whose notice of the same fact it goes with.

    To an address that bounces nothing leaves, and the line says why: it waits there for another address. Of what the
    law orders, somebody is asked to tell it by other means."""
    nombre, correo = parseaddr(mensaje.to[0])
    aviso = None
    if persona is not None:
        aviso = Aviso.objects.filter(clave=f"{entrega.clave_idempotencia}:{persona.pk}").first()
    apuntar(
        clave=entrega.clave_idempotencia,
        evento=evento,
        persona=persona,
        correo=correo,
        nombre=str(make_header(decode_header(nombre))),
        solicitud_id=entrega.solicitud_id,
        aviso=aviso,
        desde=min(entrega.creada_en, ahora()),
    )
    _guardar_el_asunto(entrega, str(mensaje.subject))
    if motivo := por_que_no_se_le_escribe(correo, evento):
        with como_sistema("apuntar que a esa dirección no se le escribe"):
            clave = entrega.clave_idempotencia
            suyos = Envio.objects.filter(Q(clave=clave) | Q(dentro_de__clave=clave), desenlace="")
            suyos.update(desenlace=Envio.Desenlace.RECHAZADO, desenlace_en=ahora(), motivo=motivo)
            if clase_de(evento) is Clase.LEGAL:
                pedir_que_se_lo_digan(Envio.objects.get(clave=clave))
        return None
    return mensaje.send


def _guardar_el_asunto(entrega: Entrega, asunto: str) -> None:
    """Of a mail that is built as it leaves: what it was called, for whoever reads the expediente later."""
    if "carta" not in entrega.carga and entrega.carga.get("asunto") != asunto:
        entrega.carga = {**entrega.carga, "asunto": asunto}
        Entrega.objects.filter(pk=entrega.pk).update(carga=entrega.carga)


def envios_de(solicitud_id: int) -> list[Envio]:
    """What was told of a solicitud, the newest first: for whoever may see it, which the caller has looked at."""
    with como_sistema("leer los avisos de una solicitud que se puede ver"):
        return list(Envio.objects.filter(solicitud_id=solicitud_id).order_by("-id")[:A_LA_VEZ])


def con_su_hora(envios: list[Envio]) -> list[Envio]:
    """Each with when it will leave, if it waits for business hours: at night nobody wonders why it has not left."""
    instante = ahora()
    hora = cuando_escribir(instante)
    for envio in envios:
        espera = hora > instante and envio.por_salir and clase_de(envio.evento) is Clase.NORMAL
        envio.saldra = hora if espera else None  # type: ignore[attr-defined]
    return envios


def _escribir(envio: Envio) -> None:
    with como_sistema("apuntar en el libro de avisos"):
        Envio.objects.bulk_create([envio], ignore_conflicts=True)
