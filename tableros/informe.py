"""The monthly report by mail: to whom, when, and the switch that stops it."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from alcance import Alcance, como_sistema, exigir
from alcance.compiladas import Compilada
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Membresia
from plazos.fechas import mas_meses
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from tableros.models import Suscripcion
from tableros.peticion import VEN_EL_TABLERO

HORA_DE_ESCRIBIR = time(7)
DIAS_PARA_ENVIARLO = 5  # business days: a portal that was stopped on the first one still sends it; later, nobody waits


def anotar_informes() -> int:
    """From the first business day of the month on, one fact for each membership that receives the report of the
    month that ended. Its key makes it one, however often this runs. Returns how many were left or already were."""
    dia = hoy()
    mes = mas_meses(dia, -1)
    habiles = calendario_vigente().habiles_entre(mes_anterior_ultimo(dia), dia)
    if not 1 <= habiles <= DIAS_PARA_ENVIARLO:
        return 0
    with transaction.atomic(), como_sistema("dejar los informes del mes"):
        dicho = dict(Suscripcion.objects.order_by("pk").values_list("persona_id", "recibe"))
        membresias = list(Membresia.objects.activas().filter(rol__in=sorted(VEN_EL_TABLERO)).order_by("pk"))
        elegidas = [m for m in membresias if dicho.get(m.persona_id, Suscripcion.por_defecto(m.rol))]
        for membresia in elegidas:
            anotar(
                tipo="tableros.informe",
                clave=f"informe:{mes:%Y-%m}:{membresia.persona_id}:{membresia.pk}",
                carga={"membresia": membresia.pk, "mes": f"{mes:%Y-%m}"},
                no_antes=timezone.make_aware(datetime.combine(dia, HORA_DE_ESCRIBIR)),
            )
    return len(elegidas)


def mes_anterior_ultimo(dia: date) -> date:
    """The last day of the month before that of `dia`."""
    return date.fromordinal(dia.replace(day=1).toordinal() - 1)


def recibe_el_informe() -> bool:
    """Whether the acting person gets it, in the role they act with."""
    alcance = exigir()
    propia = _LA_SUYA(quien=alcance, persona=alcance.persona_id)
    return propia[0][0] if propia else Suscripcion.por_defecto(alcance.rol)


_LA_SUYA = Compilada(
    lambda quien, persona: (
        Suscripcion.objects.visibles_para(quien).filter(persona_id=persona).order_by().values_list("recibe")
    ),
    quien=Alcance,
    persona=int,
)


@transaction.atomic
def suscribir(*, recibe: bool) -> None:
    """Start or stop the report of the acting person."""
    alcance = exigir()
    suscripcion, _ = Suscripcion.objects.update_or_create(persona_id=alcance.persona_id, defaults={"recibe": recibe})
    registrar(accion="tablero.informe", objeto=suscripcion, despues={"recibe": recibe})
