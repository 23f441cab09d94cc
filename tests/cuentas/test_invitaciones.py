"""Invitations: offered to a mailbox, once, for 72 hours (N04, N05, N07); only by who may (R47)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as ajustes
from hypothesis import strategies as st

from alcance import Alcance, como_sistema, con_alcance
from bandeja.models import Entrega
from bandeja.services import entregar
from cuentas.models import Invitacion, huella
from cuentas.services.invitaciones import aceptar, anular, invitar, por_token, reenviar
from direcciones.models import Membresia, Persona
from tests.cuentas.conftest import cliente
from tests.fabricas import FabricaEntidad, FabricaPersona, actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CLAVE = "una clave para empezar"


def ofrecer(elenco: Elenco, por: str = "administradora", **datos) -> Invitacion:
    """An invitation to be enlace of the secretaría."""
    valores = {
        "correo": "Nueva.Persona@sdg.example",
        "nombre": "Nueva Persona",
        "rol": "enlace",
        "entidad": elenco.secretaria,
    }
    with actuar(getattr(elenco, por)):
        return invitar(**(valores | datos))


def abrir(fila: Invitacion, navegador: Client | None = None):
    return (navegador or cliente()).get(reverse("cuentas:invitacion", args=[fila.token()]))


def activar(fila: Invitacion, navegador: Client | None = None, clave: str = CLAVE):
    return (navegador or cliente()).post(
        reverse("cuentas:invitacion", args=[fila.token()]), {"password1": clave, "password2": clave}
    )


def roles(correo: str) -> list[tuple[str, int | None]]:
    with como_sistema("prueba"):
        filas = Membresia.objects.activas().filter(persona__correo=correo)
        return sorted(filas.values_list("rol", "entidad_id"))


def test_accepting_creates_the_account_gives_the_role_and_enters(elenco: Elenco, anonimo: Client) -> None:
    fila = ofrecer(elenco)
    assert "Nueva Persona" in abrir(fila, anonimo).content.decode()
    respuesta = activar(fila, anonimo)
    assert respuesta.status_code == 302
    assert SESSION_KEY in anonimo.session
    assert roles("nueva.persona@sdg.example") == [("enlace", elenco.secretaria.pk)]
    persona = Persona.objects.get(correo="nueva.persona@sdg.example")
    assert persona.check_password(CLAVE)
    with como_sistema("prueba"):
        membresia = Membresia.objects.get(persona=persona)
        fila.refresh_from_db()
    assert membresia.creada_por == elenco.administradora
    assert (fila.estado, fila.persona) == ("aceptada", persona)


def test_a_role_that_needs_it_goes_straight_to_the_second_factor(elenco: Elenco, anonimo: Client) -> None:
    activar(ofrecer(elenco, rol="director", entidad=None, dependencia=elenco.archivo), anonimo)
    assert anonimo.get(reverse("cuentas:cuenta"))["Location"].startswith(reverse("mfa_activate_totp"))
    assert anonimo.get(reverse("mfa_activate_totp")).status_code == 200, "sin escribir la clave otra vez"


def test_the_link_works_once(elenco: Elenco) -> None:
    fila = ofrecer(elenco)
    activar(fila)
    assert abrir(fila).status_code == 410
    assert activar(fila, clave="otra clave para entrar").status_code == 410
    assert Persona.objects.get(correo=fila.correo).check_password(CLAVE)


def test_the_link_lasts_72_hours(elenco: Elenco) -> None:
    with time_machine.travel(timezone.now(), tick=False) as reloj:
        fila = ofrecer(elenco)
        reloj.shift(timedelta(hours=71, minutes=59))
        assert abrir(fila).status_code == 200
        reloj.shift(timedelta(minutes=1))
        assert abrir(fila).status_code == 410
        assert activar(fila).status_code == 410
        fila.refresh_from_db = None  # type: ignore[method-assign]
        assert fila.estado == "vencida"
    assert not Persona.objects.filter(correo=fila.correo).exists()


def test_sending_it_again_kills_the_previous_link(elenco: Elenco) -> None:
    fila = ofrecer(elenco)
    vieja = fila.token()
    with actuar(elenco.administradora):
        nueva = reenviar(invitacion=fila)
    assert por_token(vieja) is None
    assert por_token(nueva.token()) is not None
    with como_sistema("prueba"):
        assert Entrega.objects.filter(tipo="cuentas.invitacion").count() == 2


def test_an_annulled_link_does_not_work(elenco: Elenco) -> None:
    fila = ofrecer(elenco)
    with actuar(elenco.administradora):
        anular(invitacion=fila)
        with pytest.raises(ValidationError):
            anular(invitacion=fila)
    assert abrir(fila).status_code == 410


def test_a_second_invitation_for_the_same_replaces_the_first(elenco: Elenco) -> None:
    primera, segunda = ofrecer(elenco), ofrecer(elenco)
    assert por_token(primera.token()) is None
    assert por_token(segunda.token()) is not None


def test_opening_links_is_limited_by_who_asks(elenco: Elenco, anonimo: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invitacion": "3/h/ip"}
    ruta = reverse("cuentas:invitacion", args=["a" * 40])
    assert [anonimo.get(ruta).status_code for _ in range(4)] == [410, 410, 410, 429]


@ajustes(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.one_of(st.text(max_size=60), st.text(alphabet="0123456789abcdef", min_size=40, max_size=40)))
def test_an_invented_token_never_matches(elenco: Elenco, token: str) -> None:
    """N05."""
    with transaction.atomic():
        ofrecer(elenco)
        assert por_token(token) is None
        assert aceptar(token=token, clave=CLAVE) is None
        transaction.set_rollback(True)


@pytest.mark.parametrize("token", ["", "0", "null", "None", "undefined", "a" * 39, "a" * 41, "A" * 40, "%00" * 20])
def test_empty_and_strange_tokens(elenco: Elenco, token: str) -> None:
    ofrecer(elenco)
    assert por_token(token) is None
    assert cliente().get(f"/invitacion/{token or '-'}/").status_code in {404, 410}


def test_only_its_hash_is_stored_and_the_outbox_has_no_link(elenco: Elenco) -> None:
    """N07: at least 128 bits, hashed."""
    fila = ofrecer(elenco)
    token = fila.token()
    assert len(token) * 4 >= 128
    with como_sistema("prueba"), connection.cursor() as cursor:
        cursor.execute("select row_to_json(i)::text from cuentas_invitacion i where id = %s", [fila.pk])
        guardado = cursor.fetchone()[0]
        (entrega,) = Entrega.objects.filter(tipo="cuentas.invitacion")
    assert token not in guardado
    assert huella(token) in guardado
    assert token not in str(entrega.carga)


def test_the_mail_welcomes_with_the_link(elenco: Elenco, settings) -> None:
    settings.DOMINIO = "https://portal.bogota.example"
    fila = ofrecer(elenco, por="admin_entidad")
    entregar()
    (mensaje,) = mail.outbox
    assert mensaje.to == ["Nueva Persona <nueva.persona@sdg.example>"]
    assert f"https://portal.bogota.example/invitacion/{fila.token()}/" in mensaje.body
    assert "Inés Gómez" in mensaje.body
    assert ".\xa0m." in mensaje.alternatives[0].content.replace("&nbsp;", "\xa0"), "la hora no se parte en dos líneas"
    assert "en la Secretaría Distrital de Gobierno" in " ".join(mensaje.body.split())


def test_an_accepted_invitation_sends_nothing_more(elenco: Elenco) -> None:
    fila = ofrecer(elenco)
    activar(fila)
    mail.outbox.clear()
    entregar()
    assert not [m for m in mail.outbox if "Active su usuario" in m.subject]


# --- People who already have an account ---
def test_who_has_an_account_only_accepts(elenco: Elenco, anonimo: Client) -> None:
    """The link of a mailbox neither opens the account nor changes its password."""
    fila = ofrecer(elenco, correo=elenco.otra_enlace.correo)
    antes = elenco.otra_enlace.password
    pagina = abrir(fila, anonimo).content.decode()
    assert "Acepte la invitación" in pagina
    assert "password1" not in pagina
    respuesta = activar(fila, anonimo, "una clave que alguien quiso poner")
    assert respuesta["Location"] == reverse("account_login")
    assert SESSION_KEY not in anonimo.session
    elenco.otra_enlace.refresh_from_db()
    assert elenco.otra_enlace.password == antes
    assert roles(elenco.otra_enlace.correo) == sorted(
        [("enlace", elenco.instituto.pk), ("enlace", elenco.secretaria.pk)]
    )


def test_a_disabled_account_is_not_opened_by_a_link(elenco: Elenco) -> None:
    fila = ofrecer(elenco, correo=elenco.otra_enlace.correo)
    elenco.otra_enlace.is_active = False
    elenco.otra_enlace.save()
    assert activar(fila).status_code == 410
    elenco.otra_enlace.refresh_from_db()
    assert not elenco.otra_enlace.is_active


def test_a_person_without_password_sets_it(elenco: Elenco, anonimo: Client) -> None:
    persona = FabricaPersona(correo="espera@sdg.example", clave=None)
    activar(ofrecer(elenco, correo="espera@sdg.example"), anonimo)
    persona.refresh_from_db()
    assert persona.check_password(CLAVE)
    assert SESSION_KEY in anonimo.session


def test_a_weak_password_does_not_spend_the_link(elenco: Elenco) -> None:
    """N12: nor one that looks like the person."""
    fila = ofrecer(elenco)
    for mala in ("corta", "nueva.persona@sdg.example"):
        assert activar(fila, clave=mala).status_code == 200
    assert por_token(fila.token()) is not None


# --- Who may ---
def test_an_entity_administrator_invites_to_their_own_entity(elenco: Elenco) -> None:
    fila = ofrecer(elenco, por="admin_entidad")
    assert fila.creada_por == elenco.admin_entidad


@pytest.mark.parametrize(
    ("por", "datos"),
    [
        ("admin_entidad", {"entidad": "instituto"}),
        ("admin_entidad", {"rol": "administrador", "entidad": None}),
        ("admin_entidad", {"rol": "asesor", "entidad": None, "dependencia": "sistema_archivos"}),
        ("enlace", {}),
        ("directora", {"rol": "asesor", "entidad": None, "dependencia": "sistema_archivos"}),
        ("auditora", {}),
        ("subsecretaria", {}),
        ("ajena", {}),
    ],
)
def test_nobody_else_offers_roles(elenco: Elenco, por: str, datos: dict) -> None:
    resueltos = {k: getattr(elenco, v) if k in {"entidad", "dependencia"} and v else v for k, v in datos.items()}
    with pytest.raises(ValidationError):
        ofrecer(elenco, por=por, **resueltos)


def test_the_database_refuses_too(elenco: Elenco) -> None:
    """Third net: the row-level policy, with the service out of the way."""
    with como_sistema("prueba"):
        modelo = ofrecer(elenco)
    copia = Invitacion(correo="x@y.example", nombre="X", rol="enlace", entidad=elenco.instituto)
    copia.renovar()
    with actuar(elenco.admin_entidad), pytest.raises(DatabaseError), transaction.atomic():
        Invitacion.objects.bulk_create([copia])
    with actuar(elenco.enlace), pytest.raises(DatabaseError), transaction.atomic():
        copia.entidad = elenco.secretaria
        Invitacion.objects.bulk_create([copia])
    with actuar(elenco.otra_enlace), transaction.atomic():
        assert not Invitacion.objects.filter(pk=modelo.pk).exists()


def test_the_link_opens_exactly_its_row(elenco: Elenco) -> None:
    una, otra = ofrecer(elenco), ofrecer(elenco, correo="otra@sdg.example")
    with con_alcance(Alcance(token=una.token_sha256)), transaction.atomic():
        assert list(Invitacion.objects.values_list("pk", flat=True)) == [una.pk]
    assert otra.pk != una.pk


def test_what_one_already_has_is_not_offered(elenco: Elenco) -> None:
    with pytest.raises(ValidationError, match="ya tiene ese rol"):
        ofrecer(elenco, correo=elenco.enlace.correo)


def test_an_entity_with_mail_domains_only_invites_to_them(elenco: Elenco) -> None:
    entidad = FabricaEntidad(dominios_correo="sdg.example, gobierno.example")
    ofrecer(elenco, entidad=entidad)
    with pytest.raises(ValidationError, match=r"sdg\.example o gobierno\.example"):
        ofrecer(elenco, entidad=entidad, correo="alguien@correo-personal.example")
    with pytest.raises(ValidationError):
        ofrecer(elenco, entidad=entidad, correo="alguien@malo-sdg.example")


def test_the_place_fits_the_role(elenco: Elenco) -> None:
    with pytest.raises(ValidationError, match="Un enlace es de una entidad"):
        ofrecer(elenco, entidad=None)
