"""What only shows with very many rows: flat memory, and a worker killed half-way (security.md E05, F02)."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from alcance import como_sistema
from bandeja.models import Entrega
from bandeja.services import entregar_larga
from exportaciones import services
from exportaciones.estados import EstadoExportacion as E
from tests.exportaciones.muchas import multiplicar
from tests.exportaciones.test_trabajo import archivos, avisos_de, bytes_de, gente, leer, pedir  # noqa: F401
from tests.fabricas import radicada
from tests.soporte.bases import Fabrica
from tests.soporte.elenco import Elenco
from tests.soporte.settings import RAIZ_PROYECTO, RUTAS

pytestmark = pytest.mark.larga
MUCHAS = 200_000
# One delivery per line that arrives; says the resident memory after each.
TRABAJADOR = """
import json, sys
import django
django.setup()
import psutil
from bandeja.services import entregar_larga
for _ in sys.stdin:
    hechas = entregar_larga()
    print(json.dumps([hechas, psutil.Process().memory_info().rss]), flush=True)
"""


@pytest.fixture
def muchas(gente: Elenco, base_propia: str, fabrica: Fabrica) -> Elenco:  # noqa: F811
    radicada(por=gente.enlace, temas=[gente.tema_tablas])
    multiplicar(fabrica, base_propia, MUCHAS)
    return gente


@contextmanager
def trabajador(base: str) -> Iterator[subprocess.Popen[str]]:
    entorno = os.environ | {
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "ARCHIVOS_DIR": default_storage.path(""),
        "DATABASE_URL": f"postgresql://sdfi_web@/{base}?host={RUTAS.sockets}",
    }
    orden = [sys.executable, "-c", TRABAJADOR]
    with subprocess.Popen(
        orden, cwd=RAIZ_PROYECTO, env=entorno, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as proceso:
        yield proceso
        proceso.kill()


def hacer_una(proceso: subprocess.Popen[str]) -> tuple[int, int]:
    """Deliver one in the other process. Gives how many were closed and its memory in bytes."""
    assert proceso.stdin and proceso.stdout
    proceso.stdin.write("\n")
    proceso.stdin.flush()
    hechas, memoria = json.loads(proceso.stdout.readline())
    return hechas, memoria


def test_la_memoria_no_crece_con_las_filas(muchas: Elenco, base_propia: str) -> None:
    """E05: 200,000 rows of every column in each format take no more than 50 MB over what an empty one takes."""
    with trabajador(base_propia) as proceso:
        for formato in ("csv", "xlsx", "ods"):
            pedir(muchas.auditora, "hasta=1980-01-01", formato=formato)
        antes = [hacer_una(proceso) for _ in range(3)][-1][1]
        for formato in ("csv", "xlsx", "ods"):
            grande = pedir(muchas.auditora, formato=formato)
            inicio = time.monotonic()
            hechas, ahora = hacer_una(proceso)
            hecha = leer(grande.pk)
            print(formato, round(time.monotonic() - inicio, 1), "s", hecha.bytes, "bytes", (ahora - antes) >> 20, "MB")
            assert hechas == 1 and (hecha.estado, hecha.filas) == (E.LISTA, MUCHAS + 1)
            assert ahora - antes < 50_000_000
    crudo = Path(default_storage.path(hecha.ruta))
    assert len(CalamineWorkbook.from_path(crudo).get_sheet_by_name("Registro").to_python()) == MUCHAS + 2


def test_un_trabajador_muerto_a_mitad_no_deja_nada_y_otro_la_hace_una_vez(muchas: Elenco, base_propia: str) -> None:
    """kill -9 while it writes: no file, its row is taken again when its lease ends, and there is one file."""
    pedida = pedir(muchas.auditora, formato="xlsx")
    with trabajador(base_propia) as proceso:
        assert proceso.stdin
        proceso.stdin.write("\n")
        proceso.stdin.flush()
        limite = time.monotonic() + 60
        while not leer(pedida.pk).filas:
            assert time.monotonic() < limite
            time.sleep(0.05)
        os.kill(proceso.pid, signal.SIGKILL)
        proceso.wait()
    a_medias = leer(pedida.pk)
    assert a_medias.estado == E.EN_CURSO and 0 < a_medias.filas < MUCHAS and archivos() == []
    assert entregar_larga() == 0  # its lease is not over
    with como_sistema("prueba"), transaction.atomic():
        Entrega.objects.filter(tipo=services.TIPO).update(tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert (entregar_larga(), entregar_larga()) == (1, 0)
    assert leer(pedida.pk).estado == E.LISTA and len(archivos()) == 1
    assert avisos_de(muchas.auditora) == ["Su exportación del registro quedó lista"]
    assert len(bytes_de(muchas.auditora, pedida)) == leer(pedida.pk).bytes
