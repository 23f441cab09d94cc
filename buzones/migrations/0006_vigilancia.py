"""What tells whether a mailbox is read, and who saw what was set apart."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        ("buzones", "0005_conjetura"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("estadocasilla", "intentada_en", models.DateTimeField(null=True)),
        migrations.AddField("estadocasilla", "traidos", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("estadocasilla", "pedida_en", models.DateTimeField(null=True)),
        migrations.AddField("estadocasilla", "falla_desde", models.DateTimeField(null=True)),
        migrations.AddField("llegada", "vista_en", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "llegada",
            "vista_por",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "llegada",
            models.Index(
                condition=models.Q(estado="apartada", correo__isnull=True, vista_en__isnull=True),
                fields=["casilla", "-id"],
                name="llegadas_sin_ver",
            ),
        ),
    ]
