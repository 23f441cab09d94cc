"""Outbox handlers of the API."""

from api.webhooks import preparar
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador


@manejador("api.webhook")
def llamar(entrega: Entrega) -> Efecto | None:
    return preparar(entrega)
