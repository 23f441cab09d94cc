"""What is said of a liaison that a message named. It repeats nothing of the message: anybody may have written it."""

from django.urls import reverse

from avisos.carta import Carta
from buzones.models import PropuestaEnlace
from plazos.fechas import fecha_corrida

Estado = PropuestaEnlace.Estado


def por_confirmar(propuesta: PropuestaEnlace, *, del_portal: bool = False) -> Carta:
    """To who administers the entity; `del_portal`: to who runs the portal, when nobody administers it."""
    hacer = "Revise quién es y diga si es enlace de su entidad. Si no la conoce, diga que no: nada cambia."
    if del_portal:
        hacer = "La entidad no tiene quien la administre: pregúntele por otro medio y escriba qué respondió."
    return Carta(
        asunto=f"Proponen un enlace para {propuesta.entidad.nombre_corto}",
        que_paso=f"Alguien propuso a una persona como enlace de {propuesta.entidad}. "
        "Nadie recibe usuario ni lo pierde mientras usted no lo confirme.",
        que_hacer=hacer,
        fecha_limite=fecha_corrida(propuesta.vence),
        boton="Ver la propuesta",
        ruta=ruta(propuesta),
    )


def decidida(propuesta: PropuestaEnlace) -> Carta:
    """To whoever asked for it."""
    entidad = propuesta.entidad
    if propuesta.estado == Estado.CONFIRMADA:
        titulo, paso = "La entidad confirmó el enlace", f"{entidad} confirmó a {propuesta.nombre}: ya se le invitó."
    elif propuesta.estado == Estado.RECHAZADA:
        titulo = "La entidad dijo que no"
        paso = f"{entidad} dijo que {propuesta.nombre} no es su enlace. Motivo: {propuesta.motivo}"
    else:
        titulo = "Nadie confirmó el enlace"
        paso = f"{entidad} no dijo a tiempo si {propuesta.nombre} es su enlace. Nada cambió."
    return Carta(
        asunto=f"{titulo}: {entidad.nombre_corto}",
        que_paso=paso,
        que_hacer="" if propuesta.estado == Estado.CONFIRMADA else "Si todavía hace falta, hable con la entidad.",
        boton="Ver la propuesta",
        ruta=ruta(propuesta),
    )


def ruta(propuesta: PropuestaEnlace) -> str:
    return reverse("buzones:propuesta", args=[propuesta.pk])
