"""The plan of two years: the same for the same day, and believable."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from demo import cargar as carga
from demo.cuentas import CUENTAS, crear_cuentas
from demo.simulacion.acciones import ACCIONES
from demo.simulacion.historias import Historia
from demo.simulacion.mundo import Mundo, leer_mundo
from demo.simulacion.plan import Plan, esta_viva
from direcciones.catalogos import cargar_catalogos
from direcciones.roles import Rol
from plazos.services import calendario_vigente
from tests.demo.conftest import HOY, leer, plan_de

pytestmark = pytest.mark.django_db
PROPIA = next(c for c in CUENTAS if c.rol == Rol.ENLACE).entidad


@pytest.fixture
def mundo() -> Mundo:
    return leer()


@pytest.fixture
def plan(mundo: Mundo) -> Plan:
    return plan_de(mundo)


def ultima(historia: Historia) -> str:
    return historia.pasos[-1].accion


def abierta(historia: Historia) -> bool:
    return any(parte.cerrada is None or parte.cerrada > HOY for parte in historia.partes)


def test_el_mismo_dia_da_el_mismo_plan_y_otro_dia_otro(mundo: Mundo) -> None:
    """All of it, words and instants: a load that was cut goes on with the plan it began."""
    uno, otro = plan_de(mundo), plan_de(mundo)
    assert uno.historias == otro.historias
    assert plan_de(mundo, hasta=HOY + timedelta(days=1)).historias != uno.historias


def test_son_seiscientas_con_los_ejemplos_y_el_pico_del_furag(plan: Plan) -> None:
    assert len(plan.historias) == 600
    ejemplos = [h for h in plan.historias if h.id.startswith("EJ-")]
    assert len(ejemplos) == 42
    por_mes = Counter(timezone.localtime(h.recibida).month for h in plan.historias if not h.id.startswith("EJ-"))
    assert sum(por_mes[mes] for mes in (3, 4, 5)) > 0.35 * sum(por_mes.values())
    desde = min(h.recibida for h in plan.historias)
    assert timedelta(days=690) < HOY - desde < timedelta(days=732)


def test_nada_pasa_en_el_futuro_ni_antes_de_llegar(plan: Plan) -> None:
    calendario = calendario_vigente()
    for historia in plan.historias:
        instantes = [paso.cuando for paso in historia.pasos]
        assert instantes == sorted(instantes)
        assert historia.recibida <= historia.registrada == instantes[0]
        assert instantes[-1] <= HOY
        de_trabajo = [p.cuando for p in historia.pasos if p.accion in {"tomar", "aprobar", "firmar", "asignar"}]
        assert all(calendario.es_habil(timezone.localdate(cuando)) for cuando in de_trabajo)


def test_los_numeros_siguen_el_registro_sin_huecos(plan: Plan) -> None:
    """Each one has its number before anything is loaded: the recent weeks may come first."""
    por_anio: dict[int, list[int]] = {}
    for historia in sorted(plan.historias, key=lambda h: h.registrada):
        por_anio.setdefault(timezone.localtime(historia.registrada).year, []).append(historia.numero)
    assert all(numeros == list(range(1, len(numeros) + 1)) for numeros in por_anio.values())
    conceptos = sorted(n for h in plan.historias for n in h.numeros_concepto.values())
    assert conceptos == [(anio, n) for anio, n in conceptos if n <= plan.series()["C", anio]]
    assert len(set(conceptos)) == len(conceptos) == sum(n for (serie, _), n in plan.series().items() if serie == "C")


def test_cada_hecho_prometido_esta_en_los_dos_anios(plan: Plan) -> None:
    acciones = Counter(paso.accion for h in plan.historias for paso in h.pasos)
    assert set(acciones) == set(ACCIONES)
    con_motivo = [p for h in plan.historias for p in h.pasos if p.accion == "tomar" and p.datos]
    assert len(con_motivo) >= 8


def test_hoy_hay_trabajo_en_cada_estado(plan: Plan) -> None:
    ultimas = Counter(ultima(h) for h in plan.historias if abierta(h))
    assert ultimas["aprobar"] >= 3, "por firmar"
    assert min(ultimas[accion] for accion in ("radicar", "tomar", "proyectar", "devolver", "pedir", "programar")) >= 1
    vencidas = [h for h in plan.historias if ultima(h) == "tomar" and HOY - h.recibida > timedelta(days=16)]
    assert vencidas
    de_laura = [h for h in plan.historias if h.entidad == PROPIA]
    assert {abierta(h) for h in de_laura} == {True, False}


def test_mientras_alguien_no_esta_lo_suyo_lo_hace_quien_lo_cubre(mundo: Mundo, plan: Plan) -> None:
    """In two years, each way: what came to a substitute, what the head gave to another, what was signed by encargo."""
    pasos = [(h, p) for h in plan.historias for p in h.pasos]
    motivos = Counter(p.datos["motivo"].split()[0] for _, p in pasos if p.accion == "reasignar")
    assert {"Quien", "Llegó"} <= set(motivos), "quien la tenía está ausente; llegó durante la ausencia"
    firmantes = {p.quien for _, p in pasos if p.accion == "firmar"}
    assert firmantes - {jefes[0] for jefes in mundo.jefes.values()}, "la de arriba o quien tiene el encargo"
    con_acto = [f for f in plan.faltas if f.acto]
    assert len(con_acto) >= 5 and all(f.suplente for f in con_acto)
    assert any(not f.suplente for f in plan.faltas), "un día libre no lo cubre nadie"


def test_los_textos_varian_y_no_dejan_llaves(plan: Plan) -> None:
    asuntos = Counter(h.asunto for h in plan.historias)
    assert max(asuntos.values()) <= 6
    assert len(asuntos) > 400
    for historia in plan.historias:
        escrito = f"{historia.asunto} {historia.necesidad} {historia.preguntas} {historia.respuestas}"
        assert "{" not in escrito
        assert " de el " not in escrito
        assert historia.asunto[0] == historia.asunto[0].upper() or historia.id.startswith("EJ-")


def test_el_trozo_tiene_lo_reciente_y_lo_demas_es_anterior(plan: Plan) -> None:
    trozo, resto = plan.trozo()
    reunidas = [h.id for g in (*trozo, *resto) for h in g.historias]
    assert sorted(reunidas) == sorted(h.id for h in plan.historias)
    assert 30 <= sum(len(g.historias) for g in trozo) <= 90
    de_atras = [h for g in resto for h in g.historias]
    assert not any(esta_viva(h) for h in de_atras)
    esperan = [h.recibida for g in plan.grupos if g.espera_hoy for h in g.historias]
    assert max(h.recibida for h in de_atras) < min(esperan)


@pytest.mark.larga
def test_la_grande_tiene_manos_para_diez_veces_mas() -> None:
    """The same two years with ten times the work: more asesores, and no queue that only grows."""
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        crear_cuentas(carga.GRANDE)
        mundo = leer_mundo(HOY.date(), carga.GRANDE)
    plan = plan_de(mundo, tamano=carga.GRANDE)
    assert 0.99 * carga.GRANDE < len(plan.historias) <= carga.GRANDE  # some of today have not arrived
    assert len({usuario for usuarios in mundo.asesores.values() for usuario in usuarios}) > 60
    assert sum(1 for h in plan.historias if ultima(h) == "radicar") < 0.05 * carga.GRANDE
