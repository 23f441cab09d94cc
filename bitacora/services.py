"""Recording: one row inside the caller's transaction; the chain closes over it when that transaction commits."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ParamSpec

from django.db.models import Model

from alcance import exigir
from alcance.ordenes import Orden, mandar
from bitacora.contexto import peticion

# Things that identify a person, open a door or are somebody's words: an id says as much and can be forgotten.
_SOLO_POR_ID = {
    "correo", "telefono", "cedula", "clave", "contrasena", "password", "token", "codigo_totp", "texto", "cuerpo",
    "necesidad",
}  # fmt: skip


P = ParamSpec("P")
ANOTAR = "select bitacora_anotar(%s, %s, %s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s, %s, %s, %s)"


def suceso(
    *,
    accion: str,
    objeto: Model | None = None,
    antes: Mapping[str, Any] | None = None,
    despues: Mapping[str, Any] | None = None,
    motivo: str = "",
    texto: str = "",
    solicitud_id: int | None = None,
    entidad_id: int | None = None,
    dependencias: Sequence[int] | None = None,
) -> Orden:
    """The statement that records that the acting person did `accion` to `objeto`, with what changed (ids and states,
    never personal data), for whoever sends it with others.

    The solicitud, the entidad and the dependencias come from the object when it has them; say them when it has not.
    `texto` names the object for a reader; a solicitud is named by its radicado.
    """
    alcance, origen = exigir(), peticion()
    solicitud = _solicitud_de(objeto)
    return ANOTAR, [
        alcance.persona_id,
        alcance.rol,
        accion,
        objeto._meta.label_lower if objeto is not None else "",
        str(objeto.pk) if objeto is not None else "",
        _una_linea(texto or getattr(solicitud, "radicado", ""))[:120],
        solicitud_id or getattr(objeto, "solicitud_id", None) or getattr(solicitud, "pk", None),
        entidad_id or getattr(objeto, "entidad_id", None) or getattr(solicitud, "entidad_id", None),
        sorted({*(_dependencias_de(objeto, solicitud) if dependencias is None else dependencias)}),
        canonico(antes),
        canonico(despues),
        motivo.replace("\x00", "").strip(),
        origen.ip,
        origen.codigo,
    ]


def _enviando(orden: Callable[P, Orden]) -> Callable[P, None]:
    def registrar(*args: P.args, **kwargs: P.kwargs) -> None:
        """Record it now."""
        mandar(orden(*args, **kwargs))

    return registrar


registrar = _enviando(suceso)


def canonico(datos: Mapping[str, Any] | None) -> str:
    """One line of JSON with sorted keys and nothing that could break a line; empty when there are no data (A05)."""
    if not datos:
        return ""
    personales = _SOLO_POR_ID & set(datos)
    if personales:
        raise ValueError(f"La bitácora no guarda {', '.join(sorted(personales))}: pase el identificador.")
    return json.dumps(_simple(datos), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _simple(valor: Any) -> Any:
    if isinstance(valor, Mapping):
        return {str(clave): _simple(parte) for clave, parte in valor.items()}
    if isinstance(valor, list | tuple | set | frozenset):
        return [_simple(parte) for parte in (sorted(valor) if isinstance(valor, set | frozenset) else valor)]
    if isinstance(valor, Model):
        return valor.pk
    if isinstance(valor, datetime | date):
        return valor.isoformat()
    return valor if valor is None or isinstance(valor, bool | int | float) else str(valor)


def _solicitud_de(objeto: Model | None) -> Model | None:
    """The object itself or what it hangs from. This room knows no model of the domain: it asks for a radicado."""
    return objeto if hasattr(objeto, "radicado") else getattr(objeto, "solicitud", None)


def _dependencias_de(objeto: Model | None, solicitud: Model | None) -> set[int]:
    propia = getattr(objeto, "dependencia_id", None)
    return {*getattr(solicitud, "dependencias", ()), *([propia] if propia else [])}


def _una_linea(texto: str) -> str:
    return "".join(signo if signo.isprintable() else " " for signo in texto).strip()
