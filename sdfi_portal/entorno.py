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


@dataclass(frozen=True, slots=True)
class ConexionImap:
    """An account from which mail is read. `ca`: file of the authority of its certificate; empty, the system's."""

    clave: str
    esquema: str
    servidor: str
    puerto: int
    usuario: str
    secreto: str = field(repr=False)
    ca: str = ""

    @property
    def va_cifrada(self) -> bool:
        return self.esquema != "imap"


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
            principal = nombre.removesuffix("_ARCHIVO").removesuffix("_SECRETO")
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
        ca = opciones.pop("ca", "")
        fallas = {
            "debe empezar por imaps://, imap+starttls:// o imap://": url.scheme not in PUERTOS_IMAP,
            "no lleva la clave: va en su variable _SECRETO o _SECRETO_ARCHIVO": url.password is not None,
            "debe decir el usuario y el servidor: imaps://usuario@servidor:993": not (url.username and url.hostname),
            f"tiene opciones que no existen: {', '.join(opciones)}": opciones,
            "no lleva ruta: la carpeta es de la casilla": url.path.strip("/"),
            "debe ir cifrado: imaps:// o imap+starttls://": url.scheme == "imap"
            and (solo_cifrados or not _es_de_esta_maquina(url.hostname or "")),
            "dice una autoridad que no es un archivo": ca and not Path(ca).is_file(),
        }
        if falla := next((frase for frase, cierta in fallas.items() if cierta), ""):
            raise ImproperlyConfigured(f"{nombre} {falla}.")
        return ConexionImap(
            clave=clave,
            esquema=url.scheme,
            servidor=url.hostname or "",
            puerto=puerto or PUERTOS_IMAP[url.scheme],
            usuario=unquote(url.username or ""),
            secreto=self._secreto(nombre),
            ca=ca,
        )

    def _secreto(self, nombre: str) -> str:
        directo = self.variables.get(f"{nombre}_SECRETO", "")
        archivo = self.variables.get(f"{nombre}_SECRETO_ARCHIVO", "")
        if bool(directo) == bool(archivo):
            raise ImproperlyConfigured(f"{nombre} necesita {nombre}_SECRETO o {nombre}_SECRETO_ARCHIVO, y solo uno.")
        if directo:
            return directo
        try:
            modo = Path(archivo).stat().st_mode
            secreto = Path(archivo).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{nombre}_SECRETO_ARCHIVO no se puede leer.") from None
        if modo & (stat.S_IRWXG | stat.S_IRWXO):
            raise ImproperlyConfigured(f"{nombre}_SECRETO_ARCHIVO lo puede leer cualquiera: déjelo en modo 600.")
        if not secreto:
            raise ImproperlyConfigured(f"{nombre}_SECRETO_ARCHIVO está vacío.")
        return secreto


def _es_de_esta_maquina(servidor: str) -> bool:
    if servidor == "localhost":
        return True
    try:
        return ip_address(servidor).is_loopback
    except ValueError:
        return False
