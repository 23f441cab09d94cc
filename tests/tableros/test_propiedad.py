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
from tableros.cifras import Formato, texto_de
from tableros.historia import contradicciones
from tableros.orden import FiltrosOrden, inversiones_de
from tableros.periodos import nombre_del_mes
from tableros.peticion import pedir
from tableros.recuento import recontar
from tableros.services import inversiones_por_bandeja, inversiones_sin_motivo
from tableros.tablero import tabla_de_tarjetas
from tests.fabricas import actuar, alcance_de
from tests.soporte.elenco import crear_elenco
from tests.tableros.historias import SUCESOS, Historia
from tests.tableros.recuento_ingenuo import ABIERTOS, Ingenuo, Todo, dia

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


# Who looks at a rate looks at what it is divided by.
DE_QUE_ES = {
    "cumplimiento": "atendidas", "orden": "adelantadas", "respuesta": "encuestas", "oportunidad": "respondidas",
    "pertinencia": "respondidas", "calidad": "respondidas",
}  # fmt: skip


def celdas(cifras, *claves):
    """Shape of each: the number, and how many rows its list has."""
    return [(cifras[clave], cifras[DE_QUE_ES.get(clave, clave)]) for clave in claves]


def comprobar(alcance, consulta, ingenuo):
    """Every card, every alert and every cell of every table against the naive recount. Returns the lists they link to,
    each with how many rows it must have."""
    pedido = pedir(alcance, QueryDict(consulta))
    tablero = pedido.tablero()
    periodo = tablero.corte.periodo
    debidas = ingenuo.del_periodo(periodo.primero, periodo.hasta)
    previas = ingenuo.del_periodo(periodo.anterior().primero, periodo.anterior().hasta)

    assert {t.clave: t.valor.numero for t in tablero.hoy} == ingenuo.de_hoy()
    assert {t.clave: t.valor.numero for t in tablero.periodo} == pytest.approx(debidas)
    assert {t.clave: t.antes for t in tablero.periodo} == pytest.approx(previas)
    listas = [(t.valor.url, ingenuo.de_hoy()[t.clave]) for t in tablero.hoy]
    for t, fila in zip(tablero.periodo, tabla_de_tarjetas(tablero).filas, strict=True):
        ((numero, filas), (antes, filas_antes)) = [*celdas(debidas, t.clave), *celdas(previas, t.clave)]
        formato = t.valor.formato
        assert [v.texto for v in fila[:3]] == [t.titulo, texto_de(numero, formato), texto_de(antes, formato)]
        listas += [(t.valor.url, filas), (fila[1].url, filas), (fila[2].url, filas_antes)]
    lugares = por_dependencia(ingenuo, periodo)
    listas += comprobar_alertas(tablero, ingenuo, lugares)
    tablas = de_la_historia(ingenuo, periodo, lugares)
    assert tablero.tablas.keys() == tablas.keys()
    for clave, filas in tablas.items():
        listas += comprobar_tabla(tablero.tablas[clave], filas)
    assert all(url for url, _ in listas)
    return listas


def comprobar_tabla(tabla, debidas):
    """The rows in their order: a name, its cells, and what it says at the end of some. Returns its lists."""
    listas = []
    assert [fila[0].numero for fila in tabla.filas] == [nombre for nombre, *_ in debidas], tabla.clave
    for fila, (nombre, suyas, *dicho) in zip(tabla.filas, debidas, strict=True):
        assert len(fila) == len(tabla.columnas) == 1 + len(suyas) + len(dicho)
        valores = fila[1 : 1 + len(suyas)]
        assert [v.numero for v in valores] == pytest.approx([n for n, _ in suyas]), (tabla.clave, nombre)
        assert [v.numero for v in fila[1 + len(suyas) :]] == dicho
        listas += [(valor.url, filas) for valor, (_, filas) in zip(valores, suyas, strict=True)]
    return listas


def por_dependencia(ingenuo, periodo):
    """Of each with something to show: what is of now, of the period and of the one before; most overdue first."""
    lugares, antes = [], periodo.anterior()
    for dependencia in ingenuo.todo.atienden.values():
        suyo = ingenuo.solo("dependencia_id", dependencia.pk)
        cifras = suyo.del_periodo(periodo.primero, periodo.hasta)
        if any(cifras.values()) or suyo.abiertas():
            previas = suyo.del_periodo(antes.primero, antes.hasta)
            lugares.append((dependencia.nombre, suyo.de_hoy(), cifras, previas))
    return sorted(lugares, key=lambda x: (-x[1]["vencidas"], x[0]))


def comprobar_alertas(tablero, ingenuo, lugares):
    """The oldest that nobody took, and where compliance fell most. Returns their lists."""
    debidas, hoy = [], ingenuo.hoy
    llegaron = [dia(p.recibido_en) for p in ingenuo.partes if p.estado == "en_cola"]
    if llegaron:
        espera = ingenuo.todo.habiles(min(llegaron), hoy)
        hace = "hoy" if not espera else f"hace {espera} día{'s' * (espera > 1)} hábil{'es' * (espera > 1)}"
        debidas.append((f"La más antigua sin asignar llegó {hace}", llegaron.count(min(llegaron))))
    bajas = [
        (round(previas["cumplimiento"] - cifras["cumplimiento"], 1), nombre, cifras["tarde"])
        for nombre, _, cifras, previas in lugares
        if None not in (previas["cumplimiento"], cifras["cumplimiento"])
    ]
    peor = max(bajas, key=lambda baja: baja[0], default=(0, "", 0))
    if peor[0] > 0:
        puntos = texto_de(peor[0], Formato.PROMEDIO)
        debidas.append((f"El cumplimiento bajó {puntos} puntos en {peor[1]}", peor[2]))
    assert [v.numero for v in tablero.alertas] == [texto for texto, _ in debidas]
    return [(v.url, filas) for v, (_, filas) in zip(tablero.alertas, debidas, strict=True)]


def de_la_historia(ingenuo, periodo, lugares):
    """What each table must say. Shape: its key → rows of a name and its cells, in order."""
    desde, hasta = periodo.primero, periodo.hasta
    abiertas, sin_nadie = ingenuo.abiertas(), [p for p in ingenuo.abiertas() if p.estado == "en_cola"]
    meses = []
    for mes in periodo.meses():
        fin = (mes + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        cifras = ingenuo.del_periodo(mes, fin)
        claves = ("recibidas", "atendidas", "a_tiempo", "tarde", "cumplimiento")
        meses.append((nombre_del_mes(mes), celdas(cifras, *claves)))
    dependencias = []
    for nombre, hoy, cifras, previas in lugares:
        suyas = celdas(hoy, "abiertas", "vencidas", "sin_asignar")
        suyas += celdas(cifras, "recibidas", "atendidas", "cumplimiento")
        dependencias.append((nombre, [*suyas, *celdas(previas, "cumplimiento"), *celdas(cifras, "orden")]))
    edades = []
    for primero, ultimo in ((0, 5), (6, 10), (11, 20), (21, 10_000)):
        cuantas = [sum(primero <= ingenuo.edad(p) <= ultimo for p in suyas) for suyas in (abiertas, sin_nadie)]
        nombre = f"{primero} a {ultimo} días hábiles" if ultimo < 10_000 else f"Más de {primero - 1} días hábiles"
        edades.append((nombre, [(n, n) for n in cuantas]))
    cargas = {p.asesor: ingenuo.solo("asesor_id", p.asesor_id).de_hoy() for p in abiertas if p.asesor_id}
    carga = [(p.nombre, celdas(cifras, "abiertas", "esperando")) for p, cifras in cargas.items()]
    return {
        "meses": meses,
        "dependencias": dependencias,
        "edades": edades,
        "carga": sorted(carga, key=lambda fila: (-fila[1][0][0], fila[0])),
        "tema": por_grupo(ingenuo, "tema", desde, hasta),
        "modalidad": por_grupo(ingenuo, "modalidad", desde, hasta),
        **por_entidad(ingenuo, desde, hasta),
    }


def por_grupo(ingenuo, campo, desde, hasta):
    filas = []
    for grupo in {getattr(p, campo) for p in ingenuo.partes}:
        cifras = ingenuo.solo(f"{campo}_id", grupo.pk).del_periodo(desde, hasta)
        if cifras["recibidas"] or cifras["atendidas"]:
            filas.append((grupo.nombre, celdas(cifras, "recibidas", "atendidas", "cumplimiento")))
    return sorted(filas, key=lambda fila: (-fila[1][0][0], -fila[1][1][0], fila[0]))


def por_entidad(ingenuo, desde, hasta):
    nunca, respuesta = [], []
    for entidad in sorted(ingenuo.entidades, key=lambda e: e.nombre):
        suyo = ingenuo.solo("entidad_id", entidad.pk)
        cifras = suyo.del_periodo(desde, hasta)
        if all(p.estado != "atendida" for p in suyo.partes) and ingenuo.sector in {None, entidad.sector_id}:
            nunca.append((entidad.nombre, celdas(cifras, "recibidas")))
        if cifras["encuestas"]:
            dicho = "" if cifras["respondidas"] else "Ninguna contestada"
            respuesta.append((entidad.nombre, celdas(cifras, "encuestas", "respondidas", "respuesta"), dicho))
    respuesta.sort(key=lambda fila: (not fila[2], -fila[1][0][0]))
    return {"nunca": nunca, "respuesta": respuesta}


def probar(semilla, cuantos, cortes_por_rol, listas_por_corte):
    azar = Random(semilla)
    elenco = crear_elenco()
    fin = timezone.now().replace(year=2026, month=10, day=21, hour=15)
    historia = Historia(elenco, semilla, fin - timedelta(days=300))
    historia.vivir(cuantos, fin)
    historia.aguacero(fin)

    assert recontar() == [] and contradicciones() == []
    de_la_historia = contar_inversiones(dependencias=todas_las_dependencias(), desde=SIEMPRE)
    assert inversiones_por_bandeja(dependencias=todas_las_dependencias(), desde=SIEMPRE) == de_la_historia
    for lapso in ({}, {"desde": fin - timedelta(days=150)}, {"hasta": fin - timedelta(days=150)}):
        pedido = {"dependencias": todas_las_dependencias(), **lapso}
        assert inversiones_sin_motivo(**pedido) == partes_sin_motivo(**pedido)
    todo, hoy = Todo.leer(), date(2026, 10, 21)
    hay_de_todo(todo, hoy)
    for nombre in ROLES:
        persona = getattr(elenco, nombre)
        alcance = alcance_de(persona)
        if alcance.jefaturas:
            with con_reloj(fin), actuar(persona):
                comprobar_panel(Ingenuo(todo, alcance, hoy), alcance)
        with con_reloj(fin), actuar(persona), transaction.atomic():
            comprobar_encuestas(alcance, azar)
        suyos = cortes(elenco, alcance)
        for consulta, codigos, sector in azar.sample(suyos, min(cortes_por_rol, len(suyos))):
            with con_reloj(fin), actuar(persona), transaction.atomic():
                listas = comprobar(alcance, consulta, Ingenuo(todo, alcance, hoy, codigos, sector))
                for url, cuantas in azar.sample(listas, min(len(listas), listas_por_corte)):
                    assert filas_de(alcance, url) == cuantas, url
    return historia


def hay_de_todo(todo, hoy):
    """What a figure tells apart was there to be told apart: otherwise it would be right by having nothing to count."""
    respondidas = [p for p in todo.partes if p.estado == "atendida"]
    pasadas = [p for p in todo.partes if p.estado in ABIERTOS and p.vence < hoy]
    a_tiempo = {p.pk for p in todo.partes if todo.a_tiempo(p)}
    assert {p.estado for p in todo.partes} >= ABIERTOS
    assert {p.criterio for p in todo.partes} == {"programada", "realizada", "entregada", None}
    assert any(p.pk in a_tiempo for p in pasadas) and any(p.pk not in a_tiempo for p in pasadas)
    assert any(dia(p.prestada_en) > p.vence and p.pk in a_tiempo for p in respondidas)
    assert any(dia(p.prestada_en) <= p.vence and todo.sin_efecto(p) for p in respondidas)
    edades = {todo.habiles(dia(p.recibido_en), hoy) for p in todo.partes if p.estado in ABIERTOS}
    assert {5, 6, 10, 11, 20, 21} <= edades, edades


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


def comprobar_panel(ingenuo, alcance):
    """What a head looks at in its own page is of the same rows."""
    hoy = ingenuo.hoy
    anio, antes, pronto = hoy.replace(month=1, day=1), hace_mucho(2), vence_hasta()
    abiertas = ingenuo.abiertas()
    sin_nadie = [p for p in abiertas if p.estado == "en_cola"]
    esperando = sum(p.estado == "en_complemento" for p in abiertas)
    entregadas = ingenuo.atendidas(anio, date.max)
    assert llevadas_de_la_jefatura(alcance.jefaturas, Dias(hoy, pronto, antes, anio)) == DeLaJefatura(
        en_cola=len(sin_nadie),
        en_mano=len(abiertas) - len(sin_nadie) - esperando,
        esperando=esperando,
        por_vencer=sum(hoy <= p.vence <= pronto for p in abiertas),
        vencidas=ingenuo.de_hoy()["vencidas"],
        hace_mucho=sum(dia(p.recibido_en) < antes for p in sin_nadie),
        entregadas=len(entregadas),
        a_tiempo=sum(ingenuo.todo.a_tiempo(p) for p in entregadas),
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
    historia = probar(semilla, 130, cortes_por_rol=2, listas_por_corte=20)

    assert sum(historia.hechos.values()) > 60
    nunca = {suceso for suceso in SUCESOS if not historia.hechos.get(suceso)}
    assert len(nunca) <= 10, nunca


@pytest.mark.larga
@pytest.mark.parametrize("semilla", (100, 101, 102))
def test_cada_cifra_es_la_de_un_recuento_ingenuo_en_muchas_historias(semilla):
    historia = probar(semilla, 400, cortes_por_rol=4, listas_por_corte=60)

    nunca = {suceso for suceso in SUCESOS if not historia.hechos.get(suceso)}
    assert len(nunca) <= 2, nunca
