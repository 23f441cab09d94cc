"""While somebody is away: who writes, reviews and signs, and who is told (R57, K12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from alcance import como_sistema, con_alcance
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services.manejadores import manejador_de
from conceptos import services
from conceptos.models import Firma
from conceptos.services.comun import NoSePuede
from direcciones.models import Persona
from direcciones.services.ausencias import registrar_ausencia
from plazos.reloj import hoy
from tests.fabricas import FabricaMembresia, FabricaPersona, alcance_de

pytestmark = pytest.mark.django_db


def ausentar(persona: Persona, suplente: Persona | None = None, **datos: Any) -> None:
    with como_sistema("prueba"), transaction.atomic():
        registrar_ausencia(persona=persona, desde=hoy(), hasta=hoy() + timedelta(days=5), suplente=suplente, **datos)


def avisados(accion: str) -> set[int]:
    """Who would be told now of the last move of that kind."""
    with como_sistema("prueba"), transaction.atomic():
        entrega = Entrega.objects.filter(tipo="conceptos.movimiento", carga__accion=accion).latest("id")
        vuelta = transaction.savepoint()
        manejador_de(entrega.tipo)(entrega)
        quienes = set(
            Aviso.objects.filter(clave__startswith=entrega.clave_idempotencia).values_list("persona", flat=True)
        )
        transaction.savepoint_rollback(vuelta)
    return quienes


def test_la_firma_de_una_jefatura_ausente_va_a_la_de_arriba(mesa) -> None:
    e = mesa.elenco
    mesa.para_firma()
    assert avisados("aprobar") == {e.subdirector.pk, e.directora.pk}
    ausentar(e.subdirector, e.otra_asesora)
    assert avisados("aprobar") == {e.directora.pk}
    ausentar(e.directora)
    # Nobody else may, so it waits for them: whoever covers knows.
    assert avisados("aprobar") == {e.subdirector.pk, e.directora.pk, e.otra_asesora.pk}


def test_quien_cubre_a_la_jefatura_firma_solo_con_el_acto(mesa) -> None:
    e = mesa.elenco
    concepto = mesa.para_firma()
    with como_sistema("prueba"):
        alcance = alcance_de(e.otra_asesora)

    def quien_firma() -> Any:
        with con_alcance(alcance), transaction.atomic():
            return services.autoridad_de(concepto, alcance)

    with pytest.raises(NoSePuede, match="encargo vigente"):
        quien_firma()
    ausentar(e.subdirector, e.otra_asesora, acto="Resolución 412 de 2026")
    autoridad = quien_firma()
    assert (autoridad.nombre, autoridad.encargo.acto) == ("Rosa Mejía", "Resolución 412 de 2026")
    assert autoridad.cargo.endswith("(E)")
    assert avisados("aprobar") == {e.directora.pk, e.otra_asesora.pk}
    mesa.firmar(concepto, quien=e.otra_asesora)
    with como_sistema("prueba"):
        assert Firma.objects.get().encargo == autoridad.encargo


def test_la_revision_va_a_quien_esta_y_puede_revisar(mesa) -> None:
    e = mesa.elenco
    otra = FabricaPersona(nombre="Otra Revisora")
    FabricaMembresia(persona=otra, rol="revisor", entidad=None, dependencia=e.sistema_archivos)
    mesa.en_revision()
    assert avisados("enviar_a_revision") == {e.revisora.pk, otra.pk}
    ausentar(otra)
    assert avisados("enviar_a_revision") == {e.revisora.pk}
    ausentar(e.revisora, e.otra_asesora)  # covers her, and may not review
    assert avisados("enviar_a_revision") == {e.subdirector.pk, e.directora.pk}


def test_quien_cubre_sigue_escribiendo_lo_del_ausente(mesa) -> None:
    e = mesa.elenco
    concepto = mesa.empezado()
    with pytest.raises(NoSePuede, match="lo lleva otra persona"):
        mesa.escribir(concepto, quien=e.otra_asesora, analisis="Mientras tanto")
    ausentar(e.asesora, e.otra_asesora)
    mesa.escribir(concepto, quien=e.otra_asesora, analisis="Mientras tanto")


def test_lo_que_vuelve_con_observaciones_lo_sabe_quien_responde(mesa) -> None:
    e = mesa.elenco
    mesa.devolver(mesa.en_revision())
    assert avisados("devolver") == {e.asesora.pk}
    ausentar(e.asesora, e.otra_asesora)
    assert avisados("devolver") == {e.otra_asesora.pk}
