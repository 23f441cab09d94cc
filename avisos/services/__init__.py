"""Tell people things, and what they do with what they were told."""

from avisos.services.avisar import avisar, dejar_aviso, enviar_correo
from avisos.services.calendario import vigilar_calendario
from avisos.services.centro import leer_los_de, marcar_leidos
from avisos.services.ciclos import avisar_ciclos
from avisos.services.libro import con_su_hora, debido_desde, despachar, envios_de
from avisos.services.preferencias import grupos, mis_eventos, preferencias, preferir
from avisos.services.resumen import resumir

__all__ = [
    "avisar",
    "avisar_ciclos",
    "con_su_hora",
    "debido_desde",
    "dejar_aviso",
    "despachar",
    "enviar_correo",
    "envios_de",
    "grupos",
    "leer_los_de",
    "marcar_leidos",
    "mis_eventos",
    "preferencias",
    "preferir",
    "resumir",
    "vigilar_calendario",
]
