"""The pages of the policy: a head changes only what holds where they direct, and sees before what it would send."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from avisos.models import PoliticaAviso
from avisos.services import politicas as servicio
from bitacora.models import Suceso
from direcciones.models import Dependencia
from solicitudes.services.recordatorios import barrer_plazos
from tests.fabricas import radicada
from tests.solicitudes.apoyos import instante, parte_de, sistema

pytestmark = pytest.mark.django_db
NUEVA = {"reloj": "obliga", "cuando": "antes", "dias": "3", "a_quien": "jefatura", "canal": "correo"}


def ir(nombre: str, *args: Any, lugar: Dependencia | None = None) -> str:
    return reverse(f"avisos:{nombre}", args=args) + (f"?dependencia={lugar.pk}" if lugar else "")


def general(dias: int = -5) -> PoliticaAviso:
    return PoliticaAviso.objects.get(dependencia=None, reloj="obliga", dias=dias)


def texto(cliente: Client, ruta: str) -> str:
    respuesta = cliente.get(ruta)
    assert respuesta.status_code == 200
    return " ".join(respuesta.content.decode().split())


def test_quien_dirige_ve_la_general_y_la_cambia_solo_en_lo_suyo(elenco, entrar) -> None:
    cliente = entrar(elenco.directora)
    lista = texto(cliente, ir("politicas"))
    assert "Recordatorios de Archivo de Bogotá" in lista
    assert "5 días hábiles antes de que venza la solicitud" in lista
    assert cliente.post(ir("politica", general().pk), {"canal": "correo"}).status_code == 302
    assert general().activa
    propia = PoliticaAviso.objects.get(dependencia=elenco.archivo)
    assert (propia.dias, propia.a_quien, propia.activa) == (-5, "responsable", False)
    assert "Apagado" in texto(cliente, ir("politicas"))
    # What hangs from it follows; what is of another dirección does not.
    assert not any(una.fila.activa for una in servicio.en_vigor(elenco.sistema_archivos) if una.fila.pk == propia.pk)
    assert general() in [una.fila for una in servicio.en_vigor(elenco.tecnica)]
    with sistema():
        suceso = Suceso.objects.get(accion="politica.cambiar")
    assert suceso.actor_id == elenco.directora.pk
    assert elenco.archivo.pk in suceso.dependencias


def test_nadie_cambia_la_de_otra_direccion_ni_la_general(elenco, entrar) -> None:
    cliente = entrar(elenco.directora)
    for lugar in (elenco.desarrollo, elenco.tecnica):
        assert cliente.get(ir("politicas", lugar=lugar)).status_code == 404
        assert cliente.post(ir("politica", general().pk, lugar=lugar), {"canal": "portal"}).status_code == 404
        assert cliente.post(ir("politica_nueva", lugar=lugar), NUEVA).status_code == 404
    for otro in (elenco.asesora, elenco.enlace, elenco.auditora, elenco.subsecretaria):
        assert entrar(otro).get(ir("politicas")).status_code == 403
    assert not PoliticaAviso.objects.exclude(dependencia=None).exists()


def test_quien_administra_cambia_la_general_y_la_de_cualquiera(elenco, entrar) -> None:
    cliente = entrar(elenco.administradora)
    cliente.post(ir("politica", general().pk), {"activa": "on", "canal": "portal"})
    assert general().canal == "portal"
    cliente.post(ir("politica_nueva", lugar=elenco.tecnica), NUEVA)
    assert PoliticaAviso.objects.get(dependencia=elenco.tecnica).dias == -3
    assert "3 días hábiles antes" not in texto(cliente, ir("politicas"))
    assert "3 días hábiles antes" in texto(cliente, ir("politicas", lugar=elenco.tecnica))


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"dias": "31"}, "de 0 a 30"),
        ({"cuando": "despues", "dias": "0"}, "1 día hábil o más"),
        ({"reloj": "recepcion"}, "solo se avisa después"),
        ({"reloj": "complemento", "a_quien": "responsable"}, "no se le recuerda a esa persona"),
        ({"a_quien": "entidad"}, "no se le recuerda a esa persona"),
        ({"dias": "5", "a_quien": "responsable"}, "ya está en la política"),
    ],
)
def test_lo_que_no_tiene_sentido_se_dice_en_palabras(elenco, entrar, cambio: dict[str, str], dice: str) -> None:
    cliente = entrar(elenco.administradora)
    antes = PoliticaAviso.objects.count()
    respuesta = cliente.post(ir("politica_nueva"), NUEVA | cambio)
    assert respuesta.status_code == 200
    assert dice in respuesta.content.decode()
    assert PoliticaAviso.objects.count() == antes


def test_antes_de_guardar_se_ve_lo_que_enviaria_hoy(elenco, entrar) -> None:
    """Of what the person sees, and without what was already told; nothing is saved nor sent."""
    with time_machine.travel(instante("2026-11-09"), tick=False) as viajero:
        suya = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))
        ajena = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas]))
        viajero.move_to(instante("2026-11-19"))  # three business days left
        cliente = entrar(elenco.director_desarrollo)
        respuesta = cliente.post(ir("politica_nueva"), NUEVA | {"previa": "1"})
        dicho = respuesta.content.decode()
        assert suya.solicitud.radicado in dicho
        assert ajena.solicitud.radicado not in dicho
        assert not PoliticaAviso.objects.filter(dependencia=elenco.desarrollo).exists()
        # That of 5 days left would be told today too, until the sweep tells it.
        assert suya.solicitud.radicado in texto(cliente, ir("politica", general().pk))
        assert "Andrés Gómez" in texto(cliente, ir("politica", general().pk))
        barrer_plazos()
        assert "Hoy no enviaría ninguno" in texto(cliente, ir("politica", general().pk))


def test_un_aviso_de_ley_no_se_apaga(elenco, monkeypatch) -> None:
    fila = PoliticaAviso(evento="solicitudes.acuse", reloj="obliga", dias=0, a_quien="entidad", activa=False)
    with pytest.raises(Exception, match="lo ordena la ley"):
        servicio._exigir_que_se_pueda_callar(fila)


def test_la_previa_pregunta_lo_mismo_con_una_que_con_varias(elenco, entrar, django_assert_max_num_queries) -> None:
    with time_machine.travel(instante("2026-11-09"), tick=False) as viajero:
        for _ in range(3):
            radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
        viajero.move_to(instante("2026-11-19"))
        cliente = entrar(elenco.director_desarrollo)
        cliente.get(ir("politica", general().pk))
        with django_assert_max_num_queries(14):
            cliente.get(ir("politica", general().pk))
