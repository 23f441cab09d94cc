"""What a person does with their own notices."""

from django.http import HttpRequest

from alcance import exigir
from avisos.models import Aviso
from plazos.reloj import ahora


def marcar_leidos(*, hasta_id: int | None = None, solicitud_id: int | None = None) -> int:
    """Mark the acting person's notices as read: all, one, or those of a solicitud. Returns how many changed."""
    pendientes = Aviso.objects.visibles_para(exigir()).sin_leer()
    if hasta_id is not None:
        pendientes = pendientes.filter(pk=hasta_id)
    if solicitud_id is not None:
        pendientes = pendientes.filter(solicitud_id=solicitud_id)
    return pendientes.update(leido_en=ahora())


def leer_los_de(request: HttpRequest, solicitud_id: int) -> None:
    """Who opens a solicitud has seen what was told of it. Asks nothing when they have nothing to read."""
    sesion = request.session
    if getattr(sesion, "sin_leer", 0):
        sesion.sin_leer -= marcar_leidos(solicitud_id=solicitud_id)  # type: ignore[attr-defined]
