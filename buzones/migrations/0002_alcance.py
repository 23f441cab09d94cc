"""Third net of the mail. Only the system writes: each service opens that alcance after its own check of who decides."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, SoloAnexar

NADIE = "false"
VENTANILLA = "{rol} = 'ventanilla'"
LIBRO = f"{VENTANILLA} or {{nivel}} in ('todas', 'auditor') or dependencias && {{dependencias}}"
# The solicitud and the message answer under their own policies: internal notes are not for the entity.
DE_SU_SOLICITUD = (
    "solicitud_id is not null and exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
    " and (mensaje_agregado_id is null"
    " or exists (select 1 from solicitudes_mensaje m where m.id = mensaje_agregado_id))"
)
CORREO = (
    f"{{nivel}} = 'auditor' or ({DE_SU_SOLICITUD})"
    f" or (solicitud_id is null and not reservado and ({LIBRO}))"
    f" or (solicitud_id is null and reservado and ({VENTANILLA} or dependencias && {{jefaturas}}))"
)
POR_CORREO = "exists (select 1 from buzones_correo c where c.id = correo_id)"


class Migration(migrations.Migration):
    dependencies = [("buzones", "0001_initial"), ("solicitudes", "0002_alcance")]
    operations = [
        ActivarRLS("buzones_llegada", LIBRO, NADIE),
        ActivarRLS("buzones_correo", CORREO, NADIE),
        ActivarRLS("buzones_adjunto", POR_CORREO, NADIE),
        ActivarRLS("buzones_decision", f"{{entidad}} is null and {POR_CORREO}", NADIE),
        SinBorrado("buzones_llegada", "buzones_correo", "buzones_adjunto", "buzones_casilla"),
        SoloAnexar("buzones_decision"),
    ]
