"""What each notice of a solicitud says. Pure: from what was read to a carta; who is told is elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from direcciones.models import Dependencia, Entidad
from plazos.fechas import a_las, dias_habiles, fecha_corrida
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from plazos.terminos import semaforo
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Archivo, Mensaje, Movimiento, Parte, Prorroga, Reflujo, Solicitud, Termino
from solicitudes.vencimiento import vencimiento

if TYPE_CHECKING:
    from solicitudes.services.asesores import DelSector


def nombre_de(solicitud: Solicitud) -> str:
    """A reserved one is named only by its number: mail passes through many hands."""
    return solicitud.radicado if solicitud.reservada else f"{solicitud.radicado} «{solicitud.asunto}»"


def para_la_entidad(solicitud: Solicitud, titulo: str, que_paso: str, que_hacer: str = "", **resto: str) -> Carta:
    return Carta(
        asunto=f"[{solicitud.radicado}] {titulo}",
        que_paso=que_paso,
        que_hacer=que_hacer,
        boton=resto.pop("boton", "Ver la solicitud"),
        ruta=resto.pop("ruta", solicitud.get_absolute_url()),
        **resto,
    )


def para_quien_atiende(parte: Parte, titulo: str, que_paso: str, que_hacer: str = "") -> Carta:
    radicado = parte.solicitud.radicado
    return Carta(
        asunto=f"[{radicado}] {titulo}",
        que_paso=que_paso,
        que_hacer=que_hacer,
        fecha_limite=f"vence el {fecha_corrida(parte.vence)}",
        boton="Abrir la solicitud",
        ruta=_del_caso(parte),
    )


def _del_caso(parte: Parte) -> str:
    return f"{reverse('atencion:caso', args=[parte.solicitud.radicado])}?parte={parte.pk}"


def _cuando(instante: datetime) -> str:
    local = timezone.localtime(instante)
    return f"el {fecha_corrida(local.date())} {a_las(local)}"


def _responderemos(parte: Parte) -> str:
    return f"responderemos a más tardar el {fecha_corrida(parte.vence)}"


# --- To whoever attends it -----------------------------------------------------------------------------------------
def llegada(parte: Parte) -> Carta:
    sin_turno = parte.dependencia.reparto == Dependencia.Reparto.SECTOR
    motivo = "Su sector no tiene un asesor activo." if sin_turno else "Otra dependencia pide su apoyo."
    return para_quien_atiende(
        parte,
        "Llegó una solicitud sin asignar",
        f"Llegó {nombre_de(parte.solicitud)}, de {parte.entidad}. {motivo}",
        "Asígnela a una persona de su equipo.",
    )


def asignada(parte: Parte) -> Carta:
    return para_quien_atiende(
        parte,
        "Le asignaron una solicitud",
        f"Usted tiene a su cargo {nombre_de(parte.solicitud)}, de {parte.entidad}.",
        "Ábrala y empiece a atenderla cuando llegue su turno.",
    )


def complementada(parte: Parte) -> Carta:
    return para_quien_atiende(
        parte,
        "Respondió la entidad",
        f"{parte.entidad} envió la información que usted pidió para {nombre_de(parte.solicitud)}.",
        "La solicitud volvió a su bandeja.",
    )


def retirada(parte: Parte) -> Carta:
    return para_quien_atiende(
        parte,
        "La entidad retiró la solicitud",
        f"{parte.entidad} retiró {nombre_de(parte.solicitud)}.",
        "No tiene que hacer nada.",
    )


def escribio_la_entidad(parte: Parte, mensaje: Mensaje) -> Carta:
    return para_quien_atiende(
        parte, "Escribió la entidad", f"Sobre {nombre_de(parte.solicitud)}:{_dice(parte.solicitud, mensaje)}"
    )


def plazo(parte: Parte) -> Carta:
    """The words are those of the day it is read, not of the day it was noted."""
    estado = vencimiento(parte).texto
    quien = f"La tiene {parte.asesor.nombre}." if parte.asesor else "Nadie la ha tomado."
    espera = " Espera la respuesta de la entidad." if parte.estado == EstadoParte.EN_COMPLEMENTO else ""
    que_hacer = (
        "Explique la demora a la entidad y responda cuanto antes." if parte.vence < hoy() else "Responda a tiempo."
    )
    return para_quien_atiende(
        parte,
        estado,
        f"{nombre_de(parte.solicitud)}, de {parte.entidad}: {estado.lower()}. {quien}{espera}",
        que_hacer,
    )


def plazo_del_termino(parte: Parte, termino: Termino) -> Carta:
    """Of a clock that does not bind: a milestone of what was promised, or the legal term."""
    estado = semaforo(termino.vence, hoy(), calendario_vigente()) if termino.vence else None
    dice = "" if estado is None else estado.texto if estado.nivel in {"vencida", "hoy"} else f"Vence en {estado.texto}"
    carta = para_quien_atiende(
        parte,
        f"{termino.nombre}: {dice.lower()}"[:140],
        f"{nombre_de(parte.solicitud)}, de {parte.entidad}. {termino.nombre}: {dice.lower()}.",
        "Haga lo que falta o deje escrito por qué no se pudo.",
    )
    return replace(carta, fecha_limite=f"vence el {fecha_corrida(termino.vence)}" if termino.vence else "")


def cambio_de_plazos(reflujo: Reflujo, lineas: Sequence[Movimiento], cuantas: int) -> Carta:
    """One for all the solicitudes of a person whose date a change of the calendar moved."""
    dichas = [f"{linea.solicitud.radicado}: {linea.texto[0].lower()}{linea.texto[1:]}." for linea in lineas]
    mas = cuantas - len(dichas)
    una = cuantas == 1
    cambian = "una solicitud abierta cambió" if una else f"{cuantas} solicitudes abiertas cambiaron"
    dichas += [f"Y {mas} más."] if mas > 0 else []
    return Carta(
        asunto=f"Cambió la fecha de {'una solicitud' if una else f'{cuantas} solicitudes'}",
        que_paso="\n".join([f"{reflujo.que}. Por eso {cambian} de fecha. Las cerradas siguen igual.", *dichas]),
        que_hacer="No tiene que hacer nada: en cada solicitud está la cuenta día por día.",
        boton="Ver el portal",
        ruta="/",
    )


def sin_contar(cuantos: int) -> Carta:
    """To who runs the portal: the rest was counted, and these are tried again."""
    uno = cuantos == 1
    return Carta(
        asunto=f"{'Un plazo' if uno else f'{cuantos} plazos'} sin contar",
        que_paso=f"El portal no pudo contar {'un plazo' if uno else f'{cuantos} plazos'} de solicitudes abiertas. "
        "Cada uno queda con la fecha que tenía, o sin fecha si es nuevo, y se intenta de nuevo cada 15 minutos.",
        que_hacer="Mire por qué: puede faltar un año del calendario o el horario de atención de un día.",
        boton="Ver los plazos sin contar",
        ruta=reverse("atencion:sin_contar"),
    )


def sin_asignar(parte: Parte) -> Carta:
    return para_quien_atiende(
        parte,
        "Nadie la ha tomado",
        f"{nombre_de(parte.solicitud)}, de {parte.entidad}, está sin asignar desde {_cuando(parte.recibido_en)}.",
        "Asígnela a una persona de su equipo.",
    )


def nadie_lo_recibio(parte: Parte, aviso: Carta) -> Carta:
    """What was to be told to the entidad, to whoever attends it: nobody there may open it, or left no address."""
    return Carta(
        asunto=f"[{parte.solicitud.radicado}] Nadie de la entidad recibió este aviso",
        que_paso=f"No hay a quién escribirle en {parte.entidad}. El aviso decía: {aviso.que_paso}",
        que_hacer="Comuníquese con la entidad por otro medio y déjelo escrito en la solicitud.",
        fecha_limite=aviso.fecha_limite,
        boton="Abrir la solicitud",
        ruta=_del_caso(parte),
    )


def lugar_sin_nadie(lugar: Entidad | Dependencia) -> Carta:
    """To who runs the portal. Of the place alone: what was to be told may be reserved."""
    de_la_sdfi = isinstance(lugar, Dependencia)
    return Carta(
        asunto=f"Nadie recibe los avisos de {lugar}"[:150],
        que_paso=f"Hoy hubo un aviso para {lugar} y nadie allí tiene un usuario activo que pueda verlo.",
        que_hacer="Nombre a quien la dirige o a quien la cubre."
        if de_la_sdfi
        else "Invite a un enlace de la entidad.",
        boton="Ver los usuarios",
        ruta=reverse("cuentas:usuarios"),
    )


# --- To the entidad ------------------------------------------------------------------------------------------------
def empezada(parte: Parte) -> Carta:
    return para_la_entidad(
        parte.solicitud,
        "Empezamos a atender su solicitud",
        f"{parte.asesor}, de {parte.dependencia}, atiende {nombre_de(parte.solicitud)}.",
        "No tiene que hacer nada. Le avisaremos si falta información.",
        fecha_limite=_responderemos(parte),
    )


def pedida(parte: Parte, pedido: Mensaje) -> Carta:
    """Asking stops nothing: the ten days run to the delivery (docs/decisiones/0024)."""
    solicitud = parte.solicitud
    texto = "" if solicitud.reservada else f" Pide: {pedido.texto}"
    return para_la_entidad(
        solicitud,
        "Necesitamos información de su entidad",
        f"Para atender {nombre_de(solicitud)} falta información.{texto}",
        f"{_por_donde(solicitud)} El plazo de respuesta sigue corriendo: vence el {fecha_corrida(parte.vence)}.",
        fecha_limite=f"tiene hasta el {fecha_corrida(parte.complemento_hasta)}" if parte.complemento_hasta else "",
        boton="Responder lo que piden",
        ruta=reverse("solicitudes:complementar", args=[solicitud.radicado, parte.pk]),
    )


def _por_donde(solicitud: Solicitud) -> str:
    """Who has no account answers by the channel it came by; ventanilla registers it (R22)."""
    if solicitud.radicada_por_id is not None:
        return "Responda en el portal."
    return f"Responda por el mismo canal por el que la pidió y cite el radicado {solicitud.radicado}."


def trasladada(parte: Parte) -> Carta:
    return para_la_entidad(
        parte.solicitud,
        "Su solicitud cambió de dependencia",
        f"Ahora {parte.dependencia} atiende {nombre_de(parte.solicitud)}, porque es de su competencia.",
        "No tiene que hacer nada: el radicado y el plazo son los mismos.",
        fecha_limite=_responderemos(parte),
    )


def reabierta(parte: Parte) -> Carta:
    return para_la_entidad(
        parte.solicitud,
        "Reabrimos su solicitud",
        f"Volvimos a abrir {nombre_de(parte.solicitud)} para completar la respuesta.",
        "No tiene que hacer nada. Le avisaremos cuando esté lista.",
    )


def terminada(
    titulo: str, que_paso: str, que_hacer: str, sin_cuenta: str = ""
) -> Callable[[Parte, Movimiento], Carta]:
    """An ending. The words may name the solicitud, the dependencia and what its line of the history says.

    `sin_cuenta`: what to do when nobody with an account filed it, where that is something else.
    """

    def carta(parte: Parte, linea: Movimiento) -> Carta:
        palabras = {
            "solicitud": nombre_de(parte.solicitud),
            "dependencia": parte.dependencia,
            "destino": linea.datos.get("destino", ""),
            "principal": parte.solicitud.duplicada_de or "",
        }
        hace = que_hacer if parte.solicitud.radicada_por_id is not None else sin_cuenta or que_hacer
        return para_la_entidad(parte.solicitud, titulo, que_paso.format(**palabras), hace)

    return carta


respondida = terminada(
    "Respondimos su solicitud",
    "{dependencia} respondió {solicitud}.",
    "Vea la respuesta en el portal. Si algo no quedó claro, escríbanos allí mismo.",
    "Vea la respuesta en el portal, o con el enlace de seguimiento que le enviamos al recibirla.",
)
no_competencia = terminada(
    "Su solicitud no es de nuestra competencia",
    "{dependencia} revisó {solicitud} y no es de su competencia.",
    "La respuesta explica por qué y quién puede atenderla.",
)
trasladada_fuera = terminada(
    "Trasladamos su solicitud",
    "Trasladamos {solicitud} a {destino}, que es la competente.",
    "Esa entidad le responderá.",
)
duplicada = terminada(
    "Su solicitud se atiende en otro radicado",
    "{solicitud} pide lo mismo que {principal}: la atendemos allí.",
    "No tiene que hacer nada.",
)


def mensaje_a_la_entidad(solicitud: Solicitud, mensaje: Mensaje) -> Carta:
    return para_la_entidad(
        solicitud,
        "Tiene un mensaje",
        f"{mensaje.autor} le escribió sobre {nombre_de(solicitud)}:{_dice(solicitud, mensaje)}",
        "Léalo y respóndalo en el portal." if solicitud.radicada_por_id is not None else _por_donde(solicitud),
    )


def _dice(solicitud: Solicitud, mensaje: Mensaje) -> str:
    return "" if solicitud.reservada else f" «{mensaje.texto[:300]}»"


def sesion_cancelada(actuacion: Actuacion) -> Carta:
    solicitud = actuacion.solicitud
    modalidad = actuacion.modalidad.nombre.lower()
    return para_la_entidad(
        solicitud,
        "Se canceló una sesión",
        f"Se canceló la sesión ({modalidad}) de {nombre_de(solicitud)}: {actuacion.motivo_cancelacion}",
    )


def sesion_programada(actuacion: Actuacion) -> Carta:
    solicitud = actuacion.solicitud
    modalidad = actuacion.modalidad.nombre.lower()
    donde = f"{actuacion.get_medio_display().lower()}: {actuacion.lugar}"
    return para_la_entidad(
        solicitud,
        "Programamos una sesión",
        f"Programamos una sesión ({modalidad}) de {nombre_de(solicitud)}, {donde}.",
        "Si no puede asistir, escríbanos en la solicitud.",
        fecha_limite=_cuando(actuacion.programada_para) if actuacion.programada_para else "",
    )


def falta_complemento(parte: Parte) -> Carta:
    """A reminder of what was asked, while it can still be answered in its time."""
    solicitud, hasta = parte.solicitud, parte.complemento_hasta
    return para_la_entidad(
        solicitud,
        "Falta la información que pedimos",
        f"Para atender {nombre_de(solicitud)} seguimos esperando la información que pidió {parte.dependencia}.",
        f"{_por_donde(solicitud)} El plazo de respuesta sigue corriendo: vence el {fecha_corrida(parte.vence)}.",
        fecha_limite=f"tiene hasta el {fecha_corrida(hasta)}" if hasta else "",
        boton="Responder lo que piden",
        ruta=reverse("solicitudes:complementar", args=[solicitud.radicado, parte.pk]),
    )


def archivo_infectado(archivo: Archivo) -> Carta:
    solicitud = archivo.solicitud
    return Carta(
        asunto=f"[{solicitud.radicado}] Un archivo tiene un virus",
        que_paso=f"El antivirus encontró un virus en «{archivo.nombre}». Lo apartamos: nadie lo puede descargar.",
        que_hacer="Su solicitud sigue su curso. Revise el archivo y envíelo de nuevo, limpio, en un mensaje.",
        boton="Ver la solicitud",
        ruta=solicitud.get_absolute_url(),
    )


# --- Absences ------------------------------------------------------------------------------------------------------
CUBRE = (
    "Usted la cubre: recibe lo nuevo y los avisos, y puede actuar en lo que tiene a su cargo. "
    "Véalo en «Mi ausencia y lo que cubro»."
)


def ausencia(quien: str, desde: str, hasta: str, que_hacer: str, *, termino: bool = False) -> Carta:
    """`quien`: empty to the person themselves."""
    if not quien and termino:
        asunto, que_paso = "Terminó su ausencia", "Usted vuelve a recibir lo suyo."
    elif not quien:
        asunto, que_paso = "Registraron su ausencia", f"Usted figura como ausente del {desde} al {hasta}."
    elif termino:
        asunto, que_paso = f"Terminó la ausencia de {quien}", f"{quien} vuelve a recibir lo suyo."
    else:
        asunto, que_paso = f"{quien} estará ausente", f"{quien} estará ausente del {desde} al {hasta}."
    return Carta(
        asunto=asunto,
        que_paso=que_paso,
        que_hacer=que_hacer,
        boton="Ver la ausencia",
        ruta=reverse("atencion:ausencia"),
    )


# --- The legal term of a petition ------------------------------------------------------------------------------------
def prorroga(una: Prorroga) -> Carta:
    """The old date is in what happened, the new one where dates go. `una` was read before the term moved."""
    motivo = "" if una.solicitud.reservada else f" Motivo: {una.motivo.rstrip('.')}."
    antes = "" if una.avisada_en else f" vencía el {fecha_corrida(una.termino.vence)} y"
    return para_la_entidad(
        una.solicitud,
        "Ampliamos el término de su petición",
        f"El término legal de su petición{antes} se amplía {dias_habiles(una.dias)}.{motivo}",
        "No tiene que hacer nada: le avisaremos cuando esté la respuesta.",
        fecha_limite=f"el término legal vence el {fecha_corrida(una.vence_nuevo)}",
    )


def prorroga_tardia(una: Prorroga, parte: Parte) -> Carta:
    return para_quien_atiende(
        parte,
        "La prórroga no vale",
        "El aviso de la prórroga no salió antes de que venciera el término legal: la fecha no cambió. "
        f"Venció el {fecha_corrida(una.termino.vence)} y se había pedido ampliarlo {dias_habiles(una.dias)}.",
        "Responda la petición cuanto antes y explique la demora.",
    )


# --- Who attends each entidad --------------------------------------------------------------------------------------
def sus_asesores(dependencia: Dependencia, suyos: Sequence["DelSector"], anio: int) -> Carta:
    return _del_asesor(
        f"Quién asesora a su entidad en {anio}: {dependencia.nombre_corto}", f"En {anio}", dependencia, suyos
    )


def cambio_su_asesor(dependencia: Dependencia, suyos: Sequence["DelSector"]) -> Carta:
    return _del_asesor(
        f"Cambió quien asesora a su entidad: {dependencia.nombre_corto}", "Desde hoy", dependencia, suyos
    )


def _del_asesor(asunto: str, desde: str, dependencia: Dependencia, suyos: Sequence["DelSector"]) -> Carta:
    lineas = []
    for uno in suyos:
        assert uno.asesor is not None
        cubre = f" Si no está, {uno.suplente.nombre} ({uno.suplente.correo})." if uno.suplente else ""
        telefono = f", teléfono {uno.asesor.telefono}" if uno.asesor.telefono else ""
        lineas.append(f"• Sector {uno.sector.nombre}: {uno.asesor.nombre}, {uno.asesor.correo}{telefono}.{cubre}")
    return Carta(
        asunto=asunto[:120],
        que_paso="\n".join([f"{dependencia.nombre}. {desde} a su entidad la asesora:", *lineas]),
        que_hacer="Escríbale sobre lo que ya está en curso. Para pedir asistencia técnica, radique una solicitud.",
        boton="Radicar una solicitud",
        ruta=reverse("solicitudes:nueva"),
    )
