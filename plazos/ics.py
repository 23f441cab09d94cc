"""The non-working days of a year as an iCalendar file (RFC 5545), for anybody's agenda. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

ANCHO = 75  # octets of a line, without its end


@dataclass(frozen=True, slots=True)
class DiaNoHabil:
    """One day that is, or was until it was retired, not a business day.

    `clave` names it for ever within its date; `cambios`: how many times it was retired or registered again.
    """

    fecha: date
    clave: str
    nombre: str
    norma: str
    cambios: int = 0

    @property
    def retirado(self) -> bool:
        """Registered, retired, registered again…: after an odd number of changes it is out."""
        return self.cambios % 2 == 1


def escribir(dias: Iterable[DiaNoHabil], *, nombre: str, dominio: str, sello: datetime) -> bytes:
    """`sello`: when the calendar changed last. Every line ends in CRLF and is folded at 75 octets."""
    lineas = _lineas(dias, nombre, dominio, f"{sello.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    return b"".join(doblar(linea) for linea in lineas)


def _lineas(dias: Iterable[DiaNoHabil], nombre: str, dominio: str, sello: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{texto(dominio)}//Festivos//ES", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"X-WR-CALNAME:{texto(nombre)}")
    for dia in dias:
        yield "BEGIN:VEVENT"
        yield f"UID:{dia.fecha.isoformat()}-{dia.clave}@{dominio}"
        yield f"DTSTAMP:{sello}"
        yield f"DTSTART;VALUE=DATE:{dia.fecha:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{dia.fecha + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{texto(dia.nombre)}"
        yield f"DESCRIPTION:{texto(dia.norma)}"
        yield f"SEQUENCE:{dia.cambios}"
        yield f"STATUS:{'CANCELLED' if dia.retirado else 'CONFIRMED'}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def texto(valor: str) -> str:
    """A TEXT value: what has a meaning of its own is escaped, and there is no line break of any kind."""
    escapado = valor.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escapado.splitlines())


def doblar(linea: str) -> bytes:
    """One content line, folded between characters, never inside one."""
    partes, actual = [], b""
    for letra in linea:
        octetos = letra.encode()
        if len(actual) + len(octetos) > ANCHO:
            partes.append(actual)
            actual = b" "
        actual += octetos
    return b"\r\n".join([*partes, actual]) + b"\r\n"
