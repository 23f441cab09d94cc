"""Who or what wrote it, before what it says: rules 1 to 7 and 12 to 14."""

import re

from buzones.criterio import texto
from buzones.criterio.base import (
    Duda,
    acaba_de_responderse,
    atendido,
    cuantos_van,
    es_conocido,
    es_desmentido,
    por_clasificar,
    son_demasiados,
)
from buzones.criterio.hechos import Como, Hechos
from buzones.criterio.partes import Dictamen
from buzones.criterio.solicitud_nueva import lo_que_pide
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado, Falla
from plazos.fechas import fecha_corrida


def ya_llego(d: Desarmado, h: Hechos) -> Dictamen | None:
    """1. The same content under the same Message-ID, from whatever mailbox."""
    if h.igual is None:
        return None
    igual = h.igual
    return Dictamen(
        regla=0,
        clase=igual.clase,
        estado=igual.estado,
        razones=(f"Ya había llegado: es {igual.numero}.",),
        solicitud_id=igual.solicitud_id,
        entidad_id=igual.entidad_id,
        ya_es_id=igual.id,
    )


def es_nuestro(d: Desarmado, h: Hechos) -> Dictamen | None:
    """2. The portal wrote it: answering it would be a loop."""
    dominio = d.de.correo.rpartition("@")[2]
    if d.de.correo in h.propias or (h.dominio_propio and dominio == h.dominio_propio):
        return atendido(h, Clase.AUTOMATICO, "Lo envió el propio portal: responderlo sería un bucle.")
    if h.es_envio is not None:
        return atendido(h, Clase.AUTOMATICO, "Es un correo que envió el portal, de vuelta.", envio_id=h.es_envio.id)
    return None


def es_un_rebote(d: Desarmado, h: Hechos) -> Dictamen | None:
    """3. A server says that a mail of ours did not reach."""
    if not h.rebotes:
        return None
    uno = h.rebotes[0]
    codigo = f" ({uno.codigo})" if uno.codigo else ""
    dice = f"Un servidor informa que no se entregó a {uno.correo or 'la dirección'}{codigo}."
    if h.rebotado_id is not None:
        return atendido(h, Clase.REBOTE, dice, envio_id=h.rebotado_id)
    no_se_prueba = "No se puede probar de qué correo nuestro habla: no se cree solo."
    return por_clasificar(h, dice, no_se_prueba, propuesta=Clase.REBOTE, confianza=60)


def es_una_ausencia(d: Desarmado, h: Hechos) -> Dictamen | None:
    """4. The answer that a mailbox gives while its owner is away."""
    if not d.senales.ausencia:
        return None
    hasta = f" hasta el {fecha_corrida(d.senales.ausente_hasta)}" if d.senales.ausente_hasta else ""
    razones = [f"Es una respuesta automática de ausencia{hasta}."]
    if d.senales.sustituto:
        razones.append(f"Mientras tanto, pide escribir a {d.senales.sustituto}.")
    return atendido(h, Clase.AUSENCIA, *razones)


def es_de_una_maquina(d: Desarmado, h: Hechos) -> Dictamen | None:
    """5. A list, a receipt, a calendar, any program."""
    return atendido(h, Clase.AUTOMATICO, *d.senales.robot) if d.senales.robot else None


def no_se_lee(d: Desarmado, h: Hechos) -> Duda | None:
    """6. It can't be read, or is mistaken for another one."""
    razones = []
    if not d.de.correo:
        razones.append("El remitente no se puede leer.")
    elif not d.de_seguro:
        razones += [uno.dice for uno in d.defectos if uno.clave == Falla.REMITENTE] or ["El remitente no es seguro."]
    if d.senales.cifrado or d.tiene(Falla.CIFRADO):
        razones.append("Está cifrado: el portal no puede leerlo.")
    elif not texto.se_lee(d):
        razones.append("Llegó dañado o incompleto: una persona debe ver el original.")
    elif not d.texto.strip() and not any(not pieza.incrustada for pieza in d.piezas):
        razones.append("No dice nada ni trae archivos.")
    if h.mismo_contenido is not None:
        razones.append(f"Dice exactamente lo mismo que {h.mismo_contenido.numero}.")
    if h.mismo_id is not None:
        razones.append(f"Lleva la misma identificación que {h.mismo_id.numero} y otro contenido.")
    if not razones:
        return None
    return Duda(tuple(razones), repetido_de_id=h.mismo_contenido.id if h.mismo_contenido else None)


def es_del_equipo(d: Desarmado, h: Hechos) -> Dictamen | None:
    """7. Of the SDFI's own people, or of an official mailbox: never a voice by From alone."""
    de_casa = h.cuenta is not None and h.cuenta.activa and h.cuenta.es_personal
    if not de_casa and d.de.correo not in h.buzones:
        return None
    quien = "Es de una persona del equipo" if de_casa else "Es de un buzón oficial"
    razones = [f"{quien}: lo que dice un correo no se publica en su nombre."]
    de_cual = _de_que_solicitud(h)
    if de_cual is not None:
        suya = h.solicitudes[de_cual]
        return por_clasificar(
            h,
            *razones,
            f"Habla de {suya.radicado}.",
            propuesta=Clase.MENSAJE,
            confianza=60,
            solicitud_propuesta_id=de_cual,
            entidad_id=suya.entidad_id,
            dependencias=tuple(dict.fromkeys((*h.dependencias, *suya.dependencias))),
            reservado=suya.reservada,
        )
    if not d.reenviado:
        return por_clasificar(h, *razones, confianza=0)
    de = d.reenviado[0].de
    razones.append(f"Reenvía un mensaje de {de.correo or de.nombre or 'otra persona'}.")
    pide = lo_que_pide(d, h)
    return por_clasificar(
        h, *razones, *pide.razones, propuesta=Clase.NUEVA_SOLICITUD, confianza=pide.confianza, temas=pide.temas,
        modalidad_id=pide.modalidad_id, logistica=pide.logistica, reservado=pide.reservado,
        advertencias=pide.advertencias, dependencias=tuple(dict.fromkeys((*h.dependencias, *pide.dependencias))),
        entidad_id=h.entidad.id if h.entidad and h.entidad.como in {Como.REENVIO, Como.NOMBRADA} else None,
    )  # fmt: skip


def _de_que_solicitud(h: Hechos) -> int | None:
    candidatas = (
        *(firmada.solicitud_id for firmada in h.firmadas),
        h.responde_a.solicitud_id if h.responde_a else None,
        h.anterior.solicitud_id if h.anterior else None,
        *h.nombradas,
    )
    return next((una for una in candidatas if una is not None and una in h.solicitudes), None)


def es_no_deseado(d: Desarmado, h: Hechos) -> Dictamen | Duda | None:
    """12. The server of the border says so."""
    if not d.autenticacion.no_deseado:
        return None
    razon = "El servidor de correo lo marcó como no deseado."
    if es_conocido(d, h):
        return Duda((razon, "Pero quien escribe es de una entidad registrada."))
    return Dictamen(
        regla=0,
        clase=Clase.SPAM,
        estado=EstadoCorreo.DESCARTADO,
        razones=(razon, "Quien escribe no es de ninguna entidad registrada."),
        confianza=90,
        dependencias=h.dependencias,
    )


# Of itself: «este mensaje…». What a text says of other messages is what it is about.
_ESTE = (
    r"(?:este|esta|el presente|la presente) (?:correo|mensaje|e-?mail|notificacion|comunicacion)(?: electronic[oa])?"
)
_NO_SE_RESPONDE = re.compile(
    rf"\bno (?:responda|responder|conteste|contestar) (?:al? )?(?:{_ESTE}|est[ea] (?:buzon|cuenta|direccion))\b"
    rf"|\b{_ESTE} (?:\w+ ){{0,2}}?(?:generad|enviad|gener|envi)[oa] (?:de \w+ automatica|automaticamente)\b"
    r"|\best[ea] es una? (?:correo|mensaje|e-?mail|notificacion|respuesta)(?: electronic[oa])? automatic[oa]\b"
    r"|\best[ea] (?:buzon|cuenta|direccion)(?: de correo)?(?: electronico)? (?:no (?:\w+ ){0,2}?(?:monitoread|atendid"
    r"|habilitad|recib|admit)|es (?:solo|unicamente) (?:de|para) (?:envio|salida|notificacion))"
    r"|\bdo not reply to this\b|\bthis (?:is an|e-?mail was|message was) auto(?:mated|matically)\b"
)


def son_muchos(d: Desarmado, h: Hechos) -> Duda | None:
    """13. Too many from one address, an answer to what the portal has just answered by itself, or what a program sent
    for nobody to answer: what it brings may be of a person all the same."""
    if son_demasiados(h):
        return Duda((cuantos_van(h), "Se deciden juntos y no se responden."), grupo_id=h.grupo_id)
    if acaba_de_responderse(d, h):
        return Duda(("El portal acaba de responderle a esa dirección: otra respuesta podría ser un bucle.",))
    if not d.reenviado and _NO_SE_RESPONDE.search(" ".join(plegado(d.nuevo[: texto.LARGO]).split())):
        return Duda(("Dice que lo envió un programa o que nadie lee lo que se le responda: no se responde.",))
    return None


def no_es_quien_dice(d: Desarmado, h: Hechos) -> Duda | None:
    """14. Who may send for that domain says that it is not of it."""
    if not es_desmentido(d):
        return None
    dominio = d.autenticacion.dominio or d.de.correo.rpartition("@")[2]
    return Duda((f"El servidor comprobó que no viene de {dominio or 'quien dice'} (DMARC).",))
