"""What the mailboxes tell. Pure: from what was read to a carta. To whoever wrote, nothing of what their message says:
the portal would write a stranger's words to whoever they named (security.md M10)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from buzones.models import Correo
from direcciones.nombres import con_articulo
from plazos.fechas import a_las, enumerar, fecha_corrida, oracion
from solicitudes.models import Solicitud

BOGOTA_TE_ESCUCHA = "Bogotá te escucha"


# --- To whoever wrote ------------------------------------------------------------------------------------------------
def recibido(correo: Correo) -> Carta:
    return Carta(
        asunto=f"[{correo.numero}] Recibimos su mensaje",
        que_paso=f"{_lo_recibimos(correo)} Una persona lo lee y le dice qué sigue.",
        que_hacer="No tiene que escribir de nuevo. Si usted no nos escribió, no haga nada.",
    )


def orientacion(correo: Correo) -> Carta:
    hasta = f"a más tardar el {fecha_corrida(correo.vence_traslado)} " if correo.vence_traslado else ""
    quien = con_articulo(settings.IDENTIDAD["dependencia"])
    return Carta(
        asunto=f"[{correo.numero}] Recibimos su mensaje",
        que_paso=f"{_lo_recibimos(correo)} Una persona lo lee y decide quién lo atiende.\n\n"
        f"Este buzón es de {quien}, que da asistencia técnica a las entidades del Distrito.",
        que_hacer="Si es una petición ciudadana, no tiene que presentarla de nuevo: "
        f"{hasta}la trasladamos a quien debe responderla y le enviamos copia. "
        f"Para las próximas, use {BOGOTA_TE_ESCUCHA}.\n\n"
        "Si escribe por una entidad, hágalo desde su correo institucional. Si usted no nos escribió, no haga nada.",
        boton="Ver cómo pedir asistencia técnica",
        ruta=reverse("como_solicitar"),
    )


def faltan(correo: Correo, que: Sequence[str]) -> Carta:
    lineas = [f"• {uno}" for uno in que] or ["• Qué necesita y sobre qué tema."]
    return Carta(
        asunto=f"[{correo.numero}] Nos falta información para atenderle",
        que_paso="\n".join([f"{_lo_recibimos(correo)} Para atenderlo nos falta:", *lineas]),
        que_hacer="Responda este correo con lo que falta. Su mensaje conserva la fecha en que lo recibimos.",
    )


def _lo_recibimos(correo: Correo) -> str:
    recibido_en = timezone.localtime(correo.recibido_en)
    efectiva = f" Fecha efectiva de recepción: {fecha_corrida(correo.fecha_efectiva)}."
    return (
        f"Recibimos su mensaje el {oracion(_cuando(recibido_en))} Lo registramos con el número {correo.numero}."
        f"{efectiva if correo.fecha_efectiva != recibido_en.date() else ''}"
    )


def _cuando(instante: datetime) -> str:
    local = timezone.localtime(instante).replace(microsecond=0)
    return f"{fecha_corrida(local.date())}, {a_las(local)}"


# --- To the team -----------------------------------------------------------------------------------------------------
def por_clasificar(cuantos: int, desde: date) -> Carta:
    uno = cuantos == 1
    return Carta(
        asunto="Un correo sigue por clasificar" if uno else f"{cuantos} correos siguen por clasificar",
        que_paso=f"{'Un correo lleva' if uno else f'{cuantos} correos llevan'} más de un día hábil por clasificar. "
        f"{'Llegó' if uno else 'El más antiguo llegó'} el {fecha_corrida(desde)}.",
        que_hacer="Decida qué es cada uno: el plazo corre desde que lo recibimos.",
        boton="Ver lo que está por clasificar",
        ruta=reverse("buzones:por_clasificar"),
    )


def movida_de_buzon(solicitud: Solicitud, buzon: str, quienes: list[str]) -> Carta:
    atienden = "la atiende" if len(quienes) == 1 else "la atienden"
    return Carta(
        asunto=f"[{solicitud.radicado}] Llegó a {buzon} y la atiende otra dependencia",
        que_paso=f"Una solicitud de {con_articulo(str(solicitud.entidad))} llegó a {buzon}; "
        f"{atienden} {enumerar(quienes)}.",
        que_hacer="No tiene que hacer nada: quien escribió ya lo sabe.",
    )
