"""What the rules share: how a dictamen is begun, and the doubt."""

from dataclasses import dataclass, replace
from typing import Any

from buzones.criterio import texto
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado

MENSAJES_POR_HORA = 12
NADIE_COMPROBO = "Nadie comprobó el remitente: no se habla en su nombre."
_AVISOS_MAXIMOS = 20


@dataclass(frozen=True, slots=True)
class Duda:
    """A person decides, and nothing is answered, whatever the rules after this one say: that is only the guess."""

    razones: tuple[str, ...]
    grupo_id: int | None = None
    repetido_de_id: int | None = None


def en_duda(duda: Duda, seguia: Dictamen) -> Dictamen:
    conjetura = seguia.propuesta or (seguia.clase if seguia.clase != Clase.POR_CLASIFICAR else None)
    return replace(
        seguia,
        clase=Clase.POR_CLASIFICAR,
        estado=EstadoCorreo.POR_CLASIFICAR,
        propuesta=conjetura,
        razones=tuple(dict.fromkeys((*duda.razones, *seguia.razones))),
        responder=Respuesta.NINGUNA,
        faltan=(),
        complementa=False,
        autor_id=None,
        completa_id=None,
        solicitud_id=None,
        solicitud_propuesta_id=seguia.solicitud_id or seguia.solicitud_propuesta_id,
        grupo_id=duda.grupo_id or seguia.grupo_id,
        repetido_de_id=duda.repetido_de_id or seguia.repetido_de_id,
    )


def atendido(h: Hechos, clase: Clase, *razones: str, **datos: Any) -> Dictamen:
    return _dictamen(h, clase, EstadoCorreo.ATENDIDO, razones, **datos)


def por_clasificar(
    h: Hechos, *razones: str, estado: EstadoCorreo = EstadoCorreo.POR_CLASIFICAR, **datos: Any
) -> Dictamen:
    return _dictamen(h, Clase.POR_CLASIFICAR, estado, razones, **datos)


def _dictamen(h: Hechos, clase: Clase, estado: EstadoCorreo, razones: tuple[str, ...], **datos: Any) -> Dictamen:
    valores: dict[str, Any] = {
        "entidad_id": h.entidad.id if h.entidad else None,
        "persona_id": h.cuenta.persona_id if h.cuenta else None,
        "envio_id": h.responde_a.id if h.responde_a else None,
        "dependencias": h.dependencias,
    }
    return Dictamen(regla=0, clase=clase, estado=estado, razones=tuple(razones), **(valores | datos))


def esta_comprobado(d: Desarmado) -> bool:
    """The server of the border found that the message is of who it says."""
    return d.de_seguro and d.autenticacion.veredicto == "si"


def con_voz(h: Hechos) -> int | None:
    """The account that may speak, once it is proved that it wrote: an active one of an entidad, never of the team."""
    suya = h.cuenta is not None and h.cuenta.activa and not h.cuenta.es_personal
    return h.cuenta.persona_id if h.cuenta is not None and suya else None


def es_desmentido(d: Desarmado) -> bool:
    return d.autenticacion.veredicto == "no"


def es_conocido(d: Desarmado, h: Hechos) -> bool:
    """It is known of which entidad the sender is, and the sender could be read without guessing."""
    return d.de_seguro and h.entidad is not None and h.entidad.como.basta


def son_demasiados(h: Hechos) -> bool:
    return h.ultima_hora >= MENSAJES_POR_HORA


def cuantos_van(h: Hechos) -> str:
    return f"Es el {h.ultima_hora + 1}.º mensaje de esa dirección en la última hora."


def acaba_de_responderse(d: Desarmado, h: Hechos) -> bool:
    """The portal has just answered that address by itself: a machine there would answer the answer for ever.

    Without an account, in ten minutes; with one, sooner than a person reads and writes.
    """
    if h.respondido_hace is None:
        return False
    con_cuenta = h.cuenta is not None and h.cuenta.activa
    return h.respondido_hace.total_seconds() < (60 if con_cuenta else 600)


def advertencias(d: Desarmado, h: Hechos) -> tuple[str, ...]:
    """What whoever reads it must know, whatever it turned out to be."""
    dichas = [defecto.dice for defecto in d.defectos]
    for pieza in d.piezas:
        if pieza.cuarentena:
            dichas.append(f"«{pieza.nombre}» queda en cuarentena: {pieza.cuarentena}")
        elif pieza.defecto:
            dichas.append(f"«{pieza.nombre}»: {pieza.defecto}")
    otras = [una.correo for una in d.responder_a if una.correo and una.correo != d.de.correo]
    if otras and d.de.correo:
        dichas.append(f"Pide que se responda a {otras[0]}: se responde a {d.de.correo}.")
    if d.fecha is not None and abs((d.fecha - h.recibido_en).total_seconds()) > 2 * 86400:
        dichas.append("La fecha que dice el mensaje no es la de su llegada: cuenta la del servidor.")
    if d.senales.pide_acuse_de_lectura:
        dichas.append("Pide acuse de lectura: no se envía.")
    if d.senales.urgente:
        dichas.append("Viene marcado como urgente: se atiende en su orden de llegada.")
    if h.cuenta is not None and not h.cuenta.activa:
        dichas.append("La cuenta de esa dirección ya no está activa.")
    if h.numeros:
        dichas.append(f"Nombra {h.numeros[0]}, que no existe.")
    return tuple(dict.fromkeys(dichas))[:_AVISOS_MAXIMOS]


def tiene_con_que(d: Desarmado, h: Hechos) -> bool:
    """Enough new to say that what was waited for came: fifteen words or a file."""
    return texto.adjuntos(d) > 0 or len(d.nuevo.split()) >= 15
