"""Sign-in with the institution's account (OpenID Connect), stricter than allauth's own (security.md N10).

allauth sends no nonce, takes an id_token unsigned because it came by TLS, and does without one. Here it is required,
signed with a key of the provider, for this portal, in date, and of the very trip this browser began. allauth finds
`provider_classes` by the name of this module; its own application is not installed.
"""

from typing import Any

import jwt
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string

FIRMAS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
ESPERA = 10  # seconds for the provider to give its keys


class Adaptador(OpenIDConnectOAuth2Adapter):
    nonce = ""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        dicho = self._leer(app, kwargs["response"].get("id_token") or "")
        datos = {"id_token": dicho}
        if "userinfo_endpoint" in self.openid_config:
            datos["userinfo"] = self._fetch_user_info(token.token)
            if datos["userinfo"].get("sub") != dicho["sub"]:
                raise OAuth2Error("userinfo is about somebody else")
        return self.get_provider().sociallogin_from_response(request, datos)

    def _leer(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            llave = jwt.PyJWKClient(self.openid_config["jwks_uri"], timeout=ESPERA).get_signing_key_from_jwt(id_token)
            dicho = jwt.decode(
                id_token,
                llave.key,
                algorithms=FIRMAS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("invalid id_token") from error
        if not self.nonce or not constant_time_compare(str(dicho["nonce"]), self.nonce):
            raise OAuth2Error("the id_token answers another trip")
        return dict(dicho)


class Proveedor(OpenIDConnectProvider):
    oauth2_adapter_class = Adaptador

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Go with a nonce that waits in the session beside the state."""
        nonce = get_random_string(32)
        kwargs["auth_params"] = {**(kwargs.get("auth_params") or self.get_auth_params()), "nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)


class Vuelta(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        estado, respuesta = super()._get_state(request, provider)
        self.adapter.nonce = (estado or {}).get("nonce", "")
        return estado, respuesta


provider_classes = [Proveedor]


def _servir(vista: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return vista.adapter_view(Adaptador(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404("La entrada institucional no está configurada.") from error


@login_not_required
def ida(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _servir(OAuth2LoginView, request, provider_id)


@login_not_required
def vuelta(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _servir(Vuelta, request, provider_id)
