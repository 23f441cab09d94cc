"""What a person does with their own notices."""

from django.http import HttpRequest

from alcance import Alcance, exigir
from alcance.compiladas import Compilada
from avisos.models import Aviso
from plazos.reloj import ahora


def marcar_leidos(*, hasta_id: int | None = None, solicitud_id: int | None = None, ruta: str = "") -> int:
    """Mark the acting person's notices as read: all, one, those of a solicitud, or those that lead under a page.
    Returns how many changed."""
    pendientes = Aviso.objects.visibles_para(exigir()).sin_leer()
    if hasta_id is not None:
        pendientes = pendientes.filter(pk=hasta_id)
    if solicitud_id is not None:
        pendientes = pendientes.filter(solicitud_id=solicitud_id)
    if ruta:
        pendientes = pendientes.filter(ruta__startswith=ruta)
    return pendientes.update(leido_en=ahora())


# Asked, because it stays planned, before it is written: most pages have nothing of theirs to mark.
_POR_LEER = Compilada(
    lambda alcance, solicitud: (
        Aviso.objects.visibles_para(alcance).sin_leer().filter(solicitud_id=solicitud).order_by().values_list("pk")[:1]
    ),
    alcance=Alcance,
    solicitud=int,
)


def leer_los_de(request: HttpRequest, solicitud_id: int, ruta: str = "") -> None:
    """Who opens a solicitud, or a page of it with what is under it, has seen what was told of that. Asks nothing when
    they have nothing to read."""
    sesion = request.session
    if getattr(sesion, "sin_leer", 0) and _POR_LEER(alcance=exigir(), solicitud=solicitud_id):
        sesion.sin_leer -= marcar_leidos(solicitud_id=solicitud_id, ruta=ruta)  # type: ignore[attr-defined]
