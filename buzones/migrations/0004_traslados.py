"""Petitions sent to who is competent, and liaisons that wait for their entity, with their third net."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from alcance.migraciones import ActivarRLS, SinBorrado

NADIE = "false"
# Work of the SDFI, of whoever sees the message.
TRASLADO = "{entidad} is null and exists (select 1 from buzones_correo c where c.id = correo_id)"
PROPUESTA = (
    "{nivel} in ('todas', 'auditor') or {rol} = 'ventanilla'"
    " or ({rol} = 'admin_entidad' and entidad_id = {entidad})"
    " or ({entidad} is null and pedida_por_id = {persona})"
)
# Where the citizens of Bogotá ask. It has no mailbox that takes petitions: they are filed there by hand.
SEMBRAR = """
insert into buzones_canalexterno (nombre, correo, url, nota, desde) values (
    'Bogotá te escucha', '', 'https://bogota.gov.co/sdqs/',
    'Peticiones, quejas, reclamos y sugerencias de la ciudadanía, para cualquier entidad del Distrito.', '2024-01-01'
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("buzones", "0003_conciliacion"),
        ("cuentas", "0002_alcance"),
        ("direcciones", "0013_hasta_donde_llega_un_acuerdo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CanalExterno",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desde", models.DateField(default=django.utils.timezone.localdate, verbose_name="vigente desde")),
                (
                    "hasta",
                    models.DateField(
                        blank=True, help_text="Vacío: sigue vigente.", null=True, verbose_name="vigente hasta"
                    ),
                ),
                ("nombre", models.CharField(max_length=120, unique=True)),
                (
                    "correo",
                    models.EmailField(
                        blank=True,
                        help_text="Vacío: se radica allí a mano y aquí se escribe el número que den.",
                        max_length=254,
                    ),
                ),
                ("url", models.URLField(blank=True, verbose_name="página")),
                ("nota", models.CharField(blank=True, max_length=300, verbose_name="qué atiende")),
            ],
            options={
                "verbose_name": "canal externo",
                "verbose_name_plural": "canales externos",
                "ordering": ["nombre"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hasta__isnull", True), ("hasta__gte", models.F("desde")), _connector="OR"
                        ),
                        name="buzones_canalexterno_vigencia",
                        violation_error_message="La vigencia no puede terminar antes de empezar.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correo", ""), ("url", ""), _negated=True),
                        name="buzones_canal_con_donde",
                        violation_error_message="Escriba el correo o la página del canal.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PropuestaEnlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nombre", models.CharField(max_length=150, verbose_name="nombre completo")),
                ("cargo", models.CharField(blank=True, max_length=150)),
                ("correo_propuesto", models.EmailField(max_length=254, verbose_name="correo institucional")),
                ("telefono", models.CharField(blank=True, max_length=40, verbose_name="teléfono")),
                (
                    "estado",
                    models.CharField(
                        choices=[
                            ("por_confirmar", "Espera a la entidad"),
                            ("confirmada", "Confirmada"),
                            ("rechazada", "Rechazada"),
                            ("vencida", "Nadie la confirmó"),
                        ],
                        default="por_confirmar",
                        max_length=14,
                    ),
                ),
                ("pedida_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("vence", models.DateField()),
                ("decidida_en", models.DateTimeField(blank=True, null=True)),
                ("evidencia", models.CharField(blank=True, max_length=300)),
                ("motivo", models.CharField(blank=True, max_length=300, verbose_name="motivo del rechazo")),
                (
                    "correo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="propuestas",
                        to="buzones.correo",
                    ),
                ),
                (
                    "decidida_por",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entidad",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="direcciones.entidad"
                    ),
                ),
                (
                    "invitacion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cuentas.invitacion",
                    ),
                ),
                (
                    "pedida_por",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reemplaza",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="direcciones.membresia",
                    ),
                ),
            ],
            options={
                "verbose_name": "propuesta de enlace",
                "verbose_name_plural": "propuestas de enlace",
                "ordering": ["-pedida_en", "-id"],
                "indexes": [
                    models.Index(fields=["entidad", "-pedida_en"], name="propuestas_de_entidad"),
                    models.Index(
                        condition=models.Q(("estado", "por_confirmar")), fields=["vence"], name="propuestas_abiertas"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("entidad"),
                        django.db.models.functions.text.Lower("correo_propuesto"),
                        condition=models.Q(("estado", "por_confirmar")),
                        name="buzones_una_propuesta_abierta",
                        violation_error_message="La entidad ya tiene por confirmar a esa persona.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decidida_en__isnull", True),
                                ("estado", "por_confirmar"),
                                ("invitacion__isnull", True),
                                ("motivo", ""),
                            ),
                            models.Q(
                                ("decidida_en__isnull", False),
                                ("estado", "confirmada"),
                                ("invitacion__isnull", False),
                                ("motivo", ""),
                            ),
                            models.Q(
                                ("decidida_en__isnull", False),
                                ("estado", "rechazada"),
                                ("invitacion__isnull", True),
                                models.Q(("motivo", ""), _negated=True),
                            ),
                            models.Q(
                                ("decidida_en__isnull", True),
                                ("estado", "vencida"),
                                ("invitacion__isnull", True),
                                ("motivo", ""),
                            ),
                            _connector="OR",
                        ),
                        name="buzones_propuesta_decidida",
                        violation_error_message="Lo que se decidió dice cuándo, y a quién se invitó o por qué no.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Traslado",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.CharField(max_length=500)),
                ("numero_externo", models.CharField(blank=True, max_length=60, verbose_name="número en ese canal")),
                ("pedido_en", models.DateTimeField(default=django.utils.timezone.now)),
                ("vence", models.DateField()),
                ("enviado_en", models.DateTimeField(blank=True, null=True)),
                ("con_copia", models.CharField(blank=True, max_length=320, verbose_name="copia a")),
                ("tardio", models.BooleanField(default=False)),
                ("retirado_en", models.DateTimeField(blank=True, null=True)),
                (
                    "canal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="traslados",
                        to="buzones.canalexterno",
                    ),
                ),
                (
                    "correo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="traslados", to="buzones.correo"
                    ),
                ),
                (
                    "pedido_por",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retirado_por",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "traslado de una petición",
                "verbose_name_plural": "traslados de peticiones",
                "ordering": ["-pedido_en", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("enviado_en__isnull", True), ("retirado_en__isnull", True)),
                        fields=["vence"],
                        name="traslados_por_salir",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retirado_en__isnull", True)),
                        fields=("correo",),
                        name="buzones_un_traslado",
                        violation_error_message="Esa petición ya se trasladó.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("enviado_en__isnull", True), ("retirado_en__isnull", True), _connector="OR"
                        ),
                        name="buzones_traslado_un_final",
                        violation_error_message="Lo que ya salió no se retira.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("motivo", ""), _negated=True),
                        name="buzones_traslado_con_motivo",
                        violation_error_message="Un traslado dice por qué.",
                    ),
                ],
            },
        ),
        ActivarRLS("buzones_traslado", TRASLADO, NADIE),
        ActivarRLS("buzones_propuestaenlace", PROPUESTA, NADIE),
        SinBorrado("buzones_canalexterno", "buzones_traslado", "buzones_propuestaenlace"),
        migrations.RunSQL(SEMBRAR, migrations.RunSQL.noop),
    ]
