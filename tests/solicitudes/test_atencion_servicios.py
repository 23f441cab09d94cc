"""The services of attention, one situation each."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from alcance import exigir
from direcciones.models import AsignacionSector, Membresia
from plazos.reloj import con_reloj
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.models import ExcepcionOrden, Mensaje, Movimiento, Parte, Solicitud
from solicitudes.services import NoSePuede, atender_siguiente
from solicitudes.services.conversacion import complementar
from solicitudes.services.transiciones import cerrar_solicitud
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, radicada
from tests.solicitudes.apoyos import hace, hacer, historia, parte_de, parte_de_pk, releer, sistema

pytestmark = pytest.mark.django_db
E = EstadoParte


@pytest.fixture
def una(elenco):
    """One of Archivo's queue, unassigned."""
    return radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))


def tomada(elenco, solicitud, persona=None):
    with actuar(persona or elenco.asesora):
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=persona or elenco.asesora)
    return parte_de(solicitud)


def test_el_asesor_del_sector_la_recibe_de_una_vez(elenco):
    """R41, R42: from IDARTES to the asesor of Cultura without human action."""
    parte = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))

    assert (parte.estado, parte.asesor) == (E.ASIGNADA, elenco.asesor_tecnica)
    assert parte.asignada_en is not None


def test_sin_asesor_activo_la_recibe_el_suplente(elenco):
    """R41: the substitute of the vigencia."""
    suplente = FabricaPersona(nombre="Suplente del Sector")
    FabricaMembresia(persona=suplente, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    with sistema():
        AsignacionSector.objects.filter(dependencia=elenco.tecnica).update(suplente=suplente)
        Membresia.objects.filter(persona=elenco.asesor_tecnica).update(hasta=timezone.localdate() - timedelta(days=1))

    parte = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))

    assert parte.asesor == suplente


def test_sin_nadie_en_el_sector_queda_en_la_cola(elenco):
    """R19: it is not lost: the heads see it unassigned."""
    with sistema():
        AsignacionSector.objects.update(hasta=timezone.localdate() - timedelta(days=1))

    parte = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))

    assert (parte.estado, parte.asesor) == (E.EN_COLA, None)


def test_atender_la_siguiente_da_la_mas_antigua_de_cualquier_canal(elenco, una):
    """R20, R22: reception rules, not the order of registration."""
    por_correo = radicada(
        registrada_por=elenco.ventanilla,
        entidad=elenco.instituto,
        temas=[elenco.tema_tablas],
        canal="correo",
        recibida=hace(days=2),
    )

    with actuar(elenco.asesora):
        primera = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        segunda = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        tercera = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)

    assert [primera.solicitud_id, segunda.solicitud_id, tercera] == [por_correo.pk, una.pk, None]
    assert releer(una).estado == EstadoSolicitud.EN_ATENCION
    assert releer(una).responsables == [elenco.asesora.pk]


def test_lo_propio_mas_antiguo_va_antes_que_la_cola(elenco, una):
    """R20: what the head gave one waits too: the older of both comes first."""
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.subdirector, parte_de(una), "asignar", asesor=elenco.asesora)

    with actuar(elenco.asesora):
        primera = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        segunda = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)

    assert [primera.solicitud_id, segunda.solicitud_id] == [una.pk, nueva.pk]


def test_quien_dejo_de_atender_mientras_esperaba_su_turno_no_toma_nada(elenco, una):
    """Told in words before anything is written: what is written goes with the commit."""
    with sistema():
        Membresia.objects.filter(persona=elenco.asesora).update(hasta=timezone.localdate() - timedelta(days=1))

    with actuar(elenco.asesora), pytest.raises(NoSePuede, match="ya no atiende") as rechazo:
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)

    assert rechazo.value.code == "ausente"
    assert parte_de(una).estado == E.EN_COLA


def test_lo_que_se_toma_se_escribe_en_el_mensaje_que_confirma(elenco, una):
    """Whoever waits for the queue waits one trip less."""
    with actuar(elenco.asesora):
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        assert any(b"solicitudes_mover" in orden for orden in connection.por_enviar)
    assert parte_de(una).estado == E.EN_ATENCION


def test_adelantar_una_exige_motivo_codificado(elenco, una):
    """R20: take number 2 before number 1: reason demanded and kept."""
    nueva = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))

    with pytest.raises(NoSePuede, match="más antigua") as rechazo:
        hacer(elenco.asesora, nueva, "tomar")
    with pytest.raises(NoSePuede, match="Explique"):
        hacer(elenco.asesora, nueva, "tomar", codigo="fecha_legal", motivo=" ")
    movida = hacer(elenco.asesora, nueva, "tomar", codigo="fecha_legal", motivo="La audiencia es el viernes")

    assert rechazo.value.code == "fuera_de_orden"
    assert movida.estado == E.EN_ATENCION
    with sistema():
        excepcion = ExcepcionOrden.objects.get()
    assert (excepcion.codigo, excepcion.anteriores, excepcion.persona) == ("fecha_legal", 1, elenco.asesora)


def test_la_jefatura_tampoco_adelanta_sin_motivo(elenco, una):
    """R20: assigning is taking out of the queue."""
    nueva = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))

    with pytest.raises(NoSePuede, match="más antigua"):
        hacer(elenco.subdirector, nueva, "asignar", asesor=elenco.asesora, motivo="")

    assert hacer(elenco.subdirector, nueva, "asignar", asesor=elenco.asesora, codigo="disponibilidad").asesor


def test_una_bandeja_propia_tambien_guarda_el_orden(elenco):
    """R20: «before an older one of the same tray» counts for the tray of a sector's asesor."""
    vieja = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_integridad], recibida=hace(days=3)))
    nueva = parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad]))

    with pytest.raises(NoSePuede, match="1 más antigua"):
        hacer(elenco.asesor_tecnica, nueva, "empezar")

    assert hacer(elenco.asesor_tecnica, vieja, "empezar").estado == E.EN_ATENCION
    assert hacer(elenco.asesor_tecnica, nueva, "empezar").estado == E.EN_ATENCION


def test_nadie_mueve_la_parte_de_otra_dependencia(elenco):
    """R24: seeing a solicitud through one's own part gives no hand in the other's."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    ajena = parte_de(solicitud, elenco.tecnica)

    for accion, datos in (("trasladar", {"dependencia": elenco.internacionales}), ("empezar", {})):
        with pytest.raises(NoSePuede, match="otra dependencia"):
            hacer(elenco.asesora, ajena, accion, **datos)


def test_nadie_cambia_lo_de_un_colega(elenco, una):
    parte, otra = tomada(elenco, una), radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    with pytest.raises(NoSePuede, match="persona responsable"):
        hacer(elenco.otra_asesora, parte, "marcar_duplicada", principal=otra)
    with pytest.raises(NoSePuede, match="persona responsable"):
        hacer(elenco.otra_asesora, parte, "responder", texto="Yo respondo")


def test_devolver_a_la_cola_conserva_el_turno(elenco, una):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, tomada(elenco, una), "liberar", motivo="Tengo un impedimento")

    assert (parte.estado, parte.asesor, parte.asignada_en) == (E.EN_COLA, None, None)
    with actuar(elenco.otra_asesora):
        siguiente = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.otra_asesora)
    assert siguiente.solicitud_id == una.pk


def test_el_motivo_de_devolverla_no_lo_ve_la_entidad(elenco, una):
    hacer(elenco.asesora, tomada(elenco, una), "liberar", motivo="Tengo un impedimento")

    with actuar(elenco.enlace):
        visibles = Movimiento.objects.visibles_para(exigir()).values_list("accion", flat=True)
        por_la_base = Movimiento.objects.values_list("accion", flat=True)
        assert "liberar" not in visibles
        assert "liberar" not in por_la_base


def test_reasignar_deja_motivo_y_respeta_la_espera(elenco, una):
    """R42: reassignment leaves a reason; while the entity owes an answer it can still give it."""
    parte = hacer(elenco.asesora, tomada(elenco, una), "pedir_complemento", texto="Falta el acta", hasta=None)
    with pytest.raises(NoSePuede, match="motivo"):
        hacer(elenco.subdirector, parte, "reasignar_en_espera", asesor=elenco.otra_asesora, motivo="")

    parte = hacer(elenco.subdirector, parte, "reasignar_en_espera", asesor=elenco.otra_asesora)

    assert (parte.estado, parte.asesor) == (E.EN_COMPLEMENTO, elenco.otra_asesora)
    assert parte.complemento_hasta is not None
    with actuar(elenco.enlace):
        complementar(parte=parte, texto="Aquí está", clave=uuid4())
    assert parte_de(una).estado == E.EN_ATENCION


def test_solo_se_asigna_a_quien_atiende_en_la_dependencia(elenco, una):
    with pytest.raises(NoSePuede, match="no atiende en"):
        hacer(elenco.subdirector, parte_de(una), "asignar", asesor=elenco.asesor_tecnica)


def test_pedir_informacion_tiene_tope_de_un_mes(elenco, una):
    """Ley 1755 de 2015, art. 17."""
    parte = tomada(elenco, una)

    with pytest.raises(ValidationError, match="un mes"):
        hacer(elenco.asesora, parte, "pedir_complemento", texto="?", hasta=timezone.localdate() + timedelta(days=40))
    with pytest.raises(ValidationError, match="desde mañana"):
        hacer(elenco.asesora, parte, "pedir_complemento", texto="?", hasta=timezone.localdate())
    assert parte_de(una).estado == E.EN_ATENCION


def test_continuar_sin_la_informacion(elenco, una):
    parte = hacer(elenco.asesora, tomada(elenco, una), "pedir_complemento", texto="Falta el acta", hasta=None)

    parte = hacer(elenco.asesora, parte, "retomar", motivo="La enviaron por correo")

    assert (parte.estado, parte.complemento_hasta) == (E.EN_ATENCION, None)


def test_trasladar_conserva_radicado_instante_y_plazo(elenco, una):
    """Architecture §8.8; R20 keeps the turn of the reception in the other queue."""
    antes = parte_de(una)

    parte = hacer(elenco.asesora, antes, "trasladar", dependencia=elenco.tecnica, tema=elenco.tema_integridad)

    assert (parte.dependencia, parte.recibido_en, parte.vence) == (elenco.tecnica, antes.recibido_en, antes.vence)
    assert (parte.tema, parte.estado, parte.asesor) == (elenco.tema_integridad, E.ASIGNADA, elenco.asesor_tecnica)
    solicitud = releer(una)
    assert (solicitud.radicado, solicitud.dependencias) == (una.radicado, [elenco.tecnica.pk])
    with actuar(elenco.asesora):
        assert not Solicitud.objects.filter(pk=una.pk).exists()


def test_el_traslado_tardio_se_hace_y_se_dice(elenco):
    """Ley 1755 de 2015, art. 21: five business days; R19: it is never left without anybody."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=20))
    reciente = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    for solicitud in (vieja, reciente):
        hacer(elenco.asesora, parte_de(solicitud), "trasladar", dependencia=elenco.tecnica)

    with sistema():
        tardanzas = Movimiento.objects.filter(accion="trasladar").order_by("id").values_list("datos", flat=True)
        assert [datos["fuera_de_termino"] for datos in tardanzas] == [True, False]


def test_no_se_traslada_a_quien_ya_participa_ni_a_quien_no_atiende(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    parte = parte_de(solicitud, elenco.sistema_archivos)

    for dependencia, mensaje in ((elenco.tecnica, "ya atiende otra parte"), (elenco.archivo, "no atiende")):
        with pytest.raises(NoSePuede, match=mensaje):
            hacer(elenco.asesora, parte, "trasladar", dependencia=dependencia)


def test_una_duplicada_dice_de_cual(elenco, una):
    """R19: turned down only with a reason; the entity learns where it is attended."""
    repetida = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    parte = hacer(elenco.asesora, parte_de(repetida), "marcar_duplicada", principal=una)

    assert parte.estado == E.DUPLICADA
    assert releer(repetida).duplicada_de_id == una.pk
    assert releer(repetida).estado == EstadoSolicitud.DUPLICADA


def test_que_no_puede_ser_principal(elenco, una):
    """No chains, no circles, no other entidad, not itself."""
    repetida = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    tercera = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    ajena = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(repetida), "marcar_duplicada", principal=una)

    for solicitud, principal, mensaje in (
        (tercera, tercera, "sí misma"),
        (tercera, ajena, "otra entidad"),
        (tercera, releer(repetida), "también es duplicada"),
        (una, tercera, "Otras son duplicadas de esta"),
    ):
        with pytest.raises(ValidationError, match=mensaje):
            hacer(elenco.asesora, parte_de(solicitud), "marcar_duplicada", principal=principal)


def test_fuera_de_competencia_lleva_respuesta(elenco, una):
    """R19: rejection only with a reasoned answer."""
    with pytest.raises(ValidationError, match="respuesta motivada"):
        hacer(elenco.subdirector, parte_de(una), "declarar_no_competencia", respuesta=" ")

    parte = hacer(elenco.subdirector, parte_de(una), "declarar_no_competencia", respuesta="La responde Hacienda.")

    assert parte.estado == E.NO_COMPETENCIA
    with sistema():
        mensaje = Mensaje.objects.get(solicitud=una)
    assert (mensaje.tipo, mensaje.texto, mensaje.interno) == ("respuesta", "La responde Hacienda.", False)


def test_responder_por_escrito_cierra(elenco, una):
    parte = hacer(elenco.asesora, tomada(elenco, una), "responder", texto="Aplique la tabla desde el acta.")

    assert (parte.estado, parte.resultado) == (E.ATENDIDA, "Respuesta escrita")
    assert parte.prestada_en and parte.primera_atencion_en and parte.a_tiempo
    assert releer(una).estado == EstadoSolicitud.ATENDIDA
    assert historia(una)[-1] == "atender"


def test_no_se_cierra_con_una_parte_abierta(elenco):
    """R23: not closable while a topic has no outcome."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    with actuar(elenco.asesora):
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
    hacer(elenco.asesora, parte_de(solicitud, elenco.sistema_archivos), "responder", texto="Lista nuestra parte.")

    with pytest.raises(NoSePuede, match="Falta responder"):
        cerrar_solicitud(solicitud=solicitud)

    assert releer(solicitud).estado == EstadoSolicitud.ASIGNADA


def test_reabrir_en_treinta_dias(elenco, una):
    """domain.md §2.2: 30 days; a late answer can't become timely by reopening it."""
    parte = hacer(elenco.asesora, tomada(elenco, una), "responder", texto="Listo.")
    with pytest.raises(NoSePuede, match="Su rol"):
        hacer(elenco.asesora, parte, "reabrir")
    with con_reloj(timezone.now() + timedelta(days=31)), pytest.raises(NoSePuede, match="más de 30 días"):
        hacer(elenco.subdirector, parte, "reabrir")

    reabierta = hacer(elenco.subdirector, parte, "reabrir", motivo="Faltó una pregunta")

    assert (reabierta.estado, reabierta.asesor) == (E.EN_ATENCION, elenco.asesora)
    assert (reabierta.prestada_en, reabierta.cerrada_en, reabierta.vence) == (None, None, parte.vence)
    with sistema():
        assert Movimiento.objects.get(accion="reabrir").datos["resultado"] == "Respuesta escrita"


def test_reabrir_una_cerrada_le_quita_el_cierre(elenco, una):
    parte = hacer(elenco.asesora, tomada(elenco, una), "responder", texto="Listo.")
    cerrar_solicitud(solicitud=una)

    hacer(elenco.subdirector, parte, "reabrir")

    assert releer(una).cerrada_en is None
    assert releer(una).estado == EstadoSolicitud.EN_ATENCION


def test_pedir_apoyo_a_otra_dependencia(elenco, una):
    """R23: one radicado, another part, not closable while it has no outcome."""
    parte = tomada(elenco, una)

    hacer(elenco.asesora, parte, "agregar_dependencia", tema=elenco.tema_integridad)

    nueva = parte_de(una, elenco.tecnica)
    assert (nueva.lidera, nueva.asesor, nueva.recibido_en) == (False, elenco.asesor_tecnica, parte.recibido_en)
    assert set(releer(una).dependencias) == {elenco.sistema_archivos.pk, elenco.tecnica.pk}
    with pytest.raises(ValidationError, match="ya participa"):
        hacer(elenco.asesora, parte, "agregar_dependencia", tema=elenco.tema_integridad)


def test_cambiar_quien_lidera(elenco, una):
    parte = tomada(elenco, una)
    hacer(elenco.asesora, parte, "agregar_dependencia", tema=elenco.tema_integridad)
    otra = parte_de(una, elenco.tecnica)

    hacer(elenco.subdirector, parte, "cambiar_lider", parte_lider=otra)

    assert parte_de_pk(otra.pk).lidera and not parte_de_pk(parte.pk).lidera
    with pytest.raises(NoSePuede, match="no lidera"):
        hacer(elenco.subdirector, parte, "cambiar_lider", parte_lider=otra)


def test_reservar_la_esconde_de_los_demas(elenco, una):
    """Issue 2: reserved: only who filed, who attends, the heads and the auditor."""
    parte = tomada(elenco, una)
    hacer(elenco.subdirector, parte, "reservar", motivo="Tiene datos de una investigación")

    for persona, ve in (
        (elenco.enlace, True), (elenco.asesora, True), (elenco.directora, True), (elenco.auditora, True),
        (elenco.colega, False), (elenco.otra_asesora, False), (elenco.subsecretaria, False), (elenco.revisora, False),
    ):  # fmt: skip
        with actuar(persona):
            assert Solicitud.objects.filter(pk=una.pk).exists() is ve, persona
            assert Parte.objects.filter(solicitud=una.pk).exists() is ve, persona
            assert Parte.objects.visibles_para(exigir()).filter(solicitud=una.pk).exists() is ve, persona

    hacer(elenco.subdirector, parte, "levantar_reserva", motivo="Terminó la investigación")
    with actuar(elenco.colega):
        assert Solicitud.objects.filter(pk=una.pk).exists()


def test_la_misma_clave_dos_veces_es_un_mensaje(elenco, una):
    """C01 for messages: a double click writes once."""
    clave, parte = uuid4(), parte_de(una)

    for _ in range(2):
        hacer(elenco.asesora, parte, "mensaje", texto="Buenas tardes", clave=clave)

    with sistema():
        assert Mensaje.objects.filter(solicitud=una).count() == 1


def test_una_clave_no_sirve_en_otra_solicitud(elenco, una):
    clave, otra = uuid4(), radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(una), "mensaje", texto="Buenas tardes", clave=clave)

    with pytest.raises(ValidationError, match="otra solicitud"):
        hacer(elenco.otra_asesora, parte_de(otra), "mensaje", texto="Otra cosa", clave=clave)
