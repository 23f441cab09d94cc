"""One request as somebody of the cast, undone at once: a savepoint, and a session per papel, opened now and then.

The API is called as a program does: with a token of that papel, and no cookie.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client
from django.utils import timezone

from alcance import Alcance, con_alcance
from api.models import Token, huella, secreto_nuevo, sello_de
from api.permisos import permisos_de
from cuentas.segundo_factor import PASADO_EN
from direcciones.acceso import CLAVE_SESION
from direcciones.roles import CON_SEGUNDO_FACTOR
from sdfi_portal.aislamiento.elenco import ANONIMO, Elenco
from sdfi_portal.problemas import es_ruta_de_la_api

METODOS = ("GET", "HEAD", "POST", "OPTIONS")
METODOS_COMPLETOS = (*METODOS, "PUT", "PATCH", "DELETE")
RENOVAR = 120  # seconds: what a call does is undone, so no session of ours would ever look active
LARGO_RECONOCIBLE = 6  # a short id alone would also hide parts of the page
RESPALDO = "allauth.account.auth_backends.AuthenticationBackend"
# What differs between two answers that say the same: the seal of the form and the nonces of the policy.
_SELLOS = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce="|X-CSRFToken["\': ]+|nonce-)[\w+/=-]+')
_PROPIAS = {"Content-Length", "Content-Security-Policy", "X-Request-ID", "RateLimit"}  # of each answer


@dataclass(frozen=True, slots=True)
class Respuesta:
    estado: int
    cuerpo: bytes
    cabeceras: dict[str, str]
    error: str = ""

    @property
    def tipo(self) -> str:
        return self.cabeceras.get("Content-Type", "").split(";")[0]

    @property
    def destino(self) -> str:
        return self.cabeceras.get("Location", "")

    def enmascarada(self, tecleado: Iterable[Any]) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
        """What two answers must share to say the same: without seals and without what was typed in the address."""
        cuerpo = _SELLOS.sub(rb"\1", self.cuerpo)
        textos = {texto for texto in map(str, tecleado) if len(texto) >= LARGO_RECONOCIBLE}
        for texto in sorted(textos | {quote(t) for t in textos}, key=len, reverse=True):
            cuerpo = cuerpo.replace(texto.encode(), b"*")
        return self.estado, cuerpo, tuple(sorted((k, v) for k, v in self.cabeceras.items() if k not in _PROPIAS))


@dataclass
class Marcador:
    """Calls the portal as each papel and counts."""

    elenco: Elenco
    con_csrf: bool = False
    llamadas: int = 0
    _sesiones: dict[str, tuple[str, float]] = field(default_factory=dict)  # papel → key, when it was opened
    _tokens: dict[str, str] = field(default_factory=dict)  # papel → secret

    def __post_init__(self) -> None:
        self._cliente = Client(
            enforce_csrf_checks=self.con_csrf, raise_request_exception=False, SERVER_NAME=settings.ALLOWED_HOSTS[0]
        )

    def llamar(
        self, papel: str, metodo: str, ruta: str, mirar: Callable[[], Any] | None = None, **opciones: Any
    ) -> Respuesta:
        """`opciones` are those of the test client (`data`, `headers`…); `mirar` runs before all is undone."""
        clave = ""
        if es_ruta_de_la_api(ruta):
            if secreto := self._token(papel):
                opciones["headers"] = {"authorization": f"Bearer {secreto}"} | opciones.get("headers", {})
        else:
            clave = self._sesion(papel)
        self.llamadas += 1
        with transaction.atomic():
            self._cliente.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: clave} if clave else {})
            crudo = getattr(self._cliente, metodo.lower())(ruta, secure=True, **opciones)
            respuesta = _leer(crudo)
            if mirar is not None:
                mirar()
            transaction.set_rollback(True)
        return respuesta

    def _sesion(self, papel: str) -> str:
        if papel == ANONIMO:
            return ""
        clave, abierta = self._sesiones.get(papel, ("", 0.0))
        if time.time() - abierta > RENOVAR:
            clave = abrir_sesion(self.elenco, papel)
            self._sesiones[papel] = clave, time.time()
        return clave

    def _token(self, papel: str) -> str:
        """Nobody without a role has one."""
        if papel not in self.elenco.membresias:
            return ""
        if papel not in self._tokens:
            self._tokens[papel] = abrir_token(self.elenco, papel)
        return self._tokens[papel]


def abrir_token(elenco: Elenco, papel: str) -> str:
    """Secret of a token of this one, with everything that the role may give."""
    persona, membresia, secreto = elenco.personas[papel], elenco.membresias[papel], secreto_nuevo()
    with con_alcance(Alcance(persona_id=persona.pk)):
        Token.objects.create(
            persona=persona,
            membresia=membresia,
            nombre="Prueba de aislamiento",
            permisos=permisos_de(membresia.rol),
            sha256=huella(secreto),
            final=secreto[-4:],
            sello=sello_de(persona),
            vence_en=timezone.now() + timedelta(days=1),
        )
    return secreto


def abrir_sesion(elenco: Elenco, papel: str) -> str:
    """Key of a session signed in as this one: the active membership chosen and the second factor just passed."""
    persona, membresia = elenco.personas[papel], elenco.membresias.get(papel)
    sesion = import_module(settings.SESSION_ENGINE).SessionStore()
    sesion[SESSION_KEY] = str(persona.pk)
    sesion[BACKEND_SESSION_KEY] = RESPALDO
    sesion[HASH_SESSION_KEY] = persona.get_session_auth_hash()
    if membresia is not None:
        sesion[CLAVE_SESION] = membresia.pk
        if membresia.rol in CON_SEGUNDO_FACTOR:
            sesion[PASADO_EN] = time.time()
    sesion.save()
    return str(sesion.session_key)


def _leer(crudo: Any) -> Respuesta:
    cuerpo = crudo.getvalue() if hasattr(crudo, "getvalue") else b"".join(crudo.streaming_content)
    falla = crudo.exc_info[1] if getattr(crudo, "exc_info", None) else None
    error = f"{type(falla).__name__}: {falla}"[:300] if falla else ""
    return Respuesta(crudo.status_code, cuerpo, dict(crudo.headers.items()), error)
