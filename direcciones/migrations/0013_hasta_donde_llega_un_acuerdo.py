"""An agreement has a most, and a dependencia may promise only what is its own: la Imprenta (domain.md §4.1).

What was promised above it stays as it was written: the database refuses it from now on."""

import django.core.validators
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

PASA = "Un acuerdo es a lo sumo de 365 días hábiles: escriba un número menor."


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0012_responde")]
    operations = [
        migrations.AddField(
            "dependencia",
            "hereda_acuerdos",
            models.BooleanField(
                db_default=True, default=True, verbose_name="rigen en ella los acuerdos de servicio de la dirección"
            ),
        ),
        migrations.RunSQL(
            "update direcciones_dependencia set hereda_acuerdos = false where codigo = 'IMPR'",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "acuerdoservicio",
            "dias",
            models.PositiveSmallIntegerField(
                validators=[django.core.validators.MaxValueValidator(365, PASA)], verbose_name="días hábiles"
            ),
        ),
        AddConstraintNotValid(
            "acuerdoservicio",
            models.CheckConstraint(
                condition=models.Q(dias__lte=365),
                name="direcciones_acuerdo_dias_a_lo_sumo",
                violation_error_message=PASA,
            ),
        ),
    ]
