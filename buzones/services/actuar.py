"""Do what was decided of a message: a solicitud, a message of one, what is known of an address.

The same for the rules and for a person of the team: whoever calls has decided, and writes the state of the correo.
Inside the transaction that decides, for all of it happens or none.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError

from alcance import como_sistema, exigir
from alcance.compiladas import Compilada
from avisos.models import Envio, EventoCorreo
from avisos.services import rebotes
from avisos.services.direcciones import Suceso, anotar_suceso
from buzones.models import Casilla, Correo
from buzones.respuestas import casillas_de, llego_a_otros
from buzones.services.pendientes import movida_de_buzon
from buzones.services.piezas import Guardadas, Piezas, archivar, crudo_de, guardar_piezas, primera_llegada
from direcciones.models import Entidad, Modalidad, Persona, Tema
from plazos.fechas import enumerar
from solicitudes.detalle import a_json
from solicitudes.estados import EstadoParte
from solicitudes.models import Mensaje, Parte, Solicitud
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.conversacion import recibir_mensaje
from solicitudes.services.radicacion import DatosSolicitud, Recepcion, radicar_por_primera_vez

# Of the keys of what a message makes: read again, it makes the same thing.
ESPACIO = UUID("5a0f3f6e-7c1d-4f0e-9a43-2d1b1c7e55c0")
SIN_TEXTO = "El correo no trae texto: lo que dice está en sus archivos."
_SOBRA = re.compile(
    r"(?:re|rv|fwd?|fw|reenv|reenviado|res|resp|rta|enc|tr|wg|aw)\s?:\s*|[\[(]?urgente[\])]?[\s:!¡.,–—-]*|[!¡\s]+",
    re.IGNORECASE,
)


def clave_de(correo: Correo) -> UUID:
    return uuid5(ESPACIO, correo.huella + correo.mensaje_id)


# --- A solicitud ---------------------------------------------------------------------------------------------------
def radicar_correo(
    correo: Correo,
    *,
    temas: Sequence[int],
    modalidad_id: int | None,
    entidad_id: int,
    persona: Persona | None = None,
    autor_id: int | None = None,
    logistica: Mapping[str, Any] | None = None,
    completado_con: Correo | None = None,
    piezas: Piezas | None = None,
    faltan: Sequence[str] = (),
) -> Solicitud:
    """File it with the instant at which it came, its whole text and its files. The same message twice is one.

    `temas`: the first one's dependencia leads. `autor_id`: the account that wrote it, when that is proved. `persona`:
    who of the team decided it. `completado_con`: what answered our question about it; both are the solicitud, which
    came when the first one did. `faltan`: what its acuse asks for. Raises ValidationError when it can't be filed so.
    """
    with como_sistema("radicar lo que llegó por correo"):
        suyos = _los_temas(temas)
        casillas = casillas_de(correo)
        otra = llego_a_otros(casillas, {tema.dependencia.direccion.pk for tema in suyos})
        guardadas = [guardar_piezas(correo, piezas if completado_con is None else None)]
        if completado_con is not None:
            guardadas.append(guardar_piezas(completado_con, piezas))
        solicitud = radicar_por_primera_vez(
            clave=clave_de(correo),
            datos=DatosSolicitud(
                entidad=_ENTIDAD(pk=entidad_id)[0],
                asunto=asunto_de(correo),
                necesidad="\n\n".join(filter(None, map(_todo, filter(None, [correo, completado_con])))) or SIN_TEXTO,
                temas=suyos,
                modalidad=_MODALIDAD(pk=modalidad_id)[0] if modalidad_id else suyos[0].modalidad,
                logistica={clave: a_json(valor) for clave, valor in _logistica(correo, logistica).items()},
            ),
            recepcion=replace(
                _recepcion(correo, persona, autor_id),
                linea=_por_donde_llego(casillas, suyos, otra),
                escrita_a=str(otra.buzon.correo) if otra else "",
                faltan=tuple(faltan),
            ),
        )
        if otra is not None:
            movida_de_buzon(solicitud, otra)
        archivos = [archivo for unas in guardadas for archivo in archivar(unas, solicitud=solicitud)]
        emitir_constancia(solicitud=solicitud, temas=suyos, archivos=archivos)
        _atar(correo, solicitud)
        if completado_con is not None:
            _atar(completado_con, solicitud)
    return solicitud


def _logistica(correo: Correo, dicha: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the rules read in it, unless whoever decides says another thing."""
    leida: Mapping[str, Any] = correo.conjetura.get("logistica", {})
    return leida if dicha is None else dicha


def _los_temas(temas: Sequence[int]) -> list[Tema]:
    """In the order that was said."""
    hallados = {tema.pk: tema for tema in _TEMAS(ids=tuple(dict.fromkeys(temas)))}
    if not hallados:
        raise ValidationError("Falta decir sobre qué tema es.")
    if len(hallados) != len(set(temas)):
        raise ValidationError("Uno de los temas ya no está en el catálogo.")
    return [hallados[pk] for pk in dict.fromkeys(temas)]


# Asked for each message that is filed.
_TEMAS = Compilada(
    lambda ids: Tema.objects.filter(pk__in=ids).select_related("dependencia__padre", "modalidad"), ids=tuple
)
_ENTIDAD = Compilada(lambda pk: Entidad.objects.filter(pk=pk), pk=int)
_MODALIDAD = Compilada(lambda pk: Modalidad.objects.filter(pk=pk), pk=int)


def _recepcion(correo: Correo, persona: Persona | None, autor_id: int | None) -> Recepcion:
    autor = Persona.objects.get(pk=autor_id) if autor_id else None
    return Recepcion(
        canal=Solicitud.Canal.CORREO,
        recibido_en=correo.recibido_en,
        radicada_por=autor,
        registrada_por=persona,
        remitente_nombre=nombre_de_quien_escribe(correo)[:150],
        remitente_correo=correo.de_correo if len(correo.de_correo) <= 254 else "",
        evidencia=_evidencia(correo),
        responde_a=correo.mensaje_id,
    )


def asunto_de(correo: Correo) -> str:
    """Without the marks of programs and of hurry, which give no turn: RV, Fwd, URGENTE."""
    asunto = " ".join(correo.asunto.split())
    while (sobra := _SOBRA.match(asunto)) and sobra.end():
        asunto = asunto[sobra.end() :]
    asunto = asunto or next((linea.strip() for linea in correo.texto.split("\n") if linea.strip()), "Sin asunto")
    return asunto if len(asunto) <= 200 else f"{asunto[:199].rstrip()}…"


def _todo(correo: Correo) -> str:
    """Of a new one nothing is cut, not even what it quotes: it may be what it is about."""
    return "\n\n".join(filter(None, [correo.texto.strip(), correo.citado.strip()]))


def nombre_de_quien_escribe(correo: Correo) -> str:
    return correo.de_nombre or correo.de_correo.partition("@")[0] or "Remitente ilegible"


def _evidencia(correo: Correo) -> str:
    de = f"{correo.de_nombre} <{correo.de_correo}>" if correo.de_nombre else correo.de_correo
    principio = f"Correo {correo.numero} de {de}"[:150]
    return f"{principio}, «{correo.asunto[:140]}»"


def _por_donde_llego(casillas: Sequence[Casilla], temas: list[Tema], otra: Casilla | None) -> str:
    """Where they wrote, and who attends it when it is not for that mailbox (R92)."""
    buzones = {casilla.buzon_id: str(casilla.buzon.correo) for casilla in casillas}
    if not buzones:
        return "Llegó por correo"
    linea = f"Llegó por correo a {enumerar(list(buzones.values()))}"
    if otra is not None:
        linea += f"; la atiende {enumerar(sorted({tema.dependencia.direccion.nombre_corto for tema in temas}))}"
    return linea


# --- A message -----------------------------------------------------------------------------------------------------
def agregar_mensaje(
    correo: Correo,
    *,
    solicitud_id: int,
    persona: Persona | None = None,
    autor_id: int | None = None,
    interno: bool = False,
    complementa: bool = False,
    piezas: Piezas | None = None,
) -> Mensaje:
    """Add what is new in it, with its files, to a solicitud. `interno`: a note of the team. `complementa`: it brings
    what its only waiting part waited for. `persona` is who of the team decided it: never the author."""
    with como_sistema("agregar a una solicitud lo que llegó por correo"):
        solicitud = Solicitud.objects.get(pk=solicitud_id)
        guardadas: Guardadas = guardar_piezas(correo, piezas)
        tipo, parte = (Mensaje.Tipo.NOTA if interno else Mensaje.Tipo.MENSAJE), None
        if complementa and not interno:
            esperan = list(Parte.objects.filter(solicitud=solicitud, estado=EstadoParte.EN_COMPLEMENTO)[:2])
            if len(esperan) == 1:
                tipo, parte = Mensaje.Tipo.COMPLEMENTO, esperan[0]
        mensaje = recibir_mensaje(
            solicitud=solicitud,
            texto=correo.texto.strip() or SIN_TEXTO,
            clave=clave_de(correo),
            en=correo.recibido_en,
            remitente=_remitente(correo),
            autor=Persona.objects.get(pk=autor_id) if autor_id else None,
            tipo=tipo,
            parte=parte,
            interno=interno,
        )
        if mensaje.solicitud_id != solicitud_id:
            raise ValidationError("Ese correo ya se agregó a otra solicitud.")
        archivar(guardadas, solicitud=solicitud, mensaje=mensaje)
        correo.mensaje_agregado = mensaje
        _atar(correo, solicitud, "mensaje_agregado")
    return mensaje


def _remitente(correo: Correo) -> str:
    return f"{nombre_de_quien_escribe(correo)[:150]} <{correo.de_correo[:130]}> (por correo)"


def _atar(correo: Correo, solicitud: Solicitud, *campos: str) -> None:
    correo.solicitud, correo.entidad = solicitud, solicitud.entidad
    correo.save(update_fields=["solicitud", "entidad", "estado", *campos])


# --- What is known of an address -----------------------------------------------------------------------------------
def anotar_rebote(correo: Correo) -> str:
    """What a delivery report says of an address. By itself it is believed only where it proves whose it is; a person
    who decides it may know better. Raises ValidationError when it can't be believed."""
    with como_sistema("anotar lo que dice un correo devuelto"):
        llegada = primera_llegada(correo)
        crudo = crudo_de(llegada)
        if exigir().persona_id is not None:
            return rebotes.creer(crudo)
        if not rebotes.se_cree(crudo, para=llegada.sobre_para):
            raise ValidationError("No prueba de qué correo nuestro habla: no se le cree sin que alguien lo mire.")
        return rebotes.recibir(crudo, para=llegada.sobre_para)


def anotar_ausencia(correo: Correo) -> None:
    """Who we wrote to is away: it is kept beside the mail that they answered, and says nothing bad of the address."""
    with como_sistema("anotar la ausencia de quien recibió un correo"):
        envio = Envio.objects.filter(pk=correo.envio_id).first() if correo.envio_id else None
        anotar_suceso(
            Suceso(
                origen="correo",
                identidad=correo.huella + correo.mensaje_id,
                tipo=EventoCorreo.Tipo.AUSENCIA,
                correo=correo.de_correo,
                mensaje_id=envio.mensaje_id if envio else "",
                detalle=next(iter(correo.razones), "") or correo.asunto,
                en=correo.recibido_en,
            )
        )
