"""Outbox handlers of attention: who is told of each move, message, session and term, and in which words.

What is said is read when its turn comes: a fact that is no longer true (reassigned, closed) tells nobody anything old.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from avisos.services import avisar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.models import Dependencia, Membresia, Persona
from direcciones.roles import Rol
from plazos.fechas import a_las, fecha_corrida
from plazos.reloj import hoy
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Mensaje, Movimiento, Parte, Solicitud
from solicitudes.vencimiento import vencimiento

E = EstadoParte


# --- Who -----------------------------------------------------------------------------------------------------------
def jefes_de(dependencia: Dependencia, *roles: str) -> list[Persona]:
    """Active heads with one of these roles, of the dependencia itself or of the one above; the nearest ones first."""
    lugares = [dependencia.pk, *([dependencia.padre_id] if dependencia.padre_id else [])]
    for lugar in lugares:
        del_lugar = Membresia.objects.activas().filter(dependencia=lugar, rol__in=roles)
        personas = list(Persona.objects.filter(pk__in=del_lugar.values("persona"), is_active=True).order_by("pk"))
        if personas:
            return personas
    return []


def _avisar(entrega: Entrega, personas: Iterable[Persona], carta: Carta) -> None:
    for persona in personas:
        avisar(persona=persona, carta=carta, clave=entrega.clave_idempotencia, solicitud_id=entrega.solicitud_id)


def _a_la_entidad(entrega: Entrega, solicitud: Solicitud, carta: Carta) -> None:
    """Whoever asked: in the portal when they have an account, and by mail."""
    if solicitud.radicada_por is not None:
        _avisar(entrega, [solicitud.radicada_por], carta)
    elif solicitud.remitente_correo:
        sin_boton = Carta(carta.asunto, carta.que_paso, carta.que_hacer, carta.fecha_limite)
        enviar_correo(
            a=solicitud.remitente_correo,
            nombre=solicitud.remitente_nombre,
            carta=sin_boton,
            clave=entrega.clave_idempotencia,
            solicitud_id=solicitud.pk,
        )


# --- In which words ------------------------------------------------------------------------------------------------
def _nombre(solicitud: Solicitud) -> str:
    """A reserved one is named only by its number: mail passes through many hands."""
    return solicitud.radicado if solicitud.reservada else f"{solicitud.radicado} «{solicitud.asunto}»"


def _para_la_entidad(solicitud: Solicitud, titulo: str, que_paso: str, que_hacer: str = "", **resto: str) -> Carta:
    return Carta(
        asunto=f"[{solicitud.radicado}] {titulo}",
        que_paso=que_paso,
        que_hacer=que_hacer,
        boton=resto.pop("boton", "Ver la solicitud"),
        ruta=resto.pop("ruta", solicitud.get_absolute_url()),
        **resto,
    )


def _para_quien_atiende(parte: Parte, titulo: str, que_paso: str, que_hacer: str = "") -> Carta:
    radicado = parte.solicitud.radicado
    return Carta(
        asunto=f"[{radicado}] {titulo}",
        que_paso=que_paso,
        que_hacer=que_hacer,
        fecha_limite=f"vence el {fecha_corrida(parte.vence)}",
        boton="Abrir la solicitud",
        ruta=f"{reverse('atencion:caso', args=[radicado])}?parte={parte.pk}",
    )


def _cuando(instante: datetime) -> str:
    local = timezone.localtime(instante)
    return f"el {fecha_corrida(local.date())} {a_las(local)}"


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
    motivo = "Su sector no tiene un asesor activo." if sin_turno else "Otra dependencia pide su apoyo."
    carta = _para_quien_atiende(
        parte,
        "Llegó una solicitud sin asignar",
        f"Llegó {_nombre(parte.solicitud)}, de {parte.entidad}. {motivo}",
        "Asígnela a una persona de su equipo.",
    )
    _avisar(entrega, jefes_de(parte.dependencia, Rol.SUBDIRECTOR, Rol.DIRECTOR), carta)


@manejador("solicitudes.movimiento")
def se_movio(entrega: Entrega) -> None:
    """One entry for each action that somebody must know of; the rest are seen on the page."""
    decir = _MOVIMIENTOS.get(entrega.carga["accion"])
    if decir is not None:
        decir(entrega, _parte(entrega))


def _parte(entrega: Entrega) -> Parte:
    partes = Parte.objects.select_related("solicitud__radicada_por", "dependencia__padre", "entidad", "asesor")
    return partes.get(pk=entrega.carga["parte"])


def _al_asignar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor is None:
        return
    carta = _para_quien_atiende(
        parte,
        "Le asignaron una solicitud",
        f"Usted tiene a su cargo {_nombre(parte.solicitud)}, de {parte.entidad}.",
        "Ábrala y empiece a atenderla cuando llegue su turno.",
    )
    _avisar(entrega, [parte.asesor], carta)


def _al_empezar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor is None or parte.estado != E.EN_ATENCION:
        return
    carta = _para_la_entidad(
        parte.solicitud,
        "Empezamos a atender su solicitud",
        f"{parte.asesor.nombre}, de {parte.dependencia}, atiende {_nombre(parte.solicitud)}.",
        "No tiene que hacer nada. Le avisaremos si falta información.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(parte.vence)}",
    )
    _a_la_entidad(entrega, parte.solicitud, carta)


def _al_pedir(entrega: Entrega, parte: Parte) -> None:
    if parte.estado != E.EN_COMPLEMENTO or parte.complemento_hasta is None:
        return
    pedido = Mensaje.objects.filter(parte=parte, tipo=Mensaje.Tipo.COMPLEMENTO_PEDIDO).latest("id")
    texto = "" if parte.solicitud.reservada else f" Pide: {pedido.texto}"
    carta = _para_la_entidad(
        parte.solicitud,
        "Necesitamos información de su entidad",
        f"Para atender {_nombre(parte.solicitud)} falta información.{texto}",
        f"{_por_donde(parte.solicitud)} Mientras tanto la solicitud lo espera.",
        fecha_limite=f"tiene hasta el {fecha_corrida(parte.complemento_hasta)}",
        boton="Responder lo que piden",
        ruta=reverse("solicitudes:complementar", args=[parte.solicitud.radicado, parte.pk]),
    )
    _a_la_entidad(entrega, parte.solicitud, carta)


def _por_donde(solicitud: Solicitud) -> str:
    """Who has no account answers by the channel it came by; ventanilla registers it (R22)."""
    if solicitud.radicada_por is not None:
        return "Responda en el portal."
    return f"Responda por el mismo canal por el que la pidió y cite el radicado {solicitud.radicado}."


def _al_complementar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor is None:
        return
    carta = _para_quien_atiende(
        parte,
        "Respondió la entidad",
        f"{parte.entidad} envió la información que usted pidió para {_nombre(parte.solicitud)}.",
        "La solicitud volvió a su bandeja.",
    )
    _avisar(entrega, [parte.asesor], carta)


def _al_trasladar(entrega: Entrega, parte: Parte) -> None:
    carta = _para_la_entidad(
        parte.solicitud,
        "Su solicitud cambió de dependencia",
        f"Ahora {parte.dependencia} atiende {_nombre(parte.solicitud)}, porque es de su competencia.",
        "No tiene que hacer nada: el radicado y el plazo son los mismos.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(parte.vence)}",
    )
    _a_la_entidad(entrega, parte.solicitud, carta)


def _al_terminar(titulo: str, que_paso: str, que_hacer: str = "") -> Callable[[Entrega, Parte], None]:
    """An ending, told to whoever asked. The words may name the solicitud, the dependencia and what its line says."""

    def decir(entrega: Entrega, parte: Parte) -> None:
        linea = Movimiento.objects.filter(parte=parte, accion=entrega.carga["accion"]).latest("id")
        if linea.datos.get("ya_se_aviso"):
            return
        palabras = {
            "solicitud": _nombre(parte.solicitud),
            "dependencia": parte.dependencia,
            "destino": linea.datos.get("destino", ""),
            "principal": parte.solicitud.duplicada_de or "",
        }
        carta = _para_la_entidad(parte.solicitud, titulo, que_paso.format(**palabras), que_hacer)
        _a_la_entidad(entrega, parte.solicitud, carta)

    return decir


def _al_retirar(entrega: Entrega, parte: Parte) -> None:
    if parte.asesor is not None:
        carta = _para_quien_atiende(
            parte,
            "La entidad retiró la solicitud",
            f"{parte.entidad} retiró {_nombre(parte.solicitud)}.",
            "No tiene que hacer nada.",
        )
        _avisar(entrega, [parte.asesor], carta)


def _al_reabrir(entrega: Entrega, parte: Parte) -> None:
    _al_asignar(entrega, parte)
    carta = _para_la_entidad(
        parte.solicitud,
        "Reabrimos su solicitud",
        f"Volvimos a abrir {_nombre(parte.solicitud)} para completar la respuesta.",
        "No tiene que hacer nada. Le avisaremos cuando esté lista.",
    )
    _a_la_entidad(entrega, parte.solicitud, carta)


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
    "atender": _al_terminar(
        "Respondimos su solicitud",
        "{dependencia} respondió {solicitud}.",
        "Vea la respuesta en el portal. Si algo no quedó claro, escríbanos allí mismo.",
    ),
    "declarar_no_competencia": _al_terminar(
        "Su solicitud no es de nuestra competencia",
        "{dependencia} revisó {solicitud} y no es de su competencia.",
        "La respuesta explica por qué y quién puede atenderla.",
    ),
    "trasladar_fuera": _al_terminar(
        "Trasladamos su solicitud",
        "Trasladamos {solicitud} a {destino}, que es la competente.",
        "Esa entidad le responderá.",
    ),
    "marcar_duplicada": _al_terminar(
        "Su solicitud se atiende en otro radicado",
        "{solicitud} pide lo mismo que {principal}: la atendemos allí.",
        "No tiene que hacer nada.",
    ),
}


# --- Messages and sessions -----------------------------------------------------------------------------------------
@manejador("solicitudes.mensaje")
def llego_un_mensaje(entrega: Entrega) -> None:
    """Only plain messages: what is asked, sent or answered is told by its own move."""
    mensaje = Mensaje.objects.select_related("solicitud__radicada_por", "autor").get(pk=entrega.carga["mensaje"])
    if mensaje.tipo != Mensaje.Tipo.MENSAJE:
        return
    solicitud = mensaje.solicitud
    texto = "" if solicitud.reservada else f" «{mensaje.texto[:300]}»"
    if not mensaje.de_la_entidad:
        carta = _para_la_entidad(
            solicitud,
            "Tiene un mensaje",
            f"{mensaje.autor} le escribió sobre {_nombre(solicitud)}:{texto}",
            "Léalo y respóndalo en el portal.",
        )
        _a_la_entidad(entrega, solicitud, carta)
        return
    partes = Parte.objects.filter(solicitud=solicitud, asesor__isnull=False).select_related("solicitud", "asesor")
    for parte in partes.order_by("id"):
        carta = _para_quien_atiende(parte, "Escribió la entidad", f"Sobre {_nombre(solicitud)}:{texto}")
        _avisar(entrega, [parte.asesor], carta)


@manejador("solicitudes.actuacion")
def hubo_una_sesion(entrega: Entrega) -> None:
    """When and where, or that it will not be. What was held is told when the part is answered."""
    actuacion = Actuacion.objects.select_related("solicitud__radicada_por", "modalidad").get(
        pk=entrega.carga["actuacion"]
    )
    solicitud, modalidad = actuacion.solicitud, actuacion.modalidad.nombre.lower()
    if actuacion.estado == Actuacion.Estado.REALIZADA or actuacion.programada_para is None:
        return
    if actuacion.estado == Actuacion.Estado.CANCELADA:
        que_paso = f"Se canceló la sesión ({modalidad}) de {_nombre(solicitud)}: {actuacion.motivo_cancelacion}"
        carta = _para_la_entidad(solicitud, "Se canceló una sesión", que_paso)
    else:
        donde = f"{actuacion.get_medio_display().lower()}: {actuacion.lugar}"
        que_paso = f"Programamos una sesión ({modalidad}) de {_nombre(solicitud)}, {donde}."
        cuando = _cuando(actuacion.programada_para)
        que_hacer = "Si no puede asistir, escríbanos en la solicitud."
        carta = _para_la_entidad(solicitud, "Programamos una sesión", que_paso, que_hacer, fecha_limite=cuando)
    _a_la_entidad(entrega, solicitud, carta)


# --- Terms ---------------------------------------------------------------------------------------------------------
@manejador("solicitudes.recordatorio")
def recordar(entrega: Entrega) -> None:
    """Before: whoever attends it, or the head when nobody does. After: the subdirección, then the dirección."""
    parte, nivel = _parte(entrega), entrega.carga["nivel"]
    if not parte.esta_abierta:
        return
    if nivel.startswith("sin-asignar"):
        if parte.estado == E.EN_COLA:
            _avisar(entrega, jefes_de(parte.dependencia, Rol.SUBDIRECTOR, Rol.DIRECTOR), _carta_sin_asignar(parte))
        return
    _avisar(entrega, _a_quien_recordar(parte, nivel), _carta_de_plazo(parte))


def _a_quien_recordar(parte: Parte, nivel: str) -> list[Persona]:
    if nivel == "despues-3":
        return jefes_de(parte.dependencia, Rol.DIRECTOR)
    if nivel.startswith("antes") and parte.asesor is not None and parte.asesor.is_active:
        return [parte.asesor]
    subdireccion = jefes_de(parte.dependencia, Rol.SUBDIRECTOR)
    return subdireccion or jefes_de(parte.dependencia, Rol.DIRECTOR)


def _carta_de_plazo(parte: Parte) -> Carta:
    """The words are those of the day it is read, not of the day it was noted."""
    estado = vencimiento(parte).texto
    quien = f"La tiene {parte.asesor.nombre}." if parte.asesor else "Nadie la ha tomado."
    espera = " Espera la respuesta de la entidad." if parte.estado == E.EN_COMPLEMENTO else ""
    que_hacer = (
        "Explique la demora a la entidad y responda cuanto antes." if parte.vence < hoy() else "Responda a tiempo."
    )
    return _para_quien_atiende(
        parte, estado, f"{_nombre(parte.solicitud)}, de {parte.entidad}: {estado.lower()}. {quien}{espera}", que_hacer
    )


def _carta_sin_asignar(parte: Parte) -> Carta:
    return _para_quien_atiende(
        parte,
        "Nadie la ha tomado",
        f"{_nombre(parte.solicitud)}, de {parte.entidad}, está sin asignar desde {_cuando(parte.recibido_en)}.",
        "Asígnela a una persona de su equipo.",
    )
