"""A notice carries the instant of the services' clock: a rebuilt history does not ring the bell of today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Aviso
from avisos.services import dejar_aviso
from direcciones.models import Persona
from plazos.reloj import con_reloj

pytestmark = pytest.mark.django_db


def test_el_aviso_tiene_la_fecha_del_reloj_de_los_servicios() -> None:
    persona = Persona.objects.crear(correo="quien@entidad.example", nombre="Quien Espera")
    hace_un_anio = timezone.now() - timedelta(days=365)
    with con_reloj(hace_un_anio):
        dejar_aviso(persona=persona, carta=Carta("Le asignaron una solicitud", "Usted la tiene."), clave="una")
    dejar_aviso(persona=persona, carta=Carta("Le asignaron otra", "Usted la tiene."), clave="otra")
    with como_sistema("prueba"):
        ahora_, antes = Aviso.objects.filter(persona=persona)
    assert antes.creado_en == hace_un_anio
    assert timezone.now() - ahora_.creado_en < timedelta(minutes=5)
