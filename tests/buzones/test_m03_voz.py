"""M03: who may add to a solicitud by mail, with whatever address it came to (CVE-2026-47123); M04: until when."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from alcance import como_sistema
from avisos.respuestas import direccion_de_respuesta
from buzones.criterio.dictamen import dictaminar
from buzones.criterio.hechos import Firmada
from buzones.criterio.partes import Dictamen
from buzones.estados import Clase, EstadoCorreo, Origen
from buzones.mime.desarmar import desarmar
from buzones.services import guardar
from buzones.services.hechos import direcciones_firmadas, reunir
from direcciones.models import Persona
from solicitudes.models import Solicitud
from tests import fabricas as f
from tests.buzones.apoyos_criterio import BORDE, con_cuenta, correo, solicitud
from tests.soporte.elenco import Elenco

DOMINIO = "respuestas.example"


@pytest.fixture(autouse=True)
def _con_respuestas(settings: Any) -> None:
    settings.CORREO_RESPUESTAS = DOMINIO


def llega(
    de: Persona, para: str, *, asunto: str = "RE: Mesa", dmarc: str = "", en: datetime | None = None
) -> Dictamen:
    cabeza = f"Authentication-Results: {BORDE}; dmarc={dmarc} header.from=prueba.example\r\n" if dmarc else ""
    crudo = (
        f"{cabeza}From: {de.nombre} <{de.correo}>\r\nTo: {para}\r\nSubject: {asunto}\r\n"
        f"Message-ID: <{timezone.now().timestamp()}@prueba.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 -0500\r\n\r\n"
        "Confirmamos la reunión del jueves con las doce personas del equipo de archivo central.\r\n"
    ).encode()
    suya, d = guardar(crudo, origen=Origen.COMANDO, recibida_en=en), desarmar(crudo, servidor_autenticacion=BORDE)
    with transaction.atomic():
        return dictaminar(d, reunir(suya, d))


@pytest.mark.django_db
def test_m03_the_matrix(elenco: Elenco) -> None:
    """Address (good, altered, none but the number in the subject) × sender (party, somebody else) × what the border
    says of them. Twelve, and only those of a party who is not denied enter; with a voice, only when it is proved."""
    suya = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    buena = direccion_de_respuesta(suya.pk, elenco.enlace.correo)
    direcciones = {
        "buena": buena,
        "alterada": f"{buena.partition('@')[0][:-1]}x@{DOMINIO}",
        "ninguna": f"mipg@{DOMINIO}x",
    }
    if direcciones["alterada"] == buena:
        direcciones["alterada"] = f"{buena.partition('@')[0][:-1]}y@{DOMINIO}"
    vistos = 0
    for direccion, quien, dmarc in product(direcciones, ("enlace", "otra_enlace"), ("pass", "fail")):
        asunto = f"RE: [{suya.radicado}]" if direccion == "ninguna" else "RE: Mesa"
        persona = getattr(elenco, quien)
        dicho = llega(persona, direcciones[direccion], asunto=asunto, dmarc=dmarc)
        entra = direccion != "alterada" and quien == "enlace" and dmarc == "pass"
        assert (dicho.clase == Clase.MENSAJE) is entra, (direccion, quien, dmarc, dicho.razones)
        assert dicho.solicitud_id == (suya.pk if entra else None)
        assert dicho.autor_id == (persona.pk if entra else None)
        if dmarc == "fail":
            assert dicho.estado == EstadoCorreo.POR_CLASIFICAR
        vistos += 1
    assert vistos == 12


@pytest.mark.django_db
def test_m03_without_any_proof_a_party_adds_and_nobody_speaks(elenco: Elenco) -> None:
    suya = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    dicho = llega(elenco.enlace, f"mipg@{DOMINIO}x", asunto=f"RE: [{suya.radicado}]")
    assert (dicho.clase, dicho.autor_id, dicho.persona_id) == (Clase.MENSAJE, None, elenco.enlace.pk)
    dicho = llega(elenco.enlace, direccion_de_respuesta(suya.pk, elenco.enlace.correo))
    assert (dicho.clase, dicho.autor_id) == (Clase.MENSAJE, elenco.enlace.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("quien", ["asesora", "directora", "ventanilla", "subsecretaria", "administradora"])
def test_m03_never_the_voice_of_the_team(elenco: Elenco, quien: str) -> None:
    """Not with their own signed address, nor with the number, nor when the border vouches for them."""
    suya, persona = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]), getattr(elenco, quien)
    for para in (direccion_de_respuesta(suya.pk, persona.correo), f"mipg@{DOMINIO}x"):
        dicho = llega(persona, para, asunto=f"RE: [{suya.radicado}]", dmarc="pass")
        assert (dicho.regla, dicho.clase, dicho.autor_id) == (7, Clase.POR_CLASIFICAR, None)
        assert dicho.solicitud_propuesta_id == suya.pk


@pytest.mark.django_db
def test_m03_each_enlace_of_the_entidad_only_with_their_own_address(elenco: Elenco) -> None:
    suya = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    de_la_otra = direccion_de_respuesta(suya.pk, elenco.colega.correo)
    assert llega(elenco.colega, de_la_otra).clase == Clase.MENSAJE  # of the same entidad: may open it
    assert llega(elenco.enlace, de_la_otra).clase == Clase.POR_CLASIFICAR
    reservada = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True, motivo_reserva="Reserva")
    dicho = llega(elenco.colega, direccion_de_respuesta(reservada.pk, elenco.colega.correo))
    assert (dicho.clase, dicho.reservado) == (Clase.POR_CLASIFICAR, True)


@pytest.mark.django_db
def test_m04_until_ninety_days_after_the_close(elenco: Elenco) -> None:
    suya = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hoy = timezone.now()
    for hace, entra in ((timedelta(days=90), True), (timedelta(days=91, hours=1), False)):
        with como_sistema("prueba"), transaction.atomic():
            Solicitud.objects.filter(pk=suya.pk).update(cerrada_en=hoy - hace)
        dicho = llega(elenco.enlace, direccion_de_respuesta(suya.pk, elenco.enlace.correo), en=hoy)
        assert (dicho.clase == Clase.MENSAJE) is entra, hace
        assert entra or "90 días" in " ".join(dicho.razones)


@pytest.mark.parametrize("antes", [".", "..", "'."])
def test_m04_a_point_before_is_another_address(settings: Any, antes: str) -> None:
    settings.CORREO_RESPUESTAS = DOMINIO
    buena = direccion_de_respuesta(5, "laura@gobierno.example")
    assert direcciones_firmadas(correo(para=f"{antes}{buena}"), "") == ()
    assert direcciones_firmadas(correo(para=f"'{buena}.'"), "") == (Firmada(5, es_suya=True),)


@ajustes(max_examples=120, deadline=None)
@given(datos=st.data())
def test_m04_an_address_that_is_not_whole_opens_nothing(datos: st.DataObject) -> None:
    """Cut, empty, with a letter more or another one: it is no address of ours."""
    from django.test import override_settings  # noqa: PLC0415

    with override_settings(CORREO_RESPUESTAS=DOMINIO):
        buena = direccion_de_respuesta(5, "laura@gobierno.example")
        local = buena.partition("@")[0]
        como = datos.draw(
            st.sampled_from(["corta", "otra letra", "una más", "otro dominio", "otra solicitud", "vacía"])
        )
        lugar = datos.draw(st.integers(0, len(local) - 1))
        letra = datos.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.+-_0189"))
        mala = {
            "corta": f"{local[:lugar]}@{DOMINIO}",
            "otra letra": f"{local[:lugar]}{letra}{local[lugar + 1 :]}@{DOMINIO}",
            "una más": f"{local[:lugar]}{letra}{local[lugar:]}@{DOMINIO}",
            "otro dominio": f"{local}@{DOMINIO}.co",
            "otra solicitud": f"r+6{local[3:]}@{DOMINIO}",
            "vacía": f"@{DOMINIO}",
        }[como]
        d = correo(para=mala if mala != buena else f"x{mala}")
        firmadas = direcciones_firmadas(d, mala if mala != buena else "")
        assert firmadas == ()
        assert direcciones_firmadas(correo(para=buena), "") == (Firmada(5, es_suya=True),)
        assert direcciones_firmadas(correo(para="a@b.example"), buena.upper()) == (Firmada(5, es_suya=True),)
        dicho = dictaminar(d, con_cuenta(firmadas=firmadas, solicitudes={5: solicitud()}))
        assert (dicho.clase, dicho.solicitud_id) != (Clase.MENSAJE, 5)
