"""Telling the administrators, in time, that the calendar of terms is about to fail or is not the one of the law."""

from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from avisos.carta import Carta
from avisos.services.avisar import avisar
from direcciones.ausencias import de_turno
from direcciones.roles import Rol
from plazos.reloj import hoy
from plazos.vigilancia import Reparo, reparos


def vigilar_calendario() -> int:
    """How many things there are to tell; asked again, nobody is told twice."""
    with como_sistema("vigilar el calendario de los plazos"), transaction.atomic():
        vistos = list(reparos(hoy()))
        personas = de_turno(Rol.ADMINISTRADOR) if vistos else []
        for reparo in vistos:
            for persona in personas:
                avisar(persona=persona, carta=_carta(reparo), clave=f"calendario:{reparo.clave}",
                       evento="avisos.calendario")  # fmt: skip
    return len(vistos)


def _carta(reparo: Reparo) -> Carta:
    return Carta(
        asunto=reparo.titulo,
        que_paso=reparo.que_pasa,
        que_hacer=reparo.que_hacer,
        boton="Ver los festivos",
        ruta=reverse("direcciones:catalogo", args=["festivos"]),
    )
