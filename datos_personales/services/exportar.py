"""Everything kept about a person, read through the catalogue of columns: what it does not call personal is not theirs.

A person is an account, a mail address that wrote by another channel, or both.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from alcance import como_sistema
from bitacora.services import registrar
from datos_personales.catalogo import Columna, por_titular
from direcciones.models import Persona
from plazos.reloj import ahora


def filas_de(modelo: type[models.Model], titular: str, *, persona: Persona | None, correo: str) -> Any:
    """The rows of a model that are of this person by one way of finding them. None: that way finds nobody."""
    if titular.startswith("="):
        return modelo._default_manager.filter(**{f"{titular[1:]}__iexact": correo}) if correo else None
    return modelo._default_manager.filter(**{titular: persona.pk}) if persona else None


def exportar(*, persona: Persona | None, correo: str = "") -> dict[str, Any]:
    """All of it, ready for JSON. Leaves in the bitácora that it was taken."""
    direccion = (persona.correo if persona else correo).strip()
    with transaction.atomic(), como_sistema("reunir los datos personales de su titular"):
        datos = _reunir(persona, direccion)
        registrar(accion="persona.exportar_datos", objeto=persona, despues={"tablas": len(datos)})
    return {
        "titular": direccion,
        "generado_en": timezone.localtime(ahora()).isoformat(timespec="seconds"),
        "norma": "Ley 1581 de 2012, artículo 8: derecho a conocer los datos personales propios",
        "datos": datos,
    }


def _reunir(persona: Persona | None, correo: str) -> dict[str, list[dict[str, Any]]]:
    datos: dict[str, dict[Any, dict[str, Any]]] = {}
    for (_, titular), columnas in sorted(por_titular().items()):
        personales = [c for c in columnas if c.clase == "personal"]
        if not personales:
            continue
        modelo = personales[0].tabla
        filas = filas_de(modelo, titular, persona=persona, correo=correo)
        if filas is None:
            continue
        contexto = ["solicitud__radicado"] if _cuelga_de_una_solicitud(modelo) else []
        for valores in filas.order_by("pk").values("pk", *contexto, *(c.columna for c in personales)):
            fila = datos.setdefault(nombre_de(modelo), {}).setdefault(valores["pk"], {})
            fila |= _simple(valores, personales, contexto)
    return {tabla: list(filas.values()) for tabla, filas in sorted(datos.items())}


def _simple(valores: dict[str, Any], columnas: Iterable[Columna], contexto: list[str]) -> dict[str, Any]:
    """A column that only says «this person» says it with «sí»: the number means nothing to them."""
    fila: dict[str, Any] = {"número": valores["pk"]}
    if contexto:
        fila["solicitud"] = valores[contexto[0]]
    for columna in columnas:
        campo = columna.tabla._meta.get_field(columna.columna)
        es_ella = campo.is_relation and campo.related_model is Persona
        fila[_etiqueta(campo)] = "sí, usted" if es_ella else _valor(valores[columna.columna])
    return fila


def _cuelga_de_una_solicitud(modelo: type[models.Model]) -> bool:
    return any(campo.name == "solicitud" for campo in modelo._meta.concrete_fields)


# What the libraries that keep accounts, second factors and sign-ins say in English, by «app.Modelo» or «columna».
EN_ESPANOL = {
    "account.EmailAddress": "correos para entrar", "axes.AccessAttempt": "intentos de entrar",
    "axes.AccessFailureLog": "intentos fallidos de entrar", "axes.AccessLog": "entradas y salidas",
    "mfa.Authenticator": "segundos factores", "socialaccount.SocialAccount": "cuentas institucionales",
    "user": "persona", "email": "correo", "verified": "verificado", "user_agent": "navegador", "ip_address": "ip",
    "username": "correo", "attempt_time": "cuándo", "logout_time": "salida", "type": "clase",
    "created_at": "creado en", "last_used_at": "usado en", "provider": "proveedor", "uid": "identificador",
    "last_login": "última entrada", "date_joined": "vinculada en", "extra_data": "lo que dijo el proveedor",
}  # fmt: skip
DE_OTROS = frozenset(clave.split(".")[0] for clave in EN_ESPANOL if "." in clave)


def nombre_de(modelo: type[models.Model]) -> str:
    return EN_ESPANOL.get(modelo._meta.label) or str(modelo._meta.verbose_name_plural)


def _etiqueta(campo: Any) -> str:
    de_otros = campo.model._meta.app_label in DE_OTROS
    return EN_ESPANOL[campo.name] if de_otros else str(campo.verbose_name)


def _valor(valor: Any) -> Any:
    if isinstance(valor, datetime):
        return timezone.localtime(valor).isoformat(timespec="seconds")
    if isinstance(valor, date):
        return valor.isoformat()
    return str(valor) if isinstance(valor, Decimal | UUID) else valor


def resumen(persona: Persona) -> list[tuple[str, int]]:
    """How many rows of each table speak of this person's account, for their page.

    Rows found only by a mail address are left to the export: no index helps to find them among millions.
    """
    with transaction.atomic(), como_sistema("contar los datos personales de su titular"):
        cuentas: dict[str, int] = {}
        for (_, titular), columnas in sorted(por_titular().items()):
            if titular.startswith("=") or not any(c.clase == "personal" for c in columnas):
                continue
            modelo = columnas[0].tabla
            cuantas = filas_de(modelo, titular, persona=persona, correo="").count()
            cuentas[nombre_de(modelo)] = max(cuentas.get(nombre_de(modelo), 0), cuantas)
    return sorted((nombre, n) for nombre, n in cuentas.items() if n)
