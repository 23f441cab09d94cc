"""Every start, in its turn or not, as a row of its own: the board counts them and nothing listed them.

The functions are those of 0003 and 0009, that besides write it. Who is writing ends first; what was before is filled by
0011, while people work.
"""

from importlib import import_module

from django.db import migrations, models

from alcance.migraciones import ActivarRLS

_ANTES = import_module("tableros.migrations.0003_disparadores")
_MEDIDAS = import_module("tableros.migrations.0007_resolvio_y_aplicara")
_ATENCION = import_module("tableros.migrations.0009_atencion")
_ALCANCE = import_module("tableros.migrations.0002_alcance")
_COLUMNAS = """
    select m.id as movimiento_id, p.id as parte_id, (m.datos #>> '{lugar,de,0}')::bigint as dependencia_id,
           p.entidad_id, p.reservada, m.en"""
DEBIDOS = f"""{_COLUMNAS}
    from solicitudes_movimiento m join solicitudes_parte p on p.id = m.parte_id and p.solicitud_id = m.solicitud_id
    where {_ANTES._ES_INICIO}"""  # noqa: S608 our own
INSERTAR = "insert into tableros_inicio (movimiento_id, parte_id, dependencia_id, entidad_id, reservada, en)"
INICIOS = _MEDIDAS._parte("function tableros_inicios()")
PARTES = _ATENCION._llamando(_ATENCION.PARTES)
AL_EMPEZAR = "    -- Whoever moves holds the turn of the tray"
AL_RESERVAR = "        update tableros_inversion i set reservada = n.reservada from nuevas n"


def _antes_de(texto: str, lugar: str, orden: str) -> str:
    assert texto.count(lugar) == 1, "la función de antes no es la que se esperaba"
    return texto.replace(lugar, f"{orden}\n{lugar}")


INICIOS_QUE_SE_LISTAN = _antes_de(
    INICIOS,
    AL_EMPEZAR,
    f"    {INSERTAR}{_COLUMNAS}\n    from nuevas m join solicitudes_parte p on p.id = m.parte_id"
    f"\n    where {_ANTES._ES_INICIO} on conflict do nothing;",
)
# Found by the history of its solicitud: no index of its own to write at each start.
PARTES_CON_INICIOS = _antes_de(
    PARTES,
    AL_RESERVAR,
    "        update tableros_inicio i set reservada = n.reservada\n"
    "        from nuevas n join solicitudes_movimiento m on m.solicitud_id = n.solicitud_id and m.parte_id = n.id\n"
    "        where i.movimiento_id = m.id and i.reservada <> n.reservada;",
)
ESPERAR = "lock table solicitudes_movimiento in share row exclusive mode;"
CAMBIAR = "\n".join(_MEDIDAS._o_cambiar(una) for una in (INICIOS_QUE_SE_LISTAN, PARTES_CON_INICIOS))
VOLVER = "\n".join(_MEDIDAS._o_cambiar(una) for una in (INICIOS, PARTES))


class Migration(migrations.Migration):
    dependencies = [("tableros", "0009_atencion")]
    operations = [
        migrations.CreateModel(
            name="Inicio",
            fields=[
                ("movimiento_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("parte_id", models.BigIntegerField()),
                ("dependencia_id", models.BigIntegerField()),
                ("entidad_id", models.BigIntegerField()),
                ("reservada", models.BooleanField()),
                ("en", models.DateTimeField()),
            ],
            options={
                "verbose_name": "inicio",
                "verbose_name_plural": "inicios",
                "ordering": ["-en", "-movimiento_id"],
                "indexes": [
                    models.Index(
                        fields=["dependencia_id", "-en", "-movimiento_id"],
                        include=["reservada", "entidad_id"],
                        name="inicios_dependencia",
                    ),
                    models.Index(
                        fields=["-en", "-movimiento_id"],
                        include=["dependencia_id", "reservada", "entidad_id"],
                        name="inicios_en",
                    ),
                ],
            },
        ),
        ActivarRLS("tableros_inicio", _ALCANCE.VER, _ALCANCE.NADIE),
        migrations.RunSQL(ESPERAR, migrations.RunSQL.noop),
        migrations.RunSQL(CAMBIAR, VOLVER),
        migrations.RunSQL(migrations.RunSQL.noop, ESPERAR),
    ]
