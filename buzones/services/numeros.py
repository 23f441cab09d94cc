"""With which number what came was filed, for whoever operates the channels: of what they may not open, that alone."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from alcance import como_sistema, exigir
from buzones.models import Correo
from direcciones.roles import Rol

_CAMPOS = ("pk", "numero", "clase", "solicitud__radicado", "solicitud__radicado_en")


def numeros_de(correos: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Of each that is of a solicitud, its radicado and when it got it. Of whoever is not ventanilla, none."""
    if exigir().rol != Rol.VENTANILLA:
        return {}
    with transaction.atomic(), como_sistema("decir a la ventanilla con qué número se radicó lo que llegó"):
        suyos = Correo.objects.filter(pk__in=list(correos), solicitud__isnull=False).order_by()
        return {fila["pk"]: fila for fila in suyos.values(*_CAMPOS)}
