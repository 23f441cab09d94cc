"""An import killed for real, again and again: each message is once, and in its order (M02)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from alcance import como_sistema
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Correo, Llegada
from buzones.services import guardar, procesar_pendientes
from solicitudes.models import Archivo, Movimiento, Solicitud
from tests.buzones.apoyos import escrito
from tests.soporte.elenco import crear_elenco
from tests.soporte.settings import RAIZ_PROYECTO, RUTAS

TRABAJAR = """
import django; django.setup()
from buzones.criterio.partes import Dictamen
from buzones.estados import Clase, EstadoCorreo
from buzones.services import procesar_pendientes
from direcciones.models import Entidad, Tema
from alcance import como_sistema
with como_sistema("prueba"):
    entidad, tema = Entidad.objects.get(codigo="02-01").pk, Tema.objects.get(codigo="DDAB-12").pk
dictamen = Dictamen(16, Clase.NUEVA_SOLICITUD, EstadoCorreo.ATENDIDO, ("Prueba.",), entidad_id=entidad, temas=(tema,))
print("listo", flush=True)
procesar_pendientes(limite=10_000, dictar=lambda *_: dictamen)
"""


def guardar_varios(cuantos: int) -> list[str]:
    """With files, some twice by another mailbox, and kept in another order than the one they came in."""
    en, ids, azar = timezone.now() - timedelta(hours=10), [], random.Random(3)
    for n in azar.sample(range(cuantos), cuantos):
        identificador = f"<{n}@entidad.example>"
        adjuntos = [("acta.csv", b"a,b\n1,2\n" * azar.randrange(1, 2000))] if n % 3 == 0 else []
        crudo = escrito(f"Asunto {n}", identificador=identificador, adjuntos=adjuntos)
        ids.append(identificador)
        for copia in range(2 if n % 10 == 0 else 1):
            sello = b"Received: from x by mx%d; Tue, 24 Nov 2026 10:00:00 -0500\r\n" % copia
            guardar(sello + crudo, origen=Origen.COMANDO, recibida_en=en + timedelta(seconds=n * 5 + copia))
    return sorted(ids)


def pendientes() -> int:
    with como_sistema("prueba"), transaction.atomic():
        return Llegada.objects.filter(estado=EstadoLlegada.GUARDADA).count()


def soltar() -> None:
    """The loan of who died ends in half a minute; here, now."""
    with como_sistema("prueba"), transaction.atomic():
        Llegada.objects.filter(estado=EstadoLlegada.GUARDADA).update(tomada_hasta=None)


def matando(base: str, veces: int, azar: random.Random) -> int:
    """Work and be killed in the middle, so many times; then to the end. How many were really killed."""
    entorno = os.environ | {
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "DATABASE_URL": f"postgresql://sdfi_web@/{base}?host={RUTAS.sockets}",
    }
    muertes, cuantos = 0, pendientes()
    while (antes := pendientes()) and muertes < veces:
        proceso = subprocess.Popen(
            [sys.executable, "-c", TRABAJAR], cwd=RAIZ_PROYECTO, env=entorno, stdout=subprocess.PIPE, text=True
        )
        assert proceso.stdout is not None and proceso.stdout.readline() == "listo\n"
        hasta = antes - max(1, cuantos // (veces + 2))
        limite = time.monotonic() + 120
        while pendientes() > hasta and proceso.poll() is None and time.monotonic() < limite:
            time.sleep(0.01)
        time.sleep(azar.uniform(0, 0.03))
        if proceso.poll() is None:
            proceso.send_signal(signal.SIGKILL)
            muertes += 1
        proceso.wait()
        proceso.stdout.close()
        soltar()
    final = subprocess.run([sys.executable, "-c", TRABAJAR], cwd=RAIZ_PROYECTO, env=entorno, check=True, timeout=600)
    assert final.returncode == 0
    return muertes


def comprobar(ids: Sequence[str], repetidos: int) -> None:
    with como_sistema("prueba"), transaction.atomic():
        correos = list(Correo.objects.select_related("solicitud").order_by("recibido_en", "id"))
        assert sorted(correo.mensaje_id for correo in correos) == list(ids)
        assert Llegada.objects.filter(estado=EstadoLlegada.REPETIDA).count() == repetidos
        assert Llegada.objects.exclude(estado__in=[EstadoLlegada.REPETIDA, EstadoLlegada.PROCESADA]).count() == 0
        solicitudes = [correo.solicitud for correo in correos]
        assert len({solicitud.pk for solicitud in solicitudes if solicitud}) == len(ids) == Solicitud.objects.count()
        assert Movimiento.objects.filter(accion="radicar").count() == len(ids)
        assert Archivo.objects.count() == sum(int(uno.strip("<").split("@")[0]) % 3 == 0 for uno in ids)
        radicados = [solicitud.radicado for solicitud in solicitudes if solicitud]
        assert radicados == sorted(radicados), "el número no sigue el orden de llegada"
        numeros = [int(correo.numero[-6:]) for correo in correos]
        assert numeros == list(range(numeros[0], numeros[0] + len(ids))), "hay números que nadie tiene"


def probar(base: str, cuantos: int, veces: int) -> None:
    crear_elenco()
    ids = guardar_varios(cuantos)
    assert matando(base, veces, random.Random(1)) == veces
    comprobar(ids, sum(int(uno.strip("<").split("@")[0]) % 10 == 0 for uno in ids))


def test_muerto_dos_veces_cada_mensaje_es_uno(base_propia: str) -> None:
    probar(base_propia, 60, 2)


@pytest.mark.larga
def test_muerto_dos_veces_en_medio_de_mil(base_propia: str) -> None:
    probar(base_propia, 1000, 2)


@pytest.mark.larga
def test_muerto_veinte_veces(base_propia: str) -> None:
    probar(base_propia, 200, 20)


def test_sin_lo_que_hace_unico_al_correo_la_prueba_falla(base_propia: str) -> None:
    """Negative control: that a message read twice is two is what the proof above would see."""
    crear_elenco()
    guardar_varios(3)
    with como_sistema("prueba"), transaction.atomic(using="migrador"), connections["migrador"].cursor() as cursor:
        cursor.execute("alter table buzones_correo drop constraint buzones_correo_unico")
    connections["migrador"].close()
    ids = sorted(f"<{n}@entidad.example>" for n in range(3))
    with pytest.MonkeyPatch.context() as cambio:
        cambio.setattr("buzones.services.procesar._el_mismo", lambda *_: None)
        procesar_pendientes()
    with pytest.raises(AssertionError):
        comprobar(ids, 1)
