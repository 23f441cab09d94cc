"""What counts as attended, what the entity was waited for, what was annulled, and an ANS that stands still."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from direcciones.models import AcuerdoServicio, CriterioAtencion
from plazos.services import reglas_vigentes
from plazos.terminos import explicar
from solicitudes.models import Movimiento, Parte, Solicitud, Termino
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from solicitudes.services.esperas import esperas_de, frase_de_espera
from solicitudes.services.relojes import empezar_pendientes
from solicitudes.vencimiento import vencimiento
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, sistema

pytestmark = pytest.mark.django_db
DESDE = date(2026, 1, 1)
LUNES = instante("2026-11-09")


@pytest.fixture
def viajar() -> Any:
    with time_machine.travel(LUNES, tick=False) as viajero:
        yield viajero


def tomada(elenco: Any) -> tuple[Solicitud, Parte]:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    return solicitud, hacer(elenco.asesora, parte_de(solicitud), "tomar")


def programar(elenco: Any, parte: Parte, para: datetime) -> Any:
    datos = {
        "modalidad": parte.modalidad,
        "estado": "programada",
        "medio": "presencial",
        "lugar": "Calle 6B 5-75",
        "asunto": "Sesión",
        "programada_para": para,
    }
    with actuar(elenco.asesora):
        return registrar_actuacion(parte=parte, datos=datos)


def realizar(elenco: Any, sesion: Any, inicio: datetime) -> None:
    cambios = {"estado": "realizada", "inicio": inicio, "fin": inicio + timedelta(hours=1), "resultado": "Acuerdos"}
    with actuar(elenco.asesora):
        cambiar_actuacion(actuacion=sesion, cambios=cambios)


def criterio(dependencia: Any, cual: str, desde: date = DESDE) -> None:
    CriterioAtencion.objects.create(dependencia=dependencia, criterio=cual, norma="Acta 1", desde=desde)


# --- What counts ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cual", "dia", "dice", "cuenta"),
    [
        ("programada", "2026-11-12", "Atendida a tiempo", "a_tiempo"),
        ("realizada", "2026-11-25", "Atendida 1 día hábil tarde", "tarde"),
        ("entregada", "2026-11-26", "Entregada 2 días hábiles tarde", "tarde"),
    ],
)
def test_the_three_instants_are_kept_and_one_of_them_counts(elenco, viajar, cual, dia, dice, cuenta) -> None:
    """Scheduled on the 12th for the 25th, delivered on the 26th; the last day was the 24th."""
    criterio(elenco.archivo, cual)
    solicitud, parte = tomada(elenco)
    viajar.move_to(instante("2026-11-12"))
    sesion = programar(elenco, parte, instante("2026-11-25"))
    viajar.move_to(instante("2026-11-25", "12:00"))
    abierta = parte_de(solicitud)
    vencida = cual != "programada"
    with sistema():
        assert Parte.objects.filter(pk=parte.pk).por_cumplimiento("vencida").exists() is vencida
        assert Parte.objects.filter(pk=parte.pk).por_cumplimiento("en_termino").exists() is not vencida
    assert vencimiento(abierta).vencida is vencida
    realizar(elenco, sesion, instante("2026-11-25"))
    viajar.move_to(instante("2026-11-26"))
    cerrada = hacer(elenco.asesora, parte_de(solicitud), "responder", texto="La respuesta")

    assert cerrada.programada_en == instante("2026-11-12")
    assert (cerrada.realizada_en, cerrada.prestada_en) == (instante("2026-11-25", "11:00"), instante("2026-11-26"))
    assert cerrada.atencion_en.date() == date.fromisoformat(dia)
    assert vencimiento(cerrada).texto == dice and cerrada.a_tiempo is (cuenta == "a_tiempo")
    with sistema():
        for otra in ("a_tiempo", "tarde", "vencida", "en_termino"):
            assert Parte.objects.filter(pk=parte.pk).por_cumplimiento(otra).exists() is (otra == cuenta), otra


def test_a_session_that_was_cancelled_did_not_attend(elenco, viajar) -> None:
    criterio(elenco.archivo, "programada")
    solicitud, parte = tomada(elenco)
    sesion = programar(elenco, parte, instante("2026-11-20"))
    assert parte_de(solicitud).atencion_en == LUNES
    with actuar(elenco.asesora):
        cambiar_actuacion(actuacion=sesion, cambios={"estado": "cancelada", "motivo_cancelacion": "No pueden venir"})
    assert parte_de(solicitud).atencion_en is None


def test_a_ruling_leaves_the_figures_of_yesterday_as_they_were(elenco, viajar) -> None:
    """The setting changes what comes from its day, not the history (docs/decisiones/0024)."""

    def sin_responder(consulta: QuerySet[Any]) -> list[int]:
        return sorted(consulta.values_list("pk", flat=True))

    partes = []
    for dia, hora in (("2026-11-09", "08:00"), ("2026-11-10", "14:00")):
        viajar.move_to(instante(dia))
        _, parte = tomada(elenco)
        programar(elenco, parte, instante("2026-11-25", hora))
        partes.append(parte.pk)
        if dia == "2026-11-09":
            viajar.move_to(instante("2026-11-26"))
            with sistema():
                antes = sin_responder(Parte.objects.por_cumplimiento("vencida"))
            criterio(elenco.archivo, "programada", date(2026, 11, 10))
            with sistema():
                assert sin_responder(Parte.objects.por_cumplimiento("vencida")) == antes == partes
    viajar.move_to(instante("2026-11-26"))
    with sistema():
        assert sin_responder(Parte.objects.por_cumplimiento("vencida")) == partes[:1]


# --- Waiting for the entity ----------------------------------------------------------------------------------------
def test_the_ten_days_run_while_the_entity_is_waited_for(elenco, viajar) -> None:
    """Asked on Monday, answered on Thursday: three days of waiting, and the last day is the same."""
    solicitud, parte = tomada(elenco)
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=date(2026, 11, 30))
    assert parte_de(solicitud).vence == date(2026, 11, 24)
    viajar.move_to(instante("2026-11-11"))
    assert _frase(solicitud) == (
        "Se espera a su entidad desde el 9 de noviembre de 2026 (2 días hábiles): "
        "el plazo de respuesta sigue corriendo."
    )
    viajar.move_to(instante("2026-11-12"))
    hacer(elenco.enlace, parte_de(solicitud), "complementar", texto="Esta")
    viajar.move_to(instante("2026-11-20"))
    assert parte_de(solicitud).vence == date(2026, 11, 24)
    assert _frase(solicitud) == "Se esperó a su entidad 3 días hábiles: el plazo de respuesta siguió corriendo."


def _frase(solicitud: Solicitud) -> str:
    with sistema():
        lineas = Movimiento.objects.filter(solicitud=solicitud).order_by("id").values_list("parte_id", "a", "en")
        hoy = date.fromisoformat(datetime.now(LUNES.tzinfo).date().isoformat())
        return frase_de_espera(
            esperas_de(lineas), hoy=hoy, calendario=reglas_vigentes().calendario, a_quien="su entidad"
        )


def test_both_pages_say_that_the_term_goes_on(elenco, viajar, entrar) -> None:
    solicitud, parte = tomada(elenco)
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=date(2026, 11, 30))
    suya = entrar(elenco.enlace).get(f"/solicitudes/{solicitud.radicado}/").content.decode()
    assert "El plazo de respuesta sigue corriendo: vence el 24 de noviembre de 2026." in suya
    assert "lo espera" not in suya and "Se espera a su entidad desde el 9 de noviembre" in suya
    de_quien_atiende = entrar(elenco.asesora).get(f"/asesor/solicitudes/{solicitud.radicado}/", follow=True)
    assert "Se espera a la entidad desde el 9 de noviembre" in de_quien_atiende.content.decode()


# --- An ANS that stands still --------------------------------------------------------------------------------------
def ans(parte: Parte) -> Termino:
    with sistema():
        return Termino.objects.get(parte=parte, reloj="ans")


def test_only_the_ans_whose_text_says_so_stands_still(elenco, viajar) -> None:
    """Five days from Monday 9 end on the 17th; waited for from the 10th to the 12th: 11 and 12 are lost."""
    AcuerdoServicio.objects.create(
        dependencia=elenco.sistema_archivos, etapa="Responder", dias=5, desde=DESDE, suspende_en_complemento=True
    )
    solicitud, parte = tomada(elenco)
    assert parte.vence == ans(parte).vence == date(2026, 11, 17)
    viajar.move_to(instante("2026-11-10"))
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=date(2026, 11, 30))
    # While it stands still the ten days are what binds: they do not.
    assert parte_de(solicitud).vence == date(2026, 11, 24) < ans(parte).vence
    viajar.move_to(instante("2026-11-12"))
    hacer(elenco.enlace, parte_de(solicitud), "complementar", texto="Esta")

    suya, movida = ans(parte), parte_de(solicitud)
    assert suya.suspensiones == [["2026-11-10", "2026-11-12", "Se esperaba la información que se pidió a la entidad"]]
    assert movida.vence == movida.solicitud.vence == suya.vence == date(2026, 11, 19)
    assert "El plazo estuvo suspendido 2 días hábiles." in explicar(suya.regla).frases
    assert movida.solicitud.regla_plazo["dias"] == 5
    with sistema():
        lineamiento = Termino.objects.get(parte=parte, reloj="lineamiento")
    assert (lineamiento.vence, lineamiento.suspensiones) == (date(2026, 11, 24), [])


def test_the_rest_of_the_ans_go_on(elenco, viajar) -> None:
    AcuerdoServicio.objects.create(dependencia=elenco.sistema_archivos, etapa="Responder", dias=5, desde=DESDE)
    solicitud, parte = tomada(elenco)
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=date(2026, 11, 30))
    hacer(elenco.asesora, parte_de(solicitud), "retomar")
    assert (ans(parte).suspensiones, parte_de(solicitud).vence) == ([], date(2026, 11, 17))


def test_one_from_complete_information_starts_when_it_is(elenco, viajar) -> None:
    AcuerdoServicio.objects.create(
        dependencia=elenco.sistema_archivos, etapa="Valorar", dias=5, desde=DESDE, inicio="datos_completos"
    )
    solicitud, parte = tomada(elenco)
    assert ans(parte).vence == date(2026, 11, 17)
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=date(2026, 11, 30))
    assert ans(parte).vence is None
    viajar.move_to(instante("2026-11-12"))
    hacer(elenco.asesora, parte_de(solicitud), "retomar")
    assert ans(parte).vence == date(2026, 11, 20)
    assert explicar(ans(parte).regla).frases[0].startswith("La información quedó completa el jueves 12")


def test_a_milestone_starts_with_its_event(elenco, viajar) -> None:
    for etapa, inicio, dias in (("Informe", "realizada", 5), ("Empezar", "asignacion", 2)):
        AcuerdoServicio.objects.create(
            dependencia=elenco.sistema_archivos, etapa=etapa, dias=dias, desde=DESDE, inicio=inicio, fin="informe"
        )
    _, parte = tomada(elenco)

    def de(etapa: str) -> Termino:
        with sistema():
            return Termino.objects.get(parte=parte, nombre=etapa)

    assert de("Informe").vence is None and de("Empezar").vence is None
    assert empezar_pendientes() == 1 and empezar_pendientes() == 0
    assert de("Empezar").vence == date(2026, 11, 11)
    sesion = programar(elenco, parte, instante("2026-11-10"))
    viajar.move_to(instante("2026-11-10", "15:00"))
    realizar(elenco, sesion, instante("2026-11-10"))
    assert de("Informe").vence == date(2026, 11, 18)
    assert explicar(de("Informe").regla).frases[0].startswith("La sesión se realizó el martes 10")


def test_the_page_of_a_solicitud_asks_what_was_promised(elenco, entrar, viajar) -> None:
    """performance.md: 12 queries at most, as its entity sees it and as who attends it, with sessions and messages."""
    solicitud, parte = tomada(elenco)
    programar(elenco, parte, instante("2026-11-12"))
    hacer(elenco.asesora, parte, "pedir_complemento", texto="Falta el acta", hasta=None)
    paginas = {
        elenco.enlace: reverse("solicitudes:detalle", args=[solicitud.radicado]),
        elenco.asesora: reverse("atencion:caso", args=[solicitud.radicado]),
    }
    for persona, pagina in paginas.items():
        cliente = entrar(persona)
        cliente.get(pagina)
        with CaptureQueriesContext(connection) as consultas:
            assert cliente.get(pagina).status_code == 200
        assert len(consultas) <= 12, [una["sql"][:90] for una in consultas.captured_queries]
