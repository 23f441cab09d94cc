"""The examples of a demo are born as what a person files: nothing that a page offers is missing."""

from dataclasses import replace

import pytest
from django.db import transaction

from alcance import como_sistema
from demo.cuentas import crear_cuentas
from demo.simulacion.acciones import Escena
from demo.simulacion.numeros import abrir_series
from demo.simulacion.reparto import Reparto
from direcciones.models import Tema
from solicitudes.models import ConstanciaRadicacion, Mensaje, Solicitud
from tests.demo.conftest import leer, plan_de

pytestmark = pytest.mark.django_db


def test_cada_ejemplo_tiene_su_constancia() -> None:
    """Filed in the portal and registered from another channel: «Descargar la constancia» answers in both."""
    plan = plan_de(leer())
    with como_sistema("prueba"), transaction.atomic():
        abrir_series(plan)
        reparto = Reparto(crear_cuentas())
    por_canal = {h.canal == Solicitud.Canal.PORTAL: h for h in plan.historias if h.id.startswith("EJ-")}
    assert set(por_canal) == {True, False}
    # Whoever registers a reserved one does not open it any more, and its files enter all the same.
    ejemplos = [por_canal[True], replace(por_canal[False], reservada=True, archivos=2)]
    reparto.inscribir_enlaces(ejemplos)

    for ejemplo in ejemplos:
        escena = Escena(ejemplo, reparto)
        escena.hacer(ejemplo.pasos[0])
        with como_sistema("prueba"), transaction.atomic():
            constancia = ConstanciaRadicacion.objects.get(solicitud=escena.solicitud)
            assert constancia.radicado == escena.solicitud.radicado
            assert int(constancia.radicado[-6:]) == ejemplo.numero
            assert escena.solicitud.archivos.count() == ejemplo.archivos


@pytest.mark.parametrize("por", ["la entidad", "su tema"])
def test_lo_que_piden_de_una_reservada_de_otro_canal_llega_con_sus_archivos(por: str) -> None:
    """The ventanilla registers what the entity answered of one that it does not open any more."""
    plan = plan_de(leer())
    pedida = next(
        h for h in plan.historias if h.canal != "portal" and any(p.accion == "complementar" for p in h.pasos)
    )
    with como_sistema("prueba"), transaction.atomic():
        if por == "su tema":
            Tema.objects.filter(codigo__in=pedida.partes[0].temas).update(reservado=True)
        abrir_series(plan)
        reparto = Reparto(crear_cuentas())
    hasta = next(n for n, paso in enumerate(pedida.pasos) if paso.accion == "complementar")
    ultimo = replace(pedida.pasos[hasta], datos=pedida.pasos[hasta].datos | {"archivos": 2})
    historia = replace(pedida, reservada=por == "la entidad", archivos=0)
    reparto.inscribir_enlaces([historia])

    escena = Escena(historia, reparto)
    for paso in [*pedida.pasos[:hasta], ultimo]:
        escena.hacer(paso)

    with como_sistema("prueba"), transaction.atomic():
        mensaje = Mensaje.objects.get(clave=escena.clave(ultimo))
        assert [archivo.mensaje_id for archivo in escena.solicitud.archivos.all()] == [mensaje.pk] * 2
