"""The link by which whoever asked without an account follows their solicitud. It opens exactly its own row."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower

from alcance.migraciones import ActivarRLS, SinBorrado

POR_ENLACE = "token_sha256 = {token}"


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0031_siguiente_con_su_catalogo")]

    operations = [
        migrations.CreateModel(
            name="EnlacePrivado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("correo", models.EmailField(max_length=254)),
                ("nonce", models.CharField(max_length=32)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("creado_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("revocado_en", models.DateTimeField(blank=True, null=True)),
                (
                    "solicitud",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enlaces_privados",
                        to="solicitudes.solicitud",
                    ),
                ),
            ],
            options={
                "verbose_name": "enlace privado",
                "verbose_name_plural": "enlaces privados",
                "ordering": ["-creado_en", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(revocado_en__isnull=True),
                        fields=("solicitud", "correo"),
                        name="solicitudes_un_enlace_por_correo",
                        violation_error_message="Esa dirección ya tiene un enlace de esta solicitud.",
                    ),
                    models.CheckConstraint(
                        condition=Q(correo=Lower(F("correo"))),
                        name="solicitudes_enlace_en_minusculas",
                        violation_error_message="La dirección se guarda en minúsculas.",
                    ),
                ],
            },
        ),
        ActivarRLS(
            "solicitudes_enlaceprivado",
            f"{POR_ENLACE} or ({{entidad}} is null"
            " and exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id))",
            # Only the system writes.
            "false",
        ),
        SinBorrado("solicitudes_enlaceprivado"),
    ]
