"""What nobody finished, and files that no row names: a worker that died, a transaction undone (security.md §5.1)."""

from datetime import timedelta
from time import time
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from alcance import como_sistema
from archivos import almacen
from expedientes.models import Copia, CopiaPdfa, Documento, IndiceElectronico
from expedientes.services.cierre import CARPETA
from expedientes.services.copias import fallar_copia
from plazos.reloj import ahora

CADA = 300  # seconds
PARTES = 256  # folders of the store: one each time, all of them in less than a day. There may be millions of files.
ABANDONADA = timedelta(hours=24)
TANDA = 200


def barrer(*, parte: int | None = None) -> dict[str, int]:
    """`parte`: the folder to look at; the one whose turn it is."""
    with transaction.atomic(), como_sistema("barrer los expedientes"):
        return {"abandonadas": _abandonar(), "huerfanos": _sin_duenio(int(time() // CADA) if parte is None else parte)}


def _abandonar() -> int:
    """Those whose delivery ended without a word. One that is only late is still made when its turn comes."""
    viejas = Copia.objects.filter(hecha_en=None, fallida_en=None, pedida_en__lt=ahora() - ABANDONADA)
    tanda = list(viejas.order_by("pk").bajo_cerrojo(saltando=True)[:TANDA])
    for copia in tanda:
        fallar_copia(copia_id=copia.pk, porque="No se pudo hacer en un día. Pídala de nuevo.")
    return len(tanda)


def _sin_duenio(parte: int) -> int:
    return len(almacen.barrer_huerfanos(nombradas(), carpeta=f"{CARPETA}/{parte % PARTES:02x}"))


def nombradas() -> list[QuerySet[Any]]:
    """The rows that name files of the folder. Copies are few; the others are found by an index of their own."""
    return [
        Documento.objects.order_by(),
        CopiaPdfa.objects.exclude(ruta=""),
        Copia.objects.exclude(ruta="").order_by(),
        IndiceElectronico.objects.exclude(ruta_pdf="").annotate(ruta=F("ruta_pdf")).order_by(),
    ]
