"""The whole record against itself and against the seals that were kept; what was found, and whether it is up to date.

The result is one more event of the record: the seal of the next day holds it too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.cadena import SELLAR, Lectura, Ruptura, Sello, leer, sin_prisa
from bitacora.models import ConsultaSuceso, Suceso
from bitacora.sellos import guardados
from bitacora.services import registrar

VERIFICAR = "bitacora.verificar"
TARDE = timedelta(hours=30)  # both are done every day, and may wait behind something long
_SE_DICEN = 20
_SE_MIRAN = 60  # seals, one a day


def comprobar(*otros: Sello, cursor: Any = None) -> Lectura:
    """Read every chain, with the seals of the store and `otros`. As `bitacora.cadena.leer`."""
    if cursor is None:
        with connection.cursor() as propio:
            return comprobar(*otros, cursor=propio)
    sin_prisa(cursor)
    # Before the snapshot: what they promise is already in it.
    por_dia = dict(guardados())
    lectura = leer(*(sello for sello in por_dia.values() if sello), *otros, cursor=cursor)
    fallas = {dia: "no se puede leer, o le falta algo" for dia, sello in por_dia.items() if sello is None}
    for dia, huella in lectura.anotados.items():
        sello = por_dia.get(dia)
        if dia not in por_dia:
            fallas[dia] = "no está donde se guardó"
        elif sello is not None and sello.huella != huella:
            fallas[dia] = "no es el que se guardó ese día"
    lectura.rupturas[:0] = [Ruptura("sellos", 0, None, f"el sello {dia} {que}") for dia, que in sorted(fallas.items())]
    return lectura


def anotar_lectura(lectura: Lectura) -> None:
    """Keep what was found. As the system, in the caller's transaction."""
    dicho: dict[str, Any] = lectura.como_json() | {"rupturas": len(lectura.rupturas)}
    if lectura.rupturas:
        dicho["detalle"] = [str(ruptura) for ruptura in lectura.rupturas[:_SE_DICEN]]
    registrar(accion=VERIFICAR, despues=dicho, dependencias=[])


def anotar_sello(*, dia: str, huella: str, destinatarios: int) -> None:
    """Keep that the seal of that day went out, and to how many. Once: a mail that is handed over again is the same."""
    ultimos = Suceso.objects.filter(accion=SELLAR).order_by("-id")[:_SE_MIRAN]
    if not any(_dicho(uno).get("dia") == dia for uno in ultimos):
        despues = {"dia": dia, "huella": huella, "destinatarios": destinatarios}
        registrar(accion=SELLAR, despues=despues, dependencias=[])


@dataclass(frozen=True, slots=True)
class Estado:
    """The last reading and the last seal that went out, each as its event told it; `desde`, the first event at all."""

    leida_en: datetime | None
    lectura: dict[str, Any]
    sellada_en: datetime | None
    sello: dict[str, Any]
    desde: datetime | None

    @property
    def esta_rota(self) -> bool:
        return bool(self.lectura.get("rupturas"))

    @property
    def sin_leer(self) -> bool:
        return self._es_tarde(self.leida_en)

    @property
    def sin_sello(self) -> bool:
        return self._es_tarde(self.sellada_en)

    @property
    def sin_quien_lo_guarde(self) -> bool:
        """The last seal was mailed to nobody: who reaches this machine can change it too."""
        return self.sello.get("destinatarios") == 0

    @property
    def bien(self) -> bool:
        return not (self.esta_rota or self.sin_leer or self.sin_sello or self.sin_quien_lo_guarde)

    def _es_tarde(self, ultima: datetime | None) -> bool:
        desde = ultima or self.desde
        return desde is not None and timezone.now() - desde > TARDE


def salud() -> Estado:
    """For /salud/, which nobody signs in to."""
    with como_sistema("salud de la bitácora"), transaction.atomic():
        return estado()


def estado() -> Estado:
    """As the open alcance sees it: one that sees everything."""
    leida, sellada = (_el_ultimo(Suceso.objects.filter(accion=accion)) for accion in (VERIFICAR, SELLAR))
    primero = None if leida and sellada else Suceso.objects.order_by("id").first()
    return Estado(
        leida_en=leida.en if leida else None,
        lectura=_dicho(leida),
        sellada_en=sellada.en if sellada else None,
        sello=_dicho(sellada),
        desde=primero.en if primero else None,
    )


def _el_ultimo(sucesos: ConsultaSuceso) -> Suceso | None:
    return sucesos.order_by("-id").first()


def _dicho(suceso: Suceso | None) -> dict[str, Any]:
    return {campo: despues for campo, (_, despues) in suceso.cambios.items()} if suceso else {}
