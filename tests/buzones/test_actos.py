"""What each decision does: the form begins with what was read, and all of it happens or none."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from avisos.models import Envio
from bandeja.models import Entrega
from buzones.criterio.preguntas import NECESIDAD
from buzones.estados import Clase, EstadoCorreo
from buzones.models import CanalExterno, Correo, Decision, PropuestaEnlace, Traslado
from buzones.services.pendientes import vencer_preguntas
from solicitudes.models import Mensaje, Solicitud
from tests.buzones.apoyos import casilla
from tests.buzones.correos import correo, correo_de, mensaje
from tests.fabricas import escribiendo, radicada
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture
def fila(elenco: Elenco) -> Correo:
    """Of a mailbox of Desarrollo, with a file, that names its theme and its entity."""
    crudo = mensaje(
        ("acta.txt", "text/plain", b"Acta del comite."),
        texto="Queremos un concepto sobre integridad para la Secretaría Distrital de Gobierno.",
    )
    return correo_de(elenco, crudo, casilla=casilla(elenco), asunto="Integridad", propuesta=Clase.NUEVA_SOLICITUD)


def leer(una: Any) -> Any:
    with escribiendo():
        una.refresh_from_db()
    return una


def ultima(una: Correo) -> Decision:
    with escribiendo():
        return Decision.objects.filter(correo=una).latest("pk")


def decidir(quien: Any, una: Correo, accion: str, **datos: Any) -> Any:
    with escribiendo():
        version = max(Decision.objects.filter(correo=una).values_list("pk", flat=True), default=0)
    return quien.post(reverse("buzones:decidir", args=[una.pk, accion]), {"version": version} | datos, follow=True)


def test_the_form_begins_with_what_was_read_and_files_it(elenco: Elenco, entrar: Any, fila: Correo) -> None:
    """With its true instant, its text and its file; who registered it; the mail tied to it."""
    cliente = entrar(elenco.ventanilla)
    pagina = cliente.get(reverse("buzones:decidir", args=[fila.pk, "radicar"]))
    form = pagina.context["form"]
    assert form.fields["tema"].initial == str(elenco.tema_integridad.pk)
    assert form.fields["entidad"].initial == elenco.secretaria.pk
    assert "Integridad (" in pagina.content.decode() and "Por: " in pagina.content.decode()
    datos = {"entidad": elenco.secretaria.pk, "tema": elenco.tema_integridad.pk, "otro_1": elenco.tema_tablas.pk}
    pagina = decidir(cliente, fila, "radicar", siguiente="0", **datos)
    with escribiendo():
        solicitud = Solicitud.objects.get()
        assert leer(fila).solicitud == solicitud and fila.estado == EstadoCorreo.ATENDIDO
        assert (solicitud.entidad, solicitud.recibido_en) == (elenco.secretaria, fila.recibido_en)
        assert solicitud.registrada_por == elenco.ventanilla and solicitud.canal == "correo"
        assert solicitud.archivos.count() == 1
        assert {parte.tema for parte in solicitud.partes.all()} == {elenco.tema_integridad, elenco.tema_tablas}
    una = ultima(fila)
    assert una.acertada is True and una.datos["temas"] == [elenco.tema_integridad.pk, elenco.tema_tablas.pk]
    assert solicitud.radicado in pagina.content.decode() and "Deshacer" not in pagina.content.decode()


def test_what_is_missing_is_asked_and_nothing_is_filed(elenco: Elenco, entrar: Any, fila: Correo) -> None:
    cliente = entrar(elenco.asesor_tecnica)
    pagina = decidir(cliente, fila, "radicar", entidad="", tema="")
    assert pagina.context["form"].errors.keys() == {"entidad", "tema"}
    # With one press there is nothing to go by.
    assert "Falta decir" in decidir(cliente, fila, "radicar").content.decode()
    with escribiendo():
        assert not Solicitud.objects.exists() and not Decision.objects.filter(correo=fila).exists()


def test_as_it_was_proposed_it_is_filed_with_one_press(elenco: Elenco, entrar: Any, fila: Correo) -> None:
    with escribiendo():
        Correo.objects.filter(pk=fila.pk).update(entidad=elenco.instituto, temas=[elenco.tema_cooperacion.pk])
    cliente = entrar(elenco.ventanilla)
    primero, segundo = cliente.get(reverse("buzones:por_clasificar")).context["botones"][:2]
    assert (primero.texto, primero.pide) == ("Radicar como se propone", False) and segundo.pide
    hecho = decidir(cliente, fila, "radicar", siguiente="0").content.decode()
    with escribiendo():
        solicitud = Solicitud.objects.get()
    url = reverse("atencion:caso", args=[solicitud.radicado])
    assert f'<a href="{url}">{solicitud.radicado}</a>' in hecho
    assert f"{reverse('buzones:libro')}?q={solicitud.radicado}" in cliente.get(url).content.decode()
    with escribiendo():
        assert (solicitud.entidad, solicitud.modalidad) == (elenco.instituto, elenco.tema_cooperacion.modalidad)


def test_two_who_file_it_at_once_make_one(elenco: Elenco, entrar: Any, fila: Correo) -> None:
    datos = {"entidad": elenco.secretaria.pk, "tema": elenco.tema_integridad.pk}
    url = reverse("buzones:decidir", args=[fila.pk, "radicar"])
    for quien in (elenco.ventanilla, elenco.asesor_tecnica):
        respuesta = entrar(quien).post(url, {"version": 0} | datos)
    assert "Sara Cruz ya lo decidió" in respuesta.content.decode()
    with escribiendo():
        assert Solicitud.objects.count() == Decision.objects.filter(correo=fila).count() == 1


def test_it_is_added_to_the_solicitud_that_it_names(elenco: Elenco, entrar: Any, fila: Correo) -> None:
    """As a message of who wrote it; as a note, only for the team."""
    suya = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    with escribiendo():
        Correo.objects.filter(pk=fila.pk).update(asunto=f"Sobre {suya.radicado.lower()}")
    cliente = entrar(elenco.asesor_tecnica)
    form = cliente.get(reverse("buzones:decidir", args=[fila.pk, "agregar"])).context["form"]
    assert form.fields["radicado"].initial == suya.radicado
    assert (
        "No encontramos AT-1998-000001"
        in decidir(cliente, fila, "agregar", radicado="at-1998-000001").content.decode()
    )
    decidir(cliente, fila, "agregar", radicado=suya.radicado)
    otra = correo_de(elenco, mensaje(texto="Solo para el equipo."), casilla=casilla(elenco, "otra"))
    decidir(cliente, otra, "nota", radicado=suya.radicado)
    with escribiendo():
        uno, dos = Mensaje.objects.filter(solicitud=suya).order_by("pk")
        assert (uno.interno, dos.interno) == (False, True) and "Jimena Tovar" in str(uno.remitente)
        assert uno.autor is None and leer(fila).solicitud == leer(otra).solicitud == suya
        assert uno.archivos.count() == 1
    assert ultima(otra).datos["interna"] is True


def test_what_answers_one_of_ours_is_added_with_one_press(elenco: Elenco, entrar: Any) -> None:
    """To the solicitud that the rules found and did not dare."""
    suya = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    fila = correo_de(
        elenco, mensaje(), casilla=casilla(elenco), propuesta=Clase.MENSAJE, solicitud_propuesta_id=suya.pk
    )
    cliente = entrar(elenco.asesor_tecnica)
    boton = cliente.get(reverse("buzones:por_clasificar")).context["botones"][0]
    assert (boton.texto, boton.pide) == (f"Agregar a {suya.radicado}", False)
    # Ventanilla does not see it: it must be said.
    assert entrar(elenco.ventanilla).get(reverse("buzones:por_clasificar")).context["botones"][0].pide
    decidir(cliente, fila, "agregar", siguiente="0")
    assert leer(fila).solicitud_id == suya.pk and ultima(fila).acertada is True


def test_ventanilla_hands_it_over_to_a_solicitud_that_it_does_not_see(
    elenco: Elenco, entrar: Any, fila: Correo
) -> None:
    """And a reserved one is as if there were none."""
    comun = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    reservada = radicada(por=elenco.enlace, temas=[elenco.tema_integridad], reservada=True, motivo_reserva="Datos")
    cliente = entrar(elenco.ventanilla)
    assert cliente.get(reverse("atencion:caso", args=[comun.radicado])).status_code == 404
    assert "No encontramos" in decidir(cliente, fila, "agregar", radicado=reservada.radicado).content.decode()
    pagina = decidir(cliente, fila, "agregar", radicado=comun.radicado)
    assert pagina.status_code == 200 and comun.radicado in pagina.content.decode()
    assert cliente.get(reverse("buzones:detalle", args=[fila.pk])).status_code == 404
    # Somebody else's asesor may not even name it.
    otra = correo(elenco, dependencias=[elenco.archivo.pk, elenco.sistema_archivos.pk])
    respuesta = decidir(entrar(elenco.asesora), otra, "agregar", radicado=comun.radicado)
    assert "No encontramos" in respuesta.content.decode()


def test_a_question_goes_out_and_waits(elenco: Elenco, entrar: Any, fila: Correo, time_machine: Any) -> None:
    """R52: kindly, once; what nobody answers comes back, and its instant is still the first."""
    cliente = entrar(elenco.asesor_tecnica)
    assert "Elija o escriba" in decidir(cliente, fila, "preguntar", otra="").content.decode()
    pagina = decidir(cliente, fila, "preguntar", faltan=[NECESIDAD], otra="El nombre del comité.", siguiente="0")
    assert leer(fila).estado == EstadoCorreo.ESPERANDO and "Deshacer" in pagina.content.decode()
    with escribiendo():
        carga = Entrega.objects.get(tipo="buzones.respuesta").carga
        assert carga["faltan"] == [NECESIDAD, "El nombre del comité."] and carga["respuesta"] == "faltan"
        assert Envio.objects.filter(evento="buzones.faltan").count() == 1
    assert vencer_preguntas() == 0
    recibido = fila.recibido_en
    time_machine.move_to(timezone.now())
    time_machine.shift(21 * 24 * 3600)
    assert vencer_preguntas() == 1 and leer(fila).estado == EstadoCorreo.POR_CLASIFICAR
    assert fila.recibido_en == recibido and ultima(fila).persona is None
    assert vencer_preguntas() == 0


def test_who_cannot_be_answered_is_not_asked(elenco: Elenco, entrar: Any) -> None:
    fila = correo(elenco, de_correo="")
    assert (
        "el remitente no se puede leer"
        in decidir(entrar(elenco.ventanilla), fila, "preguntar", faltan=[NECESIDAD]).content.decode()
    )
    assert leer(fila).estado == EstadoCorreo.POR_CLASIFICAR


def test_a_liaison_is_proposed_and_no_account_changes(elenco: Elenco, entrar: Any) -> None:
    """R47."""
    leido = {"nombre": "Ana Mora", "cargo": "Profesional", "correo": "", "telefono": "", "reemplaza": "Laura Pérez"}
    fila = correo(elenco, propuesta=Clase.CAMBIO_DE_ENLACE, conjetura={"enlace": leido})
    cliente = entrar(elenco.ventanilla)
    form = cliente.get(reverse("buzones:decidir", args=[fila.pk, "proponer_enlace"])).context["form"]
    assert {campo: form.fields[campo].initial for campo in leido} == leido
    datos = {"entidad": elenco.secretaria.pk, "nombre": "Ana Mora", "correo": "no es un correo"}
    assert "correo" in decidir(cliente, fila, "proponer_enlace", **datos).context["form"].errors
    decidir(cliente, fila, "proponer_enlace", **datos | {"correo": "ana.mora@prueba.example"})
    with escribiendo():
        propuesta = PropuestaEnlace.objects.get()
        assert (propuesta.entidad, propuesta.pedida_por) == (elenco.secretaria, elenco.ventanilla)
    assert leer(fila).clase == Clase.CAMBIO_DE_ENLACE and ultima(fila).datos["propuesta"] == propuesta.pk
    # Taken back, the entity is asked no more.
    decidir(cliente, fila, "rescatar")
    with escribiendo():
        assert not PropuestaEnlace.objects.por_confirmar().exists()
    assert leer(fila).estado == EstadoCorreo.POR_CLASIFICAR


def test_a_petition_goes_with_one_key_and_comes_back_in_its_minute(elenco: Elenco, entrar: Any) -> None:
    """Ley 1755, art. 21."""
    fila = correo(elenco, propuesta=Clase.PETICION_CIUDADANA, de_correo="rosa@correo.example")
    cliente = entrar(elenco.ventanilla)
    CanalExterno.objects.update(correo="")
    boton = cliente.get(reverse("buzones:por_clasificar")).context["botones"][0]
    assert boton.accion == "trasladar" and boton.pide
    assert "Diga a qué canal" in decidir(cliente, fila, "trasladar").content.decode()
    canal = CanalExterno.objects.create(nombre="Bogotá escucha de prueba", correo="canal@prueba.example")
    boton = cliente.get(reverse("buzones:por_clasificar")).context["botones"][0]
    assert (boton.pide, boton.texto) == (False, "Trasladar a Bogotá escucha de prueba")
    pagina = decidir(cliente, fila, "trasladar", siguiente="0")
    with escribiendo():
        assert Traslado.objects.en_pie().get().canal == canal
    assert leer(fila).clase == Clase.PETICION_CIUDADANA and ultima(fila).acertada is True
    assert "Deshacer" in pagina.content.decode()
    decidir(cliente, fila, "rescatar", siguiente="")
    with escribiendo():
        assert not Traslado.objects.en_pie().exists()
    assert leer(fila).estado == EstadoCorreo.POR_CLASIFICAR
    # Once it left, it cannot be taken back.
    decidir(cliente, fila, "trasladar")
    with escribiendo():
        Traslado.objects.en_pie().update(enviado_en=fila.recibido_en)
    assert "ya salió" in decidir(cliente, fila, "rescatar").content.decode()
    assert leer(fila).estado == EstadoCorreo.ATENDIDO
    detalle = cliente.get(reverse("buzones:detalle", args=[fila.pk])).content.decode()
    assert reverse("buzones:trasladar", args=[fila.pk]) in detalle


def test_from_the_page_of_a_petition_the_tray_goes_on(elenco: Elenco, entrar: Any) -> None:
    fila, otra = correo(elenco), correo(elenco)
    canal = CanalExterno.objects.create(nombre="Otro canal", correo="canal@prueba.example")
    url = f"{reverse('buzones:trasladar', args=[fila.pk])}?siguiente={otra.pk}"
    pagina = entrar(elenco.ventanilla).post(url, {"canal": canal.pk, "motivo": "No es nuestro."}, follow=True)
    assert pagina.redirect_chain[-1][0].endswith(f"?correo={otra.pk}#actual")
    assert leer(fila).clase == Clase.PETICION_CIUDADANA


def test_nothing_stays_of_a_decision_that_fails(elenco: Elenco, entrar: Any, fila: Correo, monkeypatch: Any) -> None:
    """All of it, or none."""

    def falla(*_: Any, **__: Any) -> None:
        raise RuntimeError("se cae")

    monkeypatch.setattr("buzones.services.decidir.mover_juntos", falla)
    cliente = entrar(elenco.ventanilla)
    cliente.raise_request_exception = False
    datos = {"entidad": elenco.secretaria.pk, "tema": elenco.tema_integridad.pk}
    assert decidir(cliente, fila, "radicar", **datos).status_code == 500
    with escribiendo():
        assert not Solicitud.objects.exists() and leer(fila).solicitud is None
