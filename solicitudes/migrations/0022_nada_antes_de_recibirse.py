"""Nothing is delivered or closed before it is received. Checked for what exists without stopping who works."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import F, Q

NOMBRE = "solicitudes_parte_nada_antes_de_recibirse"


class Migration(migrations.Migration):
    atomic = False  # each in its own transaction: the lock that stops everybody is not held while all rows are read
    dependencies = [("solicitudes", "0021_indices_terminos")]
    operations = [
        AddConstraintNotValid(
            "parte",
            models.CheckConstraint(
                name=NOMBRE,
                condition=(Q(prestada_en__isnull=True) | Q(prestada_en__gte=F("recibido_en")))
                & (Q(cerrada_en__isnull=True) | Q(cerrada_en__gte=F("recibido_en"))),
                violation_error_message="Nada se entrega ni se cierra antes de recibirse.",
            ),
        ),
        ValidateConstraint("parte", NOMBRE),
    ]
