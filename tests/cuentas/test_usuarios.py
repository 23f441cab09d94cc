"""The administrador and the users of the whole portal; the auditor reads."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import Entrega
from bitacora.models import Suceso
from cuentas.models import Invitacion
from cuentas.segundo_factor import inscrito
from cuentas.services.personas import (
    activar_persona,
    corregir_persona,
    dar_rol,
    desactivar_persona,
    quitar_rol,
    retirar_segundo_factor,
)
from direcciones.models import Membresia
from direcciones.services.membresias import terminar_membresia
from tests.cuentas.conftest import cliente, con_totp, escribir_clave
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def una(persona, rol: str) -> Membresia:
    with como_sistema("prueba"):
        return Membresia.objects.get(persona=persona, rol=rol)


# --- Lists ---
def test_the_list_finds_people(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    assert navegador.get(reverse("cuentas:usuarios")).context["cuantas"] == 18

    def nombres(**filtros) -> list[str]:
        return [p.nombre for p in navegador.get(reverse("cuentas:usuarios"), filtros).context["personas"]]

    assert nombres(q="laura") == ["Laura Pérez"]
    assert nombres(q="otra_enlace@") == ["Marta Díaz"]
    assert nombres(rol="director") == ["Beatriz Soto", "Hernán Silva"]
    assert nombres(entidad=elenco.secretaria.pk) == ["Camilo Rojas", "Inés Gómez", "Laura Pérez"]
    assert nombres(estado="sin_rol") == ["Nadie Ajeno"]
    assert nombres(estado="inactivos") == []
    assert nombres(q="nadie se llama así") == []
    assert nombres(rol="inventado") == []


def test_the_list_goes_on_without_repeating(elenco: Elenco, entrar) -> None:
    for n in range(20):
        FabricaPersona(nombre="Igual Nombre", correo=f"igual{n}@prueba.example")
    navegador = entrar(elenco.administradora)
    primera = navegador.get(reverse("cuentas:usuarios")).context
    segunda = navegador.get(reverse("cuentas:usuarios"), {"despues": primera["siguiente"]}).context
    vistos = [p.pk for p in (*primera["personas"], *segunda["personas"])]
    assert len(vistos) == len(set(vistos)) == 38
    assert segunda["siguiente"] == ""


def test_the_list_costs_the_same_with_more_people(elenco: Elenco, entrar, django_assert_num_queries) -> None:
    navegador = entrar(elenco.administradora)
    with CaptureQueriesContext(
        connection,
    ) as pocas:
        navegador.get(reverse("cuentas:usuarios"), {"q": "laura"})
    with CaptureQueriesContext(connection) as muchas:
        navegador.get(reverse("cuentas:usuarios"))
    assert len(muchas) == len(pocas)


@pytest.mark.parametrize(
    "parte", ["enlace", "admin_entidad", "asesora", "directora", "subsecretaria", "ventanilla", "ajena"]
)
def test_others_do_not_see_users(elenco: Elenco, entrar, parte: str) -> None:
    navegador = entrar(getattr(elenco, parte))
    for nombre in ("cuentas:usuarios", "cuentas:invitaciones", "cuentas:accesos", "cuentas:invitar"):
        assert navegador.get(reverse(nombre)).status_code == 403
    assert navegador.get(reverse("cuentas:usuario", args=[elenco.enlace.pk])).status_code == 403


def test_the_auditor_reads_and_changes_nothing(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.auditora)
    pagina = navegador.get(reverse("cuentas:usuario", args=[elenco.enlace.pk]))
    assert pagina.status_code == 200
    assert "Desactivar" not in pagina.content.decode()
    assert "Invitar" not in navegador.get(reverse("cuentas:usuarios")).content.decode()
    for nombre in ("desactivar_usuario", "activar_usuario", "desbloquear_usuario", "agregar_rol", "corregir_usuario"):
        assert navegador.post(reverse(f"cuentas:{nombre}", args=[elenco.enlace.pk])).status_code == 403


def test_every_page_of_the_administrador_opens(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    for nombre in ("usuarios", "invitaciones", "accesos", "invitar"):
        assert navegador.get(reverse(f"cuentas:{nombre}")).status_code == 200
    for nombre in ("usuario", "corregir_usuario", "agregar_rol", "desactivar_usuario", "retirar_segundo_factor"):
        assert navegador.get(reverse(f"cuentas:{nombre}", args=[elenco.asesora.pk])).status_code == 200
    assert navegador.get(reverse("cuentas:terminar_rol", args=[una(elenco.asesora, "asesor").pk])).status_code == 200
    assert navegador.get(reverse("cuentas:usuario", args=[999999])).status_code == 404


# --- Invite ---
def test_inviting_from_the_screen(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    datos = {
        "correo": "nuevo@sdg.example",
        "nombre": "Nuevo",
        "cargo": "",
        "rol": "asesor",
        "entidad": "",
        "dependencia": elenco.tecnica.pk,
    }
    respuesta = navegador.post(reverse("cuentas:invitar"), datos, follow=True)
    pagina = respuesta.content.decode()
    assert "Enviamos la invitación a nuevo@sdg.example" in pagina
    assert "Pendiente" in pagina

    with como_sistema("prueba"):
        fila = Invitacion.objects.get()
    navegador.post(reverse("cuentas:reenviar_invitacion", args=[fila.pk]))
    navegador.post(reverse("cuentas:anular_invitacion", args=[fila.pk]))
    repetida = navegador.post(reverse("cuentas:anular_invitacion", args=[fila.pk]), follow=True).content.decode()
    assert "ya se aceptó o se anuló" in repetida


def test_the_place_is_asked_where_it_is_missing(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    base = {"correo": "nuevo@sdg.example", "nombre": "Nuevo", "cargo": "", "entidad": "", "dependencia": ""}
    assert "entidad" in navegador.post(reverse("cuentas:invitar"), base | {"rol": "enlace"}).context["form"].errors
    assert "dependencia" in navegador.post(reverse("cuentas:invitar"), base | {"rol": "asesor"}).context["form"].errors
    assert navegador.post(reverse("cuentas:invitar"), base | {"rol": "ventanilla"}).status_code == 302


# --- Roles ---
def test_giving_a_role_tells_the_person(elenco: Elenco) -> None:
    with actuar(elenco.administradora):
        dar_rol(persona=elenco.asesora, rol="revisor", dependencia=elenco.sistema_archivos)
        with pytest.raises(ValidationError, match="ya tiene ese rol"):
            dar_rol(persona=elenco.asesora, rol="revisor", dependencia=elenco.sistema_archivos)

    with como_sistema("prueba"):
        assert Entrega.objects.filter(tipo="avisos.correo", destinatario=elenco.asesora.correo).count() == 1
        suceso = Suceso.objects.filter(accion="membresia.agregar").latest("id")
    assert suceso.actor_id == elenco.administradora.pk


def test_a_role_from_the_screen(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    url = reverse("cuentas:agregar_rol", args=[elenco.asesora.pk])
    datos = {
        "rol": "revisor",
        "entidad": "",
        "dependencia": elenco.sistema_archivos.pk,
        "cargo": "",
        "desde": "2026-01-01",
    }
    assert navegador.post(url, datos).status_code == 302
    assert navegador.post(url, datos).context["form"].non_field_errors() == ["Esa persona ya tiene ese rol ahí."]
    fin = reverse("cuentas:terminar_rol", args=[una(elenco.asesora, "revisor").pk])
    assert navegador.post(fin, {"hasta": "2020-01-01", "motivo": ""}).status_code == 200
    assert navegador.post(fin, {"hasta": "", "motivo": ""}).status_code == 302
    assert navegador.post(url, datos | {"desde": ""}).status_code == 200
    pagina = navegador.get(reverse("cuentas:usuario", args=[elenco.asesora.pk])).content.decode()
    assert "Terminado" in pagina


def test_an_ended_role_may_be_given_again_the_same_day(elenco: Elenco) -> None:
    with actuar(elenco.administradora):
        quitar_rol(membresia=una(elenco.asesora, "asesor"))
        nueva = dar_rol(persona=elenco.asesora, rol="asesor", dependencia=elenco.sistema_archivos)
        assert nueva.esta_vigente()
        assert Membresia.objects.activas().filter(persona=elenco.asesora).count() == 1


def test_a_role_may_end_at_a_day_to_come(elenco: Elenco) -> None:
    manana = timezone.localdate() + timedelta(days=1)
    with actuar(elenco.administradora):
        fila = terminar_membresia(membresia=una(elenco.asesora, "asesor"), hasta=manana)
        assert fila.esta_vigente()
        assert not fila.esta_vigente(manana + timedelta(days=1))
        terminar_membresia(membresia=fila)
        with pytest.raises(ValidationError, match="ya había terminado"):
            terminar_membresia(membresia=fila)


def test_the_last_administrador_stays(elenco: Elenco, entrar) -> None:
    with actuar(elenco.administradora):
        with pytest.raises(ValidationError, match="único administrador"):
            terminar_membresia(membresia=una(elenco.administradora, "administrador"))
        with pytest.raises(ValidationError, match="su propio usuario"):
            desactivar_persona(persona=elenco.administradora, motivo="x")
    otra = FabricaMembresia(persona=FabricaPersona(), rol="administrador", entidad=None)
    with actuar(elenco.administradora):
        terminar_membresia(membresia=una(elenco.administradora, "administrador"))
    with actuar(otra), pytest.raises(ValidationError):
        terminar_membresia(membresia=otra)


# --- Disable, correct, unlock ---
def test_disabling_from_the_screen_needs_a_reason(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    url = reverse("cuentas:desactivar_usuario", args=[elenco.enlace.pk])
    assert navegador.post(url, {"motivo": ""}).context["form"].errors
    assert navegador.post(url, {"motivo": "Se retiró"}).status_code == 302
    elenco.enlace.refresh_from_db()
    assert not elenco.enlace.is_active
    with como_sistema("prueba"):
        suceso = Suceso.objects.filter(accion="persona.desactivar").get()
    assert (suceso.motivo, suceso.cambios) == ("Se retiró", {"activa": (True, False)})
    navegador.post(reverse("cuentas:activar_usuario", args=[elenco.enlace.pk]))
    elenco.enlace.refresh_from_db()
    assert elenco.enlace.is_active


@pytest.mark.parametrize("parte", ["admin_entidad", "directora", "subsecretaria", "auditora", "enlace"])
def test_only_the_administrador_changes_accounts(elenco: Elenco, parte: str) -> None:
    with actuar(getattr(elenco, parte)):
        for servicio, datos in (
            (desactivar_persona, {"motivo": "x"}),
            (activar_persona, {}),
            (retirar_segundo_factor, {"motivo": "x"}),
            (corregir_persona, {"correo": "otro@prueba.example"}),
            (corregir_persona, {"nombre": "Otro"}),
        ):
            with pytest.raises(ValidationError):
                servicio(persona=elenco.colega, **datos)


def test_unlocking_forgets_the_failed_tries(elenco: Elenco, entrar) -> None:
    for _ in range(6):
        escribir_clave(cliente(), elenco.enlace.correo, "mala")
    navegador = entrar(elenco.administradora)
    assert (
        "Con intentos fallidos" in navegador.get(reverse("cuentas:usuario", args=[elenco.enlace.pk])).content.decode()
    )
    navegador.post(reverse("cuentas:desbloquear_usuario", args=[elenco.enlace.pk]))
    assert not AccessAttempt.objects.exists()
    assert escribir_clave(cliente(), elenco.enlace.correo).status_code == 302


def test_another_mail_ends_sessions(elenco: Elenco, entrar) -> None:
    """N04: and the links sent to the previous one die (test_recuperar)."""
    enlace = entrar(elenco.enlace)
    navegador = entrar(elenco.administradora)
    url = reverse("cuentas:corregir_usuario", args=[elenco.enlace.pk])
    datos = {"nombre": "Laura Pérez", "correo": "Laura.Perez@sdg.example", "cargo": "", "telefono": ""}
    assert navegador.post(url, datos).status_code == 302
    elenco.enlace.refresh_from_db()
    assert elenco.enlace.correo == "laura.perez@sdg.example"
    assert enlace.get(reverse("cuentas:cuenta")).status_code == 302
    repetido = navegador.post(url, datos | {"correo": elenco.colega.correo.upper()})
    assert "Ya hay una persona con ese correo" in repetido.content.decode()


def test_personal_data_do_not_enter_the_bitacora(elenco: Elenco) -> None:
    with actuar(elenco.administradora):
        corregir_persona(persona=elenco.enlace, nombre="Otro Nombre", telefono="601 555 0000")
    with como_sistema("prueba"):
        suceso = Suceso.objects.filter(accion="persona.corregir").get()
    assert suceso.cambios == {"campos": (None, ["nombre", "telefono"])}


def test_losing_the_phone(elenco: Elenco, entrar) -> None:
    con_totp(elenco.directora)
    dentro = entrar(elenco.directora)
    navegador = entrar(elenco.administradora)
    navegador.post(
        reverse("cuentas:retirar_segundo_factor", args=[elenco.directora.pk]), {"motivo": "Perdió el teléfono"}
    )
    assert not inscrito(elenco.directora)
    assert dentro.get(reverse("cuentas:cuenta")).status_code == 302


# --- Own account ---
def test_a_person_corrects_their_own_data(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.enlace)
    assert navegador.get(reverse("cuentas:datos")).status_code == 200
    navegador.post(
        reverse("cuentas:datos"),
        {
            "nombre": "Laura P. Molano",
            "cargo": "Jefe",
            "telefono": "1",
            "atajos": "on",
            "correo": "x@y.example",
            "is_active": "",
        },
    )
    elenco.enlace.refresh_from_db()
    assert (elenco.enlace.nombre, elenco.enlace.atajos, elenco.enlace.is_active) == ("Laura P. Molano", True, True)
    assert elenco.enlace.correo == "enlace@prueba.example"


def test_the_account_page_of_everybody(elenco: Elenco, entrar) -> None:
    for nombre, persona in elenco.personas().items():
        assert entrar(persona).get(reverse("cuentas:cuenta")).status_code == 200, nombre
