"""C01, C02, C04 and C06 with real commits, each with its negative control: without the lock the test fails."""

import threading
from datetime import datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from alcance import como_sistema
from solicitudes.models import Borrador, Contador, Solicitud
from solicitudes.models.borradores import ConsultaBorrador
from solicitudes.services import borradores, radicacion
from solicitudes.services.borradores import BorradorCambiado, guardar_paso
from solicitudes.services.numeracion import siguiente
from solicitudes.views import comunes
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import instante
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
    encuentro, original = threading.Barrier(2), borradores.radicar_por_primera_vez

    def sin_clave(*, clave, **resto):
        encuentro.wait(20)
        return original(clave=uuid4(), **resto)

    monkeypatch.setattr(comunes, "_EL_BORRADOR_CERRADO", comunes._EL_BORRADOR)
    monkeypatch.setattr(borradores, "radicar_por_primera_vez", sin_clave)
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
def test_diez_mil_numeros_no_se_repiten_ni_se_saltan(base_propia):
    """C02, the counter alone: 50 clients × 200."""
    assert sorted(_numerar(50, 200)) == list(range(1, 10_001))


def con_paciencia(hacer):
    """As a person who gets a 503 because the database is busy: try again."""
    while True:
        try:
            return hacer()
        except OperationalError:
            connection.close()


def _radicar_a_la_vez(clientes: int, cada_uno: int) -> list[tuple[datetime, int, int]]:
    """Filings into three queues at once. Shape: what is in the database, (instant, year, number) by instant."""
    elenco = crear_elenco()
    temas = [elenco.tema_tablas, elenco.tema_integridad, elenco.tema_cooperacion]

    def radicar_varias(cliente: int) -> None:
        for vez in range(cada_uno):
            con_paciencia(lambda: radicada(por=elenco.enlace, temas=[temas[(cliente + vez) % len(temas)]]))  # noqa: B023

    assert a_la_vez(clientes, radicar_varias) == [None] * clientes
    with transaction.atomic(), como_sistema("prueba"):
        filas = list(Solicitud.objects.order_by("radicado_en").values_list("radicado_en", "radicado"))
    return [(en, *map(int, radicado.split("-")[1:])) for en, radicado in filas]


def test_el_numero_sigue_el_orden_del_registro(base_propia):
    """C02 in small: also between queues that do not wait for each other, who came first has the lower number."""
    hechas = _radicar_a_la_vez(8, 4)
    assert [numero for _, _, numero in hechas] == list(range(1, 33))


@pytest.mark.larga
def test_diez_mil_solicitudes_unicas_seguidas_y_en_orden(base_propia):
    """C02, R33: 50 clients × 200 whole filings: unique, gapless, in the order in which they were received."""
    hechas = _radicar_a_la_vez(50, 200)
    assert [numero for _, _, numero in hechas] == list(range(1, 10_001))


def test_con_el_reloj_leido_antes_del_turno_el_orden_se_rompe(base_propia, monkeypatch):
    """Negative control of the order: whoever reads the clock first and numbers last has a later number."""
    elenco, reloj = crear_elenco(), radicacion.ahora
    leyo, numerada = threading.Event(), threading.Event()
    leidos: list[datetime] = []

    def leer_una_sola_vez() -> datetime:
        """The one who is slow goes on with what it read before the turn."""
        if threading.current_thread().name != "lenta":
            return reloj()
        if not leidos:
            leidos.append(reloj())
            leyo.set()
            numerada.wait(20)
        return leidos[0]

    monkeypatch.setattr(radicacion, "ahora", leer_una_sola_vez)

    def radicar_en(cual: int) -> str:
        if cual == 0:
            threading.current_thread().name = "lenta"
            return radicada(por=elenco.enlace, temas=[elenco.tema_tablas]).radicado
        leyo.wait(20)
        radicado = radicada(por=elenco.enlace, temas=[elenco.tema_integridad]).radicado
        numerada.set()
        return radicado

    lenta, rapida = a_la_vez(2, radicar_en)
    assert rapida < lenta
    with transaction.atomic(), como_sistema("prueba"):
        assert list(Solicitud.objects.order_by("radicado_en").values_list("radicado", flat=True)) == [lenta, rapida]


@pytest.mark.larga
def test_la_serie_empieza_una_sola_vez_al_cambiar_el_anio(base_propia):
    """C06: 50 clients file across midnight of 31 December in Bogotá: two series, each from 1, unique and gapless."""
    with time_machine.travel(instante("2026-12-31", "23:59:45"), tick=True):
        hechas = _radicar_a_la_vez(50, 20)
    for anio in (2026, 2027):
        suyas = [numero for _, suyo, numero in hechas if suyo == anio]
        assert suyas == list(range(1, len(suyas) + 1))
        assert len(suyas) > 50
    assert all(timezone.localtime(en).year == anio for en, anio, _ in hechas)


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


# --- Two windows of one draft (C04) ----------------------------------------------------------------------------------
def _guardar_a_la_vez(elenco, borrador: Borrador, vuelta: int) -> list[str | Exception]:
    """Two windows save different words over the same version. Gives what each was told."""
    with transaction.atomic(), como_sistema("prueba"):
        version = Borrador.objects.get(pk=borrador.pk).version

    def guardar(cual: int) -> str:
        texto = f"vuelta {vuelta}, ventana {cual}"
        with actuar(elenco.enlace), transaction.atomic():
            campos = {"asunto": texto}
            guardar_paso(borrador=borrador, paso="detalle", campos=campos, version=version, ventana=str(cual))
        return texto

    return a_la_vez(2, guardar)


def _borrador_de(persona) -> Borrador:
    with actuar(persona) as alcance, transaction.atomic():
        return Borrador.objects.create(persona=persona, entidad_id=alcance.entidad_id)


def _asunto(borrador: Borrador) -> str:
    with transaction.atomic(), como_sistema("prueba"):
        return Borrador.objects.get(pk=borrador.pk).datos["asunto"]


def test_de_dos_ventanas_a_la_vez_una_guarda_y_la_otra_lo_sabe(base_propia):
    """C04 with real threads: what was accepted is stored; who was refused is shown it and keeps their own."""
    elenco = crear_elenco()
    borrador = _borrador_de(elenco.enlace)
    for vuelta in range(25):
        dichos = _guardar_a_la_vez(elenco, borrador, vuelta)
        (aceptado,) = [dicho for dicho in dichos if isinstance(dicho, str)]
        (choque,) = [dicho for dicho in dichos if isinstance(dicho, BorradorCambiado)]
        assert choque.guardados["asunto"] == aceptado == _asunto(borrador)


def test_sin_cerrojo_las_dos_ventanas_creen_haber_guardado(base_propia, monkeypatch):
    """Negative control of C04: with the lock off both are told «guardado» and one text is lost."""
    elenco, encuentro = crear_elenco(), threading.Barrier(2)
    borrador, original = _borrador_de(elenco.enlace), borradores._difiere

    def comparar_a_la_vez(*datos):
        encuentro.wait(20)
        return original(*datos)

    monkeypatch.setattr(ConsultaBorrador, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(borradores, "_difiere", comparar_a_la_vez)
    dichos = _guardar_a_la_vez(elenco, borrador, 0)

    assert all(isinstance(dicho, str) for dicho in dichos)
    assert len({*dichos} - {_asunto(borrador)}) == 1
