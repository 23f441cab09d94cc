"""Django's PostgreSQL backend plus three things.

Every outermost transaction starts with the open alcance. What only prepares a statement (the beginning of the
transaction, the alcance, a savepoint, its release) travels with the next one, in the same message and in the same
order: it costs no trip of its own, and none at all when no statement follows. So psycopg2 never begins one itself: for
it the connection is always in autocommit.

What is written last, and whose answer nobody waits for, may go with the commit (`aplazar`).

What is asked again and again stays planned (`preparadas`).

And a connection is looked at before each request without asking the server.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from psycopg2 import Error, errors, extensions

from alcance.contexto import NADIE, Alcance, actual, recordar_conexion
from alcance.postgres.preparadas import Preparadas

EMPEZAR, ALCANCE = b"begin", b"select set_config("
# As many of them stay written in a connection: the same people ask again and again.
ALCANCES = 300


class Aplazada(bytes):
    """A statement of its own among what is kept for the next one: it is never left out."""


class Cursor(extensions.cursor):
    """Sends first what its connection was keeping, and prepares what is asked again."""

    conexion: "DatabaseWrapper"
    # Planned once whatever its values: PostgreSQL by itself plans again what it believes cheaper so, and does not
    # count what planning costs.
    plan_unico = False
    # A read that needs no transaction: alone in its message, it is one by itself.
    suelta = False
    _pedida: tuple[Any, Any] | None = None

    @property
    def query(self) -> bytes | None:
        """What was asked, for the log of queries: not how it was sent."""
        return super().query if self._pedida is None else self.mogrify(*self._pedida)

    def execute(self, query: Any, vars: Any = None) -> None:
        preparada, nueva = None, None
        if type(query) is str and type(vars) in {list, tuple}:
            preparada = self.conexion.preparadas.orden(query, vars, self.mogrify)
        if preparada is None and not self.conexion.por_enviar:
            self._pedida = None
            super().execute(query, vars)
            return
        self._pedida = (query, vars)
        if preparada is None:
            mensaje = self.mogrify(query, vars)
        else:
            mensaje, nueva = preparada
            if self.plan_unico:
                mensaje = b"set local plan_cache_mode = force_generic_plan;" + mensaje
        sola = self.suelta and self.conexion.sin_empezar()
        try:
            self._enviar(self.conexion.solo_el_alcance() if sola else self.conexion.tomar(), mensaje)
        except (errors.FeatureNotSupported, errors.InvalidSqlStatementName):
            # A migration changed the type of a column under a statement, or the session is not the same one.
            self.conexion.preparadas = Preparadas(olvidar=True)
            raise
        if nueva is not None:
            self.conexion.preparadas.lista(nueva)
        if preparada is not None and self.plan_unico and not sola:
            self.conexion.por_enviar.append(b"set local plan_cache_mode = auto")

    def _enviar(self, antes: bytes, mensaje: bytes) -> None:
        try:
            super().execute(antes + mensaje)
        except Error:
            if not antes.startswith(EMPEZAR) or not self.conexion.esta_ociosa():
                raise
            # The server reads a message whole before it runs any of it: this one it could not read, and began nothing.
            super().execute(antes)
            super().execute(mensaje)

    # The ones that do not pass through `execute`.
    def executemany(self, *args: Any, **kwargs: Any) -> None:
        self.conexion.enviar()
        super().executemany(*args, **kwargs)

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        self.conexion.enviar()
        return super().callproc(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        self.conexion.enviar()
        super().copy_expert(*args, **kwargs)

    def copy_from(self, *args: Any, **kwargs: Any) -> None:
        self.conexion.enviar()
        super().copy_from(*args, **kwargs)

    def copy_to(self, *args: Any, **kwargs: Any) -> None:
        self.conexion.enviar()
        super().copy_to(*args, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.por_enviar: list[bytes] = []
        self.preparadas = Preparadas()
        self._escritos: dict[Alcance, bytes] = {}
        recordar_conexion(self)

    def get_new_connection(self, conn_params: Any) -> Any:
        self.preparadas = Preparadas()
        return super().get_new_connection(conn_params)

    # --- What waits for the next statement ---
    def tomar(self) -> bytes:
        """All of it, as the beginning of a message."""
        if not self.por_enviar:
            return b""
        juntas, self.por_enviar = b";".join([*self.por_enviar, b""]), []
        return juntas

    def al_empezar(self, *ordenes: bytes) -> None:
        """What a transaction says of itself before its alcance, which is a query. Nothing was asked in it yet."""
        if not self.sin_empezar():
            raise ValueError("La transacción ya empezó, o no hay ninguna.")
        self.por_enviar[1:1] = ordenes

    def sin_empezar(self) -> bool:
        """Whether nothing was asked yet in the open transaction."""
        return self.por_enviar[:1] == [EMPEZAR] and not self._hay_aplazadas()

    def aplazar(self, orden: bytes) -> None:
        """It goes with the next statement of this transaction, or with its commit, in the same message: if it fails,
        that one fails. Undone with the savepoint it was asked in."""
        if self.autocommit:
            raise TransactionManagementError("Solo dentro de una transacción hay con qué mandarla.")
        self.por_enviar.append(Aplazada(orden))

    def _hay_aplazadas(self) -> bool:
        return any(type(orden) is Aplazada for orden in self.por_enviar)

    def solo_el_alcance(self) -> bytes:
        """What a read alone in its message goes with: the rest still waits, and the alcance ends with the message."""
        escritos = [orden for orden in self.por_enviar if orden.startswith(ALCANCE)]
        return escritos[-1] + b";" if escritos else b""

    def enviar(self) -> None:
        """Send it by itself: what follows is not a plain statement."""
        if self.por_enviar:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(self.tomar())

    def create_cursor(self, name: str | None = None) -> Any:
        if name:  # a cursor of the server is declared in a message of its own
            self.enviar()
            return super().create_cursor(name)
        nuevo = self.connection.cursor(cursor_factory=Cursor)
        nuevo.conexion, nuevo.tzinfo_factory = self, self.tzinfo_factory if settings.USE_TZ else None
        return nuevo

    # --- Transactions ---
    def _set_autocommit(self, autocommit: bool) -> None:
        if not self.connection.autocommit:
            super()._set_autocommit(True)  # type: ignore[misc]  # the stubs lack it
        if autocommit and self._quedo_abierta():
            # Whoever ended it was cut before saying how (a task out of time): what comes next would end it too.
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("rollback")
        self.por_enviar = [] if autocommit else [EMPEZAR]
        if not autocommit and actual() is not None:
            self.escribir_alcance()

    def _commit(self) -> None:
        self._terminar("commit")

    def _rollback(self) -> None:
        self._terminar("rollback")

    def _terminar(self, como: str) -> None:
        if self.connection is None:
            return
        sin_empezar = self.sin_empezar()
        antes = self.tomar() if como == "commit" and self._hay_aplazadas() else b""
        self.por_enviar = [] if self.autocommit else [EMPEZAR]  # without autocommit, another follows
        if not sin_empezar:
            with debug_transaction(self, como.upper()), self.wrap_database_errors, self.connection.cursor() as cursor:
                try:
                    cursor.execute(antes + como.encode())
                except Error:
                    if self._esta_abortada():  # what went with it failed, and the end was not reached
                        cursor.execute("rollback")
                    raise

    def esta_ociosa(self) -> bool:
        return bool(self.connection.get_transaction_status() == extensions.TRANSACTION_STATUS_IDLE)

    def _quedo_abierta(self) -> bool:
        abierta = {extensions.TRANSACTION_STATUS_INTRANS, extensions.TRANSACTION_STATUS_INERROR}
        return self.connection.get_transaction_status() in abierta

    def close_if_health_check_failed(self) -> None:
        """An idle server says nothing: what it did say is that it hangs up, or what only a question tells."""
        if self.connection is None or not self._esta_callada():
            super().close_if_health_check_failed()
        else:
            self.health_check_done = True

    def _esta_callada(self) -> bool:
        if self.connection.closed or not self.esta_ociosa():
            return False
        mirada = select.poll()
        mirada.register(self.connection.fileno(), select.POLLIN)
        return not mirada.poll(0)

    # --- The alcance ---
    def escribir_alcance(self) -> None:
        """Write the open alcance (or nobody's) into the running transaction.

        An aborted transaction takes no statement; rolling back to its savepoint restores the older values by itself.
        """
        if self.connection is None or self._esta_abortada():
            return
        alcance = actual() or NADIE
        orden = self._escritos.get(alcance)
        if orden is None:
            if len(self._escritos) >= ALCANCES:
                self._escritos.clear()
            orden = self._escritos[alcance] = self._en_sql(alcance)
        if self.por_enviar and self.por_enviar[-1].startswith(ALCANCE):
            self.por_enviar.pop()  # nothing was asked under it
        self.por_enviar.append(orden)

    def _en_sql(self, alcance: Alcance) -> bytes:
        ajustes = alcance.ajustes()
        llamadas = ", ".join("set_config(%s, %s, true)" for _ in ajustes)
        valores = [parte for par in ajustes.items() for parte in par]
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            orden: bytes = cursor.mogrify(f"select {llamadas}", valores)
        return orden

    @contextmanager
    def como_la_persona_de(self, consulta: str, valores: list[Any]) -> Iterator[None]:
        """What is asked inside is read as the person that `consulta` gives (one id), who is looked for in the same
        message: who asks is for the database to say. One statement, and afterwards the alcance is what it was."""
        with self.cursor() as cursor:
            escribir = f"select set_config('app.persona', ({consulta})::text, true)"
            self.por_enviar.append(cursor.mogrify(escribir, valores))
        try:
            yield
        finally:
            if self.autocommit:
                self.por_enviar = []
            else:
                self.escribir_alcance()

    def _esta_abortada(self) -> bool:
        return bool(self.connection.get_transaction_status() == extensions.TRANSACTION_STATUS_INERROR)

    # --- Savepoints ---
    def _savepoint(self, sid: str) -> None:
        self.por_enviar.append(self.ops.savepoint_create_sql(sid).encode())

    def _savepoint_commit(self, sid: str) -> None:
        abre = self.ops.savepoint_create_sql(sid).encode()
        if abre in self.por_enviar:  # nothing happened inside it
            self.por_enviar.remove(abre)
        else:
            self.por_enviar.append(self.ops.savepoint_commit_sql(sid).encode())

    def _savepoint_rollback(self, sid: str) -> None:
        abre = self.ops.savepoint_create_sql(sid).encode()
        if abre in self.por_enviar:
            del self.por_enviar[self.por_enviar.index(abre) + 1 :]  # the savepoint itself stays
            return
        self.por_enviar = []  # it was said after the savepoint: rolling back undoes it
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _close(self) -> None:
        self.por_enviar = []
        super()._close()  # type: ignore[misc]
