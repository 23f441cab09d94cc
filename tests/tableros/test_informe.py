"""The monthly report goes out by mail, once to each, with the figures of their role."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from bandeja.models import Entrega
from bandeja.services import entregar
from plazos.reloj import con_reloj
from tableros.informe import anotar_informes
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import instante, sistema

pytestmark = pytest.mark.django_db


def los_informes():
    with sistema():
        return list(Entrega.objects.filter(tipo="tableros.informe").order_by("pk"))


def personas(elenco):
    por_membresia = {}
    with sistema():
        for nombre, persona in elenco.personas().items():
            por_membresia |= dict.fromkeys(persona.membresias.values_list("pk", flat=True), nombre)
    return {por_membresia[e.carga["membresia"]] for e in los_informes()}


def test_sale_el_primer_dia_habil_y_una_sola_vez(elenco):
    # 1 November 2026 is a Sunday and Monday 2 a holiday: the first business day is Tuesday 3.
    for dia, deja in (("2026-11-01", 0), ("2026-11-02", 0), ("2026-11-03", 3), ("2026-11-04", 3)):
        with con_reloj(instante(dia)):
            assert anotar_informes() == deja, dia
    with con_reloj(instante("2026-11-20")):
        assert anotar_informes() == 0

    assert personas(elenco) == {"directora", "director_desarrollo", "subdirector"}
    assert {e.carga["mes"] for e in los_informes()} == {"2026-10"}


def test_cada_quien_lo_apaga_o_lo_pide(elenco, entrar):
    respuesta = entrar(elenco.directora).post(reverse("tableros:informe"), {"recibe": "no"}, follow=True)
    assert "Ya no recibirá el informe mensual." in respuesta.content.decode()
    entrar(elenco.auditora).post(reverse("tableros:informe"), {"recibe": "si"})

    with con_reloj(instante("2026-11-03")):
        anotar_informes()

    assert personas(elenco) == {"director_desarrollo", "subdirector", "auditora"}
    assert "Recibirlo cada mes" in entrar(elenco.directora).get(reverse("tableros:tablero")).content.decode()
    assert entrar(elenco.enlace).post(reverse("tableros:informe"), {"recibe": "si"}).status_code == 403


def test_lleva_las_cifras_de_su_rol_y_el_pdf(elenco):
    with con_reloj(instante("2026-10-14")), actuar(elenco.enlace):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    with con_reloj(instante("2026-11-03")):
        anotar_informes()
    with sistema():
        suya = {"tipo": "tableros.informe", "carga__membresia": elenco.subdirector.membresias.get().pk}
        otras = Entrega.objects.exclude(pk__in=Entrega.objects.filter(**suya).values("pk"))
        otras.update(proximo_intento=timezone.now() + timedelta(days=1))

    assert entregar() == 1

    (carta,) = mail.outbox
    assert carta.to[0].endswith(f"<{elenco.subdirector.correo}>")
    assert carta.subject.startswith("Informe de octubre de 2026: Subdirección del Sistema")
    assert "recibidas en octubre de 2026: 1." in carta.body and "desde_mes=2026-10" in carta.body
    nombre, contenido, tipo = carta.attachments[0]
    assert nombre.startswith("tablero-octubre-de-2026") and tipo == "application/pdf"
    assert bytes(contenido).startswith(b"%PDF") and entregar() == 0
