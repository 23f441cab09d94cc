"""`sembrar`: what the bench measures on is what the portal itself would have written."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import Entrega
from conceptos.models import Concepto
from direcciones.models import Dependencia, Persona
from encuestas.models import Encuesta
from plazos.models import DiaExtraordinario
from plazos.services import reglas_vigentes
from rendimiento import sembrar as sembrar_
from rendimiento.escena import Escena
from rendimiento.sembrar import sembrar
from rendimiento.siembra_sql import AZAR
from rendimiento.tareas import reflujo
from solicitudes.estados import ABIERTOS, SOLICITUD_ABIERTA, estado_comun
from solicitudes.models import ConstanciaRadicacion, Contador, Mensaje, Movimiento, Parte, Reflujo, Solicitud, Termino
from solicitudes.services.constancias import huella_de
from solicitudes.services.inversiones import contar_inversiones
from solicitudes.services.plazo import plazo_de_solicitud, regla_usada
from solicitudes.services.relojes import catalogo_de, poner_relojes
from tableros.recuento import recontar

CUANTAS = 300


def test_siembra_lo_que_el_portal_habria_escrito(base_propia: str, entrar) -> None:
    """Every constraint is the database's own; here, what no constraint says. One base for all."""
    sembrar(CUANTAS)
    _numero_largo()
    with como_sistema("prueba"), transaction.atomic():
        _numeros_seguidos()
        _plazos_y_constancias()
        _estados()
        _relojes()
        _proporciones()
        dependencias = [d.pk for d in Dependencia.objects.order_by("pk")]
        solicitud = Solicitud.objects.filter(estado="en_atencion", reservada=False).order_by("pk")[0]
        enlace = Persona.objects.get(membresias__entidad=solicitud.entidad_id, correo__startswith="enlace.")
    assert contar_inversiones(dependencias=dependencias, desde=datetime(2020, 1, 1, tzinfo=UTC)) == []
    jefe = Persona.objects.get(correo="directora@demo.example")
    assert solicitud.asunto in entrar(enlace).get(f"/solicitudes/{solicitud.radicado}/").text
    registro = entrar(jefe).get("/registro/")
    assert registro.status_code == 200
    assert "AT-" in registro.text
    with pytest.raises(ImproperlyConfigured, match="ya tiene solicitudes"):
        sembrar(CUANTAS)
    _el_reflujo_no_deja_huella()


def _el_reflujo_no_deja_huella() -> None:
    """What is measured on this base can be measured again: dates, clocks, history and outbox are as they were."""
    antes = _de_las_abiertas()
    medido = reflujo(Escena(tam=CUANTAS, portal=0, piso=0, sesiones_del_piso=[]))
    assert medido["abiertas"] == medido["miradas"] > medido["cambiadas"] > 0
    assert medido["resumenes"] > 0
    assert _de_las_abiertas() == antes
    with como_sistema("prueba"), transaction.atomic():
        assert not Movimiento.objects.filter(accion="reflujo").exists()
        assert not Reflujo.objects.exists()
        assert not Entrega.objects.filter(tipo="solicitudes.reflujo").exists()
        assert not DiaExtraordinario.objects.vigentes().exists()


def _de_las_abiertas() -> list[tuple[object, ...]]:
    with como_sistema("prueba"), transaction.atomic():
        partes = Parte.objects.abiertas().order_by("pk")
        fechas: list[tuple[object, ...]] = list(
            partes.values_list("pk", "vence", "solicitud__vence", "solicitud__fecha_efectiva")
        )
        return fechas + list(Termino.objects.order_by("pk").values_list("pk", "vence_en", "cerrado"))


def _numero_largo() -> None:
    """A year of a million passes of six figures."""
    with connections["migrador"].cursor() as cursor:
        cursor.execute(AZAR)
        cursor.execute("select pg_temp.seis(7), pg_temp.seis(999999), pg_temp.seis(1400001)")
        assert cursor.fetchone() == ("000007", "999999", "1400001")
    connections["migrador"].close()


def _numeros_seguidos() -> None:
    """Unique and gapless in each year, in the order of the instants, and the counter goes on from there."""
    por_anio: dict[int, list[int]] = {}
    for radicado in Solicitud.objects.order_by("radicado_en", "pk").values_list("radicado", flat=True):
        _, anio, numero = radicado.split("-")
        por_anio.setdefault(int(anio), []).append(int(numero))
    for anio, numeros in por_anio.items():
        assert numeros == list(range(1, len(numeros) + 1))
        assert Contador.objects.get(serie="AT", anio=anio).ultimo == len(numeros)


def _plazos_y_constancias() -> None:
    for constancia in ConstanciaRadicacion.objects.select_related("solicitud").order_by("pk"):
        solicitud = constancia.solicitud
        regla = regla_usada(plazo_de_solicitud(timezone.localtime(solicitud.recibido_en)))
        assert solicitud.regla_plazo == regla
        assert (solicitud.vence.isoformat(), constancia.datos["frases"]) == (regla["vence"], regla["frases"])
        assert constancia.huella == huella_de(constancia.datos)


def _estados() -> None:
    for solicitud in Solicitud.objects.prefetch_related("partes", "movimientos").order_by("pk"):
        comun = estado_comun([parte.estado for parte in solicitud.partes.all()])
        assert solicitud.estado in ({"atendida", "cerrada"} if comun == "atendida" else {comun})
        for parte in solicitud.partes.all():
            pasos = [m for m in solicitud.movimientos.all() if m.parte_id == parte.pk and "lugar" in m.datos]
            assert parte.estado == (pasos[-1].a if pasos else "en_cola")
            assert not pasos or pasos[-1].datos["lugar"]["a"] == [parte.dependencia_id, parte.asesor_id]
    ahora = timezone.now()
    assert not Movimiento.objects.filter(en__gt=ahora).exists()
    assert not Mensaje.objects.filter(en__gt=ahora).exists()


DE_UN_RELOJ = (
    "reloj", "ans_id", "nombre", "dias", "inicio", "fin", "empieza_en", "fecha_efectiva", "vence", "vence_en",
    "obliga", "regla", "version_calendario",
)  # fmt: skip


def _relojes() -> None:
    """Each parte has the clocks it would have been filed with (of a closed one, that of the lineamiento), over or not
    as its facts say."""
    de_cada = defaultdict(list)
    for uno in Termino.objects.order_by("parte", "id"):
        de_cada[uno.parte_id].append(uno)
    partes = list(Parte.objects.select_related("dependencia", "solicitud").order_by("pk"))
    catalogo, reglas = catalogo_de(*{parte.dependencia for parte in partes}), reglas_vigentes()
    for parte in partes:
        suyos = de_cada[parte.pk]
        vence = parte.vence
        debidos = poner_relojes(parte, catalogo=catalogo, reglas=reglas)
        assert parte.vence == vence
        assert [t.reloj for t in suyos[:1]] == ["lineamiento"]
        completa = parte.estado in ABIERTOS or len(suyos) > 1
        assert completa == (len(suyos) == len(debidos)) or len(debidos) == 1
        for suyo, debido in zip(suyos, debidos, strict=False):
            assert [getattr(suyo, c) for c in DE_UN_RELOJ] == [getattr(debido, c) for c in DE_UN_RELOJ]
            cumplido = {"asignada": parte.asignada_en, "entregada": parte.prestada_en}
            if parte.estado == "atendida":
                cumplido |= {"acta": parte.cerrada_en, "informe": parte.cerrada_en}
            assert suyo.cumplido_en == cumplido.get(suyo.fin)
            assert suyo.cerrado == (parte.estado not in ABIERTOS or suyo.cumplido_en is not None)


def _proporciones() -> None:
    cuenta = Counter(Solicitud.objects.order_by("pk").values_list("estado", flat=True))
    cerradas = CUANTAS - sum(cuenta[estado] for estado in SOLICITUD_ABIERTA)
    assert 0.6 * CUANTAS < cerradas < 0.8 * CUANTAS
    assert 4 < Movimiento.objects.count() / CUANTAS < 8
    assert 2 < Mensaje.objects.count() / CUANTAS < 4
    assert Concepto.objects.exclude(busqueda=None).filter(estado="notificado").count() > 0.15 * CUANTAS
    assert 0.4 < Encuesta.objects.respondidas().count() / Encuesta.objects.count() < 0.8
    assert Parte.objects.filter(solicitud__reservada=True).count() < 0.1 * CUANTAS


def test_con_los_indices_al_final_queda_todo_como_estaba(base_propia: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every promised size goes this way. What fails halfway leaves nothing, and can be seeded again."""
    antes = _armazon()
    assert antes
    monkeypatch.setattr(sembrar_, "CUANTAS_SIN_INDICES", 100)
    monkeypatch.setattr(sembrar_, "LOTE", 80)
    lote, veces = sembrar_._sembrar_lote, iter(range(9))

    def cortado(*que: object) -> None:
        if next(veces) == 1:
            raise KeyboardInterrupt
        lote(*que)

    with monkeypatch.context() as mientras:
        mientras.setattr(sembrar_, "_sembrar_lote", cortado)
        with pytest.raises(KeyboardInterrupt):
            sembrar(200)
    with como_sistema("prueba"), transaction.atomic():
        assert not Solicitud.objects.exists() and not Termino.objects.exists()
    assert _armazon() == antes

    sembrar(200)
    with como_sistema("prueba"), transaction.atomic():
        assert Solicitud.objects.count() == 200
        _numeros_seguidos()
        _estados()
    assert _armazon() == antes
    assert recontar() == []


def _armazon() -> list[tuple[str, ...]]:
    """Indexes, constraints and triggers that run, of every table."""
    with connections["migrador"].cursor() as cursor:
        cursor.execute(
            """
            select indrelid::regclass::text, indexrelid::regclass::text,
                concat(i.indkey, i.indpred is not null, i.indisvalid) from pg_index i
            join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace
            union all
            select conrelid::regclass::text, conname, concat(contype, convalidated) from pg_constraint
            where connamespace = 'public'::regnamespace and contype <> 'n'
            union all
            select tgrelid::regclass::text, tgname, tgenabled::text from pg_trigger where not tgisinternal
            order by 1, 2, 3
            """
        )
        filas = cursor.fetchall()
    connections["migrador"].close()
    return filas


def test_una_produccion_no_se_siembra(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ES_PRODUCCION", True)
    with pytest.raises(ImproperlyConfigured, match="instalación real"):
        sembrar(CUANTAS)
