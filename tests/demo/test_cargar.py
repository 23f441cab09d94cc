"""The demonstration: through the services, cut anywhere it goes on cleanly, and loading it again changes nothing."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import Entrega, EstadoEntrega
from bitacora.cadena import verificar
from bitacora.models import Suceso
from conceptos.models import Concepto
from demo import cargar as carga
from demo.cargar import Pedido
from demo.cuentas import CLAVE, CUENTAS
from demo.models import HistoriaVivida, Simulacion, avance
from demo.simulacion.acciones import ACCIONES, Escena
from demo.simulacion.entregas import CON_CORREO
from direcciones.models import Ausencia, Dependencia, Encargo, Membresia, Persona
from encuestas.models import Encuesta
from plazos.reloj import con_reloj
from solicitudes.estados import EN_TRABAJO, EstadoParte
from solicitudes.models import Actuacion, ConstanciaRadicacion, ExcepcionOrden, Mensaje, Movimiento, Parte, Solicitud
from solicitudes.services.inversiones import contar_inversiones
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.relevo import sin_responsable
from tests.demo.conftest import HOY, leer, plan_de

UNA_MANO = 1
CON_ALGO_QUE_CUBRIR = 34  # of its season, who is away today left something open
# What thirty-five may not have, and the two years do (test_plan).
ESCASAS = {"liberar", "cancelar", "duplicar", "retomar", "reasignar"}


def pedido(tamano: int, **resto: Any) -> Pedido:
    return Pedido(tamano=tamano, procesos=UNA_MANO, **resto)


def contar() -> dict[str, int]:
    modelos = (
        Solicitud, Parte, Mensaje, Actuacion, Persona, Membresia, Entrega, Suceso, Concepto, Aviso, Encuesta, Ausencia,
        Encargo,
    )  # fmt: skip
    with como_sistema("prueba"), transaction.atomic():
        return {modelo.__name__: modelo.objects.count() for modelo in modelos}


def test_una_temporada_por_los_servicios(base_propia: str, temporada: int, caplog: pytest.LogCaptureFixture) -> None:
    """Played in two loads, the recent weeks first: it ends as if it had been lived in order."""
    carga.cargar(pedido=pedido(temporada, solo_trozo=True))
    assert 0 < HistoriaVivida.objects.count() < temporada
    assert avance() in range(1, 100)
    carga.cargar(pedido=pedido(temporada))
    assert avance() is None
    assert "deja una historia" not in caplog.text
    plan = plan_de(leer(), tamano=temporada)
    with como_sistema("prueba"), transaction.atomic():
        _cada_historia_llego_al_final_de_su_plan(plan)
        _los_numeros_siguen_el_registro()
        _el_orden_de_llegada_se_cumple(plan)
        _los_plazos_son_los_de_la_regla()
        _nadie_recibe_hoy_lo_de_antes()
        _las_ausencias_son_las_del_plan(plan)
        assert Movimiento.objects.filter(en__gt=HOY).count() == 0
        assert ConstanciaRadicacion.objects.count() == temporada
        assert Concepto.objects.filter(numero__isnull=True).count() == 0
    with como_sistema("prueba"), transaction.atomic():
        assert list(verificar()) == []


def _cada_historia_llego_al_final_de_su_plan(plan) -> None:
    acciones = set()
    for historia in plan.historias:
        acciones |= {paso.accion for paso in historia.pasos}
        solicitud = Solicitud.objects.get(clave_radicacion=historia.clave())
        ultimo = Movimiento.objects.filter(solicitud=solicitud).exclude(accion="cerrar").latest("en", "id")
        mensaje = Mensaje.objects.filter(solicitud=solicitud).order_by("-en").first()
        encuesta = Encuesta.objects.filter(solicitud=solicitud, cerrada_en__isnull=False).first()
        ocurrio = max(filter(None, (ultimo.en, mensaje and mensaje.en, encuesta and encuesta.cerrada_en)))
        assert abs(ocurrio - historia.pasos[-1].cuando).total_seconds() < 1, historia.id
    assert set(ACCIONES) - acciones <= ESCASAS


def _los_numeros_siguen_el_registro() -> None:
    for modelo, cuando in ((Solicitud, "radicado_en"), (Concepto, "creado_en")):
        campo = "radicado" if modelo is Solicitud else "numero"
        numeros = list(modelo.objects.order_by(cuando).values_list(campo, flat=True))
        assert sorted(numeros) == [f"{numeros[0][:-6]}{n:06d}" for n in range(1, len(numeros) + 1)]
        if modelo is Solicitud:
            assert numeros == sorted(numeros)


def _el_orden_de_llegada_se_cumple(plan) -> None:
    """By the history's own count, and by a plain one that looks at the instants."""
    desde = min(h.recibida for h in plan.historias)
    dependencias = list(Dependencia.objects.values_list("pk", flat=True))
    contadas = contar_inversiones(dependencias=dependencias, desde=desde)
    con_motivo = sum(1 for h in plan.historias for p in h.pasos if p.accion == "tomar" and p.datos)
    assert sum(una.sin_motivo for una in contadas) == 0
    assert sum(una.con_motivo for una in contadas) == con_motivo == ExcepcionOrden.objects.count()
    assert _adelantadas() == set(ExcepcionOrden.objects.values_list("parte", flat=True))


def _adelantadas() -> set[int]:
    """Partes that left a queue or a tray at an instant in which an older one waited there."""
    tramos = defaultdict(list)  # place → (parte, order, since, until)
    for parte in Parte.objects.select_related("solicitud"):
        filas = Movimiento.objects.filter(parte=parte).order_by("id")
        lineas = [m for m in filas if "lugar" in m.datos]
        dependencia = lineas[0].datos["lugar"]["de"][0] if lineas else parte.dependencia_id
        estado, lugar, desde = EstadoParte.EN_COLA, (dependencia, None), parte.solicitud.radicado_en
        for linea in lineas:
            if estado in {EstadoParte.EN_COLA, EstadoParte.ASIGNADA}:
                por_sector = linea.accion == "asignar" and linea.persona_id is None
                tramos[lugar, estado].append((parte.pk, parte.recibido_en, desde, linea.en, por_sector))
            estado, desde = linea.a, linea.en
            en, asesor = linea.datos["lugar"]["a"]
            lugar = (en, asesor if estado == EstadoParte.ASIGNADA else None)
    return {
        parte
        for esperas in tramos.values()
        for parte, llego, _, sale, por_sector in esperas
        if not por_sector
        and any(otra != parte and antes < llego and desde < sale < hasta for otra, antes, desde, hasta, _ in esperas)
        and Movimiento.objects.filter(parte=parte, en=sale, accion__in=("tomar", "empezar", "asignar")).exists()
    }


def _los_plazos_son_los_de_la_regla() -> None:
    for solicitud in Solicitud.objects.all():
        plazo = plazo_de_solicitud(solicitud.recibido_en)
        assert (solicitud.fecha_efectiva, solicitud.vence) == (plazo.fecha_efectiva, plazo.vence)
    assert Parte.objects.exclude(vence=F("solicitud__vence")).count() == 0


def _nadie_recibe_hoy_lo_de_antes() -> None:
    """Mail only of the last days; notices with the date of their fact, and the old ones read."""
    pendientes = Entrega.objects.filter(estado=EstadoEntrega.PENDIENTE)
    recientes = Movimiento.objects.filter(en__gte=HOY - CON_CORREO).values("solicitud")
    # What ended gets its signed index from the worker: nobody is written to.
    assert not pendientes.exclude(tipo="solicitudes.cerrada").exclude(solicitud_id__in=recientes).exists()
    assert not Aviso.objects.filter(creado_en__gt=HOY).exists()
    assert not Aviso.objects.filter(leido_en__isnull=True, creado_en__lt=HOY - CON_CORREO).exists()


def _las_ausencias_son_las_del_plan(plan) -> None:
    """Written by the services: with who covers, the act of the encargo, and of who came back before, until when."""
    registradas = {
        (a.persona.correo, a.desde, a.hasta, a.suplente and a.suplente.correo, a.encargo.acto if a.encargo else "")
        for a in Ausencia.objects.select_related("persona", "suplente", "encargo")
    }
    correo = {c.usuario: c.correo for c in CUENTAS}
    assert registradas == {(correo[f.quien], f.desde, f.hasta, correo.get(f.suplente), f.acto) for f in plan.faltas}
    assert Suceso.objects.filter(accion="ausencia.registrar").count() == len(plan.faltas)
    assert all(a.registrada_en <= HOY for a in Ausencia.objects.all())
    assert not Movimiento.objects.filter(
        persona__correo=correo["asesor2"], en__date__range=_de("asesor2", plan)
    ).exists()
    assert sin_responsable(HOY.date()) == []


def _de(quien: str, plan) -> tuple[date, date]:
    [falta] = [f for f in plan.faltas if f.quien == quien and f.desde <= HOY.date() <= f.hasta]
    return falta.desde, falta.hasta


@pytest.mark.larga  # it loads another demonstration; whom the plan has away today is asked of sixty dates
def test_quien_mira_hoy_ve_quien_esta_ausente_y_quien_viene(base_propia: str, temporada: int, entrar) -> None:
    """The heads, who is away and who comes next; whoever covers, what they answer for meanwhile."""
    carga.cargar(pedido=pedido(CON_ALGO_QUE_CUBRIR))

    def pagina(usuario: str, ruta: str) -> str:
        cliente = entrar(Persona.objects.get(correo=f"{usuario}@demo.example"))
        with con_reloj(HOY):
            respuesta = cliente.get(reverse(ruta))
        assert respuesta.status_code == 200
        return respuesta.content.decode()

    de_archivos = pagina("subdirectora", "atencion:ausencias")
    assert de_archivos.count("Camilo Vargas Mora") >= 2
    assert "Julián Castaño Vega" in pagina("director.desarrollo", "atencion:ausencia")
    assert "Ricardo Amaya Soto" in pagina("directora", "atencion:ausencias")
    de_quien_cubre = pagina("asesor", "atencion:ausencia")
    abiertas = _abiertas_de("asesor2")
    assert abiertas and all(radicado in de_quien_cubre for radicado in abiertas)


def _abiertas_de(usuario: str) -> list[str]:
    with como_sistema("prueba"), transaction.atomic():
        suyas = Parte.objects.filter(asesor__correo=f"{usuario}@demo.example", estado__in=EN_TRABAJO)
        return list(suyas.values_list("solicitud__radicado", flat=True))


def test_cortada_a_la_mitad_sigue_sin_dejar_nada_a_medias(base_propia: str, temporada: int, monkeypatch) -> None:
    """Killed in the middle of a step: that story is not there or is complete, and the load goes on where it was."""
    hacer, veces = Escena.hacer, iter(range(1000))

    def morir_en_el_undecimo(escena, paso) -> None:
        if next(veces) == 11:
            raise KeyboardInterrupt
        hacer(escena, paso)

    monkeypatch.setattr(Escena, "hacer", morir_en_el_undecimo)
    with pytest.raises(KeyboardInterrupt):
        carga.cargar(pedido=pedido(5))
    con_todo = HistoriaVivida.objects.count()
    assert con_todo < 5
    with como_sistema("prueba"), transaction.atomic():
        ausencias = Ausencia.objects.count()
    assert ausencias >= 5
    monkeypatch.setattr(Escena, "hacer", hacer)
    monkeypatch.setattr(carga, "ahora", lambda: HOY + timedelta(days=3))
    cuenta = carga.cargar(pedido=pedido(5))
    assert cuenta["solicitudes"] == cuenta["historias completas"] == 5
    assert Simulacion.objects.get().hasta == HOY

    antes = contar()
    carga.cargar(pedido=pedido(5))
    assert contar() == antes
    personas = Persona.objects.filter(correo__in=[cuenta.correo for cuenta in CUENTAS])
    assert len(personas) == len(CUENTAS)
    assert all(persona.check_password(CLAVE) for persona in personas)
    with pytest.raises(ImproperlyConfigured, match="copia vacía"):
        carga.cargar(pedido=pedido(6))
