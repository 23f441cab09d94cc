"""Who may open each page of allauth that we serve. tests/cuentas/test_rutas.py holds this list to the URLconf."""

from alcance.politicas import Politica, registrar_externa

PUBLICAS = {
    "account_login": "entrar",
    "account_logout": "salir: quien no ha entrado no pierde nada",
    "account_inactive": "dice que el usuario está desactivado; no dice de quién",
    "account_reset_password": "pedir contraseña nueva: responde lo mismo exista o no el correo",
    "account_reset_password_done": "la respuesta de siempre a la página anterior",
    "account_reset_password_from_key": "solo con el enlace secreto del correo",
    "account_reset_password_from_key_done": "dice que la contraseña cambió",
    "mfa_authenticate": "segundo paso de entrar: exige haber pasado el primero",
    "openid_connect_login": "va a la cuenta institucional; 404 si no está configurada",
    "openid_connect_callback": "vuelve de la cuenta institucional; 404 si no está configurada",
    "socialaccount_login_cancelled": "dice que la persona no entró",
    "socialaccount_login_error": "dice que no se pudo entrar",
}
# Names that the code of allauth looks up and the portal does not offer: always 404 (architecture §8.10).
NO_OFRECIDAS = (
    "account_signup",
    "account_email",
    "account_set_password",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "socialaccount_signup",
    "socialaccount_connections",
)
PROPIAS = {
    "account_change_password": "cada quien cambia su contraseña",
    "account_reauthenticate": "cada quien confirma que es quien entró",
    "mfa_reauthenticate": "cada quien confirma que es quien entró",
    "mfa_index": "cada quien ve su segundo factor",
    "mfa_activate_totp": "cada quien activa su segundo factor",
    "mfa_deactivate_totp": "cada quien retira su segundo factor, si su rol lo permite",
    "mfa_view_recovery_codes": "cada quien ve sus códigos de recuperación",
    "mfa_generate_recovery_codes": "cada quien renueva sus códigos de recuperación",
    "mfa_download_recovery_codes": "cada quien descarga sus códigos de recuperación",
}


def registrar_externas() -> None:
    for nombre, porque in PUBLICAS.items():
        registrar_externa(nombre, Politica(publica=True, porque=porque))
    for nombre, porque in PROPIAS.items():
        registrar_externa(nombre, Politica(porque=porque))
