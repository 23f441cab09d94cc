"""The mail of the day: one to each person who chose it, at eight of every business day, with what they have not read.

What it tells is a state and not an instant: each line waits until one mail carries it. A clock that was stopped for
three days sends one mail with the three, not three.
"""

from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Envio
from avisos.models.libro import ConsultaEnvio
from avisos.services.avisar import enviar_correo
from plazos.fechas import fecha_con_dia
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente

DESDE, HASTA = time(8), time(17)
LISTADOS = 40


def resumir() -> int:
    """Put in the outbox what is due. Gives how many mails; none out of hours, and asked again, none."""
    dia = hoy()
    hora = timezone.localtime(ahora()).time()
    if not DESDE <= hora < HASTA or not calendario_vigente().es_habil(dia):
        return 0
    # What happens after eight waits for the next one: one mail a day.
    corte = timezone.make_aware(datetime.combine(dia, DESDE))
    with como_sistema("resumir los avisos del día"):
        with transaction.atomic():
            pendientes = Envio.objects.por_resumir().filter(debido_en__lt=corte).order_by("persona_id")
            personas = list(pendientes.values_list("persona_id", flat=True).distinct())
        return sum(_resumir_a(persona, corte) for persona in personas)


@transaction.atomic
def _resumir_a(persona_id: int, corte: datetime) -> int:
    """All that waits for one person, in one transaction. What another process is telling is left to it."""
    envios = Envio.objects.por_resumir().filter(persona=persona_id, debido_en__lt=corte).order_by("debido_en", "id")
    filas = list(envios.select_related("persona", "aviso").bajo_cerrojo(saltando=True))
    if not filas:
        return 0
    persona = filas[0].persona
    if not persona.is_active:
        _descartar(filas, "Su cuenta está inactiva.")
        return 0
    _descartar([fila for fila in filas if fila.leido_en], "Lo leyó en el portal antes del resumen.")
    nuevas = [fila for fila in filas if not fila.leido_en]
    if not nuevas:
        return 0
    # The last line makes the key: a second mail of the same day, if one ever came late, would be another one.
    clave = enviar_correo(
        a=persona.correo,
        nombre=persona.nombre,
        carta=_carta([fila.aviso.titulo if fila.aviso else fila.que for fila in nuevas], hoy()),
        clave=f"resumen:{persona.pk}:{hoy()}:{nuevas[-1].pk}",
        evento="avisos.resumen",
        persona=persona,
    )
    _de(nuevas).update(encolado_en=ahora(), dentro_de=Envio.objects.get(clave=clave))
    return 1


def _carta(titulos: list[str], dia: date) -> Carta:
    cuantos = "1 aviso" if len(titulos) == 1 else f"{len(titulos)} avisos"
    mas = len(titulos) - LISTADOS
    renglones = [f"• {titulo}" for titulo in titulos[:LISTADOS]]
    if mas > 0:
        renglones.append(f"• Y {mas} más, que están en sus notificaciones.")
    return Carta(
        asunto=f"Resumen de avisos: {cuantos} sin leer",
        que_paso="\n".join([f"Hasta hoy, {fecha_con_dia(dia)}, tiene {cuantos} sin leer:", *renglones]),
        que_hacer="Ábralos en sus notificaciones. Allí también elige cómo quiere recibirlos.",
        boton="Ver mis notificaciones",
        ruta=reverse("avisos:lista"),
    )


def _descartar(filas: list[Envio], motivo: str) -> None:
    if filas:
        _de(filas).update(desenlace=Envio.Desenlace.DESCARTADO, desenlace_en=ahora(), motivo=motivo)


def _de(filas: list[Envio]) -> ConsultaEnvio:
    suyas: ConsultaEnvio = Envio.objects.filter(pk__in=[fila.pk for fila in filas])
    return suyas
