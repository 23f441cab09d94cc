"""The office hours say to everybody how sure they are: where an administrator corrects them is not for the public."""

from django.db import migrations

QUITAR = """
update plazos_horarioatencion set confianza = replace(confianza, ' Se puede corregir en los catálogos.', '')
where confianza like '% Se puede corregir en los catálogos.';
"""


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0008_presentes"), ("plazos", "0003_festivos_y_horario")]
    operations = [migrations.RunSQL(QUITAR, migrations.RunSQL.noop)]
