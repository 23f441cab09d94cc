"""A corrected datum reaches the copies that are still used: who asked, in what is not finished yet (security.md A07).

What was frozen (a constancia, a signed concepto, a closed expediente) says what was true on its day.
"""

from django.db import transaction

from alcance import como_sistema
from direcciones.models import Persona
from encuestas.models import Encuesta
from solicitudes.models import Solicitud


def propagar_correccion(*, persona: Persona) -> int:
    """Copy the person's data of today to their open solicitudes. Returns how many changed. Safe to repeat."""
    de_hoy = {
        "remitente_nombre": persona.nombre,
        "remitente_cargo": persona.cargo,
        "remitente_correo": persona.correo,
        "remitente_telefono": persona.telefono,
    }
    with transaction.atomic(), como_sistema("corregir los datos de quien pidió en lo que sigue abierto"):
        suyas = Solicitud.objects.filter(radicada_por=persona, registrada_por__isnull=True, cerrada_en__isnull=True)
        sin_responder = Encuesta.objects.sin_responder().filter(solicitud__in=suyas)
        sin_responder.update(correo=persona.correo)
        return suyas.exclude(**de_hoy).update(**de_hoy)
