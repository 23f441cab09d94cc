"""The portal's own settings, plus a counter of queries that answers only who asks for it."""

from sdfi_portal.settings import *  # noqa: F403
from sdfi_portal.settings import MIDDLEWARE as DEL_PORTAL

MIDDLEWARE = ["rendimiento.medicion.ContarConsultas", *DEL_PORTAL]
