"""What is given besides conceptos: visits, jornadas, mesas and others, each by its medium (lineamiento §4, §5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from direcciones.models import Modalidad
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Solicitud
from solicitudes.services import atender_siguiente
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from tests.fabricas import FabricaModalidad, actuar, radicada
from tests.solicitudes.apoyos import habil, hace, hacer, parte_de, parte_de_pk, releer

pytestmark = pytest.mark.django_db
M = Actuacion.Medio


@pytest.fixture
def parte(elenco):
    """One of Archivo's, already in the hands of the asesora."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_visitas], recibida=hace(days=1))
    with actuar(elenco.asesora):
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
    return parte_de(solicitud)


def programar(elenco, parte, modalidad: Modalidad, medio: str = M.PRESENCIAL, lugar: str = "Calle 6B 5-75", **mas):
    datos = {
        "modalidad": modalidad,
        "medio": medio,
        "lugar": lugar,
        "asunto": "Sesión de prueba",
        "programada_para": habil(2),
        **mas,
    }
    with actuar(elenco.asesora):
        return registrar_actuacion(parte=parte, datos=datos)


def realizar(elenco, actuacion: Actuacion, **mas) -> Actuacion:
    cambios = {
        "estado": Actuacion.Estado.REALIZADA,
        "inicio": timezone.now() - timedelta(hours=2),
        "fin": timezone.now() - timedelta(hours=1),
        "resultado": "Informe entregado",
        **mas,
    }
    with actuar(elenco.asesora):
        return cambiar_actuacion(actuacion=actuacion, cambios=cambios)


@pytest.mark.parametrize("cual", ["visita", "jornada"])
def test_una_visita_o_jornada_se_programa_se_realiza_y_cierra_su_parte(elenco, parte, cual) -> None:
    """R16, R17: scheduled and held with their dates apart; only then the parte closes, as delivered."""
    actuacion = programar(elenco, parte, getattr(elenco, cual))
    programada = parte_de_pk(parte.pk)
    assert programada.programada_para is not None and programada.prestada_en is None
    realizar(elenco, actuacion)
    cerrada = hacer(elenco.asesora, parte, "atender", resultado="Informe de la visita")
    assert (cerrada.estado, cerrada.prestada_en is not None) == (EstadoParte.ATENDIDA, True)


def test_la_entidad_ve_la_sesion_su_resultado_y_la_respuesta(elenco, entrar, parte) -> None:
    """E6: when and where before it; what came of it after, on the page of its solicitud and not only by mail."""
    cliente, direccion = entrar(elenco.enlace), parte.solicitud.get_absolute_url()
    actuacion = programar(elenco, parte, elenco.visita)
    antes = cliente.get(direccion).content.decode()
    assert "Programada" in antes and "Calle 6B 5-75" in antes
    assert f"/sesiones/{actuacion.pk}/" not in antes  # moving it belongs to who attends

    realizar(elenco, actuacion)
    hacer(elenco.asesora, parte, "atender", resultado="Se entregó el plan de trabajo")

    despues = cliente.get(direccion).content.decode()
    assert "Informe entregado" in despues and "Se entregó el plan de trabajo" in despues


def test_no_se_cierra_con_algo_programado(elenco, parte) -> None:
    """R12: it closes when everything is done or cancelled with a reason."""
    programar(elenco, parte, elenco.visita)
    with pytest.raises(ValidationError, match="programada"):
        hacer(elenco.asesora, parte, "atender", resultado="Listo")


@pytest.mark.parametrize(
    ("medio", "lugar"), [(M.VIRTUAL, "sala uno"), (M.PRESENCIAL, " "), (M.TELEFONICA, "por teléfono")]
)
def test_cada_medio_pide_su_dato(elenco, parte, medio, lugar) -> None:
    """R27: virtual needs a link, in person a place, by telephone a number."""
    with pytest.raises(ValidationError) as falla:
        programar(elenco, parte, elenco.asesoria, medio=medio, lugar=lugar)
    assert "lugar" in falla.value.message_dict


@pytest.mark.parametrize(
    ("medio", "lugar"),
    [(M.VIRTUAL, "https://reunion.example/1"), (M.PRESENCIAL, "Calle 1"), (M.TELEFONICA, "601 3813000")],
)
def test_los_tres_medios(elenco, parte, medio, lugar) -> None:
    """R27."""
    assert releer(programar(elenco, parte, elenco.asesoria, medio=medio, lugar=lugar)).medio == medio


def test_un_apoyo_externo_dice_proveedor_y_contrato(elenco, parte) -> None:
    """R28: «apoyos externos (consultorías, asesorías)» count as given, with who and by which contract."""
    externo = FabricaModalidad(codigo="externo", nombre="Apoyo externo", exige_proveedor=True)
    with pytest.raises(ValidationError):
        programar(elenco, parte, externo)
    actuacion = programar(elenco, parte, externo, proveedor="Consultora S.A.S.", contrato="4210-2026")
    assert releer(realizar(elenco, actuacion)).estado == Actuacion.Estado.REALIZADA


def test_toda_solicitud_de_una_entidad_es_por_demanda(elenco, parte) -> None:
    """R14: by demand, with who asks and the original text; the model is never null."""
    solicitud = releer(parte.solicitud)
    assert solicitud.modelo == Solicitud.Modelo.DEMANDA
    assert solicitud.remitente_nombre and solicitud.necesidad
    assert not Solicitud._meta.get_field("modelo").null


def test_lo_internacional_llega_al_enlace_del_sector(elenco) -> None:
    """R10: a theme of the DDRI is routed to the sector's person there."""
    solicitud = radicada(por=elenco.otra_enlace, temas=[elenco.tema_cooperacion])
    suya = parte_de(solicitud)
    assert (suya.dependencia, suya.asesor) == (elenco.internacionales, elenco.asesor_internacional)
