"""R20, R22, R25: whatever the channel and whenever it is read, each has the place of the instant at which it came."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from buzones.estados import Origen
from buzones.services import guardar, procesar_pendientes
from solicitudes.models import Parte, Solicitud
from solicitudes.services import atender_siguiente
from tests.buzones.apoyos import casilla, correos, escrito
from tests.buzones.test_procesar import nueva
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def una_jornada(elenco: Elenco, azar: random.Random, cuantas: int) -> None:
    """Three mailboxes read late and out of order, the portal, the telephone and SIGA, as they may fall in a day."""
    buzones = [casilla(elenco, f"buzon{n}", dependencia=elenco.archivo) for n in range(3)]
    for n in range(cuantas):
        hace = timedelta(minutes=azar.randrange(1, 600), seconds=azar.randrange(60))
        canal = azar.choice(["correo", "correo", "correo", "portal", "telefono", "siga"])
        if canal == "correo":
            recibida = timezone.now() - hace
            guardar(escrito(f"Caso {n}"), origen=Origen.COMANDO, recibida_en=recibida, casilla=azar.choice(buzones))
        elif canal == "portal":
            radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        else:
            radicada(
                registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal=canal,
                recibida=timezone.now() - hace,
            )  # fmt: skip
        if azar.random() < 0.3:
            procesar_pendientes(limite=azar.randrange(1, 4), dictar=nueva(elenco))
    while procesar_pendientes(dictar=nueva(elenco)):
        pass


def comprobar(elenco: Elenco, cuantas: int) -> None:
    with sistema():
        debido = list(Solicitud.objects.order_by("recibido_en", "id").values_list("pk", flat=True))
        de_correo = {correo.solicitud_id: correo.recibido_en for correo in correos()}
        for solicitud in Solicitud.objects.filter(pk__in=de_correo):
            assert solicitud.recibido_en == de_correo[solicitud.pk]
    assert len(debido) == cuantas
    atendidas = []
    for _ in debido:
        with actuar(elenco.asesora):
            parte: Parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        atendidas.append(parte.solicitud_id)
    assert atendidas == debido


def test_se_atienden_en_el_orden_en_que_llegaron_por_donde_sea(elenco: Elenco) -> None:
    una_jornada(elenco, random.Random(1), 14)
    comprobar(elenco, 14)


@pytest.mark.larga
@pytest.mark.parametrize("semilla", range(2, 22))
def test_en_muchas_jornadas(elenco: Elenco, semilla: int) -> None:
    una_jornada(elenco, random.Random(semilla), 40)
    comprobar(elenco, 40)
