"""The mails of accounts, as cartas. Those with a secret link are written when they leave, never before."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from avisos.carta import Carta
from cuentas.models import Invitacion, SolicitudAcceso
from direcciones.models import Persona
from direcciones.roles import DE_ENTIDAD
from plazos.fechas import fecha_corrida, hora


def invitacion(fila: Invitacion) -> Carta:
    de_quien = f" de {fila.creada_por.nombre}" if fila.creada_por else ""
    lugar = f" en {fila.lugar_con_articulo}" if fila.lugar else ""
    para_que = "Con él radica solicitudes de asistencia técnica y sigue su turno." if fila.rol in DE_ENTIDAD else ""
    return Carta(
        asunto="Active su usuario en el Portal SDFI",
        que_paso=f"Tiene una invitación{de_quien} para usar el Portal SDFI como {fila.rol_texto}{lugar}.",
        que_hacer=f"Active su usuario con el botón. El enlace sirve una sola vez. {para_que}".strip(),
        fecha_limite=_dia_y_hora(fila.vence_en),
        boton="Activar mi usuario",
        ruta=reverse("cuentas:invitacion", args=[fila.token()]),
    )


def _dia_y_hora(instante: datetime) -> str:
    local = timezone.localtime(instante)
    return f"{fecha_corrida(local.date())}, {hora(local.time().replace(second=0, microsecond=0))}"


def recuperacion(persona: Persona, token: str) -> Carta:
    return Carta(
        asunto="Cambie su contraseña del Portal SDFI",
        que_paso="Alguien pidió cambiar la contraseña de su usuario. Si fue usted, elija una nueva.",
        que_hacer="El enlace sirve una sola vez, durante una hora. Si no fue usted, no haga nada: nada cambió.",
        boton="Elegir contraseña nueva",
        ruta=reverse("account_reset_password_from_key", args=[int_to_base36(persona.pk), token]),
    )


def rechazo_de_acceso(fila: SolicitudAcceso) -> Carta:
    return Carta(
        asunto="Su solicitud de usuario en el Portal SDFI",
        que_paso=f"Revisamos su solicitud de usuario para {fila.entidad}. No podemos crearlo: {fila.motivo_rechazo}",
        que_hacer="Si corrige lo que dice este correo, puede pedirlo de nuevo.",
        boton="Pedir un usuario",
        ruta=reverse("cuentas:pedir_usuario"),
    )


def rol_terminado(rol: str, lugar: str) -> Carta:
    del_lugar = f" en {lugar}" if lugar else ""
    return Carta(
        asunto="Cambió su acceso al Portal SDFI",
        que_paso=f"Terminó su rol de {rol.lower()}{del_lugar}. Lo que usted hizo queda en la historia con su nombre.",
        que_hacer="Si cree que es un error, escriba a quien administra los usuarios de su entidad o del portal.",
    )


def rol_nuevo(rol: str, lugar: str) -> Carta:
    del_lugar = f" en {lugar}" if lugar else ""
    return Carta(
        asunto="Tiene un rol nuevo en el Portal SDFI",
        que_paso=f"Desde hoy usted es {rol.lower()}{del_lugar}.",
        que_hacer="Si tiene varios roles, cambie de uno a otro en el menú de su cuenta.",
        boton="Ver mi cuenta",
        ruta=reverse("cuentas:cuenta"),
    )


# What allauth tells a person about their own account. Shape: its template → (subject, what happened).
AVISOS = {
    "account/email/password_changed": ("Cambió su contraseña", "La contraseña de su usuario cambió."),
    "account/email/password_set": ("Cambió su contraseña", "La contraseña de su usuario cambió."),
    "account/email/password_reset": ("Cambió su contraseña", "La contraseña de su usuario cambió."),
    "mfa/email/totp_activated": ("Segundo factor activado", "Activó la aplicación de códigos de su usuario."),
    "mfa/email/totp_deactivated": ("Segundo factor retirado", "Se retiró la aplicación de códigos de su usuario."),
    "mfa/email/recovery_codes_generated": (
        "Códigos de recuperación nuevos",
        "Se crearon códigos de recuperación nuevos. Los anteriores ya no sirven.",
    ),
    "socialaccount/email/account_connected": (
        "Cuenta institucional vinculada",
        "Su usuario quedó vinculado con su cuenta institucional.",
    ),
}


def aviso_de_cuenta(plantilla: str) -> Carta:
    """A change of the person's own account. KeyError when nobody wrote that mail."""
    asunto, que_paso = AVISOS[plantilla]
    return Carta(
        asunto=f"{asunto} en el Portal SDFI",
        que_paso=que_paso,
        que_hacer="Si no fue usted, cambie su contraseña ahora y avise al administrador del portal.",
        boton="Ver mi cuenta",
        ruta=reverse("cuentas:cuenta"),
    )


def clave_de_ahora(prefijo: str, persona: Persona) -> str:
    """A key for a fact that may repeat."""
    return f"{prefijo}:{persona.pk}:{timezone.now().isoformat()}"
