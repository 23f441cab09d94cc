"""Third net of memberships, and catalogues that are ended, never deleted."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

# Sign-in reads them with the person alone in the context; an entity sees its own people; staff see the directory.
VER = (
    "persona_id = {persona} or entidad_id = {entidad} or {nivel} in ('todas', 'auditor')"
    " or cardinality({dependencias}) > 0 or {rol} = 'ventanilla'"
)
# Staff read the directory but only an administrator gives roles; an entity's administrator, inside it.
ESCRIBIR = (
    "{rol} = 'administrador'"
    " or ({rol} = 'admin_entidad' and entidad_id = {entidad} and rol in ('enlace', 'admin_entidad'))"
)


class Migration(migrations.Migration):
    dependencies = [("direcciones", "0001_initial")]
    operations = [
        ActivarRLS("direcciones_membresia", VER, ESCRIBIR),
        SinBorrado(
            "direcciones_membresia",
            "direcciones_persona",
            "direcciones_sector",
            "direcciones_entidad",
            "direcciones_dependencia",
            "direcciones_buzon",
            "direcciones_modalidad",
            "direcciones_tema",
            "direcciones_asignacionsector",
            "direcciones_encargo",
        ),
    ]
