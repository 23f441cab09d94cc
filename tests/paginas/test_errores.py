"""Every page of error, as somebody inside and as somebody outside (interface.md §5.7)."""

from typing import Any

import pytest
from django.conf import settings as ajustes

from tests.paginas.test_todas import fotografiar, juzgar
from tests.paginas.visitas import Ventana
from tests.soporte.aspecto import ANCHA

CARPETA = ajustes.RAIZ / "templates" / "errores"
# The frames that the others extend.
MARCOS = {"base", "solo"}
ERRORES = sorted(ruta.stem for ruta in CARPETA.glob("*.html") if ruta.stem not in MARCOS)


@pytest.mark.parametrize("cual", ERRORES)
def test_pagina_de_error(ventana: Ventana, settings: Any, cual: str) -> None:
    settings.ROOT_URLCONF = "tests.paginas.urls_errores"
    ventana.ser("enlace_a" if cual in {"403", "404", "410"} else "anonimo")
    ventana.quejas.clear()
    assert ventana.abrir(f"/error/{cual}/").status >= 400
    fotografiar(ventana, f"error-{cual}")
    juzgar(ventana, cual, (ANCHA,))
