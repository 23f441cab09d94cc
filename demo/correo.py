"""The mails that wait for their hour, for whoever looks at the demonstration."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import Entrega


def esperan_su_hora() -> list[dict[str, Any]]:
    """What nobody is written to at night or on a holiday: when it will leave."""
    with como_sistema("ver qué correos esperan su hora"), transaction.atomic():
        pendientes = Entrega.objects.filter(tipo="avisos.correo", estado="pendiente", intento=0)
        filas = list(pendientes.filter(proximo_intento__gt=timezone.now()).order_by("proximo_intento", "id")[:50])
    return [
        {"asunto": fila.carga["carta"]["asunto"], "para": fila.destinatario, "sale": fila.proximo_intento}
        for fila in filas
    ]
