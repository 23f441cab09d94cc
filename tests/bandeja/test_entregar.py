"""Taking, doing, failing and giving up (security.md §5.3, C08, F09, F10)."""

import threading
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone

from alcance import Alcance, actual, como_sistema, con_alcance
from bandeja.models import ConsultaEntrega, Entrega
from bandeja.services import (
    EntregaDudosa,
    EntregaFallida,
    descartar,
    entregar,
    entregar_larga,
    hay_largas,
    manejador,
    manejadores,
    reintentar,
    salud,
    tomar,
)
from bandeja.services.entregar import INTENTOS, _atender, espera, tomar_larga
from bandeja.services.manejadores import cargar
from bandeja.services.reparar import Hoja, muerta, muertas, reintentar_todas
from bandeja.tasks import entregar as tarea
from bitacora.models import Suceso
from bitacora.services import registrar as registrar_suceso
from tests.bandeja.conftest import cambiar, dejar, estados, fila
from tests.soporte.hilos import en_otra_conexion


def ahora_mismo(clave: str) -> None:
    cambiar(clave, proximo_intento=timezone.now())


def test_lo_que_se_escribe_y_la_marca_son_una_sola_cosa(base_propia: str, registrar) -> None:
    """A handler that fails after writing leaves nothing; one that works leaves it once (F09)."""
    veces: list[int] = []

    def escribir(entrega: Entrega) -> None:
        alcance = actual()
        assert alcance is not None and alcance.es_sistema
        registrar_suceso(accion="prueba.escribir")
        veces.append(entrega.intento)
        if len(veces) == 1:
            raise RuntimeError("a medias")

    registrar("prueba.a", escribir)
    dejar("prueba.a", "uno")
    tarea()
    uno = fila("uno")
    assert (uno.estado, uno.intento, uno.error) == ("pendiente", 1, "RuntimeError: a medias")
    assert timedelta(seconds=23) < uno.proximo_intento - timezone.now() < timedelta(seconds=37)
    ahora_mismo("uno")
    for _ in range(5):
        tarea()
    assert fila("uno").estado == "hecha" and veces == [1, 2]
    with como_sistema("prueba"), transaction.atomic():
        assert [s.peticion for s in Suceso.objects.filter(accion="prueba.escribir")] == [f"entrega-{uno.pk}-2"]


def test_lo_que_sale_del_portal_sale_con_la_marca_puesta(base_propia: str, registrar) -> None:
    """`enviando` is committed before the effect; meanwhile nobody else takes it, whatever its lease says."""
    vistas: list[object] = []

    def mirar() -> None:
        vistas.append(fila("uno").estado)
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            vistas.append(tomar(5, quien="otro"))

    registrar("prueba.a", lambda entrega: lambda: en_otra_conexion(mirar))
    dejar("prueba.a", "uno")
    assert entregar() == 1
    assert vistas == ["enviando", []] and fila("uno").estado == "hecha"


def test_las_esperas_crecen_y_al_octavo_intento_decide_una_persona(base_propia: str, registrar) -> None:
    """F10: 30 s, 2 min, 10 min, 1 h, 6 h; the eighth failure is the last."""
    segundos = [30, 120, 600, 3600, 21600, 21600, 21600]
    for intento, base in enumerate(segundos, start=1):
        for _ in range(20):
            assert 0.8 * base <= espera(intento).total_seconds() <= 1.2 * base

    def nunca(entrega: Entrega) -> None:
        raise RuntimeError("no")

    registrar("prueba.a", nunca)
    dejar("prueba.a", "veneno")
    for intento in range(1, INTENTOS + 1):
        assert entregar() == 0
        assert (fila("veneno").intento, entregar()) == (intento, 0)
        if intento < INTENTOS:
            ahora_mismo("veneno")
    assert fila("veneno").estado == "muerta" and salud().muertas == 1


def test_un_veneno_no_detiene_a_los_demas(base_propia: str, registrar) -> None:
    """F10, and a kind nobody hands over is only late."""

    def segun(entrega: Entrega) -> None:
        if entrega.clave_idempotencia == "veneno":
            raise RuntimeError("no")

    registrar("prueba.a", segun)
    dejar("prueba.a", "veneno", *(f"bueno-{n}" for n in range(30)))
    dejar("prueba.nadie", "sin quien")
    assert entregar() == 30
    assert fila("veneno").estado == "pendiente" and fila("sin quien").error.startswith("SinManejador")


def test_no_antes_espera(base_propia: str, registrar) -> None:
    registrar("prueba.a", lambda entrega: None)
    dejar("prueba.a", "mañana", no_antes=timezone.now() + timedelta(days=1))
    assert entregar() == 0
    ahora_mismo("mañana")
    assert entregar() == 1


def test_un_arriendo_vencido_lo_retoma_otro_y_el_primero_pierde_el_turno(base_propia: str, registrar) -> None:
    """A worker that died or slept: its row goes on, and it can't close what is no longer its own."""
    registrar("prueba.a", lambda entrega: None)
    dejar("prueba.a", "uno")
    [suya] = tomar(5, quien="dormido")
    assert tomar(5, quien="otro") == []
    cambiar("uno", tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert entregar() == 1
    assert _atender(suya, "dormido") is False
    assert (fila("uno").estado, fila("uno").intento, fila("uno").posible_duplicado) == ("hecha", 2, False)


def test_quien_mata_a_su_trabajador_cada_vez_tambien_termina(base_propia: str) -> None:
    """F10: the number of tries lives in the row, not in the worker that dies."""
    dejar("prueba.a", "uno")
    for _ in range(INTENTOS):
        assert len(tomar(5, quien="muere")) == 1
        cambiar("uno", tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert tomar(5, quien="muere") == []
    assert fila("uno").estado == "muerta" and "murió" in fila("uno").error


def test_una_duda_se_repite_una_vez_y_luego_decide_una_persona(base_propia: str, registrar) -> None:
    """F08: a cut after sending is one repetition at most, marked as a possible duplicate."""
    envios: list[str] = []

    def preparar(entrega: Entrega):
        def efecto() -> None:
            envios.append(entrega.clave_idempotencia)
            raise EntregaDudosa("sin respuesta")

        return efecto

    registrar("prueba.a", preparar)
    dejar("prueba.a", "uno")
    for _ in range(4):
        entregar()
        ahora_mismo("uno")
    uno = fila("uno")
    assert envios == ["uno", "uno"] and uno.estado == "muerta" and uno.posible_duplicado


def test_un_trabajador_muerto_mientras_enviaba_deja_una_duda(base_propia: str, registrar) -> None:
    dejar("prueba.a", "uno")
    for intento, quedan in ((1, 1), (2, 0)):
        assert len(tomar(5, quien="muere")) == 1
        cambiar("uno", estado="enviando", tomada_hasta=timezone.now() - timedelta(seconds=1))
        assert fila("uno").intento == intento
        if not quedan:
            assert tomar(5, quien="otro") == []
    assert fila("uno").estado == "muerta" and "puede haber llegado" in fila("uno").error


@pytest.mark.parametrize("trabajadores", [2, 8])
def test_varios_barridos_a_la_vez_entregan_una_sola_vez(base_propia: str, registrar, trabajadores: int) -> None:
    """C08: nothing twice, nothing left."""
    hechas: list[str] = []
    registrar("prueba.a", lambda entrega: hechas.append(entrega.clave_idempotencia))
    claves = [f"n{n}" for n in range(120)]
    dejar("prueba.a", *claves)
    salida = threading.Barrier(trabajadores)
    totales: list[int] = []

    def barrer() -> None:
        salida.wait()
        try:
            totales.append(entregar())
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=barrer) for _ in range(trabajadores)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert sorted(hechas) == sorted(claves) and sum(totales) == 120 and set(estados().values()) == {"hecha"}


def test_sin_saltar_lo_bloqueado_se_entrega_dos_veces(base_propia: str, registrar, monkeypatch) -> None:
    """Negative control of C08: taking without the lock, both sweeps do the same."""
    hechas: list[str] = []
    encuentro = threading.Barrier(2)

    def preparar(entrega: Entrega):
        return lambda: hechas.append(entrega.clave_idempotencia)

    registrar("prueba.a", preparar)
    dejar("prueba.a", "uno")
    original = ConsultaEntrega.por_tomar

    def sin_cerrojo(self, ahora):
        filas = list(original(self, ahora)[:10])
        if filas:
            encuentro.wait(10)

        class Leidas(list):
            def select_for_update(self, **_):
                return self

        return Leidas(filas)

    monkeypatch.setattr(ConsultaEntrega, "por_tomar", sin_cerrojo)
    tomadas: list[int] = []

    def tomar_y_cerrar(quien: str) -> None:
        try:
            tomadas.append(len(tomar(5, quien=quien)))
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=tomar_y_cerrar, args=(quien,)) for quien in ("a", "b")]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert tomadas == [1, 1]


@pytest.mark.parametrize("rol", ["asesor", "director", "auditor", "enlace"])
def test_nobody_else_repairs_whatever_page_asks(base_propia: str, registrar, rol: str) -> None:
    """The second net: a page that forgot to ask for the role shows nothing and changes nothing."""
    registrar("prueba.a", lambda _: None)
    dejar("prueba.a", "uno")
    cambiar("uno", estado="muerta", intento=INTENTOS)
    with con_alcance(Alcance(persona_id=1, rol=rol)):
        assert muertas() == Hoja([], 0, False, []) and muerta(pk=fila("uno").pk) is None
        for intento in (reintentar, partial(descartar, motivo="No")):
            with pytest.raises(ValidationError):
                intento(pk=fila("uno").pk)
        assert reintentar_todas(tipo="prueba.a") == 0
    assert fila("uno").estado == "muerta"
    with con_alcance(Alcance(persona_id=1, rol="administrador")):
        assert muertas().total == 1 and muerta(pk=fila("uno").pk) is not None


def test_reintentar_y_descartar_dejan_constancia(base_propia: str, registrar) -> None:
    """F10: one more try per press; a discarded one says why. Pressing twice does it once."""
    fallar = [True]

    def segun(entrega: Entrega) -> None:
        if fallar[0]:
            raise RuntimeError("no")

    registrar("prueba.a", segun)
    dejar("prueba.a", "uno", "dos")
    for clave in ("uno", "dos"):
        cambiar(clave, estado="muerta", intento=INTENTOS)
    with como_sistema("prueba"):
        reintentar(pk=fila("uno").pk)
        with pytest.raises(Exception, match="Alguien ya la reintentó"):
            reintentar(pk=fila("uno").pk)
        assert entregar() == 0 and fila("uno").estado == "muerta"
        fallar[0] = False
        reintentar(pk=fila("uno").pk)
        assert entregar() == 1 and fila("uno").estado == "hecha"
        with pytest.raises(Exception, match="Escriba por qué"):
            descartar(pk=fila("dos").pk, motivo="  ")
        descartar(pk=fila("dos").pk, motivo="El buzón ya no existe")
        with transaction.atomic():
            constancias = list(Suceso.objects.filter(accion__startswith="bandeja.").order_by("id"))
    assert fila("dos").descarte_motivo == "El buzón ya no existe"
    assert [s.accion for s in constancias] == ["bandeja.reintentar", "bandeja.reintentar", "bandeja.descartar"]
    assert constancias[2].motivo == "El buzón ya no existe"


def test_salud_cuenta_lo_atrasado(base_propia: str) -> None:
    dejar("prueba.a", "vieja", "nueva")
    cambiar("vieja", proximo_intento=timezone.now() - timedelta(minutes=6))
    tarea()
    assert salud().atrasadas == 0 and "entregas" in salud().latidos  # the sweep tried it: it is waiting, not late
    cambiar("vieja", proximo_intento=timezone.now() - timedelta(minutes=6))
    assert salud().atrasadas == 1 and salud().mas_antigua == fila("vieja").proximo_intento


def test_cada_tipo_tiene_un_solo_manejador(registrar) -> None:
    """Every room's `entregas.py` loads, and two handlers for one kind are refused."""
    cargar()
    with pytest.raises(ValueError, match="Dos manejadores"):
        for funcion in (lambda entrega: None, cargar):
            manejador("prueba.b")(funcion)  # type: ignore[arg-type]


def test_las_largas_van_de_a_una_y_nadie_espera_detras_de_ellas(base_propia: str, registrar, monkeypatch) -> None:
    """While somebody is at a long one, another worker takes no second one and hands over everything else."""
    vistas: list[object] = []

    def mientras() -> None:
        with time_machine.travel(timezone.now() + timedelta(hours=1)):  # its lease is over; it still holds the row
            vistas.append(tomar_larga(quien="otro"))
        vistas.append(entregar())

    registrar("prueba.larga", lambda entrega: en_otra_conexion(mientras) if not vistas else None)
    registrar("prueba.a", lambda entrega: None)
    monkeypatch.setattr(manejadores, "_largos", {"prueba.larga"})
    dejar("prueba.larga", "una", "dos")
    dejar("prueba.a", "correo")
    assert entregar_larga() == 1 and vistas == [[], 1]
    assert estados() == {"una": "hecha", "dos": "pendiente", "correo": "hecha"}
    assert entregar() == 0 and hay_largas()
    assert entregar_larga() == 1 and not hay_largas()


def test_en_el_carril_largo_lo_que_nadie_espera_va_al_final(base_propia: str, registrar, monkeypatch) -> None:
    registrar("prueba.larga", lambda entrega: None)
    registrar("prueba.sin_prisa", lambda entrega: None)
    monkeypatch.setattr(manejadores, "_largos", {"prueba.larga", "prueba.sin_prisa"})
    monkeypatch.setattr(manejadores, "_sin_prisa", {"prueba.sin_prisa"})
    dejar("prueba.sin_prisa", "antes")
    dejar("prueba.larga", "una")
    orden = []
    while entregar_larga():
        orden.append([clave for clave, estado in estados().items() if estado == "hecha"])
    assert orden == [["una"], ["antes", "una"]]


@pytest.mark.parametrize(("definitiva", "estado"), [(False, "pendiente"), (True, "muerta")])
def test_lo_que_se_anota_de_un_intento_fallido_queda(
    base_propia: str, registrar, definitiva: bool, estado: str
) -> None:
    """What the effect wrote before failing is undone; what it asks to be written of the try is not."""

    def efecto() -> None:
        registrar_suceso(accion="prueba.deshecho")
        anotado = partial(registrar_suceso, accion="prueba.intento", texto="No respondió")
        raise EntregaFallida("No respondió", anotar=anotado, definitiva=definitiva)

    registrar("prueba.x", lambda entrega: efecto)
    dejar("prueba.x", "una")
    assert entregar() == 0 and estados() == {"una": estado}
    assert fila("una").error == "EntregaFallida: No respondió"
    with como_sistema("prueba"), transaction.atomic():
        acciones = Suceso.objects.filter(accion__startswith="prueba.").values_list("accion", flat=True)
        assert list(acciones) == ["prueba.intento"]


def test_una_larga_cuyo_trabajador_murio_la_retoma_otro(base_propia: str, registrar, monkeypatch) -> None:
    registrar("prueba.larga", lambda entrega: None)
    monkeypatch.setattr(manejadores, "_largos", {"prueba.larga"})
    dejar("prueba.larga", "una", "dos")
    assert [e.clave_idempotencia for e in tomar_larga(quien="muere")] == ["una"]
    assert tomar_larga(quien="otro") == []  # just taken: its worker may be about to lock it
    cambiar("una", tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert (entregar_larga(), entregar_larga()) == (1, 1)
    assert estados() == {"una": "hecha", "dos": "hecha"} and fila("una").intento == 2
