"""Tell people things, and what they do with what they were told."""

from avisos.services.avisar import avisar, dejar_aviso, enviar_correo
from avisos.services.centro import marcar_leidos
from avisos.services.libro import despachar, envios_de

__all__ = ["avisar", "dejar_aviso", "despachar", "enviar_correo", "envios_de", "marcar_leidos"]
