"""Settings of the test run: the project's own, in mode `pruebas`, over servers that nobody else uses."""

import os
from pathlib import Path

from sdfi_portal.pila.rutas import Rutas

RAIZ_PROYECTO = Path(__file__).resolve().parent.parent.parent
# Kept in its own variable: the workers of xdist inherit the environment this module has already changed.
os.environ.setdefault(
    "PORTAL_VAR_PRUEBAS", str(Path(os.environ.get("PORTAL_VAR") or RAIZ_PROYECTO / ".var").absolute() / "pruebas")
)
RUTAS = Rutas.de(os.environ["PORTAL_VAR_PRUEBAS"])
for ajena in (
    "DATABASE_URL",
    "DATABASE_URL_MIGRADOR",
    "BROKER_URL",
    "EMAIL_URL",
    "DOMINIO",
    "SECRET_KEY",
    "ARCHIVOS_DIR",
):
    os.environ.pop(ajena, None)
os.environ |= {"PORTAL_MODO": "pruebas", "PORTAL_VAR": str(RUTAS.var), "NIVEL_REGISTRO": "WARNING"}
assert RUTAS.sockets.is_dir()  # must exist before the settings resolve it

from sdfi_portal.settings import *  # noqa: E402, F403

# Static files as they are in the tree: nothing to collect before a test opens a page.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
