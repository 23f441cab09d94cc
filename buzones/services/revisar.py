"""Have the antivirus look at what the mailboxes brought, as at any kept file.

No message waits for it to become what it is: what waits is handing over its bytes.
"""

import time

from django.db import transaction
from django.db.models import Q

from alcance import como_sistema
from archivos import antivirus
from archivos.antivirus import EstadoAntivirus
from archivos.services import asentar, dictaminar
from buzones.estados import EstadoAdjunto, EstadoLlegada
from buzones.models import Adjunto, Correo, Llegada

POR_BARRIDO, DURACION = 500, 60.0
ADVERTENCIA = "El antivirus halló «{que}»: el original y sus archivos no se entregan."


def revisar_llegadas() -> int:
    """How many got their verdict. What the antivirus does not answer for stays as it was, and nobody has it."""
    if not antivirus.configurado() or not antivirus.responde():
        return 0
    hasta, revisadas = time.monotonic() + DURACION, 0
    for pk in _por_revisar():
        if time.monotonic() > hasta:
            break
        revisadas += _revisar(pk)
    return revisadas


def _por_revisar() -> list[int]:
    """The ones never tried first. What is still to be read waits: a verdict is also of the correo it becomes."""
    leidas = Q(correo__isnull=False) | Q(estado=EstadoLlegada.APARTADA)
    with transaction.atomic(), como_sistema("ver qué mensajes faltan por revisar"):
        pendientes = Llegada.objects.filter(leidas, estado_antivirus=EstadoAntivirus.EN_REVISION)
        return list(pendientes.order_by("antivirus_detalle", "pk").values_list("pk", flat=True)[:POR_BARRIDO])


def _revisar(pk: int) -> bool:
    with transaction.atomic(), como_sistema("leer el mensaje por revisar"):
        llegada = Llegada.objects.filter(pk=pk, estado_antivirus=EstadoAntivirus.EN_REVISION).first()
    if llegada is None:
        return False
    dictamen = dictaminar(llegada.ruta)
    with transaction.atomic(), como_sistema("asentar lo que dijo el antivirus de un mensaje"):
        estado = asentar(Llegada, pk, dictamen)
        if estado == EstadoAntivirus.INFECTADO and llegada.correo_id is not None:
            _no_se_entrega(llegada.correo_id, dictamen.detalle)
    return estado is not None


def _no_se_entrega(correo_id: int, que: str) -> None:
    """The same content came by other mailboxes: none of its copies leaves, nor what is still inside them. What is of a
    solicitud already was looked at by itself."""
    correo = Correo.objects.bajo_cerrojo().get(pk=correo_id)
    dicho = ADVERTENCIA.format(que=que)
    if dicho not in correo.advertencias:
        correo.advertencias = [*correo.advertencias, dicho]
        correo.save(update_fields=["advertencias"])
    copias = Llegada.objects.filter(correo=correo).exclude(estado_antivirus=EstadoAntivirus.INFECTADO)
    copias.update(estado_antivirus=EstadoAntivirus.INFECTADO, antivirus_detalle=que[:200])
    adentro = Adjunto.objects.filter(correo=correo, estado__in=[EstadoAdjunto.DISPONIBLE, EstadoAdjunto.EN_REVISION])
    adentro.update(estado=EstadoAdjunto.CUARENTENA, motivo=dicho[:300])
