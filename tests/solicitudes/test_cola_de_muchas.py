"""What the queue is asked all day reads what is new, or a hundred, and never all there is."""

from typing import Any

import psycopg2
from django.db import connection

from tests import fabricas as f
from tests.exportaciones.muchas import multiplicar
from tests.soporte.bases import Fabrica
from tests.soporte.elenco import crear_elenco

MUCHAS = 20_000


def test_what_was_moved_is_told_without_reading_twenty_thousand(
    base_propia: str, fabrica: Fabrica, entrar: Any
) -> None:
    elenco = crear_elenco()
    f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    multiplicar(fabrica, base_propia, MUCHAS, con_historia=True)
    for persona in (elenco.asesora, elenco.directora):
        cliente = entrar(persona)
        version = cliente.get("/asesor/cola/?vista=todas").context["version"]
        f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])  # of another dependencia
        ultima = f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
        antes = _leidas(fabrica, base_propia)
        for _ in range(5):  # since the second, with a plan that serves any version
            sondeo = cliente.get(f"/asesor/cola/?vista=todas&parcial=1&version={version}")
            assert sondeo.json() == {"texto": "Hay novedades en 1 solicitud."}
        assert _leidas(fabrica, base_propia) - antes < MUCHAS / 10
        antes = _leidas(fabrica, base_propia, "solicitudes_parte")
        suya = cliente.get(f"/asesor/solicitudes/{ultima.radicado}/").content.decode()
        assert "Antes hay más de 100 más antiguas en la cola." in suya
        assert _leidas(fabrica, base_propia, "solicitudes_parte") - antes < MUCHAS / 10


def _leidas(fabrica: Fabrica, base: str, tabla: str = "solicitudes_solicitud") -> int:
    """Rows read so far, in order or by index. A connection says what it read when it ends."""
    connection.close()
    conexion = psycopg2.connect(fabrica.postgres.dsn(), dbname=base)
    with conexion, conexion.cursor() as cursor:
        cursor.execute(
            "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = %s",
            [tabla],
        )
        leidas = cursor.fetchone()
    conexion.close()
    assert leidas is not None
    return int(leidas[0])
