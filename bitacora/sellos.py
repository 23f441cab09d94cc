"""Every day, the heads of the chains go outside the database (`avisos.tasks` asks every hour and mails them)."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.cadena import Sello, SelloInvalido, sellar

CARPETA = "sellos"


def ruta_del_sello(dia: date) -> str:
    return f"{CARPETA}/{dia:%Y/%m/%Y-%m-%d}.json"


def sellar_el_dia() -> str:
    """Keep one seal per day, in the store of files: who rewrites the database does not reach it (A04). Its path."""
    nombre = ruta_del_sello(timezone.localdate())
    if default_storage.exists(nombre):
        return nombre
    with como_sistema("sello diario de la bitácora"), transaction.atomic():
        sello = sellar() | {"en": timezone.now().isoformat()}
    return str(default_storage.save(nombre, ContentFile(json.dumps(sello, sort_keys=True).encode())))


def guardados() -> Iterator[tuple[str, Sello | None]]:
    """Every seal of the store, by its day; None in the place of one that cannot be read or lacks something."""
    for ruta in sorted(rutas()):
        dia = PurePosixPath(ruta).stem
        with default_storage.open(ruta) as archivo:
            texto = archivo.read()
        try:
            sello = Sello.leer(texto, dia)
        except SelloInvalido:
            yield dia, None
        else:
            yield dia, sello if sello.entero else None


def rutas(carpeta: str = CARPETA) -> Iterator[str]:
    """Path of each seal of the store."""
    try:
        carpetas, archivos = default_storage.listdir(carpeta)
    except FileNotFoundError:  # none yet
        return
    yield from (f"{carpeta}/{nombre}" for nombre in archivos)
    for otra in carpetas:
        yield from rutas(f"{carpeta}/{otra}")
