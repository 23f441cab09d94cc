"""Very many rows, quickly: copies of one solicitud with its parte, made as the administrator of the server."""

from typing import Any

import psycopg2

from tests.soporte.bases import Fabrica

COPIADAS = {
    "solicitudes_solicitud": {
        "id": "1000000 + g",
        "radicado": "'AT-1990-' || lpad(g::text, 7, '0')",
        "clave_radicacion": "gen_random_uuid()",
        "asunto": "'Aplicación de la tabla de retención documental número ' || g",
        "recibido_en": "f.recibido_en - g * interval '1 minute'",
    },
    "solicitudes_parte": {
        "id": "1000000 + g",
        "solicitud_id": "1000000 + g",
        "recibido_en": "f.recibido_en - g * interval '1 minute'",
    },
}

EN_EL_INDICE = {
    "solicitudes_indicebusqueda": {
        "solicitud_id": "1000000 + g",
        "recibido_en": "f.recibido_en - g * interval '1 minute'",
    },
}

SU_HISTORIA = {
    "solicitudes_movimiento": {
        "id": "-g",  # of before
        "persona_id": "(select (array_agg(id order by id))[1 + g % 5] from direcciones_persona)",
        "solicitud_id": "1000000 + g",
        "parte_id": "1000000 + g",
    },
}


def multiplicar(
    fabrica: Fabrica, base: str, cuantas: int, *, con_indice: bool = False, con_historia: bool = False
) -> None:
    """Copy the first solicitud `cuantas` times. Without triggers: nobody looks for words in these, or `con_indice`."""
    conexion = psycopg2.connect(fabrica.postgres.dsn(), dbname=base)
    with conexion, conexion.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        copiadas = COPIADAS | (EN_EL_INDICE if con_indice else {}) | (SU_HISTORIA if con_historia else {})
        for tabla, cambios in copiadas.items():
            nombres = _columnas(cursor, tabla)
            valores = ", ".join(cambios.get(nombre, f'f."{nombre}"') for nombre in nombres)
            cursor.execute(
                f"insert into {tabla} ({', '.join(nombres)}) select {valores} "
                f"from (select * from {tabla} order by 1 limit 1) f, generate_series(1, {cuantas}) g"
            )
    conexion.autocommit = True
    with conexion.cursor() as cursor:
        cursor.execute(f"vacuum analyze {', '.join(copiadas)}")
    conexion.close()


def _columnas(cursor: Any, tabla: str) -> list[str]:
    cursor.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped "
        "and attgenerated = '' and attidentity <> 'a'",
        [tabla],
    )
    return [nombre for (nombre,) in cursor.fetchall()]
