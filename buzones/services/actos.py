"""What each decision of a person does besides saying what the message is. Each gives what its decision keeps.

Inside the transaction that decides, with the correo locked and the alcance of the person: all of it happens or none.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alcance import Alcance, como_sistema, exigir
from buzones.cartas.traslados import MOTIVO
from buzones.criterio.partes import DatosDeEnlace, Respuesta
from buzones.estados import Clase
from buzones.models import CanalExterno, Correo
from buzones.respuestas import responder
from buzones.services.actuar import agregar_mensaje, anotar_rebote, radicar_correo
from buzones.services.mover import NoSePuede
from buzones.services.proponer import proponer_enlace, retirar_propuestas
from buzones.services.propuestas import solicitud_propuesta
from buzones.services.trasladar import retirar_traslado, trasladar
from direcciones.models import Persona
from direcciones.roles import Rol
from plazos.reloj import hoy
from solicitudes.models import Solicitud

Datos = dict[str, Any]
Acto = Callable[..., Datos]


def radicar(
    correo: Correo,
    persona: Persona,
    *,
    entidad_id: int | None = None,
    temas: Sequence[int] = (),
    modalidad_id: int | None = None,
) -> Datos:
    """With nothing said, as it was proposed."""
    entidad_id, temas = entidad_id or correo.entidad_id, list(temas) or list(correo.temas)
    modalidad_id = modalidad_id or (correo.modalidad_id if temas == list(correo.temas) else None)
    if entidad_id is None or not temas:
        raise NoSePuede("Falta decir de qué entidad es o sobre qué tema.")
    solicitud = radicar_correo(correo, entidad_id=entidad_id, temas=temas, modalidad_id=modalidad_id, persona=persona)
    return {
        "solicitud": solicitud.pk,
        "entidad": entidad_id,
        "temas": temas,
        "modalidad": solicitud.modalidad_id,
        "dependencia": solicitud.dependencias,
    }


def agregar(correo: Correo, persona: Persona, *, solicitud_id: int | None = None, complementa: bool = False) -> Datos:
    """With nothing said, to the one that it seems to answer."""
    if solicitud_id is None:
        propuesta = solicitud_propuesta(correo)
        if propuesta is None:
            raise NoSePuede("Diga a qué solicitud se agrega.")
        solicitud_id = propuesta.pk
    agregar_mensaje(correo, solicitud_id=solicitud_id, persona=persona, complementa=complementa)
    return {"solicitud": solicitud_id}


def nota(correo: Correo, persona: Persona, *, solicitud_id: int) -> Datos:
    agregar_mensaje(correo, solicitud_id=solicitud_id, persona=persona, interno=True)
    return {"solicitud": solicitud_id, "interna": True}


def preguntar(correo: Correo, persona: Persona, *, faltan: Sequence[str]) -> Datos:
    if not correo.de_correo:
        raise NoSePuede("No se le puede preguntar: el remitente no se puede leer.")
    responder(correo, Respuesta.FALTAN, faltan=faltan, a_mano=True)
    return {"faltan": list(faltan)}


def proponer(correo: Correo, persona: Persona, *, entidad_id: int, enlace: DatosDeEnlace) -> Datos:
    propuesta = proponer_enlace(correo, enlace, entidad_id=entidad_id, persona=persona)
    return {"entidad": entidad_id, "propuesta": propuesta.pk}


def enviar_a_otro(
    correo: Correo,
    persona: Persona,
    *,
    canal: CanalExterno | None = None,
    motivo: str = MOTIVO,
    numero_externo: str = "",
) -> Datos:
    """With nothing said, to the one channel that receives mail."""
    canal = canal or canal_de_siempre()
    if canal is None:
        raise NoSePuede("Diga a qué canal se traslada.")
    trasladar(correo, canal=canal, motivo=motivo, persona=persona, numero_externo=numero_externo)
    return {"canal": canal.pk}


def canal_de_siempre() -> CanalExterno | None:
    """Where petitions go with one key: when there is only one that can be written to."""
    con_buzon = list(CanalExterno.objects.vigentes(hoy()).exclude(correo="").order_by("pk")[:2])
    return con_buzon[0] if len(con_buzon) == 1 else None


def no_llego(correo: Correo, persona: Persona) -> Datos:
    """A person knows better than the report: its address is marked."""
    return {"direccion": anotar_rebote(correo)}


def devolver(correo: Correo, persona: Persona) -> Datos:
    """What leaves the portal only a minute later is stopped, and an entity is not asked what nobody proposes."""
    if correo.clase == Clase.PETICION_CIUDADANA:
        retirar_traslado(correo, persona=persona)
    elif correo.clase == Clase.CAMBIO_DE_ENLACE:
        retirar_propuestas(correo, persona=persona)
    return {}


ACTOS: Mapping[str, Acto] = {
    "radicar": radicar,
    "agregar": agregar,
    "nota": nota,
    "preguntar": preguntar,
    "proponer_enlace": proponer,
    "trasladar": enviar_a_otro,
    "rebote": no_llego,
    "rescatar": devolver,
}


def solicitud_para_agregar(radicado: str) -> Solicitud | None:
    """The one with that radicado, when this person sees it; ventanilla, which hands over what comes, may name any that
    is not reserved. None otherwise."""
    alcance: Alcance = exigir()
    visible = Solicitud.objects.visibles_para(alcance).filter(radicado=radicado).first()
    if visible is not None or alcance.rol != Rol.VENTANILLA:
        return visible
    with como_sistema("buscar la solicitud a la que ventanilla agrega un correo"):
        return Solicitud.objects.filter(radicado=radicado, reservada=False).first()
