"""What comes back of a mail: it is written once, closes its line of the ledger, marks the address and has whoever can
mend it told. When the address changes, what did not arrive leaves again (security.md M11).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from alcance import como_sistema, exigir
from avisos.eventos import Clase, clase_de
from avisos.identidad import mensaje_id
from avisos.models import DireccionCorreo, Envio, EventoCorreo
from bandeja.models import Entrega, EstadoEntrega
from bandeja.services import anotar, descartar
from bitacora.services import registrar
from direcciones.models import Persona
from direcciones.roles import Rol

Tipo, Estado, Causa, Desenlace = EventoCorreo.Tipo, DireccionCorreo.Estado, DireccionCorreo.Causa, Envio.Desenlace
BLANDOS = 5  # of these in a row, and the address is as bad as one that does not exist
EN_LA_PUERTA = "smtp"
RECIENTE = timedelta(days=10)
MALOS = (Tipo.DURO, Tipo.BLANDO, Tipo.QUEJA)
NO_LLEGO = (Tipo.BLANDO, Tipo.RECHAZO)
_EN_EL_LIBRO = {
    Tipo.ENTREGADO: Desenlace.ENTREGADO,
    Tipo.DURO: Desenlace.REBOTADO,
    Tipo.BLANDO: Desenlace.REBOTADO,
    Tipo.RECHAZO: Desenlace.REBOTADO,
    Tipo.QUEJA: Desenlace.QUEJADO,
}
NO_LLEGARON = (Desenlace.REBOTADO, Desenlace.RECHAZADO, Desenlace.MUERTO)


@dataclass(frozen=True, slots=True)
class Suceso:
    """What somebody said of a mail. `identidad`: what makes that saying one and not two."""

    origen: str
    identidad: str
    tipo: str
    correo: str = ""
    en: datetime | None = None
    mensaje_id: str = ""
    codigo: str = ""
    detalle: str = ""

    def huella(self) -> str:
        return hashlib.sha256(f"{self.origen}\n{self.identidad}".encode()).hexdigest()


# --- What comes back -----------------------------------------------------------------------------------------------
def anotar_suceso(suceso: Suceso) -> bool:
    """Write it down with all that follows from it. False when it had been said before."""
    with transaction.atomic(), como_sistema("anotar lo que se supo de un correo"):
        envio = Envio.objects.filter(mensaje_id=suceso.mensaje_id).first() if suceso.mensaje_id else None
        # A forwarded mail bounces with another address: the one we wrote to is the one that does not receive.
        correo = (envio.correo if envio and envio.correo else suceso.correo).strip().lower()[:254]
        evento, es_nuevo = EventoCorreo.objects.get_or_create(
            huella=suceso.huella(),
            defaults={
                "origen": suceso.origen[:20],
                "tipo": suceso.tipo,
                "correo": correo,
                "mensaje_id": suceso.mensaje_id[:300],
                "codigo": suceso.codigo[:20],
                "detalle": suceso.detalle.replace("\x00", "")[:500],
                "en": suceso.en or timezone.now(),
            },
        )
        if not es_nuevo:
            return False
        if envio is not None and suceso.origen != EN_LA_PUERTA:  # the outbox has closed its line with its words
            _cerrar(envio, evento)
        es_mala = bool(correo) and _repasar(correo, evento, envio)
        if envio is not None and not es_mala and evento.tipo in NO_LLEGO and clase_de(envio.evento) is Clase.LEGAL:
            pedir_que_se_lo_digan(envio)
        return True


def _cerrar(envio: Envio, evento: EventoCorreo) -> None:
    """The outcome in the ledger. What bounced after being taken did not arrive, and not the other way round."""
    desenlace = _EN_EL_LIBRO.get(Tipo(evento.tipo))
    if desenlace is None or (desenlace == Desenlace.ENTREGADO and envio.desenlace):
        return
    motivo = evento.dicho[:200] if desenlace != Desenlace.ENTREGADO else ""
    # What was told inside the mail of the day ends as that mail does.
    suyos = Envio.objects.filter(Q(pk=envio.pk) | Q(dentro_de=envio.pk))
    suyos.update(desenlace=desenlace, desenlace_en=evento.en, motivo=motivo)


def _repasar(correo: str, evento: EventoCorreo, envio: Envio | None) -> bool:
    """What all that was said of the address, since somebody last looked at it, makes of it: whether it is bad."""
    if evento.tipo in MALOS:
        DireccionCorreo.objects.get_or_create(correo=correo)
    fila = DireccionCorreo.objects.select_for_update(of=("self",)).filter(correo=correo).first()
    if fila is None:
        return False
    antes = fila.estado
    dichos = EventoCorreo.objects.filter(correo=correo)
    if fila.resuelta_en:
        dichos = dichos.filter(recibido_en__gt=fila.resuelta_en)
    llego = dichos.filter(tipo=Tipo.ENTREGADO).aggregate(ultima=Max("en"))["ultima"]
    blandos = dichos.filter(tipo=Tipo.BLANDO)
    fila.blandas = (blandos.filter(en__gt=llego) if llego else blandos).count()
    if dichos.filter(tipo=Tipo.DURO).exists() or fila.blandas >= BLANDOS:
        fila.estado, fila.causa = Estado.MALA, Causa.REBOTE
    elif dichos.filter(tipo=Tipo.QUEJA).exists():
        fila.estado, fila.causa = Estado.MALA, Causa.QUEJA
    else:
        fila.estado, fila.causa = (Estado.DUDOSA if fila.blandas else Estado.BUENA), ""
    if evento.tipo in MALOS:
        fila.codigo, fila.detalle = evento.codigo, evento.detalle
    if fila.estado != antes:
        fila.desde = timezone.now()
    fila.save()
    if fila.estado == Estado.MALA and antes != Estado.MALA:
        _pedir_que_la_corrijan(fila, envio)
    return fila.estado == Estado.MALA


def pedir_que_se_lo_digan(envio: Envio) -> None:
    """What the law orders did not arrive, or did not leave: somebody tells it by other means."""
    anotar(
        tipo="avisos.no_llego",
        clave=f"no-llego:{envio.pk}",
        carga={"envio": envio.pk},
        destinatario=envio.correo,
        solicitud_id=envio.solicitud_id,
    )


def _pedir_que_la_corrijan(fila: DireccionCorreo, envio: Envio | None) -> None:
    """A fact: the rooms above know who attends what was being told (`avisos.direccion_mala`)."""
    suyos = Envio.objects.filter(correo=fila.correo, solicitud_id__isnull=False)
    recientes = suyos.filter(debido_en__gte=timezone.now() - timedelta(days=90))
    solicitudes = set(recientes.order_by().values_list("solicitud_id", flat=True).distinct()[:50])
    if envio is not None and envio.solicitud_id:
        solicitudes.add(envio.solicitud_id)
    anotar(
        tipo="avisos.direccion_mala",
        clave=f"direccion-mala:{fila.pk}:{fila.desde.isoformat()}",
        carga={"causa": fila.causa, "solicitudes": sorted(solicitudes)},
        destinatario=fila.correo,
    )


# --- Before a mail leaves -------------------------------------------------------------------------------------------
def por_que_no_se_le_escribe(correo: str, evento: str) -> str:
    """Why a mail of that event does not leave to that address, in words; '' when it does.

    Nothing is written to an address that bounces, but what the person has just asked for (a secret link): it may work
    again. Who complained still gets what the law says they must.
    """
    clase = clase_de(evento)
    fila = DireccionCorreo.objects.malas().filter(correo=correo.strip().lower()).first()
    if fila is None or clase is Clase.CUENTA or (fila.causa == Causa.QUEJA and clase is not Clase.NORMAL):
        return ""
    return f"No se le escribe: {fila.get_causa_display()} ({fila.codigo or 'sin código'})."


# --- When it is mended ----------------------------------------------------------------------------------------------
def cambiar_direccion(*, de: str, a: str, persona_id: int | None = None, solicitud_id: int | None = None) -> int:
    """That person, or whoever asked in that solicitud, was written to at `de` and is now at `a`: what did not arrive
    leaves again, and only once. Returns how many. Of others who gave the same address nothing moves: it may be
    theirs."""
    if not de or not a or (persona_id is None and solicitud_id is None):
        return 0
    with transaction.atomic(), como_sistema("reenviar lo que no llegó a la dirección anterior"):
        de_quien = Q(persona=persona_id) if persona_id is not None else Q(solicitud_id=solicitud_id)
        llevados = sum(_llevar(envio, a) for envio in _por_salir(de, de_quien))
        return llevados + sum(_reenviar(envio, a) for envio in _sin_llegar(de, de_quien))


def volver_a_escribir(*, correo: str, motivo: str) -> int:
    """The administrator says that the address works: what came back until now no longer counts. Returns how many
    mails leave again."""
    if exigir().rol != Rol.ADMINISTRADOR:
        raise ValidationError("Solo el administrador del portal dice que una dirección vuelve a recibir.")
    if not motivo.strip():
        raise ValidationError("Escriba cómo supo que la dirección ya recibe.")
    with transaction.atomic(), como_sistema("dar por buena una dirección de correo"):
        fila = DireccionCorreo.objects.malas().select_for_update(of=("self",)).filter(correo=correo.lower()).first()
        if fila is None:
            raise ValidationError("A esa dirección ya se le escribe. Recargue la página.")
        fila.estado, fila.causa, fila.blandas = Estado.BUENA, "", 0
        fila.desde = fila.resuelta_en = timezone.now()
        fila.save()
        # Personal data enter the bitácora by the number of their row only (Ley 1581 de 2012).
        registrar(
            accion="avisos.direccion_buena",
            objeto=fila,
            antes={"estado": "mala"},
            despues={"estado": "buena"},
            motivo=motivo,
        )
        return sum(_reenviar(envio, fila.correo) for envio in _sin_llegar(fila.correo))


def reintentables(envios: Iterable[Envio]) -> set[int]:
    """Of these lines, those that bounced and may leave again to the same address: it is not bad, and nobody did."""
    rebotados = {e.pk: e.correo for e in envios if e.desenlace == Desenlace.REBOTADO and _se_repite(e)}
    if not rebotados:
        return set()
    with transaction.atomic(), como_sistema("ver qué avisos que rebotaron se pueden reintentar"):
        malas = set(DireccionCorreo.objects.malas().filter(correo__in=set(rebotados.values())).values_list("correo"))
        repetidos = set(Envio.objects.filter(reenvio_de__in=list(rebotados)).values_list("reenvio_de", flat=True))
    return {pk for pk, correo in rebotados.items() if (correo,) not in malas and pk not in repetidos}


def reintentar_envio(*, pk: int) -> Envio:
    """The administrator sends again a mail that bounced in passing, to the same address. Once: if it bounces again,
    its own line may be tried."""
    if exigir().rol != Rol.ADMINISTRADOR:
        raise ValidationError("Solo el administrador del portal reintenta un aviso.")
    with transaction.atomic(), como_sistema("reintentar un aviso que rebotó"):
        envio = Envio.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if envio is None or pk not in reintentables([envio]):
            raise ValidationError("Ese aviso ya no se puede reintentar. Recargue la página.")
        if not _reenviar(envio, envio.correo):
            raise ValidationError("De ese aviso ya no se guarda lo que decía: escríbale por otro medio.")
        registrar(accion="avisos.reintentar", objeto=envio, antes={"desenlace": str(envio.desenlace)})
    return envio


def _se_repite(envio: Envio) -> bool:
    return bool(envio.correo) and clase_de(envio.evento) is not Clase.CUENTA


def direcciones_malas() -> list[DireccionCorreo]:
    """Each with where it is mended: whose account it is, or the last solicitud in which it was given."""
    with transaction.atomic(), como_sistema("ver a qué direcciones no se les escribe"):
        filas = list(DireccionCorreo.objects.malas()[:200])
        correos = [fila.correo for fila in filas]
        personas = {p.correo.lower(): p for p in Persona.objects.filter(correo__in=correos, is_active=True)}
        dichas = Envio.objects.filter(correo__in=correos).exclude(radicado="").order_by("id")
        radicados = dict(dichas.values_list("correo", "radicado"))
    for fila in filas:
        fila.persona = personas.get(fila.correo)  # type: ignore[attr-defined]
        fila.radicado = radicados.get(fila.correo, "")  # type: ignore[attr-defined]
    return filas


def direccion_mala(pk: int) -> DireccionCorreo | None:
    with transaction.atomic(), como_sistema("ver una dirección a la que no se le escribe"):
        return DireccionCorreo.objects.malas().filter(pk=pk).first()


def _sin_llegar(correo: str, de_quien: Q = Q()) -> list[Envio]:  # noqa: B008
    """What never reached it and has not been sent again: what the law says of any day; the rest, of the last ones."""
    filas = Envio.objects.select_for_update(of=("self",)).filter(
        de_quien, correo=correo.strip().lower(), desenlace__in=NO_LLEGARON, reenvios__isnull=True
    )
    desde = timezone.now() - RECIENTE
    return [envio for envio in filas.order_by("id") if _merece(envio, desde)]


def _por_salir(correo: str, de_quien: Q) -> list[Envio]:
    """What waits for its hour, or for another try: it would leave to the old address, and be lost there."""
    filas = Envio.objects.filter(de_quien, correo=correo.strip().lower(), canal=Envio.Canal.CORREO, desenlace="")
    filas = filas.filter(encolado_en__isnull=False, entregado_en__isnull=True).order_by("id")
    # What guards an account goes to where it was written: that its address changed, above all.
    return [envio for envio in filas if clase_de(envio.evento) is not Clase.CUENTA]


def _llevar(envio: Envio, a: str) -> bool:
    """The same mail, to the new address. What somebody is handing over now is not touched: if it does not arrive,
    its line says so when this has waited for it."""
    pendientes = Entrega.objects.filter(clave_idempotencia=envio.clave, estado=EstadoEntrega.PENDIENTE)
    if not pendientes.exclude(destinatario="").update(destinatario=a):
        return False
    Envio.objects.filter(pk=envio.pk).update(correo=a.lower())
    return True


def _merece(envio: Envio, desde: datetime) -> bool:
    clase = clase_de(envio.evento)
    return clase is not Clase.CUENTA and (clase is Clase.LEGAL or envio.debido_en >= desde)


def _reenviar(envio: Envio, a: str) -> bool:
    """The same fact under a key of its own, which is another Message-ID: to the servers it is another mail."""
    entrega = Entrega.objects.filter(clave_idempotencia=envio.clave).first()
    if entrega is None or not entrega.carga:  # its data were suppressed
        return False
    clave = f"{envio.clave.partition(':reenvio:')[0][:340]}:reenvio:{envio.pk}"
    instante = timezone.now()
    anotar(
        tipo=entrega.tipo,
        clave=clave,
        carga=entrega.carga,
        destinatario=a if entrega.destinatario else "",
        solicitud_id=entrega.solicitud_id,
    )
    Envio.objects.bulk_create(
        [
            Envio(
                clave=clave,
                evento=envio.evento,
                persona_id=envio.persona_id,
                correo=a.lower(),
                nombre=envio.nombre,
                solicitud_id=envio.solicitud_id,
                aviso_id=envio.aviso_id,
                mensaje_id=mensaje_id(clave),
                debido_en=envio.debido_en,
                encolado_en=instante,
                reenvio_de=envio,
            )
        ],
        ignore_conflicts=True,
    )
    if entrega.estado == EstadoEntrega.MUERTA:
        descartar(pk=entrega.pk, motivo="Se envió de nuevo a la dirección corregida.")
    return True
