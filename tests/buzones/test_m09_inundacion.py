"""A flood of a forged sender: at most five answers in any hour, one group in the tray, nothing lost (M09)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from avisos.models import Envio
from bandeja.models import Entrega
from bandeja.services import entregar
from buzones.estados import EstadoCorreo, EstadoLlegada, Origen
from buzones.models import Correo, Llegada
from buzones.services import guardar
from buzones.services.procesar import procesar_pendientes
from direcciones.models import Entidad
from solicitudes.models import Solicitud
from tests.buzones.apoyos import casilla, escrito
from tests.buzones.test_m07_bucles import PEDIDO
from tests.solicitudes.apoyos import instante, sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
INICIO = instante("2026-11-24", "10:00")
POR_HORA = 12


def inundar(elenco: Elenco, de: str, cuantos: int, *, cada: timedelta) -> None:
    """Each with its own text, as they come; then the hours that what waits needs."""
    Entidad.objects.filter(pk=elenco.secretaria.pk).update(dominios_correo="secretaria.example")
    suya = casilla(elenco, "ddab", dependencia=elenco.archivo)
    with time_machine.travel(INICIO, tick=True) as reloj:
        for numero in range(cuantos):
            crudo = escrito(f"Consulta {numero}", f"{PEDIDO} Es el caso {numero}.", de=de)
            guardar(crudo, origen=Origen.TUBO, casilla=suya)
            if numero % 25 == 24:
                procesar_pendientes()
                entregar()
            reloj.shift(cada)
        procesar_pendientes()
        for _ in range(cuantos // 5 + 2):
            entregar()
            reloj.shift(timedelta(minutes=62))


def en_cualquier_hora(salidas: list[datetime]) -> int:
    return max((sum(uno <= otro <= uno + timedelta(hours=1) for otro in salidas) for uno in salidas), default=0)


def comprobar(de: str, cuantos: int) -> None:
    with sistema():
        suyos = Envio.objects.filter(correo=de, entregado_en__isnull=False)
        salidas = list(suyos.values_list("entregado_en", flat=True))
        assert len(salidas) == len([m for m in mail.outbox if de in m.to[0]]) >= 1
        assert en_cualquier_hora(salidas) <= 5
        # Nothing is lost: each has its bytes, its correo, and what was filed has its acuse.
        assert Llegada.objects.filter(estado=EstadoLlegada.PROCESADA).count() == Correo.objects.count() == cuantos
        assert Solicitud.objects.count() <= POR_HORA
        assert suyos.filter(evento="solicitudes.acuse").count() == Solicitud.objects.count()
        assert not Entrega.objects.exclude(estado="hecha").exists()
        # And whoever looks at the tray finds it once.
        esperan = Correo.objects.filter(estado=EstadoCorreo.POR_CLASIFICAR)
        assert esperan.filter(grupo__isnull=False).count() >= cuantos - POR_HORA - 1
        assert esperan.exclude(grupo=None).values("grupo").distinct().count() == 1


REMITENTES = {"de nadie": "ajena@afuera.example", "de una entidad": "quien.sea@secretaria.example", "con cuenta": ""}


def test_a_flood_of_a_forged_sender_of_an_entity(elenco: Elenco) -> None:
    de = REMITENTES["de una entidad"]
    inundar(elenco, de, 24, cada=timedelta(seconds=20))
    comprobar(de, 24)


@pytest.mark.larga
@pytest.mark.parametrize("quien", REMITENTES)
def test_a_thousand_of_a_forged_sender(elenco: Elenco, quien: str) -> None:
    de = REMITENTES[quien] or elenco.enlace.correo
    inundar(elenco, de, 1000, cada=timedelta(seconds=3))
    comprobar(de, 1000)


def test_each_of_many_forged_senders_gets_one(elenco: Elenco) -> None:
    """Who is named in a list gets one neutral answer, whatever is written in their name."""
    suya = casilla(elenco, "ddab", dependencia=elenco.archivo)
    with time_machine.travel(INICIO, tick=True) as reloj:
        for vuelta in range(3):
            for numero in range(5):
                crudo = escrito(f"Consulta {vuelta}", f"{PEDIDO} {vuelta}", de=f"victima{numero}@afuera.example")
                guardar(crudo, origen=Origen.TUBO, casilla=suya)
            procesar_pendientes()
            entregar()
            reloj.shift(timedelta(minutes=30))
    assert sorted(m.to[0] for m in mail.outbox) == [f"victima{numero}@afuera.example" for numero in range(5)]
    cuerpos: Any = " ".join(str(m.message()) for m in mail.outbox)
    assert "retención" not in cuerpos
