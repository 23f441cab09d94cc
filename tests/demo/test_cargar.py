"""The demonstration: cut anywhere it goes on cleanly, and loading it again changes nothing."""

import pytest
from django.db import transaction

from alcance import como_sistema
from bandeja.models import Entrega
from bitacora.models import Suceso
from demo import cargar as carga
from demo.cuentas import CLAVE, CUENTAS
from direcciones.models import Membresia, Persona
from solicitudes.models import Actuacion, Mensaje, Parte, Solicitud


@pytest.fixture
def tres_ejemplos(base_propia: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of the attended ones: enough to cut the load in the middle of the second."""
    todos = carga.leer
    monkeypatch.setattr(carga, "leer", lambda calendario, hoy: [*todos(calendario, hoy)[:3]])
    vivir = carga._vivir
    monkeypatch.setattr(carga, "_vivir", lambda e, orden, total, personas: vivir(e, orden, 42, personas))


def contar() -> dict[str, int]:
    modelos = (Solicitud, Parte, Mensaje, Actuacion, Persona, Membresia, Entrega, Suceso)
    with como_sistema("prueba"), transaction.atomic():
        return {modelo.__name__: modelo.objects.count() for modelo in modelos}


def abiertas() -> int:
    with como_sistema("prueba"), transaction.atomic():
        return Parte.objects.filter(estado__in=("en_cola", "asignada")).count()


def test_cortada_a_la_mitad_sigue_sin_dejar_nada_a_medias(tres_ejemplos, monkeypatch):
    """Killed between filing the second example and attending it: the second is not there, and comes whole later."""
    atender = carga._atender

    def morir_en_el_segundo(ejemplo, *resto):
        if contar()["Solicitud"] == 2:
            raise KeyboardInterrupt
        atender(ejemplo, *resto)

    monkeypatch.setattr(carga, "_atender", morir_en_el_segundo)
    with pytest.raises(KeyboardInterrupt):
        carga.cargar()
    assert contar()["Solicitud"] == 1
    monkeypatch.setattr(carga, "_atender", atender)
    assert carga.cargar()["solicitudes"] == 3
    assert abiertas() == 0


def test_cargarla_dos_veces_no_cambia_nada(tres_ejemplos):
    """And every account opens with the password that script/server announces."""
    carga.cargar()
    antes = contar()
    carga.cargar()
    assert contar() == antes
    personas = Persona.objects.filter(correo__in=[cuenta.correo for cuenta in CUENTAS])
    assert len(personas) == len(CUENTAS)
    assert all(persona.check_password(CLAVE) for persona in personas)
