"""What happened to a solicitud since somebody opened its page: the version a form carries and the news it missed.

A stale form is never accepted in silence nor thrown away: it comes back with what was typed and what the others did
(C04; interface.md §2.2 «Collisions»).
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max

from alcance import como_sistema
from direcciones.models import Persona
from solicitudes.models import Mensaje, Movimiento, Solicitud


@dataclass(frozen=True, slots=True)
class Novedad:
    """Something somebody did: who, when, what, and the words they wrote."""

    en: datetime
    quien: str
    que: str
    texto: str = ""


class HuboCambios(ValidationError):
    """Somebody else changed it meanwhile. Carries what to show beside what was typed."""

    def __init__(self, novedades: list[Novedad], version: str) -> None:
        super().__init__("La solicitud cambió mientras usted escribía. Revise los cambios y envíe de nuevo.")
        self.novedades, self.version = novedades, version


def version_de(solicitud: Solicitud) -> str:
    """Last movement and last message, as `12.34`. Opaque to the page."""
    with como_sistema("leer la versión de la solicitud"):
        movimiento = Movimiento.objects.filter(solicitud=solicitud).aggregate(ultimo=Max("id"))["ultimo"]
        mensaje = Mensaje.objects.filter(solicitud=solicitud).aggregate(ultimo=Max("id"))["ultimo"]
    return f"{movimiento or 0}.{mensaje or 0}"


def novedades_desde(solicitud: Solicitud, version: str) -> list[Novedad]:
    """What the acting person may see of what came after `version`, oldest first. Two queries whatever the number."""
    movimiento, mensaje = _leer(version)
    movimientos = Movimiento.objects.filter(solicitud=solicitud, id__gt=movimiento).select_related("persona")
    mensajes = Mensaje.objects.filter(solicitud=solicitud, id__gt=mensaje).select_related("autor")
    novedades = [Novedad(m.en, _nombre(m.persona), m.texto, m.motivo) for m in movimientos]
    novedades += [Novedad(m.en, m.remitente or _nombre(m.autor), m.get_tipo_display(), m.texto) for m in mensajes]
    return sorted(novedades, key=lambda novedad: novedad.en)


def exigir_version(solicitud: Solicitud, version: str) -> None:
    """Lock the solicitud and compare. Raises HuboCambios; without `version` nothing is demanded."""
    if not version:
        return
    with como_sistema("comparar la versión bajo cerrojo"):
        Solicitud.objects.bajo_cerrojo().get(pk=solicitud.pk)
    vigente = version_de(solicitud)
    if _leer(version) < _leer(vigente):
        raise HuboCambios(novedades_desde(solicitud, version), vigente)


def _leer(version: str) -> tuple[int, int]:
    """(0, 0) for anything that is not a version: then everything is news."""
    movimiento, _, mensaje = version.partition(".")
    return (int(movimiento), int(mensaje)) if movimiento.isdecimal() and mensaje.isdecimal() else (0, 0)


def _nombre(persona: Persona | None) -> str:
    return persona.nombre if persona else "El portal"
