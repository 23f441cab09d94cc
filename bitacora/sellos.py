"""Every day, the heads of the chains go outside the database (`avisos.tasks` asks every hour and mails them)."""

import json
from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.cadena import sellar

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
