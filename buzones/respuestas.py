"""What goes back to whoever wrote to a mailbox, when what they wrote is no solicitud yet."""

from collections.abc import Collection, Sequence

from alcance.compiladas import Compilada
from avisos.services.libro import apuntar
from bandeja.services import anotar
from buzones.criterio.partes import Respuesta
from buzones.models import Casilla, Correo, Llegada

TIPO = "buzones.respuesta"
# The acuse of a solicitud is of the room that files it.
EVENTOS = {
    Respuesta.RECIBIDO: "buzones.recibido",
    Respuesta.ORIENTACION: "buzones.orientacion",
    Respuesta.FALTAN: "buzones.faltan",
}


def responder(correo: Correo, respuesta: Respuesta, *, faltan: Sequence[str] = (), a_mano: bool = False) -> None:
    """Leave the answer to be handed over when this transaction commits: once, if it may be answered and in its turn.
    `faltan`: what the kind question asks for, in words of ours. `a_mano`: a person decided it, and may again."""
    if respuesta not in EVENTOS:
        return
    clave = f"{TIPO}:{correo.pk}:{respuesta}"
    if a_mano:
        clave = f"{clave}:{correo.decisiones.count()}"
    a = correo.de_correo if len(correo.de_correo) <= 254 else ""
    anotar(
        tipo=TIPO,
        clave=clave,
        carga={"correo": correo.pk, "respuesta": str(respuesta), "faltan": list(faltan), "a_mano": a_mano},
        destinatario=a,
    )
    apuntar(clave=clave, evento=EVENTOS[respuesta], correo=a)


def casillas_de(correo: Correo) -> list[Casilla]:
    """The ones that brought it, the first one first."""
    return list({llegada.casilla_id: llegada.casilla for llegada in _SUS_LLEGADAS(correo=correo.pk)}.values())


_SUS_LLEGADAS = Compilada(
    lambda correo: (
        Llegada.objects.filter(correo=correo, casilla__isnull=False)
        .order_by("id")
        .select_related("casilla__buzon__dependencia__padre")
    ),
    correo=int,
)


def llego_a_otros(casillas: Sequence[Casilla], direcciones: Collection[int]) -> Casilla | None:
    """The mailbox it was written to, when it is of another dirección than those that attend it (R92). None when all is
    in its place, or it came to one that is of nobody in particular."""
    for casilla in casillas:
        suya = casilla.buzon.dependencia
        if casilla.es_compartida or suya.padre_id is None or suya.direccion.pk in direcciones:
            return None
    return casillas[0] if casillas else None
