"""What the entity does with a solicitud already filed: answer, write, withdraw."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from alcance import como_sistema
from solicitudes.models import Mensaje, Parte, Solicitud
from solicitudes.services.archivos import adjuntar
from solicitudes.services.conversacion import complementar, escribir_mensaje
from solicitudes.services.transiciones import NoSePuede, mover
from solicitudes.services.turnos import tomar_turnos


def enviar_mensaje(*, solicitud: Solicitud, texto: str, clave: UUID, archivos: Sequence[UploadedFile] = ()) -> Mensaje:
    """A message of the entity with its files. The same `clave` twice is one message with its files once."""
    with transaction.atomic():
        ya_estaba = _existe(clave)
        mensaje = escribir_mensaje(solicitud=solicitud, texto=texto, clave=clave)
        if not ya_estaba:
            adjuntar(solicitud=solicitud, subidos=archivos, mensaje=mensaje)
    return mensaje


def responder_complemento(*, parte: Parte, texto: str, clave: UUID, archivos: Sequence[UploadedFile] = ()) -> Parte:
    """Answer what was asked; the parte goes back by itself to whoever attends it."""
    if not texto.strip():
        raise ValidationError({"texto": "Escriba su respuesta."})
    with transaction.atomic():
        if _existe(clave):
            return parte
        movida = complementar(parte=parte, texto=texto, clave=clave)
        with como_sistema("leer el mensaje recién escrito"):
            mensaje = Mensaje.objects.get(clave=clave)
        adjuntar(solicitud=movida.solicitud, subidos=archivos, mensaje=mensaje, parte=movida)
    return movida


def retirar(*, solicitud: Solicitud, motivo: str) -> Solicitud:
    """Withdraw every open parte with one reason. Nothing is deleted (R19). Raises NoSePuede when none is open."""
    with transaction.atomic():
        with como_sistema("partes abiertas de la solicitud que se retira"):
            abiertas = list(Parte.objects.abiertas().filter(solicitud=solicitud).order_by("pk"))
        if not abiertas:
            raise NoSePuede("Esta solicitud ya se cerró: no se puede retirar.")
        # All the turns before the first move: a claim on another of its queues would wait for us, and we for it.
        tomar_turnos(colas=[p.dependencia_id for p in abiertas], bandejas=[p.asesor_id for p in abiertas])
        for parte in abiertas:
            mover(parte=parte, accion="retirar", motivo=motivo)
    solicitud.refresh_from_db()
    return solicitud


def _existe(clave: UUID) -> bool:
    with como_sistema("ver si ese formulario ya se envió"):
        return Mensaje.objects.filter(clave=clave).exists()
