"""`script/manage ARGS`: a management command in the environment of this installation, with its servers up."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sdfi_portal.pila.entorno import entorno_local
from sdfi_portal.pila.rutas import FallaDePila, Rutas
from sdfi_portal.pila.uso import Servidores
from sdfi_portal.pila.vacia import llenar_la_vacia

RAIZ = Path(__file__).resolve().parent.parent.parent
# `servir` starts the servers itself and chooses the ports: it gets only what its settings need to load.
DE_SERVIR = ("PORTAL_VAR", "PORTAL_MODO", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "PYTHONUNBUFFERED")


def main(argumentos: Sequence[str]) -> int:
    rutas = Rutas.de(os.environ.get("PORTAL_VAR") or RAIZ / ".var")
    orden = [sys.executable, str(RAIZ / "manage.py"), *argumentos]
    try:
        if argumentos and argumentos[0] == "servir":
            propias = {nombre: valor for nombre, valor in entorno_local(rutas).items() if nombre in DE_SERVIR}
            os.execve(orden[0], orden, {**os.environ, **propias})
        if os.environ.get("DATABASE_URL"):  # external servers: nothing to start
            os.execve(orden[0], orden, {**os.environ, **entorno_local(rutas)})
        with Servidores(rutas):
            entorno = {**os.environ, **entorno_local(rutas)}
            if argumentos:
                llenar_la_vacia(rutas, argumentos[0], entorno)
            return subprocess.run(orden, env=entorno).returncode
    except FallaDePila as falla:
        print(falla, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
