"""Agreements of service and what counts as attended, as an administrator edits them and everybody reads them."""

import subprocess
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from bitacora.models import Suceso
from direcciones.catalogos import cargar_catalogos, filas
from direcciones.models import AcuerdoServicio, CriterioAtencion, Dependencia, Modalidad
from direcciones.models.acuerdos import requisitos_de
from direcciones.portafolio import portafolio
from direcciones.services.catalogos import cambiar_fila, crear_fila, reabrir_fila, terminar_fila
from solicitudes.services.relojes import catalogo_de
from tests.fabricas import FabricaDependencia, actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
HOY = timezone.localdate


def dias(cuantos: int) -> date:
    return HOY() + timedelta(days=cuantos)


def url(nombre: str, *args: Any) -> str:
    return reverse(f"direcciones:{nombre}", args=args)


@pytest.fixture
def admin(elenco: Elenco) -> Any:
    with actuar(elenco.administradora):
        yield elenco.administradora


def acuerdo(**datos: Any) -> AcuerdoServicio:
    valores = {"dependencia": FabricaDependencia(), "etapa": "Responder", "dias": 8, "desde": dias(-30)} | datos
    return AcuerdoServicio.objects.create(**valores)


def test_one_above_ten_days_asks_why_on_the_screen(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    datos = {
        "dependencia": elenco.sistema_archivos.pk,
        "etapa": "Producir",
        "dias": "11",
        "inicio": "recepcion",
        "fin": "entregada",
        "desde": HOY().isoformat(),
    }
    pagina = navegador.post(url("nueva", "ans"), datos | {"justificacion": "  "})
    assert pagina.status_code == 200
    assert "Un acuerdo de más de 10 días hábiles necesita una justificación escrita." in pagina.content.decode()
    assert 'href="#id_justificacion"' in pagina.content.decode()  # it leads to where it is mended
    assert not AcuerdoServicio.objects.exists()
    assert navegador.post(url("nueva", "ans"), datos | {"justificacion": "El tercero tarda."}).status_code == 302
    unico = AcuerdoServicio.objects.get()
    assert (unico.dias, unico.modalidad, unico.justificacion) == (11, None, "El tercero tarda.")


def test_one_has_a_most(elenco: Elenco, entrar) -> None:
    """Beyond a year of work nobody promises anything, whatever the reason: on the screen and in the database."""
    navegador = entrar(elenco.administradora)
    datos = {
        "dependencia": elenco.sistema_archivos.pk,
        "etapa": "Producir",
        "inicio": "recepcion",
        "fin": "entregada",
        "justificacion": "El tercero tarda.",
        "desde": HOY().isoformat(),
    }
    pagina = navegador.post(url("nueva", "ans"), datos | {"dias": "366"}).content.decode()
    assert "Un acuerdo es a lo sumo de 365 días hábiles: escriba un número menor." in pagina
    assert 'href="#id_dias"' in pagina and not AcuerdoServicio.objects.exists()
    with pytest.raises(IntegrityError, match="direcciones_acuerdo_dias_a_lo_sumo"), transaction.atomic():
        acuerdo(dias=366, justificacion="El tercero tarda.")
    assert navegador.post(url("nueva", "ans"), datos | {"dias": "365"}).status_code == 302


def test_a_change_rules_from_its_day_and_leaves_what_ruled(elenco: Elenco, entrar) -> None:
    """R31: «cambiarlo no altera las fechas ya dadas»."""
    viejo = acuerdo(justificacion="Nada")
    navegador = entrar(elenco.administradora)
    form = navegador.get(url("editar", "ans", viejo.pk)).context["form"]
    assert form["desde"].value() == HOY()
    assert not {"dependencia", "modalidad", "etapa"} & set(form.fields)
    datos = {n: form[n].value() for n in form.fields} | {"dias": "5", "desde": dias(3).isoformat()}
    datos = {n: v for n, v in datos.items() if v not in {None, False}}
    hecho = navegador.post(url("editar", "ans", viejo.pk), datos)

    nuevo = AcuerdoServicio.objects.exclude(pk=viejo.pk).get()
    assert hecho["Location"] == url("fila", "ans", nuevo.pk)
    viejo.refresh_from_db()
    assert (viejo.dias, viejo.hasta, nuevo.dias, nuevo.desde, nuevo.hasta) == (8, dias(2), 5, dias(3), None)
    assert (nuevo.dependencia_id, nuevo.etapa, nuevo.justificacion) == (viejo.dependencia_id, "Responder", "Nada")
    en_vigor = lambda dia: AcuerdoServicio.objects.vigentes(dia).get().dias  # noqa: E731
    assert [en_vigor(dias(n)) for n in (-30, 0, 2, 3, 400)] == [8, 8, 8, 5, 5]
    with actuar(elenco.administradora):
        acciones = list(Suceso.objects.filter(objeto_tipo="direcciones.acuerdoservicio").order_by("id"))
    assert [(s.accion, s.objeto_id) for s in acciones] == [
        ("catalogo.terminar", str(viejo.pk)),
        ("catalogo.crear", str(nuevo.pk)),
    ]


@pytest.mark.parametrize("desde", [-1, -30, -400])
def test_no_change_rules_from_a_day_that_is_gone(admin, desde: int) -> None:
    viejo = acuerdo()
    with pytest.raises(ValidationError, match="no haya pasado"):
        cambiar_fila(fila=viejo, datos={"dias": 5, "desde": dias(desde)})
    with pytest.raises(ValidationError, match="no haya pasado"):
        crear_fila(
            modelo=CriterioAtencion,
            datos={
                "dependencia": FabricaDependencia(),
                "criterio": "realizada",
                "norma": "Acta",
                "desde": dias(desde),
            },
        )
    assert AcuerdoServicio.objects.get().dias == 8 and not CriterioAtencion.objects.exists()


def test_what_began_today_changes_from_tomorrow_and_what_did_not_begin_is_rewritten(admin) -> None:
    de_hoy = acuerdo(desde=HOY())
    with pytest.raises(ValidationError, match="desde mañana"):
        cambiar_fila(fila=de_hoy, datos={"dias": 5, "desde": HOY()})
    futuro = cambiar_fila(fila=de_hoy, datos={"dias": 5, "desde": dias(1)})
    assert cambiar_fila(fila=futuro, datos={"dias": 4, "desde": dias(2)}).pk == futuro.pk
    with pytest.raises(ValidationError, match="no haya pasado"):
        cambiar_fila(fila=futuro, datos={"dias": 3, "desde": dias(-2)})
    with pytest.raises(ValidationError, match="Se cruza"):
        cambiar_fila(fila=futuro, datos={"dias": 3, "desde": HOY()})


def test_nothing_changes_nothing_is_written(admin) -> None:
    viejo = acuerdo()
    assert cambiar_fila(fila=viejo, datos={"dias": 8, "desde": HOY()}).pk == viejo.pk
    assert AcuerdoServicio.objects.get().hasta is None


def test_two_never_rule_the_same_day(admin) -> None:
    uno = acuerdo(hasta=dias(10))
    datos = {
        "dependencia": uno.dependencia,
        "etapa": "responder",
        "dias": 5,
        "inicio": "recepcion",
        "fin": "entregada",
    }
    with pytest.raises(ValidationError, match="Se cruza"):
        crear_fila(modelo=AcuerdoServicio, datos=datos | {"desde": dias(10)})
    otro = crear_fila(modelo=AcuerdoServicio, datos=datos | {"desde": dias(11)})
    with pytest.raises(ValidationError, match=r"rige solo hasta"):
        cambiar_fila(fila=uno, datos={"dias": 3, "desde": dias(11)})
    medio = cambiar_fila(fila=uno, datos={"dias": 3, "desde": dias(4)})
    assert (medio.hasta, otro.desde) == (dias(10), dias(11))  # type: ignore[attr-defined]


def test_what_ended_does_not_come_back_nor_ends_before_today(elenco: Elenco, entrar) -> None:
    with actuar(elenco.administradora):
        viejo = acuerdo()
        with pytest.raises(ValidationError, match="ya pasó"):
            terminar_fila(fila=viejo, hasta=dias(-2), motivo="x")
        terminar_fila(fila=viejo, hasta=dias(-1), motivo="x")
        with pytest.raises(ValidationError, match="no vuelve"):
            reabrir_fila(fila=viejo)
    pagina = entrar(elenco.administradora).get(url("fila", "ans", viejo.pk)).content.decode()
    assert "Volver a poner vigente" not in pagina and "Lo que se recibió mientras rigió" in pagina


@pytest.mark.parametrize(
    ("inicio", "fin", "cabe"),
    [
        ("recepcion", "asignada", True),
        ("realizada", "acta", True),
        ("asignacion", "asignada", False),
        ("primera_atencion", "asignada", False),
        ("realizada", "programada", False),
        ("realizada", "realizada", False),
    ],
)
def test_a_count_ends_after_it_begins(admin, inicio: str, fin: str, cabe: bool) -> None:
    datos = {"dependencia": FabricaDependencia(), "etapa": "E", "dias": 5, "inicio": inicio, "fin": fin}
    if cabe:
        crear_fila(modelo=AcuerdoServicio, datos=datos | {"desde": HOY()})
    else:
        with pytest.raises(ValidationError, match="empieza la cuenta"):
            crear_fila(modelo=AcuerdoServicio, datos=datos | {"desde": HOY()})


def test_what_counts_as_attended_changes_from_a_day(elenco: Elenco, entrar) -> None:
    """The client's ruling changes a row and not the history."""
    direccion = elenco.sistema_archivos
    navegador = entrar(elenco.administradora)
    assert navegador.get(url("catalogo", "criterios")).status_code == 200
    datos = {"dependencia": direccion.pk, "criterio": "entregada", "norma": "Acta 1", "desde": HOY().isoformat()}
    navegador.post(url("nueva", "criterios"), datos)
    fila = CriterioAtencion.objects.get()
    otro = {"criterio": "realizada", "norma": "Acta 2", "desde": dias(5).isoformat()}
    assert navegador.post(url("editar", "criterios", fila.pk), otro).status_code == 302
    en_vigor = [CriterioAtencion.objects.de(direccion, dias(n)) for n in (0, 4, 5)]
    assert en_vigor == ["entregada", "entregada", "realizada"]
    repetido = navegador.post(url("nueva", "criterios"), datos | {"desde": dias(9).isoformat()})
    assert "Se cruza con otro" in repetido.content.decode()


# --- The seed and who reads it -------------------------------------------------------------------
@pytest.fixture
def semilla(db: None) -> None:
    cargar_catalogos()


def test_the_seed_is_provisional_and_says_why_where_it_must(semilla: None) -> None:
    """domain.md §4.1: all supposed. What it leaves out is in docs/decisiones/0024."""
    todos = list(AcuerdoServicio.objects.select_related("dependencia", "modalidad"))
    assert len(todos) == len(list(filas("ans.csv"))) == 32
    for uno in todos:
        uno.full_clean()
    assert all(uno.provisional for uno in todos)
    assert {uno.dependencia.codigo for uno in todos} == {"DDAB", "DDDI", "DDRI", "IMPR"}
    largos = [uno for uno in todos if uno.dias > 10]
    assert {(uno.etapa, uno.inicio, uno.fin) for uno in largos} == {("Enviar el informe", "realizada", "informe")}
    assert all(uno.justificacion for uno in largos)


def test_loading_again_keeps_what_was_changed_and_ended(semilla: None, admin) -> None:
    uno = AcuerdoServicio.objects.get(dependencia__codigo="IMPR", modalidad__codigo="publicacion")
    cambiar_fila(fila=uno, datos={"dias": 1, "provisional": False, "desde": HOY()})
    otro = AcuerdoServicio.objects.get(dependencia__codigo="DDRI", modalidad__codigo="comision")
    terminar_fila(fila=otro, hasta=dias(-1), motivo="No se promete")
    cargar_catalogos()
    assert AcuerdoServicio.objects.count() == 33
    assert not AcuerdoServicio.objects.vigentes().filter(modalidad__codigo="comision").exists()


# What domain.md §4.1 says of each: the days of the stages of a modality; nothing where it says «–».
DE_LA_IMPRENTA = {
    "asesoria": [1, 10], "concepto": [1], "mesa": [1, 5, 10], "visita": [1, 10, 15], "jornada": [1], "revision": [1],
    "publicacion": [1, 2], "impreso": [1, 5], "comision": [1],
}  # fmt: skip


def test_what_the_table_leaves_empty_for_the_imprenta_is_promised_by_nobody(semilla: None) -> None:
    imprenta, de_al_lado = Dependencia.objects.get(codigo="IMPR"), Dependencia.objects.get(codigo="STDI")
    modalidades = {m.codigo: m for m in Modalidad.objects.all()}
    catalogo = catalogo_de(imprenta)
    for codigo, dias_ in DE_LA_IMPRENTA.items():
        rigen = AcuerdoServicio.objects.para(imprenta, modalidades[codigo], HOY())
        assert sorted(fila.dias for fila in rigen) == dias_, codigo
        al_radicar = catalogo.acuerdos_para(imprenta, modalidades[codigo].pk, HOY())
        assert sorted(fila.dias for fila in al_radicar) == dias_
    de_la_direccion = AcuerdoServicio.objects.para(de_al_lado, modalidades["concepto"], HOY())
    assert sorted(fila.dias for fila in de_la_direccion) == [2, 10]


def test_what_a_solicitud_must_bring_is_what_those_that_attend_it_say(semilla: None) -> None:
    """R91, of what the lineamiento says: §6.3 and §8.3."""
    modalidades = {m.codigo: m.pk for m in Modalidad.objects.all()}
    de = {d.codigo: d for d in Dependencia.objects.select_related("padre")}
    [comision] = requisitos_de([de["DDRI"]], modalidades["comision"], HOY())
    assert "objeto del viaje" in comision and "45 días" in comision
    [inquietud] = requisitos_de([de["STDI"]], modalidades["concepto"], HOY())
    assert "los términos en que necesita la respuesta" in inquietud
    assert requisitos_de([de["STDI"], de["STDI"], de["IMPR"]], modalidades["concepto"], HOY()) == (inquietud,)
    assert requisitos_de([de["SSDA"]], modalidades["concepto"], HOY()) == ()


def test_the_portafolio_publishes_them_in_page_and_pdf(semilla: None, admin) -> None:
    """R91: modality, days, from what to what, requirements and channel of each dirección."""
    visitante = Client(SERVER_NAME="testserver")
    pagina = visitante.get(reverse("portafolio_direccion", args=["dddi"]), secure=True).content.decode()
    for nivel in portafolio("DDDI").direcciones[0].niveles:
        for dicho in (nivel.etapa, nivel.modalidad, nivel.requisitos, nivel.texto, nivel.justificacion):
            assert escape(dicho) in pagina
    assert "2 días hábiles" in pagina and "Desde la recepción hasta la asignación" in pagina
    assert "En Imprenta Distrital rigen solo los suyos." in pagina and "registrodistrital@" in pagina
    assert "provisional" in pagina and "hasta que la Subsecretaría los confirme" in pagina
    pdf = visitante.get(reverse("portafolio_direccion_pdf", args=["dddi"]), secure=True).content
    crudo = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    texto = " ".join(crudo.split())
    assert "Niveles de servicio" in texto and "Publicar el acto" in texto and "15 días hábiles (provisional)" in texto


def test_a_change_of_an_agreement_changes_the_version_from_its_day(semilla: None, admin) -> None:
    assert portafolio().version == date(2024, 1, 1)
    uno = AcuerdoServicio.objects.get(dependencia__codigo="IMPR", modalidad__codigo="publicacion")
    cambiar_fila(fila=uno, datos={"dias": 1, "provisional": False, "desde": dias(2)})
    plazo = lambda dia: next(  # noqa: E731
        (n.dias, n.provisional)
        for n in portafolio("DDDI", dia).direcciones[0].niveles
        if n.etapa == "Publicar el acto"
    )
    assert (plazo(HOY()), plazo(dias(2))) == ((2, True), (1, False))
    assert portafolio(el_dia=dias(2)).version == dias(2)
