"""The clocks of a solicitud, their extension and each counting again. What joins tables that people are using may be
empty: what they write meanwhile does not know it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("direcciones", "0006_acuerdos_y_ausencias"),
        ("solicitudes", "0018_llenar_dias_del_indice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Prorroga",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dias", models.PositiveSmallIntegerField(verbose_name="días hábiles que se agregan")),
                ("motivo", models.TextField()),
                ("pedida_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("vence_nuevo", models.DateField()),
                ("avisada_en", models.DateTimeField(blank=True, null=True)),
                ("tardia", models.BooleanField(default=False, verbose_name="el aviso salió después de vencido")),
            ],
            options={
                "verbose_name": "prórroga",
                "verbose_name_plural": "prórrogas",
                "ordering": ["pedida_en", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reflujo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(unique=True, verbose_name="versión del calendario")),
                ("que", models.CharField(max_length=300, verbose_name="qué cambió")),
                ("pedido_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("terminado_en", models.DateTimeField(blank=True, null=True)),
                ("miradas", models.PositiveIntegerField(default=0)),
                ("cambiadas", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "reflujo",
                "verbose_name_plural": "reflujos",
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="Termino",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reloj",
                    models.CharField(
                        choices=[
                            ("lineamiento", "Lineamiento (10 días)"),
                            ("ans", "Acuerdo de nivel de servicio"),
                            ("legal", "Término legal"),
                        ],
                        max_length=12,
                    ),
                ),
                ("nombre", models.CharField(max_length=120)),
                ("dias", models.PositiveSmallIntegerField(verbose_name="días hábiles")),
                ("inicio", models.CharField(default="recepcion", max_length=16)),
                ("fin", models.CharField(default="entregada", max_length=12)),
                ("empieza_en", models.DateTimeField(blank=True, null=True)),
                ("fecha_efectiva", models.DateField(blank=True, null=True)),
                ("vence", models.DateField(blank=True, null=True)),
                ("vence_en", models.DateTimeField(blank=True, null=True)),
                ("obliga", models.BooleanField(default=False)),
                ("cumplido_en", models.DateTimeField(blank=True, null=True)),
                ("suspensiones", models.JSONField(blank=True, default=list)),
                ("regla", models.JSONField(blank=True, default=dict)),
                ("version_calendario", models.BigIntegerField(blank=True, null=True)),
                ("cerrado", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "término",
                "verbose_name_plural": "términos",
                "ordering": ["parte", "id"],
            },
        ),
        migrations.AddField(
            model_name="parte",
            name="atencion_en",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parte",
            name="criterio",
            field=models.CharField(
                blank=True,
                choices=[
                    ("programada", "Cuando la sesión queda programada"),
                    ("realizada", "Cuando la sesión se realiza"),
                    ("entregada", "Cuando se entrega la respuesta"),
                ],
                max_length=12,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="parte",
            name="programada_en",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parte",
            name="realizada_en",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parte",
            name="sin_efecto_en",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parte",
            name="version_calendario",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="solicitud",
            name="peticion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("documentos", "Petición de documentos o de información"),
                    ("general", "Petición general"),
                    ("consulta", "Consulta"),
                ],
                max_length=12,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="prorroga",
            name="pedida_por",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="prorroga",
            name="solicitud",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="prorrogas", to="solicitudes.solicitud"
            ),
        ),
        migrations.AddField(
            model_name="reflujo",
            name="por",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="termino",
            name="ans",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="direcciones.acuerdoservicio",
            ),
        ),
        migrations.AddField(
            model_name="termino",
            name="parte",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="terminos", to="solicitudes.parte"
            ),
        ),
        migrations.AddField(
            model_name="termino",
            name="solicitud",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="terminos", to="solicitudes.solicitud"
            ),
        ),
        migrations.AddField(
            model_name="prorroga",
            name="termino",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="prorroga", to="solicitudes.termino"
            ),
        ),
        migrations.AddConstraint(
            model_name="reflujo",
            constraint=models.CheckConstraint(
                condition=models.Q(("cambiadas__lte", models.F("miradas"))),
                name="solicitudes_reflujo_cuentas",
                violation_error_message="No pueden cambiar más de las que se miraron.",
            ),
        ),
        migrations.AddIndex(
            model_name="termino",
            index=models.Index(
                condition=models.Q(("cerrado", False)), fields=["vence_en"], name="terminos_por_vencer"
            ),
        ),
        migrations.AddIndex(
            model_name="termino",
            index=models.Index(
                condition=models.Q(("cerrado", False)), fields=["version_calendario"], name="terminos_por_recontar"
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ans__isnull", False), ("reloj", "ans")),
                    models.Q(("ans__isnull", True), ("reloj__in", ["lineamiento", "legal"])),
                    _connector="OR",
                ),
                name="solicitudes_termino_reloj",
                violation_error_message="Solo un acuerdo de nivel de servicio dice de cuál acuerdo es.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reloj", "lineamiento"), _negated=True),
                    models.Q(("dias", 10), ("fin", "entregada"), ("inicio", "recepcion"), ("suspensiones", [])),
                    _connector="OR",
                ),
                name="solicitudes_termino_lineamiento_no_se_estira",
                violation_error_message="El plazo del lineamiento es de 10 días hábiles: ni se amplía ni se suspende.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reloj", "legal"), _negated=True), ("suspensiones", []), _connector="OR"),
                name="solicitudes_termino_legal_no_se_suspende",
                violation_error_message="El término legal solo se amplía: no se suspende.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("empieza_en__isnull", True),
                        ("fecha_efectiva__isnull", True),
                        ("vence__isnull", True),
                        ("vence_en__isnull", True),
                    ),
                    models.Q(
                        ("empieza_en__isnull", False),
                        ("fecha_efectiva__isnull", False),
                        ("vence__gte", models.F("fecha_efectiva")),
                        ("vence__isnull", False),
                        ("vence_en__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="solicitudes_termino_corre",
                violation_error_message="Un término que corre dice desde cuándo y cuándo vence.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.CheckConstraint(
                condition=models.Q(("dias__gte", 1)),
                name="solicitudes_termino_dias",
                violation_error_message="Un término es de un día hábil o más.",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reloj", "lineamiento")),
                fields=("parte",),
                name="solicitudes_termino_un_lineamiento",
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reloj", "legal")), fields=("solicitud",), name="solicitudes_termino_un_legal"
            ),
        ),
        migrations.AddConstraint(
            model_name="termino",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reloj", "ans")), fields=("parte", "ans"), name="solicitudes_termino_un_ans"
            ),
        ),
        migrations.AddConstraint(
            model_name="prorroga",
            constraint=models.CheckConstraint(
                condition=models.Q(("motivo__regex", "\\S")),
                name="solicitudes_prorroga_con_motivo",
                violation_error_message="Escriba por qué se amplía el término.",
            ),
        ),
        migrations.AddConstraint(
            model_name="prorroga",
            constraint=models.CheckConstraint(
                condition=models.Q(("dias__gte", 1)),
                name="solicitudes_prorroga_dias",
                violation_error_message="Una prórroga agrega un día hábil o más.",
            ),
        ),
        migrations.AddConstraint(
            model_name="prorroga",
            constraint=models.CheckConstraint(
                condition=models.Q(("tardia", False), ("avisada_en__isnull", False), _connector="OR"),
                name="solicitudes_prorroga_tardia",
                violation_error_message="Solo es tardía una prórroga cuyo aviso ya salió.",
            ),
        ),
    ]
