"""What people are told of their account. It all leaves at once, and nobody silences it."""

from collections.abc import Callable
from datetime import UTC, datetime

from avisos.carta import Carta
from avisos.eventos import TODOS, Clase, Evento, registrar_evento
from cuentas import correo
from cuentas.models import Invitacion, SolicitudAcceso
from direcciones.models import Entidad, Persona
from direcciones.roles import Rol


def _invitacion() -> Carta:
    entidad = Entidad(pk=0, nombre="Secretaría Distrital de Gobierno")
    fila = Invitacion(rol=Rol.ENLACE, entidad=entidad, nonce="0" * 32, vence_en=datetime(2026, 11, 30, 15, tzinfo=UTC))
    return correo.invitacion(fila)


def _rechazo() -> Carta:
    entidad = Entidad(pk=0, nombre="Secretaría Distrital de Gobierno")
    return correo.rechazo_de_acceso(SolicitudAcceso(entidad=entidad, motivo_rechazo="ese correo no es de la entidad."))


def _de_cuenta(clave: str, titulo: str, muestra: Callable[[], Carta]) -> None:
    registrar_evento(
        Evento(f"cuentas.{clave}", titulo, "Mi cuenta", muestra, Clase.CUENTA, resumible=False, para=TODOS)
    )


_de_cuenta("invitacion", "La invitación a usar el portal", _invitacion)
_de_cuenta("recuperacion", "El enlace para cambiar la contraseña", lambda: correo.recuperacion(Persona(pk=0), "0-0"))
_de_cuenta("seguridad", "Cambió algo de su cuenta", lambda: correo.aviso_de_cuenta("account/email/password_changed"))
_de_cuenta("acceso_rechazado", "No se dio el usuario que pidió", _rechazo)
_de_cuenta("rol_nuevo", "Tiene un rol nuevo", lambda: correo.rol_nuevo("Asesor", "Sistema de Archivos"))
_de_cuenta("rol_terminado", "Terminó un rol", lambda: correo.rol_terminado("Asesor", "Sistema de Archivos"))
