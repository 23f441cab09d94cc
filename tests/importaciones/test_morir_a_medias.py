"""An import whose worker is killed for real, again and again: every row ends once (F01, C01)."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import EN_MANOS, Entrega
from bandeja.services import entregar
from importaciones.estados import POR_HACER
from importaciones.models import FilaImportada
from solicitudes.models import Movimiento, Solicitud
from tests.importaciones.apoyos import confirmar, csv_de, ensayar, ultima
from tests.soporte.elenco import crear_elenco
from tests.soporte.settings import RAIZ_PROYECTO, RUTAS

pytestmark = pytest.mark.larga
CUANTAS = 30
TRABAJAR = "import django; django.setup(); from bandeja.services import entregar; entregar(duracion=60)"


def quedan() -> int:
    with como_sistema("prueba"), transaction.atomic():
        return FilaImportada.objects.filter(resultado__in=sorted(POR_HACER)).count()


def soltar_lo_que_tenia() -> None:
    """The lease of a dead worker ends in 30 seconds; here, now."""
    with como_sistema("prueba"), transaction.atomic():
        Entrega.objects.filter(estado__in=EN_MANOS).update(tomada_hasta=timezone.now())
        Entrega.objects.update(proximo_intento=timezone.now())


def test_killed_again_and_again_every_row_enters_once(base_propia: str, entrar) -> None:
    elenco = crear_elenco()
    titulos = ["Radicado SIGA", "Fecha", "Entidad", "Tema", "Asunto", "Remitente"]
    filas = [[f"1-2026-{n}", "20/10/2026 10:42", "SDG", "DDAB-12", f"Asunto {n}", "Ana"] for n in range(CUANTAS)]
    navegador = entrar(elenco.administradora)
    confirmar(navegador, ensayar(navegador, "solicitudes", csv_de(titulos, *filas)))
    entorno = os.environ | {
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "DATABASE_URL": f"postgresql://sdfi_web@/{base_propia}?host={RUTAS.sockets}",
    }
    azar, muertes = random.Random(1), 0
    while muertes < 3 and (antes := quedan()):
        proceso = subprocess.Popen([sys.executable, "-c", TRABAJAR], cwd=RAIZ_PROYECTO, env=entorno)
        limite = time.monotonic() + 60
        while quedan() == antes and proceso.poll() is None and time.monotonic() < limite:
            time.sleep(0.05)
        time.sleep(azar.uniform(0, 0.1))
        if proceso.poll() is None:
            proceso.send_signal(signal.SIGKILL)
            muertes += 1
        proceso.wait()
        soltar_lo_que_tenia()
    while entregar():
        pass
    assert muertes == 3
    assert ultima().estado == "terminada"
    with como_sistema("prueba"), transaction.atomic():
        assert set(ultima().filas.values_list("resultado", flat=True)) == {"creada"}
        assert sorted(Solicitud.objects.values_list("siga_entrada", flat=True)) == sorted(f[0] for f in filas)
        assert Movimiento.objects.filter(accion="radicar").count() == CUANTAS
        numeros = sorted(int(r[-6:]) for r in Solicitud.objects.values_list("radicado", flat=True))
    assert numeros == list(range(numeros[0], numeros[0] + CUANTAS))
