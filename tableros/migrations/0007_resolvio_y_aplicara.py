"""Two measures more of a survey: who said that it solved their need, and that they can use it (docs/decisiones/0018).

The functions are those of 0003: wherever they name `calidad`, these two go after it. Who is writing ends first; what
was there before is filled by 0008, while people work.
"""

import re
from importlib import import_module

from django.db import migrations, models

_ANTES = import_module("tableros.migrations.0003_disparadores")
NUEVAS = ("resolvio", "aplicara")


def _con(texto: str, patron: str, por: str) -> str:
    """After each `patron` (which names `calidad`), the same of the new ones."""
    return re.sub(patron, lambda m: m[0] + "".join(por.format(*m.groups(""), n=n) for n in NUEVAS), texto)


def _mas(texto: str) -> str:
    texto = _con(texto, r"sum\(signo \* calidad\)(?! <>)", ", sum(signo * {n})")
    texto = _con(texto, r"sum\(signo \* calidad\) <> 0", " or sum(signo * {n}) <> 0")
    texto = _con(texto, r"\b0 as calidad\b", ", 0 as {n}")
    return _con(texto, r"(?<!\* )(?<!0 as )(\b[a-z]\.)?\bcalidad\b", ", {0}{n}")


def _parte(nombre: str) -> str:
    """How 0003 makes a function or the view."""
    (hallada,) = [p for p in re.split(r"\n(?=create )", _ANTES.CREAR) if p.startswith(f"create {nombre}")]
    return hallada


FUNCIONES = [_parte(f"function tableros_{nombre}()") for nombre in ("partes", "encuestas", "sectores")]
VISTA = _parte("view tableros_hechos")
# In the order of who answers, and before the table that both triggers write.
ESPERAR = "lock table encuestas_encuesta, solicitudes_parte in share row exclusive mode;"
CELDAS = f"""
create function tableros_celdas_de_encuesta(
    creada_en timestamptz, respondida_en timestamptz, oportunidad int, pertinencia int, calidad int, resolvio text,
    aplicara text, entidad bigint
) returns table (familia text, periodo date, clave bigint, {
    ", ".join(f"{m} int" for m in (*_ANTES.DE_ENCUESTA, *NUEVAS))
})
language sql immutable as $$
    select f.familia, tableros_mes(creada_en), f.clave, 1, (respondida_en is not null)::int,
           coalesce(oportunidad, 0), coalesce(pertinencia, 0), coalesce(calidad, 0),
           (respondida_en is not null and resolvio = 'si')::int, (respondida_en is not null and aplicara = 'si')::int
    from (values ('mes', 0::bigint), ('entidad', entidad)) f (familia, clave)
$$;
"""


def _o_cambiar(funcion: str) -> str:
    return funcion.replace("create function", "create or replace function")


CAMBIAR = "\n".join(
    (
        "drop view tableros_hechos; drop function tableros_celdas_de_encuesta;",
        CELDAS,
        _mas(VISTA),
        *(_o_cambiar(_mas(funcion)) for funcion in FUNCIONES),
    )
)
VOLVER = "\n".join(
    (
        "drop view tableros_hechos; drop function tableros_celdas_de_encuesta;",
        _parte("function tableros_celdas_de_encuesta"),
        VISTA,
        *(_o_cambiar(funcion) for funcion in FUNCIONES),
    )
)


def _campo(modelo: str, medida: str) -> migrations.AddField:
    return migrations.AddField(modelo, medida, models.IntegerField(db_default=0))


class Migration(migrations.Migration):
    dependencies = [("tableros", "0006_inversiones_sin_motivo"), ("encuestas", "0003_indices")]
    operations = [
        migrations.RunSQL(ESPERAR, migrations.RunSQL.noop),
        *(_campo(modelo, medida) for modelo in ("resumen", "delta") for medida in NUEVAS),
        migrations.RunSQL(CAMBIAR, VOLVER),
        migrations.RunSQL(migrations.RunSQL.noop, ESPERAR),
    ]
