"""What a story leaves to hand over, handed over inside it: nobody is written today about what happened last year.

What is older than a month told whoever it had to tell, and nothing is left of it. Of the last month the notices stay,
with their date; of the last days also the mail, which the worker sends (docs/decisiones/0019).
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import F

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import ConsultaEntrega, Entrega, EstadoEntrega
from bandeja.services import Aplazada
from bandeja.services.manejadores import manejador_de
from plazos.reloj import con_reloj

CON_AVISOS = timedelta(days=30)
SIN_LEER = CON_CORREO = timedelta(days=4)
# Done by the story itself: the survey is opened and the concepto sealed at their instant.
YA_HECHAS = ("solicitudes.parte_cerrada", "conceptos.firmado")
CON_CARTA = ("conceptos.entrega", "encuestas.invitacion")  # their mail is built as it leaves
QUE_AVISAN = (
    "solicitudes.acuse",
    "solicitudes.llegada",
    "solicitudes.movimiento",
    "solicitudes.mensaje",
    "solicitudes.actuacion",
    "direcciones.ausencia",
    "conceptos.movimiento",
    *CON_CARTA,
)
CORREOS = ("avisos.correo", "solicitudes.acuse_privado")  # what a notice leaves
PROPIAS = (*YA_HECHAS, *QUE_AVISAN, *CORREOS)  # what other rooms leave, the worker hands over as always


class Cartero:
    """Of one solicitud, or (None) of what is of none. `repartir` after each step; `recoger` once, at the end of its
    transaction."""

    def __init__(self, hasta: datetime) -> None:
        self.hasta = hasta
        self._del_trabajador: set[int] = set()

    def repartir(self, solicitud_id: int | None, cuando: datetime) -> None:
        """Hand over what a recent step left, at the instant of the step."""
        if cuando < self.hasta - CON_AVISOS:
            return
        con_correo = cuando >= self.hasta - CON_CORREO
        with como_sistema("entregar lo de un paso de la simulación"):
            for entrega in self._pendientes(solicitud_id).filter(tipo__in=QUE_AVISAN):
                if con_correo and entrega.tipo in CON_CARTA:
                    self._del_trabajador.add(entrega.pk)
                    continue
                # What does not leave at that hour left the next morning.
                with con_reloj(cuando), suppress(Aplazada):
                    manejador_de(entrega.tipo)(entrega)
                _dar_por_hechas(Entrega.objects.filter(pk=entrega.pk), cuando)
            cartas = self._pendientes(solicitud_id).filter(tipo__in=CORREOS)
            if con_correo:
                self._del_trabajador.update(cartas.values_list("pk", flat=True))
            else:
                _dar_por_hechas(cartas, cuando)

    def recoger(self, solicitud_id: int | None, cuando: datetime) -> None:
        """Close the rest: it told whoever it had to tell in its day."""
        with como_sistema("cerrar lo que dejó la simulación"):
            _dar_por_hechas(self._pendientes(solicitud_id), cuando)
            viejos = Aviso.objects.filter(solicitud_id=solicitud_id, leido_en__isnull=True)
            viejos.filter(creado_en__lt=self.hasta - SIN_LEER).update(leido_en=F("creado_en") + timedelta(hours=2))

    def _pendientes(self, solicitud_id: int | None) -> ConsultaEntrega:
        de_ella = Entrega.objects.filter(solicitud_id=solicitud_id, tipo__in=PROPIAS)
        return de_ella.filter(estado=EstadoEntrega.PENDIENTE).exclude(pk__in=self._del_trabajador).order_by("pk")


def _dar_por_hechas(entregas: ConsultaEntrega, cuando: datetime) -> None:
    entregas.update(estado=EstadoEntrega.HECHA, creada_en=cuando, proximo_intento=cuando, hecha_en=cuando)
