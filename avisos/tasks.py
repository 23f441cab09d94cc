"""The daily seal of the bitácora is kept outside the database and mailed to who controls (security.md §5.8, A04).

Asked every hour, done once a day: the file and the fact of the outbox have the day in their names.
"""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.services import anotar
from bitacora.sellos import sellar_el_dia


@shared_task(name="avisos.sellar_bitacora")
def sellar_bitacora() -> None:
    dia, ruta = timezone.localdate(), sellar_el_dia()
    with como_sistema("anotar el sello diario de la bitácora"), transaction.atomic():
        anotar(tipo="avisos.sello", clave=f"sello:{dia}", carga={"ruta": ruta, "dia": str(dia)})
