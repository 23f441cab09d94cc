"""Where sessions live (SESSION_ENGINE): in PostgreSQL, each with its person, and they end by themselves.

30 minutes without activity or 10 hours since sign-in end a session when it is read, before any view knows who asks
(security.md S03). Nothing in a cookie decides it.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, connection
from django.db.models import F, Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from alcance import con_alcance
from alcance.compiladas import Compilada, Forma
from alcance.contexto import NADIE
from alcance.ordenes import Orden, mandar, mandar_al_confirmar
from alcance.postgres.preparadas import Texto
from cuentas.models import Sesion
from direcciones.acceso import de_quien_pregunta
from direcciones.models import Membresia, Persona

INICIO = "inicio_sesion"  # when the person signed in, as a POSIX timestamp
PRECISION = timedelta(minutes=1)  # of the last activity, in thirty
ORIGEN = "origen_sesion"  # {"ip": …, "navegador": …}


def _sin_leer(avisos: bool) -> dict[str, Func]:
    """How many notices the person has not read: what a page shows and a poll does not."""
    cuantos = Func("persona_id", function="avisos_sin_leer", output_field=IntegerField())
    return {"sin_leer": cuantos} if avisos else {}


_GUARDADA = Compilada(
    lambda clave, ahora, avisos: (
        Sesion.objects.filter(session_key=clave, expire_date__gt=ahora)
        .order_by()
        .select_related("persona")
        .annotate(**_sin_leer(avisos))
    ),
    clave=Texto,
    ahora=datetime,
    avisos=Forma,
)
# The usual one: a session with its person and their memberships, one row for each of these.
DE_LA_SESION = ("session_data", "iniciada_en", "ultima_actividad")
_CON_MEMBRESIAS = Compilada(
    lambda clave, hoy, ahora, avisos: (
        de_quien_pregunta(hoy, ahora)
        .filter(persona__sesiones__session_key=clave, persona__sesiones__expire_date__gt=ahora)
        .select_related("persona")
        .annotate(
            **{f"sesion_{campo}": F(f"persona__sesiones__{campo}") for campo in DE_LA_SESION},
            **_sin_leer(avisos),
        )
    ),
    clave=Texto,
    hoy=date,
    ahora=datetime,
    avisos=Forma,
)
# Memberships are read as their person: whose the session is, is for the database to say, in the same message.
DE_QUIEN_ES = "select persona_id from cuentas_sesion where session_key = %s"


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

    # Whose it is and what they are, read with it.
    persona: Persona | None = None
    membresias: list[Membresia] = []  # never changed: another is put in its place

    def _get_session_from_db(self) -> Any:
        fila = self._con_sus_membresias() or self._sola()
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

    def _con_sus_membresias(self) -> Sesion | None:
        with con_alcance(NADIE), connection.como_la_persona_de(DE_QUIEN_ES, [self.session_key]):  # type: ignore[attr-defined]
            leidas = _CON_MEMBRESIAS(
                clave=self.session_key, hoy=timezone.localdate(), ahora=timezone.now(), avisos=self.cuenta_avisos
            )
        if not leidas:
            return None
        una, self.membresias = leidas[0], leidas
        sesion = Sesion(session_key=self.session_key, persona=una.persona)
        for campo in DE_LA_SESION:
            setattr(sesion, campo, getattr(una, f"sesion_{campo}"))
        sesion.sin_leer = getattr(una, "sin_leer", 0)  # type: ignore[attr-defined]
        return sesion

    def _sola(self) -> Sesion | None:
        """Nobody's, or of who has no membership in force."""
        return next(iter(_GUARDADA(clave=self.session_key, ahora=timezone.now(), avisos=self.cuenta_avisos)), None)

    def save(self, must_create: bool = False) -> None:
        """Django's, in one order when the session exists: a claim or an answer that says something saves it."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        try:
            guardada = mandar(self.orden_de_guardar())
        except DatabaseError:
            raise UpdateError from None
        if not guardada:
            raise UpdateError

    def orden_de_guardar(self) -> Orden:
        fila = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]  # the stubs lack it
        return GUARDAR, [*(getattr(fila, campo) for campo in SE_GUARDA), fila.session_key]

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


def guardar_al_confirmar(sesion: "SessionStore") -> None:
    """Write the session with the commit of the open transaction. One that somebody ended meanwhile stays ended."""
    if not connection.needs_rollback:
        mandar_al_confirmar(sesion.orden_de_guardar())
        sesion.modified = False


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
