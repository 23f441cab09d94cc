"""Figures are read by the heads of a dependencia and by oversight, and written by the system alone: the triggers of
0003, the sweep and the recount."""

from django.db import migrations

from alcance.migraciones import ActivarRLS

VER = "{nivel} = 'auditor' or dependencia_id = any({jefaturas}::bigint[]) or ({nivel} = 'todas' and not reservada)"
NADIE = "false"


class Migration(migrations.Migration):
    dependencies = [("tableros", "0001_initial")]
    operations = [
        ActivarRLS("tableros_resumen", VER, NADIE),
        ActivarRLS("tableros_delta", VER, NADIE),
        ActivarRLS("tableros_inversion", VER, NADIE),
    ]
