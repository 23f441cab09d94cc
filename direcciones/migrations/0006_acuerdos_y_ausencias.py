"""Agreements of service, what counts as attended, and absences."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("direcciones", "0005_series_documentales"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcuerdoServicio",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desde", models.DateField(default=django.utils.timezone.localdate, verbose_name="vigente desde")),
                (
                    "hasta",
                    models.DateField(
                        blank=True, help_text="Vacío: sigue vigente.", null=True, verbose_name="vigente hasta"
                    ),
                ),
                ("etapa", models.CharField(help_text="Por ejemplo: Asignar asesor.", max_length=80)),
                ("dias", models.PositiveSmallIntegerField(verbose_name="días hábiles")),
                (
                    "inicio",
                    models.CharField(
                        choices=[
                            ("recepcion", "La recepción"),
                            ("datos_completos", "La información completa"),
                            ("asignacion", "La asignación"),
                            ("primera_atencion", "La primera atención"),
                            ("realizada", "La sesión realizada"),
                        ],
                        default="recepcion",
                        max_length=16,
                        verbose_name="se cuenta desde",
                    ),
                ),
                (
                    "fin",
                    models.CharField(
                        choices=[
                            ("asignada", "La asignación"),
                            ("programada", "La sesión programada"),
                            ("realizada", "La sesión realizada"),
                            ("entregada", "La respuesta entregada"),
                            ("acta", "El acta"),
                            ("informe", "El informe"),
                        ],
                        default="entregada",
                        max_length=12,
                        verbose_name="hasta",
                    ),
                ),
                (
                    "suspende_en_complemento",
                    models.BooleanField(
                        default=False, verbose_name="se suspende mientras la entidad completa la información"
                    ),
                ),
                ("requisitos", models.TextField(blank=True, verbose_name="qué debe traer la solicitud")),
                ("texto", models.TextField(blank=True, verbose_name="texto que se publica")),
                ("justificacion", models.TextField(blank=True, verbose_name="justificación si pasa de 10 días")),
                (
                    "provisional",
                    models.BooleanField(default=False, verbose_name="provisional hasta que la SDFI lo confirme"),
                ),
                (
                    "dependencia",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acuerdos",
                        to="direcciones.dependencia",
                    ),
                ),
                (
                    "modalidad",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vacía: cualquiera.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acuerdos",
                        to="direcciones.modalidad",
                    ),
                ),
            ],
            options={
                "verbose_name": "acuerdo de nivel de servicio",
                "verbose_name_plural": "acuerdos de nivel de servicio",
                "ordering": ["dependencia", "modalidad", "dias", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hasta__isnull", True), ("hasta__gte", models.F("desde")), _connector="OR"
                        ),
                        name="direcciones_acuerdoservicio_vigencia",
                        violation_error_message="La vigencia no puede terminar antes de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dias__gte", 1)),
                        name="direcciones_acuerdo_dias",
                        violation_error_message="Un acuerdo es de un día hábil o más.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dias__lte", 10), ("justificacion__regex", "\\S"), _connector="OR"),
                        name="direcciones_acuerdo_con_justificacion",
                        violation_error_message="Un acuerdo de más de 10 días hábiles necesita una justificación escrita.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("hasta__isnull", True)),
                        fields=("dependencia", "modalidad", "etapa"),
                        name="direcciones_acuerdo_unico",
                        nulls_distinct=False,
                        violation_error_message="Esa etapa ya tiene un acuerdo vigente en la dependencia.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ausencia",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desde", models.DateField()),
                ("hasta", models.DateField(verbose_name="último día")),
                ("registrada_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("anulada_en", models.DateTimeField(blank=True, null=True)),
                (
                    "encargo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ausencias",
                        to="direcciones.encargo",
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ausencias",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registrada_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "suplente",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suplencias",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "ausencia",
                "verbose_name_plural": "ausencias",
                "ordering": ["-desde", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("anulada_en__isnull", True)),
                        fields=["persona", "desde", "hasta"],
                        name="ausencias_de",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hasta__gte", models.F("desde"))),
                        name="direcciones_ausencia_orden",
                        violation_error_message="Una ausencia no puede terminar antes de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suplente__isnull", True),
                            models.Q(("suplente", models.F("persona")), _negated=True),
                            _connector="OR",
                        ),
                        name="direcciones_ausencia_otro_suplente",
                        violation_error_message="Nadie se reemplaza a sí mismo.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterioAtencion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desde", models.DateField(default=django.utils.timezone.localdate, verbose_name="vigente desde")),
                (
                    "hasta",
                    models.DateField(
                        blank=True, help_text="Vacío: sigue vigente.", null=True, verbose_name="vigente hasta"
                    ),
                ),
                (
                    "criterio",
                    models.CharField(
                        choices=[
                            ("programada", "Cuando la sesión queda programada"),
                            ("realizada", "Cuando la sesión se realiza"),
                            ("entregada", "Cuando se entrega la respuesta"),
                        ],
                        default="entregada",
                        max_length=12,
                        verbose_name="qué cuenta como atención",
                    ),
                ),
                ("norma", models.CharField(max_length=200, verbose_name="quién lo dijo y dónde")),
                (
                    "dependencia",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criterios",
                        to="direcciones.dependencia",
                    ),
                ),
            ],
            options={
                "verbose_name": "criterio de atención",
                "verbose_name_plural": "criterios de atención",
                "ordering": ["dependencia", "-desde"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hasta__isnull", True), ("hasta__gte", models.F("desde")), _connector="OR"
                        ),
                        name="direcciones_criterioatencion_vigencia",
                        violation_error_message="La vigencia no puede terminar antes de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("criterio__in", ["programada", "realizada", "entregada"])),
                        name="direcciones_criterio_conocido",
                        violation_error_message="La atención se cuenta al programar, al realizar o al entregar.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("hasta__isnull", True)),
                        fields=("dependencia",),
                        name="direcciones_criterio_unico",
                        violation_error_message="Esa dependencia ya tiene un criterio vigente. Termínelo antes.",
                    ),
                ],
            },
        ),
    ]
