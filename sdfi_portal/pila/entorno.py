"""What the processes of a local installation read from their environment. What the person already set wins."""

import os
import secrets
import socket
from urllib.parse import quote

from sdfi_portal.pila.postgres import ADMINISTRADOR, BASE
from sdfi_portal.pila.rutas import Rutas, recordar

PUERTO = 8000


def entorno_local(rutas: Rutas) -> dict[str, str]:
    """Variables for the children: sockets, key and ports of this installation."""
    propias = {
        "PORTAL_VAR": str(rutas.var),
        "PORTAL_MODO": "demo",
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if os.environ.get("PORTAL_MODO") != "produccion":  # production invents nothing: what it lacks, it asks for
        propias |= _de_esta_maquina(rutas)
    return propias | {nombre: os.environ[nombre] for nombre in propias if os.environ.get(nombre)}


def _de_esta_maquina(rutas: Rutas) -> dict[str, str]:
    def base(rol: str) -> str:
        return f"postgresql://{rol}@/{BASE}?host={quote(str(rutas.sockets))}"

    propias = {
        "DOMINIO": f"http://localhost:{puerto_web(rutas)}",
        "SECRET_KEY": llave_secreta(rutas),
        "BROKER_URL": f"redis+socket://{rutas.sockets}/valkey.sock",
        "EMAIL_URL": f"smtp://127.0.0.1:{puerto_correo(rutas)}",
    }
    if os.environ.get("DATABASE_URL"):
        return propias
    roles = {"": "sdfi_web", "_MIGRADOR": "sdfi_migrador", "_RESPALDO": "sdfi_respaldo", "_ADMIN": ADMINISTRADOR}
    return propias | {f"DATABASE_URL{sufijo}": base(rol) for sufijo, rol in roles.items()}


def de_servicio(entorno: dict[str, str]) -> dict[str, str]:
    """What web, worker and beat get: one database role, the one that row-level security binds."""
    return {nombre: valor for nombre, valor in entorno.items() if not nombre.startswith("DATABASE_URL_")}


def llave_secreta(rutas: Rutas) -> str:
    archivo = rutas.llaves / "secret_key"
    if not archivo.exists():
        with rutas.cerrojo("llaves"):
            if not archivo.exists():
                recordar(archivo, secrets.token_urlsafe(64))
    return archivo.read_text()


def puerto_web(rutas: Rutas) -> int:
    """The port `servir` used last, so that links made by a command lead to the running portal."""
    return _recordado(rutas, "puerto_web") or PUERTO


def puerto_correo(rutas: Rutas) -> int:
    """A loopback port for the mail sink, chosen once and kept as long as no stranger takes it."""
    recordado = _recordado(rutas, "puerto_correo")
    return recordado or elegir_puerto_correo(rutas)


def elegir_puerto_correo(rutas: Rutas) -> int:
    with socket.socket() as prueba:
        prueba.bind(("127.0.0.1", 0))
        puerto = int(prueba.getsockname()[1])
    recordar(rutas.registro / "puerto_correo", str(puerto))
    return puerto


def recordar_puerto_web(rutas: Rutas, puerto: int) -> None:
    recordar(rutas.registro / "puerto_web", str(puerto))


def _recordado(rutas: Rutas, nombre: str) -> int | None:
    try:
        return int((rutas.registro / nombre).read_text())
    except (OSError, ValueError):
        return None


def libre(puerto: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as prueba:
        prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prueba.bind(("127.0.0.1", puerto))
        except OSError:
            return False
    return True
