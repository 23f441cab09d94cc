"""Queries compiled once: the same rows as the ORM's, other values each time, and no answer without an alcance."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from alcance import SinAlcance, como_sistema
from alcance.compiladas import Compilada
from direcciones.models import Membresia, Sector
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
            lambda persona, hoy: (
                Membresia.objects.vigentes(hoy)
                .filter(persona=persona)
                .select_related("entidad__sector", "dependencia")
                .annotate(su_sector=F("entidad__sector__nombre"))
            ),
            persona=int,
            hoy=date,
        )
        (leida,) = de_persona(persona=membresia.persona_id, hoy=date.today())
        assert de_persona(persona=membresia.persona_id, hoy=date(2000, 1, 1)) == []
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
