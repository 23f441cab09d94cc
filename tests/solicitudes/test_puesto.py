"""The place in the queue over time, rebuilt from the history (R20): at each change, how many older ones waited."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from solicitudes.services import atender_siguiente
from solicitudes.services.acciones import ejecutar
from solicitudes.services.puesto import Estancia, cambios, puestos_de
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import parte_de, sistema
from tests.soporte.elenco import Elenco

T = timezone.now()


def estancia(quien: int, desde: int, hasta: int | None, *, llego: int, cola: int = 1) -> Estancia:
    fin = None if hasta is None else T + timedelta(hours=hasta)
    return Estancia(quien, cola, (T + timedelta(hours=llego), quien), T + timedelta(hours=desde), fin)


def lugares(propia: Estancia, *ajenas: Estancia) -> list[tuple[float, int | None]]:
    return [((p.desde - T) / timedelta(hours=1), p.anteriores) for p in cambios(propia, list(ajenas))]


def test_the_place_changes_when_an_older_one_enters_or_leaves_the_same_queue() -> None:
    mia = estancia(9, 3, 10, llego=3)
    assert lugares(mia) == [(3, 0), (10, None)]
    assert lugares(mia, estancia(1, 1, 5, llego=1), estancia(2, 2, 7, llego=2)) == [(3, 2), (5, 1), (7, 0), (10, None)]
    assert lugares(mia, estancia(1, 8, None, llego=1)) == [(3, 0), (8, 1), (10, None)]  # came back, or by transfer
    assert lugares(mia, estancia(1, 4, 6, llego=4)) == [(3, 0), (10, None)]  # a younger one says nothing
    assert lugares(mia, estancia(1, 1, 6, llego=1, cola=2)) == [(3, 0), (10, None)]  # nor one of another queue
    assert lugares(mia, estancia(1, 0, 2, llego=0), estancia(2, 10, 12, llego=1)) == [(3, 0), (10, None)]
    assert lugares(estancia(9, 3, None, llego=3), estancia(1, 1, None, llego=1)) == [(3, 1)]


def test_a_tray_is_of_a_person_and_not_of_a_queue() -> None:
    mia = replace(estancia(9, 3, 10, llego=3), asesor_id=7)
    assert lugares(mia, replace(estancia(1, 1, 5, llego=1, cola=2), asesor_id=7)) == [(3, 1), (5, 0), (10, None)]
    assert lugares(mia, replace(estancia(1, 1, 5, llego=1), asesor_id=8)) == [(3, 0), (10, None)]
    assert lugares(mia, estancia(1, 1, 5, llego=1)) == [(3, 0), (10, None)]  # it waits in the queue
    assert lugares(replace(mia, asesor_id=None), replace(estancia(1, 1, 5, llego=1), asesor_id=7)) == [
        (3, 0), (10, None),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_history_of_the_services_gives_the_places_that_the_queue_showed(elenco: Elenco) -> None:
    ahora = timezone.now()
    tres = [
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=ahora - timedelta(hours=3 - n))
        for n in range(3)
    ]
    for _ in range(2):
        with actuar(elenco.asesora), transaction.atomic():
            atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
    with actuar(elenco.asesora), transaction.atomic():
        ejecutar(parte=parte_de(tres[0]), accion="liberar", datos={"clave": uuid4(), "motivo": "Va de viaje"})
    for _ in range(2):
        with actuar(elenco.asesora), transaction.atomic():
            atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
    with sistema():
        assert [p.anteriores for p in puestos_de(parte_de(tres[2]))] == [2, 1, 0, 1, 0, None]
        assert [p.puesto for p in puestos_de(parte_de(tres[0]))] == [1, None, 1, None]
