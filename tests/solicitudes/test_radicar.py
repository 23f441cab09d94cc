"""Filing: one structure whatever the channel, one solicitud whatever the clicks."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from bandeja.models import Entrega
from direcciones.roles import Rol
from solicitudes.estados import EstadoParte
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, radicar
from tests.fabricas import FabricaMembresia, actuar, radicada

pytestmark = pytest.mark.django_db


def test_radicar_deja_numero_partes_historia_y_acuse(elenco):
    """R33: number, instants and term in one transaction, with its first history row and its outbox rows."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    assert solicitud.radicado.startswith("AT-")
    assert solicitud.remitente_nombre == elenco.enlace.nombre
    assert len(solicitud.regla_plazo["frases"]) >= 3
    with actuar(elenco.enlace), transaction.atomic():
        parte = Parte.objects.get(solicitud=solicitud)
        assert (parte.dependencia, parte.estado) == (elenco.sistema_archivos, EstadoParte.EN_COLA)
        assert [m.texto for m in Movimiento.objects.filter(solicitud=solicitud)] == ["Radicó la solicitud"]
    with como_sistema("prueba: ver la bandeja"), transaction.atomic():
        tipos = set(Entrega.objects.filter(solicitud_id=solicitud.pk).values_list("tipo", flat=True))
    assert {"solicitudes.acuse", "solicitudes.llegada"} <= tipos


def test_la_dependencia_por_sector_la_recibe_de_una_vez(elenco):
    """R42: the sector's asesor has it without human action."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])

    with actuar(elenco.enlace), transaction.atomic():
        parte = Parte.objects.get(solicitud=solicitud)
    assert (parte.estado, parte.asesor) == (EstadoParte.ASIGNADA, elenco.asesor_tecnica)


def test_temas_de_varias_direcciones_son_una_solicitud_con_una_parte_por_dependencia(elenco):
    """R23, R24: one radicado, a parte for each, one leads."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_visitas, elenco.tema_integridad])

    with actuar(elenco.enlace), transaction.atomic():
        partes = list(Parte.objects.filter(solicitud=solicitud).order_by("-lidera"))
    assert [(p.dependencia, p.lidera) for p in partes] == [
        (elenco.sistema_archivos, True),
        (elenco.tecnica, False),
    ]
    assert partes[0].otros_temas == [elenco.tema_visitas.pk]
    assert solicitud.temas == [elenco.tema_tablas.pk, elenco.tema_visitas.pk, elenco.tema_integridad.pk]


@pytest.mark.parametrize("canal", ["portal", "correo", "telefono", "presencial", "siga"])
def test_cada_canal_deja_la_misma_estructura(elenco, canal):
    """R22: one request by each channel yields the same structure."""
    instante = datetime(2026, 3, 25, 15, 0, tzinfo=UTC)
    quien = {"por": elenco.enlace} if canal == "portal" else {"registrada_por": elenco.ventanilla}
    solicitud = radicada(
        canal=canal, entidad=elenco.secretaria, temas=[elenco.tema_tablas], recibida=instante, **quien
    )

    assert (solicitud.canal, solicitud.recibido_en) == (canal, instante)
    assert solicitud.vence.isoformat() == "2026-04-10"
    with actuar(elenco.subdirector), transaction.atomic():
        assert Parte.objects.en_cola(elenco.sistema_archivos).filter(solicitud=solicitud).exists()


def test_lo_registrado_tarde_toma_su_verdadero_turno(elenco):
    """R20, architecture §8.2: the true reception rules the queue, not the number."""
    del_portal = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    por_correo = radicada(
        registrada_por=elenco.ventanilla,
        canal="correo",
        entidad=elenco.instituto,
        temas=[elenco.tema_tablas],
        recibida=datetime(2026, 1, 5, 14, 0, tzinfo=UTC),
    )

    with actuar(elenco.asesora), transaction.atomic():
        cola = [parte.solicitud_id for parte in Parte.objects.en_cola(elenco.sistema_archivos)]
    assert cola == [por_correo.pk, del_portal.pk]


@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"temas": []}, "al menos un tema"),
        ({"recibida": datetime(2099, 1, 1, tzinfo=UTC), "canal": "correo"}, "futuro"),
    ],
)
def test_radicar_rehusa_con_una_frase(elenco, cambio, mensaje):
    datos = DatosSolicitud(
        entidad=elenco.secretaria,
        asunto="a",
        necesidad="b",
        temas=cambio.get("temas", [elenco.tema_tablas]),
        modalidad=elenco.concepto,
    )
    recepcion = Recepcion(
        canal=cambio.get("canal", "portal"),
        recibido_en=cambio.get("recibida"),
        radicada_por=elenco.enlace,
        evidencia="x",
    )
    with actuar(elenco.enlace), transaction.atomic(), pytest.raises(ValidationError, match=mensaje):
        radicar(clave=uuid4(), datos=datos, recepcion=recepcion)


def test_un_enlace_limitado_ve_lo_suyo_y_lo_que_radico(elenco):
    """domain.md §2.1: enlace of some temas; what they filed themselves is always theirs."""
    FabricaMembresia(
        persona=elenco.ajena, rol=Rol.ENLACE, entidad=elenco.secretaria, solo_temas=[elenco.tema_integridad.pk]
    )
    de_archivo = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    de_integridad = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    propia = radicada(por=elenco.ajena, temas=[elenco.tema_visitas])

    with actuar(elenco.ajena), transaction.atomic():
        visibles = set(Solicitud.objects.visibles_para(exigir()).values_list("pk", flat=True))
        partes = set(Parte.objects.visibles_para(exigir()).values_list("solicitud", flat=True))

    assert visibles == partes == {de_integridad.pk, propia.pk}
    assert de_archivo.pk not in visibles


def test_un_enlace_limitado_a_una_direccion_ve_sus_subdirecciones(elenco):
    FabricaMembresia(
        persona=elenco.ajena, rol=Rol.ENLACE, entidad=elenco.secretaria, solo_direcciones=[elenco.archivo.pk]
    )
    de_archivo = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    radicada(por=elenco.enlace, temas=[elenco.tema_cooperacion])

    with actuar(elenco.ajena), transaction.atomic():
        visibles = list(Solicitud.objects.visibles_para(exigir()).values_list("pk", flat=True))

    assert visibles == [de_archivo.pk]


VEN_LA_RESERVADA = {"enlace", "asesor_internacional", "auditora"}


def test_la_reservada_la_ven_solo_quienes_deben(elenco):
    """A commission abroad is born reserved: who filed, who attends, the heads and the auditor (domain.md §2.1)."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision])

    assert solicitud.reservada
    assert solicitud.motivo_reserva.startswith("Reservada por su tema")
    ven = set()
    for parte, persona in elenco.personas().items():
        with actuar(persona), transaction.atomic():
            por_python = Solicitud.objects.visibles_para(exigir()).filter(pk=solicitud.pk).exists()
            por_base = Solicitud.objects.filter(pk=solicitud.pk).exists()
        assert por_python == por_base, parte
        if por_python:
            ven.add(parte)
    assert ven == VEN_LA_RESERVADA
