"""What counts as attended is each parte's own criterion (docs/decisiones/0024): on time is by its instant of attention,
unless what was delivered was annulled; and what was attended on time and is still open is past its day for nobody.

`atendida` counts, by their last day, the open ones that were attended on time: who says the overdue takes them away.
The functions are those of 0007, and what they say of what is there does not change: nobody had another criterion.
"""

from importlib import import_module
from typing import Any

from django.db import migrations, models

from alcance import como_sistema

_ANTES = import_module("tableros.migrations.0003_disparadores")
_MEDIDAS = import_module("tableros.migrations.0007_resolvio_y_aplicara")
_MAS, _PARTE, _O_CAMBIAR = _MEDIDAS._mas, _MEDIDAS._parte, _MEDIDAS._o_cambiar

LLAMADA = "p.entidad_id, p.tema_id, p.modalidad_id, p.asesor_id)"
VISTA = _MAS(_MEDIDAS.VISTA)
PARTES = _MAS(_PARTE("function tableros_partes()"))
A_TIEMPO = "(sin_efecto_en is null and (atencion_en at time zone 'America/Bogota')::date <= vence)"
CELDAS = _PARTE("function tableros_celdas_de_parte")
CELDAS_CON_ATENCION = (
    CELDAS.replace(
        "tema bigint, modalidad bigint, asesor bigint\n",
        "tema bigint, modalidad bigint, asesor bigint, atencion_en timestamptz, sin_efecto_en timestamptz\n",
    )
    .replace("((prestada_en at time zone 'America/Bogota')::date <= vence)::int", f"coalesce({A_TIEMPO}, false)::int")
    .replace(
        "    where estado in ('en_cola', 'asignada', 'en_atencion', 'en_complemento')\n",
        "    where estado in ('en_cola', 'asignada', 'en_atencion', 'en_complemento')\n"
        "    union all\n"
        "    select 'atendida', vence, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0\n"
        f"    where estado in ('en_cola', 'asignada', 'en_atencion', 'en_complemento') and {A_TIEMPO}\n",
    )
)
NUEVA = CELDAS_CON_ATENCION.count("atencion_en") == 3 and CELDAS_CON_ATENCION.count("'atendida', vence") == 1
assert NUEVA, "la función de 0003 no es la que se esperaba"


def _llamando(texto: str) -> str:
    assert LLAMADA in texto, "0003 ya no llama así"
    return texto.replace(LLAMADA, f"{LLAMADA[:-1]}, p.atencion_en, p.sin_efecto_en)")


# In the order of who answers, and before the table that both triggers write.
ESPERAR = "lock table solicitudes_parte in share row exclusive mode;"
QUITAR = "drop view tableros_hechos; drop function tableros_celdas_de_parte;"
CAMBIAR = "\n".join((QUITAR, CELDAS_CON_ATENCION, _llamando(VISTA), _O_CAMBIAR(_llamando(PARTES))))
VOLVER = "\n".join((QUITAR, CELDAS, VISTA, _O_CAMBIAR(PARTES)))
# Those that were annulled before anybody wrote when they lost effect: few, and counted as any other change.
ANULADAS = """
update solicitudes_parte p set sin_efecto_en = c.anulado_en from conceptos_concepto c
where c.parte_id = p.id and c.anulado_en is not null and p.prestada_en is not null and p.sin_efecto_en is null
  and p.resultado = 'Concepto ' || c.numero || ' (anulado)'
"""


def anuladas(apps: Any, editor: Any) -> None:
    with como_sistema("decir desde cuándo no vale lo anulado"), editor.connection.cursor() as cursor:
        cursor.execute(ANULADAS)


FAMILIAS = [
    ("mes", "Mes"),
    ("entidad", "Entidad"),
    ("tema", "Tema"),
    ("modalidad", "Modalidad"),
    ("recibo", "Recibo"),
    ("vence", "Vence"),
    ("atendida", "Atendida"),
    ("asesor", "Asesor"),
    ("siempre", "Siempre"),
]


def _familia(modelo: str) -> migrations.AlterField:
    return migrations.AlterField(modelo, "familia", models.CharField(choices=FAMILIAS, max_length=10))


class Migration(migrations.Migration):
    dependencies = [
        ("tableros", "0008_llenar_resolvio_y_aplicara"),
        ("solicitudes", "0024_atencion_de_lo_anterior"),
        ("conceptos", "0007_por_revisar"),
    ]
    operations = [
        migrations.RunSQL(ESPERAR, migrations.RunSQL.noop),
        migrations.RunSQL(CAMBIAR, VOLVER),
        _familia("resumen"),
        _familia("delta"),
        migrations.RunPython(anuladas, migrations.RunPython.noop),
    ]
