"""The list of solicitudes walks an index and stops at the size of the page, whoever asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alcance.planes import sin_mapas
from api.listado import pagina_de_solicitudes, piezas
from plazos.reloj import hoy
from solicitudes.models import Solicitud
from tests import fabricas as f
from tests.exportaciones.muchas import multiplicar
from tests.soporte.elenco import Elenco, crear_elenco
from tests.soporte.planes import leido

MUCHAS = 20_000


def test_twenty_five_of_twenty_thousand(base_propia: str, fabrica: Any) -> None:
    elenco: Elenco = crear_elenco()
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    multiplicar(fabrica, base_propia, MUCHAS, con_indice=True)
    f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    quienes = (elenco.enlace, elenco.asesora, elenco.directora, elenco.asesor_tecnica, elenco.ventanilla,
               elenco.subsecretaria, elenco.auditora)  # fmt: skip
    for persona in quienes:
        for filtros in ({}, {"estado": "abierta"}, {"hasta": hoy() - timedelta(days=3)}, {"desde": hoy()}):
            with f.actuar(persona) as alcance, transaction.atomic():
                with CaptureQueriesContext(connection) as hechas:
                    primera = pagina_de_solicitudes(alcance, {"cursor": "", "tamano": 25, **filtros})
                pedida = next(q["sql"] for q in hechas.captured_queries if "solicitudes_solicitud" in q["sql"])
                with sin_mapas():
                    leidas, indices = leido(pedida)
                if primera.siguiente:
                    pagina_de_solicitudes(alcance, {"cursor": primera.siguiente, "tamano": 25, **filtros})

            assert leidas < 400, (persona.nombre, filtros, leidas, indices)


@pytest.mark.django_db
def test_the_pieces_are_what_is_seen(elenco: Elenco) -> None:
    """Also what one registered for another dependencia, and what has two partes, once."""
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad], reservada=True)
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True)
    for quien in (elenco.asesora, elenco.ventanilla):
        for _ in range(2):
            f.radicada(registrada_por=quien, entidad=elenco.instituto, temas=[elenco.tema_integridad], canal="correo")
    nombres = ("enlace", "colega", "otra_enlace", "admin_entidad", "asesora", "otra_asesora", "asesor_tecnica",
               "revisora", "subdirector", "directora", "director_desarrollo", "subsecretaria", "ventanilla",
               "administradora", "auditora")  # fmt: skip
    for nombre in nombres:
        with f.actuar(getattr(elenco, nombre)) as alcance, transaction.atomic():
            debidas = [s.pk for s in Solicitud.objects.visibles_para(alcance).order_by("-recibido_en", "-id")]
            dichas, cursor = [], ""
            while True:
                pagina = pagina_de_solicitudes(alcance, {"cursor": cursor, "tamano": 2})
                dichas += [s.pk for s in pagina.filas]
                cursor = pagina.siguiente
                if not cursor:
                    break
            assert dichas == debidas, nombre
            assert piezas(alcance)


@pytest.mark.django_db
def test_the_days_are_those_of_bogota_and_every_word_counts(elenco: Elenco, programa: Any) -> None:
    una = f.radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="siga",
        recibida=datetime(2026, 3, 3, 4, 30, tzinfo=UTC),
        asunto="Tablas de valoración documental de las historias laborales de una entidad",
    )  # fmt: skip

    for persona in (elenco.asesora, elenco.subsecretaria, elenco.otra_enlace):
        quien = programa(persona)

        def hallados(quien: Any = quien, **filtros: Any) -> list[str]:
            return [fila["radicado"] for fila in quien.get("solicitudes/", **filtros).json()["resultados"]]

        assert hallados(desde="2026-03-02", hasta="2026-03-02") == [una.radicado]
        assert hallados(desde="2026-03-03") == hallados(hasta="2026-03-01") == []
        assert hallados(buscar=una.radicado) == [una.radicado]
        siete = "tablas valoración documental historias laborales entidad"
        assert hallados(buscar=siete) == [una.radicado]
        assert hallados(buscar=f"{siete} inexistente") == []  # the seventh word
