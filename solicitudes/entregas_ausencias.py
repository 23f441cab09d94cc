"""Outbox handler of absences: whoever covers learns it, and so do the person and the head when others wrote it."""

from django.urls import reverse

from avisos.carta import Carta
from avisos.eventos import Evento, registrar_evento
from avisos.services import avisar
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.models import Ausencia, Membresia, Persona
from direcciones.roles import DE_DEPENDENCIA, JEFES
from plazos.fechas import fecha_corrida


def _carta(quien: str, desde: str, hasta: str, que_hacer: str, *, termino: bool = False) -> Carta:
    if termino:
        asunto, que_paso = f"Terminó la ausencia de {quien}", f"{quien} vuelve a recibir lo suyo."
    else:
        asunto, que_paso = f"{quien} estará ausente", f"{quien} estará ausente del {desde} al {hasta}."
    return Carta(
        asunto=asunto,
        que_paso=que_paso,
        que_hacer=que_hacer,
        boton="Ver la ausencia",
        ruta=reverse("atencion:ausencia"),
    )


CUBRE = (
    "Usted la cubre: recibe lo nuevo y los avisos, y puede actuar en lo que tiene a su cargo. Véalo en «Mi ausencia»."
)
EVENTO = registrar_evento(
    Evento(
        "solicitudes.ausencia",
        "Alguien estará ausente o volvió",
        "Ausencias",
        lambda: _carta("Ana Ruiz", "1 de diciembre de 2026", "15 de diciembre de 2026", CUBRE),
    )
)


@manejador("direcciones.ausencia")
def contar_ausencia(entrega: Entrega) -> None:
    ausencia = Ausencia.objects.select_related("persona", "suplente").get(pk=entrega.carga["ausencia"])
    termino, por = entrega.carga["que"] == "terminada", entrega.carga.get("por")
    if not termino and ausencia.anulada_en:
        return
    fechas = fecha_corrida(ausencia.desde), fecha_corrida(ausencia.hasta)
    for persona, que_hacer in _a_quienes(ausencia).items():
        if persona.pk != por:
            carta = _carta(ausencia.persona.nombre, *fechas, "" if termino else que_hacer, termino=termino)
            avisar(persona=persona, carta=carta, clave=entrega.clave_idempotencia, evento=EVENTO.clave)


def _a_quienes(ausencia: Ausencia) -> dict[Persona, str]:
    """Each one and what they must do."""
    lugares = Membresia.objects.activas().filter(persona=ausencia.persona, rol__in=sorted(DE_DEPENDENCIA))
    jefes = Membresia.objects.activas().filter(dependencia__in=lugares.values("dependencia"), rol__in=sorted(JEFES))
    que_hacer = "" if ausencia.suplente else "Nadie la cubre: responda usted por lo que tiene a su cargo o reasígnelo."
    quienes = dict.fromkeys(
        Persona.objects.filter(pk__in=jefes.order_by().values("persona")).order_by("pk"), que_hacer
    )
    quienes[ausencia.persona] = "Mientras tanto no se le asigna nada. Si vuelve antes, termínela."
    if ausencia.suplente:
        quienes[ausencia.suplente] = CUBRE
    return quienes
