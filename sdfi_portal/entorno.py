"""Typed readers of environment variables. Every refusal names the variable and how to mend it."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FALSOS = {"", "0", "no", "false", "off"}
CIERTOS = {"1", "si", "sí", "yes", "true", "on"}
PUERTOS_IMAP = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_CLAVE_DE_BUZON = re.compile(r"BUZON_([A-Z][A-Z0-9]{0,39})")
_DE_OAUTH = ("TOKEN_URL", "TOKEN_CA", "CLIENTE", "ALCANCE", "CONCESION", "REFRESCO", "REFRESCO_ARCHIVO")
_SUFIJO_DE_BUZON = re.compile(rf"_(?:SECRETO|SECRETO_ARCHIVO|{'|'.join(_DE_OAUTH)})$")
CONCESIONES = ("client_credentials", "refresh_token")


@dataclass(frozen=True, slots=True)
class Oauth:
    """How its provider gives leave to read an account (XOAUTH2). `secreto` is the client's; `refresco`, what a person
    granted once. `ca`: as in `ConexionImap`, of the provider."""

    token_url: str
    cliente: str
    concesion: str
    alcance: str = ""
    secreto: str = field(default="", repr=False)
    refresco: str = field(default="", repr=False)
    ca: str = ""


@dataclass(frozen=True, slots=True)
class ConexionImap:
    """An account from which mail is read, with its password or, when there is `oauth`, with what its provider gives.
    `ca`: file of the authority of its certificate; empty, the system's."""

    clave: str
    esquema: str
    servidor: str
    puerto: int
    usuario: str
    secreto: str = field(repr=False)
    ca: str = ""
    oauth: Oauth | None = None

    @property
    def va_cifrada(self) -> bool:
        return self.esquema != "imap"

    @property
    def es_de_esta_maquina(self) -> bool:
        """Also who gives leave to read it."""
        de_la_ficha = urlsplit(self.oauth.token_url).hostname or "" if self.oauth else "localhost"
        return _es_de_esta_maquina(self.servidor) and _es_de_esta_maquina(de_la_ficha)


class Entorno:
    """Reads one mapping of variables (os.environ by default)."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def texto(self, nombre: str, por_defecto: str | None = None) -> str:
        valor = self.variables.get(nombre, por_defecto)
        if valor is None:
            raise ImproperlyConfigured(f"Falta la variable {nombre}. Defínala antes de arrancar.")
        return valor

    def entero(self, nombre: str, por_defecto: int) -> int:
        crudo = self.variables.get(nombre, "")
        try:
            return int(crudo) if crudo else por_defecto
        except ValueError:
            raise ImproperlyConfigured(f"{nombre} debe ser un número entero, no {crudo!r}.") from None

    def logico(self, nombre: str, por_defecto: bool = False) -> bool:
        crudo = self.variables.get(nombre)
        if crudo is None:
            return por_defecto
        valor = crudo.strip().lower()
        if valor not in FALSOS | CIERTOS:
            raise ImproperlyConfigured(f"{nombre} debe ser 1 o 0, no {crudo!r}.")
        return valor in CIERTOS

    def lista(self, nombre: str, por_defecto: str = "") -> list[str]:
        return [parte.strip() for parte in self.texto(nombre, por_defecto).split(",") if parte.strip()]

    def opcion(self, nombre: str, opciones: tuple[str, ...], por_defecto: str) -> str:
        valor = self.texto(nombre, por_defecto)
        if valor not in opciones:
            raise ImproperlyConfigured(f"{nombre} debe ser una de {', '.join(opciones)}; no {valor!r}.")
        return valor

    def base_de_datos(self, nombre: str, por_defecto: str | None = None) -> dict[str, Any]:
        """Turn `postgresql://user:pass@host:port/name?opt=x` into Django's connection settings.

        A Unix socket goes percent-encoded as the host, or as `?host=/dir`.
        """
        url = urlsplit(self.texto(nombre, por_defecto))
        if url.scheme not in {"postgres", "postgresql"}:
            raise ImproperlyConfigured(f"{nombre} debe empezar por postgresql://.")
        opciones = dict(parse_qsl(url.query))
        return {
            "ENGINE": "alcance.postgres",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": opciones.pop("host", None) or unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "OPTIONS": opciones,
        }

    def buzones(self, *, solo_cifrados: bool = False) -> dict[str, ConexionImap]:
        """`BUZON_<CLAVE>=imaps://usuario@servidor:993` and its secret, by key in lower case: no table holds them."""
        buzones = {}
        for nombre in sorted(self.variables):
            if not nombre.startswith("BUZON_") or not self.variables[nombre]:
                continue
            principal = _SUFIJO_DE_BUZON.sub("", nombre)
            hallada = _CLAVE_DE_BUZON.fullmatch(principal)
            if not hallada or not self.variables.get(principal):
                raise ImproperlyConfigured(
                    f"{nombre} no es de ningún buzón: BUZON_<CLAVE>, con letras y números, dice a dónde conectarse."
                )
            if nombre == principal:
                buzones[hallada[1].lower()] = self._buzon(nombre, hallada[1].lower(), solo_cifrados)
        return buzones

    def _buzon(self, nombre: str, clave: str, solo_cifrados: bool) -> ConexionImap:
        try:
            url = urlsplit(self.variables[nombre])
            puerto = url.port
        except ValueError:
            raise ImproperlyConfigured(f"{nombre} no es una dirección: imaps://usuario@servidor:993.") from None
        opciones = dict(parse_qsl(url.query))
        ca, auth = opciones.pop("ca", ""), opciones.pop("auth", "")
        fallas = {
            "debe empezar por imaps://, imap+starttls:// o imap://": url.scheme not in PUERTOS_IMAP,
            "no lleva la clave: va en su variable _SECRETO o _SECRETO_ARCHIVO": url.password is not None,
            "debe decir el usuario y el servidor: imaps://usuario@servidor:993": not (url.username and url.hostname),
            f"tiene opciones que no existen: {', '.join(opciones)}": opciones,
            "no lleva ruta: la carpeta es de la casilla": url.path.strip("/"),
            "debe ir cifrado: imaps:// o imap+starttls://": url.scheme == "imap"
            and (solo_cifrados or not _es_de_esta_maquina(url.hostname or "")),
            "dice una autoridad que no es un archivo": ca and not Path(ca).is_file(),
            "solo puede entrar con ?auth=xoauth2 o, sin ello, con clave": auth not in {"", "xoauth2"},
        }
        _rehusar(nombre, fallas)
        return ConexionImap(
            clave=clave,
            esquema=url.scheme,
            servidor=url.hostname or "",
            puerto=puerto or PUERTOS_IMAP[url.scheme],
            usuario=unquote(url.username or ""),
            secreto="" if auth else self._secreto(nombre, "SECRETO"),
            ca=ca,
            oauth=self._oauth(nombre, va=bool(auth)),
        )

    def _oauth(self, nombre: str, *, va: bool) -> Oauth | None:
        dichas = {corto: self.variables.get(f"{nombre}_{corto}", "") for corto in _DE_OAUTH}
        if not va:
            sobra = next((corto for corto, valor in dichas.items() if valor), "")
            _rehusar(nombre, {f"tiene {nombre}_{sobra} y no ?auth=xoauth2": sobra})
            return None
        try:
            url = urlsplit(dichas["TOKEN_URL"])
        except ValueError:
            url = urlsplit("")
        concesion, ca = dichas["CONCESION"] or CONCESIONES[0], dichas["TOKEN_CA"]
        fallas = {
            f"necesita {nombre}_TOKEN_URL, que empieza por https://": url.scheme != "https" or not url.hostname,
            f"no lleva claves en {nombre}_TOKEN_URL": url.username or url.password or url.fragment,
            f"necesita {nombre}_CLIENTE": not dichas["CLIENTE"],
            f"necesita en {nombre}_CONCESION una de {', '.join(CONCESIONES)}": concesion not in CONCESIONES,
            f"dice en {nombre}_TOKEN_CA una autoridad que no es un archivo": ca and not Path(ca).is_file(),
        }
        _rehusar(nombre, fallas)
        refresca = concesion == "refresh_token"
        return Oauth(
            token_url=dichas["TOKEN_URL"],
            cliente=dichas["CLIENTE"],
            concesion=concesion,
            alcance=dichas["ALCANCE"],
            # Of an application that a person installs there may be no secret: what was granted to it is enough.
            secreto=self._secreto(nombre, "SECRETO", hace_falta=not refresca),
            refresco=self._secreto(nombre, "REFRESCO") if refresca else "",
            ca=ca,
        )

    def _secreto(self, nombre: str, cual: str, *, hace_falta: bool = True) -> str:
        """`<nombre>_<cual>`, or what the file of `<nombre>_<cual>_ARCHIVO` holds."""
        en_archivo = f"{nombre}_{cual}_ARCHIVO"
        directo, archivo = self.variables.get(f"{nombre}_{cual}", ""), self.variables.get(en_archivo, "")
        if not (directo or archivo or hace_falta):
            return ""
        if bool(directo) == bool(archivo):
            raise ImproperlyConfigured(f"{nombre} necesita {nombre}_{cual} o {en_archivo}, y solo uno.")
        if directo:
            return directo
        try:
            modo = Path(archivo).stat().st_mode
            secreto = Path(archivo).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{en_archivo} no se puede leer.") from None
        if modo & (stat.S_IRWXG | stat.S_IRWXO):
            raise ImproperlyConfigured(f"{en_archivo} lo puede leer cualquiera: déjelo en modo 600.")
        if not secreto:
            raise ImproperlyConfigured(f"{en_archivo} está vacío.")
        return secreto


def _rehusar(nombre: str, fallas: Mapping[str, object]) -> None:
    """Refuse with the first that holds."""
    if falla := next((frase for frase, cierta in fallas.items() if cierta), ""):
        raise ImproperlyConfigured(f"{nombre} {falla}.")


def _es_de_esta_maquina(servidor: str) -> bool:
    if servidor == "localhost":
        return True
    try:
        return ip_address(servidor).is_loopback
    except ValueError:
        return False
