"""The address of each line in lower case, with an index that the policies of the rows let be used: `upper` is not
leakproof, so one over it never was."""

from django.db import migrations, models

EN_MINUSCULAS = """
select set_config('app.nivel', 'sistema', true);
update avisos_envio set correo = lower(correo) where correo <> lower(correo);
select set_config('app.nivel', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("avisos", "0007_direcciones_de_correo")]
    operations = [
        migrations.RunSQL(EN_MINUSCULAS, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="envio", name="envios_correo"),
        migrations.AddIndex(model_name="envio", index=models.Index(fields=["correo"], name="envios_de_correo")),
    ]
