"""What an entity reads on the page of its solicitud: what follows, whose turn it is, what happened (W3, E6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from direcciones.models import Persona
from plazos.fechas import fecha_corrida
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.models import Parte, Solicitud
from solicitudes.services import turno

E = EstadoSolicitud


@dataclass(frozen=True, slots=True)
class QueSigue:
    """A paragraph for each parte that goes on, and the action when it is the entity's turn."""

    parrafos: tuple[str, ...]
    accion: str = ""
    parte_id: int | None = None


def que_sigue(solicitud: Solicitud, partes: Sequence[Parte]) -> QueSigue:
    """What happens next, for a person who does not want to call. `partes` come with dependencia and asesor."""
    esperan = [parte for parte in partes if parte.estado == EstadoParte.EN_COMPLEMENTO]
    if esperan:
        return _su_turno(esperan[0])
    limite = f"Responderemos a más tardar el {fecha_corrida(solicitud.vence)}."
    if solicitud.esta_abierta:
        *primeras, ultima = [_donde_va(parte) for parte in partes if parte.esta_abierta]
        return QueSigue((*primeras, f"{ultima} {limite}"))
    return QueSigue((_CERRADAS[E(solicitud.estado)],))


_CERRADAS = {
    E.ATENDIDA: "Respondimos su solicitud. Si algo no quedó claro, escríbanos un mensaje aquí mismo.",
    E.CERRADA: "Esta solicitud terminó. Si necesita algo más sobre el tema, radique una nueva.",
    E.TRASLADADA: "La trasladamos a la entidad que debe responderla. El motivo está en la historia.",
    E.DUPLICADA: "Es la misma que otra solicitud de su entidad. Se responde en la principal.",
    E.NO_COMPETENCIA: "No es de nuestra competencia. La respuesta explica por qué y a quién acudir.",
    E.RETIRADA: "Su entidad la retiró. Puede radicar una nueva cuando quiera.",
}


def _su_turno(parte: Parte) -> QueSigue:
    quien = parte.asesor.nombre if parte.asesor else parte.dependencia.con_articulo
    hasta = f" a más tardar el {fecha_corrida(parte.complemento_hasta)}" if parte.complemento_hasta else ""
    corre = f"El plazo de respuesta sigue corriendo: vence el {fecha_corrida(parte.vence)}."
    return QueSigue(
        (f"{quien} necesita información de su entidad. Respóndala{hasta}. {corre}",),
        accion="Responder lo que piden",
        parte_id=parte.pk,
    )


def _donde_va(parte: Parte) -> str:
    donde = parte.dependencia.con_articulo
    quien = parte.asesor.nombre if parte.asesor else ""
    if parte.estado == EstadoParte.EN_ATENCION:
        return f"{quien}, de {donde}, la está atendiendo."
    lugar = turno(parte)
    if parte.estado == EstadoParte.ASIGNADA:
        return f"La tiene {quien}, de {donde}{_orden(lugar, ' en su bandeja')}."
    return f"Está en la cola de {donde}{_orden(lugar)}. Atendemos por orden de llegada."


def _orden(lugar: int | None, donde: str = "") -> str:
    if not lugar:
        return ""
    if lugar == 1:
        return f": es la siguiente{donde}"
    return f": antes {'hay otra' if lugar == 2 else f'hay otras {lugar - 1}'}{donde}"


def responsables(partes: Sequence[Parte]) -> list[Persona]:
    """Whom the entity may write to, once each."""
    return list({parte.asesor.pk: parte.asesor for parte in partes if parte.asesor}.values())
