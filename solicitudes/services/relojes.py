"""The clocks of a solicitud: which ones start, which date binds, and what is told of each (docs/decisiones/0024).

Every clock is a `Termino`; `Parte.vence` is the earliest of those that oblige. What was kept of one explains it
(`plazos.terminos.explicar`) whatever the catalogues of today say.
"""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from alcance import como_sistema
from alcance.compiladas import Compilada
from direcciones.models import AcuerdoServicio, Criterio, CriterioAtencion, Dependencia
from direcciones.models.acuerdos import los_que_rigen
from plazos.calendario import ErrorDePlazo
from plazos.reloj import ahora, hoy
from plazos.services import Reglas, reglas_vigentes, una_lectura
from plazos.terminos import (
    DIAS_DEL_LINEAMIENTO,
    SE_RECIBIO,
    Explicacion,
    Plazo,
    Suspension,
    calcular_plazo,
    explicar,
    fecha_efectiva,
    plazo_de,
    suspensiones_guardadas,
)
from solicitudes.models import Parte, Solicitud, Termino
from solicitudes.services.plazo import plazo_y_regla, regla_usada, sin_frases

Reloj = Termino.Reloj
Inicio, Fin = AcuerdoServicio.Inicio, AcuerdoServicio.Fin
LINEAMIENTO = "Lineamiento: 10 días hábiles"
# Ley 1755 de 2015, art. 14 (and 30: what an authority asks another, ten days).
DIAS_LEGALES = {
    Solicitud.Peticion.DOCUMENTOS: 10,
    Solicitud.Peticion.GENERAL: 15,
    Solicitud.Peticion.CONSULTA: 30,
}
LLEGO = "Llegó a la dependencia"
LLEGADAS = {
    Inicio.RECEPCION: SE_RECIBIO,
    Inicio.DATOS_COMPLETOS: "La información quedó completa",
    Inicio.ASIGNACION: "Se asignó",
    Inicio.PRIMERA_ATENCION: "Se empezó a atender",
    Inicio.REALIZADA: "La sesión se realizó",
}


# --- What the dependencias promise ---------------------------------------------------------------------------------
class Acuerdo(NamedTuple):
    """The columns of an AcuerdoServicio that a clock is made of."""

    id: int
    dependencia_id: int
    modalidad_id: int | None
    etapa: str
    dias: int
    inicio: str
    fin: str
    provisional: bool
    desde: date
    hasta: date | None


class Regla(NamedTuple):
    """The columns of a CriterioAtencion."""

    dependencia_id: int
    criterio: str
    desde: date
    hasta: date | None


@dataclass(frozen=True, slots=True)
class Catalogo:
    """What some dependencias promise and count as attended."""

    acuerdos: tuple[Acuerdo, ...] = ()
    reglas: tuple[Regla, ...] = ()

    def acuerdos_para(self, dependencia: Dependencia, modalidad_id: int, dia: date) -> list[Acuerdo]:
        return los_que_rigen([a for a in self.acuerdos if _rige(a, dia)], dependencia, modalidad_id)

    def criterio_de(self, dependencia: Dependencia, dia: date) -> str | None:
        """As `CriterioAtencion.objects.de`; None when nobody ruled: «entregada»."""
        lugares = (dependencia.padre_id, dependencia.pk)
        suyas = [r for r in self.reglas if r.dependencia_id in lugares and _rige(r, dia)]
        suya = max(suyas, key=lambda r: (r.dependencia_id == dependencia.pk, r.desde), default=None)
        return suya.criterio if suya else None


def _rige(fila: Acuerdo | Regla, dia: date) -> bool:
    return fila.desde <= dia and (fila.hasta is None or fila.hasta >= dia)


def catalogo_de(*dependencias: Dependencia) -> Catalogo:
    lugares = lugares_de(dependencias)
    acuerdos = AcuerdoServicio.objects.filter(dependencia__in=lugares).order_by("pk")
    reglas = CriterioAtencion.objects.filter(dependencia__in=lugares).order_by("pk")
    return Catalogo(
        tuple(Acuerdo._make(fila) for fila in acuerdos.values_list(*Acuerdo._fields)),
        tuple(Regla._make(fila) for fila in reglas.values_list(*Regla._fields)),
    )


def catalogo_leido(leido: Any) -> Catalogo:
    """As `solicitudes_siguiente` (migration 0031) reads it, for whoever files."""
    acuerdos, reglas = leido
    return Catalogo(
        tuple(Acuerdo._make([*fila, *_dias(desde, hasta)]) for *fila, desde, hasta in acuerdos or ()),
        tuple(Regla._make([*fila, *_dias(desde, hasta)]) for *fila, desde, hasta in reglas or ()),
    )


def _dias(desde: str, hasta: str | None) -> tuple[date, date | None]:
    return date.fromisoformat(desde), date.fromisoformat(hasta) if hasta else None


def lugares_de(dependencias: Iterable[Dependencia]) -> list[int]:
    return sorted({lugar for d in dependencias for lugar in (d.pk, d.padre_id) if lugar})


# --- On reception --------------------------------------------------------------------------------------------------
def poner_relojes(
    parte: Parte,
    *,
    catalogo: Catalogo,
    reglas: Reglas,
    peticion: str | None = None,
    llego_en: datetime | None = None,
) -> list[Termino]:
    """The clocks of a parte that was received, which are not saved, with what it says of them: its criterion, its
    calendar and the date that binds. `peticion` only on the parte that leads. `llego_en`: when it came to a
    dependencia that was asked later; what that one promises counts from there, the lineamiento from the reception."""
    parte.criterio = catalogo.criterio_de(parte.dependencia, timezone.localdate(parte.recibido_en))
    terminos = [_corriendo(parte, Reloj.LINEAMIENTO, LINEAMIENTO, DIAS_DEL_LINEAMIENTO, reglas)]
    terminos += relojes_ans(parte, catalogo=catalogo, reglas=reglas, llego_en=llego_en)
    if peticion:
        terminos.append(termino_legal(parte, peticion, reglas))
    parte.version_calendario = reglas.numero
    parte.vence = la_que_obliga(terminos)
    return terminos


# What a calendar that ends, a day without office hours or a row that was spoilt raises. The clock says it and waits
# (`reflujo` tries again); whoever files or attends goes on.
NO_SE_CUENTA = (ErrorDePlazo, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


def por_que_no(falla: Exception) -> str:
    """In words for who runs the portal."""
    if isinstance(falla, ErrorDePlazo):
        return str(falla)
    return f"Lo que se guardó de él no se entiende ({type(falla).__name__}: {falla})."[:300]


def relojes_ans(
    parte: Parte, *, catalogo: Catalogo, reglas: Reglas, llego_en: datetime | None = None
) -> list[Termino]:
    """What its dependencia promises for its modality, from its reception or from when it came to it."""
    terminos = []
    dia = timezone.localdate(llego_en or parte.recibido_en)
    for acuerdo in catalogo.acuerdos_para(parte.dependencia, parte.modalidad_id, dia):
        # The information is complete unless somebody asks for more: then it starts again when it comes.
        if acuerdo.inicio in {Inicio.RECEPCION, Inicio.DATOS_COMPLETOS}:
            termino = _corriendo_si_se_cuenta(parte, Reloj.ANS, acuerdo.etapa, acuerdo.dias, reglas, llego_en)
        else:
            termino = _parado(parte, Reloj.ANS, acuerdo.etapa, acuerdo.dias, reglas)
        termino.ans_id, termino.inicio, termino.fin = acuerdo.id, acuerdo.inicio, acuerdo.fin
        termino.obliga = _obliga(acuerdo, parte.criterio)
        terminos.append(termino)
    return terminos


def plazo_previsto(
    recibido_en: datetime,
    dependencia: Dependencia,
    modalidad_id: int,
    catalogo: Catalogo | None = None,
    *,
    espera: tuple[date, date] | None = None,
    suspenden: Container[int] = (),
) -> Plazo:
    """The term that would bind what came at that instant: what is shown before filing. `espera`: from which day to
    which one it waits for its entity, and the ANS that stand still meanwhile."""
    parte, reglas = (
        Parte(dependencia=dependencia, modalidad_id=modalidad_id, recibido_en=recibido_en),
        reglas_vigentes(),
    )
    terminos = poner_relojes(parte, catalogo=catalogo or catalogo_de(dependencia), reglas=reglas)
    if espera is not None:
        parado = [Suspension(*espera, SE_PIDIO)]
        for termino in terminos:
            if termino.ans_id in suspenden and termino.vence is not None:
                poner_plazo(
                    termino, recomputar(termino, reglas, parado, dependencia_codigo=dependencia.codigo), reglas
                )
        parte.vence = la_que_obliga(terminos)
    return plazo_de(el_que_obliga(terminos, parte.vence).regla)


def termino_legal(parte: Parte, peticion: str, reglas: Reglas) -> Termino:
    cual = Solicitud.Peticion(peticion)
    nombre = f"Término legal: {cual.label[0].lower()}{cual.label[1:]}"
    return _corriendo_si_se_cuenta(parte, Reloj.LEGAL, nombre, DIAS_LEGALES[cual], reglas)


def _obliga(acuerdo: Acuerdo, criterio: str | None) -> bool:
    """It takes part in the date that binds when it is of the whole attention: from the reception to its being held or
    delivered, or to its being scheduled where that counts as attended. The rest are milestones with a date of their
    own; what the SDFI has not confirmed is shown and obliges nobody."""
    if acuerdo.provisional or acuerdo.inicio != Inicio.RECEPCION:
        return False
    return acuerdo.fin in {Fin.REALIZADA, Fin.ENTREGADA} or (
        acuerdo.fin == Fin.PROGRAMADA and criterio == Criterio.PROGRAMADA
    )


def la_que_obliga(terminos: Iterable[Termino]) -> date:
    return min(termino.vence for termino in terminos if termino.obliga and termino.vence is not None)


def el_que_obliga(terminos: Sequence[Termino], vence: date) -> Termino:
    """Which clock the date that binds comes from; at the same date, the first one: the lineamiento."""
    return next((t for t in terminos if t.obliga and t.vence == vence), terminos[0])


def _corriendo(
    parte: Parte, reloj: str, nombre: str, dias: int, reglas: Reglas, llego_en: datetime | None = None
) -> Termino:
    """It runs from the reception, or from when it came to its dependencia, with the office hours of that one."""
    termino = _parado(parte, reloj, nombre, dias, reglas)
    termino.obliga = True
    if llego_en is not None:
        poner_plazo(termino, _contar(parte, llego_en, dias, reglas, LLEGO), reglas)
        return termino
    plazo, regla = plazo_y_regla(parte.recibido_en, dias, parte.dependencia.codigo, reglas)
    _poner(termino, plazo, sin_frases(regla))
    return termino


def _corriendo_si_se_cuenta(
    parte: Parte, reloj: str, nombre: str, dias: int, reglas: Reglas, llego_en: datetime | None = None
) -> Termino:
    """The same of a clock without which the parte still has a date: when it cannot be counted it says so."""
    try:
        return _corriendo(parte, reloj, nombre, dias, reglas, llego_en)
    except NO_SE_CUENTA as falla:
        termino = _parado(parte, reloj, nombre, dias, reglas)
        termino.obliga = True
        llegada = SE_RECIBIO if llego_en is None else LLEGO
        return sin_contar(termino, falla, desde=llego_en or parte.recibido_en, llegada=llegada)


def sin_contar(termino: Termino, falla: Exception, *, desde: datetime, llegada: str = SE_RECIBIO) -> Termino:
    """It starts and nobody could say when it ends: what is needed to count it, and why not. Saving is the caller's."""
    termino.regla = {"recibido": timezone.localtime(desde).isoformat(), "dias": termino.dias}
    if llegada != SE_RECIBIO:
        termino.regla["llegada"] = llegada
    return no_se_conto(termino, falla)


def no_se_conto(termino: Termino, falla: Exception) -> Termino:
    """Saving `SIN_LA_CUENTA` is the caller's."""
    termino.no_contado, termino.no_contado_en, termino.version_calendario = por_que_no(falla), ahora(), None
    return termino


SIN_LA_CUENTA = ("regla", "version_calendario", "no_contado", "no_contado_en")


def _contar(parte: Parte, desde: datetime, dias: int, reglas: Reglas, llegada: str) -> Plazo:
    codigo = parte.dependencia.codigo
    return calcular_plazo(desde, dias, reglas.calendario, reglas.horarios, dependencia_codigo=codigo, llegada=llegada)


def _parado(parte: Parte, reloj: str, nombre: str, dias: int, reglas: Reglas) -> Termino:
    """What starts it has not happened."""
    return Termino(
        solicitud_id=parte.solicitud_id,
        parte_id=parte.pk,
        reloj=reloj,
        nombre=nombre,
        dias=dias,
        version_calendario=reglas.numero,
    )


def _poner(termino: Termino, plazo: Plazo, regla: dict[str, Any]) -> None:
    termino.empieza_en, termino.fecha_efectiva = plazo.recibido, plazo.fecha_efectiva
    termino.vence, termino.vence_en, termino.regla = plazo.vence, plazo.vence_en, regla


def guardar_relojes(parte: Parte, terminos: Iterable[Termino]) -> None:
    """Save those of a parte that has its key already. The caller acts as system, in a transaction."""
    for termino in terminos:
        termino.parte, termino.solicitud_id = parte, parte.solicitud_id
    Termino.objects.bulk_create(terminos)


def relojes_al_trasladar(parte: Parte) -> None:
    """The date that binds stays as it is, with the clocks it comes from (architecture §8.8). The milestones of the
    dependencia it leaves end; those of the one it comes to start now, and what counts as attended is its own."""
    catalogo, reglas = catalogo_de(parte.dependencia), reglas_vigentes()
    with como_sistema("relojes: los de la dependencia a la que llega"):
        suyos = Termino.objects.filter(parte=parte, reloj=Reloj.ANS)
        suyos.filter(obliga=False, cerrado=False).update(cerrado=True)
        tenia = set(suyos.values_list("ans_id", flat=True))
        criterio = catalogo.criterio_de(parte.dependencia, timezone.localdate(parte.recibido_en))
        if criterio != parte.criterio:
            parte.criterio = criterio
            parte.save(update_fields=["criterio"])
        nuevos = [t for t in relojes_ans(parte, catalogo=catalogo, reglas=reglas, llego_en=ahora())
                  if t.ans_id not in tenia]  # fmt: skip
        for termino in nuevos:
            termino.obliga = False
        guardar_relojes(parte, nuevos)


# --- While it goes on ----------------------------------------------------------------------------------------------
_INSTANTES = {
    Inicio.ASIGNACION.value: "asignada_en",
    Inicio.PRIMERA_ATENCION.value: "primera_atencion_en",
    Inicio.REALIZADA.value: "realizada_en",
}


def empezar_relojes(parte: Parte) -> None:
    """The milestones whose event has happened start from it. The caller acts as system and holds the parte."""
    for termino in _los_ans(parte).filter(empieza_en__isnull=True, inicio__in=_INSTANTES):
        desde = getattr(parte, _INSTANTES[termino.inicio])
        if desde is not None:
            _empezar(termino, parte, desde, LLEGADAS[Inicio(termino.inicio)])


def empezar_de_nuevo(parte: Parte, campos: Collection[str]) -> None:
    """The milestones that count from these instants of the parte, which were corrected. The caller acts as system and
    holds the parte."""
    inicios = [inicio for inicio, campo in _INSTANTES.items() if campo in campos]
    for termino in _los_ans(parte).filter(inicio__in=inicios):
        _empezar(termino, parte, getattr(parte, _INSTANTES[termino.inicio]), LLEGADAS[Inicio(termino.inicio)])


def empezar_pendientes(*, lote: int = 2_000) -> int:
    """The same of all that were assigned or attended since the last time. Returns how many started."""
    with transaction.atomic(), como_sistema("relojes: empezar los hitos de lo que ya ocurrió"):
        ocurrio = Q()
        for inicio, campo in _INSTANTES.items():
            ocurrio |= Q(inicio=inicio, **{f"parte__{campo}__isnull": False})
        parados = Termino.objects.filter(
            ocurrio, reloj=Reloj.ANS, empieza_en__isnull=True, cerrado=False, no_contado__isnull=True
        )
        filas = list(parados.select_related("parte__dependencia").order_by("id").bajo_cerrojo(saltando=True)[:lote])
        for termino in filas:
            desde = getattr(termino.parte, _INSTANTES[termino.inicio])
            _empezar(termino, termino.parte, desde, LLEGADAS[Inicio(termino.inicio)])
        return len(filas)


def completar_relojes(*, lote: int = 2_000) -> int:
    """The lineamiento of what was filed before the clocks were kept and is still open. Returns how many it wrote.

    The date that somebody was given stays: with another calendar than the one of that day, whoever counts again moves
    it and says so (`version_calendario` empty)."""
    with una_lectura(), transaction.atomic(), como_sistema("relojes: los que faltan"):
        suyo = Termino.objects.filter(parte=OuterRef("pk"), reloj=Reloj.LINEAMIENTO)
        faltan = Parte.objects.abiertas().filter(~Exists(suyo)).select_related("dependencia")
        reglas, terminos = reglas_vigentes(), []
        for parte in faltan.order_by("pk").bajo_cerrojo(saltando=True)[:lote]:
            termino = _corriendo_si_se_cuenta(parte, Reloj.LINEAMIENTO, LINEAMIENTO, DIAS_DEL_LINEAMIENTO, reglas)
            if termino.vence != parte.vence:
                termino.version_calendario = None
            terminos.append(termino)
        return len(Termino.objects.bulk_create(terminos))


def esperar_a_la_entidad(parte: Parte, desde: date | None = None) -> None:
    """It was asked for what is missing: today, or on the day that whoever brings it from before the portal says. Only
    the ANS whose own text says so stands still, at most until the day the entity was given; the one that counts from
    complete information has not begun. The lineamiento goes on (0024)."""
    with como_sistema("relojes: la entidad debe una respuesta"):
        assert parte.complemento_hasta is not None
        for termino in _los_ans(parte).filter(empieza_en__isnull=False):
            if termino.inicio == Inicio.DATOS_COMPLETOS:
                _no_empieza(termino)
            elif termino.ans.suspende_en_complemento:
                dia = (desde or hoy()).isoformat()
                termino.suspensiones = [
                    *termino.suspensiones, [dia, parte.complemento_hasta.isoformat(), SE_PIDIO]
                ]  # fmt: skip
                _suspendido(termino, parte)
        revisar_la_que_obliga(parte)


def dejar_de_esperar(parte: Parte) -> None:
    """What was missing came, or it goes on without it: the days count again from the next one."""
    with como_sistema("relojes: la entidad respondió o se continúa sin ella"):
        reglas = reglas_vigentes()
        instante = ahora()
        llego = fecha_efectiva(
            instante, reglas.calendario, reglas.horarios, dependencia_codigo=parte.dependencia.codigo
        ).isoformat()
        for termino in _los_ans(parte):
            if termino.inicio == Inicio.DATOS_COMPLETOS and termino.empieza_en is None:
                _empezar(termino, parte, instante, LLEGADAS[Inicio.DATOS_COMPLETOS])
            elif termino.suspensiones and termino.suspensiones[-1][1] > llego:
                desde, _, motivo = termino.suspensiones[-1]
                termino.suspensiones = [*termino.suspensiones[:-1], [desde, max(desde, llego), motivo]]
                _suspendido(termino, parte)
        revisar_la_que_obliga(parte)


SE_PIDIO = "Se esperaba la información que se pidió a la entidad"


def _los_ans(parte: Parte) -> Any:
    return (
        Termino.objects.filter(parte=parte, reloj=Reloj.ANS, cerrado=False)
        .select_related("ans")
        .order_by("id")
        .bajo_cerrojo()
    )


def _empezar(termino: Termino, parte: Parte, desde: datetime, llegada: str) -> None:
    reglas = reglas_vigentes()
    try:
        poner_plazo(termino, _contar(parte, desde, termino.dias, reglas, llegada), reglas)
    except NO_SE_CUENTA as falla:
        sin_contar(termino, falla, desde=desde, llegada=llegada).save(update_fields=SIN_LA_CUENTA)
    else:
        termino.save(update_fields=CON_LA_CUENTA)


def _no_empieza(termino: Termino) -> None:
    termino.empieza_en = termino.fecha_efectiva = termino.vence = termino.vence_en = None
    termino.regla = {}
    termino.no_contado = termino.no_contado_en = None
    termino.save(update_fields=CON_LA_CUENTA)


def _suspendido(termino: Termino, parte: Parte) -> None:
    reglas, codigo = reglas_vigentes(), parte.dependencia.codigo
    suspensiones = suspensiones_guardadas(termino.suspensiones)
    try:
        poner_plazo(termino, recomputar(termino, reglas, suspensiones, dependencia_codigo=codigo), reglas)
    except NO_SE_CUENTA as falla:
        if isinstance(termino.regla, dict):  # what it is tried with again
            termino.regla = termino.regla | {"suspensiones": termino.suspensiones}
        no_se_conto(termino, falla).save(update_fields=[*SIN_LA_CUENTA, "suspensiones"])
    else:
        termino.save(update_fields=[*CON_LA_CUENTA, "suspensiones"])


def revisar_la_que_obliga(parte: Parte) -> None:
    """The earliest of those that oblige, after one of them moved; the solicitud says the one of its leading parte."""
    terminos = list(Termino.objects.filter(parte=parte, obliga=True, vence__isnull=False).order_by("id"))
    if not terminos:
        return
    vence = la_que_obliga(terminos)
    if vence == parte.vence:
        return
    parte.vence = vence
    parte.save(update_fields=["vence"])
    if parte.lidera:
        plazo = plazo_de(el_que_obliga(terminos, vence).regla)
        Solicitud.objects.filter(pk=parte.solicitud_id).update(vence=vence, regla_plazo=regla_usada(plazo))


# --- Counting again ------------------------------------------------------------------------------------------------
def recomputar(
    termino: Termino,
    reglas: Reglas,
    suspensiones: Sequence[Suspension] | None = None,
    *,
    dependencia_codigo: str = "",
) -> Plazo:
    """The term of a clock that runs, with another calendar (or other times in which it stood still), the office hours
    that it came with and those of its last day."""
    antes = plazo_de(termino.regla)
    return calcular_plazo(
        antes.recibido,
        antes.dias,
        reglas.calendario,
        reglas.horarios,
        dependencia_codigo=dependencia_codigo,
        al_llegar=antes.horario,
        suspensiones=antes.suspensiones if suspensiones is None else suspensiones,
        llegada=antes.llegada,
        ampliado=antes.ampliado,
    )


CON_LA_CUENTA = (
    "empieza_en", "fecha_efectiva", "vence", "vence_en", "regla", "version_calendario", "no_contado", "no_contado_en"
)  # fmt: skip


def poner_plazo(termino: Termino, plazo: Plazo, reglas: Reglas) -> None:
    """What a clock keeps of a term counted for it; saving `CON_LA_CUENTA` is the caller's."""
    _poner(termino, plazo, plazo.como_regla())
    termino.version_calendario = reglas.numero
    termino.no_contado = termino.no_contado_en = None


# --- What is told of them ------------------------------------------------------------------------------------------
class RelojDicho(NamedTuple):
    """One clock as the page, the API, the PDF and the ZIP tell it."""

    parte_id: int | None
    reloj: str
    nombre: str
    dias: int
    vence: date | None
    obliga: bool  # it is the one the date of the parte comes from
    provisional: bool
    cumplido_en: datetime | None
    explicacion: Explicacion
    sin_contar: bool = False  # nobody could say when it ends: who runs the portal knows
    termino_id: int | None = None  # the row it is kept in; none, of what was filed before they were kept

    @property
    def frases(self) -> tuple[str, ...]:
        return self.explicacion.frases


class _Fila(NamedTuple):
    parte_id: int
    reloj: str
    nombre: str
    dias: int
    vence: date | None
    obliga: bool
    cumplido_en: datetime | None
    regla: dict[str, Any]
    ans__provisional: bool | None
    no_contado: str | None
    id: int


_FILAS = Compilada(
    lambda solicitud: (
        Termino.objects.filter(solicitud=solicitud).order_by("parte_id", "id").values_list(*_Fila._fields)
    ),
    solicitud=int,
)


def relojes_de(solicitud: Solicitud, partes: Sequence[Parte]) -> list[RelojDicho]:
    """The clocks of a solicitud in the order of its partes. What was filed before they were kept has the one whose
    rule the solicitud keeps."""
    filas = [_Fila._make(fila) for fila in _FILAS(solicitud=solicitud.pk)]
    dichos = []
    for parte in partes:
        suyas = [fila for fila in filas if fila.parte_id == parte.pk]
        obligada = False
        for fila in suyas:
            obliga = fila.obliga and not obligada and fila.vence == parte.vence
            obligada |= obliga
            dichos.append(_dicho(fila, obliga))
        if not any(fila.reloj == Reloj.LINEAMIENTO for fila in suyas):
            dichos.append(_el_de_antes(solicitud, parte))
    return dichos


def _dicho(fila: _Fila, obliga: bool) -> RelojDicho:
    return RelojDicho(
        fila.parte_id,
        fila.reloj,
        fila.nombre,
        fila.dias,
        fila.vence,
        obliga,
        bool(fila.ans__provisional),
        fila.cumplido_en,
        _explicada(fila.regla),
        bool(fila.no_contado) and fila.cumplido_en is None,
        fila.id,
    )


def _explicada(regla: Any) -> Explicacion:
    """A page shows the rest of what it has, whatever one clock kept."""
    try:
        return explicar(regla)
    except NO_SE_CUENTA:
        return Explicacion()


def _el_de_antes(solicitud: Solicitud, parte: Parte) -> RelojDicho:
    return RelojDicho(
        parte.pk,
        Reloj.LINEAMIENTO.value,
        LINEAMIENTO,
        solicitud.regla_plazo.get("dias", DIAS_DEL_LINEAMIENTO),
        parte.vence,
        True,
        False,
        parte.prestada_en,
        explicar(solicitud.regla_plazo),
    )
