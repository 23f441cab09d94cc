"""The starts that are kept (`tableros_inicio`) against those of the history: a part of the recount."""

from django.db import connection

# The same lines that the triggers take (migration 0010).
DEBIDOS = """
select m.id as movimiento_id, p.id as parte_id, (m.datos #>> '{lugar,de,0}')::bigint as dependencia_id, p.entidad_id,
       p.reservada, m.en
from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id and p.solicitud_id = m.solicitud_id
where (m.accion in ('tomar', 'empezar') or (m.accion = 'asignar' and m.persona_id is not null)) and m.datos ? 'lugar'
"""
COLUMNAS = "movimiento_id, parte_id, dependencia_id, entidad_id, reservada, en"
_FALTAN = f"select * from ({DEBIDOS}) debidos except select {COLUMNAS} from tableros_inicio"  # noqa: S608 our own
_SOBRAN = f"select {COLUMNAS} from tableros_inicio except {DEBIDOS}"  # noqa: S608 our own
_CUANTOS = f"""
select dependencia_id, count(*) from ({_FALTAN}) x group by 1
union all select dependencia_id, -count(*) from ({_SOBRAN}) x group by 1 order by 1, 2
"""  # noqa: S608 our own
_QUITAR = f"delete from tableros_inicio where movimiento_id in (select movimiento_id from ({_SOBRAN}) x)"  # noqa: S608
_PONER = f"insert into tableros_inicio ({COLUMNAS}) {_FALTAN}"


def diferencias_de_inicios(*, aplicar: bool) -> list[tuple[int, int]]:
    """(dependencia, how many are missing; negative: how many there are too many), mended too with `aplicar`."""
    with connection.cursor() as cursor:
        cursor.execute(_CUANTOS)
        diferencias = cursor.fetchall()
        if aplicar and diferencias:
            cursor.execute(_QUITAR)
            cursor.execute(_PONER)
    return list(diferencias)
