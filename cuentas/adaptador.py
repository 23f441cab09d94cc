"""How allauth behaves here: no open sign-up, no enumeration, our words, our outbox, our lockout."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_encode

from alcance import como_sistema, con_alcance, exigir
from avisos.services import enviar_correo
from bandeja.services import anotar
from bitacora.services import registrar
from cuentas import correo, red, segundo_factor, sesiones
from direcciones.models import Persona


class AdaptadorCuentas(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Su usuario está desactivado.",
        "email_password_mismatch": "El correo o la contraseña no son correctos. Revise los dos e intente de nuevo.",
        "enter_current_password": "Esa no es su contraseña actual. Escríbala de nuevo.",
        "incorrect_code": "Ese código no es correcto o ya se usó. Espere el siguiente e intente de nuevo.",
        "incorrect_password": "Esa no es su contraseña. Escríbala de nuevo.",
        "invalid_password_reset": "El enlace ya se usó o venció. Pida otro.",
        "rate_limited": "Hizo muchos intentos. Espere diez minutos y pruebe de nuevo.",
        "too_many_login_attempts": "Hizo muchos intentos. Espere diez minutos y pruebe de nuevo.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are born by invitation only."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Sign-in has one face: pages."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return red.ip_del_cliente(request)

    def is_safe_url(self, url: str) -> bool:
        """Come back only inside this same portal, by a path that no browser reads as a host (security.md S08)."""
        return (
            bool(url) and url[0] == "/" and url[:2] not in {"//", "/\\"} and url_has_allowed_host_and_scheme(url, None)
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The session ended with the old password: sign in with the new one."""
        return reverse("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again right after signing in: who enrols the second factor does not type the password twice."""
        request = context.request
        registros = get_authentication_records(request, request.user)
        limite = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(r["at"] > limite for r in registros)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The second factor first: it proves more than a password does."""
        return sorted(super().get_reauthentication_methods(user), key=lambda m: m["id"] != "mfa_reauthenticate")

    # --- Sessions ---
    def login(self, request: HttpRequest, user: Persona) -> None:  # type: ignore[override]
        request.session.pop(sesiones.INICIO, None)
        request.session[sesiones.ORIGEN] = {
            "ip": red.ip_del_cliente(request),
            "navegador": self.get_http_user_agent(request),
        }
        super().login(request, user)
        with con_alcance(replace(exigir(), persona_id=user.pk)):  # the request began when it was nobody's
            registrar(accion="cuenta.entrar", objeto=user)

    def logout(self, request: HttpRequest) -> None:
        registrar(accion="cuenta.salir", objeto=request.user)  # type: ignore[arg-type]
        super().logout(request)

    def set_password(self, user: Persona, password: str) -> None:  # type: ignore[override]
        """Every session of the person ends with the old password (security.md S02)."""
        super().set_password(user, password)
        sesiones.terminar_todas(user)
        registrar(accion="cuenta.cambiar_clave", objeto=user)

    # --- Mail ---
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"Nadie escribió el correo {template_prefix}.")

    def send_notification_mail(
        self, template_prefix: str, user: Persona, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        with como_sistema("avisar un cambio de la cuenta"):  # whoever resets a password is still nobody
            enviar_correo(
                a=user.correo,
                nombre=user.nombre,
                carta=correo.aviso_de_cuenta(template_prefix),
                clave=correo.clave_de_ahora(template_prefix, user),
                evento="cuentas.seguridad",
            )

    def send_password_reset_mail(self, user: Persona, email: str, context: dict[str, Any]) -> None:  # type: ignore[override]
        """One outbox row; who never accepted an invitation has no password to change."""
        if not user.has_usable_password():
            return
        with como_sistema("enviar el enlace de recuperación"):
            anotar(
                tipo="cuentas.recuperacion",
                clave=correo.clave_de_ahora("recuperacion", user),
                destinatario=user.correo,
                carga={"persona": user.pk},
            )


class AdaptadorSocial(DefaultSocialAccountAdapter):
    """Sign-in with the institution's own accounts (OpenID Connect), when it is configured."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link on first use, only when the provider vouches for the mailbox of somebody we know (security.md N10)."""
        if sociallogin.is_existing:
            return
        verificados = {d.email.lower() for d in sociallogin.email_addresses if d.verified is True}
        persona = Persona.objects.filter(correo__in=verificados, is_active=True).first() if verificados else None
        if persona is None:
            raise ImmediateHttpResponse(redirect("socialaccount_login_error"))
        sociallogin.connect(request, persona)
        registrar(accion="cuenta.vincular", objeto=persona)

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: str = "", **kwargs: Any) -> None:
        pagina = "cancelled" if error == AuthError.CANCELLED else "error"
        raise ImmediateHttpResponse(redirect(f"socialaccount_login_{pagina}"))


@cache
def _cifra() -> MultiFernet:
    """From SECRET_KEY, and from its older values for reading (security.md X04)."""
    llaves = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derivadas = [salted_hmac("cuentas.segundo_factor", "", secret=llave, algorithm="sha256") for llave in llaves]
    return MultiFernet([Fernet(urlsafe_base64_encode(d.digest()) + "=") for d in derivadas])


class AdaptadorSegundoFactor(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Su rol necesita el segundo factor: no se puede retirar.",
        "cannot_generate_recovery_codes": "Active primero la aplicación de códigos.",
        "incorrect_code": AdaptadorCuentas.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return _cifra().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cifra().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """No inline style and no second library: the page shows it as an image from data (CSP img-src data:)."""
        salida = BytesIO()
        segno.make(url, error="m").save(salida, kind="svg", scale=5, border=3, light="#fff", xmldecl=False)
        return salida.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not segundo_factor.exige_segundo_factor(getattr(context.request, "membresias", ()))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        AdaptadorCuentas(context.request).send_notification_mail(*args, **kwargs)
