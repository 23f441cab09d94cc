"""What a concepto says, section by section (domain.md §2.3; lineamiento §7.1.2 I). Pure: no database.

`contenido` of a Version: {"asunto", "respuesta_corta", "antecedentes", "respuestas": [{"pregunta", "respuesta"}],
"marco_normativo", "analisis", "conclusiones", "recomendaciones", "normas": [str]}. All of it plain text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LARGO_ASUNTO = 200
LARGO_NORMA = 200
LARGO_SECCION = 20_000


@dataclass(frozen=True, slots=True)
class Seccion:
    clave: str
    titulo: str
    ayuda: str
    filas: int
    obligatoria: bool = True


ANTES = (
    Seccion("respuesta_corta", "Respuesta corta", "Una o dos frases: lo que la entidad necesita saber.", 3),
    Seccion("antecedentes", "Antecedentes", "Qué pidió la entidad y qué documentos se tuvieron en cuenta.", 6),
)
DESPUES = (
    Seccion(
        "marco_normativo", "Marco normativo", "Una norma por línea, con el artículo. Empiece la línea con «-».", 5
    ),
    Seccion("analisis", "Análisis técnico", "El resultado del análisis: los hechos frente a las normas.", 12),
    Seccion("conclusiones", "Conclusiones", "Lo que se concluye, numerado.", 5),
    Seccion("recomendaciones", "Recomendaciones", "Qué debería hacer la entidad después.", 4, obligatoria=False),
)
SECCIONES = ANTES + DESPUES


def nuevo(asunto: str, preguntas: list[str]) -> dict[str, Any]:
    """An empty draft that already carries the numbered questions of the solicitud (R58)."""
    vacias = {seccion.clave: "" for seccion in SECCIONES}
    respuestas = [{"pregunta": pregunta, "respuesta": ""} for pregunta in preguntas]
    return {"asunto": asunto, **vacias, "respuestas": respuestas, "normas": []}


def limpiar(escrito: Mapping[str, Any], anterior: Mapping[str, Any]) -> dict[str, Any]:
    """`anterior` with what was written over it. Unknown keys are dropped and the questions never change."""
    nuevo_ = dict(anterior)
    for clave in ("asunto", *(seccion.clave for seccion in SECCIONES)):
        if clave in escrito:
            nuevo_[clave] = _texto(escrito[clave])
    if "normas" in escrito:
        nuevo_["normas"] = [norma for norma in map(_texto, escrito["normas"]) if norma]
    if "respuestas" in escrito:
        pares = zip(anterior.get("respuestas", []), escrito["respuestas"], strict=True)
        nuevo_["respuestas"] = [{**vieja, "respuesta": _texto(texto)} for vieja, texto in pares]
    return nuevo_


def _texto(valor: Any) -> str:
    return str(valor).replace("\x00", "").replace("\r\n", "\n").strip()


def faltantes(contenido: Mapping[str, Any]) -> list[str]:
    """What is missing before anybody reviews it: empty sections (R85), questions without answer. In sentences."""
    fallas = []
    if not contenido.get("asunto"):
        fallas.append("Escriba el asunto.")
    for seccion in SECCIONES:
        if seccion.obligatoria and not contenido.get(seccion.clave):
            fallas.append(f"Escriba la sección «{seccion.titulo}».")
    for numero, par in enumerate(contenido.get("respuestas", []), start=1):
        if not par["respuesta"]:
            fallas.append(f"Responda la pregunta {numero}.")
    return fallas


def textos(contenido: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(key, title, text) of everything written, in reading order: for reviewing and comparing."""
    filas = [("asunto", "Asunto", contenido.get("asunto", ""))]
    filas += [(s.clave, s.titulo, contenido.get(s.clave, "")) for s in ANTES]
    filas += [
        (f"respuesta_{numero}", f"Pregunta {numero}. {par['pregunta']}", par["respuesta"])
        for numero, par in enumerate(contenido.get("respuestas", []), start=1)
    ]
    filas += [(s.clave, s.titulo, contenido.get(s.clave, "")) for s in DESPUES]
    return filas
