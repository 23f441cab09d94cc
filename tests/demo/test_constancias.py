"""The examples of a demo are born as what a person files: nothing that a page offers is missing."""

import pytest
from django.db import transaction

from alcance import como_sistema
from demo.cargar import _radicar
from demo.cuentas import crear_cuentas
from demo.ejemplos import leer
from direcciones.catalogos import cargar_catalogos
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from solicitudes.models import ConstanciaRadicacion, Solicitud

pytestmark = pytest.mark.django_db


def test_cada_ejemplo_tiene_su_constancia() -> None:
    """Filed in the portal and registered from another channel: «Descargar la constancia» answers in both."""
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        personas = crear_cuentas()
        ejemplos = leer(calendario_vigente(), hoy())
    por_canal = {ejemplo.canal == Solicitud.Canal.PORTAL: ejemplo for ejemplo in ejemplos}

    for ejemplo in por_canal.values():
        solicitud = _radicar(ejemplo, personas)
        with como_sistema("prueba"), transaction.atomic():
            assert ConstanciaRadicacion.objects.get(solicitud=solicitud).radicado == solicitud.radicado
    assert set(por_canal) == {True, False}
