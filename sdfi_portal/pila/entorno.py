"""What the processes of a local installation read from their environment. What the person already set wins."""

import os
import secrets
import socket

from sdfi_portal.pila.postgres import BASE
from sdfi_portal.pila.rutas import Rutas, recordar

PUERTO = 8000


def entorno_local(rutas: Rutas) -> dict[str, str]:
    """Variables for the children: sockets, key and ports of this installation."""
    sockets = rutas.sockets
    propias = {
        "PORTAL_VAR": str(rutas.var),
        "PORTAL_MODO": "demo",
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "PYTHONUNBUFFERED": "1",
        "DOMINIO": f"http://localhost:{puerto_web(rutas)}",
        "SECRET_KEY": llave_secreta(rutas),
        "DATABASE_URL": f"postgresql://sdfi_web@/{BASE}?host={sockets}",
        "DATABASE_URL_MIGRADOR": f"postgresql://sdfi_migrador@/{BASE}?host={sockets}",
        "BROKER_URL": f"redis+socket://{sockets}/valkey.sock",
        "EMAIL_URL": f"smtp://127.0.0.1:{puerto_correo(rutas)}",
    }
    if os.environ.get("DATABASE_URL"):
        del propias["DATABASE_URL_MIGRADOR"]
    return propias | {nombre: os.environ[nombre] for nombre in propias if os.environ.get(nombre)}


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
