"""The form of the ventanilla and the asesor: a call and its evidence, saved while it is written, and another after."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import AsignacionSector
from solicitudes.models import Borrador, Solicitud
from solicitudes.services.siga import anotar_siga
from tests.fabricas import actuar, radicada
from tests.solicitudes.test_registrar import la_solicitud, recepcion, registrar
from tests.soporte.asistente import enviar, paso
from tests.soporte.aspecto import Vitrina

pytestmark = pytest.mark.django_db
GUARDAR = "/registrar/guardar/"


def llamada(elenco, **cambios):
    return recepcion(
        elenco, canal="telefono", evidencia="", llamada_contesto="Sara Cruz", llamada_numero="601 381 3000",
        llamada_registro="planilla de llamadas, folio 12", **cambios,
    )  # fmt: skip


def borradores() -> list[Borrador]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Borrador.objects.order_by("pk"))


# --- The call --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", ["ventanilla", "asesora"])
def test_a_call_leaves_who_answered_from_where_and_where_it_is_kept(elenco, entrar, quien):
    datos = llamada(elenco)
    registrar(entrar(getattr(elenco, quien)), elenco, **datos)

    hecha = la_solicitud()
    assert hecha.canal == "telefono"
    assert hecha.evidencia == (
        "Contestó Sara Cruz. Llamaron del 601 381 3000. Queda en planilla de llamadas, folio 12"
    )
    assert hecha.registrada_por_id == getattr(elenco, quien).pk


def test_what_was_typed_of_a_call_says_nothing_of_another_channel(elenco, entrar):
    """The group is hidden, not empty: neither the evidence nor the review show it."""
    cliente = entrar(elenco.ventanilla)
    ida = cliente.post("/registrar/", {**llamada(elenco), "canal": "correo"})
    url = ida.headers["Location"].split("?")[0]
    assert "qué evidencia queda" in cliente.get(f"{url}?revisar").content.decode()
    enviar(cliente, paso(url, "recepcion"), {**llamada(elenco), "canal": "correo", "evidencia": "Correo de las 10"})

    assert "Quién contestó" not in cliente.get(paso(url, "revisar")).content.decode()
    assert "planilla" not in cliente.get(paso(url, "revisar")).content.decode()


def test_who_answered_comes_written_and_who_registers_is_shown(elenco, entrar):
    pagina = entrar(elenco.asesora).get("/registrar/").content.decode()
    assert 'name="llamada_contesto" value="Ana Ruiz"' in pagina
    assert "La registra Ana Ruiz." in pagina
    assert 'data-segun="canal telefono"' in pagina


def test_a_call_without_anything_says_it_beside_its_field(elenco, entrar):
    datos = recepcion(elenco, canal="telefono", evidencia="")
    ida = entrar(elenco.ventanilla).post("/registrar/", datos, follow=True)
    assert "llamada_contesto" in ida.context["form"].errors


# --- The instant and the number --------------------------------------------------------------------------------------
def test_the_instant_has_its_limits(elenco, entrar):
    """The browser stops at now; the calendar says how far back a term can be counted."""
    cliente = entrar(elenco.ventanilla)
    [tope] = re.findall(r'name="recibido_en"[^>]* max="([^"]+)"', cliente.get("/registrar/").content.decode())
    assert abs(timezone.make_aware(timezone.datetime.fromisoformat(tope)) - timezone.now()) < timedelta(minutes=2)
    ida = cliente.post("/registrar/", recepcion(elenco, recibido_en="1950-01-01T10:00"), follow=True)
    assert "recibido_en" in ida.context["form"].errors


def test_a_number_of_siga_that_is_already_here_is_not_registered_again(elenco, entrar):
    ya = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.ventanilla):
        anotar_siga(radicado=ya.radicado, entrada="1-2026-34567")

    ida = entrar(elenco.ventanilla).post(
        "/registrar/", recepcion(elenco, canal="siga", siga_entrada=" 1-2026-34567 "), follow=True
    )

    assert f"El número SIGA 1-2026-34567 ya es de la solicitud {ya.radicado}." in ida.content.decode()


# --- Saved while it is written ---------------------------------------------------------------------------------------
def test_it_is_saved_as_soon_as_the_entidad_is_known(elenco, entrar):
    """One draft for one page: what it saves by itself, its button, and the button pressed twice."""
    cliente, clave = entrar(elenco.ventanilla), str(uuid4())
    comun = {"clave": clave, "version": "1", "ventana": "esta"}
    assert cliente.post(GUARDAR, {**recepcion(elenco, entidad=""), **comun}).status_code == 204
    assert not borradores()

    primera = cliente.post(GUARDAR, {**recepcion(elenco, remitente_nombre="Car"), **comun})
    [suyo] = borradores()
    url = reverse("solicitudes:borrador", args=[suyo.pk, "recepcion"])
    assert primera.json()["accion"] == url
    assert primera.json()["guardar"] == reverse("solicitudes:guardar", args=[suyo.pk, "recepcion"])
    assert suyo.datos["remitente_nombre"] == "Car" and suyo.entidad == elenco.instituto

    # The answer was lost: the page still saves to where it began.
    otra = cliente.post(GUARDAR, {**recepcion(elenco, entidad=elenco.secretaria.pk), **comun})
    assert otra.json()["version"] == primera.json()["version"] + 1
    for _ in range(2):
        ida = cliente.post("/registrar/", {**recepcion(elenco), **comun, "version": "9"})
        assert ida.headers["Location"] == paso(url, "necesidad")
    [unico] = borradores()
    assert (unico.pk, unico.datos["remitente_nombre"], unico.entidad) == (suyo.pk, "Carlos Mora", elenco.instituto)


def test_another_window_that_goes_back_to_the_first_page_chooses(elenco, entrar):
    """The draft went on in its own page; the old one, brought back by the browser, does not step on it."""
    cliente, comun = entrar(elenco.ventanilla), {"clave": str(uuid4()), "version": "1", "ventana": "vieja"}
    url = cliente.post("/registrar/", {**recepcion(elenco), **comun}).headers["Location"]
    pagina = cliente.get(paso(url, "recepcion"))
    version = re.search(r'name="version" value="(\d+)"', pagina.content.decode())[1]
    cliente.post(
        paso(url, "recepcion"),
        {**recepcion(elenco, remitente_nombre="Nuevo"), "version": version, "ventana": "nueva"},
    )

    choca = cliente.post("/registrar/", {**recepcion(elenco), **comun})
    assert choca.status_code == 409 and "El borrador cambió en otra ventana" in choca.content.decode()
    assert cliente.post(GUARDAR, {**recepcion(elenco), **comun}).status_code == 409
    assert borradores()[0].datos["remitente_nombre"] == "Nuevo"


def test_the_key_of_another_opens_nothing(elenco, entrar):
    clave = str(uuid4())
    entrar(elenco.ventanilla).post("/registrar/", {**recepcion(elenco), "clave": clave})
    assert entrar(elenco.asesora).post("/registrar/", {**recepcion(elenco), "clave": clave}).status_code == 302
    assert [b.persona_id for b in borradores()] == [elenco.ventanilla.pk, elenco.asesora.pk]


def test_once_registered_the_page_that_began_it_sends_there(elenco, entrar):
    cliente, clave = entrar(elenco.ventanilla), str(uuid4())
    registrar(cliente, elenco, clave=clave)
    ida = cliente.post("/registrar/", {**recepcion(elenco), "clave": clave})
    assert ida.headers["Location"].endswith("/radicada/")
    assert cliente.post(GUARDAR, {**recepcion(elenco), "clave": clave}).status_code == 410
    with transaction.atomic(), como_sistema("prueba"):
        assert Solicitud.objects.count() == 1


def test_only_who_registers_saves_there(elenco, entrar):
    for quien in (elenco.enlace, elenco.revisora, elenco.auditora):
        assert entrar(quien).post(GUARDAR, recepcion(elenco)).status_code == 403


# --- Another one -----------------------------------------------------------------------------------------------------
def test_another_one_keeps_the_channel_and_the_direccion(elenco, entrar):
    cliente = entrar(elenco.ventanilla)
    final = registrar(cliente, elenco, **llamada(elenco))
    [otra] = re.findall(r'href="(/registrar/[^"]+)">Registrar otra', final.content.decode())

    pagina = cliente.get(otra)
    assert re.search(r'name="recibido_en"[^>]* autofocus', pagina.content.decode())

    form = pagina.context["form"]
    assert (form["canal"].value(), form["direccion"].value(), form["remitente_nombre"].value()) == (
        "telefono", "DDAB", None,
    )  # fmt: skip
    url = cliente.post("/registrar/", {**llamada(elenco), "direccion": "DDAB"}).headers["Location"]
    ramas = cliente.get(url).context["arbol"].ramas
    assert ramas[0].codigo == "DDAB" and [rama.abierta for rama in ramas] == [True] + [False] * (len(ramas) - 1)


def test_it_keeps_nothing_of_somebody_elses(elenco, entrar):
    registrar(entrar(elenco.ventanilla), elenco, **llamada(elenco))
    form = entrar(elenco.asesor_tecnica).get(f"/registrar/?como={la_solicitud().radicado}").context["form"]
    assert (form["canal"].value(), form["direccion"].value()) == (None, "DDDI")


def test_the_asesor_begins_with_the_temas_of_their_direccion(elenco, entrar):
    for quien, codigo in ((elenco.asesora, "DDAB"), (elenco.directora, "DDAB"), (elenco.asesor_internacional, "DDRI")):
        assert entrar(quien).get("/registrar/").context["form"]["direccion"].value() == codigo
    assert entrar(elenco.ventanilla).get("/registrar/").context["form"]["direccion"].value() == ""


# --- R54: the enlace and their asesor --------------------------------------------------------------------------------
def test_the_enlace_writes_to_the_asesor_of_their_sector(elenco, entrar):
    """A solicitud of asesoría like any other, that reaches that asesor at once."""
    cliente = entrar(elenco.enlace)
    assert reverse("solicitudes:mi_asesor") in cliente.get(reverse("solicitudes:mias")).content.decode()
    pagina = cliente.get(reverse("solicitudes:mi_asesor"))
    assert pagina.context["asesores"] == [
        (elenco.internacionales, elenco.asesor_internacional), (elenco.tecnica, elenco.asesor_tecnica),
    ]  # fmt: skip
    assert not borradores()

    url = cliente.post(reverse("solicitudes:mi_asesor"), {"dependencia": "STDI"}).headers["Location"]
    elegir = cliente.get(url)
    assert elegir.context["arbol"].ramas[0].codigo == "DDDI" and elegir.context["arbol"].ramas[0].abierta
    assert str(elegir.context["form"]["modalidad"].value()) == str(elenco.asesoria.pk)
    para_quien = f"Para que la reciba {elenco.asesor_tecnica.nombre}, elija un tema de {elenco.tecnica.con_articulo}."
    assert para_quien in elegir.content.decode()
    manana = (timezone.localdate() + timedelta(days=5)).isoformat()
    enviar(cliente, url, {"temas": [elenco.tema_integridad.pk], "modalidad": elenco.asesoria.pk})
    enviar(cliente, paso(url, "detalle"), {"asunto": "Código de integridad", "necesidad": "Cómo adoptarlo.",
                                           "medio": "virtual", "opcion_1": f"{manana}T09:00"})  # fmt: skip
    enviar(cliente, paso(url, "documentos"), {"contacto_nombre": "Laura Pérez", "contacto_correo": "l@sdg.example"})
    cliente.post(paso(url, "revisar"), {"acepta_datos": "on"})

    hecha = la_solicitud()
    assert (hecha.modalidad, hecha.responsables) == (elenco.asesoria, [elenco.asesor_tecnica.pk])


def test_without_an_asesor_of_the_sector_it_goes_by_turn(elenco, entrar):
    with transaction.atomic(), como_sistema("prueba"):
        AsignacionSector.objects.update(hasta=timezone.localdate() - timedelta(days=1))
    cliente = entrar(elenco.enlace)
    pagina = cliente.get(reverse("solicitudes:mi_asesor"))
    assert pagina.context["asesores"] == [] and "no tiene hoy un asesor fijo" in pagina.content.decode()
    assert cliente.post(reverse("solicitudes:mi_asesor")).status_code == 302
    assert borradores()[0].datos == {"modalidad": str(elenco.asesoria.pk), "direccion": ""}
    for quien in (elenco.asesora, elenco.ventanilla):
        assert entrar(quien).get(reverse("solicitudes:mi_asesor")).status_code == 403


# --- In the browser --------------------------------------------------------------------------------------------------
def test_the_first_page_keeps_itself_and_shows_what_a_call_needs(elenco, entrar, pestana):
    """From the moment the entidad is chosen it is the draft that is saved and sent; nobody leaves the page for it."""
    vitrina = Vitrina(pestana, entrar(elenco.ventanilla))
    vitrina.abrir("/registrar/")
    contesto = pestana.get_by_label("Quién contestó la llamada")
    assert not contesto.is_visible()
    pestana.get_by_label("Teléfono", exact=True).check()
    assert contesto.is_visible() and contesto.input_value() == "Sara Cruz"
    pestana.get_by_label("¿Cuándo llegó?").fill("2026-03-25T10:00")
    assert not borradores()

    pestana.get_by_label("Entidad que pide la asistencia").select_option(str(elenco.instituto.pk))
    pestana.get_by_label("Nombre de quien la pide").fill("Carlos Mora")
    pestana.get_by_label("Cargo de quien la pide").focus()
    pestana.get_by_text("Borrador guardado").wait_for()
    [suyo] = borradores()
    assert pestana.url.endswith(f"/solicitudes/borrador/{suyo.pk}/recepcion/")
    pestana.get_by_role("button", name="Guardar y continuar").click()
    pestana.wait_for_url("**/necesidad/")
    [suyo] = borradores()
    assert (suyo.datos["canal"], suyo.datos["remitente_nombre"]) == ("telefono", "Carlos Mora")
