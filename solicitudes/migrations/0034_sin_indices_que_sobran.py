"""Six indexes that every filing and every move wrote and nothing asked (measured at a million, docs/rendimiento.md).

Two begin as another one does, and a third is asked of the parte. The other three are those that Django adds to a
unique text for `LIKE`: nobody searches the beginning of a radicado or of a code.
"""

import django.db.models.deletion
from django.db import migrations, models

PARA_LIKE = (
    ("solicitudes_solicitud", "radicado", "solicitudes_solicitud_radicado_78fd9417_like"),
    ("solicitudes_constanciaradicacion", "radicado", "solicitudes_constanciaradicacion_radicado_50bb455c_like"),
    ("solicitudes_constanciaradicacion", "codigo", "solicitudes_constanciaradicacion_codigo_7eded764_like"),
)


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0013_hasta_donde_llega_un_acuerdo"), ("solicitudes", "0033_remitente")]
    operations = [
        migrations.AlterField(
            model_name="parte",
            name="dependencia",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="partes",
                to="direcciones.dependencia",
            ),
        ),
        migrations.AlterField(
            model_name="solicitud",
            name="entidad",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="solicitudes",
                to="direcciones.entidad",
            ),
        ),
        migrations.AlterField(
            model_name="solicitud",
            name="modalidad",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="direcciones.modalidad",
            ),
        ),
        *(
            migrations.RunSQL(
                f"drop index if exists {indice};", f"create index {indice} on {tabla} ({campo} varchar_pattern_ops);"
            )
            for tabla, campo, indice in PARA_LIKE
        ),
    ]
