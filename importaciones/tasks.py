"""Asked every hour. What a file said of people does not stay longer than it is needed (Ley 1581 de 2012)."""

from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.db import transaction

from alcance import como_sistema
from archivos import almacen
from importaciones.estados import DE_PERSONAS, Estado
from importaciones.models import Importacion
from importaciones.services.importar import CARPETA
from plazos.reloj import ahora

DIAS = 30


@shared_task(name="importaciones.caducar")
def caducar() -> None:
    """After 30 days the file and what its cells said go. Each row keeps its line, its result and what it made.

    The file goes first: if the rest fails, the next hour finds the row and deletes nothing.
    """
    limite = ahora() - timedelta(days=DIAS)
    with como_sistema("caducar archivos de importaciones"), transaction.atomic():
        viejas = Importacion.objects.exclude(ruta="").exclude(estado__in=[Estado.IMPORTANDO, Estado.DETENIDA])
        for importacion in viejas.filter(subida_en__lt=limite).order_by("pk").bajo_cerrojo():
            de_personas = {"objeto_texto": ""} if importacion.tipo in DE_PERSONAS else {}
            importacion.filas.update(crudo={}, cambios={}, **de_personas)
            ruta, importacion.ruta, importacion.caducada_en = importacion.ruta, "", ahora()
            if not importacion.ya_confirmada:
                importacion.estado = Estado.DESCARTADA
            importacion.save(update_fields=["ruta", "caducada_en", "estado"])
            default_storage.delete(ruta)
        almacen.barrer_huerfanos([Importacion.objects.all()], carpeta=CARPETA)
