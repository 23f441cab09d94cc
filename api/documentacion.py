"""From the OpenAPI schema to what the documentation page draws: one entry for each operation."""

import json
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from api.esquema import JSON, esquema
from sdfi_portal.problemas import PROBLEMAS

ORDEN = (
    "Token",
    "Solicitudes",
    "Registro de lo que llegó por otro canal",
    "Registro",
    "Tablero",
    "Exportaciones",
    "Conceptos",
    "Catálogos",
)


@dataclass(frozen=True, slots=True)
class Dato:
    """A parameter, or a field of the body or of the answer."""

    nombre: str
    tipo: str
    ayuda: str = ""
    obligatorio: bool = False


@dataclass(frozen=True, slots=True)
class Operacion:
    clave: str
    metodo: str
    ruta: str
    grupo: str
    resumen: str
    descripcion: str
    con_token: bool
    parametros: list[Dato] = field(default_factory=list)
    entra: list[Dato] = field(default_factory=list)
    sale: list[Dato] = field(default_factory=list)
    curl: str = ""
    respuesta: str = ""
    buenos: list[str] = field(default_factory=list)
    problemas: list[tuple[str, str]] = field(default_factory=list)  # its own: code, and the section that explains it


@cache
def de_todas() -> list[tuple[str, str]]:
    """The problems that any operation may answer: said once, so that who reads by keyboard is not led through them in
    each. Shape: code, section that explains it."""
    operaciones = [dicha for metodos in esquema()["paths"].values() for dicha in metodos.values()]
    comunes = set.intersection(*({c for c in dicha["responses"] if c >= "400"} for dicha in operaciones))
    return [(codigo, PROBLEMAS[int(codigo)].clave) for codigo in sorted(comunes)]


@cache
def indice() -> list[tuple[str, list[Operacion]]]:
    """Operations by group."""
    todas = [
        _operacion(esquema(), ruta, metodo, dicha)
        for ruta, metodos in esquema()["paths"].items()
        for metodo, dicha in metodos.items()
    ]
    todas.sort(key=lambda op: (ORDEN.index(op.grupo), op.ruta, op.metodo))
    return [(grupo, list(suyas)) for grupo, suyas in groupby(todas, key=lambda op: op.grupo)]


def _operacion(raiz: dict[str, Any], ruta: str, metodo: str, dicha: dict[str, Any]) -> Operacion:
    buena = next(r for codigo, r in sorted(dicha["responses"].items(), reverse=True) if codigo in {"200", "201"})
    entra = dicha.get("requestBody", {}).get("content", {}).get(JSON, {})
    contenido = buena.get("content", {}).get(JSON, {})
    return Operacion(
        clave=slugify(dicha["operationId"]),
        metodo=metodo.upper(),
        ruta=ruta,
        grupo=dicha["tags"][0],
        resumen=dicha["summary"],
        descripcion=dicha["description"],
        con_token={} not in dicha["security"],
        parametros=[
            Dato(p["name"], _tipo(raiz, p["schema"]), p.get("description", ""), p.get("required", False))
            for p in dicha.get("parameters", [])
        ],
        entra=_campos(raiz, entra.get("schema", {})),
        sale=_campos(raiz, contenido.get("schema", {})),
        curl=_curl(metodo.upper(), ruta, dicha, _ejemplo(entra)),
        respuesta=_bonito(_ejemplo(contenido)),
        buenos=sorted(codigo for codigo in dicha["responses"] if codigo < "400"),
        problemas=[
            (codigo, PROBLEMAS[int(codigo)].clave)
            for codigo in sorted(dicha["responses"])
            if codigo >= "400" and (codigo, PROBLEMAS[int(codigo)].clave) not in de_todas()
        ],
    )


def _ejemplo(contenido: dict[str, Any]) -> Any:
    return next((ejemplo["value"] for ejemplo in contenido.get("examples", {}).values()), None)


def _bonito(valor: Any) -> str:
    return "" if valor is None else json.dumps(valor, ensure_ascii=False, indent=2)


def _resolver(raiz: dict[str, Any], forma: dict[str, Any]) -> dict[str, Any]:
    """Follows a reference, and the only member of an allOf or oneOf."""
    while True:
        if "$ref" in forma:
            forma = raiz["components"]["schemas"][forma["$ref"].rpartition("/")[2]]
        elif len(forma.get("allOf", [])) == 1:
            forma = {**forma["allOf"][0]}
        else:
            return forma


def _campos(raiz: dict[str, Any], forma: dict[str, Any], antes: str = "", hondo: int = 0) -> list[Dato]:
    """The fields of a schema, those of what hangs from it included: «contacto.correo», «partes[].estado»."""
    forma = _resolver(raiz, forma)
    if forma.get("type") == "array":
        return _campos(raiz, forma["items"], f"{antes}[]", hondo)
    datos: list[Dato] = []
    for nombre, propia in forma.get("properties", {}).items():
        completo = f"{antes}.{nombre}" if antes else nombre
        ayuda = propia.get("description", "")
        datos.append(Dato(completo, _tipo(raiz, propia), ayuda, nombre in forma.get("required", [])))
        if hondo < 2:
            datos += _campos(raiz, propia, completo, hondo + 1)
    return datos


_TIPOS = {"string": "texto", "integer": "entero", "number": "número", "boolean": "verdadero o falso",
          "object": "objeto", "array": "lista"}  # fmt: skip
_FORMATOS = {"date": "fecha", "date-time": "fecha y hora", "uuid": "UUID", "email": "correo", "uri": "dirección"}


def _tipo(raiz: dict[str, Any], forma: dict[str, Any]) -> str:
    forma = _resolver(raiz, forma)
    if "enum" in forma:
        return " | ".join(str(valor) for valor in forma["enum"] if valor is not None)
    if len(forma.get("oneOf", [])) > 1:
        return " | ".join(_tipo(raiz, una) for una in forma["oneOf"])
    if forma.get("type") == "array":
        return f"lista de {_tipo(raiz, forma['items'])}"
    nombre = _FORMATOS.get(forma.get("format", "")) or _TIPOS.get(forma.get("type", ""), "")
    limites = [f"hasta {forma[clave]}" for clave in ("maxLength", "maximum") if clave in forma]
    return ", ".join([nombre, *limites])


def _curl(metodo: str, ruta: str, dicha: dict[str, Any], cuerpo: Any) -> str:
    camino = ruta.replace("{radicado}", "AT-2026-000123").replace("{numero}", "C-2026-000031").replace("{id}", "42")
    lineas = [f"curl '{settings.DOMINIO}{camino}'"]
    if metodo != "GET":
        lineas[0] = f"curl -X {metodo} '{settings.DOMINIO}{camino}'"
    if {} not in dicha["security"]:
        lineas.append('-H "Authorization: Bearer $TOKEN"')
    if any(p["name"] == "Idempotency-Key" for p in dicha.get("parameters", [])):
        lineas.append("-H 'Idempotency-Key: 7d9f3c9e-6a55-4d5e-9d0b-0a7c1f6f2b41'")
    if cuerpo is not None:
        lineas += ["-H 'Content-Type: application/json'", f"-d '{_bonito(cuerpo)}'"]
    return " \\\n  ".join(lineas)
