"""T11, S02: a change of place, of role or of account counts from the next request on (ASVS 8.3.2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import Membresia, Persona
from sdfi_portal.aislamiento.llamadas import abrir_sesion
from sdfi_portal.aislamiento.mundo import Mundo

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.usefixtures("plantadas")]


@pytest.fixture
def abrir(este: Mundo) -> Callable[[], int]:
    """Ask for the solicitud of entidad a as its enlace, always with the same session. Gives the status."""
    cliente = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], headers={"accept": "text/html"})
    cliente.cookies[settings.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "colega_a")
    ruta = f"/plantada/bien/{este.objeto('solicitud').fila.pk}/"
    return lambda: cliente.get(ruta, secure=True).status_code


def cambiar(fila: Any, **valores: Any) -> None:
    with como_sistema("prueba: cambio de puesto"):
        type(fila)._default_manager.filter(pk=fila.pk).update(**valores)


def test_moving_to_another_entidad_closes_the_old_one(este: Mundo, abrir: Callable[[], int]) -> None:
    assert abrir() == 200
    membresia: Membresia = este.elenco.membresias["colega_a"]

    cambiar(membresia, entidad=este.elenco.lugares["b"])

    assert abrir() == 404


def test_a_membership_that_ended_opens_nothing(este: Mundo, abrir: Callable[[], int]) -> None:
    ayer = timezone.localdate() - timedelta(days=1)

    cambiar(este.elenco.membresias["colega_a"], desde=ayer, hasta=ayer)

    assert abrir() == 404


def test_a_disabled_account_is_out(este: Mundo, abrir: Callable[[], int]) -> None:
    persona: Persona = este.elenco.personas["colega_a"]

    cambiar(persona, is_active=False)

    assert abrir() in {302, 401}


def test_a_new_password_ends_the_other_sessions(este: Mundo, abrir: Callable[[], int]) -> None:
    """Old sessions carry a digest of the old password."""
    cambiar(este.elenco.personas["colega_a"], password="otra")

    assert abrir() in {302, 401}


def test_a_reassigned_reserved_solicitud_closes_for_the_one_before(este: Mundo) -> None:
    """A reserved one is seen by who attends it now, not by who did."""
    reservada = este.objeto("solicitud_reservada").fila
    cliente = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    cliente.cookies[settings.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, "asesor_x")
    ruta = f"/plantada/bien/{reservada.pk}/"
    assert cliente.get(ruta, secure=True).status_code == 200

    cambiar(reservada, responsables=[este.elenco.personas["vecino_x"].pk])

    assert cliente.get(ruta, secure=True).status_code == 404


def test_a_membership_of_somebody_else_in_the_session_is_ignored(este: Mundo) -> None:
    """Whatever the session says, the active membership is one of the person's own."""
    sesion = abrir_sesion(este.elenco, "enlace_b")
    cliente = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    cliente.cookies[settings.SESSION_COOKIE_NAME] = sesion
    almacen = cliente.session
    almacen["membresia"] = este.elenco.membresias["auditor"].pk
    almacen.save()

    assert cliente.get(f"/plantada/bien/{este.objeto('solicitud').fila.pk}/", secure=True).status_code == 404
