"""Where sessions live (SESSION_ENGINE): in PostgreSQL, each with its person, and they end by themselves.

30 minutes without activity or 10 hours since sign-in end a session when it is read, before any view knows who asks
(security.md S03). Nothing in a cookie decides it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.db.models import Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from alcance.compiladas import Compilada
from alcance.ordenes import mandar
from cuentas.models import Sesion
from direcciones.models import Persona

INICIO = "inicio_sesion"  # when the person signed in, as a POSIX timestamp
PRECISION = timedelta(seconds=20)  # of the last activity, in thirty minutes
ORIGEN = "origen_sesion"  # {"ip": …, "navegador": …}


_GUARDADA = Compilada(
    lambda clave, ahora: (
        Sesion.objects.filter(session_key=clave, expire_date__gt=ahora).order_by().select_related("persona")
    ),
    clave=str,
    ahora=datetime,
)
# The same, with how many notices the person has not read: what a page shows and a poll does not.
_CON_AVISOS = Compilada(
    lambda clave, ahora: (
        Sesion.objects.filter(session_key=clave, expire_date__gt=ahora)
        .order_by()
        .select_related("persona")
        .annotate(sin_leer=Func("persona_id", function="avisos_sin_leer", output_field=IntegerField()))
    ),
    clave=str,
    ahora=datetime,
)


SE_GUARDA = ("session_data", "expire_date", "persona_id", "iniciada_en", "ultima_actividad", "ip", "navegador")
GUARDAR = """
update cuentas_sesion set session_data = %s, expire_date = %s, persona_id = %s, iniciada_en = %s,
    ultima_actividad = %s, ip = %s::inet, navegador = %s
where session_key = %s returning true
"""


class SessionStore(db.SessionStore):
    # Why the session that the cookie named is no longer there: "", "inactividad" or "duracion".
    terminada_por = ""
    ultima_actividad: datetime | None = None
    # How many notices its person has not read, a hundred at most: counted only for what draws a page.
    cuenta_avisos = False
    sin_leer = 0

    @classmethod
    def get_model_class(cls) -> type[Sesion]:
        return Sesion

    # Whose it is, read with it.
    persona: Persona | None = None

    def _get_session_from_db(self) -> Any:
        guardada = _CON_AVISOS if self.cuenta_avisos else _GUARDADA
        fila = next(iter(guardada(clave=self.session_key, ahora=timezone.now())), None)
        if fila is None:
            self._session_key = None
            return None
        self.terminada_por = motivo_de_fin(fila)
        if self.terminada_por:
            fila.delete()
            self._session_key = None
            return None
        self.ultima_actividad, self.persona = fila.ultima_actividad, fila.persona
        self.sin_leer = getattr(fila, "sin_leer", None) or 0
        return fila

    def save(self, must_create: bool = False) -> None:
        """Django's, in one order when the session exists: a claim or an answer that says something saves it."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        fila = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]  # the stubs lack it
        try:
            guardada = mandar((GUARDAR, [*(getattr(fila, campo) for campo in SE_GUARDA), fila.session_key]))
        except DatabaseError:
            raise UpdateError from None
        if not guardada:
            raise UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        if SESSION_KEY in data:
            data.setdefault(INICIO, timezone.now().timestamp())
        fila = super().create_model_instance(data)
        origen = data.get(ORIGEN, {})
        fila.persona_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        fila.iniciada_en = datetime.fromtimestamp(data.get(INICIO, timezone.now().timestamp()), UTC)
        fila.ip, fila.navegador = origen.get("ip"), origen.get("navegador", "")[:200]
        return fila


def quien_entro(request: HttpRequest) -> Any:
    """Django's `get_user` with the person that came with the session, when all that it checks is in order.

    Anything else (no session, another backend, an old seal, somebody inactive) is for Django to decide.
    """
    sesion = request.session
    clave, sello = sesion.get(SESSION_KEY), sesion.get(HASH_SESSION_KEY)
    persona = getattr(sesion, "persona", None)
    if (
        persona is not None
        and str(persona.pk) == clave
        and persona.is_active
        and sesion.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(sello or "", persona.get_session_auth_hash())
    ):
        return persona
    return get_user(request)


def motivo_de_fin(fila: Sesion) -> str:
    """Why this session is over, or ''."""
    ahora = timezone.now()
    if ahora - fila.ultima_actividad >= timedelta(seconds=settings.SESSION_INACTIVIDAD):
        return "inactividad"
    if ahora - fila.iniciada_en >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return "duracion"
    return ""


def anotar_actividad(sesion: "SessionStore") -> None:
    """The person did something now. Touches one column: two windows never overwrite each other's session.

    A mark younger than `PRECISION` stands: a page is not to wait for a write that moves the end by seconds.
    """
    clave, vista = sesion.session_key, sesion.ultima_actividad
    if clave and (vista is None or timezone.now() - vista >= PRECISION):
        Sesion.objects.filter(session_key=clave).update(ultima_actividad=timezone.now())


def abiertas(persona: Persona) -> QuerySet[Sesion]:
    """Sessions of a person that still work, the most recent first."""
    ahora = timezone.now()
    return Sesion.objects.filter(
        persona=persona,
        ultima_actividad__gt=ahora - timedelta(seconds=settings.SESSION_INACTIVIDAD),
        iniciada_en__gt=ahora - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    ).order_by("-ultima_actividad")


def terminar_todas(persona: Persona, *, menos: str | None = None) -> int:
    """End every session of a person at once, except the one with the key `menos`. Returns how many."""
    return Sesion.objects.filter(persona=persona).exclude(session_key=menos or "").delete()[0]


def huella(clave: str) -> str:
    """Names a session on a page without giving its key away."""
    return hashlib.sha256(clave.encode()).hexdigest()[:16]


def limpiar() -> int:
    """Remove rows of sessions that are over."""
    ahora = timezone.now()
    return Sesion.objects.filter(
        ultima_actividad__lte=ahora - timedelta(seconds=settings.SESSION_INACTIVIDAD)
    ).delete()[0]
