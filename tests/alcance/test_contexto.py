"""The open alcance: written in every transaction, restored after nesting, closed by default (T12, T18)."""

import pytest
from django.db import DatabaseError, connection, transaction

from alcance import Alcance, SinAlcance, actual, como_sistema, con_alcance
from direcciones.models import Entidad, Membresia, Persona, Sector

pytestmark = pytest.mark.django_db


def ajuste(nombre: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting(%s, true), '')", [nombre])
        return cursor.fetchone()[0]


@pytest.fixture
def membresia() -> Membresia:
    with como_sistema("prueba"):
        sector = Sector.objects.create(codigo="91", nombre="Sector de prueba")
        entidad = Entidad.objects.create(codigo="91-01", nombre="Entidad", sector=sector, tipo="central")
        persona = Persona.objects.crear(correo="uno@entidad.example", nombre="Uno")
        return Membresia.objects.create(persona=persona, rol="enlace", entidad=entidad)


def test_a_tenant_model_refuses_to_answer_without_an_alcance() -> None:
    with pytest.raises(SinAlcance):
        Membresia.objects.count()


def test_the_alcance_reaches_the_transaction_and_leaves_with_it() -> None:
    with con_alcance(Alcance(persona_id=7, entidad_id=9, dependencias=(1, 2))):
        assert (ajuste("app.persona"), ajuste("app.entidad")) == ("7", "9")
        assert ajuste("app.dependencias") == "{1,2}"
    assert (ajuste("app.persona"), actual()) == ("", None)


def test_nested_alcance_is_restored_after_success() -> None:
    with con_alcance(Alcance(persona_id=1)):
        with con_alcance(Alcance(persona_id=2)), transaction.atomic():
            assert ajuste("app.persona") == "2"
        assert ajuste("app.persona") == "1"


def test_nested_alcance_is_restored_after_a_database_error() -> None:
    with con_alcance(Alcance(persona_id=1)):
        with pytest.raises(DatabaseError), transaction.atomic(), con_alcance(Alcance(persona_id=2)):
            connection.cursor().execute("select 1/0")
        assert ajuste("app.persona") == "1"


def test_nested_alcance_is_restored_when_its_savepoint_is_released() -> None:
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        with transaction.atomic(), con_alcance(Alcance(persona_id=2)):
            pass
        assert ajuste("app.persona") == "1"


def test_the_system_inside_the_system_writes_nothing() -> None:
    with como_sistema("prueba"):
        assert ajuste("app.nivel") == "sistema"
        with como_sistema("otra prueba"):
            assert ajuste("app.nivel") == "sistema"
            assert not connection.por_enviar  # type: ignore[attr-defined]
            with con_alcance(Alcance(rol="asesor")):
                assert ajuste("app.nivel") == ""
            assert ajuste("app.nivel") == "sistema"


def test_the_system_needs_a_reason() -> None:
    with pytest.raises(ValueError), como_sistema(""):
        pass


def test_the_system_keeps_the_name_of_the_person() -> None:
    with con_alcance(Alcance(persona_id=5, rol="asesor")), como_sistema("prueba") as alcance:
        assert (alcance.persona_id, alcance.rol, alcance.nivel) == (5, "asesor", "sistema")


def test_a_foreign_row_is_invisible_even_to_raw_sql(membresia: Membresia) -> None:
    with con_alcance(Alcance(persona_id=-1, entidad_id=-1)), connection.cursor() as cursor:
        cursor.execute("select count(*) from direcciones_membresia")
        assert cursor.fetchone()[0] == 0
    with con_alcance(Alcance(persona_id=membresia.persona_id)), connection.cursor() as cursor:
        cursor.execute("select count(*) from direcciones_membresia")
        assert cursor.fetchone()[0] == 1


def test_nobody_gives_themselves_a_role(membresia: Membresia) -> None:
    alcance = Alcance.de_membresia(membresia)
    with (
        con_alcance(alcance),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Membresia.objects.create(persona_id=membresia.persona_id, rol="administrador")
