"""What was written since somebody looked: a sweep that left nothing unsaid need not read again what nobody touched.

The mark is PostgreSQL's: the oldest transaction that had not ended when it was taken. A row that whoever took it could
not see yet is of that transaction or of a later one, in whatever order they ended; so is one written afterwards, by
anybody and by any way. No column nor trigger has to be remembered. `age` compares by turns of four thousand million
transactions, so a row never looked at for two thousand million may be read once too often, and none is missed while a
mark is not as old as that: whoever keeps one looks at everything from time to time.
"""

from typing import Any, cast

from django.db import connection
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler


def marcar() -> tuple[int, int]:
    """The server that counts the transactions, and the mark of now: of another server it says nothing."""
    with connection.cursor() as cursor:
        cursor.execute("""
            select (select system_identifier from pg_control_system()),
                   pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            """)
        servidor, marca = cursor.fetchone()
    return servidor, marca


class EscritaDesde(Func):
    """`EscritaDesde("estado", marca)`: whether the row of that column was written since. Any column but a key, which
    Django takes from the row that points to it."""

    output_field = BooleanField()

    def __init__(self, columna: str, marca: int) -> None:
        super().__init__(F(columna))
        self.marca = marca

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[str]]:  # type: ignore[override]
        columna = cast(Col, self.source_expressions[0])
        tabla = compiler.quote_name_unless_alias(columna.alias)
        return f"age({tabla}.xmin) <= age(%s::xid8::xid)", [str(self.marca)]
