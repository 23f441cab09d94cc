"""The concepto: drafted, reviewed by somebody else, signed by the head, sent, and found again in the bank."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from conceptos.estados import CON_FIRMA, ENTREGADOS, Audiencia, EstadoConcepto
from direcciones.models import Dependencia, Encargo, Entidad, Persona, Tema
from solicitudes.models import Parte, Solicitud


class ConsultaConcepto(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Whoever sees the solicitud (the entity only once it was sent), and whoever its audience reaches."""
        if alcance.nivel in {"auditor", "sistema"}:
            return self
        publicados = self.model.objects.publicados_para(alcance).values("pk")
        return self.filter(_suyos(alcance) | Q(pk__in=publicados))

    def del_expediente(self, alcance: Alcance) -> Self:
        """Those whose solicitud this person sees; the readers of the bank are left out."""
        return self if alcance.nivel in {"auditor", "sistema"} else self.filter(_suyos(alcance))

    def publicados_para(self, alcance: Alcance) -> Self:
        """The bank as this person finds it (R95). Substituted ones stay, marked; annulled ones leave it."""
        return self.publicados(audiencias_de(alcance))

    def publicados(self, audiencias: tuple[str, ...]) -> Self:
        return self.filter(estado__in=[EstadoConcepto.NOTIFICADO, EstadoConcepto.SUSTITUIDO], audiencia__in=audiencias)

    def por_revisar(self) -> Self:
        return self.filter(estado=EstadoConcepto.EN_REVISION).order_by("parte__vence", "id")

    def por_firmar(self) -> Self:
        return self.filter(estado=EstadoConcepto.PARA_FIRMA).order_by("para_firma_en", "id")

    def sin_sellar(self) -> Self:
        """Signed, and still waiting for the worker that makes the signed PDF and sends it."""
        return self.filter(estado=EstadoConcepto.FIRMADO).order_by("firmado_en", "id")


def audiencias_de(alcance: Alcance) -> tuple[str, ...]:
    """The audiences that reach this person."""
    quienes = [Audiencia.PUBLICO]
    if alcance.persona_id and alcance.rol:
        quienes.append(Audiencia.ENTIDADES)
        if not alcance.entidad_id or _integra_sda(alcance.entidad_id):
            quienes.append(Audiencia.SDA)
    return tuple(quienes)


def _suyos(alcance: Alcance) -> Q:
    # A value of each row and not something to join: few conceptos are looked at, and the planner would read every
    # solicitud that this person sees to find whose they are.
    la_suya = Solicitud.objects.visibles_para(alcance).filter(pk=OuterRef("solicitud")).order_by()
    suyos = Q(solicitud=Subquery(la_suya.values("pk")[:1]))
    if alcance.entidad_id or not alcance.rol:
        suyos &= Q(estado__in=ENTREGADOS)
    return suyos


def _integra_sda(entidad_id: int) -> bool:
    return Entidad.objects.filter(pk=entidad_id, integra_sda=True).exists()


class Concepto(ModeloInquilino):
    """Number, verification code and QR are allotted once, when the text is first frozen (architecture §8.7)."""

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, related_name="conceptos")
    parte = models.ForeignKey(Parte, models.PROTECT, related_name="conceptos")
    entidad = models.ForeignKey(Entidad, models.PROTECT, related_name="+")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="conceptos")
    tema = models.ForeignKey(Tema, models.PROTECT, related_name="+")
    autor = models.ForeignKey(Persona, models.PROTECT, related_name="conceptos")
    estado = models.CharField(max_length=16, choices=EstadoConcepto, default=EstadoConcepto.EN_PROYECCION)
    numero = models.CharField(max_length=20, unique=True, null=True, blank=True)
    codigo = models.CharField("código de verificación", max_length=32, unique=True, null=True, blank=True)
    asunto = models.CharField(max_length=200)
    respuesta_corta = models.TextField(blank=True)
    normas = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    audiencia = models.CharField(max_length=12, choices=Audiencia, blank=True)
    motivo_audiencia = models.CharField(max_length=300, blank=True)
    siga_salida = models.CharField("número SIGA de salida", max_length=40, blank=True)
    creado_en = models.DateTimeField(default=timezone.now)
    para_firma_en = models.DateTimeField(null=True, blank=True)
    firmado_en = models.DateTimeField(null=True, blank=True)
    notificado_en = models.DateTimeField(null=True, blank=True)
    anulado_en = models.DateTimeField(null=True, blank=True)
    motivo_anulacion = models.TextField(blank=True)
    sustituido_por = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="sustituye_a")
    # What was delivered, copied here because the entity and the bank's readers never see versions nor signatures.
    contenido = models.JSONField(default=dict, blank=True)
    ruta_firmada = models.CharField(max_length=300, blank=True)
    sha256_firmado = models.CharField(max_length=64, blank=True)
    busqueda = SearchVectorField(null=True, editable=False)

    objects = gestor(ConsultaConcepto)

    class Meta:
        ordering = ["-creado_en"]
        verbose_name = "concepto"
        verbose_name_plural = "conceptos"
        constraints = [
            models.UniqueConstraint(
                fields=["parte"],
                condition=~Q(estado__in=[EstadoConcepto.ANULADO, EstadoConcepto.SUSTITUIDO]),
                name="conceptos_uno_vivo_por_parte",
                violation_error_message="Esa solicitud ya tiene un concepto en curso.",
            ),
            models.CheckConstraint(
                name="conceptos_firmado_completo",
                condition=~Q(estado__in=sorted(CON_FIRMA))
                | (Q(numero__isnull=False, codigo__isnull=False, firmado_en__isnull=False) & ~Q(audiencia="")),
                violation_error_message="Un concepto firmado tiene número, código, fecha y audiencia.",
            ),
            models.CheckConstraint(
                name="conceptos_enviado_con_pdf",
                condition=~Q(estado__in=["notificado", "sustituido"])
                | (~Q(ruta_firmada="") & ~Q(sha256_firmado="") & Q(notificado_en__isnull=False)),
                violation_error_message="Un concepto enviado tiene su PDF firmado.",
            ),
            models.CheckConstraint(
                name="conceptos_anulado_con_motivo",
                condition=~Q(estado=EstadoConcepto.ANULADO) | ~Q(motivo_anulacion=""),
                violation_error_message="Diga por qué se anula.",
            ),
        ]
        indexes = [
            GinIndex(fields=["busqueda"], name="conceptos_busqueda"),
            models.Index(fields=["dependencia", "para_firma_en"], name="conceptos_por_firmar",
                         condition=Q(estado=EstadoConcepto.PARA_FIRMA)),
            # The bank: the newest first, and which temas, dependencias and years have something to find. Without the
            # audience in front: a search by words would read all of an audience to cross it with what it found.
            models.Index(fields=["-notificado_en", "-id"], include=["audiencia"], name="conceptos_banco_recientes",
                         condition=Q(estado__in=["notificado", "sustituido"])),
            models.Index(fields=["tema", "-notificado_en"], include=["audiencia"], name="conceptos_banco_tema",
                         condition=Q(estado__in=["notificado", "sustituido"])),
            models.Index(fields=["dependencia", "-notificado_en"], include=["audiencia"], name="conceptos_banco_lugar",
                         condition=Q(estado__in=["notificado", "sustituido"])),
            models.Index(fields=["solicitud"], name="conceptos_solicitud"),
            models.Index(fields=["dependencia"], name="conceptos_por_revisar",
                         condition=Q(estado=EstadoConcepto.EN_REVISION)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.numero or self.asunto

    def get_absolute_url(self) -> str:
        return reverse("conceptos:detalle", args=[self.pk])


class ConsultaDeConcepto(ConsultaInquilino):
    """Drafts, reviews and signatures are deliberation: never for the entity (Ley 1712 de 2014, art. 19)."""

    por = "concepto"

    def visibles_para(self, alcance: Alcance) -> Self:
        if alcance.entidad_id or not (alcance.rol or alcance.nivel):
            return self.none()
        conceptos = Concepto.objects.filter(solicitud__in=Solicitud.objects.visibles_para(alcance))
        return self.filter(**{f"{self.por}__in": conceptos})


class Version(ModeloInquilino):
    """What was written, saved as it is typed; frozen with its bytes when it goes to review.

    `contenido` is described in `conceptos.secciones`. `guardado` is the optimistic lock of the editor (C04).
    """

    concepto = models.ForeignKey(Concepto, models.PROTECT, related_name="versiones")
    numero = models.PositiveSmallIntegerField()
    contenido = models.JSONField(default=dict)
    guardado = models.PositiveIntegerField(default=1)
    autor = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    guardada_en = models.DateTimeField(default=timezone.now)
    congelada_en = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    ruta = models.CharField(max_length=300, blank=True)

    objects = gestor(ConsultaDeConcepto)

    class Meta:
        ordering = ["concepto", "-numero"]
        verbose_name = "versión"
        verbose_name_plural = "versiones"
        constraints = [
            models.UniqueConstraint(fields=["concepto", "numero"], name="conceptos_version_unica"),
            models.CheckConstraint(
                name="conceptos_version_congelada",
                condition=Q(congelada_en__isnull=True) | (~Q(sha256="") & ~Q(ruta="")),
                violation_error_message="Una versión congelada guarda sus bytes y su huella.",
            ),
        ]

    def __str__(self) -> str:
        return f"Versión {self.numero}"


class Revision(ModeloInquilino):
    """The judgement of somebody who is not the author (security.md G09). Written once."""

    concepto = models.ForeignKey(Concepto, models.PROTECT, related_name="revisiones")
    version = models.ForeignKey(Version, models.PROTECT, related_name="revisiones")
    autor = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    revisor = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    aprueba = models.BooleanField()
    observaciones = models.JSONField(default=dict, blank=True, help_text="Sección → observación.")
    motivo = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    en = models.DateTimeField(default=timezone.now)

    objects = gestor(ConsultaDeConcepto)

    class Meta:
        ordering = ["-en"]
        verbose_name = "revisión"
        verbose_name_plural = "revisiones"
        constraints = [
            models.CheckConstraint(
                name="conceptos_revisor_no_es_autor",
                condition=~Q(revisor=F("autor")),
                violation_error_message="Quien escribió el concepto no puede revisarlo.",
            ),
            models.CheckConstraint(
                name="conceptos_devuelto_con_motivo",
                condition=Q(aprueba=True) | ~Q(motivo=""),
                violation_error_message="Escriba qué debe cambiar.",
            ),
        ]

    def __str__(self) -> str:
        return "Aprobado" if self.aprueba else "Devuelto"


class Firma(ModeloInquilino):
    """One per version. The bytes signed are the bytes reviewed; PAdES appends to them and both digests are kept."""

    concepto = models.ForeignKey(Concepto, models.PROTECT, related_name="firmas")
    version = models.OneToOneField(Version, models.PROTECT, related_name="firma")
    firmante = models.ForeignKey(Persona, models.PROTECT, related_name="+")
    nombre = models.CharField(max_length=150)
    cargo = models.CharField(max_length=150)
    encargo = models.ForeignKey(Encargo, models.PROTECT, null=True, blank=True, related_name="+")
    segundo_factor_en = models.DateTimeField()
    sha256_revisado = models.CharField(max_length=64)
    en = models.DateTimeField(default=timezone.now)
    # Filled once, by the worker that appends the PAdES signature.
    sha256_firmado = models.CharField(max_length=64, blank=True)
    ruta = models.CharField(max_length=300, blank=True)
    anclas = models.TextField("certificados de confianza de ese día (PEM)", blank=True)

    objects = gestor(ConsultaDeConcepto)

    class Meta:
        ordering = ["-en"]
        # What the worker has still to sign, asked every half minute (`conceptos.barrer`).
        indexes = [
            models.Index(fields=["en", "id"], condition=models.Q(sha256_firmado=""), name="conceptos_por_sellar")
        ]
        verbose_name = "firma"
        verbose_name_plural = "firmas"

    def __str__(self) -> str:
        return f"{self.nombre}, {self.cargo}"


class Verificacion(models.Model):
    """Public facts by code: what `/verificar/<código>/` reads, and nothing else (architecture §8.4)."""

    clase_tabla = Clase.SISTEMA

    codigo = models.CharField(max_length=32, unique=True)
    numero = models.CharField(max_length=20)
    asunto = models.CharField(max_length=200, blank=True, help_text="Vacío cuando el concepto es reservado.")
    dependencia = models.CharField(max_length=160)
    firmante = models.CharField(max_length=150)
    cargo = models.CharField(max_length=150)
    firmado_en = models.DateTimeField()
    sha256_revisado = models.CharField(max_length=64)
    sha256_firmado = models.CharField(max_length=64, blank=True)
    anulado_en = models.DateTimeField(null=True, blank=True)
    sustituido_por = models.CharField(max_length=20, blank=True)
    en_el_banco = models.BooleanField(default=False)
    # Public certificates that verify its signature for ever (security.md G08).
    anclas = models.TextField("certificados de confianza de ese día (PEM)", blank=True)

    class Meta:
        verbose_name = "verificación"
        verbose_name_plural = "verificaciones"
        indexes = [models.Index(fields=["sha256_firmado"]), models.Index(fields=["sha256_revisado"])]

    def __str__(self) -> str:
        return self.numero
