"""Django's PostgreSQL backend plus one thing: every outermost transaction starts with the open alcance."""

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from alcance.contexto import NADIE, actual


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
        if not autocommit and actual() is not None:
            self.escribir_alcance()

    def escribir_alcance(self) -> None:
        """Write the open alcance (or nobody's) into the running transaction.

        An aborted transaction takes no statement; rolling back to its savepoint restores the older values by itself.
        """
        if self.connection is None or self.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            return
        ajustes = (actual() or NADIE).ajustes()
        llamadas = ", ".join("set_config(%s, %s, true)" for _ in ajustes)
        valores = [parte for par in ajustes.items() for parte in par]
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(f"select {llamadas}", valores)
