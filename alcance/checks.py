"""System checks: a URL without a policy, a table without a class, a tenant model without its manager."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from alcance.modelos import GestorInquilino
from alcance.politicas import politica_de
from alcance.registro import Clase, clase_de


def rutas(resolver: URLResolver | None = None, espacio: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern with its full name (namespace included; '' when it has none)."""
    for patron in (resolver or get_resolver()).url_patterns:
        if isinstance(patron, URLResolver):
            prefijo = f"{espacio}{patron.namespace}:" if patron.namespace else espacio
            yield from rutas(patron, prefijo)
        else:
            yield (f"{espacio}{patron.name}" if patron.name else ""), patron


@register("alcance")
def urls_con_politica(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"La URL {patron.pattern} ({nombre or 'sin nombre'}) no declara su política.",
            hint="Use @publica, @autenticada o @requiere, o registrar_externa si es de una librería.",
            id="alcance.E001",
        )
        for nombre, patron in rutas()
        if politica_de(patron.callback, nombre) is None
    ]


@register("alcance")
def tablas_clasificadas(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    fallas: list[CheckMessage] = []
    for modelo in apps.get_models(include_auto_created=True):
        clase = clase_de(modelo)
        if clase is None:
            fallas.append(
                Error(f"{modelo._meta.label} no está clasificada.", hint="clase_tabla = …", id="alcance.E002")
            )
        elif clase is Clase.INQUILINO and not isinstance(modelo._default_manager, GestorInquilino):
            fallas.append(Error(f"{modelo._meta.label} no usa el gestor de inquilino.", id="alcance.E003"))
    return fallas
