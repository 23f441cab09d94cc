"""Full text of the register (docs/decisiones/0016): what is found, by whom, and by which index."""

import random
from datetime import date, datetime
from importlib import import_module
from types import SimpleNamespace

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import QueryDict

from direcciones.models import Entidad, Modalidad
from sdfi_portal.pila.provision import provisionar
from solicitudes.busqueda import pedido_de, ventanas
from solicitudes.models import IndiceBusqueda, Parte, Solicitud
from solicitudes.registro import MAS_RECIENTES, registro_de
from solicitudes.views.atencion import registro as pagina_del_registro
from tests.fabricas import actuar, alcance_de, escribiendo, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de, sistema
from tests.soporte.elenco import crear_elenco
from tests.soporte.settings import RUTAS

en_la_base = pytest.mark.django_db


def halla(persona, texto, **mas):
    """Radicados that this person finds in the register."""
    datos = QueryDict(mutable=True)
    datos.update({"buscar": texto, **mas})
    with actuar(persona), transaction.atomic():
        filas = registro_de(alcance_de(persona), datos).consulta
        return {parte.solicitud.radicado for parte in filas.select_related("solicitud")}


@pytest.fixture
def dos(elenco):
    """One about contaminación of the Secretaría and one about anything of the Instituto, both of one dependencia."""
    una = radicada(
        por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=2), asunto="Radicación de planos",
        necesidad="Queremos saber cómo se clasifican los expedientes de contaminación según la Ley 1581.",
        preguntas=["¿Qué serie documental corresponde a los vertimientos?"], antecedentes="Se visitó Usaquén.",
    )  # fmt: skip
    otra = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas], recibida=hace(days=1), asunto="Comodato")
    return una, otra


@en_la_base
@pytest.mark.parametrize(
    "texto",
    [
        "radicación", "RADICACION", "radicaciones", "radicacio", "contaminación", "contaminacion", "vertimiento",
        "usaquen", "Usaquén", "planos contaminacion", "expedient", '"expedientes de contaminación"',
        "contaminación -comodato", "1581", "secretaría distrital de gobierno", "SDG", "sdg",
    ],
)  # fmt: skip
def test_se_halla_como_la_gente_escribe(elenco, dos, texto):
    """With and without accents, in another number, half typed, in every text of the solicitud, by its entidad."""
    assert halla(elenco.asesora, texto) == {dos[0].radicado}


@en_la_base
@pytest.mark.parametrize(
    "texto",
    ["contaminación comodato", "radicación -planos", '"contaminación de expedientes"', "xyz", "de la", "¿?", "'", ":*",
     "\\", "& | !", "a:*b", "((", "-", '"', "58"],
)  # fmt: skip
def test_lo_que_no_dice_no_se_halla(elenco, dos, texto):
    """And what is not a query at all answers an empty register, never an error."""
    assert dos[0].radicado not in halla(elenco.asesora, texto)


@en_la_base
@pytest.mark.parametrize(
    ("palabra", "cuantas"), [("microfilmación", 1), ("microfilm", 1), ("depósito", 1), ("años", 2), ("para", 0)]
)
def test_una_palabra_empezada_se_pide_una_vez_si_basta(palabra, cuantas):
    """What begins with the shorter one contains what begins with the longer: it finds the same as asking for both."""
    with connection.cursor() as cursor:
        cursor.execute(*_escrita(pedido_de(palabra)))
        corta = cursor.fetchone()[0]
        cursor.execute("select to_tsquery('spanish', %(p)s) || to_tsquery('es_na', %(p)s)", {"p": f"{palabra}:*"})
        larga = cursor.fetchone()[0]
        assert corta.count(":*") == cuantas, corta
        for lexema in ("microfilm", "microfilmacion", "microf", "deposit", "deposito", "año", "ano", "anos", "para"):
            cursor.execute("select array_to_tsvector(array[%s]) @@ %s::tsquery, array_to_tsvector(array[%s]) @@ %s",
                           [lexema, corta, lexema, larga])  # fmt: skip
            assert len(set(cursor.fetchone())) == 1, lexema


def _escrita(pedido):
    consulta = Modalidad.objects.order_by().annotate(pedido=pedido).values_list("pedido")
    sql, valores = consulta.query.sql_with_params()
    return sql.split(" FROM ")[0], valores


@en_la_base
def test_los_numeros_se_hallan_enteros(elenco, dos):
    una, otra = dos
    with escribiendo():
        Solicitud.objects.filter(pk=otra.pk).update(siga_entrada="1-2026-4567", siga_salida="2-2026-13091")
    numero = str(int(una.radicado[-6:]))
    for texto in (una.radicado, una.radicado.lower(), f" {una.radicado} ", numero, numero.zfill(6)):
        assert halla(elenco.asesora, texto) == {una.radicado}, texto
    for texto in ("1-2026-4567", "2-2026-13091"):
        assert halla(elenco.asesora, texto) == {otra.radicado}, texto
    for texto in ("AT-2020-000001", "1-2026-45", "2026-13091"):
        assert halla(elenco.asesora, texto) == set(), texto


@en_la_base
def test_lo_ajeno_nunca_se_halla(elenco, dos):
    """Neither through the page nor straight through the index: its policy is that of the solicitud."""
    reservada = radicada(
        por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Contaminación grave", reservada=True,
        motivo_reserva="Investigación",
    )  # fmt: skip
    visto = {
        elenco.asesora: {dos[0].radicado}, elenco.asesor_tecnica: set(), elenco.subsecretaria: {dos[0].radicado},
        elenco.subdirector: {dos[0].radicado, reservada.radicado}, elenco.revisora: {dos[0].radicado},
        elenco.auditora: {dos[0].radicado, reservada.radicado},
    }  # fmt: skip
    for persona, suyas in visto.items():
        assert halla(persona, "contaminación") == suyas, persona
        with actuar(persona), transaction.atomic():
            indice = IndiceBusqueda.objects.all()
            assert set(indice.values_list("pk", flat=True)) == set(Solicitud.objects.values_list("pk", flat=True))
    with actuar(elenco.otra_enlace), transaction.atomic():
        assert list(IndiceBusqueda.objects.values_list("pk", flat=True)) == [dos[1].pk]


@en_la_base
def test_nadie_escribe_el_indice_a_mano(elenco, dos):
    with actuar(elenco.subdirector), transaction.atomic(), pytest.raises(ProgrammingError, match="row-level security"):
        IndiceBusqueda.objects.update(texto="")


@en_la_base
def test_el_indice_sigue_a_la_solicitud_y_a_su_entidad(elenco, dos):
    """Renamed, transferred, taken: the copies are those of the solicitud, in the same transaction."""
    una, _ = dos
    with actuar(elenco.administradora), transaction.atomic():
        Entidad.objects.filter(pk=elenco.secretaria.pk).update(nombre="Secretaría de los Humedales")
    assert halla(elenco.asesora, "humedales") == {una.radicado}
    assert halla(elenco.asesora, "gobierno") == set()

    parte = hacer(elenco.asesora, parte_de(una), "tomar")
    hacer(elenco.asesora, parte, "trasladar", dependencia=elenco.tecnica, tema=elenco.tema_integridad)
    assert halla(elenco.asesora, "humedales") == set()
    assert halla(elenco.asesor_tecnica, "humedales") == {una.radicado}
    copias = ("entidad_id", "recibido_en", "dependencias", "responsables", "reservada", "radicada_por_id",
              "registrada_por_id")  # fmt: skip
    with sistema():
        for solicitud in Solicitud.objects.all():
            indice = IndiceBusqueda.objects.get(pk=solicitud.pk)
            assert [getattr(indice, c) for c in copias] == [getattr(solicitud, c) for c in copias]


@en_la_base
def test_las_paginas_de_una_busqueda_traen_todo_una_vez(elenco, entrar):
    """The order and the edge are read in the index; the rows are those without search, in the same order."""
    for n in range(60):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(hours=n // 3), asunto="Inventario")
    cliente = entrar(elenco.asesora)

    vistas, cursor = [], ""
    while True:
        pagina = cliente.get("/registro/", {"buscar": "inventarios", "desde_fila": cursor}).context["pagina"]
        vistas += [fila.solicitud_id for fila in pagina]
        cursor = pagina.siguiente
        if not cursor:
            break
    atras = cliente.get("/registro/", {"buscar": "inventarios", "desde_fila": pagina.anterior}).context["pagina"]

    with sistema():
        orden = Parte.objects.order_by("-recibido_en", "-solicitud_id").values_list("solicitud_id", flat=True)
        assert vistas == list(orden) and len(vistas) == 60
    assert [fila.solicitud_id for fila in atras] == vistas[25:50]


@en_la_base
def test_por_ventanas_se_halla_lo_mismo_y_en_el_mismo_orden(elenco, entrar, monkeypatch):
    """Random filters over two years and a half: every page, forwards and back, and how many there are, are those of
    the query that looks at no window. It stops looking long before it has read everything."""
    monkeypatch.setattr(pagina_del_registro, "CON_PALABRAS", 30)
    azar = random.Random(20_261_126)
    for n in range(80):
        dias = azar.choice([0, 1, 2, 3, 20, 35, 70, 150, 300, 500, 900])
        radicada(por=azar.choice([elenco.enlace, elenco.otra_enlace]), temas=[elenco.tema_tablas],
                 recibida=hace(days=dias, hours=n % 5), asunto=f"{azar.choice(['Inventario', 'Planos'])} de archivo",
                 )  # fmt: skip
    modalidades = list(Modalidad.objects.values_list("pk", flat=True))
    for _ in range(12):
        persona = azar.choice([elenco.asesora, elenco.subsecretaria])
        pedido = {"buscar": azar.choice(["archivo", "inventarios", "plano", "archivo -planos", '"planos de archivo"'])}
        if azar.random() < 0.6:
            pedido |= azar.choice([
                {"entidad": elenco.secretaria.pk}, {"estado": "en_cola"}, {"modalidad": azar.choice(modalidades)},
                {"desde": (hace(days=200)).date().isoformat()}, {"hasta": (hace(days=30)).date().isoformat()},
            ])  # fmt: skip
        datos = QueryDict(mutable=True)
        datos.update(pedido)
        with actuar(persona), transaction.atomic():
            consulta = registro_de(alcance_de(persona), datos).consulta.order_by(*MAS_RECIENTES)
            esperadas = list(consulta.values_list("pk", flat=True))
        _recorrer(entrar(persona), pedido, esperadas)


def _recorrer(cliente, pedido, esperadas):
    vistas, cursor, paginas = [], "", []
    while True:
        contexto = cliente.get("/registro/", pedido | {"desde_fila": cursor}).context
        assert contexto["cuantas"] == min(len(esperadas), 30) or not cursor == contexto["pagina"].siguiente == ""
        assert contexto["hay_mas"] == (len(esperadas) > 30)
        paginas.append([fila.id for fila in contexto["pagina"]])
        vistas += paginas[-1]
        cursor = contexto["pagina"].siguiente
        if not cursor:
            break
    assert vistas == esperadas, pedido
    if contexto["pagina"].anterior:
        atras = cliente.get("/registro/", pedido | {"desde_fila": contexto["pagina"].anterior}).context["pagina"]
        assert [fila.id for fila in atras] == paginas[-2], pedido


def test_cada_instante_esta_en_una_ventana():
    """The lexemes of a window cover its instants, and the windows one another's edge."""
    for ultimo in (date(2026, 11, 27), date(2026, 1, 1), date(2024, 2, 29), date(2026, 3, 3), date(1, 1, 1)):
        cuando, desde, hasta = (
            campo.strip("{}").split(",")
            for campo in (ventanas(ultimo).cuando, ventanas(ultimo).desde, ventanas(ultimo).hasta)
        )
        assert cuando[-1] == "null" and (desde[-1], hasta[-1]) == (desde[-2], hasta[0])
        assert desde[:-2] == hasta[1:-1]
        for lexemas, inicio, fin in zip(cuando[:-1], desde, hasta, strict=False):
            dia, limite = (datetime.fromisoformat(uno).date().toordinal() for uno in (inicio, fin))
            dias = [date.fromordinal(uno) for uno in range(dia, limite)]
            assert all(f"@{uno:%Y%m%d}" in lexemas.split("|") or f"@{uno:%Y%m}" in lexemas.split("|") for uno in dias)


@en_la_base
def test_el_dia_va_con_la_solicitud_y_nadie_lo_escribe(elenco, dos):
    una, _ = dos
    mes, dia = f"{una.recibido_en:@%Y%m}", f"{una.recibido_en:@%Y%m%d}"
    for texto in (mes, dia, mes[1:], dia[1:], "@", "@:*", f"'{mes}'"):
        assert halla(elenco.asesora, texto) == set(), texto
    with sistema(), connection.cursor() as cursor:
        cursor.execute("update solicitudes_solicitud set recibido_en = '2025-03-31T23:30-05' where id = %s", [una.pk])
        cursor.execute("select texto @@ '@202504 & @20250401', texto @@ %s from solicitudes_indicebusqueda"
                       " where solicitud_id = %s", [f"{mes}|{dia}", una.pk])  # fmt: skip
        assert cursor.fetchone() == (True, False)


@en_la_base
def test_lo_de_antes_recibe_su_dia(elenco, dos):
    """The migration that fills it, over entries of when there was none: they are again as the trigger writes them."""
    llenar = import_module("solicitudes.migrations.0018_llenar_dias_del_indice").llenar
    textos = "select solicitud_id, texto::text from solicitudes_indicebusqueda order by 1"
    with sistema(), connection.cursor() as cursor:
        cursor.execute(textos)
        como_van = cursor.fetchall()
        cursor.execute("update solicitudes_indicebusqueda set texto = ts_delete(texto,"
                       " tsvector_to_array(solicitudes_cuando(recibido_en)))")  # fmt: skip
        cursor.execute(textos)
        assert "@" in como_van[0][1] and "@" not in "".join(texto for _, texto in cursor.fetchall())
    llenar(None, SimpleNamespace(connection=connection))
    with sistema(), connection.cursor() as cursor:
        cursor.execute(textos)
        assert cursor.fetchall() == como_van


def test_la_busqueda_usa_su_indice_bajo_las_politicas(base_propia):
    """`@@` is leakproof where the server was made by `provisionar`; without that the index can't be used."""
    elenco = crear_elenco()
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Contaminación")
    administra = psycopg2.connect(f"host='{RUTAS.sockets}' user=postgres dbname={base_propia}")
    administra.autocommit = True
    try:
        assert "indice_texto" in plan(elenco.asesora)
        for funcion in ("ts_match_vq(tsvector, tsquery)", "ts_match_qv(tsquery, tsvector)"):
            administra.cursor().execute(f"alter function pg_catalog.{funcion} not leakproof")
        assert "indice_texto" not in plan(elenco.asesora)
        provisionar(f"host='{RUTAS.sockets}' user=postgres", base_propia)
        assert "indice_texto" in plan(elenco.asesora)
    finally:
        administra.close()


def plan(persona):
    """EXPLAIN of the search by this person, with so few rows that any other way must be forbidden to the planner."""
    with actuar(persona), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off; set local enable_indexscan = off")
        return IndiceBusqueda.objects.filter(texto=pedido_de("contaminacion")).explain()
