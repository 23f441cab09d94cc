"""A liaison named by mail: nothing of any account changes until the entity says so, whoever wrote it (R47, R112)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from avisos.models import Aviso
from bandeja.services import entregar
from buzones.criterio.partes import DatosDeEnlace
from buzones.models import Correo, PropuestaEnlace
from buzones.services import proponer_enlace, vencer_propuestas
from buzones.services.proponer import confirmar, reabrir, rechazar, retirar_propuestas
from cuentas.models import Invitacion
from direcciones.models import Entidad, Membresia, Persona
from direcciones.roles import Rol
from plazos.reloj import con_reloj, hoy
from tests.buzones.test_traslados import peticion
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hace, releer, sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
Estado = PropuestaEnlace.Estado
DATOS = DatosDeEnlace(
    nombre="Nidia Castro", cargo="Profesional", correo="Nidia.Castro@gobierno.example", telefono="6013820000"
)


def proponer(elenco: Elenco, en: Correo | None = None, **datos: Any) -> PropuestaEnlace:
    """As the rules do, of what they read in a message."""
    dichos = {c: getattr(DATOS, c) for c in ("nombre", "cargo", "correo", "telefono", "reemplaza")} | datos
    with sistema():
        return proponer_enlace(en, DatosDeEnlace(**dichos), entidad_id=elenco.secretaria.pk)


def de_la_entidad(entidad: Entidad) -> set[tuple[str, str]]:
    """Who opens what in it, and who was invited."""
    with sistema():
        activas = Membresia.objects.activas().filter(entidad=entidad)
        abre = {(m.persona.correo, m.rol) for m in activas.select_related("persona")}
        invitadas: QuerySet[Invitacion] = Invitacion.objects.filter(entidad=entidad)
        return abre | {(i.correo, f"invitada {i.rol}") for i in invitadas}


def avisados(texto: str) -> set[str]:
    with sistema():
        correos = Aviso.objects.filter(titulo__contains=texto).values_list("persona__correo", flat=True)
        return {correo.partition("@")[0] for correo in correos}


# --- Proposed ------------------------------------------------------------------------------------------------------
def test_a_proposal_changes_nothing_and_the_entity_is_asked(elenco: Elenco) -> None:
    antes, correo = de_la_entidad(elenco.secretaria), peticion(elenco)
    mail.outbox.clear()
    propuesta = proponer(elenco, correo)
    entregar()
    assert de_la_entidad(elenco.secretaria) == antes
    assert (propuesta.correo_propuesto, propuesta.estado) == ("nidia.castro@gobierno.example", Estado.POR_CONFIRMAR)
    assert not Persona.objects.filter(correo__iexact=DATOS.correo).exists()
    [aviso] = mail.outbox
    assert elenco.admin_entidad.correo in aviso.to[0] and avisados("Proponen un enlace") == {"admin_entidad"}
    # Whoever wrote may be anybody: of what they said nothing goes in a mail of ours.
    assert "Nidia" not in aviso.body and DATOS.correo.lower() not in aviso.body.lower()


def test_the_same_person_twice_is_one_while_it_waits(elenco: Elenco) -> None:
    primera = proponer(elenco)
    assert proponer(elenco, correo="NIDIA.CASTRO@gobierno.example") == primera
    with actuar(elenco.admin_entidad):
        rechazar(primera, motivo="No trabaja aquí")
    assert proponer(elenco) != primera


def test_an_entity_that_nobody_administers_is_asked_by_who_runs_the_portal(elenco: Elenco) -> None:
    with sistema():
        proponer_enlace(None, DATOS, entidad_id=elenco.instituto.pk)
    entregar()
    assert avisados("Proponen un enlace") == {"administradora"}


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        ({"correo": "no es un correo"}, "correo completo"),
        ({"correo": ""}, "correo completo"),
        ({"nombre": " \n"}, "Falta el nombre"),
        ({"correo": "enlace@prueba.example"}, "ya es enlace"),
        ({"correo": "nidia@gmail.example"}, "termina en gobierno.example"),
    ],
)
def test_what_is_not_proposed(elenco: Elenco, datos: dict[str, str], dice: str) -> None:
    dominios = "" if "ya es" in dice else "gobierno.example"
    with sistema():
        Entidad.objects.filter(pk=elenco.secretaria.pk).update(dominios_correo=dominios)
    with pytest.raises(ValidationError, match=dice):
        proponer(elenco, **datos)


def test_who_it_replaces_is_known_only_when_it_is_one(elenco: Elenco) -> None:
    por_correo = proponer(elenco, reemplaza="ENLACE@prueba.example", correo="a@gobierno.example")
    por_nombre = proponer(elenco, reemplaza="laura  pérez", correo="b@gobierno.example")
    assert por_correo.reemplaza == por_nombre.reemplaza and por_correo.reemplaza.persona == elenco.enlace
    # Not of another entity, nor who administers it.
    for dicho in ("otra_enlace@prueba.example", elenco.admin_entidad.nombre, "alguien"):
        assert proponer(elenco, reemplaza=dicho, correo=f"{len(dicho)}@gobierno.example").reemplaza is None


@pytest.mark.parametrize("quien", ["enlace", "admin_entidad", "revisora", "auditora", "administradora"])
def test_only_who_decides_of_the_mail_proposes(elenco: Elenco, quien: str) -> None:
    persona = getattr(elenco, quien)
    with actuar(persona), pytest.raises(ValidationError, match="no propone"):
        proponer_enlace(None, DATOS, entidad_id=elenco.secretaria.pk, persona=persona)


# --- Decided -------------------------------------------------------------------------------------------------------
def test_confirmed_it_invites_and_replaces_as_always(elenco: Elenco) -> None:
    with actuar(elenco.ventanilla):
        propuesta = proponer_enlace(None, DATOS, entidad_id=elenco.secretaria.pk, persona=elenco.ventanilla)
    with sistema():
        suya = Membresia.objects.get(persona=elenco.enlace)
    with actuar(elenco.admin_entidad):
        invitacion = confirmar(propuesta, reemplaza=suya)
    entregar()
    hecha = releer(propuesta)
    assert (hecha.estado, hecha.invitacion_id, hecha.decidida_por_id) == (
        Estado.CONFIRMADA,
        invitacion.pk,
        elenco.admin_entidad.pk,
    )
    quedan = de_la_entidad(elenco.secretaria)
    assert ("enlace@prueba.example", Rol.ENLACE) not in quedan
    assert ("nidia.castro@gobierno.example", "invitada enlace") in quedan
    assert invitacion.reemplaza_id == suya.pk and avisados("confirmó el enlace") == {"ventanilla"}
    with actuar(elenco.admin_entidad), pytest.raises(ValidationError, match="ya está decidida: confirmada"):
        rechazar(propuesta, motivo="Tarde")


def test_who_runs_the_portal_says_how_they_know(elenco: Elenco) -> None:
    propuesta = proponer(elenco)
    with actuar(elenco.administradora):
        with pytest.raises(ValidationError, match="cómo supo"):
            confirmar(propuesta)
        confirmar(propuesta, evidencia="Oficio 12 del 9 de noviembre")
    assert releer(propuesta).evidencia == "Oficio 12 del 9 de noviembre"
    assert ("nidia.castro@gobierno.example", "invitada enlace") in de_la_entidad(elenco.secretaria)


@pytest.mark.parametrize("quien", ["enlace", "colega", "otra_enlace", "ventanilla", "directora", "auditora"])
def test_nobody_else_decides(elenco: Elenco, quien: str) -> None:
    propuesta, antes = proponer(elenco), de_la_entidad(elenco.secretaria)
    with actuar(getattr(elenco, quien)):
        for intento in (lambda: confirmar(propuesta), lambda: rechazar(propuesta, motivo="X")):
            with pytest.raises(ValidationError, match="quien administra la entidad"):
                intento()
    assert de_la_entidad(elenco.secretaria) == antes and releer(propuesta).estado == Estado.POR_CONFIRMAR


def test_refused_it_changes_nothing_and_may_be_decided_again(elenco: Elenco) -> None:
    antes, propuesta = de_la_entidad(elenco.secretaria), proponer(elenco)
    with actuar(elenco.admin_entidad):
        with pytest.raises(ValidationError, match="Escriba por qué"):
            rechazar(propuesta, motivo=" ")
        rechazar(propuesta, motivo="No la conocemos")
    entregar()
    assert de_la_entidad(elenco.secretaria) == antes and avisados("dijo que no") == {"ventanilla"}
    with actuar(elenco.admin_entidad):
        reabrir(propuesta)
        confirmar(propuesta)
    assert releer(propuesta).estado == Estado.CONFIRMADA


def test_what_a_message_proposed_by_mistake_is_taken_back(elenco: Elenco) -> None:
    correo = peticion(elenco)
    suya, otra = proponer(elenco, correo), proponer(elenco, correo="otra@gobierno.example")
    with actuar(elenco.asesora), pytest.raises(ValidationError, match="no está entre los suyos"):
        retirar_propuestas(correo, persona=elenco.asesora)
    with actuar(elenco.ventanilla):
        retirar_propuestas(correo, persona=elenco.ventanilla)
    entregar()
    assert (releer(suya).estado, releer(otra).estado) == (Estado.RECHAZADA, Estado.POR_CONFIRMAR)
    with actuar(elenco.admin_entidad), pytest.raises(ValidationError, match="ya está decidida"):
        confirmar(suya)


def test_nobody_is_replaced_who_is_not_an_enlace_of_there(elenco: Elenco) -> None:
    propuesta = proponer(elenco)
    with sistema():
        ajenas = list(Membresia.objects.filter(persona__in=[elenco.otra_enlace, elenco.admin_entidad]))
    for ajena in ajenas:
        with actuar(elenco.admin_entidad), pytest.raises(ValidationError, match="no es enlace de la entidad"):
            confirmar(propuesta, reemplaza=ajena)


def test_in_fifteen_business_days_it_ends_by_itself(elenco: Elenco) -> None:
    propuesta, antes = proponer(elenco), de_la_entidad(elenco.secretaria)
    assert vencer_propuestas() == 0
    with con_reloj(hace(days=0) + (propuesta.vence - hoy()) + timedelta(days=1)):
        with actuar(elenco.admin_entidad), pytest.raises(ValidationError, match="ya venció"):
            confirmar(propuesta)
        assert vencer_propuestas() == 1 and vencer_propuestas() == 0
        entregar()
    assert releer(propuesta).estado == Estado.VENCIDA and avisados("Nadie confirmó") == {"ventanilla"}
    assert de_la_entidad(elenco.secretaria) == antes and isinstance(propuesta.vence, date)


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_from_the_message_to_the_invitation(elenco: Elenco, entrar: Any) -> None:
    """Ventanilla turns the sender into an invited enlace, after the entity confirms."""
    correo = peticion(elenco, entidad=elenco.secretaria)
    ventanilla, administra = entrar(elenco.ventanilla), entrar(elenco.admin_entidad)
    url = reverse("buzones:invitar", args=[correo.pk])
    assert f'href="{url}"' in ventanilla.get(reverse("buzones:detalle", args=[correo.pk])).content.decode()
    pagina = ventanilla.get(url).content.decode()
    assert 'value="Blanca Rojas"' in pagina and 'value="blanca@correo.example"' in pagina
    datos = {"entidad": elenco.secretaria.pk, "nombre": "Blanca Rojas", "correo": "blanca@correo.example"}
    lista = ventanilla.post(url, datos, follow=True).content.decode()
    assert "Le pedimos a Secretaría Distrital de Gobierno" in lista and "Blanca Rojas" in lista
    with sistema():
        propuesta = PropuestaEnlace.objects.get()
    assert propuesta.correo_id == correo.pk and propuesta.pedida_por_id == elenco.ventanilla.pk

    suya = reverse("buzones:propuesta", args=[propuesta.pk])
    assert "Guardar la decisión" not in ventanilla.get(suya).content.decode()
    assert ventanilla.post(suya, {"decision": "confirmar"}).status_code == 403
    assert "Decidir" in administra.get(reverse("buzones:propuestas")).content.decode()
    assert "Laura Pérez (enlace@prueba.example)" in administra.get(suya).content.decode()
    sin_motivo = administra.post(suya, {"decision": "rechazar"}).content.decode()
    assert "Escriba por qué" in sin_motivo
    hecha = administra.post(suya, {"decision": "confirmar"}, follow=True).content.decode()
    assert "Enviamos la invitación a blanca@correo.example" in hecha and "Guardar la decisión" not in hecha
    assert ("blanca@correo.example", "invitada enlace") in de_la_entidad(elenco.secretaria)


def test_of_another_entity_nothing_is_seen(elenco: Elenco, entrar: Any) -> None:
    with sistema():
        ajena = proponer_enlace(None, DATOS, entidad_id=elenco.instituto.pk)
    administra, enlace = entrar(elenco.admin_entidad), entrar(elenco.enlace)
    assert "Ninguna persona espera" in administra.get(reverse("buzones:propuestas")).content.decode()
    assert administra.get(reverse("buzones:propuesta", args=[ajena.pk])).status_code == 404
    assert enlace.get(reverse("buzones:propuestas")).status_code == 403
    # Who attends sees only what they asked for.
    assert "Ninguna persona espera" in entrar(elenco.asesora).get(reverse("buzones:propuestas")).content.decode()


def test_from_a_solicitud_that_came_without_an_account(elenco: Elenco, entrar: Any) -> None:
    solicitud = radicada(
        registrada_por=elenco.ventanilla,
        canal="correo",
        entidad=elenco.secretaria,
        temas=[elenco.tema_tablas],
        recibida=hace(hours=1),
    )
    with sistema():
        type(solicitud).objects.filter(pk=solicitud.pk).update(remitente_correo="nidia@gobierno.example")
    navegador = entrar(elenco.asesora)
    url = reverse("buzones:invitar_de_solicitud", args=[solicitud.radicado])
    assert url in navegador.get(reverse("atencion:caso", args=[solicitud.radicado])).content.decode()
    assert 'value="nidia@gobierno.example"' in navegador.get(url).content.decode()
    de_su_enlace = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    assert (
        "Invitar a quien" not in navegador.get(reverse("atencion:caso", args=[de_su_enlace.radicado])).content.decode()
    )


def test_the_list_asks_the_same_of_one_and_of_many(elenco: Elenco, entrar: Any) -> None:
    navegador, cuantas = entrar(elenco.administradora), []
    for lote in (1, 2, 22):
        for n in range(lote):
            proponer(elenco, correo=f"{lote}-{n}@gobierno.example")
        with CaptureQueriesContext(connection) as consultas:
            assert navegador.get(reverse("buzones:propuestas")).status_code == 200
        cuantas.append(len(consultas))
    assert cuantas[0] == cuantas[1] == cuantas[2]
