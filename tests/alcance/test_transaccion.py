"""With real transactions: the setting is local to each one and an autocommit query sees nothing (security.md §0.2)."""

import io
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import psycopg2
import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InternalError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.db.transaction import TransactionManagementError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS

from alcance import Alcance, con_alcance
from alcance.ordenes import mandar_al_confirmar


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


# --- The beginning travels with the first statement ------------------------------------------------------------------
def _hasta_donde() -> int:
    return int(connection.connection.get_transaction_status())


def test_a_transaction_begins_with_its_first_statement_and_ends_with_its_block(base_propia: str) -> None:
    connection.ensure_connection()
    with transaction.atomic():
        assert _hasta_donde() == TRANSACTION_STATUS_IDLE  # nothing was asked
        assert _uno("select 1") == 1
        assert _hasta_donde() == TRANSACTION_STATUS_INTRANS
    assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    with pytest.raises(RuntimeError), transaction.atomic():
        _uno("select 1")
        raise RuntimeError
    assert _hasta_donde() == TRANSACTION_STATUS_IDLE


def test_what_is_committed_stays_and_what_is_not_goes(base_propia: str) -> None:
    _tabla("prueba (n int)")
    hechos: list[int] = []
    with transaction.atomic():
        transaction.on_commit(lambda: hechos.append(_uno("select count(*) from prueba")))
        _hacer("insert into prueba values (1)")
    with pytest.raises(RuntimeError), transaction.atomic():
        _hacer("insert into prueba values (2)")
        transaction.on_commit(lambda: hechos.append(-1))
        raise RuntimeError
    assert _uno("select sum(n) from prueba") == 1
    assert hechos == [1]


def test_an_order_that_the_server_cannot_read_spoils_its_block_and_no_other(base_propia: str) -> None:
    """The server reads a message whole before it runs any of it: the beginning and the savepoint went with it."""
    _tabla("prueba (n int)")
    with con_alcance(Alcance(persona_id=7)), transaction.atomic():
        with pytest.raises(ProgrammingError, match="syntax error"), transaction.atomic():
            _hacer("selec 1")
        _hacer("insert into prueba values (1)")
        assert _ajuste() == "7"
    with pytest.raises(ProgrammingError, match="syntax error"), transaction.atomic():
        _hacer("insert into prueba values (2); selec 1")
    with pytest.raises(InternalError, match="aborted"), transaction.atomic():
        with pytest.raises(ProgrammingError):
            _hacer("selec 1")
        _hacer("insert into prueba values (3)")
    assert _uno("select sum(n) from prueba") == 1


def test_what_only_the_end_checks_is_told_and_undone(base_propia: str) -> None:
    _tabla("madre (n int primary key)")
    _tabla("hija (n int references madre deferrable initially deferred)")
    with pytest.raises(IntegrityError), transaction.atomic():
        _hacer("insert into hija values (1)")
    assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    assert _uno("select count(*) from hija") == 0


def test_without_autocommit_one_transaction_follows_another(base_propia: str) -> None:
    _tabla("prueba (n int)")
    transaction.set_autocommit(False)
    try:
        for n, terminar in enumerate((transaction.commit, transaction.rollback, transaction.commit)):
            _hacer(f"insert into prueba values ({n})")
            terminar()
            assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    finally:
        transaction.set_autocommit(True)
    assert _uno("select array_agg(n) from prueba") == [0, 2]


@pytest.mark.parametrize("momento", ["_commit", "_rollback", "_terminar"])
def test_one_cut_before_it_said_how_it_ends_is_undone(base_propia: str, momento: str, monkeypatch: Any) -> None:
    """A task out of time is cut anywhere: what it left open would end with what the next one says."""
    _tabla("prueba (n int)")

    def cortada(*args: Any) -> None:
        monkeypatch.undo()
        raise TimeoutError

    with pytest.raises(TimeoutError), transaction.atomic():
        _hacer("insert into prueba values (1)")
        transaction.set_rollback(momento == "_rollback")
        monkeypatch.setattr(connection, momento, cortada)
    assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    with transaction.atomic():
        _hacer("insert into prueba values (2)")
    assert _uno("select array_agg(n) from prueba") == [2]


@pytest.mark.parametrize("callada", [True, False], ids=["viva", "cortada"])
def test_a_connection_is_looked_at_before_a_request_without_asking(base_propia: str, callada: bool) -> None:
    """What the server cut is opened again before anything is asked by it; what lives is not asked whether it does."""
    vieja = _uno("select pg_backend_pid()")
    if not callada:
        otra = psycopg2.connect(**connection.get_connection_params())
        otra.cursor().execute("select pg_terminate_backend(%s, 5000)", [vieja])
        otra.close()
    connection.health_check_enabled, connection.health_check_done = True, False
    assert (_uno("select pg_backend_pid()") == vieja) is callada


def test_a_read_that_needs_no_transaction_does_not_begin_one_and_has_the_alcance(base_propia: str) -> None:
    """Wherever it comes: first, under savepoints that were not sent yet, or in a transaction under way."""
    with connection.cursor() as cursor:
        cursor.cursor.suelta = True

        def leer(orden: str = f"select {_VER}") -> Any:
            cursor.execute(orden)
            return cursor.fetchone()[0]

        with con_alcance(Alcance(persona_id=1)), transaction.atomic(), transaction.atomic():
            assert leer() == "1"
            with con_alcance(Alcance(persona_id=2)), transaction.atomic():
                assert leer() == "2"
            assert leer() == "1"
            with pytest.raises(DatabaseError), con_alcance(Alcance(persona_id=3)), transaction.atomic():
                leer("select 1/0")
            assert _hasta_donde() == TRANSACTION_STATUS_IDLE
            assert _ajuste() == "1"
            assert _hasta_donde() == TRANSACTION_STATUS_INTRANS
            primera = leer("select now()::text")
            assert leer("select now()::text") == primera  # of the one that is under way
            assert leer() == "1"
        assert leer() == ""
        with transaction.atomic():
            assert leer() == ""


@pytest.mark.parametrize("en_transaccion", [False, True])
def test_one_question_is_read_as_whom_the_database_says_and_the_next_as_before(
    base_propia: str, en_transaccion: bool
) -> None:
    antes = "7" if en_transaccion else ""
    with con_alcance(Alcance(persona_id=7)), transaction.atomic() if en_transaccion else nullcontext():
        with connection.como_la_persona_de("select %s", [41]):
            assert _ajuste() == "41"
        assert _ajuste() == antes
        with connection.como_la_persona_de("select %s", [41]):
            pass  # nothing was asked under it
        assert _ajuste() == antes


# --- What is written last travels with the commit ------------------------------------------------------------------
def _aplazar(n: int) -> None:
    mandar_al_confirmar(("insert into prueba select %s, current_setting('app.persona', true)", [n]))


def _filas() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select n, quien from prueba order by n")
        return cursor.fetchall()


def test_what_goes_with_the_commit_is_written_with_its_alcance_and_seen_by_what_follows(base_propia: str) -> None:
    _tabla("prueba (n int primary key, quien text)")
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():  # alone: nothing else was asked
        _aplazar(1)
        assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    assert _filas() == [(1, "1")]
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        _uno("select 1")
        with con_alcance(Alcance(persona_id=2)), transaction.atomic():
            _aplazar(2)
        with connection.cursor() as cursor:
            cursor.cursor.suelta = True  # what needs no transaction waits for it too
            cursor.execute("select count(*) from prueba")
            assert cursor.fetchone()[0] == 2
        _aplazar(3)
    assert _filas() == [(1, "1"), (2, "2"), (3, "1")]


def test_what_goes_with_the_commit_is_undone_with_its_block(base_propia: str) -> None:
    _tabla("prueba (n int primary key, quien text)")
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        for antes in (True, False):  # the savepoint was sent, or it waits too
            with pytest.raises(RuntimeError), transaction.atomic():
                if antes:
                    _uno("select 1")
                with transaction.atomic():
                    _aplazar(1)
                raise RuntimeError
        _aplazar(2)
    with pytest.raises(RuntimeError), transaction.atomic():
        _aplazar(3)
        raise RuntimeError
    assert _filas() == [(2, "1")]


def test_a_commit_that_cannot_write_what_it_carries_writes_nothing_and_says_so(base_propia: str) -> None:
    _tabla("prueba (n int primary key, quien text)")
    hechos: list[str] = []
    with con_alcance(Alcance(persona_id=1)), pytest.raises(IntegrityError), transaction.atomic():
        transaction.on_commit(lambda: hechos.append("confirmada"))
        _aplazar(1)
        _aplazar(1)
    assert _hasta_donde() == TRANSACTION_STATUS_IDLE
    assert (_filas(), hechos) == ([], [])


def test_what_goes_with_the_commit_needs_one(base_propia: str) -> None:
    with pytest.raises(TransactionManagementError):
        mandar_al_confirmar(("select 1", []))


def _tabla(cual: str) -> None:
    with connections["migrador"].cursor() as cursor:
        cursor.execute(f"create table {cual}")
        cursor.execute(f"grant select, insert on {cual.split(maxsplit=1)[0]} to sdfi_web")


def _hacer(orden: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(orden)


def _uno(orden: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(orden)
        return cursor.fetchone()[0]
