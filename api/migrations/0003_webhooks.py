import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

EVENTOS = [
    ("solicitud.radicada", "Se radicó una solicitud"),
    ("solicitud.movida", "Una solicitud cambió de estado, de manos o de datos"),
    ("solicitud.respondida", "Se respondió una solicitud"),
    ("solicitud.mensaje", "Se escribió un mensaje en una solicitud"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_alcance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suscripcion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nombre", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=500, verbose_name="dirección")),
                (
                    "eventos",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=EVENTOS, max_length=30), size=None
                    ),
                ),
                (
                    "dependencias",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("nonce", models.CharField(max_length=64)),
                ("activa", models.BooleanField(default=True)),
                ("creada_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("fallas_seguidas", models.PositiveIntegerField(default=0)),
                ("no_antes", models.DateTimeField(blank=True, null=True)),
                ("pausada_en", models.DateTimeField(blank=True, null=True)),
                (
                    "creada_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "integración",
                "verbose_name_plural": "integraciones",
                "ordering": ["nombre", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("url__startswith", "https://")),
                        name="api_suscripcion_https",
                        violation_error_message="La dirección debe empezar por https://.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("eventos__len__gt", 0)),
                        name="api_suscripcion_con_eventos",
                        violation_error_message="Elija al menos un aviso.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntentoWebhook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clave", models.CharField(max_length=60, verbose_name="identificador del aviso")),
                ("evento", models.CharField(max_length=30)),
                ("radicado", models.CharField(blank=True, max_length=20)),
                ("codigo", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="código HTTP")),
                ("ms", models.PositiveIntegerField(default=0, verbose_name="milisegundos")),
                ("error", models.CharField(blank=True, max_length=300)),
                ("en", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "suscripcion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="intentos", to="api.suscripcion"
                    ),
                ),
            ],
            options={
                "verbose_name": "intento de aviso",
                "verbose_name_plural": "intentos de aviso",
                "ordering": ["-en", "-id"],
                "indexes": [
                    models.Index(fields=["suscripcion", "-en", "-id"], name="api_intentos_de_una"),
                    models.Index(fields=["en"], name="api_intentos_por_borrar"),
                ],
            },
        ),
    ]
