"""Every clock of a solicitud day by day, for its sealed copy: how it was counted, how late it was and how it ended.

The lateness is that of the register and the pages: of the date that binds, by what counts as attended; of the other
clocks, by their own event. What is open is late up to the day of the copy.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from plazos.calendario import Calendario
from plazos.fechas import dias_habiles
from plazos.services import Reglas, reglas_vigentes
from plazos.terminos import DiaDicho, explicar, semaforo
from solicitudes.models import Movimiento, Parte, Solicitud, Termino
from solicitudes.services.esperas import OCURRIO, Espera, esperas_de
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.relojes import Reloj, RelojDicho, relojes_de
from solicitudes.vencimiento import DEL_VENCIMIENTO, Leido, vencimiento_de

COLUMNAS = (
    "dependencia", "reloj", "obliga", "fecha", "cuenta", "numero", "explicacion", "esperaba_a_la_entidad",
)  # fmt: skip


class Final(NamedTuple):
    """How a clock stands or ended. `tarde_hasta`: up to when it can have been late; None, nobody can say it was."""

    en: date
    tarde_hasta: date | None
    dice: str


def dia_por_dia(solicitud: Solicitud, hasta: date) -> Iterator[list[Any]]:
    """A table after another, the parte that leads and the clock that binds first. Needs an alcance that sees it."""
    partes = list(Parte.objects.filter(solicitud=solicitud).select_related("dependencia").order_by("-lidera", "id"))
    lineas = list(
        Movimiento.objects.filter(solicitud=solicitud)
        .order_by("id")
        .values_list("parte_id", "a", OCURRIO, "en", "accion")
    )
    esperas = esperas_de(linea[:3] for linea in lineas)
    terminos = Termino.objects.filter(solicitud=solicitud).in_bulk()
    dichos, reglas = relojes_de(solicitud, partes), reglas_vigentes()
    for parte in partes:
        suyas = [espera for espera in esperas if espera.parte_id == parte.pk]
        traslados = [en for parte_id, *_, en, accion in lineas if parte_id == parte.pk and accion == "trasladar"]
        for reloj in sorted((r for r in dichos if r.parte_id == parte.pk), key=lambda r: not r.obliga):
            termino = terminos.get(reloj.termino_id)
            final = _final(parte, reloj, termino, traslados, hasta, reglas)
            nombre = f"{reloj.nombre} (provisional)" if reloj.provisional else reloj.nombre
            for fecha, numero, texto in _tabla(solicitud, reloj, final, reglas.calendario):
                yield [
                    parte.dependencia.nombre, nombre, "sí" if reloj.obliga else "no", fecha.isoformat(),
                    "no" if numero is None else "sí", numero or "", texto, _esperaba(fecha, suyas),
                ]  # fmt: skip


def _tabla(
    solicitud: Solicitud, reloj: RelojDicho, final: Final, calendario: Calendario
) -> Iterator[tuple[date, int | None, str]]:
    for dia in _dias(solicitud, reloj):
        yield dia.fecha, dia.numero, dia.texto
    if reloj.vence and final.tarde_hasta:
        for n in range(1, (final.tarde_hasta - reloj.vence).days + 1):
            fecha = reloj.vence + timedelta(days=n)
            cual = "día no hábil"
            if calendario.es_habil(fecha):
                cual = f"día hábil {calendario.habiles_entre(reloj.vence, fecha)} después del plazo"
            yield fecha, None, f"vencida: {cual}"
    yield final.en, None, final.dice


def _dias(solicitud: Solicitud, reloj: RelojDicho) -> Sequence[DiaDicho]:
    """As they were explained when they were counted; of what came from before the portal, as they are now."""
    if reloj.explicacion.dias or reloj.vence is None or reloj.reloj != Reloj.LINEAMIENTO:
        return reloj.explicacion.dias
    return explicar(plazo_de_solicitud(solicitud.recibido_en).como_regla()).dias


def _final(
    parte: Parte,
    reloj: RelojDicho,
    termino: Termino | None,
    traslados: Iterable[datetime],
    hasta: date,
    reglas: Reglas,
) -> Final:
    if reloj.obliga:
        return _el_que_obliga(parte, hasta, reglas)
    if termino is None or termino.empieza_en is None or reloj.vence is None:
        return Final(hasta, None, _sin_empezar(parte, reloj))
    if termino.reloj == Reloj.LEGAL and not termino.obliga:  # somebody said later that it was no petition
        return Final(hasta, None, "Ya no se cuenta")
    cumplido = reloj.cumplido_en
    # What is of a dependencia ends when it leaves it; whatever the next one does there does not fulfil it.
    de_la_dependencia = termino.reloj == Reloj.ANS and not termino.obliga
    llevada = next((en for en in traslados if de_la_dependencia and en > termino.empieza_en), None)
    if llevada is not None and (cumplido is None or llevada <= cumplido):
        return Final(timezone.localdate(llevada), None, "Dejó de contarse con el traslado a otra dependencia")
    if cumplido is not None:
        el_dia = timezone.localdate(cumplido)
        demora = dias_habiles(reglas.calendario.habiles_entre(reloj.vence, el_dia))
        return Final(el_dia, el_dia, f"Se cumplió {demora} tarde" if el_dia > reloj.vence else "Se cumplió a tiempo")
    if parte.cerrada_en is not None:
        el_dia = timezone.localdate(parte.cerrada_en)
        return Final(el_dia, el_dia, f"Terminó sin cumplirse: {parte.get_estado_display().lower()}")
    if termino.cerrado:  # it passed, and what fulfilled it was undone: nobody keeps when
        return Final(hasta, None, "Ya no se cuenta")
    return Final(hasta, hasta, _como_va(reloj.vence, hasta, reglas.calendario))


def _el_que_obliga(parte: Parte, hasta: date, reglas: Reglas) -> Final:
    """By the rule of compliance, and in the words of the pages (`solicitudes.vencimiento`)."""
    leido = Leido(*[getattr(parte, campo) for campo in DEL_VENCIMIENTO])
    dice = vencimiento_de(leido, hasta, reglas).texto
    atendida = parte.atencion_en or parte.prestada_en or parte.cerrada_en
    if atendida is None or (parte.esta_abierta and timezone.localdate(atendida) > parte.vence):
        return Final(hasta, hasta, dice)
    if parte.prestada_en is None and not parte.esta_abierta:
        dice = f"{parte.get_estado_display()}: {dice.lower()}"
    el_dia = timezone.localdate(atendida)
    return Final(el_dia, el_dia, dice)


def _como_va(vence: date, hasta: date, calendario: Calendario) -> str:
    va = semaforo(vence, hasta, calendario)
    return f"Vence en {va.texto}" if va.nivel in {"por_vencer", "en_plazo"} else va.texto


def _sin_empezar(parte: Parte, reloj: RelojDicho) -> str:
    if reloj.sin_contar:
        return "El portal no pudo contarlo y lo intenta de nuevo"
    return "Todavía no empieza" if parte.esta_abierta else "No llegó a empezar"


def _esperaba(dia: date, esperas: Iterable[Espera]) -> str:
    """Whether the portal waited that day for an answer of the entity. The ten days do not stop meanwhile."""
    return "sí" if any(espera.cubre(dia) for espera in esperas) else "no"
