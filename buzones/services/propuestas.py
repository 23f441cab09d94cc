"""What the form of a decision begins with: what the rules kept of the message, and what its text suggests today."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from alcance import exigir
from buzones.models import Correo
from clasificador.services import sugerir_para
from direcciones.models import Entidad, Modalidad, Tema
from solicitudes.models import Solicitud

_RADICADO = re.compile(r"AT-\d{4}-\d{6,9}", re.IGNORECASE)
TEMAS = 3


@dataclass(frozen=True, slots=True)
class Propuesta:
    """`porque`: «Valoración documental (86 %), por: fondo acumulado y bodega»."""

    titulo: str
    porque: str


@dataclass(frozen=True, slots=True)
class Propuestas:
    """Keys as text for the selects; '' or None when nothing is proposed."""

    entidad: int | None = None
    temas: tuple[str, ...] = ()
    modalidad: int | None = None
    formulario: str = ""
    radicado: str = ""
    enlace: Mapping[str, str] = field(default_factory=dict)
    dichas: tuple[Propuesta, ...] = ()


def proponer_datos(correo: Correo) -> Propuestas:
    """In five queries at most, whatever the message."""
    sugerencia = sugerir_para(f"{correo.asunto}\n{correo.texto}")
    por_codigo = {tema.codigo: tema for tema in Tema.objects.filter(codigo__in=[t.codigo for t in sugerencia.temas])}
    guardados = Tema.objects.in_bulk(list(correo.temas))
    elegidos = [guardados[pk] for pk in correo.temas if pk in guardados]
    if not elegidos and sugerencia.temas and (primero := por_codigo.get(sugerencia.temas[0].codigo)):
        elegidos = [primero]
    modalidad = correo.modalidad or _modalidad(sugerencia.modalidades[0].codigo if sugerencia.modalidades else "")
    entidad = correo.entidad or Entidad.objects.vigentes().filter(codigo__in=sugerencia.entidades[:1]).first()
    dichas = [
        Propuesta(f"{por_codigo[uno.codigo].nombre} ({uno.confianza} sobre 100)", ", ".join(uno.razones))
        for uno in sugerencia.temas[:TEMAS]
        if uno.codigo in por_codigo
    ]
    return Propuestas(
        entidad=entidad.pk if entidad else None,
        temas=tuple(str(tema.pk) for tema in elegidos[:TEMAS]),
        modalidad=modalidad.pk if modalidad else None,
        formulario=modalidad.formulario if modalidad else "",
        radicado=_radicado(correo),
        enlace=correo.conjetura.get("enlace", {}),
        dichas=tuple(dichas),
    )


def _modalidad(codigo: str) -> Modalidad | None:
    return Modalidad.objects.vigentes().filter(codigo=codigo, se_puede_pedir=True).first() if codigo else None


def _radicado(correo: Correo) -> str:
    """The one that the message names, or the one that the rules think it answers, when this person sees it."""
    if hallado := _RADICADO.search(f"{correo.asunto}\n{correo.texto}\n{correo.citado}"):
        return hallado.group().upper()
    propuesta = solicitud_propuesta(correo)
    return propuesta.radicado if propuesta else ""


def solicitud_propuesta(correo: Correo) -> Solicitud | None:
    """The one that the rules think it answers, when this person sees it."""
    if correo.solicitud_propuesta_id is None:
        return None
    return Solicitud.objects.visibles_para(exigir()).filter(pk=correo.solicitud_propuesta_id).first()
