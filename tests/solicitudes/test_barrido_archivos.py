"""The sweep of files (U06): retries what the antivirus did not answer, deletes orphans, tells of the infected."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from alcance import como_sistema
from archivos.antivirus import EstadoAntivirus
from bandeja.models import Entrega
from bandeja.services.manejadores import manejador_de
from solicitudes.models import Archivo, Borrador
from solicitudes.services.archivos import adjuntar, agregar_al_borrador, barrer_archivos
from solicitudes.tasks import barrer_archivos as tarea
from tests.archivos.clamd_de_prueba import FIRMA_DE_PRUEBA, ClamdDePrueba
from tests.fabricas import actuar, radicada
from tests.soporte.asistente import un_texto

pytestmark = pytest.mark.django_db
VIRUS = FIRMA_DE_PRUEBA.decode()


@pytest.fixture
def almacen_propio(tmp_path: Path, settings) -> None:
    """Files of this test alone: what others left, with its rows rolled back, would look like orphans."""
    opciones = {"location": tmp_path / "archivos", "base_url": None}
    propio = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": opciones}
    settings.STORAGES = {**settings.STORAGES, "default": propio}


@pytest.fixture
def sin_responder(tmp_path: Path, settings) -> Path:
    """An antivirus that is configured and away."""
    settings.ANTIVIRUS_CLAMD = f"unix:{tmp_path / 'clamd.sock'}"
    return tmp_path


def subir(elenco, texto: str = "Limpio") -> Archivo:
    with actuar(elenco.enlace), transaction.atomic():
        borrador = Borrador.objects.create(persona=elenco.enlace, entidad=elenco.secretaria)
        return agregar_al_borrador(borrador=borrador, subido=un_texto("nota.txt", texto))


def estado(archivo: Archivo) -> str:
    with transaction.atomic(), como_sistema("prueba"):
        return Archivo.objects.get(pk=archivo.pk).estado_antivirus


def entregas(tipo: str) -> list[Entrega]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Entrega.objects.filter(tipo=tipo).order_by("pk"))


def test_con_el_antivirus_caido_el_archivo_espera_y_el_barrido_lo_recoge(elenco, sin_responder):
    """U06: fail closed on the file, open on the request; cleared when it comes back."""
    archivo = subir(elenco)
    assert estado(archivo) == EstadoAntivirus.EN_REVISION
    assert barrer_archivos()["revisados"] == 0

    with ClamdDePrueba(sin_responder):
        tarea()

    assert estado(archivo) == EstadoAntivirus.LIMPIO


def test_al_subirlo_se_pide_su_revision_por_la_bandeja(elenco, sin_responder):
    archivo = subir(elenco)
    [entrega] = entregas("solicitudes.archivo_subido")

    with ClamdDePrueba(sin_responder):
        manejador_de(entrega.tipo)(entrega)()

    assert estado(archivo) == EstadoAntivirus.LIMPIO


def test_de_un_infectado_ya_radicado_se_avisa_una_vez(elenco, sin_responder):
    """U06: quarantined and told; sweeping twice tells once."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.enlace), transaction.atomic():
        [archivo] = adjuntar(solicitud=solicitud, subidos=[un_texto("nota.txt", VIRUS)])

    with ClamdDePrueba(sin_responder):
        barrer_archivos()
        barrer_archivos()

    assert estado(archivo) == EstadoAntivirus.INFECTADO
    assert [e.carga for e in entregas("solicitudes.archivo_infectado")] == [{"archivo": archivo.pk}]


def test_se_borran_los_huerfanos_de_mas_de_un_dia_y_nada_mas(elenco, almacen_propio):
    """A rollback leaves bytes without a row: they go after a day; what a row names, never."""
    suyo = subir(elenco)
    huerfano = default_storage.save("subidos/aa/huerfano", ContentFile(b"x"))
    assert barrer_archivos()["huerfanos"] == 0
    for ruta in (suyo.ruta, huerfano):
        _envejecer(Path(default_storage.path(ruta)))

    assert barrer_archivos()["huerfanos"] == 1
    assert default_storage.exists(suyo.ruta) and not default_storage.exists(huerfano)


def _envejecer(ruta: Path) -> None:
    viejo = ruta.stat().st_mtime - timedelta(hours=25).total_seconds()
    os.utime(ruta, (viejo, viejo))
