"""What a person does with their own notices."""

from alcance import exigir
from avisos.models import Aviso
from plazos.reloj import ahora


def marcar_leidos(*, hasta_id: int | None = None) -> int:
    """Mark the acting person's notices as read, all or up to one. Returns how many changed."""
    pendientes = Aviso.objects.visibles_para(exigir()).sin_leer()
    if hasta_id is not None:
        pendientes = pendientes.filter(pk=hasta_id)
    return pendientes.update(leido_en=ahora())
