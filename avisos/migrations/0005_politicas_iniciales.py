"""The policy that was written in the code, as rows: who is reminded of each date, and how long before or after."""

from datetime import date
from typing import Any

from django.db import migrations, models

DESDE = date(2026, 1, 1)
# Event, clock, business days (below zero, before it), to whom.
INICIALES = (
    ("solicitudes.por_vencer", "obliga", -5, "responsable"),
    ("solicitudes.por_vencer", "obliga", -2, "responsable"),
    ("solicitudes.por_vencer", "obliga", 0, "responsable"),
    ("solicitudes.vencida", "obliga", 1, "jefatura"),
    ("solicitudes.vencida", "obliga", 3, "direccion"),
    ("solicitudes.sin_asignar", "recepcion", 2, "jefatura"),
    ("solicitudes.falta_complemento", "complemento", -2, "entidad"),
    ("solicitudes.falta_complemento", "complemento", 0, "entidad"),
    ("solicitudes.por_vencer", "ans", 0, "responsable"),
    ("solicitudes.vencida", "ans", 1, "jefatura"),
    ("solicitudes.por_vencer", "legal", -2, "responsable"),
    ("solicitudes.por_vencer", "legal", 0, "responsable"),
    ("solicitudes.vencida", "legal", 1, "jefatura"),
)

# What comes round every year (avisos/ciclos.py): event and rule. To the heads of whose it is.
CICLOS = (
    ("avisos.informar_asesores", "anual:01-15"),
    ("avisos.confirmar_enlaces", "anual:01-20"),
    ("avisos.plan_de_oferta", "anual:02-01"),
    ("avisos.revisar_ans", "anual:12-01"),
    ("avisos.fichas_de_necesidades", "anual:01-20"),
    ("avisos.plan_de_cooperacion", "hasta:03-31:-30,-10,0"),
    ("avisos.plan_de_prioridades", "hasta:03-31:-30,-10,0"),
    ("avisos.hoja_de_ruta", "anual:04-15"),
    ("avisos.mesa_mib", "trimestral"),
)


def sembrar(apps: Any, editor: Any) -> None:
    politica = apps.get_model("avisos", "PoliticaAviso")
    politica.objects.using(editor.connection.alias).bulk_create(
        politica(evento=evento, reloj=reloj, dias=dias, a_quien=a_quien, desde=DESDE)
        for evento, reloj, dias, a_quien in INICIALES
    )
    politica.objects.using(editor.connection.alias).bulk_create(
        politica(evento=evento, ciclo=ciclo, a_quien="jefatura", desde=DESDE) for evento, ciclo in CICLOS
    )


class Migration(migrations.Migration):
    dependencies = [("avisos", "0004_alcance_libro")]

    operations = [
        migrations.AlterField(
            model_name="politicaaviso",
            name="reloj",
            field=models.CharField(
                blank=True,
                choices=[
                    ("recepcion", "La recepción"),
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
        migrations.AddField(
            model_name="politicaaviso",
            name="ciclo",
            field=models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="cada cuándo"),
        ),
        migrations.RunPython(sembrar, migrations.RunPython.noop),
    ]
