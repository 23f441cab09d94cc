"""What comes round every year is told once each period to each head, on a business day, whatever the clock did (R21,
R45, R104, R107, R109, R115, R116, R130: their reminders)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from avisos.ciclos import CICLOS, POR_CLAVE, en_palabras, proxima, toca
from avisos.forms import CambiarCicloForm
from avisos.models import Aviso, PoliticaAviso
from avisos.services import avisar_ciclos
from avisos.services.politicas import cambiar_politica, ciclos_en_vigor, enviaria_hoy
from direcciones.models import Ausencia, Persona
from plazos.services import calendario_vigente
from tests.fabricas import actuar
from tests.solicitudes.apoyos import instante, sistema

pytestmark = pytest.mark.django_db


@pytest.fixture
def viajar() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(instante("2027-01-01"), tick=False) as viajero:
        yield viajero


def avisados(clave: str) -> list[str]:
    with sistema():
        suyos = Aviso.objects.filter(titulo=POR_CLAVE[f"avisos.{clave}"].titulo).order_by("id")
        return list(suyos.values_list("persona__correo", flat=True))


@pytest.mark.parametrize(
    ("regla", "dia", "periodo"),
    [
        ("anual:01-15", "2027-01-14", None),
        ("anual:01-15", "2027-01-15", "2027"),
        ("anual:01-15", "2027-01-28", "2027"),
        ("anual:01-15", "2027-01-29", None),  # ten business days later nobody waits for it
        ("anual:01-11", "2027-01-11", None),  # a holiday: it falls on the next day
        ("anual:01-11", "2027-01-12", "2027"),
        ("anual:12-31", "2027-01-05", "2026"),  # that of last year, late
        ("trimestral", "2027-01-04", "2027-T1"),
        ("trimestral", "2027-04-01", "2027-T2"),
        ("hasta:03-31:-30,-10,0", "2027-02-11", None),
        ("hasta:03-31:-30,-10,0", "2027-02-12", "2027-30"),
        ("hasta:03-31:-30,-10,0", "2027-03-31", "2027-0"),
        ("hasta:03-31:-30,-10,0", "2027-04-15", None),
    ],
)
def test_each_rule_falls_on_its_day(regla: str, dia: str, periodo: str | None) -> None:
    uno = toca(regla, date.fromisoformat(dia), calendario_vigente())
    assert (uno.periodo if uno else None) == periodo


def test_a_rule_that_nobody_understands_is_not_kept_quiet() -> None:
    with pytest.raises(ValueError, match="No se entiende"):
        toca("semanal", date(2027, 1, 1), calendario_vigente())


def test_every_cycle_is_in_the_policy_and_says_its_rule_in_words() -> None:
    filas = PoliticaAviso.objects.exclude(ciclo="")
    assert {(f.evento, f.ciclo) for f in filas} == {(c.clave, c.regla) for c in CICLOS}
    assert en_palabras("anual:01-15") == "cada año desde el 15 de enero"
    assert en_palabras("hasta:03-31:-30,-10,0") == "cada año, 30, 10 y 0 días hábiles antes del 31 de marzo"
    for ciclo in CICLOS:
        assert en_palabras(ciclo.regla)


def test_a_year_of_beats_tells_each_head_once_each_period(elenco, viajar) -> None:
    """Every third day, with a week without beat at first. Nobody heads Internacionales: who is over it is told."""
    for cuantos in range(0, 366, 3):
        viajar.move_to(instante("2027-01-01", "08:00") + timedelta(days=cuantos))
        if not 13 <= cuantos <= 19:
            avisar_ciclos()
    avisar_ciclos()
    assert avisados("informar_asesores") == [
        elenco.directora.correo, elenco.director_desarrollo.correo, elenco.subsecretaria.correo,
    ]  # fmt: skip
    assert avisados("mesa_mib") == [elenco.subsecretaria.correo] * 4
    assert avisados("plan_de_cooperacion") == [elenco.subsecretaria.correo] * 3


def test_of_those_before_a_date_only_the_most_urgent(elenco, viajar) -> None:
    viajar.move_to(instante("2027-03-31"))
    avisar_ciclos()
    assert avisados("plan_de_prioridades") == [elenco.subsecretaria.correo]


def test_a_direccion_silences_its_own_and_the_page_shows_it(elenco, viajar, entrar) -> None:
    viajar.move_to(instante("2027-01-18"))
    general = PoliticaAviso.objects.get(evento="avisos.informar_asesores")
    assert elenco.directora.nombre in [p.a_quien for p in enviaria_hoy(general)]
    pagina = entrar(elenco.directora).get("/direccion/avisos/").content.decode()
    assert "Informar a las entidades quién las asesora" in pagina
    assert "mesa intersectorial" not in pagina  # it is of another dirección
    assert entrar(elenco.directora).get(f"/direccion/avisos/{general.pk}/").status_code == 200
    with actuar(elenco.directora):
        cambiar_politica(fila=general, dependencia=elenco.archivo, canal="correo", activa=False)
    avisar_ciclos()
    assert elenco.directora.correo not in avisados("informar_asesores")
    assert elenco.director_desarrollo.correo in avisados("informar_asesores")
    assert [una.fila.activa for una in ciclos_en_vigor(elenco.archivo) if una.fila.evento == general.evento] == [False]
    assert enviaria_hoy(general) == []


def test_who_left_is_not_told_and_nobody_is_nobody(elenco, viajar) -> None:
    viajar.move_to(instante("2027-01-18"))
    cerradas = [elenco.directora, elenco.director_desarrollo, elenco.subsecretaria]
    Persona.objects.filter(pk__in=[p.pk for p in cerradas]).update(is_active=False)
    avisar_ciclos()
    assert avisados("informar_asesores") == [elenco.administradora.correo]


def test_what_heads_do_each_year_is_told_to_who_is_there(elenco, viajar) -> None:
    viajar.move_to(instante("2027-01-18"))
    with sistema():
        for jefe in (elenco.directora, elenco.director_desarrollo):
            Ausencia.objects.create(
                persona=jefe,
                desde=date(2027, 1, 10),
                hasta=date(2027, 1, 20),
                suplente=elenco.asesora if jefe == elenco.directora else None,
                registrada_por=jefe,
                registrada_en=instante("2027-01-01"),
            )
    avisar_ciclos()
    assert avisados("informar_asesores") == [elenco.asesora.correo, elenco.subsecretaria.correo]


def test_when_it_comes_round_is_changed_on_its_page_and_seen_before(elenco, viajar, entrar) -> None:
    """A dirección moves its own; the others keep the general one."""
    viajar.move_to(instante("2027-01-18"))
    general = PoliticaAviso.objects.get(evento="avisos.plan_de_oferta")
    cliente, ruta = entrar(elenco.directora), f"/direccion/avisos/{general.pk}/"
    assert 'value="01/02"' in cliente.get(ruta).content.decode()
    datos = {"activa": "on", "canal": "correo", "cada": "anual", "dia": "18/1", "antes": ""}
    vista = cliente.post(ruta, datos | {"previa": "1"}).content.decode()
    assert elenco.directora.nombre in vista and elenco.director_desarrollo.nombre not in vista
    assert "La próxima vez sería el 18 de enero de 2028" in vista
    assert not PoliticaAviso.objects.filter(dependencia=elenco.archivo).exists() and avisados("plan_de_oferta") == []
    assert cliente.post(ruta, datos).status_code == 302
    assert PoliticaAviso.objects.get(dependencia=elenco.archivo).ciclo == "anual:01-18"
    avisar_ciclos()
    assert avisados("plan_de_oferta") == [elenco.directora.correo]
    viajar.move_to(instante("2027-02-01"))
    avisar_ciclos()
    assert avisados("plan_de_oferta") == [
        elenco.directora.correo, elenco.director_desarrollo.correo, elenco.subsecretaria.correo,
    ]  # fmt: skip


@pytest.mark.parametrize("regla", [ciclo.regla for ciclo in CICLOS])
def test_the_form_says_every_rule_and_gives_it_back(regla: str) -> None:
    form = CambiarCicloForm({"canal": "correo", **CambiarCicloForm.iniciales(regla)})
    assert form.is_valid(), form.errors
    assert form.cambios()["ciclo"] == regla
    assert proxima(regla, date(2027, 1, 1), calendario_vigente()) > date(2027, 1, 1)


@pytest.mark.parametrize(
    ("cambio", "campo"),
    [
        ({"dia": "29/02"}, "dia"),
        ({"dia": "15"}, "dia"),
        ({"dia": ""}, "dia"),
        ({"cada": "hasta", "antes": ""}, "antes"),
        ({"cada": "hasta", "antes": "10, 61"}, "antes"),
        ({"cada": "hasta", "antes": "5,4,3,2,1,0"}, "antes"),
    ],
)
def test_a_rule_that_makes_no_sense_is_said_in_its_field(cambio: dict[str, str], campo: str) -> None:
    form = CambiarCicloForm({"canal": "correo", "cada": "anual", "dia": "15/01"} | cambio)
    assert not form.is_valid() and campo in form.errors
