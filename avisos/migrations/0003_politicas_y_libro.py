"""Which event tells whom, how each wants it, and the ledger of what left."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("avisos", "0002_alcance"),
        ("direcciones", "0006_acuerdos_y_ausencias"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Envio",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clave", models.CharField(max_length=300, unique=True)),
                ("evento", models.CharField(blank=True, max_length=60)),
                ("correo", models.EmailField(blank=True, max_length=254)),
                ("nombre", models.CharField(blank=True, max_length=150)),
                ("solicitud_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "dependencias",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "canal",
                    models.CharField(
                        choices=[
                            ("correo", "Correo"),
                            ("resumen", "Resumen del día"),
                            ("portal", "Solo en el portal"),
                        ],
                        default="correo",
                        max_length=8,
                    ),
                ),
                ("debido_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("encolado_en", models.DateTimeField(blank=True, null=True)),
                (
                    "entregado_en",
                    models.DateTimeField(blank=True, null=True, verbose_name="entregado al servidor de correo"),
                ),
                (
                    "desenlace",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("entregado", "Entregado"),
                            ("rebotado", "Rebotado"),
                            ("quejado", "Marcado como no deseado"),
                            ("rechazado", "Rechazado"),
                            ("descartado", "Descartado"),
                        ],
                        max_length=10,
                    ),
                ),
                ("desenlace_en", models.DateTimeField(blank=True, null=True)),
                ("leido_en", models.DateTimeField(blank=True, null=True)),
                ("mensaje_id", models.CharField(blank=True, max_length=300)),
                ("motivo", models.CharField(blank=True, max_length=200, verbose_name="por qué no salió")),
                (
                    "aviso",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="envios",
                        to="avisos.aviso",
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="envios",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reenvio_de",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reenvios",
                        to="avisos.envio",
                    ),
                ),
            ],
            options={
                "verbose_name": "envío",
                "verbose_name_plural": "envíos",
                "ordering": ["-debido_en", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("solicitud_id__isnull", False)),
                        fields=["solicitud_id"],
                        name="envios_solicitud",
                    ),
                    models.Index(
                        condition=models.Q(("mensaje_id", ""), _negated=True),
                        fields=["mensaje_id"],
                        name="envios_mensaje",
                    ),
                    models.Index(
                        condition=models.Q(("canal", "resumen"), ("desenlace", ""), ("encolado_en__isnull", True)),
                        fields=["persona", "debido_en"],
                        name="envios_por_resumir",
                    ),
                    models.Index(fields=["-debido_en", "-id"], name="envios_recientes"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desenlace", ""), ("desenlace_en__isnull", True)),
                            models.Q(models.Q(("desenlace", ""), _negated=True), ("desenlace_en__isnull", False)),
                            _connector="OR",
                        ),
                        name="avisos_envio_desenlace",
                        violation_error_message="Un desenlace dice cuándo fue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entregado_en__isnull", True), ("encolado_en__isnull", False), _connector="OR"
                        ),
                        name="avisos_envio_en_orden",
                        violation_error_message="Nada se entrega sin haberse puesto antes en la bandeja.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoliticaAviso",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desde", models.DateField(default=django.utils.timezone.localdate, verbose_name="vigente desde")),
                (
                    "hasta",
                    models.DateField(
                        blank=True, help_text="Vacío: sigue vigente.", null=True, verbose_name="vigente hasta"
                    ),
                ),
                ("evento", models.CharField(max_length=60)),
                (
                    "reloj",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("obliga", "La fecha que obliga"),
                            ("ans", "El acuerdo de nivel de servicio"),
                            ("legal", "El término legal"),
                            ("complemento", "El plazo para completar la información"),
                            ("encuesta", "La encuesta"),
                        ],
                        max_length=12,
                        verbose_name="se cuenta con",
                    ),
                ),
                ("dias", models.SmallIntegerField(blank=True, null=True, verbose_name="días hábiles")),
                (
                    "a_quien",
                    models.CharField(
                        choices=[
                            ("responsable", "Quien atiende"),
                            ("jefatura", "Quien dirige la dependencia"),
                            ("direccion", "Quien dirige la dirección"),
                            ("entidad", "La entidad"),
                            ("subsecretaria", "La subsecretaría"),
                            ("administracion", "Quien administra el portal"),
                        ],
                        max_length=14,
                        verbose_name="a quién",
                    ),
                ),
                (
                    "canal",
                    models.CharField(
                        choices=[("correo", "Correo y portal"), ("portal", "Solo en el portal")],
                        default="correo",
                        max_length=8,
                        verbose_name="por dónde",
                    ),
                ),
                ("activa", models.BooleanField(default=True)),
                (
                    "dependencia",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vacía: todas.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="politicas",
                        to="direcciones.dependencia",
                    ),
                ),
            ],
            options={
                "verbose_name": "política de avisos",
                "verbose_name_plural": "políticas de avisos",
                "ordering": ["evento", "dias", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hasta__isnull", True), ("hasta__gte", models.F("desde")), _connector="OR"
                        ),
                        name="avisos_politicaaviso_vigencia",
                        violation_error_message="La vigencia no puede terminar antes de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dias__isnull", True), ("reloj", "")),
                            models.Q(models.Q(("reloj", ""), _negated=True), ("dias__isnull", False)),
                            _connector="OR",
                        ),
                        name="avisos_politica_reloj_con_dias",
                        violation_error_message="Diga con qué fecha se cuenta y cuántos días, o ninguna de las dos cosas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dias__isnull", True), models.Q(("dias__gte", -30), ("dias__lte", 30)), _connector="OR"
                        ),
                        name="avisos_politica_dias",
                        violation_error_message="Un recordatorio sale a 30 días hábiles o menos de su fecha.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("hasta__isnull", True)),
                        fields=("dependencia", "evento", "reloj", "dias", "a_quien"),
                        name="avisos_politica_unica",
                        nulls_distinct=False,
                        violation_error_message="Ese aviso ya está en la política.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreferenciaAviso",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grupo", models.CharField(max_length=40)),
                (
                    "modo",
                    models.CharField(
                        choices=[
                            ("al_momento", "Un correo en cuanto pasa"),
                            ("resumen", "Un solo correo cada día hábil a las 8:00"),
                            ("portal", "Sin correo: solo en el portal"),
                        ],
                        default="al_momento",
                        max_length=10,
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preferencias_de_avisos",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "preferencia de avisos",
                "verbose_name_plural": "preferencias de avisos",
                "ordering": ["persona", "grupo"],
                "constraints": [
                    models.UniqueConstraint(fields=("persona", "grupo"), name="avisos_preferencia_unica"),
                    models.CheckConstraint(
                        condition=models.Q(("modo__in", ["al_momento", "resumen", "portal"])),
                        name="avisos_preferencia_modo",
                        violation_error_message="Elija cómo quiere recibir esos avisos.",
                    ),
                ],
            },
        ),
    ]
