from django.db import models


class Solicitud(models.Model):
    radicado = models.CharField(max_length=20, unique=True)
    asunto = models.CharField(max_length=200)
    entidad = models.CharField(max_length=80)
    dependencia = models.IntegerField()
    estado = models.CharField(max_length=16)
    asesor = models.ForeignKey("auth.User", models.PROTECT, null=True, related_name="+")
    recibido_en = models.DateTimeField()
    vence = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["dependencia", "estado", "recibido_en", "id"], name="piso_cola")]


class Movimiento(models.Model):
    solicitud = models.ForeignKey(Solicitud, models.PROTECT)
    texto = models.CharField(max_length=200)
    persona = models.ForeignKey("auth.User", models.PROTECT)
    en = models.DateTimeField(auto_now_add=True)


class Contador(models.Model):
    anio = models.IntegerField(unique=True)
    ultimo = models.IntegerField(default=0)
