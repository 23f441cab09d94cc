"""Queries compiled once: the same rows as the ORM's, other values each time, and no answer without an alcance."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from alcance import Alcance, SinAlcance, como_sistema
from alcance.compiladas import Compilada, Forma, agregada
from direcciones.models import Membresia, Sector
from solicitudes.models import Parte
from tests.fabricas import FabricaEntidad, FabricaMembresia, FabricaSector

pytestmark = pytest.mark.django_db


def test_it_answers_what_the_orm_answers_for_each_value() -> None:
    una, otra = FabricaSector(), FabricaSector()
    por_codigo = Compilada(lambda codigo: Sector.objects.filter(codigo=codigo), codigo=str)
    for sector in (una, otra, una):
        (leido,) = por_codigo(codigo=sector.codigo)
        assert (leido, leido.nombre, leido.desde) == (sector, sector.nombre, sector.desde)
        assert not leido._state.adding
    assert por_codigo(codigo="no existe") == []


def test_it_brings_relations_annotations_and_values() -> None:
    entidad = FabricaEntidad()
    with como_sistema("prueba"):
        membresia = FabricaMembresia(entidad=entidad)
        de_persona = Compilada(
            lambda persona, hoy, ahora: (
                Membresia.objects.vigentes(hoy, ahora)
                .filter(persona=persona)
                .select_related("entidad__sector", "dependencia")
                .annotate(su_sector=F("entidad__sector__nombre"))
            ),
            persona=int,
            hoy=date,
            ahora=datetime,
        )
        hoy, ahora = date.today(), datetime.now(UTC)
        (leida,) = de_persona(persona=membresia.persona_id, hoy=hoy, ahora=ahora)
        assert de_persona(persona=membresia.persona_id, hoy=date(2000, 1, 1), ahora=ahora) == []
    with CaptureQueriesContext(connection) as consultas:
        assert (leida.entidad.sector, leida.dependencia) == (entidad.sector, None)
        assert (leida.su_sector, leida.solo_temas) == (entidad.sector.nombre, [])
    assert len(consultas) == 0
    nombres = Compilada(lambda codigo: Sector.objects.filter(codigo=codigo).values_list("pk", "nombre"), codigo=str)
    assert nombres(codigo=entidad.sector.codigo) == [(entidad.sector.pk, entidad.sector.nombre)]


def test_a_tenant_model_still_refuses_to_answer_without_an_alcance() -> None:
    todas = Compilada(lambda persona: Membresia.objects.filter(persona=persona), persona=int)
    with como_sistema("prueba"):
        assert todas(persona=1) == []
    with pytest.raises(SinAlcance):
        todas(persona=1)


def test_a_subquery_is_another_one_each_time() -> None:
    una, otra, tercera = FabricaSector(), FabricaSector(), FabricaSector()
    de_ellos = Compilada(
        lambda codigo, ellos: Sector.objects.exclude(codigo=codigo).filter(pk__in=ellos).order_by("pk"),
        codigo=str,
        ellos=QuerySet,
    )
    todos = Sector.objects.filter(nombre__in=[una.nombre, otra.nombre, tercera.nombre])
    assert de_ellos(codigo=otra.codigo, ellos=todos) == [una, tercera]
    assert de_ellos(codigo=una.codigo, ellos=todos.order_by("-pk")[:2]) == [otra, tercera]
    assert de_ellos(codigo="", ellos=todos.filter(codigo=una.codigo)) == [una]
    assert de_ellos(codigo="", ellos=Sector.objects.none()) == []


def test_a_value_that_the_query_does_not_use_is_a_mistake() -> None:
    sobra = Compilada(lambda codigo: Sector.objects.all(), codigo=str)
    with pytest.raises(ValueError, match="no usa todos"):
        sobra(codigo="1")


@pytest.mark.parametrize("quienes", [
    [Alcance(persona_id=7, rol="asesor", dependencias=(1, 2)),
     Alcance(persona_id=8, rol="asesor", dependencias=(3, 4))],
    [Alcance(persona_id=7, rol="enlace", entidad_id=5), Alcance(persona_id=9, rol="enlace", entidad_id=6)],
    [Alcance(persona_id=7, rol="enlace", entidad_id=5, solo_temas=(2,)),
     Alcance(persona_id=9, rol="enlace", entidad_id=5, solo_temas=(3,))],
    [Alcance(persona_id=1, rol="directora", dependencias=(1, 2, 3), jefaturas=(1, 2, 3)),
     Alcance(persona_id=2, rol="directora", dependencias=(4, 5, 6), jefaturas=(4,))],
    [Alcance(persona_id=1, rol="auditor", nivel="auditor"), Alcance(), Alcance(persona_id=3, nivel="todas")],
])  # fmt: skip
def test_who_asks_is_written_anew_each_time(quienes: list[Alcance]) -> None:
    """Each call is compared with the ORM's own query (`COMPROBAR_COMPILADAS`): here, that one shape serves two."""
    visibles = Compilada(
        lambda quien, ids, vista, entidad: vista(
            Parte.objects.visibles_para(quien).filter(dependencia__in=ids)
            & (Parte.objects.filter(entidad=entidad) if entidad else Parte.objects.all())
        ).values_list("pk"),
        quien=Alcance,
        ids=tuple,
        vista=Forma,
        entidad=int,
    )
    with como_sistema("prueba"):
        for quien in [*quienes, *quienes]:
            for ids in ((1,), (2,), (1, 2), ()):
                for entidad in (None, 3, 4):
                    assert visibles(quien=quien, ids=ids, vista=_por_llegada, entidad=entidad) == []
    assert len(visibles._armadas) < len(quienes) * 2 * 4 * 3


def _por_llegada(consulta: Any) -> Any:
    return consulta.por_llegada()


def test_an_aggregate_answers_also_where_nothing_can_match() -> None:
    de_sectores = Compilada(
        lambda ids, codigo: agregada(
            Sector.objects.filter(pk__in=ids), todos=Count("pk"), suyos=Count("pk", filter=Q(codigo=codigo))
        ),
        ids=tuple,
        codigo=str,
    )
    una, otra = FabricaSector(), FabricaSector()
    assert de_sectores(ids=(una.pk, otra.pk), codigo=una.codigo) == [(2, 1)]
    assert de_sectores(ids=(una.pk,), codigo=otra.codigo) == [(1, 0)]
    assert de_sectores(ids=(), codigo="x") == [(0, 0)]
    with pytest.raises(ValueError, match="sin más"):
        agregada(Sector.objects.all()[:2], todos=Count("pk"))


def test_what_comes_from_outside_is_found_out() -> None:
    """Negative control of the comparison: a query that reads something it does not declare."""
    afuera = [1]
    tramposa = Compilada(lambda codigo: Sector.objects.filter(codigo=codigo, pk__gt=afuera[0]), codigo=str)
    assert tramposa(codigo="x") == []
    afuera[0] = 2
    with pytest.raises(AssertionError, match="no depende solo de lo que declara"):
        tramposa(codigo="x")


def test_shapes_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alcance.compiladas.MAS_FORMAS", 3)
    por_ids = Compilada(lambda ids: Sector.objects.filter(pk__in=ids), ids=tuple)
    una = FabricaSector()
    for cuantas in range(1, 9):
        assert por_ids(ids=(una.pk, *range(-cuantas, -1))) == [una]
    assert len(por_ids._armadas) <= 3
