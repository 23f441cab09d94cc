"""What changed in a row of the record, as a person reads it: ids become names, codes words, days and instants dates.

The row keeps ids and codes, which is what is chained; a name is looked up when somebody reads, and is today's.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from alcance.modelos import ModeloInquilino
from bitacora.models import Suceso

# What an act says of somebody or something that is no relation of its object (a list of ids, a person by number).
CONOCIDOS = {
    "asesor": "direcciones.persona",
    "dependencia": "direcciones.dependencia",
    "dependencias": "direcciones.dependencia",
    "entidad": "direcciones.entidad",
    "persona": "direcciones.persona",
    "suplente": "direcciones.persona",
    "temas_por_defecto": "direcciones.tema",
}
# What the record calls otherwise: the names of what says a person's data are kept for them.
CAMPO_DE = {"buzon": "correo", "publica": "texto"}
Campo: TypeAlias = "models.Field[Any, Any] | None"
Nombres = dict[type[models.Model], dict[int, str]]


class Cambio(NamedTuple):
    """One line of the page. A day, an hour or an instant comes as such: the page writes them in one way. Empty: «»."""

    que: str
    antes: str | date | time
    despues: str | date | time


def leer_cambios(sucesos: Iterable[Suceso]) -> dict[int, list[Cambio]]:
    """What each event changed. Shape: id of the event → its lines. One query for each kind of thing that is named."""
    crudos = {
        suceso.pk: [
            (campo, _campo(suceso.objeto_tipo, campo), valores)
            for campo, valores in suceso.cambios.items()
            if valores[0] != valores[1]
        ]
        for suceso in sucesos
    }
    nombres = _nombrar(
        (campo, donde, valor) for filas in crudos.values() for campo, donde, par in filas for valor in par
    )
    return {
        pk: [
            Cambio(_titulo(campo, donde), *(_en_palabras(campo, donde, valor, nombres) for valor in par))
            for campo, donde, par in filas
        ]
        for pk, filas in crudos.items()
    }


def nombrar_objeto(suceso: Suceso) -> str:
    """What it was done to: what the event says, or the kind of thing and its number («Membresía n.º 74»)."""
    if suceso.objeto_texto or not suceso.objeto_tipo:
        return suceso.objeto_texto
    try:
        cosa = str(apps.get_model(suceso.objeto_tipo)._meta.verbose_name)
    except LookupError:  # a table that is no more
        cosa = suceso.objeto_tipo
    return f"{cosa[:1].upper()}{cosa[1:]} n.º {suceso.objeto_id}"


def _campo(tipo: str, nombre: str) -> Campo:
    for uno in (nombre, CAMPO_DE.get(nombre, nombre)):
        try:
            campo = apps.get_model(tipo)._meta.get_field(uno) if tipo else None
        except (LookupError, FieldDoesNotExist):  # a table that is no more, or something that is no field of it
            continue
        return campo if isinstance(campo, models.Field) else None
    return None


def _modelo(campo: str, donde: Campo) -> type[models.Model] | None:
    """Whose ids these are, when it is something with a name."""
    otro = donde.related_model if donde is not None else None
    if otro is None and campo in CONOCIDOS:
        otro = apps.get_model(CONOCIDOS[campo])
    # Catalogues and people: what belongs to a tenant is named by the event itself, for who may read it.
    if not (isinstance(otro, type) and issubclass(otro, models.Model)) or issubclass(otro, ModeloInquilino):
        return None
    return otro if _se_llama(otro) else None


def _se_llama(modelo: type[models.Model]) -> str:
    """The column that names it; of a mailbox, its address."""
    campos = {f.name for f in modelo._meta.fields}
    return next((uno for uno in ("nombre", "correo") if uno in campos), "")


def _ids(valor: Any) -> list[int]:
    posibles = valor if isinstance(valor, list) else [valor]
    return [uno for uno in posibles if isinstance(uno, int) and not isinstance(uno, bool)]


def _nombrar(valores: Iterable[tuple[str, Campo, Any]]) -> Nombres:
    ids: dict[type[models.Model], set[int]] = defaultdict(set)
    for campo, donde, valor in valores:
        if (modelo := _modelo(campo, donde)) is not None:
            ids[modelo].update(_ids(valor))
    return {
        modelo: dict(modelo._default_manager.filter(pk__in=unos).values_list("pk", _se_llama(modelo)))
        for modelo, unos in ids.items()
        if unos
    }


def _titulo(campo: str, donde: Campo) -> str:
    titulo = str(donde.verbose_name) if donde is not None else campo.replace("_", " ")
    return titulo[:1].upper() + titulo[1:]


def _en_palabras(campo: str, donde: Campo, valor: Any, nombres: Nombres) -> str | date | time:
    if valor is None or valor == "" or valor == []:
        return ""
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    if isinstance(valor, list):
        return ", ".join(str(_en_palabras(campo, donde, uno, nombres)) for uno in valor)
    if isinstance(valor, int) and (modelo := _modelo(campo, donde)) is not None:
        return nombres.get(modelo, {}).get(valor) or f"n.º {valor}"
    if donde is not None and donde.choices:
        return str(dict(donde.flatchoices).get(valor, valor))
    if isinstance(valor, str) and isinstance(donde, models.TimeField):
        return parse_time(valor) or valor
    if isinstance(valor, str) and (momento := _fecha(valor)) is not None:
        return momento
    return str(valor)


def _fecha(texto: str) -> date | datetime | None:
    if len(texto) < len("2026-01-01"):
        return None
    try:
        return parse_date(texto) if len(texto) == len("2026-01-01") else parse_datetime(texto)
    except ValueError:  # «2026-13-45»
        return None
