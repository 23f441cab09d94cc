"""Outbox handlers: close the expediente of what ended, make its PDF/A copies, and the sealed ones asked for."""

from functools import partial

from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from expedientes.services import cerrar_expediente
from expedientes.services.copias import TIPO, intentar_copia
from expedientes.services.pdfa import hacer_copias_pdfa


@manejador("solicitudes.cerrada")
def al_terminar(entrega: Entrega) -> None:
    cerrar_expediente(solicitud_id=entrega.carga["solicitud"])


@manejador(TIPO, largo=True)
def copiar(entrega: Entrega) -> None:
    """Heavy files take minutes. All of it is in the database and in a file without a name: killed, it begins again."""
    intentar_copia(copia_id=entrega.carga["copia"], intento=entrega.intento)


@manejador("expedientes.pdfa", largo=True, sin_prisa=True)
def copiar_en_pdfa(entrega: Entrega) -> Efecto:
    """Nobody waits for them: a sealed copy made before takes those that there are."""
    return partial(hacer_copias_pdfa, expediente_id=entrega.carga["expediente"], clave=entrega.clave_idempotencia)
