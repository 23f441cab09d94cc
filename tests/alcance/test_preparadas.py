"""What stays planned answers what it answered, to each their own rows, and nothing breaks it for long."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.db.models import Count, F, Value
from django.test.utils import CaptureQueriesContext

from alcance import Alcance, como_sistema, con_alcance
from alcance.compiladas import Compilada, Texto
from alcance.postgres import preparadas
from buzones.models import Correo
from direcciones.models import Membresia, Sector
from tests.buzones.sueltos import correo
from tests.fabricas import FabricaEntidad, FabricaMembresia, FabricaSector

pytestmark = pytest.mark.django_db


def nombres() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_prepared_statements order by prepare_time, name")
        return [fila[0] for fila in cursor.fetchall()]


@pytest.fixture(autouse=True)
def sin_ninguna() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("deallocate all")
    connection.preparadas = preparadas.Preparadas()  # type: ignore[attr-defined]
    yield
    connection.preparadas = preparadas.Preparadas(olvidar=True)  # type: ignore[attr-defined]


def test_it_is_prepared_the_third_time_and_answers_the_same(settings: Any) -> None:
    settings.PREPARAR_DESDE = 3
    una, otra = FabricaSector(), FabricaSector()
    for vez, sector in enumerate((una, otra, una, otra)):
        assert Sector.objects.get(pk=sector.pk).nombre == sector.nombre
        assert len(nombres()) == (vez >= 2)


def test_each_type_keeps_its_meaning() -> None:
    una = FabricaSector(desde=date(2020, 1, 31))
    for dia, cuantos in ((date(2020, 1, 31), 1), (date(2020, 2, 1), 0)):
        assert Sector.objects.filter(pk=una.pk, desde__gte=dia).count() == cuantos
    for valor in (7, 2**31, 2**40, -5, uuid4(), date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), "a'b%c", "", True,
                  1.5, timedelta(days=1), "çñ$1"):  # fmt: skip
        leidos = [Sector.objects.filter(pk=una.pk).values_list(Value(valor)).get()[0] for _ in range(2)]
        assert leidos == [valor, valor]
        assert type(leidos[0]) is type(valor)
    for ids in ([], [una.pk], [una.pk, 2**40], [una.pk, 3, 4]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id from direcciones_sector where id = any(%s)", [ids])
            assert cursor.fetchall() == ([(una.pk,)] if ids else [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s + date '2026-01-31', '%%', %s", [1, UUID(int=1)])
        assert cursor.fetchone() == (date(2026, 2, 1), "%", UUID(int=1))


def test_what_is_written_of_a_row_is_planned_once_and_kept_as_it_is() -> None:
    """Also what is twice the same value, nothing, or too long for its column."""
    comun: dict[str, Any] = {"fecha_dicha": datetime(2026, 1, 31, tzinfo=UTC), "temas": [7, 2**40], "texto": "a'b%c$1"}
    todos: list[dict[str, Any]] = [
        comun | {"para": [["Ñ", 1, None]], "referencias": ["x", "y"], "senales": {"ñ": "$1"}},
        comun | {"para": "x", "referencias": [""], "senales": 5, "texto": "", "asunto": "\\"},
        comun | {"para": [], "referencias": [], "senales": {}},
        comun | {"para": [], "referencias": ["x"], "senales": {}, "fecha_dicha": None, "temas": [1]},
    ]
    for vez in range(2):
        antes = nombres()
        for datos in todos:
            hecho = correo(**datos)
            with como_sistema("prueba"):
                leido = Correo.objects.get(pk=hecho.pk)
                assert {campo: getattr(leido, campo) for campo in datos} == datos
                assert (leido.razones, leido.recibido_en) == (hecho.razones, hecho.recibido_en)
        assert len(nombres()) == (len(antes) if vez else 4)  # three ways to write it, and the one that reads
    with como_sistema("prueba"):
        for asunto in ("uno", "otro"):
            hecho.asunto, hecho.fecha_dicha = asunto, None
            hecho.save(update_fields=["asunto", "fecha_dicha"])
        hecho.numero = "x" * 17
        with pytest.raises(DataError, match="too long"), transaction.atomic():
            hecho.save(update_fields=["numero"])
        leido = Correo.objects.get(pk=hecho.pk)
        assert (leido.asunto, leido.fecha_dicha, leido.numero != hecho.numero) == ("otro", None, True)


def test_a_text_travels_only_where_it_is_said() -> None:
    una, otra = FabricaSector(), FabricaSector()
    for tipo, cuantas in ((str, 2), (Texto, 1)):
        antes = len(nombres())
        por_codigo = Compilada(lambda codigo: Sector.objects.filter(codigo=codigo).only("pk"), codigo=tipo)
        assert [por_codigo(codigo=uno.codigo) for uno in (una, otra)] == [[una], [otra]]
        assert len(nombres()) == antes + cuantas


def test_what_is_selected_and_grouped_by_stays_the_same_expression() -> None:
    una = FabricaSector()
    for k in (0, 1):
        (fila,) = Sector.objects.filter(pk=una.pk).values(mas=F("id") + k + 3).annotate(n=Count("pk"))
        assert fila == {"mas": una.pk + k + 3, "n": 1}


def test_what_is_prepared_by_one_shows_to_another_only_theirs() -> None:
    """The policies read the alcance when it runs, not when it was planned."""
    with como_sistema("prueba"):
        una, otra = FabricaMembresia(entidad=FabricaEntidad()), FabricaMembresia(entidad=FabricaEntidad())
    antes = len(nombres())
    for quien, vistas in ((una, {una.pk}), (otra, {otra.pk}), (una, {una.pk})):
        with con_alcance(Alcance(persona_id=quien.persona_id, rol="enlace", entidad_id=quien.entidad_id)):
            assert set(Membresia.objects.filter(pk__gte=0).values_list("pk", flat=True)) == vistas
    with con_alcance(Alcance()):
        assert not Membresia.objects.filter(pk__gte=0).values_list("pk", flat=True)
    assert len(nombres()) == antes + 1


def test_it_survives_a_rolled_back_transaction_and_a_failure() -> None:
    una = FabricaSector()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert Sector.objects.get(pk=una.pk)
        raise ZeroDivisionError
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / %s", [0])
    hechas = nombres()
    assert Sector.objects.get(pk=una.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / %s", [0])
    assert set(hechas) <= set(nombres())


def test_the_log_of_queries_tells_what_was_asked() -> None:
    una = FabricaSector()
    with CaptureQueriesContext(connection) as consultas:
        for _ in range(2):
            Sector.objects.get(pk=una.pk)
    assert len(consultas) == 2
    for consulta in consultas:
        assert consulta["sql"].startswith("SELECT ")
        assert f'"id" = {una.pk}' in consulta["sql"]


def test_a_session_that_lost_them_costs_one_failure() -> None:
    """A pooler changed it, somebody discarded all: the transaction that notices fails, the next one is whole."""
    una = FabricaSector()
    assert Sector.objects.get(pk=una.pk)
    with connection.cursor() as cursor:
        cursor.execute("deallocate all")
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        Sector.objects.get(pk=una.pk)
    for _ in range(2):
        assert Sector.objects.get(pk=una.pk) == una


def test_one_plan_for_all_only_where_it_is_asked() -> None:
    una = FabricaSector()
    for unico, genericos in ((True, 2), (False, 0)):
        por_pk = Compilada(lambda pk: Sector.objects.filter(pk=pk), pk=int)
        por_pk = por_pk.con_un_plan() if unico else por_pk
        connection.preparadas = preparadas.Preparadas(olvidar=True)  # type: ignore[attr-defined]
        for _ in range(2):
            assert por_pk(pk=una.pk) == [una]
        with connection.cursor() as cursor:
            cursor.execute("select sum(generic_plans) from pg_prepared_statements where statement like '%%sector%%'")
            assert cursor.fetchone()[0] == genericos
            cursor.execute("show plan_cache_mode")
            assert cursor.fetchone()[0] == "auto"


def test_beyond_so_many_it_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparadas, "MAXIMO", 3)
    una = FabricaSector()
    for k in range(8):
        assert Sector.objects.filter(pk=una.pk, nombre__startswith=una.nombre[:k]).get() == una
        assert len(nombres()) <= 3
    assert Sector.objects.get(pk=una.pk) == una
