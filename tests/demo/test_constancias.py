"""The examples of a demo are born as what a person files: nothing that a page offers is missing."""

import pytest
from django.db import transaction

from alcance import como_sistema
from demo.cuentas import crear_cuentas
from demo.simulacion.acciones import Escena
from demo.simulacion.numeros import abrir_series
from demo.simulacion.reparto import Reparto
from solicitudes.models import ConstanciaRadicacion, Solicitud
from tests.demo.conftest import leer, plan_de

pytestmark = pytest.mark.django_db


def test_cada_ejemplo_tiene_su_constancia() -> None:
    """Filed in the portal and registered from another channel: «Descargar la constancia» answers in both."""
    plan = plan_de(leer())
    with como_sistema("prueba"), transaction.atomic():
        abrir_series(plan)
        reparto = Reparto(crear_cuentas())
    ejemplos = {h.canal == Solicitud.Canal.PORTAL: h for h in plan.historias if h.id.startswith("EJ-")}
    assert set(ejemplos) == {True, False}
    reparto.inscribir_enlaces([*ejemplos.values()])

    for ejemplo in ejemplos.values():
        escena = Escena(ejemplo, reparto)
        escena.hacer(ejemplo.pasos[0])
        with como_sistema("prueba"), transaction.atomic():
            constancia = ConstanciaRadicacion.objects.get(solicitud=escena.solicitud)
            assert constancia.radicado == escena.solicitud.radicado
            assert int(constancia.radicado[-6:]) == ejemplo.numero
