"""The second factor: TOTP and recovery codes (allauth), each code good for one use (security.md N08, N09).

`verificar_codigo` is what signing asks; `exigir_reciente` is for any other page that should not trust an old sign-in.
"""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from bitacora.services import registrar
from direcciones.models import Persona
from direcciones.roles import CON_SEGUNDO_FACTOR

PASO = 30  # seconds a TOTP code lasts (RFC 6238)
PASADO_EN = "segundo_factor_en"  # session: when this browser last passed a second factor, POSIX timestamp
FALLOS_MAXIMOS = 10
VENTANA_FALLOS = 600


# --- Codes -------------------------------------------------------------------------------------------------------
def verificar_codigo(persona: Persona, codigo: str) -> bool:
    """Whether `codigo` is the person's TOTP code of now or an unused recovery code. A right code works once.

    Ten wrong codes in ten minutes close the door for the rest of the ten, right codes included. The attempt is
    written in the open transaction: call it where a wrong code does not roll back.
    """
    return autenticador_que_acepta(persona, codigo) is not None


@transaction.atomic
def autenticador_que_acepta(persona: Persona, codigo: str) -> Authenticator | None:
    """The authenticator that took the code, or None. Its row is locked: of two equal codes at once, one passes."""
    propios = Authenticator.objects.select_for_update(of=("self",)).filter(user=persona).order_by("type", "id")
    por_tipo = {a.type: a for a in propios}
    totp = por_tipo.get(Authenticator.Type.TOTP)
    if totp is None or _fallos(totp) >= FALLOS_MAXIMOS:
        return None
    limpio = "".join(str(codigo).split()).replace("-", "")
    if _gastar_totp(totp, limpio):
        return totp
    recuperacion = por_tipo.get(Authenticator.Type.RECOVERY_CODES)
    if recuperacion is not None and len(limpio) > 6 and recuperacion.wrap().validate_code(limpio):
        return recuperacion
    _anotar_fallo(totp)
    return None


def demasiados_fallos(persona: Persona) -> bool:
    """True while the door is closed by wrong codes."""
    totp = _totp(persona)
    return totp is not None and _fallos(totp) >= FALLOS_MAXIMOS


def codigo_libre(persona: Persona) -> tuple[str, int]:
    """The first code of the person that has not been used, and in how many seconds it starts to work."""
    totp = _totp(persona)
    if totp is None:
        raise ValueError(f"{persona.correo} no tiene segundo factor.")
    ahora = time.time()
    contador = max(int(ahora) // PASO, totp.data.get("ultimo_contador", 0) + 1)
    espera = max(0, (contador - settings.MFA_TOTP_TOLERANCE) * PASO - int(ahora))
    return format_hotp_value(hotp_value(decrypt(totp.data["secret"]), contador)), espera


def _totp(persona: Persona) -> Authenticator | None:
    return Authenticator.objects.filter(user=persona, type=Authenticator.Type.TOTP).order_by("id").first()


def _gastar_totp(totp: Authenticator, codigo: str) -> bool:
    """Counters only go forward (RFC 6238 §5.2): the code that passed and every older one are spent."""
    secreto, actual = decrypt(totp.data["secret"]), int(time.time()) // PASO
    for contador in range(actual - settings.MFA_TOTP_TOLERANCE, actual + settings.MFA_TOTP_TOLERANCE + 1):
        igual = constant_time_compare(codigo, format_hotp_value(hotp_value(secreto, contador)))
        if igual and contador > totp.data.get("ultimo_contador", 0):
            totp.data = {**totp.data, "ultimo_contador": contador, "fallos": []}
            totp.save(update_fields=["data"])
            return True
    return False


def gastar_codigo_de_inscripcion(persona: Persona, codigo: str) -> None:
    """The code that proved the enrolment does not also open a door."""
    totp = _totp(persona)
    if totp is not None:
        _gastar_totp(totp, codigo)


def _fallos(totp: Authenticator) -> int:
    desde = time.time() - VENTANA_FALLOS
    return sum(1 for cuando in totp.data.get("fallos", []) if cuando > desde)


def _anotar_fallo(totp: Authenticator) -> None:
    recientes = [cuando for cuando in totp.data.get("fallos", []) if cuando > time.time() - VENTANA_FALLOS]
    totp.data = {**totp.data, "fallos": [*recientes, time.time()][-FALLOS_MAXIMOS:]}
    totp.save(update_fields=["data"])
    registrar(accion="cuenta.codigo_errado", objeto=totp.user)


# --- Who needs it, who passed it ---------------------------------------------------------------------------------
def inscrito(persona: Persona) -> bool:
    return _totp(persona) is not None


def exige_segundo_factor(membresias: Any) -> bool:
    """One role that needs it is enough, whatever the active one: switching roles asks nothing."""
    return any(m.rol in CON_SEGUNDO_FACTOR for m in membresias)


@transaction.atomic
def inscribir_totp(persona: Persona, secreto: str) -> None:
    """Enrol with a known base32 secret, and recovery codes (demo and tests: nobody scans a QR there)."""
    limpio = secreto.replace(" ", "").upper().rstrip("=")
    relleno = "=" * (-len(limpio) % 8)
    Authenticator.objects.filter(user=persona).delete()
    Authenticator.objects.create(
        user=persona, type=Authenticator.Type.TOTP, data={"secret": encrypt(limpio + relleno)}
    )
    RecoveryCodes.activate(persona)


@transaction.atomic
def retirar(persona: Persona) -> None:
    """Remove every factor: the person lost the phone and the codes. They enrol again at the next sign-in."""
    Authenticator.objects.filter(user=persona).delete()


def marcar_pasado(sesion: SessionBase) -> None:
    """This browser has just passed a second factor."""
    sesion[PASADO_EN] = time.time()


def pasado_en_esta_sesion(request: HttpRequest) -> bool:
    return PASADO_EN in request.session


def es_reciente(request: HttpRequest, segundos: int = 300) -> bool:
    """Whether this browser passed a second factor in the last `segundos`."""
    return time.time() - request.session.get(PASADO_EN, 0) < segundos


def exigir_reciente(request: HttpRequest, segundos: int = 300) -> None:
    """Go on only with a second factor at most `segundos` old; otherwise the person is asked for it and comes back.

    Raises an answer that the middleware sends: call it first in a view, before anything is written.
    """
    if es_reciente(request, segundos):
        return
    nombre = "mfa_reauthenticate" if inscrito(request.user) else "mfa_activate_totp"  # type: ignore[arg-type]
    raise ImmediateHttpResponse(redirect(f"{reverse(nombre)}?{urlencode({'next': request.get_full_path()})}"))
