"""Read a mailbox: fetch, keep, commit, and only then move. Whatever dies in the middle, the next reading goes on."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from alcance import como_sistema
from buzones.conexion import BuzonCaido, Buzonero, Ficha, MensajeNoEntregado, abrir
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Casilla, EstadoCasilla, Llegada
from buzones.services.guardar import Traido, guardar_lote
from plazos.reloj import ahora
from sdfi_portal.entorno import ConexionImap

PRESTAMO = timedelta(seconds=120)  # whoever reads holds it that long, and again with each lot
POR_LOTE, BYTES_POR_LOTE = 25, 32 * 1024 * 1024
# What is left comes in the next one: a full mailbox, or a slow one, keeps no worker for ever.
POR_LECTURA, DURACION = 1000, 150
ESPERA_MAXIMA = 15  # minutes, after several failures
_DE_LA_LECTURA = (
    "tomada_por", "tomada_hasta", "intentada_en", "traidos", "falla", "falla_desde", "fallas_seguidas", "intentar_en",
    "leida_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lectura:
    """What one reading did. `leida` is False when somebody else had it, or it waits after a failure; `quedan`, that
    there was more than fits in one; `mudos`, how many the server did not give."""

    leida: bool = True
    nuevas: int = 0
    movidas: int = 0
    falla: str = ""
    quedan: bool = False
    mudos: int = 0

    @property
    def caida(self) -> bool:
        """The mailbox is what fails, not one of its messages: those stop no other, nor make it wait."""
        return bool(self.falla) and not 0 < self.mudos <= POR_LOTE


def por_leer() -> list[int]:
    """The casillas that may be read now."""
    en = ahora()
    libres = Q(estado__isnull=True) | (
        (Q(estado__tomada_hasta__isnull=True) | Q(estado__tomada_hasta__lt=en))
        & (Q(estado__intentar_en__isnull=True) | Q(estado__intentar_en__lte=en))
    )
    return list(las_que_se_leen().filter(libres).values_list("pk", flat=True))


def las_que_se_leen() -> QuerySet[Casilla]:
    return Casilla.objects.vigentes().filter(activa=True).exclude(conexion="").order_by("pk")


def conexion_de(casilla: Casilla) -> ConexionImap:
    """Raises BuzonCaido when the server has none with that key."""
    conexion = settings.BUZONES.get(casilla.conexion)
    if conexion is None:
        raise BuzonCaido(f"La conexión «{casilla.conexion}» no está configurada en el servidor.")
    return cast(ConexionImap, conexion)


def leer_casilla(casilla_id: int, *, quien: str) -> Lectura:
    """Bring what is new of a casilla. Not to be called inside a transaction: it waits for a server."""
    casilla = Casilla.objects.select_related("buzon").get(pk=casilla_id)
    if not _tomar(casilla, quien):
        return Lectura(leida=False)
    try:
        with abrir(conexion_de(casilla), casilla.carpeta) as buzonero:
            lectura = _leer(casilla, buzonero, quien)
    except BuzonCaido as falla:
        lectura = Lectura(falla=str(falla))
    _soltar(casilla, quien, lectura)
    return lectura


def _leer(casilla: Casilla, buzonero: Buzonero, quien: str) -> Lectura:
    hasta = monotonic() + DURACION
    movidas, nuevas, mudos = _mover_guardadas(casilla, buzonero), 0, []
    fichas = _sin_guardar(casilla, buzonero)
    quedan = len(fichas) > POR_LECTURA
    for lote in _lotes(fichas[:POR_LECTURA]):
        if monotonic() > hasta:
            quedan = True
            break
        _tomar(casilla, quien, traidos=nuevas)
        traidos, callados = _traer(buzonero, lote)
        mudos += callados
        nuevas += _guardar(casilla, buzonero, traidos)
        movidas += _mover_guardadas(casilla, buzonero)
    falla = f"El servidor no entrega estos mensajes de «{casilla.carpeta}»: {mudos}." if mudos else ""
    return Lectura(nuevas=nuevas, movidas=movidas, falla=falla[:300], quedan=quedan, mudos=len(mudos))


def _guardar(casilla: Casilla, buzonero: Buzonero, traidos: Sequence[Traido]) -> int:
    """A disk that is full is not a server that does not answer."""
    try:
        return guardar_lote(traidos, casilla=casilla, carpeta=casilla.carpeta, uidvalidity=buzonero.uidvalidity)
    except OSError as falla:
        raise BuzonCaido(f"No se pudo guardar lo que trajo: {falla}. Sigue en el buzón."[:300]) from falla


def _sin_guardar(casilla: Casilla, buzonero: Buzonero) -> list[Ficha]:
    """What the folder holds and the ledger does not, the oldest first. Before `desde_en` is not ours, and takes the
    place of nothing that is."""
    # A day before: the server compares days, and in its own time zone.
    todos = buzonero.uids(casilla.desde_en - timedelta(days=1))
    with como_sistema("ver qué hay ya de un buzón"), transaction.atomic():
        guardados = set(
            Llegada.objects.filter(
                casilla=casilla, carpeta=casilla.carpeta, uidvalidity=buzonero.uidvalidity, uid__in=todos
            ).values_list("uid", flat=True)
        )
    fichas = buzonero.fichas([uid for uid in todos if uid not in guardados])
    suyas = [ficha for ficha in fichas if ficha.recibida_en >= casilla.desde_en]
    return sorted(suyas, key=lambda ficha: (ficha.recibida_en, ficha.uid))


def _lotes(fichas: Sequence[Ficha]) -> Iterator[list[Ficha]]:
    lote: list[Ficha] = []
    for ficha in fichas:
        pesa = sum(una.bytes for una in lote) + ficha.bytes
        if lote and (len(lote) == POR_LOTE or pesa > BYTES_POR_LOTE):
            yield lote
            lote = []
        lote.append(ficha)
    if lote:
        yield lote


def _traer(buzonero: Buzonero, lote: Sequence[Ficha]) -> tuple[list[Traido], list[int]]:
    """The messages of a lot, and the uids of those that the server did not give. One that it can't give stops no
    other: they are asked again one by one."""
    caben = [ficha.uid for ficha in lote if ficha.bytes <= settings.CORREO_MAXIMO]
    crudos: dict[int, bytes] = {}
    try:
        crudos = buzonero.crudos(caben)
    except MensajeNoEntregado:
        for uid in caben:
            with suppress(MensajeNoEntregado):
                crudos |= buzonero.crudos([uid])
    traidos = []
    for ficha in lote:
        if ficha.bytes > settings.CORREO_MAXIMO:
            megas = f"{ficha.bytes / 1024**2:.0f}"
            falla = f"Pesa {megas} MB y no se trajo: está entero en la carpeta del buzón. Aquí quedan sus encabezados."
            traidos.append(Traido(ficha.uid, ficha.recibida_en, buzonero.encabezados(ficha.uid), falla))
        elif ficha.uid in crudos:
            traidos.append(Traido(ficha.uid, ficha.recibida_en, crudos[ficha.uid]))
    return traidos, [uid for uid in caben if uid not in crudos]


def _mover_guardadas(casilla: Casilla, buzonero: Buzonero) -> int:
    """Take out of the folder what is kept: also what a reading that died kept and did not move. What was set apart
    stays where whoever looks for it will find it."""
    with como_sistema("ver qué se guardó de un buzón"), transaction.atomic():
        suyas = Llegada.objects.filter(
            casilla=casilla,
            origen=Origen.IMAP,
            carpeta=casilla.carpeta,
            uidvalidity=buzonero.uidvalidity,
            movida_en__isnull=True,
        ).exclude(estado=EstadoLlegada.APARTADA)
        uids = {pk: uid for pk, uid in suyas.order_by("uid").values_list("pk", "uid")[:POR_LECTURA] if uid}
    if not uids:
        return 0
    buzonero.mover(list(uids.values()), casilla.carpeta_leidos)
    with como_sistema("anotar qué se movió en un buzón"), transaction.atomic():
        return int(Llegada.objects.filter(pk__in=uids, movida_en__isnull=True).update(movida_en=ahora()))


def _tomar(casilla: Casilla, quien: str, traidos: int = 0) -> bool:
    """The lease of a casilla: one reads it at a time, and who dies with it lets it go in two minutes."""
    en = ahora()
    libre = Q(tomada_hasta__isnull=True) | Q(tomada_hasta__lt=en) | Q(tomada_por=quien)
    EstadoCasilla.objects.get_or_create(casilla=casilla)
    suyo = EstadoCasilla.objects.filter(libre, casilla=casilla)
    return bool(suyo.update(tomada_por=quien, tomada_hasta=en + PRESTAMO, traidos=traidos))


def _soltar(casilla: Casilla, quien: str, lectura: Lectura) -> None:
    suyo = EstadoCasilla.objects.get(casilla=casilla)
    if suyo.tomada_por != quien:
        return  # it ran out, and whoever reads it now says how it went
    en, caida = ahora(), lectura.caida
    suyo.tomada_por, suyo.tomada_hasta = "", None
    suyo.intentada_en, suyo.traidos = en, lectura.nuevas
    suyo.falla = lectura.falla
    suyo.falla_desde = (suyo.falla_desde or en) if caida else None
    suyo.fallas_seguidas = suyo.fallas_seguidas + 1 if caida else 0
    suyo.intentar_en = en + _espera(suyo.fallas_seguidas) if caida else None
    suyo.leida_en = suyo.leida_en if caida else en
    suyo.save(update_fields=_DE_LA_LECTURA)


def _espera(fallas: int) -> timedelta:
    """1, 2, 4, 8 and from then on 15 minutes."""
    return timedelta(minutes=min(ESPERA_MAXIMA, 2 ** (min(fallas, 10) - 1)))
