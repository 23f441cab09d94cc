"""A notice is its person's alone. It is written by the system and marked as read by the person; never deleted."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado


class Migration(migrations.Migration):
    dependencies = [("avisos", "0001_initial")]
    operations = [ActivarRLS("avisos_aviso", "persona_id = {persona}"), SinBorrado("avisos_aviso")]
