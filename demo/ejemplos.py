"""The 42 example requests, in order of arrival, as the services want them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from direcciones.models import Entidad, Modalidad, Tema
from plazos.calendario import Calendario
from solicitudes.models import Solicitud

# The word of the example → modality of the catalogue.
MODALIDADES = {
    "concepto": "concepto",
    "visita": "visita",
    "mesa": "mesa",
    "jornada": "jornada",
    "taller": "taller",
    "publicacion": "publicacion",
    "impreso": "impreso",
    "revision_tecnica": "revision",
    "comision_exterior": "comision",
}
# The last ones arrive these business days before today, two a day: there is live work in every queue.
RECIENTES = 18


@dataclass(frozen=True, slots=True)
class Ejemplo:
    id: str
    recibido_en: datetime
    canal: str
    entidad: Entidad
    remitente: dict[str, str]
    asunto: str
    cuerpo: str
    preguntas: list[str]
    modalidad: Modalidad
    temas: list[Tema]
    adjuntos: list[str]
    etiquetas: list[str]
    pide: str


def leer(calendario: Calendario, hoy: date) -> list[Ejemplo]:
    """The examples with their instants moved so that the newest came yesterday. Sorted by arrival."""
    crudos = list(_crudos())
    modalidades = {m.codigo: m for m in Modalidad.objects.all()}
    temas = {(t.dependencia.direccion.codigo, t.nombre): t for t in Tema.objects.select_related("dependencia__padre")}
    ejemplos = []
    for orden, crudo in enumerate(crudos):
        instante = _instante(crudo, orden, len(crudos), calendario, hoy)
        ejemplos.append(_ejemplo(crudo, instante, modalidades, temas))
    return sorted(ejemplos, key=lambda e: e.recibido_en)


def _crudos() -> Iterator[dict[str, Any]]:
    with (Path(settings.RAIZ) / "datos" / "solicitudes_ejemplo.jsonl").open(encoding="utf-8") as archivo:
        yield from map(json.loads, archivo)


def _instante(crudo: dict[str, Any], orden: int, total: int, calendario: Calendario, hoy: date) -> datetime:
    original = timezone.localtime(datetime.fromisoformat(crudo["enviado_en"]))
    faltan = total - orden
    if faltan > RECIENTES:
        # Whole weeks: the day of the week and the hour stay.
        ultimo_viejo = date(2026, 5, 29)
        semanas = (hoy - timedelta(days=35) - ultimo_viejo).days // 7
        return original + timedelta(weeks=semanas)
    dia = hoy
    for _ in range((faltan + 1) // 2):
        dia = habil_anterior(dia, calendario)
    return timezone.make_aware(datetime.combine(dia, time(original.hour, original.minute)))


def habil_anterior(dia: date, calendario: Calendario) -> date:
    dia -= timedelta(days=1)
    while not calendario.es_habil(dia):
        dia -= timedelta(days=1)
    return dia


def _ejemplo(
    crudo: dict[str, Any],
    instante: datetime,
    modalidades: dict[str, Modalidad],
    temas: dict[tuple[str, str], Tema],
) -> Ejemplo:
    pide = crudo["modalidad_pedida"]
    return Ejemplo(
        id=crudo["id"],
        recibido_en=instante,
        canal=_canal(crudo["canal"]),
        entidad=Entidad.objects.get(codigo=crudo["entidad_codigo"]),
        remitente=crudo["remitente"],
        asunto=crudo["asunto"],
        cuerpo=crudo["cuerpo"],
        preguntas=_preguntas(crudo["cuerpo"]) if pide == "concepto" else [],
        modalidad=modalidades[MODALIDADES.get(pide, "asesoria")],
        temas=_temas(crudo["esperado"], temas),
        adjuntos=crudo["adjuntos"],
        etiquetas=crudo["etiquetas"],
        pide=pide,
    )


def _canal(texto: str) -> str:
    if texto.startswith("correo"):
        return Solicitud.Canal.CORREO
    return {"SIGA": Solicitud.Canal.SIGA, "telefónico": Solicitud.Canal.TELEFONO}.get(texto, Solicitud.Canal.PORTAL)


def _preguntas(cuerpo: str) -> list[str]:
    """Numbered questions «1. ¿…?» of the text; the whole text as one question when it has none."""
    halladas = [p.strip() for p in re.findall(r"\d+[.)]\s*(¿[^?]+\?)", cuerpo)]
    return halladas or [p.strip() for p in re.findall(r"¿[^?]+\?", cuerpo)] or ["¿Qué concepto tiene la SDFI?"]


def _temas(esperado: dict[str, Any], temas: dict[tuple[str, str], Tema]) -> list[Tema]:
    hallados = [temas[(d, s)] for s in esperado["subtemas"] for d in _direcciones(esperado) if (d, s) in temas]
    if hallados:
        return hallados
    direccion = _direcciones(esperado)[0]
    generales = {"DDAB": "Aplicación de normas, lineamientos y directrices"}
    return [temas[(direccion, generales[direccion])]]


def _direcciones(esperado: dict[str, Any]) -> list[str]:
    """Imprenta is a subdirección of the DDDI."""
    return ["DDDI" if d == "Imprenta" else d for d in esperado["direcciones"]]
