"""Each enlace knows who asesora their entidad: once a year, and the same day it changes (R43, R106)."""

import json
from email.utils import parseaddr
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar
from bitacora.models import Suceso
from direcciones.models import Persona
from direcciones.services.sectores import asignar_sector
from plazos.reloj import hoy
from solicitudes.services.asesores import campania, informar_asesores
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar
from tests.solicitudes.apoyos import sistema

pytestmark = pytest.mark.django_db
URL = "/direccion/equipo/informar/"


@pytest.fixture(autouse=True)
def _a_cualquier_hora(settings: Any) -> None:
    settings.HORAS_DE_ESCRIBIR = None


def avisados(texto: str = "Quién asesora") -> list[str]:
    with sistema():
        suyos = Aviso.objects.filter(titulo__startswith=texto).order_by("persona__correo")
        return list(suyos.values_list("persona__correo", flat=True))


def enlaces_de_la_tecnica(elenco: Any) -> list[Persona]:
    with actuar(elenco.director_desarrollo):
        return list(campania(elenco.tecnica).destinatarios)


def test_each_enlace_is_told_once_a_year_and_the_ledger_says_so(elenco) -> None:
    esperados = enlaces_de_la_tecnica(elenco)
    assert elenco.enlace in esperados and elenco.asesora not in esperados
    mail.outbox.clear()
    with actuar(elenco.director_desarrollo):
        assert informar_asesores(dependencia=elenco.tecnica) == len(esperados)
        assert campania(elenco.tecnica).en_camino == len(esperados)
        with pytest.raises(ValidationError, match="Ya se informó"):
            informar_asesores(dependencia=elenco.tecnica)
    entregar()
    entregar()
    assert avisados() == sorted(p.correo for p in esperados)
    [correo] = [m for m in mail.outbox if parseaddr(m.to[0])[1] == elenco.enlace.correo]
    assert elenco.asesor_tecnica.nombre in correo.body and elenco.asesor_tecnica.correo in correo.body
    with actuar(elenco.director_desarrollo):
        hecha = campania(elenco.tecnica)
    assert (hecha.por_informar, hecha.en_camino, len(hecha.avisados)) == ([], 0, len(esperados))
    with sistema():
        assert json.loads(Suceso.objects.get(accion="asesores.informar").despues)["enlaces"] == len(esperados)


def test_a_new_enlace_is_the_only_one_left_and_who_is_of_another_direccion_is_none(elenco) -> None:
    with actuar(elenco.director_desarrollo):
        informar_asesores(dependencia=elenco.tecnica)
    entregar()
    nueva, otra = FabricaPersona(nombre="Nueva Enlace"), FabricaPersona(nombre="De Archivo")
    FabricaMembresia(persona=nueva, rol="enlace", entidad=elenco.secretaria)
    FabricaMembresia(
        persona=otra, rol="enlace", entidad=elenco.secretaria, solo_direcciones=[elenco.sistema_archivos.pk]
    )
    with actuar(elenco.director_desarrollo):
        assert campania(elenco.tecnica).por_informar == [nueva]
        assert informar_asesores(dependencia=elenco.tecnica) == 1


def test_a_sector_without_asesor_is_told_to_nobody(elenco) -> None:
    Persona.objects.filter(pk=elenco.asesor_tecnica.pk).update(is_active=False)
    with actuar(elenco.director_desarrollo):
        una = campania(elenco.tecnica)
    assert elenco.enlace not in una.destinatarios
    assert [uno.asesor for uno in una.sectores if elenco.enlace in uno.enlaces] == [None]


def test_only_its_heads_and_only_where_it_is_by_sector(elenco) -> None:
    with actuar(elenco.directora), pytest.raises(ValidationError, match="Solo la jefatura"):
        informar_asesores(dependencia=elenco.tecnica)
    with actuar(elenco.subdirector), pytest.raises(ValidationError, match="reparte por turno"):
        informar_asesores(dependencia=elenco.sistema_archivos)


def test_changing_the_asesor_of_a_sector_tells_its_enlaces_the_same_day(elenco) -> None:
    nuevo = FabricaPersona(nombre="Otro Asesor")
    FabricaMembresia(persona=nuevo, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    cambiar = {"dependencia": elenco.tecnica, "sector": elenco.secretaria.sector}
    with actuar(elenco.director_desarrollo):
        asignar_sector(**cambiar, asesor=nuevo)
    entregar()
    with actuar(elenco.director_desarrollo):
        [suyo] = [uno for uno in campania(elenco.tecnica).sectores if uno.sector == elenco.secretaria.sector]
    de_ese_sector = [p.correo for p in suyo.enlaces]
    assert avisados("Cambió quien") == sorted(de_ese_sector) and elenco.enlace.correo in de_ese_sector
    with actuar(elenco.director_desarrollo):  # the same asesor, with a substitute: nobody need be told
        asignar_sector(**cambiar, asesor=nuevo, suplente=elenco.asesor_tecnica)
    with sistema():
        assert Entrega.objects.filter(tipo="direcciones.sector_asignado").count() == 1
    # Given back before it was told: nothing that is no longer true is told.
    with actuar(elenco.director_desarrollo):
        asignar_sector(**cambiar, asesor=elenco.asesor_tecnica)
        asignar_sector(**cambiar, asesor=nuevo)
    entregar()
    assert avisados("Cambió quien") == sorted(de_ese_sector * 2)


def test_the_page_shows_what_they_read_asks_to_look_and_says_how_it_goes(elenco, entrar) -> None:
    navegador = entrar(elenco.director_desarrollo)
    pagina = navegador.get(URL).content.decode()
    assert f"Informar asesores {hoy().year}" in pagina and elenco.asesor_tecnica.correo in pagina
    assert URL in navegador.get("/direccion/equipo/").content.decode()
    assert navegador.post(URL).status_code == 422
    assert navegador.post(URL, {"revisado": "on"}).status_code == 302
    entregar()
    assert "Ya se informó a todos los enlaces" in navegador.get(URL).content.decode()
    assert entrar(elenco.asesora).get(URL).status_code == 403
    assert "Ninguna de sus dependencias reparte por sector" in entrar(elenco.subdirector).get(URL).content.decode()


@pytest.mark.parametrize("cuantos", [1, 25])
def test_its_queries_do_not_grow_with_the_enlaces(elenco, entrar, django_assert_max_num_queries, cuantos) -> None:
    for numero in range(cuantos):
        FabricaMembresia(persona=FabricaPersona(nombre=f"Enlace {numero}"), rol="enlace", entidad=elenco.secretaria)
    navegador = entrar(elenco.director_desarrollo)
    navegador.get(URL)
    with django_assert_max_num_queries(30):
        navegador.get(URL)
