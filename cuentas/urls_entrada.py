"""Sign-in at our own addresses. Pages of allauth that we do not offer keep their name, which its code looks up, and
answer 404 (architecture §8.10)."""

from allauth.account import views as cuenta
from allauth.mfa.base import views as segundo
from allauth.mfa.recovery_codes import views as codigos
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path, re_path

from cuentas import provider
from cuentas.politicas import NO_OFRECIDAS
from cuentas.views import entrada

urlpatterns = [
    path("entrar/", cuenta.login, name="account_login"),
    path("entrar/codigo/", segundo.authenticate, name="mfa_authenticate"),
    path("entrar/inactivo/", cuenta.account_inactive, name="account_inactive"),
    path("entrar/institucional/cancelado/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("entrar/institucional/error/", entrada.error_institucional, name="socialaccount_login_error"),
    path("entrar/institucional/<slug:provider_id>/", provider.ida, name="openid_connect_login"),
    path("entrar/institucional/<slug:provider_id>/vuelta/", provider.vuelta, name="openid_connect_callback"),
    path("salir/", entrada.salir, name="account_logout"),
    path("recuperar/", cuenta.password_reset, name="account_reset_password"),
    path("recuperar/enviado/", cuenta.password_reset_done, name="account_reset_password_done"),
    path("recuperar/listo/", cuenta.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^recuperar/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z-]{1,100})/$",
        cuenta.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("cuenta/clave/", cuenta.password_change, name="account_change_password"),
    path("cuenta/confirmar/", cuenta.reauthenticate, name="account_reauthenticate"),
    path("cuenta/confirmar/codigo/", segundo.reauthenticate, name="mfa_reauthenticate"),
    path("cuenta/segundo-factor/", segundo.index, name="mfa_index"),
    path("cuenta/segundo-factor/activar/", entrada.activar_totp, name="mfa_activate_totp"),
    path("cuenta/segundo-factor/retirar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("cuenta/segundo-factor/codigos/", codigos.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("cuenta/segundo-factor/codigos/nuevos/", codigos.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "cuenta/segundo-factor/codigos/descargar/",
        entrada.descargar_codigos,
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns += [path(f"entrar/no/{nombre}/", entrada.no_ofrecida, name=nombre) for nombre in NO_OFRECIDAS]
