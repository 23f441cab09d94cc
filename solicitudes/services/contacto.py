"""Where whoever asked without an account is written to: corrected when the mails bounce."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from bandeja.services import anotar
from solicitudes.models import Parte, Solicitud
from solicitudes.services.articulacion import anotar_acto, bloquear_para
from solicitudes.services.seguimiento_privado import revocar


def corregir_correo(*, parte: Parte, correo: str, motivo: str) -> Solicitud:
    """What did not arrive at the one before leaves again to this one; of this solicitud alone."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("corregir el correo de quien pidió"):
        solicitud, actual = bloquear_para(parte, "corregir_correo", motivo, alcance)
        if solicitud.radicada_por and solicitud.radicada_por.is_active:
            raise ValidationError(
                {"correo": "Quien la radicó tiene usuario: pida al administrador del portal que corrija su correo."}
            )
        anterior, nuevo = solicitud.remitente_correo, correo.strip()
        if anterior.lower() == nuevo.lower():
            raise ValidationError({"correo": "Es el mismo correo que ya tiene la solicitud."})
        solicitud.remitente_correo = nuevo
        solicitud.save(update_fields=["remitente_correo"])
        revocar(solicitud_id=solicitud.pk, correo=anterior)  # it may be another's
        anotar_acto(actual, "corregir_correo", motivo, alcance)
        anotar(
            tipo="avisos.direccion_cambiada",
            clave=f"correo-corregido:{solicitud.pk}:{uuid4()}",
            carga={"de": anterior},
            destinatario=nuevo,
            solicitud_id=solicitud.pk,
        )
    return solicitud
