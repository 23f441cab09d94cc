"""Prove that what a mailbox holds is in the ledger, and bring what is not.

What the folder held before a reading must be in the ledger after it, by its number. What was moved has another number
where it is now: it is recognised by its instant and its size, which a move does not change, and when they don't agree
(a clock that was ahead) by its bytes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from alcance import como_sistema
from archivos.almacen import huella_de_bytes
from buzones.conexion import BuzonCaido, Buzonero, Ficha, MensajeNoEntregado, abrir
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Casilla, Conciliacion, Llegada
from buzones.services.guardar import Traido, guardar_lote
from buzones.services.leer import conexion_de, las_que_se_leen, leer_casilla
from plazos.reloj import ahora, hoy

HASTA_ATRAS = timedelta(days=30)


@dataclass(slots=True)
class _Libro:
    """What the ledger says of a casilla since some day."""

    total: int = 0
    por_uid: set[tuple[str, int | None, int | None]] = field(default_factory=set)
    movidas: Counter[tuple[datetime, int]] = field(default_factory=Counter)
    huellas: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Cuenta:
    en_servidor: int = 0
    recuperados: int = 0
    faltan: list[tuple[str, int]] = field(default_factory=list)


def por_conciliar() -> list[int]:
    """The casillas that today were not compared, or did not agree: those are asked again, until they do."""
    ya = Conciliacion.objects.filter(dia=hoy(), bien=True).values("casilla")
    return list(las_que_se_leen().exclude(pk__in=ya).values_list("pk", flat=True))


def conciliar(casilla_id: int) -> Conciliacion:
    """Read it, and compare. Not to be called inside a transaction. Raises BuzonCaido when it can't be read."""
    casilla = Casilla.objects.select_related("buzon").get(pk=casilla_id)
    conexion = conexion_de(casilla)
    desde, cuenta = max(casilla.desde_en, ahora() - HASTA_ATRAS), _Cuenta()
    with abrir(conexion, casilla.carpeta) as buzonero:
        validez, antes = buzonero.uidvalidity, {una.uid for una in _desde(buzonero, desde)}
    _leer_todo(casilla)
    libro = _libro(casilla, desde)
    cuenta.faltan += [
        (casilla.carpeta, uid) for uid in sorted(antes) if (casilla.carpeta, validez, uid) not in libro.por_uid
    ]
    with abrir(conexion, casilla.carpeta) as buzonero:
        cuenta.en_servidor += len(antes & {una.uid for una in _desde(buzonero, desde)})
        hay_leidos = buzonero.existe(casilla.carpeta_leidos)
    if hay_leidos:
        with abrir(conexion, casilla.carpeta_leidos) as buzonero:
            _comparar(casilla, buzonero, _desde(buzonero, desde), libro, cuenta)
    return _anotar(casilla, libro, cuenta)


def _desde(buzonero: Buzonero, desde: datetime) -> list[Ficha]:
    fichas = buzonero.fichas(buzonero.uids(desde - timedelta(days=1)))
    return [ficha for ficha in fichas if ficha.recibida_en >= desde]


def _leer_todo(casilla: Casilla) -> None:
    """Once is not enough for what fits in no reading. What fails is told by what is then missing."""
    while True:
        lectura = leer_casilla(casilla.pk, quien=uuid4().hex)
        if not lectura.leida:
            raise BuzonCaido(f"Otro proceso está leyendo «{casilla.nombre}».")
        if lectura.falla or not lectura.quedan:
            return


def _libro(casilla: Casilla, desde: datetime) -> _Libro:
    libro = _Libro()
    columnas = ("carpeta", "uidvalidity", "uid", "recibida_en", "bytes", "sha256", "movida_en")
    with como_sistema("comparar un buzón con su libro"), transaction.atomic():
        suyas = Llegada.objects.filter(casilla=casilla, origen=Origen.IMAP, recibida_en__gte=desde)
        for carpeta, validez, uid, recibida_en, tamano, huella, movida_en in suyas.values_list(*columnas):
            libro.total += 1
            libro.por_uid.add((carpeta, validez, uid))
            libro.huellas.add(huella)
            if movida_en is not None and carpeta != casilla.carpeta_leidos:
                libro.movidas[recibida_en, tamano] += 1
    return libro


def _comparar(casilla: Casilla, buzonero: Buzonero, fichas: Sequence[Ficha], libro: _Libro, cuenta: _Cuenta) -> None:
    """What the folder of what is kept holds: each, as many times as the ledger says it was moved."""
    cuenta.en_servidor += len(fichas)
    nuevas = [una for una in fichas if (buzonero.carpeta, buzonero.uidvalidity, una.uid) not in libro.por_uid]
    veces = Counter((una.recibida_en, una.bytes) for una in nuevas)
    for ficha in nuevas:
        # One more than was moved, and nobody knows which: each is looked at.
        if veces[ficha.recibida_en, ficha.bytes] > libro.movidas[ficha.recibida_en, ficha.bytes]:
            _recuperar(casilla, buzonero, ficha, libro, cuenta)


def _recuperar(casilla: Casilla, buzonero: Buzonero, ficha: Ficha, libro: _Libro, cuenta: _Cuenta) -> None:
    cabe = ficha.bytes <= settings.CORREO_MAXIMO
    try:
        crudo = buzonero.crudos([ficha.uid]).get(ficha.uid) if cabe else buzonero.encabezados(ficha.uid)
    except MensajeNoEntregado:
        crudo = None
    if crudo is None:
        cuenta.faltan.append((buzonero.carpeta, ficha.uid))
        return
    if huella_de_bytes(crudo) in libro.huellas:
        return
    falla = "" if cabe else "Pesa demasiado y no se trajo: está entero en la carpeta del buzón."
    donde: dict[str, Any] = {
        "casilla": casilla,
        "carpeta": buzonero.carpeta,
        "uidvalidity": buzonero.uidvalidity,
    }
    cuenta.recuperados += guardar_lote([Traido(ficha.uid, ficha.recibida_en, crudo, falla)], **donde)
    # It is already where what is kept goes: nothing has to move it.
    with como_sistema("anotar como movido lo que estaba entre lo ya leído"), transaction.atomic():
        halladas = Llegada.objects.filter(uid=ficha.uid, movida_en__isnull=True, **donde)
        halladas.exclude(estado=EstadoLlegada.APARTADA).update(movida_en=ahora())


def _anotar(casilla: Casilla, libro: _Libro, cuenta: _Cuenta) -> Conciliacion:
    with transaction.atomic():
        hecha, _ = Conciliacion.objects.get_or_create(
            casilla=casilla,
            dia=hoy(),
            defaults={"en_servidor": 0, "en_libro": 0, "bien": False, "hecha_en": ahora()},
        )
        hecha.en_servidor, hecha.en_libro = cuenta.en_servidor, libro.total + cuenta.recuperados
        hecha.recuperados += cuenta.recuperados
        hecha.faltan = [list(uno) for uno in cuenta.faltan]
        hecha.bien, hecha.hecha_en = not (cuenta.recuperados or cuenta.faltan), ahora()
        hecha.save()
    return hecha
