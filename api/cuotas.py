"""Rate limits: how many requests in this minute, counted in PostgreSQL by one statement (architecture §8.10).

It holds with Redis down and whatever the number of processes: the row of whoever asks is the only counter (E07).
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

_CONTAR = """
    insert into api_cuota as c (quien, minuto, peticiones)
    values (%s, floor(extract(epoch from clock_timestamp()) / 60), 1)
    on conflict (quien) do update set
        peticiones = case when c.minuto = excluded.minuto then c.peticiones + 1 else 1 end,
        minuto = excluded.minuto
    returning peticiones, ceil((minuto + 1) * 60 - extract(epoch from clock_timestamp()))::int
"""
_VIEJAS = "delete from api_cuota where minuto < floor(extract(epoch from clock_timestamp()) / 60) - 60"


@dataclass(frozen=True, slots=True)
class Cupo:
    """What is left of this minute."""

    politica: str
    limite: int
    usadas: int
    segundos: int

    @property
    def agotado(self) -> bool:
        return self.usadas > self.limite

    @property
    def cabeceras(self) -> dict[str, str]:
        """`RateLimit` fields (draft-ietf-httpapi-ratelimit-headers), and `Retry-After` when nothing is left."""
        quedan = max(self.limite - self.usadas, 0)
        cabeceras = {
            "RateLimit-Policy": f'"{self.politica}";q={self.limite};w=60',
            "RateLimit": f'"{self.politica}";r={quedan};t={self.segundos}',
        }
        return cabeceras | ({"Retry-After": str(self.segundos)} if self.agotado else {})


def contar_token(token_id: int) -> Cupo:
    return _contar("token", str(token_id), settings.API_LIMITE_TOKEN)


def contar_direccion(ip: str) -> Cupo:
    """Requests without a token, or with one that does not work."""
    return _contar("direccion", ip, settings.API_LIMITE_DIRECCION)


def _contar(politica: str, quien: str, limite: int) -> Cupo:
    with connection.cursor() as cursor:
        cursor.execute(_CONTAR, [f"{politica}:{quien}"])
        usadas, segundos = cursor.fetchone()
    return Cupo(politica, limite, usadas, max(segundos, 1))


def limpiar() -> int:
    """Forget who has not asked for an hour. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_VIEJAS)
        return int(cursor.rowcount)
