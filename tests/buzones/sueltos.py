"""Messages of the ledger, written without reading any."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from buzones.estados import Clase, EstadoCorreo, EstadoLlegada, Origen
from buzones.models import Casilla, Correo, Llegada
from buzones.services import guardar
from plazos.reloj import ahora


def correo(**datos: Any) -> Correo:
    """What a person who wrote left there, por clasificar."""
    en = datos.pop("recibido_en", None) or ahora()
    with como_sistema("prueba"), transaction.atomic():
        return Correo.objects.create(
            **{
                "numero": f"CR-2026-{uuid4().int % 10**6:06d}",
                "huella": uuid4().hex * 2,
                "mensaje_id": f"<{uuid4().hex}@alla.example>",
                "de_correo": "ana@alla.example",
                "recibido_en": en,
                "fecha_efectiva": timezone.localdate(en),
                "clase": Clase.POR_CLASIFICAR,
                "estado": EstadoCorreo.POR_CLASIFICAR,
                "razones": ["No es de ninguna entidad registrada."],
                **datos,
            }
        )


def traido_por(uno: Correo, *casillas: Casilla) -> None:
    """Each of these brought it, in that order."""
    for una in casillas:
        llegada = guardar(b"Subject: Uno\r\n\r\n", origen=Origen.COMANDO, casilla=una)
        with como_sistema("prueba"), transaction.atomic():
            Llegada.objects.filter(pk=llegada.pk).update(correo=uno, estado=EstadoLlegada.PROCESADA)
