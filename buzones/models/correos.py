"""What a message is, once, however many mailboxes brought it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from buzones.estados import CON_SOLICITUD, Autenticidad, Clase, EstadoAdjunto, EstadoCorreo
from direcciones.models import Entidad, Modalidad
from direcciones.roles import Rol
from solicitudes.models import Archivo, Mensaje, Solicitud


class ConsultaCorreo(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Of a solicitud, whoever sees it (the entity, without what hangs from internal notes). Otherwise ventanilla,
        oversight and the dependencias whose mailbox it reached; a reserved one, ventanilla and the heads."""
        if alcance.nivel in {"sistema", "auditor"}:
            return self
        suyas = Q(solicitud__in=Solicitud.objects.visibles_para(alcance))
        if alcance.entidad_id:
            return self.filter(suyas & (Q(mensaje_agregado__isnull=True) | Q(mensaje_agregado__interno=False)))
        sueltos = Q(solicitud__isnull=True)
        if alcance.rol == Rol.VENTANILLA:
            return self.filter(suyas | sueltos)
        comunes = Q(reservado=False) & self._de(alcance.dependencias)
        if alcance.nivel == "todas":
            comunes = Q(reservado=False)
        return self.filter(suyas | sueltos & (comunes | Q(reservado=True) & self._de(alcance.jefaturas)))

    @staticmethod
    def _de(dependencias: tuple[int, ...]) -> Q:
        return Q(dependencias__overlap=list(dependencias)) if dependencias else Q(pk__in=[])


class Correo(ModeloInquilino):
    """`huella` is of the content and `mensaje_id` is the header: together they are one message. Another content with a
    Message-ID already seen is another one, for whoever forges an id must not swallow the true mail."""

    numero = models.CharField("número", max_length=16, unique=True)
    huella = models.CharField(max_length=64)
    mensaje_id = models.CharField("Message-ID", max_length=300, blank=True)
    en_respuesta_a = models.CharField(max_length=300, blank=True)
    referencias = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    de_correo = models.CharField("dirección de quien escribe", max_length=320, blank=True)
    de_nombre = models.CharField("nombre de quien escribe", max_length=300, blank=True)
    para = models.JSONField(default=list, blank=True)  # [[name, address], …]
    asunto = models.CharField(max_length=300, blank=True)
    fecha_dicha = models.DateTimeField("fecha que dice el mensaje", null=True, blank=True)
    recibido_en = models.DateTimeField()
    fecha_efectiva = models.DateField()
    texto = models.TextField(blank=True)
    citado = models.TextField("texto citado", blank=True)
    html = models.TextField("HTML limpio", blank=True)
    reenviado_de = models.JSONField(default=dict, blank=True)
    autentico = models.CharField(max_length=8, choices=Autenticidad, default=Autenticidad.SIN_DATO)
    autenticacion = models.JSONField(default=dict, blank=True)
    senales = models.JSONField(default=dict, blank=True)

    clase = models.CharField(max_length=20, choices=Clase)
    propuesta = models.CharField(max_length=20, choices=Clase, blank=True)
    confianza = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    razones = models.JSONField(default=list, blank=True)
    advertencias = models.JSONField(default=list, blank=True)
    estado = models.CharField(max_length=14, choices=EstadoCorreo)

    solicitud = models.ForeignKey(Solicitud, models.PROTECT, null=True, blank=True, related_name="correos")
    mensaje_agregado = models.ForeignKey(Mensaje, models.PROTECT, null=True, blank=True, related_name="+")
    envio_id = models.BigIntegerField("envío nuestro que responde", null=True, blank=True)
    # Of what stays for a person: the one that it may be of, and what its text says of a trip or of a liaison.
    solicitud_propuesta_id = models.BigIntegerField("solicitud de la que puede ser", null=True, blank=True)
    conjetura = models.JSONField(default=dict, blank=True)
    entidad = models.ForeignKey(Entidad, models.PROTECT, null=True, blank=True, related_name="+")
    temas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    modalidad = models.ForeignKey(Modalidad, models.PROTECT, null=True, blank=True, related_name="+")
    dependencias = ArrayField(models.BigIntegerField(), default=list, blank=True)
    reservado = models.BooleanField(default=False)
    grupo = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="agrupados")
    repetido_de = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    vence_traslado = models.DateField(null=True, blank=True)

    objects = gestor(ConsultaCorreo)

    class Meta:
        ordering = ["-recibido_en", "-id"]
        verbose_name = "correo recibido"
        verbose_name_plural = "correos recibidos"
        constraints = [
            models.UniqueConstraint(
                fields=["huella", "mensaje_id"],
                name="buzones_correo_unico",
                violation_error_message="Ese mensaje ya está en el libro.",
            ),
            models.CheckConstraint(
                name="buzones_correo_huella",
                condition=Q(huella__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="La huella SHA-256 del mensaje no está completa.",
            ),
            models.CheckConstraint(
                name="buzones_mensaje_con_solicitud",
                condition=Q(mensaje_agregado__isnull=True) | Q(solicitud__isnull=False),
                violation_error_message="Un mensaje agregado es de una solicitud.",
            ),
            models.CheckConstraint(
                name="buzones_atendido_con_solicitud",
                condition=~Q(clase__in=[clase.value for clase in CON_SOLICITUD], estado=EstadoCorreo.ATENDIDO)
                | Q(solicitud__isnull=False),
                violation_error_message="Lo que se radicó o se agregó dice a qué solicitud.",
            ),
            models.CheckConstraint(
                name="buzones_por_clasificar_con_razon",
                condition=~Q(estado=EstadoCorreo.POR_CLASIFICAR) | ~Q(razones=[]),
                violation_error_message="Lo que queda por clasificar dice por qué.",
            ),
            models.CheckConstraint(
                name="buzones_confianza_hasta_cien",
                condition=Q(confianza__lte=100),
                violation_error_message="La confianza va de 0 a 100.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recibido_en", "id"],
                name="correos_por_clasificar",
                condition=Q(estado=EstadoCorreo.POR_CLASIFICAR),
            ),
            models.Index(fields=["-recibido_en", "-id"], name="correos_libro"),
            models.Index(fields=["de_correo", "-recibido_en"], name="correos_de_quien"),
            models.Index(fields=["mensaje_id"], name="correos_por_id", condition=~Q(mensaje_id="")),
            models.Index(
                fields=["vence_traslado"],
                name="correos_por_trasladar",
                condition=Q(vence_traslado__isnull=False, estado=EstadoCorreo.POR_CLASIFICAR),
            ),
        ]

    def __str__(self) -> str:
        return self.numero


class ConsultaAdjunto(ConsultaInquilino):
    def visibles_para(self, alcance: Alcance) -> Self:
        return self.filter(correo__in=Correo.objects.visibles_para(alcance))


class Adjunto(ModeloInquilino):
    """A piece of a message. Its bytes stay inside the raw one, and `orden` finds them there, until the solicitud it
    belongs to keeps them as a file of its own."""

    correo = models.ForeignKey(Correo, models.PROTECT, related_name="adjuntos")
    orden = models.PositiveSmallIntegerField()
    nombre = models.CharField(max_length=150)
    tipo_dicho = models.CharField(max_length=127, blank=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    estado = models.CharField(max_length=12, choices=EstadoAdjunto)
    motivo = models.CharField(max_length=300, blank=True)
    archivo = models.ForeignKey(Archivo, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaAdjunto)

    class Meta:
        ordering = ["correo", "orden"]
        verbose_name = "adjunto"
        verbose_name_plural = "adjuntos"
        constraints = [
            models.UniqueConstraint(fields=["correo", "orden"], name="buzones_adjunto_unico"),
            models.CheckConstraint(
                name="buzones_archivado_con_archivo",
                condition=~Q(estado=EstadoAdjunto.ARCHIVADO) | Q(archivo__isnull=False),
                violation_error_message="Lo archivado dice en qué archivo quedó.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre
