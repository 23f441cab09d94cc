"""Somebody answered that they are away: it is known of a mail, and says nothing bad of its address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("avisos", "0010_turnos_de_respuesta")]
    operations = [
        migrations.AlterField(
            model_name="eventocorreo",
            name="tipo",
            field=models.CharField(
                choices=[
                    ("entregado", "Llegó"),
                    ("duro", "Rebotó: la dirección no recibe"),
                    ("blando", "Rebotó: hoy no recibe"),
                    ("queja", "Lo marcó como no deseado"),
                    ("rechazo", "No lo dejaron pasar"),
                    ("ausencia", "Respondió que está ausente"),
                    ("otro", "Sin clasificar"),
                ],
                max_length=10,
            ),
        ),
    ]
