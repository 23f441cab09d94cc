"""A sealed copy that could not be made says so, and why. Checked for what exists without stopping who works."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

NOMBRE = "expedientes_copia_fallida"


class Migration(migrations.Migration):
    atomic = False  # each in its own transaction: the lock that stops everybody is not held while all rows are read
    dependencies = [("expedientes", "0004_copias_pdfa")]
    operations = [
        migrations.AddField(
            model_name="copia",
            name="fallida_en",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="copia",
            name="porque",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=500, verbose_name="por qué no se hizo"
            ),
        ),
        AddConstraintNotValid(
            "copia",
            models.CheckConstraint(
                name=NOMBRE,
                condition=Q(fallida_en__isnull=True, porque="")
                | Q(fallida_en__isnull=False, hecha_en__isnull=True) & ~Q(porque=""),
                violation_error_message="Una copia que no se pudo hacer dice por qué.",
            ),
        ),
        ValidateConstraint("copia", NOMBRE),
    ]
