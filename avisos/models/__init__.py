"""Notices, what is due to whom and by which way, and the ledger of what left."""

from avisos.models.centro import Aviso
from avisos.models.direcciones import DireccionCorreo, EventoCorreo
from avisos.models.libro import Envio
from avisos.models.politicas import PoliticaAviso
from avisos.models.preferencias import PreferenciaAviso
from avisos.models.turnos import TurnoDeRespuesta

__all__ = [
    "Aviso",
    "DireccionCorreo",
    "Envio",
    "EventoCorreo",
    "PoliticaAviso",
    "PreferenciaAviso",
    "TurnoDeRespuesta",
]
