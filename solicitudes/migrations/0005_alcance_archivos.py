"""Third net of files and constancias.

A filed file is visible through its solicitud (and its message, which hides the internal ones); one of a draft, through
the draft, which only its author sees. What identifies the bytes is written once: the web role may not change it.
"""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, SoloAnexar

POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
POR_MENSAJE = "mensaje_id is null or exists (select 1 from solicitudes_mensaje m where m.id = mensaje_id)"
POR_BORRADOR = "exists (select 1 from solicitudes_borrador b where b.id = borrador_id)"
ARCHIVO = (
    f"(solicitud_id is not null and {POR_SOLICITUD} and ({POR_MENSAJE})) or (solicitud_id is null and {POR_BORRADOR})"
)
CAMBIAN = (
    "solicitud_id, parte_id, mensaje_id, actuacion_id, quitado_en, estado_antivirus, antivirus_detalle, revisado_en"
)


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0004_archivos_y_constancias")]
    operations = [
        ActivarRLS("solicitudes_archivo", ARCHIVO, f"{{nivel}} = '' and ({ARCHIVO})"),
        SinBorrado("solicitudes_archivo"),
        migrations.RunSQL(
            f"""
            revoke update on solicitudes_archivo from sdfi_web;
            grant update ({CAMBIAN}) on solicitudes_archivo to sdfi_web;
            """,
            f"""
            revoke update ({CAMBIAN}) on solicitudes_archivo from sdfi_web;
            grant update on solicitudes_archivo to sdfi_web;
            """,
        ),
        # Only the system writes it, in the transaction that files; whoever registered it for another reads it too.
        ActivarRLS("solicitudes_constanciaradicacion", f"{POR_SOLICITUD} or registrada_por_id = {{persona}}", "false"),
        SoloAnexar("solicitudes_constanciaradicacion"),
    ]
