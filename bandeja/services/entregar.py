"""Handing over: take with a lease, do, and close; or wait longer each time, and in the end ask a person.

Exactly once for what stays in the database (effect and `hecha` in one transaction); at least once, with the same
Message-ID, for mail: a crash between sending and writing it down repeats the mail once (security.md §5.3).
"""

import logging
import os
import random
import socket
import time
from datetime import datetime, timedelta
from secrets import token_hex

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import EN_MANOS, ConsultaEntrega, Entrega, EstadoEntrega
from bandeja.services.anotar import anotar
from bandeja.services.manejadores import (
    Aplazada,
    Efecto,
    EntregaDudosa,
    EntregaFallida,
    EntregaRechazada,
    largos,
    manejador_de,
    sin_prisa,
)
from bitacora.contexto import con_peticion

registro = logging.getLogger("portal.bandeja")
# Only a dead worker lets a lease run out on what it was doing: while it lives it also holds the row locked. So leases
# are short, and what a killed one leaves goes on within a minute (F02).
ARRIENDO = timedelta(seconds=30)
INTENTOS = 8
ESPERA_SU_HORA = "Espera su hora. "  # what is held begins with it
ESPERAS = [timedelta(seconds=segundos) for segundos in (30, 120, 600, 3600, 21600)]
_LOTE = 10
_DURACION = 90  # seconds; the next ring or beat goes on


class TurnoPerdido(RuntimeError):
    """The lease ended and another worker has the row, or a person discarded it."""


def entregar(*, duracion: float = _DURACION) -> int:
    """Hand over what is due until nothing is left or the time is over. Returns how many were closed."""
    quien, limite, hechas = _quien_soy(), time.monotonic() + duracion, 0
    while time.monotonic() < limite and (entregas := tomar(_LOTE, quien=quien)):
        hechas += sum(_atender(entrega, quien) for entrega in entregas)
    return hechas


def entregar_larga() -> int:
    """Hand over one of those that take minutes, if nobody is at one. Returns how many were closed."""
    quien = _quien_soy()
    return sum(_atender(entrega, quien) for entrega in tomar_larga(quien=quien))


def hay_largas() -> bool:
    """Whether the long lane has something to do now."""
    with como_sistema("ver si hay entregas largas"), transaction.atomic():
        return Entrega.objects.por_tomar(timezone.now()).filter(tipo__in=largos()).exists()


def tomar(cuantas: int, *, quien: str) -> list[Entrega]:
    """Take up to `cuantas` that are due, each with a lease. What another worker holds is skipped, not waited for."""
    with como_sistema("tomar entregas"), transaction.atomic():
        return _tomar_de(Entrega.objects.exclude(tipo__in=largos()), cuantas, quien)


def tomar_larga(*, quien: str) -> list[Entrega]:
    """Take one of the long lane; none while somebody is at one, so that the other workers go on with the rest."""
    with como_sistema("tomar una entrega larga"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('bandeja.larga'))")
        de_largas = Entrega.objects.filter(tipo__in=largos())
        en_manos = de_largas.filter(estado__in=EN_MANOS)
        # Who works holds the row locked, also when its lease is over; who has just taken it, the lease.
        sueltas = en_manos.filter(tomada_hasta__lt=timezone.now()).select_for_update(skip_locked=True, of=("self",))
        if en_manos.count() > len(sueltas):
            return []
        con_prisa, sin_ella = (orden(tipo__in=sin_prisa()) for orden in (de_largas.exclude, de_largas.filter))
        return _tomar_de(con_prisa, 1, quien) or _tomar_de(sin_ella, 1, quien)


def _tomar_de(entregas: ConsultaEntrega, cuantas: int, quien: str) -> list[Entrega]:
    ahora = timezone.now()
    filas = entregas.por_tomar(ahora).select_for_update(skip_locked=True, of=("self",))[:cuantas]
    return [entrega for entrega in filas if _tomar(entrega, quien, ahora)]


def _quien_soy() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{token_hex(4)}"


def _tomar(entrega: Entrega, quien: str, ahora: datetime) -> bool:
    """A worker that died left it `tomada` or `enviando`; one that always kills its worker ends dead too (F10)."""
    murio_enviando = entrega.estado == EstadoEntrega.ENVIANDO
    if murio_enviando and entrega.posible_duplicado:
        return _enterrar(entrega, "Se cortó dos veces mientras salía: puede haber llegado. Revise y decida.")
    if entrega.intento >= INTENTOS:
        return _enterrar(entrega, entrega.error or "El proceso que la entregaba murió cada vez.")
    entrega.posible_duplicado |= murio_enviando
    entrega.estado = EstadoEntrega.TOMADA
    entrega.intento += 1
    entrega.tomada_por = quien
    entrega.tomada_hasta = ahora + ARRIENDO
    entrega.save(update_fields=["posible_duplicado", "estado", "intento", "tomada_por", "tomada_hasta"])
    return True


def _enterrar(entrega: Entrega, error: str) -> bool:
    entrega.estado, entrega.error = EstadoEntrega.MUERTA, error
    entrega.save(update_fields=["estado", "error"])
    registro.error("entrega muerta", extra={"entrega": entrega.pk, "tipo": entrega.tipo})
    return False


def _atender(entrega: Entrega, quien: str) -> bool:
    try:
        with con_peticion(codigo=f"entrega-{entrega.pk}-{entrega.intento}"):
            efecto = _preparar(entrega, quien)
            if efecto is not None:
                _enviar(entrega, quien, efecto)
    except TurnoPerdido:
        registro.warning("turno perdido", extra={"entrega": entrega.pk})
        return False
    except Aplazada as espera:
        _aplazar(entrega, quien, espera.hasta)
        return False
    except SoftTimeLimitExceeded as falla:
        _fallar(entrega, quien, falla)
        raise
    except Exception as falla:
        _fallar(entrega, quien, falla)
        return False
    return True


def _preparar(entrega: Entrega, quien: str) -> Efecto | None:
    """Run the handler in one transaction with the row locked. Returns what is left to do in the world, if anything."""
    with como_sistema(f"entregar {entrega.tipo}"), transaction.atomic():
        mia = _mia(entrega, quien)
        efecto = manejador_de(mia.tipo)(mia)
        if efecto is None:
            _dar_por_hecha(mia)
        else:
            mia.estado, mia.tomada_hasta = EstadoEntrega.ENVIANDO, timezone.now() + ARRIENDO
            mia.save(update_fields=["estado", "tomada_hasta"])
        return efecto


def _enviar(entrega: Entrega, quien: str, efecto: Efecto) -> None:
    """Do it in the world with the row locked, and write it down. `enviando` is already committed."""
    with como_sistema(f"enviar {entrega.tipo}"), transaction.atomic():
        mia = _mia(entrega, quien)
        with connection.cursor() as cursor:
            cursor.execute("set local idle_in_transaction_session_timeout = '10min'")  # the world may be slow
        efecto()
        _dar_por_hecha(mia)


def _dar_por_hecha(entrega: Entrega) -> None:
    entrega.estado, entrega.hecha_en, entrega.error = EstadoEntrega.HECHA, timezone.now(), ""
    entrega.save(update_fields=["estado", "hecha_en", "error"])


def _aplazar(entrega: Entrega, quien: str, hasta: datetime) -> None:
    """Back in its place until its hour, with as many tries as it had."""
    with como_sistema(f"aplazar {entrega.tipo}"), transaction.atomic():
        mia = _mia(entrega, quien)
        mia.estado, mia.proximo_intento, mia.intento = EstadoEntrega.PENDIENTE, hasta, mia.intento - 1
        mia.error = ESPERA_SU_HORA + mia.error.removeprefix(ESPERA_SU_HORA)
        mia.save(update_fields=["estado", "proximo_intento", "intento", "error"])


def _fallar(entrega: Entrega, quien: str, falla: Exception) -> None:
    """Write down why, and when to try again; a person decides after the last try, the second doubt or a final no."""
    dudosa, rechazo = isinstance(falla, EntregaDudosa), falla if isinstance(falla, EntregaRechazada) else None
    contada = falla if isinstance(falla, EntregaFallida) else None
    with como_sistema(f"aplazar {entrega.tipo}"), transaction.atomic():
        mia = _mia(entrega, quien)
        final = any(una is not None and una.definitiva for una in (rechazo, contada))
        muere = mia.intento >= INTENTOS or (dudosa and mia.posible_duplicado) or final
        mia.estado = EstadoEntrega.MUERTA if muere else EstadoEntrega.PENDIENTE
        mia.posible_duplicado |= dudosa
        mia.error = f"{type(falla).__name__}: {falla}".replace("\x00", "")[:2000]
        mia.proximo_intento = timezone.now() + espera(mia.intento)
        mia.save(update_fields=["estado", "posible_duplicado", "error", "proximo_intento"])
        if muere and rechazo:
            _decir_que_la_rechazaron(mia, rechazo)
        if contada:
            contada.anotar()
    nivel = logging.ERROR if muere else logging.WARNING
    datos = {"entrega": mia.pk, "tipo": mia.tipo, "intento": mia.intento, "causa": type(falla).__name__}
    registro.log(nivel, "entrega muerta" if muere else "entrega aplazada", extra=datos, exc_info=muere)


def _decir_que_la_rechazaron(entrega: Entrega, rechazo: EntregaRechazada) -> None:
    """A fact of its own: whoever keeps the addresses hands it over, and no failure there brings this one back."""
    anotar(
        tipo="bandeja.rechazo",
        clave=f"rechazo:{entrega.pk}:{entrega.intento}",
        carga={
            "clave": entrega.clave_idempotencia,
            "codigo": rechazo.codigo,
            "definitiva": rechazo.definitiva,
            "detalle": str(rechazo)[:500],
        },
        destinatario=rechazo.correo,
        solicitud_id=entrega.solicitud_id,
    )


def _mia(entrega: Entrega, quien: str) -> Entrega:
    fila = Entrega.objects.select_for_update(of=("self",)).filter(
        pk=entrega.pk, tomada_por=quien, estado__in=EN_MANOS, intento=entrega.intento
    )
    mia = fila.first()
    if mia is None:
        raise TurnoPerdido(entrega.pk)
    return mia


def espera(intento: int) -> timedelta:
    """30 s, 2 min, 10 min, 1 h and then 6 h, give or take a fifth: what failed together returns apart."""
    base = ESPERAS[min(intento, len(ESPERAS)) - 1]
    return base * random.uniform(0.8, 1.2)  # noqa: S311
