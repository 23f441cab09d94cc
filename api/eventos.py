"""What those who administer are told of the systems that are told what happens."""

from api.webhooks import carta_de_pausa
from avisos.eventos import Evento, registrar_evento
from direcciones.roles import Rol

registrar_evento(
    Evento(
        "api.integracion_pausada",
        "Una integración con otro sistema dejó de responder",
        "Administración del portal",
        lambda: carta_de_pausa("SIGA", "No respondió en 10 segundos.", "/integraciones/1/"),
        para=frozenset({Rol.ADMINISTRADOR}),
    )
)
