"""Third net of invitations and requests for access."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

# The administrador and the auditor; an entity's administrator, its own; whoever holds the link, that one row.
VER = (
    "{rol} = 'administrador' or {nivel} = 'auditor' or token_sha256 = {token}"
    " or ({rol} = 'admin_entidad' and entidad_id = {entidad})"
)
# The link only reads: using it is an act of the system (cuentas.services.invitaciones.aceptar).
ESCRIBIR = (
    "{rol} = 'administrador'"
    " or ({rol} = 'admin_entidad' and entidad_id = {entidad} and rol in ('enlace', 'admin_entidad'))"
)


class Migration(migrations.Migration):
    dependencies = [("cuentas", "0001_initial")]
    operations = [
        ActivarRLS("cuentas_invitacion", VER, ESCRIBIR),
        # Whoever asks is nobody: it is written by the system, read by who decides.
        ActivarRLS(
            "cuentas_solicitudacceso", "{rol} = 'administrador' or {nivel} = 'auditor'", "{rol} = 'administrador'"
        ),
        SinBorrado("cuentas_invitacion", "cuentas_solicitudacceso"),
    ]
