"""The survey: one per solicitud, by a link, once (R30, R97, R98; R24: about the whole, when every parte is closed)."""

from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema, con_alcance
from avisos.models import PoliticaAviso
from avisos.services.politicas import enviaria_hoy, nueva
from bandeja.models import Entrega
from encuestas import services
from encuestas.consultas import partir
from encuestas.models import Encuesta
from plazos.fechas import BOGOTA
from plazos.reloj import con_reloj
from plazos.services import calendario_vigente
from sdfi_portal.aislamiento import elenco as reparto
from solicitudes.estados import EstadoSolicitud
from solicitudes.models import Parte, Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, atender_siguiente, radicar
from solicitudes.services.acciones import ejecutar
from solicitudes.services.conversacion import responder

pytestmark = pytest.mark.django_db
RESPUESTAS = {"oportunidad": "5", "pertinencia": "4", "calidad": "3", "resolvio": "si", "aplicara": "en_parte"}


@pytest.fixture
def elenco() -> reparto.Elenco:
    with como_sistema("prueba"):
        return reparto.crear()


def solicitud_de(elenco: reparto.Elenco, *temas: str) -> Solicitud:
    enlace = elenco.personas["enlace_a"]
    datos = DatosSolicitud(
        entidad=elenco.lugares["a"],
        asunto="Asunto",
        necesidad="Necesidad",
        temas=[elenco.temas[tema] for tema in temas],
        modalidad=elenco.modalidad,
    )
    with con_alcance(elenco.alcance("enlace_a")):
        return radicar(clave=uuid4(), datos=datos, recepcion=Recepcion(radicada_por=enlace))


def responder_parte(elenco: reparto.Elenco, cual: str) -> None:
    asesor = f"asesor_{cual}"
    with con_alcance(elenco.alcance(asesor)):
        parte = atender_siguiente(dependencia=elenco.lugares[f"{cual}1"], persona=elenco.personas[asesor])
        responder(parte=parte, texto="Esta es la respuesta.", clave=uuid4())


@pytest.fixture
def encuesta(elenco: reparto.Elenco) -> Encuesta:
    solicitud = solicitud_de(elenco, "x")
    responder_parte(elenco, "x")
    return services.abrir_encuesta(solicitud=solicitud)


def estado(solicitud_id: int) -> str:
    with como_sistema("prueba"):
        return Solicitud.objects.get(pk=solicitud_id).estado


def test_there_is_no_survey_while_a_parte_is_open(elenco: reparto.Elenco) -> None:
    """R24."""
    solicitud = solicitud_de(elenco, "x", "y")
    responder_parte(elenco, "x")
    assert services.abrir_encuesta(solicitud=solicitud) is None
    responder_parte(elenco, "y")
    assert services.abrir_encuesta(solicitud=solicitud) is not None


def test_opening_twice_is_one_survey_and_one_invitation(encuesta: Encuesta) -> None:
    """R30: the survey mail goes out once."""
    with como_sistema("prueba"):
        otra = services.abrir_encuesta(solicitud=encuesta.solicitud)
        assert otra.pk == encuesta.pk
        assert Entrega.objects.filter(tipo="encuestas.invitacion").count() == 1


def test_answered_by_its_link_without_signing_in_and_only_once(encuesta: Encuesta, client: Client) -> None:
    """R30, R98: three dimensions and free text; answering closes the solicitud."""
    enlace = encuesta.ruta()
    assert client.get(enlace).status_code == 200
    respuesta = client.post(enlace, {**RESPUESTAS, "mejoraria": "Más ejemplos"})
    assert respuesta.url == reverse("encuestas:gracias")
    with como_sistema("prueba"):
        guardada = Encuesta.objects.get(pk=encuesta.pk)
    assert (guardada.oportunidad, guardada.pertinencia, guardada.calidad) == (5, 4, 3)
    assert estado(encuesta.solicitud_id) == EstadoSolicitud.CERRADA
    otra = client.post(enlace, {**RESPUESTAS, "oportunidad": "1"})
    assert "Ya teníamos sus respuestas" in otra.content.decode()
    with como_sistema("prueba"):
        assert Encuesta.objects.get(pk=encuesta.pk).oportunidad == 5


def test_missing_answers_are_asked_for_and_nothing_is_stored(encuesta: Encuesta, client: Client) -> None:
    pagina = client.post(encuesta.ruta(), {**RESPUESTAS, "calidad": ""}).content.decode()
    assert "Elija una opción en «Calidad»." in pagina
    with como_sistema("prueba"):
        assert Encuesta.objects.get(pk=encuesta.pk).respondida_en is None


@pytest.mark.parametrize("token", ["0" * 40, "f" * 39, "a" * 41, "%27or1=1"])
def test_a_guessed_link_does_not_exist(encuesta: Encuesta, client: Client, token: str) -> None:
    assert client.get(f"/encuesta/{token}/").status_code == 404


def test_the_link_is_not_stored_anywhere(encuesta: Encuesta) -> None:
    with como_sistema("prueba"):
        guardado = str(Encuesta.objects.filter(pk=encuesta.pk).values().get())
        cola = str(list(Entrega.objects.values()))
    assert encuesta.token() not in guardado + cola


def test_one_reminder_then_it_closes_by_itself(encuesta: Encuesta, client: Client) -> None:
    """R97: one reminder; a silent entity does not keep the solicitud open."""
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        services.barrer()
        services.barrer()
        with como_sistema("prueba"):
            assert Entrega.objects.filter(clave_idempotencia__endswith=":recordatorio").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        services.barrer()
        assert estado(encuesta.solicitud_id) == EstadoSolicitud.CERRADA
        assert client.get(encuesta.ruta()).status_code == 410


def recordatorios() -> int:
    with como_sistema("prueba"):
        return Entrega.objects.filter(clave_idempotencia__contains=":recordatorio").count()


def test_when_it_is_reminded_is_a_row_of_the_policy(elenco: reparto.Elenco, encuesta: Encuesta) -> None:
    """Once for each row, in the dependencia that leads; silenced there, never. The page shows what it would send."""
    with como_sistema("prueba"):
        lugar = Parte.objects.get(solicitud=encuesta.solicitud_id, lidera=True).dependencia
    general = PoliticaAviso.objects.get(reloj="encuesta")
    enviada = timezone.localdate(encuesta.creada_en)
    suma = calendario_vigente().sumar_habiles

    def al(dias: int) -> Any:
        return time_machine.travel(datetime.combine(suma(enviada, dias), time(9), BOGOTA), tick=False)

    with al(4):
        services.barrer()
        assert recordatorios() == 0
        with con_alcance(elenco.alcance("subdirector_x")):
            assert enviaria_hoy(general) == []
            de_cuatro = otra_fila(general, dias=4)
            [previsto] = enviaria_hoy(de_cuatro)
            assert previsto.radicado == encuesta.solicitud.radicado
    with como_sistema("prueba"):
        PoliticaAviso.objects.create(
            dependencia=lugar,
            evento=general.evento,
            reloj="encuesta",
            dias=8,
            a_quien="entidad",
            desde=general.desde,
        )
        callada = PoliticaAviso.objects.create(
            dependencia=lugar,
            evento=general.evento,
            reloj="encuesta",
            dias=5,
            a_quien="entidad",
            activa=False,
            desde=general.desde,
        )
    with al(6):
        services.barrer()
        assert recordatorios() == 0
        PoliticaAviso.objects.filter(pk=callada.pk).update(activa=True)
        services.barrer()
        services.barrer()
        assert recordatorios() == 1
    with al(9):
        services.barrer()
        services.barrer()
        assert recordatorios() == 2


def otra_fila(fila: PoliticaAviso, **cambios: Any) -> PoliticaAviso:
    otra = copy(fila)
    otra.pk = None
    for campo, valor in cambios.items():
        setattr(otra, campo, valor)
    return otra


def test_it_only_goes_by_mail(elenco: reparto.Elenco) -> None:
    with con_alcance(elenco.alcance("administrador")), pytest.raises(ValidationError, match="solo va por correo"):
        nueva(dependencia=None, reloj="encuesta", dias=7, a_quien="entidad", canal="portal")


def test_one_that_nobody_answers_closes_at_the_instant_of_the_clock(encuesta: Encuesta) -> None:
    """One alone, as the sweep does with each: what was answered or closed before stays as it was (R97)."""
    cuando = timezone.now() + timedelta(days=30)
    with con_reloj(cuando):
        services.cerrar_sin_respuesta(encuesta=encuesta)
    with con_reloj(cuando + timedelta(days=1)):
        services.cerrar_sin_respuesta(encuesta=encuesta)
    with como_sistema("prueba"):
        encuesta.refresh_from_db()
        assert (encuesta.cerrada_en, encuesta.respondida_en) == (cuando, None)
        assert Solicitud.objects.get(pk=encuesta.solicitud_id).cerrada_en == cuando


@pytest.fixture
def reabierta(elenco: reparto.Elenco, encuesta: Encuesta) -> Encuesta:
    """The head reopens the solicitud while its survey is out."""
    with con_alcance(elenco.alcance("subdirector_x")):
        parte = Parte.objects.get(solicitud_id=encuesta.solicitud_id)
        ejecutar(parte=parte, accion="reabrir", datos={"clave": uuid4(), "motivo": "Faltó una pregunta"})
    return encuesta


def volver_a_responder(elenco: reparto.Elenco, encuesta: Encuesta) -> None:
    with con_alcance(elenco.alcance("asesor_x")):
        responder(parte=Parte.objects.get(solicitud_id=encuesta.solicitud_id), texto="Ahora sí.", clave=uuid4())
    services.abrir_encuesta(solicitud=encuesta.solicitud)


def test_answering_about_one_that_was_reopened_keeps_the_answer_and_closes_nothing(
    elenco: reparto.Elenco, reabierta: Encuesta, client: Client
) -> None:
    assert client.post(reabierta.ruta(), RESPUESTAS).url == reverse("encuestas:gracias")
    with como_sistema("prueba"):
        assert Encuesta.objects.get(pk=reabierta.pk).oportunidad == 5
    assert estado(reabierta.solicitud_id) == EstadoSolicitud.EN_ATENCION

    volver_a_responder(elenco, reabierta)
    assert estado(reabierta.solicitud_id) == EstadoSolicitud.CERRADA


def test_the_sweep_goes_on_past_one_that_was_reopened(elenco: reparto.Elenco, reabierta: Encuesta) -> None:
    otra = solicitud_de(elenco, "x")
    responder_parte(elenco, "x")
    services.abrir_encuesta(solicitud=otra)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        services.barrer()
    assert (estado(reabierta.solicitud_id), estado(otra.pk)) == (EstadoSolicitud.EN_ATENCION, EstadoSolicitud.CERRADA)


def test_results_are_for_those_who_attend(elenco: reparto.Elenco, encuesta: Encuesta) -> None:
    """R97: the response of each entity; a sibling dirección sees none."""
    ven = {papel: cuantas(elenco, papel) for papel in ("asesor_x", "director_x", "auditor")}
    no_ven = {papel: cuantas(elenco, papel) for papel in ("asesor_y", "enlace_a", "enlace_b")}
    assert set(ven.values()) == {1}
    assert set(no_ven.values()) == {0}


def cuantas(elenco: reparto.Elenco, papel: str) -> int:
    with con_alcance(elenco.alcance(papel)):
        return Encuesta.objects.visibles_para(elenco.alcance(papel)).count()


@pytest.mark.parametrize(
    ("desde", "hasta", "meses", "sueltos"),
    [
        ("", "", [("", "")], []),
        ("2026-02-01", "2026-03-31", [("2026-02-01", "2026-03-31")], []),
        ("2026-02-02", "", [("2026-03-01", "")], [("2026-02-02", "2026-02-28")]),
        ("", "2026-03-30", [("", "2026-02-28")], [("2026-03-01", "2026-03-30")]),
        ("2026-01-31", "2026-03-01", [("2026-02-01", "2026-02-28")],
         [("2026-01-31", "2026-01-31"), ("2026-03-01", "2026-03-01")]),
        ("2026-02-10", "2026-03-20", [], [("2026-02-10", "2026-03-20")]),
        ("2026-12-05", "2026-12-31", [], [("2026-12-05", "2026-12-31")]),
        ("2026-03-02", "2026-03-01", [], []),
    ],
)  # fmt: skip
def test_days_are_whole_months_and_the_rest(desde: str, hasta: str, meses: list[Any], sueltos: list[Any]) -> None:
    def dias(lapsos: list[Any]) -> list[Any]:
        return [tuple(date.fromisoformat(dia) if dia else None for dia in lapso) for lapso in lapsos]

    (pedido,) = dias([(desde, hasta)])
    assert partir(*pedido) == (dias(meses), dias(sueltos))
