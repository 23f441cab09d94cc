"""Terms in business days and their explanation, day by day. Pure: the calendar and the office hours come as values.

The rule (lineamiento §5, "oportuna": 10 business days; Ley 1755 de 2015 art. 14: counted from the day after
reception), always in America/Bogota whatever the host's time zone:

- effective date: the day of reception when it is a business day and the hour is not past closing time (before opening
  counts that day); else the next business day. This half is the portal's working rule, see
  docs/decisiones/0004-plazos.md: the explanation never claims more than the office hours' own norm and note;
- day 1: the business day after the effective date; the term expires on its n-th day, at closing time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from plazos.calendario import SABADO, Calendario, ClaseDia, ErrorDePlazo, FueraDeCalendario, Razon
from plazos.fechas import BOGOTA, a_las, dias_habiles, fecha_con_dia, fecha_corrida, hora, oracion

DIAS_DEL_LINEAMIENTO = 10  # business days at most (lineamiento §5, attribute «oportuna»)
DIAS_PARA_TRASLADAR = 5  # to send a petition to who is competent (Ley 1755 de 2015, art. 21)
POR_VENCER = 2  # business days left at which the interface says "por vencer"
SE_RECIBIO = "Se recibió"  # how an explanation begins; a milestone of an ANS begins with another event


class PlazoInvalido(ErrorDePlazo):
    """The term asked for makes no sense."""


class SinHorario(ErrorDePlazo):
    """No office hours cover a date."""


@dataclass(frozen=True, slots=True)
class Horario:
    """Office hours in force between two dates. `confianza` says how sure we are of them and of their `norma`."""

    desde: date
    abre: time
    cierra: time
    norma: str
    hasta: date | None = None
    confianza: str = ""
    dependencia_codigo: str = ""

    def rige(self, dia: date, dependencia_codigo: str) -> bool:
        en_fecha = self.desde <= dia and (self.hasta is None or dia <= self.hasta)
        return en_fecha and self.dependencia_codigo in {"", dependencia_codigo}

    def __str__(self) -> str:
        return f"{hora(self.abre)} a {hora(self.cierra)}"


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands still after `desde` and up to `hasta` included (domain: while a complement is awaited).

    `hasta` is the effective date of the answer: like any reception, it counts from the next business day.
    """

    desde: date
    hasta: date
    motivo: str = "Se esperaba un complemento"

    def cubre(self, dia: date) -> bool:
        return self.desde < dia <= self.hasta


class Motivo(StrEnum):
    """Why a day counts or is skipped. The first five are the calendar's own words (ClaseDia)."""

    HABIL = "habil"
    SABADO = "sabado"
    DOMINGO = "domingo"
    FESTIVO = "festivo"
    NO_HABIL = "no_habil"
    FUERA_DE_HORARIO = "fuera_de_horario"
    RADICACION = "radicacion"
    INICIO = "inicio"
    SUSPENDIDO = "suspendido"


_TEXTOS = {
    Motivo.HABIL: "día hábil {numero}",
    Motivo.SABADO: "sábado, no se cuenta",
    Motivo.DOMINGO: "domingo, no se cuenta",
    Motivo.FESTIVO: "festivo, no se cuenta",
    Motivo.NO_HABIL: "declarado no hábil, no se cuenta",
    Motivo.FUERA_DE_HORARIO: "llegó después del cierre, pasa al siguiente día hábil",
    Motivo.RADICACION: "fecha efectiva de recepción, se cuenta desde el siguiente día hábil",
    Motivo.INICIO: "fecha efectiva, se cuenta desde el siguiente día hábil",
    Motivo.SUSPENDIDO: "plazo suspendido, no se cuenta",
}
_NO_HABILES = {
    Motivo.SABADO: "sábado",
    Motivo.DOMINGO: "domingo",
    Motivo.FESTIVO: "festivo",
    Motivo.NO_HABIL: "declarado no hábil",
}


@dataclass(frozen=True, slots=True)
class Paso:
    """What one calendar day did to the term. `numero` is its place in the count, None when it does not count."""

    fecha: date
    motivo: Motivo
    detalle: str = ""
    numero: int | None = None

    @property
    def cuenta(self) -> bool:
        return self.numero is not None

    @property
    def texto(self) -> str:
        razon = _TEXTOS[self.motivo].format(numero=self.numero)
        detalle = f" ({self.detalle})" if self.detalle else ""
        return f"{fecha_con_dia(self.fecha)}: {razon}{detalle}."

    def como_dict(self) -> dict[str, Any]:
        return {
            "fecha": self.fecha.isoformat(),
            "cuenta": self.cuenta,
            "numero": self.numero,
            "motivo": self.motivo.value,
            "texto": self.texto,
        }


@dataclass(frozen=True, slots=True)
class Plazo:
    """A computed term with everything needed to explain it later, whatever the calendar becomes."""

    recibido: datetime
    dias: int
    fecha_efectiva: date
    dia_1: date
    vence: date
    vence_en: datetime
    horario: Horario
    explicacion: tuple[Paso, ...]
    calendario: str = ""
    suspensiones: tuple[Suspension, ...] = ()
    llegada: str = SE_RECIBIO
    ampliado: int = 0  # of `dias`, how many an extension added
    cierre: Horario | None = None  # of its last day, when it closes at another hour than the day it came

    def frases(self) -> tuple[str, ...]:
        """The explanation in plain Spanish sentences, from reception to expiry."""
        return (
            self.frase_de_recepcion(),
            f"El plazo es de {dias_habiles(self.dias)}{self._ampliacion()} y el día 1 es el "
            f"{fecha_con_dia(self.dia_1)}.",
            *self._frases_de_saltos(),
            oracion(f"Vence el {fecha_con_dia(self.vence)} {a_las(self.vence_en)}"),
            self._frase_horario(),
        )

    def para(self, instante: datetime) -> "Plazo | None":
        """The same term for what is received at another instant of the same day, on the same side of closing time;
        None when the other instant has a term of its own."""
        local = en_bogota(instante)
        cierra = self.horario.cierra
        if local.date() != self.recibido.date() or (local.time() <= cierra) != (self.recibido.time() <= cierra):
            return None
        return replace(self, recibido=local)

    def como_texto(self) -> str:
        return "\n".join(self.frases())

    def como_dict(self) -> dict[str, Any]:
        """JSON-ready: what the command prints and what a solicitud keeps as the rule it used."""
        return {
            "recibido": self.recibido.isoformat(),
            "dias": self.dias,
            "fecha_efectiva": self.fecha_efectiva.isoformat(),
            "dia_1": self.dia_1.isoformat(),
            "vence": self.vence.isoformat(),
            "vence_en": self.vence_en.isoformat(),
            "explicacion": [paso.como_dict() for paso in self.explicacion],
            "horario": self._horario(),
            "calendario": self.calendario,
        }

    def como_regla(self) -> dict[str, Any]:
        """JSON-ready and small: what a clock keeps. `plazo_de` gives the same term back without any calendar."""
        especiales = [paso for paso in self.explicacion if paso.motivo in {Motivo.FESTIVO, Motivo.NO_HABIL}]
        sabados = [
            [paso.fecha.isoformat(), paso.detalle if paso.motivo in _CON_ACTO else ""]
            for paso in self.explicacion
            if paso.fecha.weekday() >= SABADO and paso.motivo not in _NO_HABILES
        ]
        regla: dict[str, Any] = {
            "recibido": self.recibido.isoformat(),
            "dias": self.dias,
            "fecha_efectiva": self.fecha_efectiva.isoformat(),
            "vence": self.vence.isoformat(),
            "vence_en": self.vence_en.isoformat(),
            "horario": self._horario(),
            "calendario": self.calendario,
            "saltos": [[paso.fecha.isoformat(), paso.motivo.value, paso.detalle] for paso in especiales],
        }
        if sabados:
            regla["sabados"] = sabados
        if self.suspensiones:
            regla["suspensiones"] = [[s.desde.isoformat(), s.hasta.isoformat(), s.motivo] for s in self.suspensiones]
        if self.llegada != SE_RECIBIO:
            regla["llegada"] = self.llegada
        if self.ampliado:
            regla["ampliado"] = self.ampliado
        if self.cierre is not None:
            regla["cierre"] = _como_guardado(self.cierre)
        return regla

    def _horario(self) -> dict[str, str]:
        return _como_guardado(self.horario)

    def _ampliacion(self) -> str:
        if not self.ampliado:
            return ""
        return f" ({dias_habiles(self.dias - self.ampliado)} y una prórroga de {dias_habiles(self.ampliado)})"

    def frase_de_recepcion(self) -> str:
        llegada = f"{self.llegada} el {fecha_con_dia(self.recibido.date())} {a_las(self.recibido)}"
        efectiva = fecha_con_dia(self.fecha_efectiva)
        cierre = a_las(self.horario.cierra).replace("a la", "de la", 1)
        primero = self.explicacion[0]
        if primero.motivo in {Motivo.RADICACION, Motivo.INICIO}:
            return f"{llegada}, en día hábil y sin pasar del cierre {cierre}: esa es su fecha efectiva."
        if primero.motivo is Motivo.FUERA_DE_HORARIO:
            return f"{llegada}, después del cierre {cierre}: su fecha efectiva es el {efectiva}."
        razon = primero.detalle or _NO_HABILES[primero.motivo]
        return f"{llegada}, en día no hábil ({razon}): su fecha efectiva es el {efectiva}."

    def _frases_de_saltos(self) -> list[str]:
        saltos = [paso for paso in self.explicacion[1:] if not paso.cuenta]
        frases = []
        especiales = [
            f"{fecha_corrida(paso.fecha)} ({paso.detalle})"
            for paso in saltos
            if paso.motivo in {Motivo.FESTIVO, Motivo.NO_HABIL}
        ]
        if especiales:
            frases.append(f"No se cuentan los festivos y días no hábiles: {'; '.join(especiales)}.")
        suspendidos = sum(paso.motivo is Motivo.SUSPENDIDO for paso in saltos)
        if suspendidos:
            frases.append(f"El plazo estuvo suspendido {dias_habiles(suspendidos)}.")
        if any(paso.motivo in {Motivo.SABADO, Motivo.DOMINGO} for paso in saltos):
            frases.append("No se cuentan los sábados ni los domingos.")
        return frases

    def _frase_horario(self) -> str:
        frases = [
            f"Horario de atención usado: de {self.horario}",
            f"Norma: {self.horario.norma}",
            self.horario.confianza,
        ]
        if self.cierre is not None:
            frases += [
                f"El día en que vence la atención es de {self.cierre}",
                f"Norma: {self.cierre.norma}",
                self.cierre.confianza,
            ]
        return " ".join(oracion(frase) for frase in frases if frase)


# Days that an act may have made working, and whose step says which.
_CON_ACTO = {Motivo.HABIL, Motivo.RADICACION, Motivo.INICIO}


@dataclass(frozen=True, slots=True)
class DiaDicho:
    """One day of an explanation, as it is told. `numero` is its place in the count, None when it does not count."""

    fecha: date
    numero: int | None
    motivo: str
    texto: str

    @property
    def cuenta(self) -> bool:
        return self.numero is not None

    def como_dict(self) -> dict[str, Any]:
        return {
            "fecha": self.fecha.isoformat(),
            "cuenta": self.cuenta,
            "numero": self.numero,
            "motivo": self.motivo,
            "texto": self.texto,
        }


@dataclass(frozen=True, slots=True)
class Explicacion:
    """Why a term expires that day: in sentences, and what each calendar day of it did."""

    frases: tuple[str, ...] = ()
    dias: tuple[DiaDicho, ...] = ()


@dataclass(frozen=True, slots=True)
class Semaforo:
    """How urgent a term is, in words: never colour alone."""

    nivel: str  # vencida, hoy, por_vencer, en_plazo
    dias: int
    texto: str

    def __str__(self) -> str:
        return self.texto


def en_bogota(instante: datetime) -> datetime:
    """The same instant in America/Bogota. Refuses an instant without a time zone: guessing moves deadlines."""
    if instante.utcoffset() is None:
        raise PlazoInvalido("La fecha de recepción debe decir su zona horaria.")
    try:
        return instante.astimezone(BOGOTA)
    except OverflowError:
        raise FueraDeCalendario(f"El {fecha_corrida(instante)} queda fuera del calendario. Revise la fecha.") from None


def horario_del_dia(horarios: Sequence[Horario], dia: date, dependencia_codigo: str = "") -> Horario:
    """The dependencia's own hours before the general ones; among several, those that started last.

    So a single day with other hours is one more row with that day as `desde` and `hasta`.
    """
    candidatos = [horario for horario in horarios if horario.rige(dia, dependencia_codigo)]
    if not candidatos:
        raise SinHorario(
            f"Ningún horario de atención rige el {fecha_corrida(dia)}. Agréguelo en el catálogo de horarios."
        )
    return max(candidatos, key=lambda horario: (horario.dependencia_codigo != "", horario.desde))


def fecha_efectiva(
    recibido: datetime, calendario: Calendario, horarios: Sequence[Horario], *, dependencia_codigo: str = ""
) -> date:
    """The business day on which something received at this instant is taken as received."""
    local = en_bogota(recibido)
    calendario.exigir_dentro(local.date())
    horario = horario_del_dia(horarios, local.date(), dependencia_codigo)
    return _efectiva(local, calendario, horario)


def calcular_plazo(
    recibido: datetime,
    dias: int,
    calendario: Calendario,
    horarios: Sequence[Horario],
    *,
    dependencia_codigo: str = "",
    suspensiones: Sequence[Suspension] = (),
    llegada: str = SE_RECIBIO,
    ampliado: int = 0,
    al_llegar: Horario | None = None,
) -> Plazo:
    """When a term of `dias` business days expires, and why. `llegada` begins the explanation; `ampliado`: how many of
    `dias` an extension added. `al_llegar`: the office hours it was received with, when it is counted again; its last
    day closes when that day does."""
    if dias < 1:
        raise PlazoInvalido("El plazo debe ser de 1 día hábil o más.")
    local = en_bogota(recibido)
    calendario.exigir_dentro(local.date())
    horario = al_llegar or horario_del_dia(horarios, local.date(), dependencia_codigo)
    efectiva = _efectiva(local, calendario, horario)
    corren = (
        dia
        for dia in calendario.habiles_despues_de(efectiva)
        if not any(suspension.cubre(dia) for suspension in suspensiones)
    )
    contados = list(islice(corren, dias))
    vence = contados[-1]
    cierre = horario_del_dia(horarios, vence, dependencia_codigo)
    return Plazo(
        recibido=local,
        dias=dias,
        fecha_efectiva=efectiva,
        dia_1=contados[0],
        vence=vence,
        vence_en=datetime.combine(vence, cierre.cierra, BOGOTA),
        horario=horario,
        explicacion=tuple(
            _explicar(local.date(), efectiva, contados, calendario.razon, suspensiones, _empieza(llegada))
        ),
        calendario=calendario.version,
        suspensiones=tuple(suspensiones),
        llegada=llegada,
        ampliado=ampliado,
        cierre=cierre if cierre.cierra != horario.cierra else None,
    )


def explicar(regla: Mapping[str, Any]) -> Explicacion:
    """The one explanation of a term, from what was kept of it: the page, the API, the mails, the PDF and the ZIP tell
    this. Whatever the calendar of today says."""
    if "saltos" in regla:
        plazo = plazo_de(regla)
        dias = tuple(DiaDicho(paso.fecha, paso.numero, paso.motivo.value, paso.texto) for paso in plazo.explicacion)
        return Explicacion(tuple(regla.get("frases") or plazo.frases()), dias)
    # As it was kept before: every day, with its words.
    return Explicacion(
        tuple(regla.get("frases", ())),
        tuple(
            DiaDicho(date.fromisoformat(dia["fecha"]), dia["numero"], dia["motivo"], dia["texto"])
            for dia in regla.get("explicacion", ())
        ),
    )


def plazo_de(regla: Mapping[str, Any]) -> Plazo:
    """The term that `Plazo.como_regla` kept, counted again day by day."""
    recibido, vence_en = datetime.fromisoformat(regla["recibido"]), datetime.fromisoformat(regla["vence_en"])
    efectiva, vence = date.fromisoformat(regla["fecha_efectiva"]), date.fromisoformat(regla["vence"])
    suspensiones = suspensiones_guardadas(regla.get("suspensiones", ()))
    especiales = {dia: Razon(ClaseDia(clase), detalle) for dia, clase, detalle in regla["saltos"]}
    especiales |= {dia: Razon(ClaseDia.HABIL, detalle) for dia, detalle in regla.get("sabados", ())}

    def razon(dia: date) -> Razon:
        return especiales.get(dia.isoformat()) or _ENTRE_SEMANA[dia.weekday()]

    siguientes = (efectiva + timedelta(days=cuantos) for cuantos in range(1, (vence - efectiva).days + 1))
    contados = [
        dia
        for dia in siguientes
        if razon(dia).clase is ClaseDia.HABIL and not any(suspension.cubre(dia) for suspension in suspensiones)
    ]
    llegada, horario, cierre = regla.get("llegada", SE_RECIBIO), regla["horario"], regla.get("cierre")
    return Plazo(
        recibido=recibido,
        dias=regla["dias"],
        fecha_efectiva=efectiva,
        dia_1=contados[0],
        vence=vence,
        vence_en=vence_en,
        horario=horario_guardado(horario, recibido.date()),
        explicacion=tuple(_explicar(recibido.date(), efectiva, contados, razon, suspensiones, _empieza(llegada))),
        calendario=regla["calendario"],
        suspensiones=suspensiones,
        llegada=llegada,
        ampliado=regla.get("ampliado", 0),
        cierre=horario_guardado(cierre, vence) if cierre else None,
    )


def _como_guardado(horario: Horario) -> dict[str, str]:
    return {
        "abre": horario.abre.isoformat("minutes"),
        "cierra": horario.cierra.isoformat("minutes"),
        "norma": horario.norma,
        "confianza": horario.confianza,
    }


def horario_guardado(horario: Mapping[str, str], desde: date) -> Horario:
    """The office hours that `Plazo.como_regla` kept, as ruling from a day on."""
    abre, cierra = time.fromisoformat(horario["abre"]), time.fromisoformat(horario["cierra"])
    return Horario(desde, abre, cierra, horario["norma"], confianza=horario["confianza"])


def suspensiones_guardadas(guardadas: Iterable[Sequence[str]]) -> tuple[Suspension, ...]:
    """[[from, until, reason]], as a clock keeps them."""
    return tuple(
        Suspension(date.fromisoformat(desde), date.fromisoformat(hasta), motivo) for desde, hasta, motivo in guardadas
    )


_ENTRE_SEMANA = (*[Razon(ClaseDia.HABIL)] * 5, Razon(ClaseDia.SABADO), Razon(ClaseDia.DOMINGO))


def _empieza(llegada: str) -> Motivo:
    return Motivo.RADICACION if llegada == SE_RECIBIO else Motivo.INICIO


def dias_habiles_restantes(vence: date, hoy: date, calendario: Calendario) -> int:
    """Business days left after today; negative, those gone by since it expired.

    0 on the day itself, and also on the non-working days that follow it.
    """
    return calendario.habiles_entre(hoy, vence)


def semaforo(vence: date, hoy: date, calendario: Calendario) -> Semaforo:
    """«2 días hábiles», «Vence hoy», «Vencida hace 1 día hábil» (interface.md)."""
    dias = dias_habiles_restantes(vence, hoy, calendario)
    if hoy > vence:
        return Semaforo("vencida", dias, f"Vencida hace {dias_habiles(-dias)}" if dias else "Vencida")
    if hoy == vence:
        return Semaforo("hoy", 0, "Vence hoy")
    return Semaforo("por_vencer" if dias <= POR_VENCER else "en_plazo", dias, dias_habiles(dias))


def _efectiva(local: datetime, calendario: Calendario, horario: Horario) -> date:
    dia = local.date()
    if calendario.es_habil(dia) and local.time() <= horario.cierra:
        return dia
    return calendario.siguiente_habil(dia)


def _explicar(
    llegada: date,
    efectiva: date,
    contados: list[date],
    razon_de: Callable[[date], Razon],
    suspensiones: Sequence[Suspension],
    empieza: Motivo,
) -> list[Paso]:
    """One step per calendar day from reception to expiry, without gaps."""
    numeros = {dia: numero for numero, dia in enumerate(contados, start=1)}
    pasos = []
    for cuantos in range((contados[-1] - llegada).days + 1):
        dia = llegada + timedelta(days=cuantos)
        razon = razon_de(dia)
        if dia in numeros:
            pasos.append(Paso(dia, Motivo.HABIL, razon.detalle, numeros[dia]))
        elif dia == efectiva:
            pasos.append(Paso(dia, empieza, razon.detalle))
        elif razon.clase is not ClaseDia.HABIL:
            pasos.append(Paso(dia, Motivo(razon.clase.value), razon.detalle))
        elif dia < efectiva:
            pasos.append(Paso(dia, Motivo.FUERA_DE_HORARIO))
        else:
            motivo = next(suspension.motivo for suspension in suspensiones if suspension.cubre(dia))
            pasos.append(Paso(dia, Motivo.SUSPENDIDO, motivo))
    return pasos
