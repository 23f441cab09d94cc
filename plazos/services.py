"""The calendar in force, read at most once per request, and the changes an administrator makes to it.

Those who show a catalogue screen call one of the writes below inside their own transaction, write the bitácora, and
let the sweep of solicitudes recompute what is open: `VersionCalendario` is the fact that tells it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet, Subquery

from alcance.compiladas import Compilada
from plazos.calendario import Calendario, DiaDecretado, ErrorDePlazo, Festivo
from plazos.festivos import FUENTE, festivos_por_regla
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion, VersionCalendario
from plazos.terminos import DIAS_PARA_TRASLADAR, Horario, Plazo, Suspension, calcular_plazo, horario_del_dia

M = TypeVar("M", DiaExtraordinario, FestivoAnual, HorarioAtencion)
Q = TypeVar("Q", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True, eq=False)
class Reglas:
    """What a term is computed with: one consistent reading of the tables. Each reading is one object, and itself the
    key of what was worked out with it."""

    clave: UUID
    calendario: Calendario
    horarios: tuple[Horario, ...]
    numero: int


@dataclass(slots=True)
class _Lectura:
    """What one request has already read. It lives as long as the request's transaction, and no longer.

    `nivel` is how many transactions were open when the request began (0 in production, 1 in a test): the next one is
    the request's own. None: an explicit `una_lectura`, which ends by itself.
    """

    nivel: int | None = None
    transaccion: object = None
    reglas: Reglas | None = None

    def recordar(self, reglas: Reglas) -> None:
        self.transaccion, self.reglas = self._abierta(), reglas

    def recordado(self) -> Reglas | None:
        if self.nivel is None:
            return self.reglas
        abierta = self._abierta()
        return self.reglas if abierta is not None and abierta is self.transaccion else None

    def _abierta(self) -> object:
        bloques = connection.atomic_blocks
        return bloques[self.nivel] if self.nivel is not None and len(bloques) > self.nivel else None


_del_proceso: Reglas | None = None
_lectura: ContextVar[_Lectura | None] = ContextVar("plazos_lectura", default=None)


# --- Reading -------------------------------------------------------------------------------------------------------
def reglas_vigentes() -> Reglas:
    """Calendar and office hours in force.

    Each process keeps the last ones it built and asks the database only whether they still are (one row). Inside a
    request, or inside `una_lectura`, it asks once.
    """
    lectura = _lectura.get()
    reglas = lectura.recordado() if lectura is not None else None
    if reglas is None:
        reglas = _reglas_al_dia()
        if lectura is not None:
            lectura.recordar(reglas)
    return reglas


def calendario_vigente() -> Calendario:
    return reglas_vigentes().calendario


def horario_vigente(fecha: date, dependencia_codigo: str = "") -> Horario:
    return horario_del_dia(reglas_vigentes().horarios, fecha, dependencia_codigo)


def plazo_vigente(
    recibido: datetime, dias: int, *, dependencia_codigo: str = "", suspensiones: Sequence[Suspension] = ()
) -> Plazo:
    """`calcular_plazo` with the calendar and the office hours in force."""
    reglas = reglas_vigentes()
    return calcular_plazo(
        recibido,
        dias,
        reglas.calendario,
        reglas.horarios,
        dependencia_codigo=dependencia_codigo,
        suspensiones=suspensiones,
    )


def plazo_para_trasladar(recibido: datetime) -> Plazo:
    """What there is to send to who is competent what reached who is not (Ley 1755 de 2015, art. 21)."""
    return plazo_vigente(recibido, DIAS_PARA_TRASLADAR)


@contextmanager
def una_lectura() -> Iterator[None]:
    """Read the calendar once for all that happens inside: sweeps and commands, which no request delimits."""
    testigo = _lectura.set(_Lectura())
    try:
        yield
    finally:
        _lectura.reset(testigo)


def abrir_lectura(**_: Any) -> None:
    _lectura.set(_Lectura(nivel=len(connection.atomic_blocks)))


def cerrar_lectura(**_: Any) -> None:
    _lectura.set(None)


def version_en(consulta: Q) -> Q:
    """The rows of `consulta`, which bring the version of the calendar too: `recordar_version` of one of them saves the
    request from asking for it."""
    vigente = VersionCalendario.objects.order_by("pk")
    return consulta.annotate(
        calendario_clave=Subquery(vigente.values("clave")[:1]),
        calendario_numero=Subquery(vigente.values("numero")[:1]),
    )


def recordar_version(fila: Any) -> None:
    """What `reglas_vigentes` would ask in this transaction was read with a row of `version_en`."""
    lectura = _lectura.get()
    if lectura is not None and lectura.recordado() is None:
        lectura.recordar(_las_de(VersionCalendario(clave=fila.calendario_clave, numero=fila.calendario_numero)))


def _reglas_al_dia() -> Reglas:
    (version,) = _VERSION()
    return _las_de(version)


def _las_de(version: VersionCalendario) -> Reglas:
    global _del_proceso  # noqa: PLW0603 one immutable value per process, replaced whole
    reglas = _del_proceso
    if reglas is None or reglas.clave != version.clave:
        reglas = _del_proceso = _leer(version)
    return reglas


_VERSION = Compilada(VersionCalendario.objects.all)


def _leer(version: VersionCalendario) -> Reglas:
    """Read after the version: were a change to fall in between, the next reading sees it by its new key."""
    festivos = tuple(festivo.como_festivo() for festivo in FestivoAnual.objects.vigentes())
    anios = [festivo.fecha.year for festivo in festivos]
    if _hay_huecos(anios):
        raise ErrorDePlazo("Al calendario le faltan años de festivos. Cárguelos con la orden llenar_festivos.")
    calendario = Calendario(
        min(anios),
        max(anios),
        festivos,
        tuple(dia.como_decretado() for dia in DiaExtraordinario.objects.vigentes()),
        version=f"Calendario del portal, versión {version.numero}",
    )
    horarios = tuple(fila.como_horario() for fila in HorarioAtencion.objects.all())
    return Reglas(version.clave, calendario, horarios, version.numero)


def _hay_huecos(anios: Iterable[int]) -> bool:
    """A year without holidays would look like one where every weekday counts."""
    unicos = set(anios)
    return not unicos or len(unicos) != max(unicos) - min(unicos) + 1


def _dejar_de_recordar() -> None:
    """After a change this request asks every time: what it reads may still be rolled back."""
    _lectura.set(None)


# --- Changing ------------------------------------------------------------------------------------------------------
def calendario_con(*, fecha: date, tipo: str, acto: str = "") -> Calendario:
    """The calendar as it would be with this day: shown before saving, to say what moves."""
    return calendario_vigente().con(DiaDecretado(fecha, tipo == DiaExtraordinario.Tipo.HABIL, acto))


def calendario_con_festivo(*, fecha: date, nombre: str, norma: str = "") -> Calendario:
    """The same with one more holiday."""
    vigente = calendario_vigente()
    return replace(vigente, festivos=(*vigente.festivos, Festivo(fecha, nombre, norma)))


def calendario_sin(dia: DiaExtraordinario | FestivoAnual) -> Calendario:
    """The same without a day that is in it."""
    vigente = calendario_vigente()
    if isinstance(dia, DiaExtraordinario):
        return vigente.sin(dia.fecha)
    return replace(vigente, festivos=tuple(uno for uno in vigente.festivos if uno != dia.como_festivo()))


@transaction.atomic
def decretar_dia(*, fecha: date, tipo: str, acto: str, nota: str = "") -> DiaExtraordinario:
    """Record the act that makes one date non-working or working."""
    return _guardar(DiaExtraordinario(fecha=fecha, tipo=tipo, acto=acto.strip(), nota=nota))


@transaction.atomic
def agregar_festivo(*, fecha: date, nombre: str, norma: str, fuente: str) -> FestivoAnual:
    """Add a holiday that a new law created. `fuente` says who proposes it."""
    festivo = _guardar(FestivoAnual(fecha=fecha, nombre=nombre.strip(), norma=norma.strip(), fuente=fuente))
    _exigir_sin_huecos()
    return festivo


@transaction.atomic
def retirar_dia(*, dia: DiaExtraordinario | FestivoAnual, motivo: str) -> None:
    """Take a day out of the calendar, keeping its row and the reason."""
    if not motivo.strip():
        raise ValidationError({"motivo_retiro": "Diga por qué se retira: queda en la historia del calendario."})
    fila = type(dia).objects.select_for_update(of=("self",)).get(pk=dia.pk)
    if fila.motivo_retiro:
        raise ValidationError("Ese día ya estaba retirado.")
    fila.motivo_retiro = motivo.strip()
    fila.save(update_fields=["motivo_retiro"])
    _exigir_sin_huecos()
    _dejar_de_recordar()
    dia.motivo_retiro = fila.motivo_retiro


@transaction.atomic
def fijar_horario(
    *,
    desde: date,
    abre: time,
    cierra: time,
    norma: str,
    hasta: date | None = None,
    confianza: str = "",
    dependencia_codigo: str = "",
) -> HorarioAtencion:
    """Set the office hours that rule from a date; the same date and dependencia again corrects them."""
    horario = HorarioAtencion.objects.select_for_update(of=("self",)).filter(
        dependencia_codigo=dependencia_codigo, desde=desde
    ).first() or HorarioAtencion(dependencia_codigo=dependencia_codigo, desde=desde)
    horario.abre, horario.cierra, horario.hasta = abre, cierra, hasta
    horario.norma, horario.confianza = norma.strip(), confianza.strip()
    return _guardar(horario)


@dataclass(frozen=True, slots=True)
class Llenado:
    """What filling the years did, and where the library and the stored list do not agree."""

    anios_nuevos: tuple[int, ...]
    solo_en_libreria: tuple[Festivo, ...]
    solo_guardados: tuple[Festivo, ...]

    @property
    def coincide(self) -> bool:
        return not self.solo_en_libreria and not self.solo_guardados


@transaction.atomic
def llenar_festivos(*, desde_anio: int, hasta_anio: int) -> Llenado:
    """Store the holidays of the years that have none yet. Years already stored are compared and never touched."""
    propuestos = set(festivos_por_regla(desde_anio, hasta_anio))
    filas = FestivoAnual.objects.filter(fecha__year__gte=desde_anio, fecha__year__lte=hasta_anio)
    llenos = {fila.fecha.year for fila in filas}
    nuevos = sorted(festivo for festivo in propuestos if festivo.fecha.year not in llenos)
    FestivoAnual.objects.bulk_create(
        FestivoAnual(fecha=uno.fecha, nombre=uno.nombre, norma=uno.norma, fuente=FUENTE) for uno in nuevos
    )
    _exigir_sin_huecos()
    _dejar_de_recordar()
    return Llenado(tuple(sorted({festivo.fecha.year for festivo in nuevos})), *diferencias(desde_anio, hasta_anio))


def diferencias(desde_anio: int, hasta_anio: int) -> tuple[tuple[Festivo, ...], tuple[Festivo, ...]]:
    """The holidays of these years that only the library has, and those that only the stored list has."""
    filas = FestivoAnual.objects.vigentes().filter(fecha__year__gte=desde_anio, fecha__year__lte=hasta_anio)
    guardados = {fila.como_festivo() for fila in filas}
    propuestos = set(festivos_por_regla(desde_anio, hasta_anio))
    return tuple(sorted(propuestos - guardados)), tuple(sorted(guardados - propuestos))


def _exigir_sin_huecos() -> None:
    """A calendar with a year missing would stop every deadline: no change may leave it so."""
    if _hay_huecos(FestivoAnual.objects.vigentes().values_list("fecha__year", flat=True)):
        raise ValidationError(
            "Así quedarían años sin festivos en medio del calendario. Llene antes los años que faltan."
        )


def _guardar(fila: M) -> M:
    """The constraints speak Spanish in `full_clean`; the database enforces them whatever we do here."""
    fila.full_clean()
    fila.save()
    _dejar_de_recordar()
    return fila
