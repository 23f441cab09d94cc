"""How drf-spectacular describes what is ours: the token, the problems, and that nothing unknown is taken."""

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from api.serializadores import ProblemaSalida
from sdfi_portal import problemas

JSON = "application/json"
SIEMPRE = (406, 429, 500, 503)


class TokenEnElEsquema(OpenApiAuthenticationExtension):
    target_class = "api.autenticacion.PorToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "sdfi_…",
            "description": "Un token creado en «Mi cuenta», en «Authorization: Bearer sdfi_…».",
        }


def operacion(
    nombre: str,
    resumen: str,
    *,
    grupo: str,
    sale: Any,
    ejemplo: Any = None,
    errores: tuple[int, ...] = (),
    descripcion: str = "",
    parametros: Any = None,
    entra: Any = None,
    ejemplo_entra: Any = None,
    crea: bool = False,
    codigo: int = 200,
    tipos: tuple[str, ...] = (JSON,),
    abierta: bool = False,
    extra: tuple[OpenApiParameter, ...] = (),
) -> Any:
    """`extend_schema` with what every operation has: Spanish, a real example and every problem it may answer.

    `crea`: 201 the first time and 200 when it is repeated. `abierta`: also without a token.
    """
    respuestas: dict[Any, Any] = {
        (bueno, tipo): OpenApiResponse(
            sale,
            "Lo que se pidió." if bueno == 200 and not crea else _DE_CREAR[bueno],
            [OpenApiExample("Ejemplo", ejemplo, status_codes=[str(bueno)])] if ejemplo is not None else None,
        )
        for bueno in ((201, 200) if crea else (codigo,))
        for tipo in tipos
    }
    for malo in sorted({401, *errores, *(() if abierta else (403,)), *SIEMPRE}):
        respuestas[(malo, problemas.TIPO)] = OpenApiResponse(
            ProblemaSalida,
            problemas.PROBLEMAS[malo].titulo,
            [OpenApiExample(problemas.PROBLEMAS[malo].titulo, problemas.describir(malo, errores=_errores(malo)),
                            status_codes=[str(malo)])],
        )  # fmt: skip
    ejemplos = (
        [OpenApiExample("Ejemplo de envío", ejemplo_entra, request_only=True)] if ejemplo_entra is not None else None
    )
    return extend_schema(
        operation_id=nombre,
        summary=resumen,
        description=descripcion or resumen,
        tags=[grupo],
        parameters=[*([parametros] if parametros else []), *extra],
        request=entra,
        responses=respuestas,
        examples=ejemplos,
    )


_DE_CREAR = {201: "Hecho.", 200: "Ya estaba hecho con esa clave: es lo mismo que se respondió la primera vez."}


def _errores(codigo: int) -> dict[str, list[str]] | None:
    return {"asunto": ["Falta este dato."]} if codigo == 400 else None


LLAVE = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="Un UUID nuevo por cada cosa que se envía. Si la respuesta se pierde, repita la petición con "
    "ese: no se duplica nada.",
    examples=[OpenApiExample("UUID", "7d9f3c9e-6a55-4d5e-9d0b-0a7c1f6f2b41")],
)


def pagina_de(forma: type[serializers.Serializer]) -> Any:
    """The envelope of a page."""
    return inline_serializer(
        f"PaginaDe{forma.__name__}",
        {
            "resultados": forma(many=True),
            "siguiente": serializers.CharField(allow_null=True, help_text="Cursor de la página que sigue, o nulo."),
            "anterior": serializers.CharField(allow_null=True, help_text="Cursor de la página anterior, o nulo."),
        },
    )


def en_la_ruta(nombre: str, patron: str, descripcion: str) -> OpenApiParameter:
    return OpenApiParameter(
        nombre, {"type": "string", "pattern": patron}, OpenApiParameter.PATH, description=descripcion
    )


RADICADO = en_la_ruta("radicado", r"^AT-[0-9]{4}-[0-9]{6,9}$", "El de la solicitud, como AT-2026-000123.")
NUMERO = en_la_ruta("numero", r"^C-[0-9]{4}-[0-9]{6,9}$", "El del concepto, como C-2026-000031.")


@cache
def esquema() -> dict[str, Any]:
    """The whole description, made once for each process: it depends on the code alone."""
    hecho: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return hecho


def solo_la_api(endpoints: Any) -> Any:
    """Preprocessing hook."""
    return [uno for uno in endpoints if uno[0].startswith("/api/v1/")]


def cerrar(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: bodies take no unknown field, and the one server is this installation."""
    for nombre, componente in result["components"]["schemas"].items():
        if nombre.endswith("Entrada") or nombre.endswith("EntradaRequest"):
            componente["additionalProperties"] = False
    result["servers"] = [{"url": settings.DOMINIO, "description": settings.IDENTIDAD["nombre"]}]
    return result
