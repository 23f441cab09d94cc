"""The electronic index as the Archivo General de la Nación asks for it: XML, from the same facts as the signed JSON.

Pure. The names of the elements are those of its «índice electrónico» (Acuerdo 001 de 2024; guide G.INF.08). The same
facts give the same bytes, and any text gives a document that any reader opens.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

# What XML 1.0 can't carry, not even escaped: control characters that a mail or a file name may bring.
SIN_LUGAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How each document calls what the index of the AGN asks of it.
CAMPOS = {
    "Nombre_Documento": "nombre",
    "Tipologia_Documental": "tipo_documental",
    "Fecha_Creacion_Documento": "fecha_creacion",
    "Fecha_Incorporacion_Expediente": "fecha_incorporacion",
    "Valor_Huella": "huella",
    "Funcion_Resumen": "",
    "Orden_Documento_Expediente": "orden",
    "Pagina_Inicio": "folio_inicial",
    "Pagina_Fin": "folio_final",
    "Formato": "formato",
    "Tamano": "bytes",
    "Origen": "",
    "Productor": "origen",
    "Archivo": "archivo",
}
# They are born in the portal, or reached it as files: none is a paper that we digitised.
ELECTRONICO = "Electrónico"


def a_xml(indice: Mapping[str, Any]) -> str:
    """The whole document. `indice` is what the JSON index says."""
    expediente, serie = indice["expediente"], indice["expediente"]["serie"]
    cabeza = [
        ("Numero", expediente["numero"]),
        ("Radicado", expediente["radicado"]),
        ("Nombre", expediente["asunto"]),
        ("Entidad", expediente["entidad"]),
        *(("Dependencia", dependencia) for dependencia in expediente["dependencias"]),
        ("Modalidad", expediente["modalidad"]),
        ("Codigo_Serie", serie.get("codigo", "")),
        ("Serie", serie.get("serie", "")),
        ("Subserie", serie.get("subserie", "")),
        ("Fecha_Apertura", expediente["apertura"]),
        ("Fecha_Cierre", expediente["cierre"]),
    ]
    version = [
        ("Norma", indice["norma"]),
        ("Version", indice["version"]),
        ("Motivo", indice["motivo"]),
        ("Huella_Version_Anterior", indice["anterior"]),
        ("Cantidad_Documentos", len(indice["documentos"])),
    ]
    lineas = ['<?xml version="1.0" encoding="UTF-8"?>', "<Indice_Electronico>"]
    lineas += _bloque("Expediente", cabeza)
    lineas += _elementos(version, "  ")
    for documento in indice["documentos"]:
        lineas += _bloque("Documento_Foliado", del_documento(documento, indice["algoritmo"]).items())
    return "\n".join([*lineas, "</Indice_Electronico>", ""])


def del_documento(documento: Mapping[str, Any], algoritmo: str) -> dict[str, Any]:
    """Each element of a document and its value."""
    propios = {nombre: documento[campo] for nombre, campo in CAMPOS.items() if campo}
    fijos = {"Funcion_Resumen": algoritmo, "Origen": ELECTRONICO}
    return {"Id": f"D{documento['orden']:05d}", **{nombre: {**propios, **fijos}[nombre] for nombre in CAMPOS}}


def _bloque(nombre: str, campos: Iterable[tuple[str, Any]]) -> list[str]:
    return [f"  <{nombre}>", *_elementos(campos, "    "), f"  </{nombre}>"]


def _elementos(campos: Iterable[tuple[str, Any]], sangria: str) -> list[str]:
    return [f"{sangria}<{nombre}>{_texto(valor)}</{nombre}>" for nombre, valor in campos]


def _texto(valor: Any) -> str:
    """A carriage return is written as its number: a reader would turn it into a line feed."""
    return escape(SIN_LUGAR.sub("\ufffd", str(valor)), {"\r": "&#13;"})
