"""What this room offers on the page of a parte: its electronic file, under «Más acciones»."""

from django.urls import reverse

from alcance import Alcance
from expedientes.permisos import MIRAN
from solicitudes.botones import Boton
from solicitudes.models import Parte


def boton_del_expediente(parte: Parte, alcance: Alcance) -> list[Boton]:
    if alcance.rol not in MIRAN:
        return []
    return [Boton("Ver el expediente", reverse("expedientes:expediente", args=[parte.solicitud.radicado]), menor=True)]
