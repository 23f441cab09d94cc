"""The tests' own database: whose role they run as, and that they leave nothing behind."""

import socket
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from tests.soporte.bases import Fabrica
from tests.soporte.guardias import RedProhibida


@pytest.mark.django_db
def test_corren_como_el_rol_web():
    """security.md §4.2: as owner or superuser the row-level security would not be tested at all."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, session_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("sdfi_web", "sdfi_web", "off")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "orden",
    [
        "create table intrusa (id int)",
        "alter table django_content_type add column intrusa int",
        "truncate django_content_type",
        "delete from django_migrations",
        "set role sdfi_owner",
        "set role sdfi_sistema",
        "create extension dblink",
    ],
)
def test_el_rol_web_no_cambia_el_esquema(orden):
    """security.md §4.7: only the migrator changes the schema."""
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(orden)


def test_todas_las_tablas_son_del_dueno(base_propia):
    with connection.cursor() as cursor:
        cursor.execute("select distinct tableowner from pg_tables where schemaname = 'public'")
        assert cursor.fetchall() == [("sdfi_owner",)]


def test_base_propia_confirma_de_verdad_y_otro_hilo_la_ve(base_propia):
    ContentType.objects.create(app_label="prueba", model="confirmada")
    vistos = []

    def mirar():
        vistos.append((connection.settings_dict["NAME"], ContentType.objects.filter(app_label="prueba").count()))
        connections.close_all()

    hilo = threading.Thread(target=mirar)
    hilo.start()
    hilo.join()
    assert vistos == [(base_propia, 1)]


def test_base_propia_empieza_siempre_limpia(base_propia):
    assert not ContentType.objects.filter(app_label="prueba").exists()


def test_base_propia_se_borra_al_final(fabrica: Fabrica, plantilla):
    nombre = fabrica.clonar(plantilla, "pasajera")
    assert fabrica.existe(nombre)
    fabrica.borrar(nombre)
    assert not fabrica.existe(nombre)


def test_la_red_esta_cerrada():
    """X08: no test leaves this machine."""
    with pytest.raises(RedProhibida), socket.socket() as salida:
        salida.connect(("192.0.2.1", 80))
    with pytest.raises(RedProhibida):
        socket.getaddrinfo("example.com", 80)
