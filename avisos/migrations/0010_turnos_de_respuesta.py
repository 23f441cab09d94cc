"""When each automatic answer left: what the brake counts. Nobody reads it but the system."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower

from alcance.migraciones import ActivarRLS


class Migration(migrations.Migration):
    dependencies = [("avisos", "0009_recordatorio_de_la_encuesta")]

    operations = [
        migrations.CreateModel(
            name="TurnoDeRespuesta",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clave", models.CharField(max_length=400, unique=True)),
                ("correo", models.EmailField(max_length=254)),
                ("evento", models.CharField(max_length=60)),
                ("en", models.DateTimeField()),
            ],
            options={
                "verbose_name": "turno de respuesta",
                "verbose_name_plural": "turnos de respuesta",
                "ordering": ["-en", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(correo=Lower(F("correo"))),
                        name="avisos_turno_en_minusculas",
                        violation_error_message="La dirección se guarda en minúsculas.",
                    )
                ],
                "indexes": [
                    models.Index(fields=["correo", "-en"], name="turnos_de_correo"),
                    models.Index(fields=["en"], name="turnos_recientes"),
                ],
            },
        ),
        ActivarRLS("avisos_turnoderespuesta", "false"),
    ]
