from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0007_resuelto_por")]
    operations = [
        migrations.AddField(
            model_name="actuacion",
            name="productos",
            # The database fills it too: a process with the code of before may still be writing.
            field=models.JSONField(blank=True, default=list, db_default=[]),
        ),
    ]
