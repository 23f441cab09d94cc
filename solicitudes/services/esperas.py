"""How long a solicitud waited for its entity: a time of its own, beside a term that does not stop meanwhile."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import DateTimeField, F
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from plazos.calendario import Calendario
from plazos.fechas import dias_habiles, fecha_corrida
from solicitudes.estados import EstadoParte

# When what a line of the history tells happened: what came from before the portal says it apart (`trayectoria`), and
# the line keeps the instant at which it was written.
OCURRIO = Coalesce(Cast(KT("datos__ocurrio"), DateTimeField()), F("en"))


class Espera(NamedTuple):
    """From the day it was asked for what was missing until the day it came, or it went on without it."""

    parte_id: int
    desde: date
    hasta: date | None

    def dias(self, hoy: date, calendario: Calendario) -> int:
        return calendario.habiles_entre(self.desde, self.hasta or hoy)

    def cubre(self, dia: date) -> bool:
        return self.desde <= dia and (self.hasta is None or dia <= self.hasta)


def esperas_de(movimientos: Iterable[tuple[int | None, str, datetime]]) -> list[Espera]:
    """Of the lines of the history (parte, state it was left in, when: `OCURRIO`), oldest first: they are read
    already."""
    abiertas: dict[int, date] = {}
    esperas = []
    for parte_id, a, en in movimientos:
        if parte_id is None or not a:
            continue
        dia = timezone.localdate(en)
        if a == EstadoParte.EN_COMPLEMENTO:
            abiertas.setdefault(parte_id, dia)
        elif parte_id in abiertas:
            esperas.append(Espera(parte_id, abiertas.pop(parte_id), dia))
    return esperas + [Espera(parte_id, desde, None) for parte_id, desde in abiertas.items()]


def frase_de_espera(esperas: Iterable[Espera], *, hoy: date, calendario: Calendario, a_quien: str) -> str:
    """«Esperamos a su entidad 3 días hábiles: el plazo de respuesta siguió corriendo.»; empty without any."""
    suyas = list(esperas)
    if not suyas:
        return ""
    cuantos = sum(espera.dias(hoy, calendario) for espera in suyas)
    abierta = next((espera for espera in suyas if espera.hasta is None), None)
    if abierta is None:
        return f"Se esperó a {a_quien} {dias_habiles(cuantos)}: el plazo de respuesta siguió corriendo."
    desde = fecha_corrida(abierta.desde)
    return f"Se espera a {a_quien} desde el {desde} ({dias_habiles(cuantos)}): el plazo de respuesta sigue corriendo."
