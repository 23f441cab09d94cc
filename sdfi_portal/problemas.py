"""Errors of the API: `application/problem+json` (RFC 9457) in plain Spanish, whoever found the error.

`type` is the address of the section of the documentation that explains it: it never changes.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

RAIZ = "/api/"
DOCUMENTACION = "/api/documentacion/"
TIPO = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problema:
    clave: str
    titulo: str
    detalle: str
    que_hacer: str


PROBLEMAS = {
    400: Problema(
        "peticion",
        "La petición está mal escrita",
        "Falta un dato, sobra uno o tiene otra forma. Revise «errores».",
        "Corrija los campos que dice «errores». Un parámetro que la operación no conoce también se rehúsa: un "
        "filtro mal escrito nunca se pasa por alto.",
    ),
    401: Problema(
        "sin-token",
        "Falta un token que sirva",
        "Envíe el encabezado «Authorization: Bearer sdfi_…» con un token vigente.",
        "Un token deja de servir cuando vence, cuando se revoca, cuando termina el rol con el que actúa, cuando la "
        "persona cambia su contraseña o cuando su usuario se desactiva. Cree otro en «Mi cuenta».",
    ),
    403: Problema(
        "sin-permiso",
        "El token no puede hacer esto",
        "Su rol o los permisos del token no alcanzan.",
        "Cree un token con el permiso que la operación necesita. Si su rol no puede darlo, no es para su rol.",
    ),
    404: Problema(
        "no-existe",
        "No existe",
        "No hay nada en esa dirección, o no es para quien pregunta.",
        "Lo ajeno y lo que no existe se responden igual. Revise el número y la dirección, que termina en «/».",
    ),
    405: Problema(
        "metodo",
        "La dirección no acepta ese método",
        "El encabezado «Allow» dice cuáles acepta.",
        "Use uno de los métodos del encabezado «Allow».",
    ),
    406: Problema(
        "formato-de-respuesta",
        "La API solo responde en JSON",
        "Pida «Accept: application/json».",
        "Pida «Accept: application/json», o no envíe «Accept».",
    ),
    409: Problema(
        "conflicto",
        "Ya no se puede",
        "El estado de la solicitud no lo permite.",
        "Lea de nuevo la solicitud: alguien la cambió antes.",
    ),
    410: Problema(
        "ya-no-esta",
        "Ya no está",
        "Existió y no se va a poder descargar más.",
        "Una exportación cancelada, fallida o vencida no tiene archivo. Pídala de nuevo.",
    ),
    413: Problema(
        "muy-grande",
        "La petición es demasiado grande",
        "El cuerpo pasa de 2 MB.",
        "Envíe menos texto. Los archivos se agregan en el portal.",
    ),
    415: Problema(
        "formato-de-envio",
        "La API solo recibe JSON",
        "Envíe «Content-Type: application/json».",
        "Envíe «Content-Type: application/json» y el cuerpo en JSON con codificación UTF-8.",
    ),
    422: Problema(
        "regla",
        "Se entiende, pero no se puede",
        "Una regla del portal lo impide. Revise «errores».",
        "La petición está bien escrita y una regla no la deja pasar: un tema que ya no está vigente, un dato que esa "
        "clase de solicitud exige, una clave de idempotencia que ya se usó con otro contenido. «errores» dice cuál.",
    ),
    429: Problema(
        "demasiadas",
        "Demasiadas peticiones",
        "Espere los segundos que dice «Retry-After».",
        "Espere los segundos de «Retry-After» y siga. «RateLimit» dice en cada respuesta cuántas quedan en el minuto.",
    ),
    500: Problema(
        "falla",
        "Algo falló de nuestro lado",
        "Ya lo registramos.",
        "Intente de nuevo en unos minutos. Si sigue, escriba a la SDFI con el código del «detail». Repetir una "
        "radicación con la misma clave de idempotencia no la duplica.",
    ),
    503: Problema(
        "no-disponible",
        "El portal no está disponible",
        "Intente de nuevo en unos segundos.",
        "Espere los segundos de «Retry-After» e intente de nuevo. Con la misma clave de idempotencia nada se duplica.",
    ),
}  # fmt: skip


def es_de_la_api(request: HttpRequest) -> bool:
    """Whether a program is asking: everything under /api/ but the page that people read."""
    return es_ruta_de_la_api(request.path)


def es_ruta_de_la_api(ruta: str) -> bool:
    return ruta.startswith(RAIZ) and not ruta.startswith(DOCUMENTACION)


def describir(estado: int, detalle: str = "", errores: Any = None) -> dict[str, Any]:
    """The body of a problem. `errores`: {field: [sentence]}."""
    cual = PROBLEMAS.get(estado) or PROBLEMAS[400 if estado < 500 else 500]
    cuerpo: dict[str, Any] = {
        "type": f"{settings.DOMINIO}{DOCUMENTACION}#problema-{cual.clave}",
        "title": cual.titulo,
        "status": estado,
        "detail": detalle or cual.detalle,
    }
    return cuerpo | ({"errores": errores} if errores else {})


def responder(
    estado: int, detalle: str = "", errores: Any = None, cabeceras: dict[str, str] | None = None
) -> HttpResponse:
    return JsonResponse(
        describir(estado, detalle, errores),
        status=estado,
        content_type=TIPO,
        headers=cabeceras,
        json_dumps_params={"ensure_ascii": False},
    )


def convertir(response: HttpResponse) -> HttpResponse:
    """An error that came as a page or bare, as a problem with the same code and headers."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith(TIPO):
        return response
    hecho = responder(response.status_code)
    for nombre, valor in response.headers.items():
        if nombre not in {"Content-Type", "Content-Length", "Content-Language"}:
            hecho.headers[nombre] = valor
    return hecho
