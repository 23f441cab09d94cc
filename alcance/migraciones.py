"""Migration operations of the third net: row-level security and grants, made with the table they protect."""

from typing import Any

from django.db import migrations

# Short names for what a policy may read. Wrapped in a SELECT: evaluated once per query (security.md §4.2).
LECTURAS = {
    "persona": "(select nullif(current_setting('app.persona', true), '')::bigint)",
    "rol": "(select coalesce(current_setting('app.rol', true), ''))",
    "entidad": "(select nullif(current_setting('app.entidad', true), '')::bigint)",
    "dependencias": "(select coalesce(nullif(current_setting('app.dependencias', true), ''), '{}')::bigint[])",
    "jefaturas": "(select coalesce(nullif(current_setting('app.jefaturas', true), ''), '{}')::bigint[])",
    "nivel": "(select coalesce(current_setting('app.nivel', true), ''))",
    "token": "(select nullif(current_setting('app.token', true), ''))",
}


def condicion(texto: str) -> str:
    """Expand `{persona}`, `{entidad}`… and let the system through."""
    return f"({LECTURAS['nivel']} = 'sistema' or ({texto.format(**LECTURAS)}))"


class ActivarRLS(migrations.RunSQL):
    """ENABLE and FORCE row-level security with one policy for reading and (unless said otherwise) for writing.

    `ver` and `escribir` are SQL over the table's columns with the names of LECTURAS in braces. `escribir` defaults
    to `ver`; give it only where both differ, and write why beside it.
    """

    reversible = True

    def __init__(self, tabla: str, ver: str, escribir: str | None = None) -> None:
        self.tabla, self.ver, self.escribir = tabla, ver, escribir
        usando, con = condicion(ver), condicion(escribir if escribir is not None else ver)
        super().__init__(
            sql=f"""
                alter table {tabla} enable row level security;
                alter table {tabla} force row level security;
                drop policy if exists {tabla}_alcance on {tabla};
                create policy {tabla}_alcance on {tabla} using {usando} with check {con};
            """,
            reverse_sql=f"""
                drop policy if exists {tabla}_alcance on {tabla};
                alter table {tabla} no force row level security;
                alter table {tabla} disable row level security;
            """,
        )

    def deconstruct(self) -> Any:
        return (self.__class__.__name__, [self.tabla, self.ver, self.escribir], {})


class SinBorrado(migrations.RunSQL):
    """Nobody deletes rows of these tables, whatever the code says (R19: nothing can be deleted)."""

    permiso = "delete"

    def __init__(self, *nombres: str) -> None:
        self.nombres = nombres
        super().__init__(
            sql="\n".join(f"revoke {self.permiso} on {tabla} from sdfi_web;" for tabla in nombres),
            reverse_sql="\n".join(f"grant {self.permiso} on {tabla} to sdfi_web;" for tabla in nombres),
        )

    def deconstruct(self) -> Any:
        return (self.__class__.__name__, list(self.nombres), {})


class SoloAnexar(SinBorrado):
    """Rows are written once: no UPDATE and no DELETE (histories, signatures)."""

    permiso = "update, delete"
