"""The plan on any day a machine may start: a holiday, a weekend, the night, a leap day, the peak."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from demo import cargar as carga
from demo.cuentas import CUENTAS, crear_cuentas
from demo.simulacion.acciones import ACCIONES
from demo.simulacion.mundo import Mundo, leer_mundo
from demo.simulacion.plan import Plan, que_falta
from direcciones.catalogos import cargar_catalogos
from tests.demo.conftest import plan_de

pytestmark = pytest.mark.django_db
SENALADAS = {
    "año nuevo": datetime(2027, 1, 1, 0, 20),
    "tras el puente": datetime(2027, 1, 12, 7, 0),
    "Viernes Santo": datetime(2027, 3, 26, 11, 0),
    "Pascua, en el pico": datetime(2028, 4, 16, 18, 0),
    "sábado": datetime(2027, 7, 24, 9, 0),
    "día bisiesto": datetime(2028, 2, 29, 16, 55),
    "nochevieja": datetime(2027, 12, 31, 23, 50),
}
# With those, sixty in two years: every day of the week, every month, and every hour of the day.
CADA_DOCE_DIAS = [datetime(2026, 11, 26, n * 5 % 24, 5) + timedelta(days=12 * n) for n in range(53)]


@pytest.fixture
def mundo_de() -> Callable[[date], Mundo]:
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        crear_cuentas()

    def leer(dia: date) -> Mundo:
        with como_sistema("prueba"), transaction.atomic():
            return leer_mundo(dia, carga.NORMAL)

    return leer


@pytest.mark.parametrize("fecha", SENALADAS.values(), ids=SENALADAS)
def test_el_plan_de_una_fecha_senalada(mundo_de: Callable[[date], Mundo], fecha: datetime) -> None:
    _comprobar(mundo_de, fecha)


@pytest.mark.larga
def test_el_plan_de_cualquier_dia_de_dos_anios(mundo_de: Callable[[date], Mundo]) -> None:
    assert {fecha.weekday() for fecha in CADA_DOCE_DIAS} == set(range(7))
    planes = [_comprobar(mundo_de, fecha) for fecha in CADA_DOCE_DIAS]
    antes_de_tiempo = [sum(1 for f in plan.faltas if f.vuelve) for plan in planes]
    assert sum(antes_de_tiempo) > len(planes), "casi siempre alguien volvió antes"


def _comprobar(mundo_de: Callable[[date], Mundo], fecha: datetime) -> Plan:
    hasta = timezone.make_aware(fecha)
    mundo = mundo_de(fecha.date())
    plan = plan_de(mundo, hasta=hasta)
    assert que_falta(plan, mundo) == set(), fecha
    _tiene_el_tamano_y_el_pico(plan)
    _va_en_orden(plan)
    _las_ausencias_se_ven_y_se_respetan(plan, mundo)
    trozo, resto = plan.trozo()
    assert sum(len(g.historias) for g in (*trozo, *resto)) == len(plan.historias)
    assert sum(len(g.historias) for g in trozo) <= 110
    return plan


def _tiene_el_tamano_y_el_pico(plan: Plan) -> None:
    assert carga.NORMAL - 5 <= len(plan.historias) <= carga.NORMAL  # some of today have not arrived
    assert sum(1 for h in plan.historias if h.id.startswith("EJ-")) == 42
    por_mes = Counter(timezone.localtime(h.recibida).month for h in plan.historias if not h.id.startswith("EJ-"))
    del_pico = sum(por_mes[mes] for mes in (3, 4, 5))
    assert del_pico / 3 > 1.2 * (sum(por_mes.values()) - del_pico) / 9
    acciones = Counter(paso.accion for h in plan.historias for paso in h.pasos)
    assert set(acciones) == set(ACCIONES)
    assert sum(1 for h in plan.historias for p in h.pasos if p.accion == "tomar" and p.datos) >= 8
    assert any(h.reservada for h in plan.historias)


def _va_en_orden(plan: Plan) -> None:
    for historia in plan.historias:
        instantes = [paso.cuando for paso in historia.pasos]
        assert instantes == sorted(instantes)
        assert historia.recibida <= historia.registrada == instantes[0]
        assert instantes[-1] <= plan.hasta
    por_anio: dict[int, list[int]] = {}
    for historia in sorted(plan.historias, key=lambda h: h.registrada):
        por_anio.setdefault(timezone.localtime(historia.registrada).year, []).append(historia.numero)
    assert all(numeros == list(range(1, len(numeros) + 1)) for numeros in por_anio.values())


def _las_ausencias_se_ven_y_se_respetan(plan: Plan, mundo: Mundo) -> None:
    hoy = timezone.localdate(plan.hasta)
    de_hoy = {f.quien for f in plan.faltas if f.desde <= hoy <= f.hasta}
    assert de_hoy == {"asesor2", "director.desarrollo"}
    assert {"asesor2", "desarrollo2", "subdirector.patrimonio"} == {f.quien for f in plan.faltas if f.desde > hoy}
    assert sum(1 for f in plan.faltas if f.hasta < hoy) >= 40
    impresas = {next(c.usuario for c in CUENTAS if c.rol == rol) for rol in {c.rol for c in CUENTAS}}
    assert impresas.isdisjoint(f.quien for f in plan.faltas if f.hasta >= hoy)

    ausentes: dict[str, set[date]] = {}
    for falta in plan.faltas:
        dias = {falta.desde + timedelta(days=n) for n in range((falta.hasta - falta.desde).days + 1)}
        assert dias, "ninguna termina antes de empezar"
        assert dias.isdisjoint(ausentes.setdefault(falta.quien, set()))
        ausentes[falta.quien] |= dias
        assert falta.registrada <= plan.hasta and falta.registrada.date() < falta.desde
    for falta in plan.faltas:
        assert {falta.desde, falta.hasta}.isdisjoint(ausentes.get(falta.suplente, set()))
    for lugar, jefes in mundo.jefes.items():
        for dia in {d for dias in ausentes.values() for d in dias}:
            assert any(dia not in ausentes.get(q, ()) for q in (*jefes, *mundo.asesores[lugar])), (lugar, dia)
    for historia in plan.historias:
        for paso in historia.pasos:
            for quien in (paso.quien, paso.datos.get("a", "")):
                assert timezone.localdate(paso.cuando) not in ausentes.get(quien, ()), (historia.id, paso)
