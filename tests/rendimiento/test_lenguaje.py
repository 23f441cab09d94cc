"""The bench of the classifier, over the whole plan, keeps what it promises; and always with the same figures."""

import pytest
from django.db import transaction

from alcance import como_sistema
from demo.cuentas import crear_cuentas
from direcciones.catalogos import cargar_catalogos
from rendimiento.escena import Escena
from rendimiento.lenguaje import clasificador
from rendimiento.promesas import PROMESAS

# Of the figures, the only one that depends on the machine: never asserted in a test.
ESCENA = Escena(tam=0, portal=0, piso=0, sesiones_del_piso=[])


@pytest.mark.larga
def test_what_is_measured_is_what_was_promised(db) -> None:
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        crear_cuentas()

    medido = clasificador(ESCENA)

    fijas = [limite for limite in PROMESAS["clasificador"].limites if limite.clave != "ms"]
    assert all(limite.cumple(medido) for limite in fijas), medido
    assert medido["historias"] > 550
    assert set(medido["variantes"]) == {"nunca vistas", "ejemplos", "con uso"}
    assert medido["variantes"]["ejemplos"]["direccion"]["cuantos"] == 42
