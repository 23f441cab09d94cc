"""What is shown is ordered by id, which no digest holds: within a chain the ids go up as the places do (A04)."""

import threading

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections, transaction

from alcance import Alcance, como_sistema, con_alcance
from bitacora.cadena import leer
from bitacora.models import Cabeza, Suceso
from bitacora.services import registrar
from tests.bitacora.test_cadena import escribir

REVES = "el orden en que se muestran (id) no es el de la cadena"


def rupturas() -> list[tuple[str, int, int | None, str]]:
    with como_sistema("prueba"), transaction.atomic():
        return [(r.cadena, r.posicion, r.hasta, r.que) for r in leer().rupturas]


def cruzados() -> list[str]:
    """Two at once: the first to write is the last to commit. What each did, as the page shows it: newest first."""
    escrito, confirmado, fallas = threading.Event(), threading.Event(), []

    def otra() -> None:
        try:
            escrito.wait(30)
            with con_alcance(Alcance(persona_id=2)), transaction.atomic():
                registrar(accion="segunda", entidad_id=1)
        except BaseException as falla:
            fallas.append(falla)
        finally:
            connections.close_all()
            confirmado.set()

    trabajo = threading.Thread(target=otra)
    trabajo.start()
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        registrar(accion="primera", entidad_id=1)
        registrar(accion="primera otra vez", entidad_id=1)
        escrito.set()
        assert confirmado.wait(30)
    trabajo.join()
    assert fallas == []
    with como_sistema("prueba"), transaction.atomic():
        return list(Suceso.objects.order_by("-id").values_list("accion", flat=True))


def sellar_como_antes(fabrica, base: str) -> None:
    """The function of before migration 0005."""
    with psycopg2.connect(fabrica.postgres.dsn(base=base)) as conexion, conexion.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('bitacora_sellar'::regproc)")
        [definicion] = cursor.fetchone()
        antes = definicion.replace("if suyo <= cabeza.ultimo_id then", "if false then")
        assert antes != definicion
        cursor.execute(antes)
    conexion.close()


def test_dos_a_la_vez_quedan_como_se_encadenaron(base_propia: str) -> None:
    assert cruzados() == ["primera otra vez", "primera", "segunda"]
    assert rupturas() == []
    with como_sistema("prueba"), transaction.atomic():
        por_lugar = list(Suceso.objects.order_by("posicion").values_list("pk", flat=True))
    assert por_lugar == sorted(por_lugar)


def test_lo_que_se_escribe_solo_conserva_su_id(base_propia: str) -> None:
    """Whoever kept it still finds the row."""
    with como_sistema("prueba"), transaction.atomic():
        filas = [Suceso.objects.create(accion=f"n.{n}", entidad_id=n % 2 or None) for n in range(4)]
    with como_sistema("prueba"), transaction.atomic():
        assert {f.pk: f.accion for f in Suceso.objects.all()} == {f.pk: f.accion for f in filas}


def test_sin_otro_id_los_cruzados_van_al_reves(base_propia: str, fabrica) -> None:
    """Negative control: sealed as before, the ids of two at once go one way and the places the other; it is told."""
    sellar_como_antes(fabrica, base_propia)
    assert cruzados() == ["segunda", "primera otra vez", "primera"]
    assert rupturas() == [("entidad-1", 1, 2, REVES)]


def test_lo_sellado_antes_no_alarma_y_lo_cambiado_si(base_propia: str, fabrica, superusuario) -> None:
    """Of what a head says that was sealed before, two at once are as they are; one that goes also against the clock is
    told."""
    sellar_como_antes(fabrica, base_propia)
    cruzados()
    superusuario.execute("update bitacora_cabeza set ordenada_desde = posicion")
    escribir(1, entidades=(1,))
    assert rupturas() == []
    with como_sistema("prueba"), transaction.atomic():
        ids = dict(Suceso.objects.values_list("posicion", "pk"))
    superusuario.execute("select pg_sleep(1.1)")
    escribir(1, entidades=(1,))
    assert rupturas() == []
    with como_sistema("prueba"), transaction.atomic():
        ultimo = Suceso.objects.get(posicion=5).pk
    superusuario.execute("update bitacora_cabeza set ordenada_desde = posicion")
    for de, a in ((ultimo, -1), (ids[4], ultimo), (-1, ids[4])):
        superusuario.execute("update bitacora_suceso set id = %s where id = %s", [a, de])
    assert rupturas() == [("entidad-1", 4, 5, REVES)]


def test_la_migracion_con_sucesos_adentro(base_propia: str) -> None:
    """Each head says until where it had been sealed before; what comes after follows its order. There and back."""
    call_command("migrate", "bitacora", "0004", verbosity=0)
    assert cruzados() == ["segunda", "primera otra vez", "primera"]
    assert rupturas() == []  # as whoever restores an old backup reads it
    call_command("migrate", "bitacora", verbosity=0)
    with como_sistema("prueba"), transaction.atomic():
        assert list(Cabeza.objects.values_list("cadena", "posicion", "ordenada_desde")) == [("entidad-1", 3, 3)]
    assert cruzados()[:3] == ["primera otra vez", "primera", "segunda"]
    assert rupturas() == []


@pytest.mark.parametrize("cuantos", [2, 9])
def test_un_id_llevado_a_otra_parte(superusuario, cuantos: int) -> None:
    escribir(cuantos, entidades=(1,))
    superusuario.execute("update bitacora_suceso set id = id + 1000 where posicion = 1")
    assert rupturas() == [("entidad-1", 1, 2, REVES)]
