"""What the administrador is told of how the mail is read."""

from avisos.eventos import Evento, registrar_evento
from buzones.services import alertas
from direcciones.roles import Rol
from plazos.reloj import ahora, hoy

_LECTURA = "Administración del portal"
for _evento in (
    Evento(
        "buzones.casilla_falla",
        "Una casilla de correo no se puede leer",
        _LECTURA,
        lambda: alertas.de_falla("ventanilla", ahora(), "imap.example no aceptó al usuario «ventanilla» o su clave."),
        para=frozenset({Rol.ADMINISTRADOR}),
    ),
    Evento(
        "buzones.no_cuadra",
        "Un buzón no cuadra con el libro del correo",
        _LECTURA,
        lambda: alertas.de_conciliacion("ventanilla", hoy()),
        para=frozenset({Rol.ADMINISTRADOR}),
    ),
    Evento(
        "buzones.apartados",
        "Hay mensajes que no se pudieron traer",
        _LECTURA,
        lambda: alertas.de_apartados("ventanilla", 2),
        para=frozenset({Rol.ADMINISTRADOR}),
    ),
):
    registrar_evento(_evento)
