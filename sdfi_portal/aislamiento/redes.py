"""Each net judged alone, so that cutting one is reported although the others still hold.

- second net (`visibles_para`): asked as the system, where the row-level policies let everything through;
- third net (policies): asked with raw SQL, where the managers do not exist.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Model

from alcance import como_sistema, con_alcance
from alcance.registro import Clase, clase_de
from sdfi_portal.aislamiento.elenco import ANONIMO, SIN_ROL, TODOS, Elenco
from sdfi_portal.aislamiento.objetos import Objeto

# The policies are coarser than the managers on purpose (security.md §4.1): these see a little more by raw SQL.
# papel → objects; each with its reason.
MAS_ANCHAS: dict[str, frozenset[str]] = {
    SIN_ROL: frozenset({"concepto_sda", "concepto_entidades"}),  # signed in without a membership; no page for them
}


def modelos_inquilinos() -> list[type[Model]]:
    return [m for m in apps.get_models() if clase_de(m) is Clase.INQUILINO]


def sin_objeto(objetos: dict[str, Objeto]) -> list[str]:
    """Tenant models nobody put in the world: a new table without a fixture fails."""
    cubiertos = {type(objeto.fila) for objeto in objetos.values()}
    return [m._meta.label for m in modelos_inquilinos() if m not in cubiertos]


def de_inquilino(objetos: dict[str, Objeto]) -> list[Objeto]:
    """Those with row-level security; what belongs to no tenant is guarded by its pages alone."""
    return [objeto for objeto in objetos.values() if clase_de(type(objeto.fila)) is Clase.INQUILINO]


def segunda_red(elenco: Elenco, objetos: dict[str, Objeto]) -> Iterator[tuple[str, str, bool, bool]]:
    """(papel, object, expected, seen) by the manager alone."""
    for papel in sorted(TODOS):
        alcance = elenco.alcance(papel)
        with como_sistema("juzgar la segunda red sin la tercera"):
            for objeto in de_inquilino(objetos):
                gestor = type(objeto.fila)._default_manager
                visto = gestor.visibles_para(alcance).filter(pk=objeto.fila.pk).exists()
                yield papel, objeto.clave, papel in objeto.ven, visto


def tercera_red(elenco: Elenco, objetos: dict[str, Objeto]) -> Iterator[tuple[str, str, bool, bool]]:
    """(papel, object, expected, seen) by the policies alone."""
    for papel in sorted(TODOS):
        with con_alcance(elenco.alcance(papel)), connection.cursor() as cursor:
            for objeto in de_inquilino(objetos):
                modelo = type(objeto.fila)._meta
                tabla, clave = map(connection.ops.quote_name, (modelo.db_table, modelo.pk.column))
                cursor.execute(f"select 1 from {tabla} where {clave} = %s", [objeto.fila.pk])  # noqa: S608
                ancha = objeto.clave in MAS_ANCHAS.get(papel, ())
                yield papel, objeto.clave, papel in objeto.ven or ancha, cursor.fetchone() is not None


__all__ = ["ANONIMO", "modelos_inquilinos", "segunda_red", "sin_objeto", "tercera_red"]
