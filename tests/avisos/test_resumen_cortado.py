"""C08, F13: two clocks that ring at once, and one that is killed half-way, send each person one mail of the day."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Envio
from avisos.services import avisar, preferir, resumen, resumir
from bandeja.models import Entrega
from direcciones.models import Persona
from tests.avisos.conftest import GRUPO
from tests.fabricas import FabricaPersona, actuar
from tests.soporte.hilos import a_la_vez

pytestmark = pytest.mark.usefixtures("base_propia", "de_prueba")
PERSONAS, AVISOS = 6, 3
MARTES, MIERCOLES = (timezone.make_aware(datetime(2026, 11, dia, 10)) for dia in (17, 18))


def con_avisos() -> list[Persona]:
    personas = [FabricaPersona() for _ in range(PERSONAS)]
    with time_machine.travel(MARTES, tick=False):
        for persona in personas:
            with actuar(persona), transaction.atomic():
                preferir({GRUPO: "resumen"})
            for n in range(AVISOS):
                clave = f"{n}:{persona.pk}"
                with como_sistema("prueba"), transaction.atomic():
                    avisar(persona=persona, carta=Carta(clave, clave), clave=clave, evento="prueba.normal")
    return personas


def correos() -> Counter[str]:
    with como_sistema("prueba"), transaction.atomic():
        assert not Envio.objects.por_resumir().exists()
        return Counter(Entrega.objects.filter(tipo="avisos.correo").values_list("destinatario", flat=True))


def test_two_at_once_are_one() -> None:
    personas = con_avisos()
    with time_machine.travel(MIERCOLES, tick=True):
        hechos = a_la_vez(4, lambda _: resumir())
    assert sum(hechos) == PERSONAS
    assert correos() == {persona.correo: 1 for persona in personas}


@pytest.mark.parametrize("corte", [0, 3, PERSONAS - 1])
def test_one_that_is_killed_half_way_goes_on_where_it_was(corte: int, monkeypatch: Any) -> None:
    """Killed while it writes to somebody: what it had written of the others stays, of that one nothing."""
    personas = con_avisos()
    de_verdad, cuenta = resumen.enviar_correo, iter(range(99))

    def morir(**datos: Any) -> str:
        clave = de_verdad(**datos)
        if next(cuenta) == corte:
            raise KeyboardInterrupt
        return clave

    with time_machine.travel(MIERCOLES, tick=False):
        monkeypatch.setattr(resumen, "enviar_correo", morir)
        with pytest.raises(KeyboardInterrupt):
            resumir()
        monkeypatch.undo()
        assert resumir() == PERSONAS - corte
    assert correos() == {persona.correo: 1 for persona in personas}
