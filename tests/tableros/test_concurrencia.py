"""Figures under many writers at once, while the changes are folded again and again: nothing is lost, nothing waits."""

import threading

from django.db import connection, connections, transaction

from solicitudes.services import atender_siguiente
from tableros.recuento import recontar
from tableros.services import compactar
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, radicada
from tests.solicitudes.apoyos import hacer, sistema
from tests.soporte.elenco import crear_elenco

ESCRITORES = 16


def test_dieciseis_a_la_vez_y_la_compactacion_en_medio_dan_la_suma_exacta(base_propia):
    """Commits are real here: filing, claiming and answering in 16 threads, and a sweep that never stops."""
    elenco = crear_elenco()
    asesores = [FabricaPersona(nombre=f"Asesora {n:02}") for n in range(ESCRITORES // 2)]
    for asesor in asesores:
        FabricaMembresia(persona=asesor, rol="asesor", entidad=None, dependencia=elenco.sistema_archivos)
    fin, fallas, compactadas = threading.Event(), [], []

    def correr(trabajo, *datos):
        try:
            trabajo(*datos)
        except Exception as falla:
            fallas.append(falla)
        finally:
            connections.close_all()

    def radicar():
        for _ in range(2):
            radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])

    def atender(asesor):
        for _ in range(2):
            with actuar(asesor), transaction.atomic():
                parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=asesor)
            if parte is not None:
                hacer(asesor, parte, "atender", resultado="Se explicó")

    def compactar_sin_parar():
        while not fin.wait(0.05):
            compactadas.append(compactar())

    radicar()
    barrido = threading.Thread(target=correr, args=[compactar_sin_parar])
    hilos = [threading.Thread(target=correr, args=[radicar]) for _ in range(ESCRITORES // 2)]
    hilos += [threading.Thread(target=correr, args=[atender, asesor]) for asesor in asesores]
    for hilo in (barrido, *hilos):
        hilo.start()
    for hilo in hilos:
        hilo.join(timeout=120)
    fin.set()
    barrido.join(timeout=30)

    assert not fallas, fallas[:3]
    assert sum(compactadas) > 0
    assert recontar() == []
    with sistema(), connection.cursor() as cursor:
        cursor.execute(
            "select sum(recibidas) from (select recibidas from tableros_resumen where familia = 'mes'"
            " and sector_id <> 0 union all select recibidas from tableros_delta where familia = 'mes') todas"
        )
        assert cursor.fetchone()[0] == 2 * (2 + ESCRITORES)
        cursor.execute("select deadlocks from pg_stat_database where datname = current_database()")
        assert cursor.fetchone()[0] == 0
