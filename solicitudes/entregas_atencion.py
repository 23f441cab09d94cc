"""Outbox handlers of attention: who is told of each move, message, session and term.

What is said is read when its turn comes: a fact that is no longer true (reassigned, closed) tells nobody anything old.
"""

from collections.abc import Callable

from avisos.carta import Carta
from avisos.models import PoliticaAviso
from avisos.services import debido_desde
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.models import Dependencia
from solicitudes import cartas
from solicitudes.destinatarios import Destino, avisar_a_la_entidad, avisar_al_personal
from solicitudes.estados import ABIERTOS, EstadoParte
from solicitudes.models import Actuacion, Mensaje, Movimiento, Parte, Termino
from solicitudes.services.politica import DE_ANTES

E = EstadoParte


def _a_la_entidad(entrega: Entrega, parte: Parte, carta: Carta, *, evento: str) -> None:
    avisar_a_la_entidad(solicitud=parte.solicitud, carta=carta, clave=entrega.clave_idempotencia, evento=evento)


def _al_personal(
    entrega: Entrega, parte: Parte, carta: Carta, *, evento: str, destino: str = Destino.RESPONSABLE
) -> None:
    avisar_al_personal(parte=parte, destino=destino, carta=carta, clave=entrega.clave_idempotencia, evento=evento)


# --- Arrivals and moves --------------------------------------------------------------------------------------------
@manejador("solicitudes.llegada")
def llego(entrega: Entrega) -> None:
    """A part that reached a queue where nobody takes it by turn: its heads must give it to somebody (R19, R23)."""
    parte = _parte(entrega)
    if parte.estado != E.EN_COLA:
        return
    sin_turno = parte.dependencia.reparto == Dependencia.Reparto.SECTOR
    if not sin_turno and parte.lidera:
        return
    _al_personal(entrega, parte, cartas.llegada(parte), evento="solicitudes.llegada", destino=Destino.JEFATURA)


@manejador("solicitudes.movimiento")
def se_movio(entrega: Entrega) -> None:
    """One entry for each action that somebody must know of; the rest are seen on the page."""
    decir = _MOVIMIENTOS.get(entrega.carga["accion"])
    if decir is not None:
        decir(entrega, _parte(entrega))


def _parte(entrega: Entrega) -> Parte:
    partes = Parte.objects.select_related("solicitud__duplicada_de", "dependencia__padre", "entidad", "asesor")
    return partes.get(pk=entrega.carga["parte"])


def _al_asignar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor_id is not None:
        _al_personal(entrega, parte, cartas.asignada(parte), evento="solicitudes.asignada")


def _al_empezar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor_id is not None and parte.estado == E.EN_ATENCION:
        _a_la_entidad(entrega, parte, cartas.empezada(parte), evento="solicitudes.empezada")


def _al_pedir(entrega: Entrega, parte: Parte) -> None:
    if parte.estado == E.EN_COMPLEMENTO and parte.complemento_hasta is not None:
        pedido = Mensaje.objects.filter(parte=parte, tipo=Mensaje.Tipo.COMPLEMENTO_PEDIDO).latest("id")
        _a_la_entidad(entrega, parte, cartas.pedida(parte, pedido), evento="solicitudes.pedida")


def _al_complementar(entrega: Entrega, parte: Parte) -> None:
    _al_personal(entrega, parte, cartas.complementada(parte), evento="solicitudes.complementada")


def _al_trasladar(entrega: Entrega, parte: Parte) -> None:
    _a_la_entidad(entrega, parte, cartas.trasladada(parte), evento="solicitudes.trasladada")


def _al_terminar(carta: Callable[[Parte, Movimiento], Carta], *, evento: str) -> Callable[[Entrega, Parte], None]:
    def decir(entrega: Entrega, parte: Parte) -> None:
        linea = Movimiento.objects.filter(parte=parte, accion=entrega.carga["accion"]).latest("id")
        if not linea.datos.get("ya_se_aviso"):
            _a_la_entidad(entrega, parte, carta(parte, linea), evento=evento)

    return decir


def _al_retirar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor_id is not None:
        _al_personal(entrega, parte, cartas.retirada(parte), evento="solicitudes.retirada")


def _al_reabrir(entrega: Entrega, parte: Parte) -> None:
    _al_asignar(entrega, parte)
    _a_la_entidad(entrega, parte, cartas.reabierta(parte), evento="solicitudes.reabierta")


_MOVIMIENTOS: dict[str, Callable[[Entrega, Parte], None]] = {
    "asignar": _al_asignar,
    "reasignar": _al_asignar,
    "reasignar_en_espera": _al_asignar,
    "tomar": _al_empezar,
    "empezar": _al_empezar,
    "pedir_complemento": _al_pedir,
    "complementar": _al_complementar,
    "trasladar": _al_trasladar,
    "retirar": _al_retirar,
    "reabrir": _al_reabrir,
    "atender": _al_terminar(cartas.respondida, evento="solicitudes.respondida"),
    "declarar_no_competencia": _al_terminar(cartas.no_competencia, evento="solicitudes.no_competencia"),
    "trasladar_fuera": _al_terminar(cartas.trasladada_fuera, evento="solicitudes.trasladada_fuera"),
    "marcar_duplicada": _al_terminar(cartas.duplicada, evento="solicitudes.duplicada"),
}


# --- Messages and sessions -----------------------------------------------------------------------------------------
@manejador("solicitudes.mensaje")
def llego_un_mensaje(entrega: Entrega) -> None:
    """Only plain messages: what is asked, sent or answered is told by its own move."""
    mensaje = Mensaje.objects.select_related("solicitud", "autor").get(pk=entrega.carga["mensaje"])
    if mensaje.tipo != Mensaje.Tipo.MENSAJE:
        return
    if not mensaje.de_la_entidad:
        avisar_a_la_entidad(
            solicitud=mensaje.solicitud,
            carta=cartas.mensaje_a_la_entidad(mensaje.solicitud, mensaje),
            clave=entrega.clave_idempotencia,
            evento="solicitudes.mensaje",
        )
        return
    for parte in _a_quienes_escribe(mensaje):
        _al_personal(
            entrega, parte, cartas.escribio_la_entidad(parte, mensaje), evento="solicitudes.mensaje_de_la_entidad"
        )


def _a_quienes_escribe(mensaje: Mensaje) -> list[Parte]:
    """Whoever works or worked on it; and the heads of what nobody has taken, or the one that leads when all ended."""
    todas = Parte.objects.filter(solicitud=mensaje.solicitud_id)
    partes = todas.select_related("solicitud", "dependencia__padre", "entidad", "asesor").order_by("id")
    con_alguien = [p for p in partes if p.asesor_id is not None or p.estado in ABIERTOS]
    return con_alguien or [p for p in partes if p.lidera]


@manejador("solicitudes.actuacion")
def hubo_una_sesion(entrega: Entrega) -> None:
    """When and where, or that it will not be. What was held is told when the part is answered."""
    actuacion = Actuacion.objects.select_related("solicitud", "modalidad").get(pk=entrega.carga["actuacion"])
    if actuacion.estado == Actuacion.Estado.REALIZADA or actuacion.programada_para is None:
        return
    cancelada = actuacion.estado == Actuacion.Estado.CANCELADA
    avisar_a_la_entidad(
        solicitud=actuacion.solicitud,
        carta=cartas.sesion_cancelada(actuacion) if cancelada else cartas.sesion_programada(actuacion),
        clave=entrega.clave_idempotencia,
        evento="solicitudes.sesion",
    )


# --- Terms ---------------------------------------------------------------------------------------------------------
@manejador("solicitudes.recordatorio")
def recordar(entrega: Entrega) -> None:
    """As the policy says when it is read: a row that was silenced meanwhile tells nobody."""
    parte, politica = _parte(entrega), _politica(entrega)
    if not politica.activa or not parte.esta_abierta or parte.atencion_en is not None:
        return
    carta = _carta_del_recordatorio(entrega, parte, politica)
    if carta is None:
        return
    solo_portal = politica.canal == PoliticaAviso.Canal.PORTAL
    with debido_desde(entrega.creada_en):  # it may have waited for the morning
        _decir_el_recordatorio(entrega, parte, politica, carta, solo_portal=solo_portal)


def _decir_el_recordatorio(
    entrega: Entrega, parte: Parte, politica: PoliticaAviso, carta: Carta, *, solo_portal: bool
) -> None:
    clave, evento = entrega.clave_idempotencia, politica.evento
    if politica.a_quien == Destino.ENTIDAD:
        avisar_a_la_entidad(
            solicitud=parte.solicitud, carta=carta, clave=clave, evento=evento, solo_portal=solo_portal
        )
    else:
        avisar_al_personal(
            parte=parte,
            destino=politica.a_quien,
            carta=carta,
            clave=clave,
            evento=evento,
            solo_portal=solo_portal,
        )


def _politica(entrega: Entrega) -> PoliticaAviso:
    """The row that asked for it. What was left before the policy was rows says it by its level."""
    if "politica" in entrega.carga:
        return PoliticaAviso.objects.get(pk=entrega.carga["politica"])
    nivel = entrega.carga["nivel"]
    reloj, _, a_quien = next(fila for fila, nombre in DE_ANTES.items() if nivel.startswith(nombre))
    evento = {"antes": "por_vencer", "despu": "vencida", "sin-a": "sin_asignar"}[nivel[:5]]
    return PoliticaAviso(evento=f"solicitudes.{evento}", reloj=reloj, a_quien=a_quien)


def _carta_del_recordatorio(entrega: Entrega, parte: Parte, politica: PoliticaAviso) -> Carta | None:
    """None when it is no longer true: somebody took it, the entidad answered, the milestone was met."""
    if politica.reloj == PoliticaAviso.Reloj.RECEPCION:
        return cartas.sin_asignar(parte) if parte.estado == E.EN_COLA else None
    if politica.reloj == PoliticaAviso.Reloj.COMPLEMENTO:
        return cartas.falta_complemento(parte) if parte.estado == E.EN_COMPLEMENTO else None
    if "termino" not in entrega.carga:
        return cartas.plazo(parte)
    termino = Termino.objects.get(pk=entrega.carga["termino"])
    return None if termino.cerrado or termino.cumplido_en else cartas.plazo_del_termino(parte, termino)
