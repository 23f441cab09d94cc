"""When a session may be: on a business day, while whoever gives it is there, and one at a time (R55, K19)."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from alcance import como_sistema
from direcciones.ausencias import ausencia_de
from plazos.calendario import ErrorDePlazo
from plazos.fechas import a_las, fecha_con_dia, fecha_corrida
from plazos.services import calendario_vigente
from solicitudes.models import Actuacion, Parte

# What one lasts while nobody says more.
DURACION = timedelta(hours=1)


def falla_de_agenda(actuacion: Actuacion, parte: Parte) -> str:
    """Why it can't be then, with what to do; '' when it can. The caller holds the turn of the responsible's tray."""
    cuando = actuacion.programada_para
    if cuando is None:
        return ""
    dia = timezone.localtime(cuando).date()
    try:
        calendario = calendario_vigente()
        if not calendario.es_habil(dia):
            siguiente = fecha_con_dia(calendario.siguiente_habil(dia))
            return f"El {fecha_con_dia(dia)} no es día hábil. Elija otro: el siguiente es el {siguiente}."
    except ErrorDePlazo as error:
        return str(error)
    if parte.asesor_id is None:
        return ""
    ausencia = ausencia_de(parte.asesor_id, dia)
    if ausencia is not None:
        return (
            f"{ausencia.persona} no está del {fecha_corrida(ausencia.desde)} al {fecha_corrida(ausencia.hasta)}. "
            "Elija otro día o reasigne la solicitud."
        )
    return _cruce(actuacion, parte)


def sesiones_entre(persona: int, desde: date, hasta: date) -> list[str]:
    """The solicitudes of the sessions that somebody had to give in those days, one for each."""
    with como_sistema("contar las sesiones de quien estará ausente"):
        suyas = Actuacion.objects.filter(parte__asesor=persona, estado=Actuacion.Estado.PROGRAMADA)
        en_esos_dias = suyas.filter(programada_para__date__range=(desde, hasta)).order_by("programada_para", "pk")
        return list(en_esos_dias.values_list("solicitud__radicado", flat=True))


def _cruce(actuacion: Actuacion, parte: Parte) -> str:
    empieza = actuacion.programada_para
    assert empieza is not None
    termina = actuacion.fin or empieza + DURACION
    suyas = Actuacion.objects.filter(
        parte__asesor=parte.asesor_id, estado=Actuacion.Estado.PROGRAMADA, programada_para__lt=termina
    ).exclude(pk=actuacion.pk)
    cruzan = Q(fin__gt=empieza) | Q(fin__isnull=True, programada_para__gt=empieza - DURACION)
    otra = suyas.filter(cruzan).select_related("solicitud").order_by("programada_para").first()
    if otra is None or otra.programada_para is None:
        return ""
    hora = a_las(timezone.localtime(otra.programada_para))
    return f"Se cruza con la sesión de {otra.solicitud.radicado}, {hora} del mismo día. Elija otra hora."
