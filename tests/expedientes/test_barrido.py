"""Files of expedientes that no row names go after a day; copies that nobody finished are given up."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from archivos import almacen
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar_larga
from expedientes.services import pedir_copia
from expedientes.services.barrido import CADA, PARTES, barrer, nombradas
from expedientes.services.cierre import CARPETA
from expedientes.tasks import barrer as tarea
from solicitudes.models import Solicitud
from tests.expedientes.conftest import Sistema, abierta, despachar, terminar
from tests.expedientes.test_copias import copiar
from tests.fabricas import actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def guardados() -> set[str]:
    raiz = Path(default_storage.path(""))
    return {ruta.relative_to(raiz).as_posix() for ruta in (raiz / CARPETA).rglob("*") if ruta.is_file()}


def de_anteayer(rutas: set[str]) -> None:
    hace = time.time() - 2 * 86400
    for ruta in rutas:
        os.utime(default_storage.path(ruta), (hace, hace))


def huerfano() -> str:
    return almacen.escribir(ContentFile(b"a medias"), carpeta=CARPETA).ruta


def todas_las_partes() -> int:
    return sum(barrer(parte=parte)["huerfanos"] for parte in range(PARTES))


def test_a_file_that_no_row_names_goes_and_the_named_ones_stay(elenco: Elenco, cerrada: Solicitud) -> None:
    """Of each of the four tables that name files there."""
    copiar(elenco, cerrada)
    while entregar_larga():
        pass
    suyos = guardados()
    with Sistema():
        de_cada_tabla = [set(filas.values_list("ruta", flat=True)) for filas in nombradas()]
    assert all(suyos & suyas for suyas in de_cada_tabla)
    assert suyos <= set.union(*de_cada_tabla)  # nothing is left of what went well
    sueltos = {huerfano(), huerfano()}
    assert todas_las_partes() == 0  # of today: somebody may be about to name them
    de_anteayer(suyos | sueltos)
    assert todas_las_partes() == len(sueltos)
    assert guardados() == suyos


def test_a_transaction_undone_leaves_nothing_after_a_day(elenco: Elenco, cerrada: Solicitud) -> None:
    """What `DocumentoCambiado` leaves: texts that were written for an index that was never signed."""
    antes = guardados()
    solicitud = abierta(elenco)
    with pytest.raises(RuntimeError), transaction.atomic():
        terminar(elenco, solicitud)
        raise RuntimeError
    sueltos = guardados() - antes
    assert sueltos
    de_anteayer(guardados())
    assert todas_las_partes() == len(sueltos) and guardados() == antes


def test_each_folder_has_its_turn_within_a_day(elenco: Elenco) -> None:
    """The task looks at one each time: there may be millions of files."""
    ruta = huerfano()
    de_anteayer({ruta})
    assert PARTES * CADA < 86400
    for n in range(PARTES):
        assert default_storage.exists(ruta)
        with time_machine.travel(timezone.now() + timedelta(seconds=n * CADA)):
            tarea()
        if not default_storage.exists(ruta):
            return
    raise AssertionError("no le llegó el turno")


def test_the_sweep_finds_its_rows_by_index() -> None:
    """With 500 paths of a batch and millions of rows: nobody reads a whole table."""
    rutas = [f"{CARPETA}/00/{n:032x}" for n in range(500)]
    with Sistema(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        planes = " ".join(filas.filter(ruta__in=rutas).explain() for filas in nombradas())
    for indice in ("expedientes_documento_ruta", "expedientes_pdfa_ruta", "expedientes_indice_ruta"):
        assert indice in planes, planes


def test_a_copy_that_nobody_finished_in_a_day_is_given_up(elenco: Elenco, cerrada: Solicitud) -> None:
    """As those that failed before copies could fail; one that was only late is made all the same."""
    with actuar(elenco.directora), transaction.atomic():
        copia = pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo="Oficio", clave=uuid4())
    with Sistema():
        Entrega.objects.filter(tipo="expedientes.copia").update(estado="muerta")
    assert barrer()["abandonadas"] == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert (barrer()["abandonadas"], barrer()["abandonadas"]) == (1, 0)
        despachar()
    with Sistema():
        copia.refresh_from_db()
        assert Aviso.objects.filter(persona=elenco.directora, titulo__contains="no se pudo hacer").count() == 1
        Entrega.objects.filter(tipo="expedientes.copia").update(estado="pendiente")
    assert copia.porque == "No se pudo hacer en un día. Pídala de nuevo."
    while entregar_larga():
        pass
    with Sistema():
        copia.refresh_from_db()
    assert copia.hecha_en and not copia.fallida_en
