"""What came back of each mail, and of which addresses nothing arrives. Only the system reads and writes it; nothing of
it is deleted."""

import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Lower

from alcance.migraciones import ActivarRLS, SinBorrado


class Migration(migrations.Migration):
    dependencies = [("avisos", "0006_libro_al_dia")]
    operations = [
        migrations.CreateModel(
            name="DireccionCorreo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("correo", models.EmailField(max_length=254, unique=True)),
                (
                    "estado",
                    models.CharField(
                        choices=[("buena", "Recibe"), ("dudosa", "Ha rebotado"), ("mala", "No se le escribe")],
                        default="buena",
                        max_length=6,
                    ),
                ),
                (
                    "causa",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rebote", "los correos rebotan"),
                            ("queja", "quien los recibe los marcó como no deseados"),
                        ],
                        max_length=6,
                    ),
                ),
                ("codigo", models.CharField(blank=True, max_length=20)),
                ("detalle", models.CharField(blank=True, max_length=500)),
                ("blandas", models.PositiveSmallIntegerField(default=0, verbose_name="rebotes pasajeros seguidos")),
                (
                    "desde",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="en ese estado desde"),
                ),
                ("resuelta_en", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "dirección de correo",
                "verbose_name_plural": "direcciones de correo",
                "ordering": ["-desde", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("estado", "mala")), fields=["-desde", "-id"], name="direcciones_malas"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("correo", Lower(models.F("correo")))),
                        name="avisos_direccion_en_minusculas",
                        violation_error_message="La dirección se guarda en minúsculas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("estado", "mala"), models.Q(("causa", ""), _negated=True)),
                            models.Q(models.Q(("estado", "mala"), _negated=True), ("causa", "")),
                            _connector="OR",
                        ),
                        name="avisos_direccion_mala_dice_por_que",
                        violation_error_message="Diga por qué no se le escribe.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventoCorreo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("huella", models.CharField(max_length=64, unique=True)),
                ("origen", models.CharField(max_length=20)),
                (
                    "tipo",
                    models.CharField(
                        choices=[
                            ("entregado", "Llegó"),
                            ("duro", "Rebotó: la dirección no recibe"),
                            ("blando", "Rebotó: hoy no recibe"),
                            ("queja", "Lo marcó como no deseado"),
                            ("rechazo", "No lo dejaron pasar"),
                            ("otro", "Sin clasificar"),
                        ],
                        max_length=10,
                    ),
                ),
                ("correo", models.EmailField(blank=True, max_length=254)),
                ("mensaje_id", models.CharField(blank=True, max_length=300)),
                ("codigo", models.CharField(blank=True, max_length=20)),
                ("detalle", models.CharField(blank=True, max_length=500)),
                ("en", models.DateTimeField()),
                ("recibido_en", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "evento de correo",
                "verbose_name_plural": "eventos de correo",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["correo", "-en"], name="eventos_correo")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("correo", Lower(models.F("correo")))),
                        name="avisos_evento_correo_en_minusculas",
                        violation_error_message="La dirección se guarda en minúsculas.",
                    )
                ],
            },
        ),
        ActivarRLS("avisos_direccioncorreo", "false"),
        ActivarRLS("avisos_eventocorreo", "false"),
        SinBorrado("avisos_direccioncorreo", "avisos_eventocorreo"),
    ]
