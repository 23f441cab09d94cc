"""The electronic file of a solicitud (Ley 594 de 2000; AGN, Acuerdo 001 de 2024): documents, index, sealed copies."""

from typing import Self
from uuid import UUID, uuid5

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from direcciones.models import Persona, SerieDocumental
from solicitudes.models import Solicitud

FORMA_DE_HUELLA = r"^[0-9a-f]{64}$"


class ConsultaDelExpediente(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """It holds internal notes and reviewed drafts: for the staff that sees the solicitud, never the entity."""
        if alcance.entidad_id or not (alcance.rol or alcance.nivel):
            return self.none()
        return self.filter(solicitud__in=Solicitud.objects.visibles_para(alcance))


class Expediente(ModeloInquilino):
    """Series and dates are copied when it closes: another retention table tomorrow does not change what was closed."""

    solicitud = models.OneToOneField(Solicitud, models.PROTECT, related_name="expediente")
    numero = models.CharField("número", max_length=30, unique=True)
    serie = models.ForeignKey(SerieDocumental, models.PROTECT, null=True, blank=True, related_name="+")
    abierto_en = models.DateTimeField()
    cerrado_en = models.DateTimeField(null=True, blank=True)
    gestion_hasta = models.DateField("en archivo de gestión hasta", null=True, blank=True)
    central_hasta = models.DateField("en archivo central hasta", null=True, blank=True)

    objects = gestor(ConsultaDelExpediente)

    class Meta:
        verbose_name = "expediente"
        verbose_name_plural = "expedientes"
        constraints = [
            models.CheckConstraint(
                name="expedientes_retencion_al_cerrar",
                condition=Q(gestion_hasta__isnull=True, central_hasta__isnull=True) | Q(cerrado_en__isnull=False),
                violation_error_message="La retención se cuenta desde el cierre.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero


class Documento(ModeloInquilino):
    """A document of the expediente with its place and its folios. Written once, in the order of incorporation.

    `clave` says what it is of («archivo:12», «mensaje:5»); `ruta` is where its bytes are: those of an uploaded file
    or a signed concepto are not copied.
    """

    expediente = models.ForeignKey(Expediente, models.PROTECT, related_name="documentos")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="+")
    orden = models.PositiveIntegerField()
    clave = models.CharField(max_length=40)
    nombre = models.CharField(max_length=300)
    tipo_documental = models.CharField(max_length=80)
    origen = models.CharField(max_length=200)
    formato = models.CharField(max_length=100)
    creado_en = models.DateTimeField("fecha de creación")
    incorporado_en = models.DateTimeField("fecha de incorporación")
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    paginas = models.PositiveIntegerField("páginas", help_text="1 donde el formato no tiene páginas.")
    folio_inicial = models.PositiveIntegerField()
    folio_final = models.PositiveIntegerField()
    ruta = models.CharField(max_length=300)

    objects = gestor(ConsultaDelExpediente)

    class Meta:
        ordering = ["expediente", "orden"]
        verbose_name = "documento del expediente"
        verbose_name_plural = "documentos del expediente"
        constraints = [
            models.UniqueConstraint(fields=["expediente", "orden"], name="expedientes_documento_orden"),
            models.UniqueConstraint(fields=["expediente", "clave"], name="expedientes_documento_clave"),
            models.CheckConstraint(
                name="expedientes_documento_huella",
                condition=Q(sha256__regex=FORMA_DE_HUELLA),
                violation_error_message="La huella del documento no está completa.",
            ),
            models.CheckConstraint(
                name="expedientes_documento_folios",
                condition=Q(folio_inicial__gt=0, folio_final=models.F("folio_inicial") + models.F("paginas") - 1),
                violation_error_message="Los folios no corresponden a las páginas.",
            ),
        ]
        indexes = [HashIndex(fields=["ruta"], name="expedientes_documento_ruta")]  # the sweep asks which it names

    def __str__(self) -> str:
        return f"{self.orden}. {self.nombre}"


class CopiaPdfa(ModeloInquilino):
    """The document for a hundred years, beside the one that arrived: PDF/A, or why there is none. Written once.

    A PDF that already claims to be one is its own copy: `ruta` is that of the document.
    """

    documento = models.OneToOneField(Documento, models.PROTECT, related_name="pdfa")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="+")
    ruta = models.CharField(max_length=300, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    motivo_sin = models.CharField("por qué no la hay", max_length=200, blank=True)
    hecha_en = models.DateTimeField()

    objects = gestor(ConsultaDelExpediente)

    class Meta:
        verbose_name = "copia PDF/A"
        verbose_name_plural = "copias PDF/A"
        constraints = [
            models.CheckConstraint(
                name="expedientes_pdfa_o_por_que_no",
                condition=Q(motivo_sin="", sha256__regex=FORMA_DE_HUELLA) & ~Q(ruta="")
                | ~Q(motivo_sin="") & Q(ruta="", sha256=""),
                violation_error_message="Hay copia, o se dice por qué no.",
            ),
        ]
        indexes = [HashIndex(fields=["ruta"], name="expedientes_pdfa_ruta", condition=~Q(ruta=""))]

    def __str__(self) -> str:
        return f"PDF/A de {self.documento_id}"


class IndiceElectronico(ModeloInquilino):
    """The index as it was signed. A later document or a reopening adds a version; none is ever edited.

    `contenido` is the canonical JSON that was signed: its SHA-256 and the RSA signature over it, with the
    certificates that verify it for ever.
    """

    class Motivo(models.TextChoices):
        CIERRE = "cierre", "Cierre del expediente"
        ADICION = "adicion", "Documento incorporado después del cierre"
        COPIA = "copia", "Copia de un expediente abierto"

    expediente = models.ForeignKey(Expediente, models.PROTECT, related_name="indices")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    motivo = models.CharField(max_length=8, choices=Motivo)
    documentos = models.PositiveIntegerField("cuántos documentos")
    folios = models.PositiveIntegerField("cuántos folios")
    contenido = models.TextField()
    sha256 = models.CharField(max_length=64)
    firma = models.TextField("firma RSA, en hexadecimal")
    anclas = models.TextField("certificados de confianza de ese día (PEM)")
    firmado_en = models.DateTimeField()
    # The same facts as the AGN names them (services/indice_xml.py). None in those signed before it was made.
    xml = models.TextField("el mismo índice en XML", null=True)  # noqa: DJ001
    firma_xml = models.TextField("firma RSA del XML, en hexadecimal", null=True)  # noqa: DJ001
    # Its printed form, with the visible signature: made with the first copy that carries it, and kept.
    ruta_pdf = models.CharField(max_length=300, blank=True)
    sha256_pdf = models.CharField(max_length=64, blank=True)

    objects = gestor(ConsultaDelExpediente)

    class Meta:
        ordering = ["expediente", "-version"]
        verbose_name = "índice electrónico"
        verbose_name_plural = "índices electrónicos"
        constraints = [
            models.UniqueConstraint(fields=["expediente", "version"], name="expedientes_indice_version"),
            models.CheckConstraint(
                name="expedientes_indice_huella",
                condition=Q(sha256__regex=FORMA_DE_HUELLA) & ~Q(firma=""),
                violation_error_message="Un índice siempre está firmado.",
            ),
        ]
        indexes = [HashIndex(fields=["ruta_pdf"], name="expedientes_indice_ruta", condition=~Q(ruta_pdf=""))]

    def __str__(self) -> str:
        return f"Índice {self.version} de {self.expediente_id}"


class Copia(ModeloInquilino):
    """A sealed ZIP asked for: by whom, for whom and why. Its SHA-256 says later whether a file shown is ours."""

    expediente = models.ForeignKey(Expediente, models.PROTECT, related_name="copias")
    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="+")
    clave = models.UUIDField("clave del formulario", unique=True)
    destinatario = models.CharField("para quién", max_length=200)
    motivo = models.CharField(max_length=500)
    pedida_por = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    pedida_en = models.DateTimeField(default=timezone.now)
    indice = models.ForeignKey(IndiceElectronico, models.PROTECT, null=True, blank=True, related_name="copias")
    ruta = models.CharField(max_length=300, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    hecha_en = models.DateTimeField(null=True, blank=True)
    # It may still be made: whoever runs the portal can try it again, once the cause is mended.
    fallida_en = models.DateTimeField(null=True, blank=True)
    porque = models.CharField("por qué no se hizo", max_length=500, blank=True, default="", db_default="")

    objects = gestor(ConsultaDelExpediente)

    class Meta:
        ordering = ["-pedida_en", "-id"]
        verbose_name = "copia sellada"
        verbose_name_plural = "copias selladas"
        constraints = [
            models.CheckConstraint(
                name="expedientes_copia_hecha",
                condition=Q(hecha_en__isnull=True) | (~Q(ruta="") & ~Q(sha256="") & Q(indice__isnull=False)),
                violation_error_message="Una copia hecha dice dónde está y cuál es su huella.",
            ),
            models.CheckConstraint(
                name="expedientes_copia_fallida",
                condition=Q(fallida_en__isnull=True, porque="")
                | Q(fallida_en__isnull=False, hecha_en__isnull=True) & ~Q(porque=""),
                violation_error_message="Una copia que no se pudo hacer dice por qué.",
            ),
        ]

    def __str__(self) -> str:
        return f"Copia {self.pk} para {self.destinatario}"

    @property
    def clave_de_otra(self) -> UUID:
        """That of the one asked again in its place: two clicks are one."""
        return uuid5(self.clave, "otra")

    def get_absolute_url(self) -> str:
        return reverse("expedientes:descargar", args=[self.solicitud.radicado, self.pk])
