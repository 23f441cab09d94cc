"""First in, first out under contention (R20; security.md C03), with the control that fails when the lock is off."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from alcance import como_sistema
from direcciones.roles import Rol
from solicitudes.models import ExcepcionOrden, Movimiento, Parte
from solicitudes.services import atender_siguiente, cola, mover, transiciones
from solicitudes.services.inversiones import contar_inversiones
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de, sistema
from tests.soporte.elenco import crear_elenco

ASESORES = 20
DESDE = datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())


def preparar(cuantas: int) -> tuple[Any, list[Any]]:
    """The cast, twenty asesores of Archivo and a queue whose order of registration is not that of reception."""
    elenco = crear_elenco()
    asesores = [FabricaPersona(nombre=f"Asesora {n:02}") for n in range(ASESORES)]
    for asesor in asesores:
        FabricaMembresia(persona=asesor, rol=Rol.ASESOR, entidad=None, dependencia=elenco.sistema_archivos)
    for n in range(cuantas):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(minutes=(n * 7) % 101 + 1))
    return elenco, asesores


def a_la_vez(personas: list[Any], trabajo: Callable[[Any], Any]) -> list[Any]:
    """Each person's work in a thread of its own, all released at once. Returns the results; errors are raised."""
    salida, resultados, fallas = threading.Barrier(len(personas)), [], []

    def correr(persona: Any) -> None:
        try:
            salida.wait(timeout=30)
            resultados.append(trabajo(persona))
        except Exception as falla:
            fallas.append(falla)
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=correr, args=[persona]) for persona in personas]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(timeout=60)
    assert not fallas, fallas[:3]
    return resultados


def tomadas_en_orden() -> list[tuple[datetime, int]]:
    """Reception of what was claimed, in the order in which the claims were written."""
    with sistema():
        lineas = Movimiento.objects.filter(accion="tomar").order_by("id").select_related("parte")
        return [(linea.parte.recibido_en, linea.parte.solicitud_id) for linea in lineas]


def test_veinte_asesores_a_la_vez_ni_dobles_ni_inversiones(base_propia):
    """C03, E9: each gets another, oldest first."""
    elenco, asesores = preparar(ASESORES + 5)

    def pedir(asesor):
        with actuar(asesor), transaction.atomic():
            return atender_siguiente(dependencia=elenco.sistema_archivos, persona=asesor).pk

    tomadas = a_la_vez(asesores, pedir)

    assert len(set(tomadas)) == ASESORES
    orden = tomadas_en_orden()
    assert orden == sorted(orden)
    with sistema():
        quedan = list(Parte.objects.en_cola(elenco.sistema_archivos).values_list("recibido_en", flat=True))
    assert len(quedan) == 5 and min(quedan) > max(instante for instante, _ in orden)
    assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=DESDE) == []


def test_sin_el_turno_el_orden_se_rompe(base_propia, monkeypatch):
    """Negative control of C03: with the lock off and the usual SKIP LOCKED, claims swap places and the count says it.

    One claim reads the oldest and waits; another, which skips what is locked, is written first.
    """
    elenco, asesores = preparar(4)
    monkeypatch.setattr(cola, "tomar_turnos", lambda **_: None)
    monkeypatch.setattr(transiciones, "tomar_turnos", lambda **_: None)
    leida, escrita = threading.Event(), threading.Event()

    def la_libre_mas_antigua(dependencia_id, persona):
        with como_sistema("prueba: como si no hubiera turno"):
            fila = Parte.objects.en_cola(dependencia_id).select_for_update(of=("self",), skip_locked=True).first()
        if persona == asesores[0]:
            leida.set()
            escrita.wait(timeout=20)
        with como_sistema("prueba: como si no hubiera turno"):
            return transiciones.bajo_cerrojo(fila.pk)

    monkeypatch.setattr(cola, "la_mas_antigua", la_libre_mas_antigua)

    def pedir(asesor):
        if asesor == asesores[1]:
            leida.wait(timeout=20)
        with actuar(asesor), transaction.atomic():
            parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=asesor)
        if asesor == asesores[1]:
            escrita.set()
        return parte

    a_la_vez(asesores[:2], pedir)

    orden = tomadas_en_orden()
    assert orden != sorted(orden), "el control negativo debía romper el orden"
    (cuenta,) = contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=DESDE)
    assert (cuenta.con_motivo, cuenta.sin_motivo) == (0, 1)


def test_radicar_y_tomar_a_la_vez_no_adelantan_a_nadie(base_propia):
    """A filing that has read its clock can't be overtaken by a claim of something received later."""
    elenco, asesores = preparar(6)

    def trabajar(persona):
        if persona is elenco.enlace:
            for _ in range(4):
                radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
            return None
        with actuar(persona), transaction.atomic():
            return atender_siguiente(dependencia=elenco.sistema_archivos, persona=persona)

    a_la_vez([elenco.enlace, *asesores[:9]], trabajar)

    orden = tomadas_en_orden()
    assert len(orden) == len(set(orden)) >= 6
    assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=DESDE) == []


def test_mover_partes_de_la_misma_solicitud_a_la_vez_no_se_traba(base_propia):
    """C07 in small: claims, releases, withdrawals and transfers of solicitudes with two partes; no deadlock."""
    elenco, asesores = preparar(0)
    solicitudes = [radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad]) for _ in range(6)]
    from solicitudes.services.entidad import retirar  # noqa: PLC0415
    from solicitudes.services.transiciones import NoSePuede  # noqa: PLC0415

    def trabajar(persona):
        try:
            if persona is elenco.enlace:
                for solicitud in solicitudes[3:]:
                    with actuar(persona), transaction.atomic():
                        retirar(solicitud=solicitud, motivo="Ya no la necesitamos")
            elif persona is elenco.asesor_tecnica:
                for solicitud in solicitudes:
                    hacer(persona, parte_de(solicitud, elenco.tecnica), "empezar", codigo="disponibilidad")
            else:
                with actuar(persona), transaction.atomic():
                    parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=persona)
                if parte is not None:
                    hacer(persona, parte, "liberar", motivo="Prueba de vuelta a la cola")
        except NoSePuede:
            return "rechazada"
        return "hecha"

    a_la_vez([elenco.enlace, elenco.asesor_tecnica, *asesores[:8]], trabajar)

    with connection.cursor() as cursor:
        cursor.execute("select deadlocks from pg_stat_database where datname = current_database()")
        assert cursor.fetchone()[0] == 0


@pytest.mark.django_db
def test_la_cuenta_separa_con_motivo_y_sin_motivo(elenco):
    """R20: inversions per tray, with and without reason, by a count that does not trust the code that keeps order."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(nueva), "tomar", codigo="fecha_legal", motivo="Audiencia el viernes")

    def cuenta():
        filas = contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=DESDE)
        return [(fila.asesor_id, fila.con_motivo, fila.sin_motivo) for fila in filas]

    assert cuenta() == [(None, 1, 0)]

    # A fault of the code: the move without the check.
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.otra_asesora):
        mover(parte=parte_de(otra), accion="tomar", cambios={"asesor": elenco.otra_asesora})
    assert cuenta() == [(None, 1, 1)]
    with sistema():
        assert ExcepcionOrden.objects.count() == 1
    assert parte_de(vieja).estado == "en_cola"


@pytest.mark.django_db
def test_la_cuenta_mira_la_bandeja_de_cada_persona(elenco):
    vieja = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_integridad], recibida=hace(days=3)))
    nueva = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))
    hacer(elenco.asesor_tecnica, nueva, "empezar", codigo="fecha_evento", motivo="El evento es mañana")
    hacer(elenco.asesor_tecnica, vieja, "empezar")

    (fila,) = contar_inversiones(dependencias=[elenco.tecnica.pk], desde=DESDE)

    assert (fila.asesor_id, fila.con_motivo, fila.sin_motivo) == (elenco.asesor_tecnica.pk, 1, 0)


@pytest.mark.django_db
def test_lo_que_llego_o_volvio_despues_no_es_inversion(elenco):
    """What was registered later with an older reception, transferred or given back, did not wait there before."""
    primera = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=2))
    tomada = hacer(elenco.asesora, parte_de(primera), "tomar")
    segunda = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.otra_asesora, parte_de(segunda), "tomar")
    hacer(elenco.asesora, tomada, "liberar", motivo="Impedimento")
    radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="correo",
        recibida=hace(days=9),
    )  # fmt: skip

    assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=DESDE) == []


def test_quien_espera_su_turno_espera_mas_que_una_consulta_cualquiera(base_propia):
    """A burst is served in turn: who waits four seconds for the queue files. Other locks give up after three."""
    elenco, tomado = crear_elenco(), threading.Event()

    def trabajar(persona):
        if persona is elenco.enlace:
            tomado.wait(20)
            return radicada(por=elenco.enlace, temas=[elenco.tema_tablas]).radicado
        with actuar(persona), transaction.atomic():
            cola.tomar_turnos(colas=[elenco.sistema_archivos.pk])
            tomado.set()
            threading.Event().wait(4)
        return ""

    assert len([hecha for hecha in a_la_vez([elenco.enlace, elenco.asesora], trabajar) if hecha]) == 1
