"""An import, its rows, and the columns remembered for the next file of the same shape. The administrador's; those of
SIGA, also the window's."""

from typing import Self

from django.db import models
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona
from direcciones.roles import Rol
from importaciones.estados import DE_PERSONAS, POR_HACER, TONOS, Estado, Resultado, Tipo

# Of each kind, the cells by which a row is known.
SENAS = ("siga", "at", "anterior", "codigo", "correo", "asunto", "nombre")


class ConsultaDeQuienImporta(ConsultaInquilino):
    tipo_en = "tipo"

    def visibles_para(self, alcance: Alcance) -> Self:
        if alcance.rol == Rol.ADMINISTRADOR or alcance.es_sistema:
            return self
        return self.filter(**{self.tipo_en: Tipo.SIGA}) if alcance.rol == Rol.VENTANILLA else self.none()


class Importacion(ModeloInquilino):
    """A file that somebody brought, what its columns are, and how far its rows are."""

    tipo = models.CharField(max_length=12, choices=Tipo)
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.SUBIDA)
    nombre = models.CharField("archivo", max_length=160)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # Empty once the file expired: what the report needs stays in the rows.
    ruta = models.CharField(max_length=100, blank=True, editable=False)
    hojas = models.JSONField(default=list)
    hoja = models.CharField(max_length=60, blank=True)
    avisos = models.JSONField(default=list)
    # Shape: field → heading of its column.
    mapa = models.JSONField(default=dict)
    con_acuse = models.BooleanField("avisar a cada entidad que su solicitud está en el portal", default=False)
    reemplaza = models.BooleanField("reemplazar los números SIGA que ya estaban", default=False, db_default=False)
    subida_en = models.DateTimeField(default=timezone.now)
    subida_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    confirmada_en = models.DateTimeField(null=True, blank=True)
    confirmada_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    # How many times it was set going: part of the key of each fact in the outbox.
    vueltas = models.PositiveSmallIntegerField(default=0)
    terminada_en = models.DateTimeField(null=True, blank=True)
    por_que_paro = models.CharField(max_length=300, blank=True)
    caducada_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaDeQuienImporta)

    class Meta:
        ordering = ["-id"]
        verbose_name = "importación"
        verbose_name_plural = "importaciones"
        indexes = [models.Index(fields=["subida_en"], name="importaciones_por_caducar", condition=~models.Q(ruta=""))]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()}: {self.nombre}"

    @property
    def tono(self) -> str:
        return TONOS.get(self.estado, "neutro")

    @property
    def de_personas(self) -> bool:
        return self.tipo in DE_PERSONAS

    @property
    def ya_confirmada(self) -> bool:
        return self.estado in {Estado.IMPORTANDO, Estado.DETENIDA, Estado.TERMINADA}


class ConsultaFila(ConsultaDeQuienImporta):
    tipo_en = "importacion__tipo"

    def por_hacer(self) -> Self:
        return self.filter(resultado__in=sorted(POR_HACER)).order_by("orden", "numero")


class FilaImportada(ModeloInquilino):
    """One row of the file: what it says, what will become of it or became, and what it made."""

    importacion = models.ForeignKey(Importacion, models.PROTECT, related_name="filas")
    numero = models.PositiveIntegerField("línea")
    # In which order they enter: solicitudes by their reception, so that numbers follow it.
    orden = models.CharField(max_length=40, blank=True)
    crudo = models.JSONField(default=dict)
    resultado = models.CharField(max_length=8, choices=Resultado)
    frase = models.CharField(max_length=600, blank=True)
    # Shape: name of the field → [before, after].
    cambios = models.JSONField(default=dict)
    objeto_id = models.BigIntegerField(null=True, blank=True)
    objeto_texto = models.CharField(max_length=200, blank=True)
    objeto_ruta = models.CharField(max_length=200, blank=True)
    hecha_en = models.DateTimeField(null=True, blank=True)

    objects = gestor(ConsultaFila)

    class Meta:
        ordering = ["numero"]
        verbose_name = "fila importada"
        verbose_name_plural = "filas importadas"
        constraints = [
            models.UniqueConstraint(fields=["importacion", "numero"], name="importaciones_fila_unica"),
        ]
        indexes = [
            models.Index(
                fields=["importacion", "orden", "numero"],
                name="importaciones_por_hacer",
                condition=models.Q(resultado__in=sorted(POR_HACER)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.numero}: {self.get_resultado_display()}"

    @property
    def tono(self) -> str:
        return TONOS.get(self.resultado, "neutro")

    @property
    def que_es(self) -> str:
        """By what a person finds the row in their file; nothing once its cells expired."""
        return " · ".join(filter(None, (self.crudo.get(campo, "")[:60] for campo in SENAS)))


class Mapeo(ModeloInquilino):
    """What the columns of a shape of file were last time."""

    tipo = models.CharField(max_length=12, choices=Tipo)
    # SHA-256 of the headings, whatever their order, case and accents.
    huella = models.CharField(max_length=64)
    mapa = models.JSONField(default=dict)
    guardado_en = models.DateTimeField(default=timezone.now)
    guardado_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")

    objects = gestor(ConsultaDeQuienImporta)

    class Meta:
        ordering = ["-id"]
        verbose_name = "columnas recordadas"
        verbose_name_plural = "columnas recordadas"
        constraints = [models.UniqueConstraint(fields=["tipo", "huella"], name="importaciones_mapeo_unico")]

    def __str__(self) -> str:
        return f"{self.tipo} {self.huella[:8]}"
