"""What the seed catalogues hold, counted against the lineamiento (R2, R7–R9, R39–R41, R72–R76, R90)."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from direcciones.catalogos import cargar_catalogos
from direcciones.models import Dependencia, Entidad, Modalidad, Sector, SerieDocumental, Tema
from direcciones.portafolio import portafolio
from direcciones.services.catalogos import cambiar_fila, terminar_fila
from tests.cuentas.conftest import cliente
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar

pytestmark = pytest.mark.django_db


@pytest.fixture
def semilla(db: None) -> None:
    cargar_catalogos()


@pytest.fixture
def administradora(semilla: None):
    return FabricaMembresia(persona=FabricaPersona(), rol="administrador", entidad=None)


def de(direccion: str, grupo: str) -> list[str]:
    """Names of the temas of a group in a dirección."""
    temas = Tema.objects.vigentes().filter(grupo=grupo).select_related("dependencia__padre").order_by("codigo")
    return [t.nombre for t in temas if t.dependencia.direccion.codigo == direccion]


def test_fifteen_sectores_and_four_other_groups(semilla: None) -> None:
    """The issue says 15 sectores; the file has 19 groups: R41 names the other four apart (docs/decisiones)."""
    sectores = Sector.objects.filter(codigo__lte="15")
    assert sectores.count() == 15
    otros = dict(Sector.objects.filter(codigo__gt="15").values_list("codigo", "nombre"))
    assert otros == {
        "16": "Localidades",
        "17": "Organismos de control",
        "18": "Corporación pública",
        "19": "Privadas con funciones públicas",
    }


def test_ninety_five_entidades_of_every_tipo(semilla: None) -> None:
    """R7."""
    tipos = Counter(Entidad.objects.values_list("tipo", flat=True))
    assert sum(tipos.values()) == 95
    assert tipos["localidad"] == 20
    assert tipos["control"] == 4
    assert set(tipos) == {e for e in Entidad.Tipo.values if e not in {"otra"}}
    assert not Entidad.objects.filter(tipo=Entidad.Tipo.OTRA).exists()


def test_one_hundred_and_six_temas_know_who_attends_them(semilla: None) -> None:
    assert Tema.objects.count() == 106
    quienes = Counter(Tema.objects.values_list("dependencia__codigo", flat=True))
    assert set(quienes) == {"STDI", "IMPR", "SSDA", "SGPD", "DDRI"}
    assert not Tema.objects.filter(dependencia__atiende=False).exists()


def test_the_temas_of_desarrollo_institucional(semilla: None) -> None:
    """R8: policies and dimensions of MIPG, telework, behaviours, labour policy, coordination, modernisation."""
    grupos = set(Tema.objects.filter(dependencia__codigo="STDI").values_list("grupo", flat=True))
    assert {
        "Modelo Integrado de Planeación y Gestión (MIPG) – dimensiones",
        "Teletrabajo en el Distrito Capital",
        "Transformación de comportamientos y prácticas institucionales",
        "Política laboral",
        "Instancias de coordinación",
        "Modernización institucional",
    } <= grupos
    assert len(de("DDDI", "Modelo Integrado de Planeación y Gestión (MIPG) – dimensiones")) == 7


def test_imprenta_is_part_of_desarrollo_with_its_own_inbox(semilla: None) -> None:
    """R9."""
    imprenta = Dependencia.objects.get(codigo="IMPR")
    assert (imprenta.direccion.codigo, imprenta.atiende) == ("DDDI", True)
    assert imprenta.buzones.vigentes().count() == 2
    assert set(imprenta.temas.values_list("grupo", flat=True)) == {"Registro Distrital", "Impresos"}


@pytest.mark.parametrize(("papel", "cuantas"), [("lidera", 6), ("apoya", 3), ("articula", 10)])
def test_the_nineteen_policies_say_how_the_direccion_takes_part(semilla: None, papel: str, cuantas: int) -> None:
    """R39, R40: 6 it leads, 3 it supports, 10 it articulates."""
    assert Tema.objects.filter(papel=papel).count() == cuantas


COMPONENTES = {
    "Estratégico": 4,  # R73
    "Documental": 8,  # R74
    "Tecnológico": 7,  # R75
    "Cultura archivística": 5,  # R76
}


@pytest.mark.parametrize(("componente", "cuantos"), COMPONENTES.items())
def test_the_components_of_the_archives(semilla: None, componente: str, cuantos: int) -> None:
    """R72–R76: four components, 24 subcomponents in all, in whichever subdirección attends them."""
    assert len(de("DDAB", componente)) == cuantos


def test_every_tema_proposes_a_modality_in_force(semilla: None) -> None:
    vigentes = set(Modalidad.objects.vigentes().values_list("pk", flat=True))
    assert set(Tema.objects.values_list("modalidad", flat=True)) <= vigentes


def test_every_series_says_that_it_is_provisional(semilla: None) -> None:
    """Ley 594: the real retention table is not known. Nobody should take these rows for it."""
    series = list(SerieDocumental.objects.order_by("codigo"))
    assert len(series) >= 5
    assert all(serie.codigo.startswith("PROV-") and "Provisional" in serie.nota for serie in series)
    general = [s for s in series if s.dependencia_id is None and s.modalidad_id is None]
    assert len(general) == 1  # no solicitud is left without one


def test_loading_again_keeps_what_a_person_edited(administradora) -> None:
    tema = Tema.objects.get(codigo="DDAB-12")
    with actuar(administradora):
        cambiar_fila(fila=tema, datos={"nombre": "Otro nombre"})
    cargar_catalogos()
    tema.refresh_from_db()
    assert tema.nombre == "Otro nombre"
    assert Tema.objects.count() == 106


# --- Portafolio (R90) ---
def texto(codigo: str = "") -> str:
    destino = reverse("portafolio_direccion", args=[codigo]) if codigo else reverse("portafolio")
    respuesta = cliente().get(destino)
    assert respuesta.status_code == 200
    return respuesta.content.decode()


def test_the_portafolio_shows_every_tema_in_force(semilla: None) -> None:
    pagina = texto()
    for nombre in Tema.objects.vigentes().values_list("nombre", flat=True):
        assert escape(nombre) in pagina
    for componente in COMPONENTES:
        assert componente in pagina
    for buzon in ("mipgdistrito@", "ddri@", "imprentadistrital@", "ventanillaelectronica@"):
        assert buzon in pagina
    assert "La lidera" in pagina
    assert "10 días hábiles" in pagina


def test_one_direccion_has_its_own_page(semilla: None) -> None:
    pagina = texto("ddab")
    assert "Valoración documental" in pagina
    assert "Teletrabajo" not in pagina
    assert cliente().get(reverse("portafolio_direccion", args=["nada"])).status_code == 404
    assert cliente().get(reverse("portafolio_direccion", args=["ssda"])).status_code == 404


def test_an_edited_tema_changes_the_page_and_its_version(administradora) -> None:
    antes = portafolio()
    assert antes.version == date(2024, 1, 1)
    tema = Tema.objects.get(codigo="DDAB-12")
    with actuar(administradora):
        cambiar_fila(fila=tema, datos={"nombre": "Valoración de documentos de archivo"})
    assert "Valoración de documentos de archivo" in texto()
    assert portafolio().version > antes.version


def test_an_ended_tema_leaves_the_page(administradora) -> None:
    tema = Tema.objects.get(codigo="DDAB-12")
    with actuar(administradora):
        terminar_fila(fila=tema, hasta=timezone.localdate() - timedelta(days=1))
    assert "Valoración documental" not in texto("ddab")


def test_who_leads_a_policy_is_named_when_known(administradora) -> None:
    """R40: the seed does not say who leads them; the administrador writes it."""
    tema = Tema.objects.get(papel="apoya", nombre="Planeación institucional")
    with actuar(administradora):
        cambiar_fila(fila=tema, datos={"lidera": Entidad.objects.get(codigo="04-01")})
    assert "lidera Secretaría Distrital de Planeación" in texto("dddi")


def test_the_portafolio_is_also_a_pdf(semilla: None) -> None:
    respuesta = cliente().get(reverse("portafolio_pdf"))
    assert (respuesta.status_code, respuesta["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(BytesIO(respuesta.content)) as pdf:
        assert len(pdf.pages) >= 3
    una = cliente().get(reverse("portafolio_direccion_pdf", args=["ddri"]))
    assert "portafolio-ddri-2024-01-01.pdf" in una["Content-Disposition"]
