"""What the register is searched by: apart from the solicitud, so that no move of a parte rewrites an entry of the GIN.

The database writes it (triggers of migration 0010), whoever files and by whatever way: nobody can forget to.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.fields.related import ForeignObject

from alcance.modelos import ModeloInquilino, gestor
from direcciones.models import Entidad
from solicitudes.models.partes import Parte
from solicitudes.models.solicitudes import ConsultaDeSolicitud, Solicitud


class IndiceBusqueda(ModeloInquilino):
    """The text of one solicitud, as it is searched. The rest are copies that its policy reads without a join."""

    solicitud = models.OneToOneField(Solicitud, models.PROTECT, primary_key=True, related_name="indice")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+", db_index=False)
    recibido_en = models.DateTimeField()
    dependencias = ArrayField(models.BigIntegerField())
    responsables = ArrayField(models.BigIntegerField())
    radicada_por_id = models.BigIntegerField(null=True)
    registrada_por_id = models.BigIntegerField(null=True)
    reservada = models.BooleanField()
    texto = SearchVectorField()

    objects = gestor(ConsultaDeSolicitud)

    class Meta:
        verbose_name = "índice de búsqueda"
        verbose_name_plural = "índices de búsqueda"
        indexes = [
            models.Index(fields=["-recibido_en", "-solicitud"], name="indice_recientes"),
            GinIndex(fields=["texto"], name="indice_texto", fastupdate=False),
        ]

    def __str__(self) -> str:
        return str(self.solicitud_id)


# A search goes from the parte to its index without the solicitud in between, whose policy would be asked for each one
# found. It is no column: a relation of two that have the same key.
ForeignObject(
    IndiceBusqueda, models.DO_NOTHING, from_fields=["solicitud"], to_fields=["solicitud"], related_name="+"
).contribute_to_class(Parte, "indice", private_only=True)
