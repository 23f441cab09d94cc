"""R20, R30, R97, R98: in random histories every figure of the board equals a naive recount in Python, for every role
and filter, and the list it links to has exactly that many rows (E18)."""

from datetime import date, timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from direcciones.models import Dependencia, Entidad
from encuestas.forms import FiltrosEncuestas
from encuestas.models import Encuesta
from encuestas.views import sumar
from plazos.reloj import con_reloj
from solicitudes.registro import dependencias_al_alcance, registro_de
from solicitudes.services.abiertas import DeLaJefatura, Dias, llevadas_de_la_jefatura
from solicitudes.services.inversiones import SIEMPRE, contar_inversiones, partes_sin_motivo
from solicitudes.services.reparto import hace_mucho
from solicitudes.vencimiento import vence_hasta
from tableros.cifras import Formato
from tableros.orden import FiltrosOrden, inversiones_de
from tableros.peticion import pedir
from tableros.recuento import recontar
from tableros.services import inversiones_por_bandeja, inversiones_sin_motivo
from tests.fabricas import actuar, alcance_de
from tests.soporte.elenco import crear_elenco
from tests.tableros.historias import Historia
from tests.tableros.recuento_ingenuo import Ingenuo, a_tiempo, dia

pytestmark = pytest.mark.django_db
ROLES = ("subdirector", "directora", "director_desarrollo", "subsecretaria", "administradora", "auditora")


def filas_de(alcance, url):
    """How many rows the list of a figure has, by the same code as its page."""
    partes = urlsplit(url)
    datos = QueryDict(partes.query)
    if partes.path == "/registro/":
        assert datos["contar"] == "si"
        filtros = registro_de(alcance, datos)
        ignorados = set(parse_qs(partes.query)) - set(filtros.filtros.valores) - {"contar"}
        assert not ignorados, f"el registro no entendió {ignorados}"
        return filtros.consulta.count()
    if partes.path == "/tablero/orden/":
        return inversiones_de(alcance, pedir(alcance, datos), FiltrosOrden(datos)).count()
    assert partes.path == "/encuestas/resultados/" or "encuestas" in partes.path
    filtros = FiltrosEncuestas(datos, dependencias=dependencias_al_alcance(alcance))
    assert not set(parse_qs(partes.query)) - set(filtros.valores)
    return filtros.aplicar(Encuesta.objects.visibles_para(alcance), alcance).count()


def comprobar(alcance, consulta, hoy, codigos, sector):
    """Every card and every row of every table against the naive recount. Returns the figures with their lists."""
    pedido = pedir(alcance, QueryDict(consulta))
    tablero = pedido.tablero()
    ingenuo = Ingenuo(alcance, hoy, codigos, sector)
    periodo = tablero.corte.periodo
    desde, hasta = periodo.primero, periodo.hasta
    antes = periodo.anterior()

    assert {t.clave: t.valor.numero for t in tablero.hoy} == ingenuo.de_hoy()
    debidas, previas = ingenuo.del_periodo(desde, hasta), ingenuo.del_periodo(antes.primero, antes.hasta)
    assert {t.clave: t.valor.numero for t in tablero.periodo} == pytest.approx(debidas)
    assert {t.clave: t.antes for t in tablero.periodo} == pytest.approx(previas)
    comprobar_tablas(tablero, ingenuo, desde, hasta)
    return [
        valor
        for valor in [t.valor for t in (*tablero.hoy, *tablero.periodo)]
        + [v for tabla in tablero.tablas.values() for fila in tabla.filas for v in fila]
        if valor.formato is Formato.ENTERO
    ]


def como_dicho(tabla):
    """Shape: name of the row → its numbers."""
    assert len({fila[0].numero for fila in tabla.filas}) == len(tabla.filas)
    return {fila[0].numero: [v.numero for v in fila[1:] if v.formato is not Formato.TEXTO] for fila in tabla.filas}


def comprobar_tablas(tablero, ingenuo, desde, hasta):
    tablas = {clave: como_dicho(tabla) for clave, tabla in tablero.tablas.items()}
    meses = list(tablas["meses"].values())
    for numeros, mes in zip(meses, tablero.corte.periodo.meses(), strict=True):
        fin = (mes + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        cifras = ingenuo.del_periodo(mes, fin)
        claves = ("recibidas", "atendidas", "a_tiempo", "tarde", "cumplimiento")
        assert numeros == pytest.approx([cifras[c] for c in claves])
    for clave, campo in (("tema", "tema"), ("modalidad", "modalidad")):
        debida = ingenuo.por_grupo(campo, desde, hasta)
        assert {n: pytest.approx(v) for n, v in tablas[clave].items()} == debida
    abiertas = ingenuo.abiertas()
    carga = {}
    for p in abiertas:
        if p.asesor_id:
            fila = carga.setdefault(p.asesor.nombre, [0, 0])
            fila[0] += 1
            fila[1] += p.estado == "en_complemento"
    assert tablas["carga"] == carga
    assert sum(n for n, _ in tablas["edades"].values()) == len(abiertas)
    assert sum(n for _, n in tablas["edades"].values()) == sum(p.estado == "en_cola" for p in abiertas)
    comprobar_dependencias(tablas["dependencias"], ingenuo, tablero)
    comprobar_entidades(tablas, ingenuo, desde, hasta)


def comprobar_dependencias(tabla, ingenuo, tablero):
    for nombre, numeros in tabla.items():
        solo = [p for p in ingenuo.partes if p.dependencia.nombre == nombre]
        abiertas = [p for p in solo if p in ingenuo.abiertas()]
        vencidas, en_cola = (
            sum(p.vence < ingenuo.hoy and not a_tiempo(p) for p in abiertas),
            sum(p.estado == "en_cola" for p in abiertas),
        )
        assert numeros[:3] == [len(abiertas), vencidas, en_cola]
        periodo = tablero.corte.periodo
        assert numeros[3] == sum(p in solo for p in ingenuo.recibidas(periodo.primero, periodo.hasta))
    con_algo = {p.dependencia.nombre for p in ingenuo.abiertas()}
    assert con_algo <= set(tabla)


def comprobar_entidades(tablas, ingenuo, desde, hasta):
    atendidas = {p.entidad_id for p in ingenuo.partes if p.estado == "atendida"}
    recibidas = ingenuo.recibidas(desde, hasta)
    assert tablas["nunca"] == {
        e.nombre: [sum(p.entidad_id == e.pk for p in recibidas)]
        for e in ingenuo.entidades
        if e.pk not in atendidas and ingenuo.sector in {None, e.sector_id}
    }
    enviadas = ingenuo.enviadas(desde, hasta)
    for e in ingenuo.entidades:
        suyas = [q for q in enviadas if q.entidad_id == e.pk]
        contestadas = sum(q.respondida_en is not None for q in suyas)
        debidas = [len(suyas), contestadas, 100 * contestadas / len(suyas)] if suyas else None
        assert tablas["respuesta"].get(e.nombre) == (pytest.approx(debidas) if debidas else None)


def probar(semilla, cuantos, cortes_por_rol, listas_por_corte):
    azar = Random(semilla)
    elenco = crear_elenco()
    fin = timezone.now().replace(year=2026, month=10, day=21, hour=15)
    historia = Historia(elenco, semilla, fin - timedelta(days=300))
    historia.vivir(cuantos, fin)

    assert recontar() == []
    de_la_historia = contar_inversiones(dependencias=todas_las_dependencias(), desde=SIEMPRE)
    assert inversiones_por_bandeja(dependencias=todas_las_dependencias(), desde=SIEMPRE) == de_la_historia
    for lapso in ({}, {"desde": fin - timedelta(days=150)}, {"hasta": fin - timedelta(days=150)}):
        pedido = {"dependencias": todas_las_dependencias(), **lapso}
        assert inversiones_sin_motivo(**pedido) == partes_sin_motivo(**pedido)
    for nombre in ROLES:
        persona = getattr(elenco, nombre)
        alcance = alcance_de(persona)
        if alcance.jefaturas:
            with con_reloj(fin), actuar(persona):
                comprobar_panel(alcance, date(2026, 10, 21))
        with con_reloj(fin), actuar(persona), transaction.atomic():
            comprobar_encuestas(alcance, azar)
        for consulta, codigos, sector in azar.sample(cortes(elenco, alcance), cortes_por_rol):
            with con_reloj(fin), actuar(persona), transaction.atomic():
                valores = comprobar(alcance, consulta, date(2026, 10, 21), codigos, sector)
                for valor in azar.sample(valores, min(len(valores), listas_por_corte)):
                    assert filas_de(alcance, valor.url) == valor.numero, valor.url
    return historia


def comprobar_encuestas(alcance, azar):
    """The sums of the page of surveys are those of its rows, by whole months, by days and by both."""
    dependencias = dependencias_al_alcance(alcance)
    sectores = [e.sector_id for e in Entidad.objects.order_by("pk")]
    for _ in range(6):
        dias = sorted(date(2026, 1, 1) + timedelta(days=azar.randrange(300)) for _ in range(2))
        datos = {
            "desde": azar.choice(["", dias[0], dias[0].replace(day=1)]),
            "hasta": azar.choice(["", dias[1], dias[1].replace(day=1) - timedelta(days=1)]),
            "dependencia": azar.choice(["", "", *(d.codigo for d in dependencias)]),
            "sector": azar.choice(["", "", *sectores]),
            "reservada": azar.choice(["", "no"]),
        }
        filtros = FiltrosEncuestas(datos, dependencias=dependencias)
        filas = filtros.aplicar(Encuesta.objects.visibles_para(alcance), alcance)
        contestadas = filas.filter(respondida_en__isnull=False)
        debidas = {
            "enviadas": filas.count(),
            "respondidas": contestadas.count(),
            **{nota: sum(getattr(q, nota) for q in contestadas) for nota in ("oportunidad", "pertinencia", "calidad")},
            **{si: sum(getattr(q, si) == "si" for q in contestadas) for si in ("resolvio", "aplicara")},
        }
        sumadas = sumar(filtros, alcance)
        assert {clave: sum(getattr(fila, clave) for fila in sumadas) for clave in debidas} == debidas, datos


def comprobar_panel(alcance, hoy):
    """What a head looks at in its own page is of the same rows."""
    ingenuo, anio, antes, pronto = Ingenuo(alcance, hoy), hoy.replace(month=1, day=1), hace_mucho(2), vence_hasta()
    abiertas = ingenuo.abiertas()
    sin_nadie = [p for p in abiertas if p.estado == "en_cola"]
    esperando = sum(p.estado == "en_complemento" for p in abiertas)
    entregadas = ingenuo.atendidas(anio, date.max)
    assert llevadas_de_la_jefatura(alcance.jefaturas, Dias(hoy, pronto, antes, anio)) == DeLaJefatura(
        en_cola=len(sin_nadie),
        en_mano=len(abiertas) - len(sin_nadie) - esperando,
        esperando=esperando,
        por_vencer=sum(hoy <= p.vence <= pronto for p in abiertas),
        vencidas=sum(p.vence < hoy and not a_tiempo(p) for p in abiertas),
        hace_mucho=sum(dia(p.recibido_en) < antes for p in sin_nadie),
        entregadas=len(entregadas),
        a_tiempo=sum(dia(p.prestada_en) <= p.vence for p in entregadas),
    )


def todas_las_dependencias() -> list[int]:
    return list(Dependencia.objects.order_by("pk").values_list("pk", flat=True))


def cortes(elenco, alcance):
    """Filters to look through. Shape: query string, codes of the dependencias it leaves, sector."""
    suyas = {d.codigo for d in (elenco.sistema_archivos, elenco.tecnica, elenco.internacionales)}
    if not alcance.nivel:
        suyas = {d.codigo for d in (elenco.sistema_archivos, elenco.tecnica) if d.pk in alcance.jefaturas}
    todas = suyas if not alcance.nivel else None
    sector = elenco.prestadora.sector_id
    filtros = [
        ("", todas, None),
        ("periodo=mes", todas, None),
        (f"periodo=anio&sector={sector}", todas, sector),
        ("periodo=meses&desde_mes=2026-02&hasta_mes=2026-06", todas, None),
        ("periodo=trimestre", todas, None),
    ]
    if alcance.nivel:
        filtros += [
            ("dependencia=SSDA&periodo=anio", {"SSDA"}, None),
            (f"direccion=DDAB&sector={sector}", {"SSDA"}, sector),
            ("direccion=DDDI", {"STDI"}, None),
        ]
    return filtros


@pytest.mark.parametrize("semilla", [2])
def test_cada_cifra_es_la_de_un_recuento_ingenuo(semilla):
    historia = probar(semilla, 110, cortes_por_rol=1, listas_por_corte=8)

    assert sum(historia.hechos.values()) > 35


@pytest.mark.larga
@pytest.mark.parametrize("semilla", (100, 101, 102))
def test_cada_cifra_es_la_de_un_recuento_ingenuo_en_muchas_historias(semilla):
    historia = probar(semilla, 400, cortes_por_rol=4, listas_por_corte=60)

    nunca = {suceso for suceso, veces in historia.hechos.items() if not veces}
    assert len(nunca) <= 2, nunca
