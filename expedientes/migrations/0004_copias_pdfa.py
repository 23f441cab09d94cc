import django.db.models.deletion
from django.db import migrations, models

from alcance.migraciones import ActivarRLS, SoloAnexar

# As the other tables of the expediente (migration 0002).
POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
VER = f"{{entidad}} is null and ({{rol}} <> '' or {{nivel}} <> '') and {POR_SOLICITUD}"


class Migration(migrations.Migration):
    dependencies = [("expedientes", "0003_indice_xml"), ("solicitudes", "0002_alcance")]
    operations = [
        migrations.CreateModel(
            name="CopiaPdfa",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ruta", models.CharField(blank=True, max_length=300)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("motivo_sin", models.CharField(blank=True, max_length=200, verbose_name="por qué no la hay")),
                ("hecha_en", models.DateTimeField()),
                (
                    "documento",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pdfa", to="expedientes.documento"
                    ),
                ),
                (
                    "solicitud",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="solicitudes.solicitud"
                    ),
                ),
            ],
            options={
                "verbose_name": "copia PDF/A",
                "verbose_name_plural": "copias PDF/A",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("motivo_sin", ""),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                models.Q(("ruta", ""), _negated=True),
                            ),
                            models.Q(models.Q(("motivo_sin", ""), _negated=True), ("ruta", ""), ("sha256", "")),
                            _connector="OR",
                        ),
                        name="expedientes_pdfa_o_por_que_no",
                        violation_error_message="Hay copia, o se dice por qué no.",
                    )
                ],
            },
        ),
        ActivarRLS("expedientes_copiapdfa", VER, "false"),
        SoloAnexar("expedientes_copiapdfa"),
    ]
