"""Sessions: on business days, while who gives them is there, one at a time (R55, K19)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from direcciones.services.ausencias import registrar_ausencia
from plazos.services import calendario_vigente
from solicitudes.models import Actuacion, Parte
from solicitudes.services import atender_siguiente
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import habil, hace, hacer, sistema

pytestmark = pytest.mark.django_db


@pytest.fixture
def partes(elenco) -> list[Parte]:
    """Two in the hands of the asesora."""
    for n in (2, 1):
        radicada(por=elenco.enlace, temas=[elenco.tema_visitas], recibida=hace(days=n))
    with actuar(elenco.asesora):
        return [atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora) for _ in range(2)]


def programar(elenco, parte: Parte, cuando: Any, por: Any = None, **mas: Any) -> Actuacion:
    datos = {"modalidad": elenco.visita, "medio": "presencial", "lugar": "Calle 6B 5-75", "asunto": "Visita", **mas}
    with actuar(por or elenco.asesora):
        return registrar_actuacion(parte=parte, datos=datos | {"programada_para": cuando})


def refusa(elenco, parte: Parte, cuando: Any, texto: str) -> None:
    with pytest.raises(ValidationError, match=texto) as falla:
        programar(elenco, parte, cuando)
    assert "programada_para" in falla.value.message_dict


def test_nada_en_dias_que_no_son_habiles(elenco, partes) -> None:
    calendario, dia = calendario_vigente(), habil().date()
    while calendario.es_habil(dia):
        dia += timedelta(days=1)
    inhabil = timezone.make_aware(timezone.datetime.combine(dia, timezone.datetime.min.time())) + timedelta(hours=10)
    refusa(elenco, partes[0], inhabil, "no es día hábil. Elija otro: el siguiente es el")


def test_nada_mientras_no_esta_quien_la_da(elenco, partes) -> None:
    dia = habil(2).date()
    with sistema():
        registrar_ausencia(persona=elenco.asesora, desde=dia, hasta=dia, suplente=elenco.otra_asesora)
    refusa(elenco, partes[0], habil(2), "Ana Ruiz no está del")
    programar(elenco, partes[0], habil(3))


def test_quien_registra_una_ausencia_sabe_de_sus_sesiones(elenco, partes, entrar) -> None:
    programar(elenco, partes[0], habil(2))
    dia = habil(2).date()
    respuesta = entrar(elenco.asesora).post(
        reverse("atencion:ausencia"), {"desde": dia, "hasta": dia, "suplente": ""}, follow=True
    )
    assert f"Hay 1 sesión programada en esos días: {partes[0].solicitud.radicado}." in respuesta.content.decode()


def test_una_persona_no_esta_en_dos_sesiones(elenco, partes) -> None:
    primera = programar(elenco, partes[0], habil(hora="10:00"))
    refusa(
        elenco,
        partes[1],
        habil(hora="10:30"),
        f"Se cruza con la sesión de {partes[0].solicitud.radicado}, a las 10:00",
    )
    refusa(elenco, partes[1], habil(hora="09:15"), "Se cruza")
    segunda = programar(elenco, partes[1], habil(hora="11:00"))
    with actuar(elenco.asesora):
        with pytest.raises(ValidationError, match="Se cruza"):
            cambiar_actuacion(actuacion=segunda, cambios={"programada_para": habil(hora="10:15")})
        cambiar_actuacion(actuacion=segunda, cambios={"programada_para": habil(hora="11:30")})
        cambiar_actuacion(actuacion=primera, cambios={"estado": "cancelada", "motivo_cancelacion": "No pueden"})
    programar(elenco, partes[1], habil(hora="10:00"), asunto="Otra")


def test_dos_personas_si_a_la_misma_hora(elenco, partes) -> None:
    programar(elenco, partes[0], habil())
    parte = hacer(elenco.subdirector, partes[1], "reasignar", asesor=elenco.otra_asesora)
    parte = hacer(elenco.otra_asesora, parte, "empezar")
    programar(elenco, parte, habil(), por=elenco.otra_asesora)


def test_el_doble_envio_sigue_siendo_uno(elenco, partes) -> None:
    """The same data twice is one session, and not a clash with itself."""
    assert programar(elenco, partes[0], habil()) == programar(elenco, partes[0], habil())


def test_lo_que_ya_paso_se_registra_aunque_fuera_domingo(elenco, partes) -> None:
    inicio = hace(hours=3)
    with actuar(elenco.asesora):
        hecha = registrar_actuacion(
            parte=partes[0],
            datos={
                "modalidad": elenco.visita, "medio": "presencial", "lugar": "Sede", "asunto": "Visita",
                "estado": "realizada", "inicio": inicio, "resultado": "Plan acordado",
            },
        )  # fmt: skip
    assert hecha.inicio == inicio
