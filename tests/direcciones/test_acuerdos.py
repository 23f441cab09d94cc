"""Agreements of service (R31), what counts as attended, who covers whom: what the database keeps, whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import AcuerdoServicio, Ausencia, CriterioAtencion, Persona
from tests.fabricas import FabricaDependencia, FabricaModalidad, FabricaPersona, actuar

pytestmark = pytest.mark.django_db
HOY = timezone.localdate


def acuerdo(dependencia: Any, **datos: Any) -> AcuerdoServicio:
    return AcuerdoServicio.objects.create(**{"dependencia": dependencia, "etapa": "Responder", "dias": 5} | datos)


@pytest.mark.parametrize("justificacion", ["", " \n"])
def test_above_ten_days_it_says_why(justificacion: str) -> None:
    dependencia = FabricaDependencia()
    acuerdo(dependencia, etapa="De diez", dias=10)
    with pytest.raises(IntegrityError, match="con_justificacion"), transaction.atomic():
        acuerdo(dependencia, dias=11, justificacion=justificacion)
    acuerdo(dependencia, dias=11, justificacion="El impresor externo tarda ocho días.")
    with pytest.raises(IntegrityError, match="acuerdo_dias"), transaction.atomic():
        acuerdo(dependencia, etapa="De cero", dias=0)


def test_one_in_force_by_stage_also_when_it_is_for_any_modality() -> None:
    dependencia, modalidad = FabricaDependencia(), FabricaModalidad()
    acuerdo(dependencia)
    acuerdo(dependencia, modalidad=modalidad)
    for otra in ({}, {"modalidad": modalidad}):
        with pytest.raises(IntegrityError, match="acuerdo_unico"), transaction.atomic():
            acuerdo(dependencia, **otra)
    acuerdo(dependencia, desde=HOY() - timedelta(days=9), hasta=HOY() - timedelta(days=2))


def test_the_row_that_fits_best_wins_stage_by_stage() -> None:
    direccion, modalidad = FabricaDependencia(), FabricaModalidad()
    suya = FabricaDependencia(padre=direccion)
    de_arriba = acuerdo(direccion, etapa="Asignar", dias=2)
    acuerdo(direccion, modalidad=modalidad, dias=8)
    cualquiera, propia = acuerdo(suya, dias=7), acuerdo(suya, modalidad=modalidad, dias=4)
    acuerdo(suya, etapa="Vieja", desde=HOY() - timedelta(days=9), hasta=HOY() - timedelta(days=2))

    assert AcuerdoServicio.objects.para(suya, modalidad, HOY()) == [de_arriba, propia]
    assert AcuerdoServicio.objects.para(suya, FabricaModalidad(codigo="otra"), HOY()) == [de_arriba, cualquiera]


def test_what_counts_as_attended_is_dated_and_inherited() -> None:
    direccion = FabricaDependencia()
    suya = FabricaDependencia(padre=direccion)
    ayer = HOY() - timedelta(days=1)
    assert CriterioAtencion.objects.de(suya, HOY()) == "entregada"
    CriterioAtencion.objects.create(dependencia=direccion, criterio="realizada", norma="Acta 1", desde=ayer)
    CriterioAtencion.objects.create(dependencia=suya, criterio="programada", norma="Acta 2", desde=HOY())

    assert CriterioAtencion.objects.de(suya, ayer - timedelta(days=1)) == "entregada"
    assert CriterioAtencion.objects.de(suya, ayer) == "realizada"
    assert CriterioAtencion.objects.de(suya, HOY()) == "programada"
    with pytest.raises(IntegrityError, match="criterio_conocido"), transaction.atomic():
        CriterioAtencion.objects.create(dependencia=FabricaDependencia(), criterio="leida", norma="Acta 3")
    with pytest.raises(IntegrityError, match="criterio_unico"), transaction.atomic():
        CriterioAtencion.objects.create(dependencia=suya, criterio="realizada", norma="Acta 4")


# --- Absences ---
def ausentar(persona: Persona, suplente: Persona | None, *, dias: int = 3, **datos: Any) -> Ausencia:
    valores = {"desde": HOY(), "hasta": HOY() + timedelta(days=dias), "registrada_por": persona} | datos
    with como_sistema("prueba"), transaction.atomic():
        return Ausencia.objects.create(persona=persona, suplente=suplente, **valores)


def reemplazo(persona: Persona, dias: int = 0) -> int | None:
    with como_sistema("prueba"), connection.cursor() as cursor:
        cursor.execute("select direcciones_reemplazo(%s, %s)", [persona.pk, HOY() + timedelta(days=dias)])
        return cursor.fetchone()[0]


def test_who_covers_is_followed_to_somebody_present() -> None:
    ana, berta, carla = (FabricaPersona() for _ in range(3))
    assert reemplazo(ana) == ana.pk
    primera = ausentar(ana, berta)
    assert reemplazo(ana) == berta.pk
    ausentar(berta, carla, dias=1)
    assert (reemplazo(ana), reemplazo(ana, 2), reemplazo(ana, 4)) == (carla.pk, berta.pk, ana.pk)
    with como_sistema("prueba"):
        Ausencia.objects.filter(pk=primera.pk).update(anulada_en=timezone.now())
    assert reemplazo(ana) == ana.pk


def test_a_chain_that_ends_in_nobody_or_goes_round_gives_nobody() -> None:
    ana, berta, carla = (FabricaPersona() for _ in range(3))
    ausentar(ana, berta)
    ausentar(berta, None)
    assert reemplazo(ana) is None
    ausentar(carla, ana)
    assert reemplazo(carla) is None
    uno, otro = FabricaPersona(), FabricaPersona()
    ausentar(uno, otro)
    ausentar(otro, uno)
    assert (reemplazo(uno), reemplazo(otro)) == (None, None)


def test_nobody_covers_themselves_nor_comes_back_before_leaving() -> None:
    ana = FabricaPersona()
    with pytest.raises(IntegrityError, match="otro_suplente"):
        ausentar(ana, ana)
    with pytest.raises(IntegrityError, match="ausencia_orden"):
        ausentar(ana, None, dias=-1)


def test_a_colleague_does_not_write_the_absence_of_another(elenco) -> None:
    asesora, ajena = elenco.asesora, elenco.enlace
    for quien in (asesora, ajena):
        with pytest.raises(DatabaseError, match=r"row-level security|seguridad"), actuar(quien), transaction.atomic():
            Ausencia.objects.create(persona=elenco.otra_asesora, desde=HOY(), hasta=HOY(), registrada_por=quien)
    with actuar(asesora), transaction.atomic():
        Ausencia.objects.create(persona=asesora, desde=HOY(), hasta=HOY(), registrada_por=asesora)
