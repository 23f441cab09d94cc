"""Each start, in its turn or not, is a row that the figure of the board links to; the recount mends what is kept."""

from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plazos.reloj import hoy
from solicitudes.paginas import paginar
from tableros.models import Inicio
from tableros.orden import MAS_RECIENTES, FiltrosOrden, inversiones_de
from tableros.peticion import pedir
from tableros.recuento import recontar
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de, sistema
from tests.soporte.elenco import crear_elenco
from tests.soporte.planes import leido
from tests.tableros.test_paginas import texto

CUANTOS = 20_000


def tomadas(elenco: Any) -> list[Any]:
    """One that goes to another dependencia afterwards, one before an older one, and the older one."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    otras = [radicada(por=elenco.enlace, temas=[elenco.tema_tablas]) for _ in range(2)]
    partes = [parte_de(una) for una in (otras[0], vieja, otras[1])]
    motivo = {"codigo": "fecha_legal", "motivo": "Audiencia el viernes"}
    partes = [hacer(elenco.asesora, parte, "tomar", **(motivo if not n else {})) for n, parte in enumerate(partes)]
    hacer(
        elenco.subdirector, partes[2], "trasladar", tema=elenco.tema_integridad, motivo="Es de ellos",
        dependencia=elenco.tema_integridad.dependencia,
    )  # fmt: skip
    return partes


@pytest.mark.django_db
def test_the_figure_links_to_its_rows_and_equals_them(elenco, entrar) -> None:
    tomadas(elenco)
    debidas = {"subdirector": 3, "directora": 3, "auditora": 3, "subsecretaria": 3, "director_desarrollo": 0}
    for quien, cuantas in debidas.items():
        cliente = entrar(getattr(elenco, quien))
        valor = cliente.get(reverse("tableros:tablero")).context["tablero"].tarjeta("inicios").valor
        pagina = texto(cliente.get(valor.url))
        assert valor.numero == cuantas and f"{cuantas} veces" in pagina, quien
        assert ("En su turno" in pagina and "Audiencia el viernes" in pagina) == bool(cuantas)
    assert "No se asignó ni se empezó ninguna" in pagina
    pagina = texto(entrar(elenco.subdirector).get(reverse("tableros:orden"), {"cuales": "todas"}))
    assert "La atiende ahora otra dependencia" in pagina


@pytest.mark.django_db
def test_what_becomes_reserved_is_only_of_the_heads(elenco) -> None:
    parte = tomadas(elenco)[0]
    hacer(elenco.subdirector, parte, "reservar", motivo="Datos de personas")

    for quien, cuantas in (("subdirector", 3), ("auditora", 3), ("subsecretaria", 2)):
        with actuar(getattr(elenco, quien)) as alcance, transaction.atomic():
            assert Inicio.objects.visibles_para(alcance).count() == Inicio.objects.count() == cuantas, quien


@pytest.mark.django_db
def test_the_recount_finds_and_mends_them(elenco) -> None:
    tomadas(elenco)
    with sistema():
        primero, segundo, _ = Inicio.objects.order_by("pk")
        primero.delete()
        Inicio.objects.filter(pk=segundo.pk).update(reservada=True)

    dichas = [(d.medida, d.faltan, d.dependencia) for d in recontar(aplicar=True)]

    lugar = elenco.sistema_archivos.pk
    assert dichas == [("inicios", -1, lugar), ("inicios", 2, lugar)]
    assert recontar() == []


@pytest.mark.django_db
def test_the_same_queries_for_1_3_and_25(elenco, entrar) -> None:
    cliente, cuentas = entrar(elenco.subdirector), set()
    cliente.get(reverse("tableros:orden"))
    for cuantas in (1, 2, 22):
        for _ in range(cuantas):
            hacer(elenco.asesora, parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])), "tomar")
        with CaptureQueriesContext(connection) as hechas:
            assert cliente.get(reverse("tableros:orden"), {"cuales": "todas"}).status_code == 200
        cuentas.add(sum(q["sql"].strip()[:6].lower() == "select" for q in hechas.captured_queries))
    assert len(cuentas) == 1, cuentas


def test_a_page_of_twenty_thousand_walks_an_index(base_propia: str, fabrica: Any) -> None:
    elenco = crear_elenco()
    conexion = psycopg2.connect(fabrica.postgres.dsn(), dbname=base_propia)
    conexion.autocommit = True
    with conexion.cursor() as cursor:
        cursor.execute(
            "insert into tableros_inicio select g, g, case g %% 9 when 0 then %s else %s end, %s, g %% 50 = 0,"
            " now() - g * interval '20 minutes' from generate_series(1, %s) g",
            [elenco.sistema_archivos.pk, elenco.tecnica.pk, elenco.secretaria.pk, CUANTOS],
        )
        cursor.execute("vacuum analyze tableros_inicio")
    conexion.close()
    for persona in (elenco.subdirector, elenco.directora, elenco.subsecretaria, elenco.auditora):
        for pedido in (
            "cuales=todas",
            f"cuales=todas&desde=2025-12-01&hasta={hoy()}",
            "cuales=todas&dependencia=SSDA",
        ):
            datos = QueryDict(pedido)
            with actuar(persona) as alcance, transaction.atomic():
                filas = inversiones_de(alcance, pedir(alcance, datos), FiltrosOrden(datos))
                with CaptureQueriesContext(connection) as hechas:
                    assert len(paginar(filas, MAS_RECIENTES)) == 25
                leidas, indices = leido(hechas.captured_queries[-1]["sql"])
            assert leidas < 400 and indices <= {"inicios_dependencia", "inicios_en"}, (
                persona,
                pedido,
                leidas,
                indices,
            )
