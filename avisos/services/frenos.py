"""The brake on what the portal answers by itself: whoever forges a sender makes it write to nobody more than a few
times, and two machines that answer each other end at the first answer (security.md M07, M09).

For the handlers of the outbox, inside their transaction: a turn that is given counts from then on, also for the worker
beside; a mail that did not leave asks again with the same `clave`.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import QuerySet

from avisos.eventos import evento as declarado
from avisos.eventos import eventos
from avisos.identidad import anfitrion
from avisos.maquinas import es_de_maquina
from avisos.models import DireccionCorreo, Envio, TurnoDeRespuesta
from bandeja.models import Entrega
from bandeja.services import Aplazada
from direcciones.models import Buzon
from plazos.reloj import ahora

# What gets a turn is handed over within the minute: in no hour more leave than turns were given.
HORA = timedelta(minutes=61)
DIA = timedelta(hours=24)
RECIEN = timedelta(minutes=10)
NEUTRAS_POR_HORA = 200  # to everybody: a list of forged senders makes no bomb of the portal
_DE_UNA_DIRECCION, _DE_TODAS = 7101, 7102


def turno_de_respuesta(correo: str, evento: str, *, clave: str, a_mano: bool = False) -> datetime | None:
    """None, and it leaves now; else when to ask again: to that address as many as may be have left in an hour.
    `a_mano`: a person of the team decided to write."""
    correo, en = correo.strip().lower(), ahora()
    _de_uno_en_uno(_DE_UNA_DIRECCION, correo)
    otras = TurnoDeRespuesta.objects.exclude(clave=clave)
    espera = _cuando_cabe(otras.filter(correo=correo), settings.RESPUESTAS_POR_HORA, en)
    if espera is None and declarado(evento).una_al_dia and not a_mano:
        _de_uno_en_uno(_DE_TODAS, "")
        espera = _cuando_cabe(otras.filter(evento__in=_neutras()), NEUTRAS_POR_HORA, en)
    if espera is not None:
        return espera
    TurnoDeRespuesta.objects.filter(correo=correo, en__lt=en - 2 * DIA).delete()
    TurnoDeRespuesta.objects.update_or_create(clave=clave, defaults={"correo": correo, "evento": evento, "en": en})
    return None


def esperar_turno(entrega: Entrega, evento: str) -> None:
    """Aplazada until its turn: no try is spent, and nothing is lost."""
    hasta = turno_de_respuesta(entrega.destinatario, evento, clave=entrega.clave_idempotencia)
    if hasta is not None:
        raise Aplazada(hasta)


def por_que_no_se_responde(correo: str, evento: str, *, clave: str, a_mano: bool = False) -> str:
    """Why that address gets no answer, in words; '' when it may get one."""
    correo, en = correo.strip().lower(), ahora()
    _de_uno_en_uno(_DE_UNA_DIRECCION, correo)
    if not _es_direccion(correo):
        return "La dirección no se puede leer."
    if es_de_maquina(correo):
        return "La dirección es de una máquina."
    if _es_nuestra(correo):
        return "La dirección es del propio portal: responderle sería un bucle."
    if DireccionCorreo.objects.malas().filter(correo=correo).exists():
        return "A esa dirección no le llegan los correos."
    if a_mano or not declarado(evento).una_al_dia:
        return ""
    suyas = TurnoDeRespuesta.objects.filter(correo=correo, evento__in=_neutras(), en__gt=en - DIA)
    if suyas.exclude(clave=clave).exists():
        return "Ya se le respondió en las últimas 24 horas."
    recientes = Envio.objects.filter(correo=correo, entregado_en__gt=en - RECIEN).exclude(clave=clave)
    return "Se le acaba de escribir: puede ser una máquina que responde." if recientes.exists() else ""


def _es_direccion(correo: str) -> bool:
    try:
        validate_email(correo)
    except ValidationError:
        return False
    return len(correo) <= 254


def _es_nuestra(correo: str) -> bool:
    """The sender of what leaves, the domains that only the portal reads, and the public mailboxes."""
    propias = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), settings.IDENTIDAD["correo"].lower()}
    dominios = {settings.CORREO_RESPUESTAS.lower(), anfitrion().lower()}
    if correo in propias or correo.rpartition("@")[2] in dominios:
        return True
    return Buzon.objects.filter(correo__iexact=correo).exists()


def _cuando_cabe(dadas: QuerySet[TurnoDeRespuesta], cuantas: int, en: datetime) -> datetime | None:
    """None when one more fits in the hour that ends now; else when the first that fills it no longer counts."""
    ultimas = list(dadas.filter(en__gt=en - HORA).order_by("-en").values_list("en", flat=True)[:cuantas])
    return ultimas[-1] + HORA if len(ultimas) == cuantas else None


def _neutras() -> list[str]:
    return [uno.clave for uno in eventos() if uno.una_al_dia]


def _de_uno_en_uno(cual: int, correo: str) -> None:
    """Until this transaction ends. Always the one of an address before the one of all."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [cual, correo])
