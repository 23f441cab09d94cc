"""Claims and departures at once: whoever wins, no case is left with somebody who went (K13)."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import con_alcance
from direcciones.models import Membresia, Persona
from direcciones.services.ausencias import registrar_ausencia
from direcciones.services.membresias import terminar_membresia
from plazos.reloj import hoy
from solicitudes.models import Parte
from solicitudes.services import NoSePuede, atender_siguiente
from solicitudes.services.relevo import sin_responsable
from tests.fabricas import actuar, alcance_de, radicada
from tests.solicitudes.apoyos import hace, sistema
from tests.solicitudes.test_orden_de_llegada import a_la_vez
from tests.soporte.elenco import crear_elenco

VECES = 6


def test_quien_toma_mientras_se_va_no_se_queda_con_nada(base_propia) -> None:
    """Their page was opened before; the end of the role comes while they claim."""
    elenco = crear_elenco()
    for n in range(VECES + 2):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(minutes=n + 1))
    suyo = alcance_de(elenco.asesora)

    def trabajar(persona: Persona) -> Any:
        if persona == elenco.administradora:
            with actuar(persona), transaction.atomic():
                return terminar_membresia(membresia=Membresia.objects.get(persona=elenco.asesora))
        tomadas = 0
        for _ in range(VECES):
            try:
                with con_alcance(suyo), transaction.atomic():
                    atender_siguiente(dependencia=elenco.sistema_archivos, persona=persona)
                tomadas += 1
            except NoSePuede:
                break
        return tomadas

    a_la_vez([elenco.asesora, elenco.administradora], trabajar)

    with sistema():
        assert not Parte.objects.en_bandeja_de(elenco.asesora).exists()
    assert sin_responsable() == []


def test_los_dos_ultimos_no_se_van_a_la_vez(base_propia) -> None:
    """Each would believe that the other stays: one of the two absences is refused."""
    elenco = crear_elenco()
    with sistema():
        Membresia.objects.filter(persona__in=[elenco.subdirector, elenco.directora]).update(
            hasta=hoy() - timedelta(days=1)
        )
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    def ausentarse(persona: Persona) -> bool:
        try:
            with actuar(persona), transaction.atomic():
                registrar_ausencia(persona=persona, desde=hoy(), hasta=hoy())
        except ValidationError:
            return False
        return True

    assert sorted(a_la_vez([elenco.asesora, elenco.otra_asesora], ausentarse)) == [False, True]
    assert sin_responsable() == []
