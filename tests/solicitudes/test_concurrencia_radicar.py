"""C01 and C02 with real commits, each with its negative control: without the lock the test fails."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from alcance import como_sistema
from solicitudes.models import Borrador, Contador, Solicitud
from solicitudes.models.borradores import ConsultaBorrador
from solicitudes.services import borradores
from solicitudes.services.numeracion import siguiente
from tests.fabricas import actuar, radicada
from tests.soporte.asistente import llenar
from tests.soporte.elenco import crear_elenco
from tests.soporte.hilos import a_la_vez


def cuantas() -> int:
    with transaction.atomic(), como_sistema("prueba"):
        return Solicitud.objects.count()


def radicados() -> list[str]:
    with transaction.atomic(), como_sistema("prueba"):
        return sorted(Solicitud.objects.values_list("radicado", flat=True))


def test_doble_clic_y_dos_ventanas_radican_una_sola(base_propia, entrar):
    """C01: ten sends of one form at once → one solicitud, and every answer points to it."""
    elenco = crear_elenco()
    revisar = llenar(entrar(elenco.enlace), elenco)
    clientes = [entrar(elenco.enlace) for _ in range(10)]

    respuestas = a_la_vez(10, lambda n: clientes[n].post(revisar, {"acepta_datos": "on"}))

    assert {respuesta.status_code for respuesta in respuestas} == {302}
    assert len({respuesta.headers["Location"] for respuesta in respuestas}) == 1
    assert cuantas() == 1


def test_la_misma_clave_sin_borrador_radica_una_sola(base_propia):
    """C01 at the service: the unique key alone is enough."""
    elenco, clave = crear_elenco(), uuid4()

    hechas = a_la_vez(8, lambda _: radicada(por=elenco.enlace, temas=[elenco.tema_tablas], clave=clave).radicado)

    assert len(set(hechas)) == 1
    assert cuantas() == 1


def test_sin_cerrojo_ni_clave_el_doble_clic_radica_dos(base_propia, entrar, monkeypatch):
    """Negative control of C01."""
    elenco = crear_elenco()
    revisar = llenar(entrar(elenco.enlace), elenco)
    clientes = [entrar(elenco.enlace) for _ in range(2)]
    encuentro, original = threading.Barrier(2), borradores.radicar

    def sin_clave(*, clave, **resto):
        encuentro.wait(20)
        return original(clave=uuid4(), **resto)

    monkeypatch.setattr(ConsultaBorrador, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(borradores, "radicar", sin_clave)
    a_la_vez(2, lambda n: clientes[n].post(revisar, {"acepta_datos": "on"}))

    assert cuantas() == 2


def _numerar(clientes: int, cada_uno: int) -> list[int]:
    def tomar(_: int) -> list[int]:
        numeros = []
        for _vez in range(cada_uno):
            with transaction.atomic():
                numeros.append(siguiente("PRUEBA", 2026))
        return numeros

    return [numero for numeros in a_la_vez(clientes, tomar) for numero in numeros]


def test_cincuenta_a_la_vez_no_repiten_ni_saltan_numeros(base_propia):
    """C02, peers.md 25, in small: unique and gapless."""
    assert sorted(_numerar(50, 4)) == list(range(1, 201))


@pytest.mark.larga
def test_diez_mil_radicados_no_repiten_ni_saltan_numeros(base_propia):
    """C02: 50 clients × 200."""
    assert sorted(_numerar(50, 200)) == list(range(1, 10_001))


def test_las_que_fallan_no_dejan_huecos(base_propia):
    """A filing that is rolled back gives its number back: the next one takes it."""
    elenco = crear_elenco()

    def radicar_o_fallar(n: int) -> str | None:
        with actuar(elenco.enlace), transaction.atomic():
            solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
            if n % 2:
                transaction.set_rollback(True)
                return None
            return solicitud.radicado

    hechas = a_la_vez(8, radicar_o_fallar)

    numeros = [int(radicado.rsplit("-", 1)[1]) for radicado in radicados()]
    assert numeros == [1, 2, 3, 4]
    assert sorted(filter(None, hechas)) == radicados()


def test_sin_cerrojo_el_contador_repite(base_propia):
    """Negative control of C02: reading and then writing gives the same number to two."""
    with transaction.atomic():
        Contador.objects.create(serie="MALA", anio=2026)
    encuentro = threading.Barrier(2)

    def tomar_mal(_: int) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select ultimo from solicitudes_contador where serie = 'MALA'")
            numero = cursor.fetchone()[0] + 1
            encuentro.wait(20)
            cursor.execute("update solicitudes_contador set ultimo = %s where serie = 'MALA'", [numero])
        return numero

    assert a_la_vez(2, tomar_mal) == [1, 1]


def test_el_borrador_queda_ligado_a_la_que_se_radico(base_propia, entrar):
    elenco = crear_elenco()
    revisar = llenar(entrar(elenco.enlace), elenco)
    entrar(elenco.enlace).post(revisar, {"acepta_datos": "on"})

    with transaction.atomic(), como_sistema("prueba"):
        assert Borrador.objects.get().solicitud == Solicitud.objects.get()
