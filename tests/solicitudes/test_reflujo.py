"""A calendar change: seen before it is saved, counted and told once; nothing closed moves (R19, R33; F12, F13)."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar
from bitacora.models import Suceso
from direcciones.models import AcuerdoServicio
from direcciones.services.catalogos import crear_fila, terminar_fila
from plazos.models import DiaExtraordinario, FestivoAnual
from plazos.services import calendario_con, fijar_horario, reglas_vigentes
from plazos.terminos import calcular_plazo, explicar, plazo_de
from solicitudes.models import Movimiento, Parte, Reflujo, Solicitud, Termino
from solicitudes.services import reflujo
from solicitudes.services.reflujo import efecto_de, recontar_plazos
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, sistema
from tests.soporte.elenco import crear_elenco
from tests.soporte.hilos import a_la_vez

LUNES, VENCE = "2026-11-09", date(2026, 11, 24)  # the 16th is a holiday
MIERCOLES = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _lunes(request: pytest.FixtureRequest) -> Iterator[None]:
    if "base_propia" in request.fixturenames:
        yield
        return
    with time_machine.travel(instante(LUNES), tick=True):
        yield


def recibida(elenco: Any, el: datetime | None = None, **datos: Any) -> Parte:
    valores = {"entidad": elenco.secretaria, "temas": [elenco.tema_tablas]} | datos
    return parte_de(
        radicada(registrada_por=elenco.ventanilla, canal="correo", recibida=el or instante(LUNES, "08:00"), **valores)
    )


def decretar(elenco: Any, dia: date = MIERCOLES, tipo: str = "no_habil", acto: str = "Decreto 612 de 2026") -> Any:
    with actuar(elenco.administradora):
        return crear_fila(modelo=DiaExtraordinario, datos={"fecha": dia, "tipo": tipo, "acto": acto, "nota": ""})


def retirar(elenco: Any, dia: Any) -> None:
    with actuar(elenco.administradora):
        terminar_fila(fila=dia, motivo="Se derogó")


def responder(elenco: Any, parte: Parte) -> None:
    """By whoever has it, through the moves that it still needs."""
    suya = parte_de(parte.solicitud)
    for estado, accion in (("en_cola", "tomar"), ("asignada", "empezar")):
        if suya.estado == estado:
            suya = hacer(elenco.asesora, suya, accion)
    hacer(suya.asesor or elenco.asesora, suya, "responder", texto="Aquí está la respuesta.")


def lineas(parte: Parte) -> list[str]:
    with sistema():
        return list(Movimiento.objects.filter(parte=parte, accion="reflujo").values_list("texto", flat=True))


def fotos(*partes: Parte) -> list[Any]:
    """Every column of these partes, their clocks and their solicitudes, as the database has them."""
    with sistema(), connection.cursor() as cursor:
        cursor.execute(
            "select to_jsonb(p), to_jsonb(s), (select jsonb_agg(to_jsonb(t) order by t.id) from solicitudes_termino t"
            " where t.parte_id = p.id) from solicitudes_parte p join solicitudes_solicitud s on s.id = p.solicitud_id"
            " where p.id = any(%s) order by p.id",
            [[p.pk for p in partes]],
        )
        return cursor.fetchall()


# --- Once, on what is open -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_decreed_day_moves_the_open_ones_and_says_so(elenco) -> None:
    parte = recibida(elenco)
    decretar(elenco)

    assert recontar_plazos() == 1

    despues = parte_de(parte.solicitud)
    assert despues.vence == despues.solicitud.vence == date(2026, 11, 25)
    assert despues.version_calendario == reglas_vigentes().numero
    with sistema():
        suyo = Termino.objects.get(parte=parte)
    assert (suyo.vence, suyo.vence_en.date(), suyo.version_calendario) == (
        despues.vence, despues.vence, despues.version_calendario,
    )  # fmt: skip
    assert "Decreto 612 de 2026" in " ".join(despues.solicitud.regla_plazo["frases"])
    assert lineas(parte) == ["El plazo pasó del 24 de noviembre de 2026 al 25 de noviembre de 2026"]
    assert recontar_plazos() == 0 and lineas(parte) == lineas(parte)
    with sistema():
        uno = Reflujo.objects.get(version=despues.version_calendario)
        assert (uno.miradas, uno.cambiadas, uno.por_id) == (1, 1, elenco.administradora.pk)
        assert uno.terminado_en is not None
        assert Suceso.objects.filter(accion="plazo.recontar").count() == 1


@pytest.mark.django_db
def test_taken_out_again_the_date_is_the_one_it_was(elenco) -> None:
    parte = recibida(elenco)
    antes = parte.solicitud.regla_plazo
    dia = decretar(elenco)
    recontar_plazos()
    retirar(elenco, dia)
    recontar_plazos()

    despues = parte_de(parte.solicitud)
    assert (despues.vence, len(lineas(parte))) == (VENCE, 2)
    assert despues.solicitud.regla_plazo | {"calendario": ""} == antes | {"calendario": ""}


@pytest.mark.django_db
def test_a_decreed_working_saturday_brings_it_forward(elenco) -> None:
    parte = recibida(elenco)
    decretar(elenco, date(2026, 11, 14), "habil", "Resolución 7 de 2026")
    recontar_plazos()
    assert parte_de(parte.solicitud).vence == date(2026, 11, 23)


@pytest.mark.django_db
def test_what_is_closed_is_untouched(elenco) -> None:
    """F12. Its negative control: the same change does move the open one beside it."""
    cerrada, abierta = recibida(elenco), recibida(elenco)
    responder(elenco, cerrada)
    antes = fotos(cerrada)
    decretar(elenco)
    recontar_plazos()

    assert fotos(cerrada) == antes
    assert parte_de(abierta.solicitud).vence == date(2026, 11, 25)
    assert lineas(cerrada) == []


@pytest.mark.django_db
def test_other_office_hours_move_nothing_that_was_received(elenco) -> None:
    parte = recibida(elenco, instante(LUNES, "08:00"))
    with sistema():
        fijar_horario(desde=date(2026, 11, 9), abre=time(6), cierra=time(7), norma="Circular 9 de 2026")
    assert recontar_plazos() == 1
    assert parte_de(parte.solicitud).vence == VENCE and lineas(parte) == []


def _que_muere(escribir: Any, en: int) -> Any:
    """It dies at the end of that batch, before it is confirmed."""
    vueltas = itertools.count()

    def hacer(*argumentos: Any) -> None:
        escribir(*argumentos)
        if next(vueltas) == en:
            raise RuntimeError("se fue la luz")

    return hacer


@pytest.mark.django_db
def test_cut_anywhere_it_is_finished_by_the_next_one(elenco, monkeypatch) -> None:
    """F13: whatever the batch where it dies, the end is the same, and each change is told once."""
    partes = [recibida(elenco, instante(LUNES, f"08:{n:02}")) for n in range(6)]
    decretar(elenco)
    original = reflujo._escribir
    for muere_en in (0, 2, 1):
        monkeypatch.setattr(reflujo, "_escribir", _que_muere(original, muere_en))
        with pytest.raises(RuntimeError):
            recontar_plazos(lote=1)
        with sistema():
            assert not Entrega.objects.filter(tipo="solicitudes.reflujo").exists()
    monkeypatch.setattr(reflujo, "_escribir", original)
    assert recontar_plazos(lote=1) == 3
    assert {parte_de(p.solicitud).vence for p in partes} == {date(2026, 11, 25)}
    assert [len(lineas(p)) for p in partes] == [1] * 6
    with sistema():
        uno = Reflujo.objects.latest("version")
    assert (uno.miradas, uno.cambiadas) == (6, 6)


@pytest.mark.django_db
def test_one_digest_for_each_person(elenco) -> None:
    primera, *_ = [recibida(elenco, instante(LUNES, f"08:{n:02}")) for n in range(3)]
    hacer(elenco.asesora, primera, "tomar")
    decretar(elenco)
    recontar_plazos()
    recontar_plazos()
    entregar()

    with sistema():
        suyas = Entrega.objects.filter(tipo="solicitudes.reflujo")
        claves = list(suyas.values_list("clave_idempotencia", flat=True))
        avisos = list(Aviso.objects.filter(titulo__startswith="Cambió la fecha").values_list("persona", "titulo"))
    assert len(claves) == len(set(claves)) and claves
    assert len(avisos) == len({persona for persona, _ in avisos})
    assert elenco.asesora.pk in dict(avisos)
    assert any(titulo == "Cambió la fecha de 3 solicitudes" for _, titulo in avisos)


@pytest.mark.django_db
def test_what_comes_after_the_digest_is_told_too(elenco) -> None:
    """It was being filed with the calendar of before: the people of the first digest hear of this one, and only it."""
    recibida(elenco)
    decretar(elenco)
    recontar_plazos()
    antes = _resumenes_dejados()
    otra = recibida(elenco)
    with sistema():
        Parte.objects.filter(pk=otra.pk).update(version_calendario=0, vence=VENCE)
        Termino.objects.filter(parte=otra).update(version_calendario=0, vence=VENCE)
    assert recontar_plazos() == 1
    ultimos = [resumen for resumen in _resumenes_dejados() if resumen not in antes]
    assert len(ultimos) == len(antes)
    assert {carga["cuantas"] for _, carga in ultimos} == {1}
    recontar_plazos()
    assert len(_resumenes_dejados()) == 2 * len(antes)


def _resumenes_dejados() -> list[Any]:
    with sistema():
        filas = Entrega.objects.filter(tipo="solicitudes.reflujo").order_by("pk")
        return list(filas.values_list("clave_idempotencia", "carga"))


@pytest.mark.django_db
def test_a_run_that_goes_on_while_the_calendar_changes_takes_nothing_back(elenco, monkeypatch) -> None:
    """Two acts, one after another: each parte goes to its last date and never back."""
    partes = [recibida(elenco, instante(LUNES, f"08:{n:02}")) for n in range(3)]
    decretar(elenco)
    original, vueltas = reflujo._escribir, itertools.count()

    def decretar_otro_en_medio(*argumentos: Any) -> None:
        original(*argumentos)
        if next(vueltas) == 0:
            decretar(elenco, date(2026, 11, 19), acto="Decreto 613 de 2026")

    monkeypatch.setattr(reflujo, "_escribir", decretar_otro_en_medio)
    recontar_plazos(lote=1)
    monkeypatch.setattr(reflujo, "_escribir", original)
    recontar_plazos()
    assert {parte_de(p.solicitud).vence for p in partes} == {date(2026, 11, 26)}
    with sistema():
        pasos = [
            [
                (m.datos["de"], m.datos["a"])
                for m in Movimiento.objects.filter(parte=p, accion="reflujo").order_by("id")
            ]
            for p in partes
        ]
    assert all(de < a for suyos in pasos for de, a in suyos)
    assert sorted(len(suyos) for suyos in pasos) == [1, 1, 2]


@pytest.mark.django_db
def test_the_entity_is_told_of_the_parte_that_leads(elenco) -> None:
    """The same two dependencias, each leading one of two."""
    for _ in range(2):
        una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    lidera = parte_de(una, elenco.sistema_archivos)
    with sistema():
        otra = Parte.objects.exclude(pk=lidera.pk).get(solicitud=una)
    hacer(elenco.subdirector, lidera, "cambiar_lider", parte_lider=otra)
    decretar(elenco)
    recontar_plazos()
    with sistema():
        [suyo] = Entrega.objects.filter(tipo="solicitudes.reflujo", carga__persona=elenco.enlace.pk)
        dichas = Movimiento.objects.filter(pk__in=suyo.carga["lineas"]).values_list("parte__lidera", flat=True)
        assert list(dichas) == [True, True] and suyo.carga["cuantas"] == 2


# --- The other clocks ----------------------------------------------------------------------------------------------
def acordado(elenco: Any, **datos: Any) -> None:
    valores = {"etapa": "Asignar quien atiende", "dias": 3, "fin": "asignada", "desde": date(2026, 1, 1)} | datos
    AcuerdoServicio.objects.create(dependencia=elenco.sistema_archivos, **valores)


@pytest.mark.django_db
def test_a_milestone_that_moves_alone_is_written_and_told(elenco, entrar) -> None:
    """Two acts at once: the milestone ends a day later and the date that binds is the same."""
    acordado(elenco)
    parte = recibida(elenco)
    cliente = entrar(elenco.asesora)
    lista = "/asesor/cola/?vista=sin-asignar"
    version = cliente.get(lista).context["version"]
    decretar(elenco, date(2026, 11, 11))
    decretar(elenco, date(2026, 11, 14), "habil", "Decreto 613 de 2026")
    assert recontar_plazos() == 1

    with sistema():
        [linea] = Movimiento.objects.filter(parte=parte, accion="reflujo")
    assert parte_de(parte.solicitud).vence == VENCE
    assert linea.texto == "«Asignar quien atiende» pasó del 12 de noviembre de 2026 al 13 de noviembre de 2026"
    assert linea.datos["relojes"] == [{"nombre": "Asignar quien atiende", "de": "2026-11-12", "a": "2026-11-13"}]
    assert _resumenes_dejados()
    # What the list shows did not change: nobody is called to look.
    assert cliente.get(f"{lista}&parcial=1&version={version}").status_code == 204


@pytest.mark.django_db
def test_each_clock_that_moved_says_from_when_to_when(elenco) -> None:
    acordado(elenco, etapa="Realizar la mesa", dias=10, fin="realizada")
    acordado(elenco, etapa="Enviar el informe", dias=15, fin="informe", justificacion="Folio a folio.")
    parte = recibida(elenco)
    decretar(elenco)
    recontar_plazos()
    with sistema():
        [linea] = Movimiento.objects.filter(parte=parte, accion="reflujo")
    assert linea.texto == (
        "El plazo pasó del 24 de noviembre de 2026 al 25 de noviembre de 2026; "
        "«Enviar el informe» pasó del 1 de diciembre de 2026 al 2 de diciembre de 2026"
    )
    assert [uno["nombre"] for uno in linea.datos["relojes"]] == [
        "Lineamiento: 10 días hábiles", "Realizar la mesa", "Enviar el informe",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_does_not_fit_in_the_line_is_counted(elenco) -> None:
    for n in range(6):
        acordado(elenco, etapa=f"Una etapa de nombre largo, la número {n}")
    parte = recibida(elenco)
    decretar(elenco, date(2026, 11, 11))
    recontar_plazos()
    with sistema():
        [linea] = Movimiento.objects.filter(parte=parte, accion="reflujo")
    assert len(linea.texto) <= 300 and "; y 4 más" in linea.texto
    assert len(linea.datos["relojes"]) == 7


@pytest.mark.django_db
def test_the_queue_says_that_dates_changed_and_not_that_something_arrived(elenco, entrar) -> None:
    for n in range(2):
        recibida(elenco, instante(LUNES, f"08:{n:02}"))
    cliente = entrar(elenco.asesora)
    lista = "/asesor/cola/?vista=sin-asignar"
    sondeo = f"{lista}&parcial=1&version={cliente.get(lista).context['version']}"
    decretar(elenco)
    recontar_plazos()
    assert cliente.get(sondeo).json() == {"texto": "Cambió la fecha de 2 solicitudes."}
    recibida(elenco)
    assert cliente.get(sondeo).json() == {"texto": "Llegó 1 solicitud. Cambió la fecha de 2 solicitudes."}


@pytest.mark.django_db
def test_a_day_that_is_new_closes_when_that_day_does(elenco) -> None:
    """The 25th closes at noon: what moves to it ends at noon and says so. A day that stays keeps the hour it had."""
    se_mueve, se_queda = recibida(elenco), recibida(elenco, instante("2026-11-04", "08:00"))
    for dia in (date(2026, 11, 19), date(2026, 11, 25)):
        with sistema():
            fijar_horario(desde=dia, hasta=dia, abre=time(8), cierra=time(12), norma="Circular 9 de 2026")
    recontar_plazos()
    decretar(elenco, date(2026, 11, 23))
    recontar_plazos()
    with sistema():
        movido = Termino.objects.get(parte=se_mueve)
        quieto = Termino.objects.get(parte=se_queda)
    assert movido.vence_en == instante("2026-11-25", "12:00")
    explicado = " ".join(explicar(movido.regla).frases)
    assert "Vence el miércoles 25 de noviembre de 2026 a las 12:00 p. m." in explicado
    assert "El día en que vence la atención es de 8:00 a. m. a 12:00 p. m. Norma: Circular 9 de 2026." in explicado
    assert quieto.vence_en == instante("2026-11-19", "16:30")
    assert plazo_de(movido.regla).como_regla() == movido.regla


# --- Before saving -------------------------------------------------------------------------------------------------
DIA = {"fecha": MIERCOLES.isoformat(), "tipo": "no_habil", "acto": "Decreto 612 de 2026", "nota": ""}


@pytest.mark.django_db
def test_before_saving_it_says_what_changes(elenco, entrar) -> None:
    parte, _ = recibida(elenco), recibida(elenco, instante("2026-11-05"))
    navegador, nueva = entrar(elenco.administradora), reverse("direcciones:nueva", args=["dias"])

    antes = navegador.post(nueva, DIA)
    pagina = antes.content.decode()
    assert antes.context["efecto"].cuantas == 2
    assert "2 solicitudes cambian de fecha" in pagina and parte.solicitud.radicado in pagina
    assert "24 de noviembre de 2026" in pagina and "25 de noviembre de 2026" in pagina
    assert not DiaExtraordinario.objects.exists()

    assert 'value="Decreto 612 de 2026"' in navegador.post(nueva, DIA | {"corregir": "si"}).content.decode()
    assert not DiaExtraordinario.objects.exists()

    confirma = DIA | {"confirmado": antes.context["efecto"].huella}
    guardada = navegador.post(nueva, confirma, follow=True).content.decode()
    assert "En unos minutos cambian las fechas de 2 solicitudes y se avisa a cada persona." in guardada
    recontar_plazos()
    assert parte_de(parte.solicitud).vence == date(2026, 11, 25)


@pytest.mark.django_db
def test_what_changed_meanwhile_is_shown_again(elenco, entrar) -> None:
    recibida(elenco)
    navegador, nueva = entrar(elenco.administradora), reverse("direcciones:nueva", args=["dias"])
    visto = navegador.post(nueva, DIA).context["efecto"].huella
    recibida(elenco)
    otra_vez = navegador.post(nueva, DIA | {"confirmado": visto})
    assert "Mientras usted miraba cambió algo" in otra_vez.content.decode()
    assert otra_vez.context["efecto"].cuantas == 2 and not DiaExtraordinario.objects.exists()


@pytest.mark.django_db
def test_taking_a_holiday_out_says_what_changes_too(elenco, entrar) -> None:
    parte = recibida(elenco)
    festivo = FestivoAnual.objects.vigentes().get(fecha=date(2026, 11, 16))
    navegador, terminar = entrar(elenco.administradora), reverse("direcciones:terminar", args=["festivos", festivo.pk])
    motivo = {"motivo": "La ley lo quitó"}
    antes = navegador.post(terminar, motivo)
    assert antes.context["efecto"].cuantas == 1
    hecho = navegador.post(terminar, motivo | {"confirmado": antes.context["efecto"].huella}, follow=True)
    assert "En unos minutos cambia la fecha de 1 solicitud" in hecho.content.decode()
    recontar_plazos()
    assert parte_de(parte.solicitud).vence == date(2026, 11, 23)


@pytest.mark.django_db
def test_the_same_queries_for_one_and_for_many(elenco) -> None:
    cuentas = []
    for cuantas in (1, 4):
        for _ in range(cuantas):
            recibida(elenco)
        with CaptureQueriesContext(connection) as consultas:
            efecto_de(calendario_con(fecha=MIERCOLES, tipo="no_habil"), MIERCOLES)
        cuentas.append(len(consultas))
    assert cuentas[0] == cuentas[1]


@pytest.mark.django_db
def test_who_is_told_is_asked_once_of_those_that_are_alike(elenco) -> None:
    """However many lines the people of one entity and of one dependencia have."""
    cuentas = []
    for dia, cuantas in ((MIERCOLES, 1), (date(2026, 11, 19), 4)):
        for n in range(cuantas):
            recibida(elenco, instante(LUNES, f"09:{n:02}"))
        decretar(elenco, dia)
        with CaptureQueriesContext(connection) as consultas:
            recontar_plazos()
        cuentas.append(len(consultas))
    assert cuentas[0] == cuentas[1]


# --- Against a fresh count -----------------------------------------------------------------------------------------
CAMBIOS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["no_habil", "habil", "retirar"])), min_size=1, max_size=6
)
LLEGADAS = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 23)), min_size=1, max_size=4)


def _como_recien_contados(elenco: Any, llegadas: Any, cambios: Any) -> None:
    desde = instante("2026-10-15", "00:30")
    with transaction.atomic():
        partes = [recibida(elenco, desde + timedelta(days=d, hours=h)) for d, h in llegadas]
        vivos: list[Any] = []
        for cuando, tipo in cambios:
            dia = date(2026, 10, 20) + timedelta(days=cuando)
            if tipo == "retirar" and vivos:
                retirar(elenco, vivos.pop())
            elif tipo != "retirar" and dia not in {uno.fecha for uno in vivos}:
                # What changes nothing is refused: a day that is working already, a holiday that would be.
                with suppress(ValidationError), transaction.atomic():
                    vivos.append(decretar(elenco, dia, tipo))
            recontar_plazos(lote=2)
        reglas = reglas_vigentes()
        for parte in partes:
            suya = parte_de(parte.solicitud)
            fresco = calcular_plazo(suya.recibido_en, 10, reglas.calendario, reglas.horarios)
            assert (suya.vence, suya.solicitud.fecha_efectiva) == (fresco.vence, fresco.fecha_efectiva)
            assert suya.solicitud.vence == fresco.vence
            assert recontar_plazos() == 0
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(llegadas=LLEGADAS, cambios=CAMBIOS)
def test_random_changes_end_as_if_counted_now(elenco, llegadas, cambios) -> None:
    """F12."""
    _como_recien_contados(elenco, llegadas, cambios)


@pytest.mark.larga
@pytest.mark.django_db
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(llegadas=LLEGADAS, cambios=CAMBIOS)
def test_many_random_changes_end_as_if_counted_now(elenco, llegadas, cambios) -> None:
    _como_recien_contados(elenco, llegadas, cambios)


# --- At the same time ----------------------------------------------------------------------------------------------
def test_two_recounts_at_once_are_one(base_propia) -> None:
    """C08."""
    elenco = crear_elenco()
    for n in range(8):
        recibida(elenco, instante(LUNES, f"08:{n:02}"))
    decretar(elenco)
    miradas = a_la_vez(3, lambda _: recontar_plazos(lote=2))
    recontar_plazos()
    assert sum(miradas) <= 8
    with sistema():
        assert Movimiento.objects.filter(accion="reflujo").count() == 8
        assert Reflujo.objects.latest("version").cambiadas == 8


def test_a_filing_that_read_the_old_calendar_is_counted_again(base_propia) -> None:
    elenco = crear_elenco()
    leido, sigue = threading.Event(), threading.Event()
    hecha: list[Solicitud] = []

    def radicar() -> None:
        try:
            with transaction.atomic():
                hecha.append(recibida(elenco).solicitud)
                leido.set()
                assert sigue.wait(30)
        finally:
            connections.close_all()

    hilo = threading.Thread(target=radicar)
    hilo.start()
    assert leido.wait(30)
    decretar(elenco)
    assert recontar_plazos() == 0
    sigue.set()
    hilo.join()
    assert parte_de(hecha[0]).vence == VENCE
    assert recontar_plazos() == 1
    assert parte_de(hecha[0]).vence == date(2026, 11, 25)
    with sistema():
        assert Entrega.objects.filter(tipo="solicitudes.reflujo").exists()
