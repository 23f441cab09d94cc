"""With real transactions: the setting is local to each one and an autocommit query sees nothing (security.md §0.2)."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from alcance import Alcance, con_alcance


def _ajuste() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.persona', true), '')")
        return cursor.fetchone()[0]


def test_the_outermost_transaction_starts_with_the_open_alcance(base_propia: str) -> None:
    with con_alcance(Alcance(persona_id=3)):
        with transaction.atomic():
            assert _ajuste() == "3"
        assert _ajuste() == ""


def test_two_transactions_of_one_connection_never_mix(base_propia: str) -> None:
    for persona in (1, 2, 3):
        with con_alcance(Alcance(persona_id=persona)), transaction.atomic():
            assert _ajuste() == str(persona)
    with transaction.atomic():
        assert _ajuste() == ""


_VER = "coalesce(current_setting('app.persona', true), '')"


def _por_copia(cursor: Any) -> str:
    salida = io.StringIO()
    cursor.copy_expert(f"copy (select {_VER}) to stdout", salida)
    return salida.getvalue().strip()


def _por_muchas(cursor: Any) -> str:
    cursor.executemany("select set_config('app.prueba', %s, true)", [[""]])
    cursor.executemany(f"select set_config('app.prueba', {_VER} || %s, true)", [[""]])
    cursor.execute("select current_setting('app.prueba')")
    return str(cursor.fetchone()[0])


def _por_funcion(cursor: Any) -> str:
    cursor.callproc("current_setting", ["app.persona"])
    return str(cursor.fetchone()[0])


@pytest.mark.parametrize("leer", [_por_copia, _por_muchas, _por_funcion])
def test_nothing_is_asked_before_the_alcance_is_there(base_propia: str, leer: Callable[[Any], str]) -> None:
    """What prepares a statement waits for it: also for those that are not a plain `execute`."""
    with con_alcance(Alcance(persona_id=1)), transaction.atomic(), connection.cursor() as cursor:
        with con_alcance(Alcance(persona_id=2)), transaction.atomic():
            assert leer(cursor) == "2"
        assert leer(cursor) == "1"


def test_a_cursor_of_the_server_sees_the_alcance_of_its_opening(base_propia: str) -> None:
    uno, dos = con_alcance(Alcance(persona_id=1)), con_alcance(Alcance(persona_id=2))
    with uno, transaction.atomic(), dos, connection.chunked_cursor() as cursor:
        cursor.execute(f"select {_VER}")
        assert cursor.fetchone()[0] == "2"


def test_rolling_back_to_a_savepoint_restores_the_alcance_and_the_rows(base_propia: str) -> None:
    """Empty savepoints, one inside another, failed and good ones: what follows is asked by the outer one."""
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        for persona in (2, 3):
            with pytest.raises(DatabaseError), con_alcance(Alcance(persona_id=persona)), transaction.atomic():
                with transaction.atomic():
                    pass
                with transaction.atomic():
                    assert _ajuste() == str(persona)
                with connection.cursor() as cursor:
                    cursor.execute("select 1/0")
            assert _ajuste() == "1"
        with pytest.raises(RuntimeError), transaction.atomic(), con_alcance(Alcance(persona_id=4)):
            raise RuntimeError("nothing was asked")
        assert _ajuste() == "1"
        with transaction.atomic(), con_alcance(Alcance(persona_id=5)):
            pass
        assert _ajuste() == "1"
    with transaction.atomic():
        assert _ajuste() == ""
