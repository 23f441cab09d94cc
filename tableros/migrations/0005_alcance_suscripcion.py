"""Each person decides for themselves."""

from django.db import migrations

from alcance.migraciones import ActivarRLS


class Migration(migrations.Migration):
    dependencies = [("tableros", "0004_suscripcion")]
    operations = [ActivarRLS("tableros_suscripcion", "persona_id = {persona}")]
