"""Third net of the tokens: each person theirs; the row that carries the secret; the administrador and the auditor."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [
        ActivarRLS(
            "api_token",
            "persona_id = {persona} or sha256 = {token} or {rol} = 'administrador' or {nivel} = 'auditor'",
            # Whoever carries the secret only reads its row.
            "persona_id = {persona} or {rol} = 'administrador'",
        ),
        SinBorrado("api_token"),
    ]
