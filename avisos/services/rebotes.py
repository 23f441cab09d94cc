"""A mail that came back is handed over: of which of ours it is, and what it says of the address (security.md M11)."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema
from avisos import dsn
from avisos.models import Envio, EventoCorreo
from avisos.respuestas import leer_rebote
from avisos.services.direcciones import Suceso, anotar_suceso

ORIGEN = "rebote"


def creer(crudo: bytes) -> str:
    """A person of the team says that a report is true, whatever it proves of itself. Raises ValidationError when it
    names no address: then there is nothing to believe."""
    informe = dsn.leer(crudo)
    envio = _nombrado(informe)
    if not informe.rebotes or not (envio or informe.rebotes[0].correo):
        raise ValidationError("No dice a qué dirección no llegó.")
    rebote = _el_suyo(informe, envio) if envio else informe.rebotes[0]
    tipo = EventoCorreo.Tipo(rebote.dice)
    anotar_suceso(
        Suceso(
            origen=ORIGEN,
            identidad=f"{hashlib.sha256(crudo).hexdigest()}:creído",
            tipo=tipo,
            correo=rebote.correo,
            mensaje_id=envio.mensaje_id if envio else "",
            codigo=rebote.codigo,
            detalle=rebote.detalle,
        )
    )
    return f"{tipo.label}: {envio.correo if envio else rebote.correo}."


def se_cree(crudo: bytes, *, para: str = "") -> bool:
    """Whether `recibir` would believe what it says of an address."""
    informe = dsn.leer(crudo)
    return bool(informe.rebotes) and de_que_envio(informe, para) is not None


def recibir(crudo: bytes, *, para: str = "") -> str:
    """What was done with it, in words. `para`: the address of its envelope, when the server tells.

    Anybody can write a report by hand. It is believed when it came to the signed address of the mail it speaks of;
    where replies have no domain, when it names a mail of ours and who it was for. What is not believed, or not
    understood, is kept without touching any address.
    """
    informe = dsn.leer(crudo)
    identidad = hashlib.sha256(crudo).hexdigest()
    envio = de_que_envio(informe, para)
    if not informe.rebotes:
        return _guardar(informe, identidad, "No es un informe de entrega, o no se entiende.")
    if envio is None:
        return _guardar(informe, identidad, "No se sabe de qué correo habla: no se cree.")
    rebote = _el_suyo(informe, envio)
    es_nuevo = anotar_suceso(
        Suceso(
            origen=ORIGEN,
            identidad=identidad,
            tipo=EventoCorreo.Tipo(rebote.dice),
            correo=envio.correo,
            mensaje_id=envio.mensaje_id,
            codigo=rebote.codigo,
            detalle=rebote.detalle,
        )
    )
    return f"{EventoCorreo.Tipo(rebote.dice).label}: envío {envio.pk}." if es_nuevo else "Ya se había recibido."


def de_que_envio(informe: dsn.Informe, para: str) -> Envio | None:
    """The mail of ours that it speaks of, when that is to be believed."""
    firmados = [m for direccion in (para, *informe.para) if (m := leer_rebote(direccion))]
    if not firmados and not settings.CORREO_RESPUESTAS:
        return _nombrado(informe)
    with transaction.atomic(), como_sistema("buscar de qué correo es un rebote"):
        return Envio.objects.filter(mensaje_id__in=firmados[:1]).first()


def _nombrado(informe: dsn.Informe) -> Envio | None:
    """The mail of ours that it names, when it also names who it was for."""
    with transaction.atomic(), como_sistema("buscar de qué correo dice ser un rebote"):
        nombrados = Envio.objects.filter(mensaje_id__in=informe.mensajes[:5], entregado_en__isnull=False)
        dichos = {rebote.correo for rebote in informe.rebotes}
        return next((envio for envio in nombrados if envio.correo.lower() in dichos), None)


def _el_suyo(informe: dsn.Informe, envio: Envio) -> dsn.Rebote:
    """Each mail of ours is for one person: what it says of them, or of whom it was forwarded to."""
    suyos = [rebote for rebote in informe.rebotes if rebote.correo == envio.correo.lower()]
    return (suyos or list(informe.rebotes))[0]


def _guardar(informe: dsn.Informe, identidad: str, porque: str) -> str:
    anotar_suceso(
        Suceso(origen=ORIGEN, identidad=identidad, tipo=EventoCorreo.Tipo.OTRO, detalle=f"{porque} {informe.asunto}")
    )
    return porque
