"""Typed readers of environment variables. Every refusal names the variable and how to mend it."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FALSOS = {"", "0", "no", "false", "off"}
CIERTOS = {"1", "si", "sí", "yes", "true", "on"}


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
