"""The processes of the portal itself: web, worker, beat and mail sink."""

import http.client
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sdfi_portal.pila.entorno import elegir_puerto_correo, libre, puerto_correo
from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.rutas import FallaDePila, Rutas

RAIZ = Path(__file__).resolve().parent.parent.parent
ESPERA_WEB = 180.0  # on a machine with other work, importing everything takes a minute


def gestion(*argumentos: str) -> list[str]:
    return [sys.executable, str(RAIZ / "manage.py"), *argumentos]


def correr(*argumentos: str, entorno: Mapping[str, str]) -> None:
    """A management command to its end, in silence. Raises FallaDePila with what it printed."""
    hecho = subprocess.run(
        gestion(*argumentos), env=entorno, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if hecho.returncode:
        raise FallaDePila(f"Falló «{' '.join(argumentos)}»:\n{hecho.stdout.strip()}")


def _modulo(*argumentos: str) -> list[str]:
    return [sys.executable, "-m", *argumentos]


def web(rutas: Rutas, puerto: int, entorno: Mapping[str, str]) -> Proceso:
    orden = ["gunicorn", "sdfi_portal.wsgi", f"--chdir={RAIZ}", f"--bind=127.0.0.1:{puerto}", "--no-control-socket"]
    orden += ["--worker-class=gthread", "--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=15"]
    # Imported once, by the one that makes the others: each begins again every so many requests, and whoever came
    # meanwhile waited three seconds. What its connections had planned goes with it: it is not to be every minute.
    orden += ["--preload", "--max-requests=20000", "--max-requests-jitter=2000"]
    return Proceso("web", _modulo(*orden), rutas, entorno)


def trabajador(rutas: Rutas, entorno: Mapping[str, str]) -> Proceso:
    orden = ["celery", f"--workdir={RAIZ}", "--app=sdfi_portal", "worker", "--concurrency=2", "--loglevel=INFO"]
    return Proceso("trabajador", _modulo(*orden, "--without-mingle", "--without-gossip"), rutas, entorno)


def reloj(rutas: Rutas, entorno: Mapping[str, str]) -> Proceso:
    agenda = rutas.registro / "reloj.agenda"
    orden = ["celery", f"--workdir={RAIZ}", "--app=sdfi_portal", "beat", f"--schedule={agenda}", "--pidfile="]
    return Proceso("reloj", _modulo(*orden), rutas, entorno)


def correo(rutas: Rutas, entorno: Mapping[str, str]) -> Proceso:
    orden = gestion("recibir_correo", f"--puerto={puerto_correo(rutas)}", f"--carpeta={rutas.correo}")
    return Proceso("correo", orden, rutas, entorno)


def cargador(rutas: Rutas, entorno: Mapping[str, str]) -> Proceso:
    """Loads behind what a first start does not wait for. It ends by itself; a later start goes on where it was."""
    return Proceso("demostracion", gestion("cargar_demo", "--despacio"), rutas, entorno)


def detener_huerfanos(rutas: Rutas) -> None:
    """Stop what a supervisor killed with -9 left running: it would keep the ports."""
    for nombre in ("demostracion", "reloj", "trabajador", "web", "correo"):
        Proceso(nombre, [], rutas).detener(espera=5)


def asegurar_puerto_correo(rutas: Rutas) -> None:
    """Choose another port for the mail sink when a stranger took the one it had."""
    if not libre(puerto_correo(rutas)):
        elegir_puerto_correo(rutas)


def esperar_web(proceso: Proceso, puerto: int) -> None:
    """Return when the web answers anything; say why when it does not."""
    limite = time.monotonic() + ESPERA_WEB
    while time.monotonic() < limite and proceso.vivo():
        conexion = http.client.HTTPConnection("127.0.0.1", puerto, timeout=10)
        try:
            conexion.request("GET", "/salud/", headers={"Host": f"localhost:{puerto}"})
            conexion.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            conexion.close()
    raise FallaDePila(f"La web no arrancó. Últimas líneas de {proceso.registro}:\n{proceso.ultimas_lineas()}")
