"""What goes back to whoever wrote to a mailbox, when what they wrote is no solicitud yet."""

from collections.abc import Sequence

from avisos.services.libro import apuntar
from bandeja.services import anotar
from buzones.criterio.partes import Respuesta
from buzones.models import Casilla, Correo

TIPO = "buzones.respuesta"
# The acuse of a solicitud is of the room that files it.
EVENTOS = {
    Respuesta.RECIBIDO: "buzones.recibido",
    Respuesta.ORIENTACION: "buzones.orientacion",
    Respuesta.FALTAN: "buzones.faltan",
}


def responder(correo: Correo, respuesta: Respuesta, *, faltan: Sequence[str] = ()) -> None:
    """Leave the answer to be handed over when this transaction commits: once, if it may be answered and in its turn.
    `faltan`: what the kind question asks for, in words of ours."""
    if respuesta not in EVENTOS:
        return
    clave = f"{TIPO}:{correo.pk}:{respuesta}"
    a = correo.de_correo if len(correo.de_correo) <= 254 else ""
    anotar(
        tipo=TIPO,
        clave=clave,
        carga={"correo": correo.pk, "respuesta": str(respuesta), "faltan": list(faltan)},
        destinatario=a,
    )
    apuntar(clave=clave, evento=EVENTOS[respuesta], correo=a)


def casillas_de(correo: Correo) -> list[Casilla]:
    """The ones that brought it, the first one first."""
    llegadas = correo.llegadas.filter(casilla__isnull=False).select_related("casilla__buzon").order_by("id")
    return list({llegada.casilla_id: llegada.casilla for llegada in llegadas}.values())


def escrita_a(correo: Correo, dependencias: Sequence[int]) -> str:
    """The mailbox it was written to, when none of those that attend it reads that one; '' when all is in its place."""
    casillas = casillas_de(correo)
    if any(casilla.es_compartida or set(casilla.dependencias()) & set(dependencias) for casilla in casillas):
        return ""
    return str(casillas[0].buzon.correo) if casillas else ""
