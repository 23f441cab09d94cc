"""Sign-in with the institution's account, against a provider of our own on loopback (N10)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from alcance import como_sistema
from bitacora.models import Suceso
from direcciones.models import Persona
from tests.cuentas.conftest import con_totp
from tests.cuentas.proveedor_de_prueba import CLIENTE, SECRETO, Proveedor
from tests.soporte.elenco import Elenco
from tests.soporte.settings import RAIZ_PROYECTO

pytestmark = pytest.mark.django_db
IDA = reverse("openid_connect_login", args=["oidc"])
VUELTA = reverse("openid_connect_callback", args=["oidc"])
ERROR = reverse("socialaccount_login_error")


@pytest.fixture(scope="module")
def servidor() -> Iterator[Proveedor]:
    proveedor = Proveedor()
    yield proveedor
    proveedor.cerrar()


@pytest.fixture(scope="module")
def configuracion(servidor: Proveedor) -> dict[str, Any]:
    """What the settings make of the three variables of an installation."""
    variables = {"OIDC_SERVIDOR": servidor.url, "OIDC_CLIENTE": CLIENTE, "OIDC_SECRETO": SECRETO}
    orden = "import json, sdfi_portal.settings as s; print(json.dumps(s.SOCIALACCOUNT_PROVIDERS))"
    hecho = subprocess.run(
        [sys.executable, "-c", orden], cwd=RAIZ_PROYECTO, env=os.environ | variables, capture_output=True, text=True
    )
    assert hecho.returncode == 0, hecho.stderr
    return dict(json.loads(hecho.stdout))


@pytest.fixture
def idp(servidor: Proveedor, configuracion, settings, elenco: Elenco) -> Proveedor:
    settings.SOCIALACCOUNT_PROVIDERS = configuracion
    servidor.persona = {"sub": "id-laura", "email": elenco.enlace.correo, "email_verified": True}
    servidor.mentira, servidor.usuario, servidor.canjes = {}, None, 0
    servidor.ajustes = {"alg": "RS256", "llave": servidor.llave, "kid": "1"}
    return servidor


def ir(idp: Proveedor, navegador: Client) -> dict[str, str]:
    """Press the button and arrive at the provider, with what the portal asked of it."""
    respuesta = navegador.post(IDA)
    assert respuesta.status_code == 302, respuesta.content
    destino = urlsplit(respuesta["Location"])
    assert f"{destino.scheme}://{destino.netloc}{destino.path}" == f"{idp.url}/entrar"
    idp.viaje = dict(parse_qsl(destino.query))
    return idp.viaje


def volver(idp: Proveedor, navegador: Client, **cambios: str) -> Any:
    return navegador.get(VUELTA, {"code": "abc", "state": idp.viaje["state"], **cambios})


def entro(navegador: Client) -> bool:
    return navegador.get(reverse("cuentas:cuenta")).status_code == 200


def vinculadas() -> int:
    return SocialAccount.objects.count()


def rehusada(respuesta: Any, navegador: Client) -> None:
    assert (respuesta.status_code, respuesta["Location"]) == (302, ERROR)
    assert not entro(navegador)
    assert vinculadas() == 0


def test_the_first_time_links_the_account_and_the_second_only_signs_in(idp, anonimo: Client, elenco: Elenco) -> None:
    viaje = ir(idp, anonimo)
    assert viaje["response_type"] == "code"
    assert viaje["code_challenge_method"] == "S256"
    assert set(viaje["scope"].split()) == {"openid", "profile", "email"}
    assert len(viaje["nonce"]) >= 32
    assert viaje["redirect_uri"].endswith(f"://testserver{VUELTA}")
    assert volver(idp, anonimo)["Location"] == reverse("inicio")
    assert entro(anonimo)
    assert SocialAccount.objects.get().user_id == elenco.enlace.pk
    anonimo.post(reverse("account_logout"))
    ir(idp, anonimo)
    assert volver(idp, anonimo)["Location"] == reverse("inicio")
    assert entro(anonimo)
    with como_sistema("prueba"):
        acciones = (
            Suceso.objects.filter(objeto_id=str(elenco.enlace.pk)).order_by("id").values_list("accion", flat=True)
        )
        assert list(acciones) == ["cuenta.vincular", "cuenta.entrar", "cuenta.salir", "cuenta.entrar"]


@pytest.mark.parametrize(
    "mentira",
    [
        {"nonce": "otro-viaje"},
        {"nonce": None},
        {"aud": "otro-portal"},
        {"iss": "https://otro.example"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": "otra-persona"},
    ],
    ids=lambda m: "-".join(map(str, *m.items())),
)
def test_a_token_that_lies_is_refused(idp, anonimo: Client, mentira: dict[str, Any]) -> None:
    ir(idp, anonimo)
    idp.mentira = mentira
    rehusada(volver(idp, anonimo), anonimo)
    assert idp.canjes == 1  # it was the token that was refused, not the trip


@pytest.mark.parametrize(
    "ajustes",
    [
        {"alg": "none", "llave": None},
        {"alg": "HS256", "llave": SECRETO * 3},
        {"llave": rsa.generate_private_key(65537, 2048)},
        {"kid": "desconocida"},
        {"alg": None},
    ],
    ids=["sin firma", "firmado con el secreto", "otra llave", "llave desconocida", "sin id_token"],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(idp, anonimo: Client, ajustes: dict[str, Any]) -> None:
    ir(idp, anonimo)
    idp.ajustes |= ajustes
    rehusada(volver(idp, anonimo), anonimo)
    assert idp.canjes == 1


def test_a_wrong_or_used_state_is_refused(idp, anonimo: Client) -> None:
    """Nobody signs somebody else in with a link: the code is not even exchanged."""
    ir(idp, anonimo)
    rehusada(volver(idp, anonimo, state="inventado"), anonimo)
    otro = Client(**{"wsgi.url_scheme": "https"})
    rehusada(volver(idp, otro), otro)
    assert idp.canjes == 0
    assert volver(idp, anonimo)["Location"] == reverse("inicio")
    anonimo.post(reverse("account_logout"))
    assert volver(idp, anonimo)["Location"] == ERROR
    assert idp.canjes == 1


@pytest.mark.parametrize("verificado", [False, None, "true"])
def test_a_mailbox_nobody_vouches_for_links_nothing(idp, anonimo: Client, verificado: Any) -> None:
    idp.persona["email_verified"] = verificado
    ir(idp, anonimo)
    rehusada(volver(idp, anonimo), anonimo)


def test_a_stranger_gets_a_page_and_no_account(idp, anonimo: Client) -> None:
    antes = Persona.objects.count()
    idp.persona["email"] = "nadie@otra.example"
    ir(idp, anonimo)
    rehusada(volver(idp, anonimo), anonimo)
    pagina = anonimo.get(ERROR)
    assert "Pedir un usuario" in pagina.content.decode()
    assert Persona.objects.count() == antes


def test_who_lost_the_account_does_not_come_back_through_the_institution(idp, anonimo: Client, elenco: Elenco) -> None:
    ir(idp, anonimo)
    volver(idp, anonimo)
    anonimo.post(reverse("account_logout"))
    Persona.objects.filter(pk=elenco.enlace.pk).update(is_active=False)
    ir(idp, anonimo)
    assert volver(idp, anonimo)["Location"] == reverse("account_inactive")
    assert not entro(anonimo)


def test_the_second_factor_is_asked_all_the_same(idp, anonimo: Client, elenco: Elenco) -> None:
    con_totp(elenco.directora)
    idp.persona = {"sub": "id-directora", "email": elenco.directora.correo, "email_verified": True}
    ir(idp, anonimo)
    assert volver(idp, anonimo)["Location"].startswith(reverse("mfa_authenticate"))
    assert not entro(anonimo)


def test_who_cancels_there_is_told_so(idp, anonimo: Client) -> None:
    ir(idp, anonimo)
    respuesta = anonimo.get(VUELTA, {"error": "access_denied", "state": idp.viaje["state"]})
    assert respuesta["Location"] == reverse("socialaccount_login_cancelled")


def test_without_configuration_there_is_no_such_page(anonimo: Client) -> None:
    assert anonimo.get(IDA).status_code == anonimo.get(VUELTA).status_code == 404
