"""Every day, the heads of the chains go outside the database (asked every hour, done once)."""

import json

from celery import shared_task
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.cadena import sellar

CARPETA = "sellos"


@shared_task(name="bitacora.sellar")
def sellar_el_dia() -> None:
    """Keep one seal per day, in the store of files: who rewrites the database does not reach it (A04)."""
    nombre = f"{CARPETA}/{timezone.localdate():%Y/%m/%Y-%m-%d}.json"
    if default_storage.exists(nombre):
        return
    with como_sistema("sello diario de la bitácora"), transaction.atomic():
        sello = sellar() | {"en": timezone.now().isoformat()}
    default_storage.save(nombre, ContentFile(json.dumps(sello, sort_keys=True).encode()))
