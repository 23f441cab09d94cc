"""Every exception of a view of the API becomes a problem (RFC 9457): 400 is form, 422 is a rule."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from sdfi_portal import problemas

DE_REGLA = "regla"  # the code of what a field refuses and OpenAPI can't say: with nothing else wrong, 422


class Rehusada(Exception):
    """Well written and refused by a rule of the portal. `errores`: {field: [sentence]}."""

    def __init__(self, errores: dict[str, list[str]], detalle: str = "") -> None:
        super().__init__(detalle)
        self.errores, self.detalle = errores, detalle


def manejar(exc: Exception, contexto: dict[str, Any]) -> Response | None:
    """EXCEPTION_HANDLER. None lets the exception go on: it is a fault of ours (500)."""
    estado, detalle, errores, cabeceras = _leer(exc)
    if not estado:
        return None
    set_rollback()
    return Response(
        problemas.describir(estado, detalle, errores), estado, headers=cabeceras, content_type=problemas.TIPO
    )


def _leer(exc: Exception) -> tuple[int, str, Any, dict[str, str]]:
    if isinstance(exc, Rehusada):
        return 422, exc.detalle, exc.errores, {}
    if isinstance(exc, ValidationError):
        return 422, "", por_campo(exc), {}
    if isinstance(exc, Http404):
        return 404, "", None, {}
    if isinstance(exc, PermissionDenied):
        return 403, _frase(exc), None, {}
    if isinstance(exc, exceptions.ValidationError):
        return 400 if _codigos(exc.detail) - {DE_REGLA} else 422, "", aplanar(exc.detail), {}
    if isinstance(exc, exceptions.ParseError):
        return 400, "El cuerpo no es JSON bien escrito.", None, {}
    if isinstance(exc, exceptions.PermissionDenied):
        return 403, _frase(exc), None, {}
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return 401, "", None, {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, "", None, {}
    return 0, "", None, {}


def _frase(exc: Exception) -> str:
    """Ours end with a full stop; a library's are left out."""
    texto = str(exc)
    return texto if texto.endswith(".") else ""


def por_campo(error: ValidationError) -> dict[str, list[str]]:
    """What a service refused, by field; what is of no field, under «general»."""
    if hasattr(error, "error_dict"):
        return {("general" if c == NON_FIELD_ERRORS else c): list(m) for c, m in error.message_dict.items()}
    return {"general": list(error.messages)}


def aplanar(detalle: Any, ruta: str = "") -> dict[str, list[str]]:
    """Errors of nested serializers, with the path as the name: «contacto.correo», «preguntas.2»."""
    if isinstance(detalle, dict):
        plano: dict[str, list[str]] = {}
        for clave, valor in detalle.items():
            for campo, mensajes in aplanar(valor, _unir(ruta, clave)).items():
                plano.setdefault(campo, []).extend(mensajes)
        return plano
    textos = [str(uno) for uno in (detalle if isinstance(detalle, list) else [detalle])]
    return {ruta or "general": textos} if textos else {}


def _codigos(detalle: Any) -> set[str]:
    if isinstance(detalle, dict | list):
        return set().union(*map(_codigos, detalle.values() if isinstance(detalle, dict) else detalle))
    return {detalle.code}


def _unir(ruta: str, clave: Any) -> str:
    if clave == "non_field_errors":
        return ruta
    return f"{ruta}.{clave}" if ruta else str(clave)
