"""Tables and columns that the register reads: search index, saved views, medium and products of the last session."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("direcciones", "0004_membresias_terminadas"),
        ("solicitudes", "0008_productos_de_la_sesion"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="parte",
            name="medio",
            field=models.CharField(blank=True, default="", db_default="", max_length=12),
        ),
        migrations.AddField(
            model_name="parte",
            name="productos",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, default=list, db_default=[], size=None
            ),
        ),
        migrations.CreateModel(
            name="IndiceBusqueda",
            fields=[
                (
                    "solicitud",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="indice",
                        serialize=False,
                        to="solicitudes.solicitud",
                    ),
                ),
                (
                    "entidad",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="direcciones.entidad",
                    ),
                ),
                ("recibido_en", models.DateTimeField()),
                (
                    "dependencias",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "responsables",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("radicada_por_id", models.BigIntegerField(null=True)),
                ("registrada_por_id", models.BigIntegerField(null=True)),
                ("reservada", models.BooleanField()),
                ("texto", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "índice de búsqueda",
                "verbose_name_plural": "índices de búsqueda",
            },
        ),
        migrations.CreateModel(
            name="Vista",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nombre", models.CharField(max_length=60)),
                ("consulta", models.CharField(blank=True, max_length=2000)),
                (
                    "predeterminada",
                    models.BooleanField(default=False, verbose_name="se abre al entrar al registro"),
                ),
                ("creada_en", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "dependencia",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="direcciones.dependencia",
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vistas",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "vista guardada",
                "verbose_name_plural": "vistas guardadas",
                "ordering": ["nombre", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dependencia__isnull", False)),
                        fields=["dependencia"],
                        name="vistas_compartidas",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("persona", "nombre"),
                        name="solicitudes_vista_nombre",
                        violation_error_message="Ya tiene una vista con ese nombre. Escriba otro.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("predeterminada", True)),
                        fields=("persona",),
                        name="solicitudes_vista_predeterminada",
                    ),
                ],
            },
        ),
    ]
