"""Outbox handlers: close the expediente of what ended, make its PDF/A copies, and the sealed ones asked for."""

from django.db import connection

from bandeja.models import Entrega
from bandeja.services import manejador
from expedientes.services import cerrar_expediente
from expedientes.services.copias import TIPO, intentar_copia
from expedientes.services.pdfa import hacer_copias_pdfa

# Between two questions to the database there may be gigabytes to compress, or a document to print.
SIN_PRISA = "set local idle_in_transaction_session_timeout = '30min'"


@manejador("solicitudes.cerrada")
def al_terminar(entrega: Entrega) -> None:
    cerrar_expediente(solicitud_id=entrega.carga["solicitud"])


@manejador(TIPO, largo=True)
def copiar(entrega: Entrega) -> None:
    """Heavy files take minutes. All of it is in the database and in a file without a name: killed, it begins again."""
    _sin_prisa()
    intentar_copia(copia_id=entrega.carga["copia"], intento=entrega.intento)


@manejador("expedientes.pdfa", largo=True, sin_prisa=True)
def copiar_en_pdfa(entrega: Entrega) -> None:
    """Nobody waits for them: a sealed copy made before takes those that there are. Killed, they begin again too."""
    _sin_prisa()
    hacer_copias_pdfa(expediente_id=entrega.carga["expediente"], clave=entrega.clave_idempotencia)


def _sin_prisa() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SIN_PRISA)
