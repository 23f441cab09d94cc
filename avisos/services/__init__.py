"""Tell people things, and what they do with what they were told."""

from avisos.services.avisar import avisar, dejar_aviso, enviar_correo
from avisos.services.centro import marcar_leidos

__all__ = ["avisar", "dejar_aviso", "enviar_correo", "marcar_leidos"]
