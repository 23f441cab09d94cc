"""A clock that nobody can count stops nothing: it is said, shown to who runs the portal and tried again (F12, F13)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from alcance.ordenes import en_json
from avisos.models import Aviso
from bandeja.services import entregar
from plazos.services import llenar_festivos
from solicitudes.models import Movimiento, Parte, Reflujo, Termino
from solicitudes.services import radicacion, reflujo
from solicitudes.services.reflujo import avisar_sin_contar, hay_por_recontar, recontar_plazos
from solicitudes.services.relojes import completar_relojes, empezar_pendientes
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, instante, parte_de, sistema
from tests.solicitudes.test_reflujo import LUNES, VENCE, acordado, decretar, recibida

pytestmark = pytest.mark.django_db
MAS_TARDE = timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _lunes() -> Iterator[Any]:
    with time_machine.travel(instante(LUNES), tick=True) as viaje:
        yield viaje


def danar(parte: Parte, regla: Any) -> Any:
    """What its lineamiento kept is not what the portal wrote. Gives what it was."""
    with sistema():
        suyo = Termino.objects.get(parte=parte, reloj="lineamiento")
        Termino.objects.filter(pk=suyo.pk).update(regla=regla)
    return suyo.regla


def el_lineamiento(parte: Parte) -> Termino:
    with sistema():
        return Termino.objects.get(parte=parte, reloj="lineamiento")


DANOS = [[], {"recibido": "el lunes"}, {"recibido": "2026-11-09T08:00:00-05:00", "dias": 0}, "nada"]


@pytest.mark.parametrize("regla", DANOS)
def test_one_that_cannot_be_counted_is_set_apart_and_the_rest_go_on(elenco, regla) -> None:
    danada, sana = recibida(elenco), recibida(elenco)
    danar(danada, regla)
    decretar(elenco)
    assert recontar_plazos(lote=1) == 2

    assert parte_de(sana.solicitud).vence == date(2026, 11, 25)
    suyo = el_lineamiento(danada)
    assert (parte_de(danada.solicitud).vence, suyo.vence) == (VENCE, VENCE)
    assert suyo.no_contado and suyo.no_contado_en and suyo.version_calendario is None
    assert el_lineamiento(sana).no_contado is None
    with sistema():
        assert Reflujo.objects.latest("version").terminado_en is not None
    assert recontar_plazos() == 0 and not hay_por_recontar()


def test_it_is_tried_again_and_counted_when_it_can_be(elenco, _lunes) -> None:
    parte = recibida(elenco)
    buena = danar(parte, {"recibido": "el lunes"})
    decretar(elenco)
    recontar_plazos()
    _lunes.shift(MAS_TARDE)
    assert hay_por_recontar() and recontar_plazos() == 1
    assert el_lineamiento(parte).no_contado
    danar(parte, buena)
    assert recontar_plazos() == 0
    _lunes.shift(MAS_TARDE)
    assert recontar_plazos() == 1
    suyo = el_lineamiento(parte)
    assert (suyo.no_contado, suyo.no_contado_en, suyo.vence) == (None, None, date(2026, 11, 25))
    with sistema():
        [linea] = Movimiento.objects.filter(parte=parte, accion="reflujo")
    assert (linea.datos["de"], linea.datos["a"]) == ("2026-11-24", "2026-11-25")


def test_a_closed_clock_that_says_little_stops_nothing(elenco) -> None:
    """It binds with the date that it ended with, whatever it kept."""
    acordado(elenco, etapa="Realizar la mesa", dias=5, fin="realizada")
    parte = recibida(elenco)
    with sistema():
        Termino.objects.filter(parte=parte, reloj="ans").update(cerrado=True, regla={"frases": ["Vence el lunes 17."]})
    decretar(elenco, date(2026, 11, 12))
    assert recontar_plazos() == 1
    assert parte_de(parte.solicitud).vence == date(2026, 11, 17)
    assert el_lineamiento(parte).vence == date(2026, 11, 25)


def test_cut_while_it_sets_one_apart_the_next_one_finishes(elenco, monkeypatch) -> None:
    danada, sana = recibida(elenco), recibida(elenco)
    danar(danada, {"recibido": "el lunes"})
    decretar(elenco)
    original = reflujo._escribir

    def morir(*argumentos: Any) -> None:
        original(*argumentos)
        raise RuntimeError("se fue la luz")

    monkeypatch.setattr(reflujo, "_escribir", morir)
    with pytest.raises(RuntimeError):
        recontar_plazos()
    assert el_lineamiento(danada).no_contado is None
    monkeypatch.setattr(reflujo, "_escribir", original)
    assert recontar_plazos() == 2
    assert el_lineamiento(danada).no_contado and parte_de(sana.solicitud).vence == date(2026, 11, 25)


def sin_relojes(elenco: Any, monkeypatch: Any) -> Parte:
    """Filed as before the clocks were kept."""
    with monkeypatch.context() as antes:
        antes.setattr(radicacion, "en_json", lambda hoja: en_json(hoja | {"terminos": []}))
        return recibida(elenco)


def test_what_had_no_clocks_and_cannot_be_counted_is_shown_too(elenco, monkeypatch) -> None:
    parte = sin_relojes(elenco, monkeypatch)
    with sistema():
        type(parte.solicitud).objects.filter(pk=parte.solicitud_id).update(regla_plazo={"recibido": "el lunes"})
    decretar(elenco)
    assert recontar_plazos() == 1 and recontar_plazos() == 0
    suyo = el_lineamiento(parte)
    assert suyo.no_contado and suyo.vence is None
    assert parte_de(parte.solicitud).vence == VENCE


def test_whoever_runs_the_portal_is_told_once_a_day_and_sees_it(elenco, entrar) -> None:
    parte = recibida(elenco)
    buena = danar(parte, {"recibido": "el lunes"})
    assert avisar_sin_contar() == 0
    decretar(elenco)
    recontar_plazos()
    assert avisar_sin_contar() == avisar_sin_contar() == 1
    entregar()
    with sistema():
        avisos = Aviso.objects.filter(persona=elenco.administradora, titulo__contains="sin contar")
        assert [aviso.titulo for aviso in avisos] == ["Un plazo sin contar"]

    cliente, url = entrar(elenco.administradora), reverse("atencion:sin_contar")
    pagina = cliente.get(url).content.decode()
    assert parte.solicitud.radicado in pagina and "no se entiende" in pagina and "1 plazo sin contar" in pagina
    assert parte.solicitud.asunto not in pagina
    danar(parte, buena)
    assert cliente.post(url).status_code == 302
    assert recontar_plazos() == 1 and el_lineamiento(parte).vence == date(2026, 11, 25)
    assert "Todos los plazos están contados." in cliente.get(url).content.decode()
    assert entrar(elenco.asesora).get(url).status_code == 403


# --- Filing --------------------------------------------------------------------------------------------------------
AL_FINAL = instante("2040-11-26", "09:00")


def _largo(elenco: Any) -> None:
    acordado(elenco, etapa="Enviar el informe", dias=60, fin="informe", justificacion="Folio a folio.")


def test_filing_goes_on_when_a_clock_cannot_be_counted(elenco, _lunes, entrar) -> None:
    """Beyond the last year of the calendar only one of them has no date."""
    _largo(elenco)
    _lunes.move_to(AL_FINAL)
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], peticion="consulta")
    parte = parte_de(solicitud)
    with sistema():
        relojes = {uno.nombre: uno for uno in Termino.objects.filter(parte=parte)}
    largo, legal = relojes["Enviar el informe"], relojes["Término legal: consulta"]
    assert parte.vence == solicitud.vence == relojes["Lineamiento: 10 días hábiles"].vence
    for uno in (largo, legal):
        assert uno.vence is None and "llenar_festivos" in uno.no_contado and uno.version_calendario is None
    pagina = entrar(elenco.enlace).get(solicitud.get_absolute_url()).content.decode()
    assert "Enviar el informe: 60 días hábiles, sin fecha" in pagina
    assert avisar_sin_contar() == 2

    with sistema():
        llenar_festivos(desde_anio=2041, hasta_anio=2041)
    assert recontar_plazos() >= 1
    _lunes.shift(MAS_TARDE)
    recontar_plazos()
    with sistema():
        largo, legal = (Termino.objects.get(pk=uno.pk) for uno in (largo, legal))
        linea = Movimiento.objects.filter(parte=parte, accion="reflujo").latest("id")
    assert largo.vence and legal.vence and largo.empieza_en == parte.recibido_en
    assert (largo.no_contado, legal.no_contado) == (None, None)
    assert "«Enviar el informe» vence el" in linea.texto
    assert avisar_sin_contar() == 0


def test_a_milestone_that_cannot_be_counted_does_not_stop_who_attends(elenco, _lunes) -> None:
    acordado(elenco, etapa="Enviar el informe", dias=60, inicio="asignacion", fin="informe", justificacion="Por folio")
    _lunes.move_to(AL_FINAL)
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    hacer(elenco.asesora, parte, "tomar")
    assert empezar_pendientes() == 1
    with sistema():
        suyo = Termino.objects.get(parte=parte, reloj="ans")
    assert suyo.no_contado and suyo.vence is None
    assert empezar_pendientes() == 0


def test_the_sweep_goes_on_when_one_has_no_clocks_and_no_calendar(elenco, monkeypatch) -> None:
    parte, otra = sin_relojes(elenco, monkeypatch), sin_relojes(elenco, monkeypatch)
    with sistema():
        Parte.objects.filter(pk=parte.pk).update(recibido_en=instante("2090-01-04"))
    assert completar_relojes() == 2
    assert el_lineamiento(parte).no_contado and el_lineamiento(otra).vence == VENCE
