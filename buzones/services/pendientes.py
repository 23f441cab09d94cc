"""What waits for somebody to say what it is, and what reached a mailbox of others.

Each leaves a fact, once however many times it is seen: `buzones.entregas.equipo` says to whom and in which words.
"""

from django.db import transaction

from alcance import como_sistema
from bandeja.services import anotar
from buzones.estados import EstadoCorreo
from buzones.models import Casilla, Correo
from buzones.models.correos import ConsultaCorreo
from buzones.services.mover import mover
from plazos.reloj import comienzo, hoy
from plazos.services import calendario_vigente
from solicitudes.models import Solicitud

TIPO = "buzones.alerta"
A_VENTANILLA, A_LA_JEFATURA = 1, 2  # business days
RESPONDEN_EN = 10  # business days, to a question
NADIE_RESPONDIO = "Se le preguntó lo que falta y no respondió en 10 días hábiles."
TANDA = 500


def movida_de_buzon(solicitud: Solicitud, casilla: Casilla) -> None:
    """To who heads the mailbox it came to, when others attend it (R92)."""
    _alertar("movida_de_buzon", str(solicitud.pk), solicitud_id=solicitud.pk, casilla=casilla.pk)


def recordar_por_clasificar() -> int:
    """What nobody decided in a business day is told to ventanilla; in two, also to the heads of its mailbox. Once a
    day to each. Returns how many places were told."""
    with como_sistema("recordar lo que está por clasificar"), transaction.atomic():
        lugares = {0} if esperan_desde(A_VENTANILLA).exists() else set()
        for dependencias in esperan_desde(A_LA_JEFATURA).values_list("dependencias", flat=True):
            lugares |= set(dependencias)
        for lugar in sorted(lugares):
            _alertar("por_clasificar", f"{hoy()}:{lugar}", dependencia=lugar)
    return len(lugares)


def esperan_desde(dias: int, dependencia: int = 0) -> ConsultaCorreo:
    """What nobody decided in as many business days, the oldest first; of that dependencia, or all. For the system."""
    desde = calendario_vigente().hace_habiles(hoy(), dias - 1)
    suyos: ConsultaCorreo = Correo.objects.filter(estado=EstadoCorreo.POR_CLASIFICAR, fecha_efectiva__lt=desde)
    if dependencia:
        suyos = suyos.filter(dependencias__contains=[dependencia])
    return suyos.order_by("fecha_efectiva", "id")


def vencer_preguntas() -> int:
    """What was asked and nobody answered in ten business days goes back to the tray. Returns how many."""
    desde = comienzo(calendario_vigente().hace_habiles(hoy(), RESPONDEN_EN))
    with como_sistema("devolver a la bandeja lo que nadie completó"), transaction.atomic():
        esperan = Correo.objects.bajo_cerrojo(saltando=True).filter(estado=EstadoCorreo.ESPERANDO)
        # Since it was asked: that is its last decision.
        vencidos = esperan.exclude(decisiones__en__gte=desde).filter(recibido_en__lt=desde).order_by("id")
        cuales = list(vencidos[:TANDA])
        for correo in cuales:
            devolver(correo, NADIE_RESPONDIO)
    return len(cuales)


def devolver(correo: Correo, porque: str) -> None:
    """To the tray, from what waited for an answer. The correo is locked by whoever calls, as the system."""
    correo.razones = [porque, *correo.razones]
    correo.save(update_fields=["razones"])
    mover(correo, "vencer", motivo=porque)


def _alertar(que: str, cual: str, *, solicitud_id: int | None = None, **carga: object) -> None:
    evento = f"buzones.{que}"
    anotar(tipo=TIPO, clave=f"{evento}:{cual}", carga={"evento": evento, **carga}, solicitud_id=solicitud_id)
