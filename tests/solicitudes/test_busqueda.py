"""Full text of the register (docs/decisiones/0016): what is found, by whom, and by which index."""

import psycopg2
import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import QueryDict

from direcciones.models import Entidad
from sdfi_portal.pila.provision import provisionar
from solicitudes.busqueda import pedido_de
from solicitudes.models import IndiceBusqueda, Parte, Solicitud
from solicitudes.registro import registro_de
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
