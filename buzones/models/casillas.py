"""What is read: a folder of an account. The public mailbox it belongs to is `direcciones.Buzon`."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alcance.registro import Clase
from direcciones.models import Buzon, Dependencia
from direcciones.models.vigencia import ConsultaVigente, Vigente


class Casilla(Vigente):
    """Host, user and secret are not here: `conexion` is a key of `settings.BUZONES`, so whoever edits this table can
    send no secret to another host."""

    clase_tabla = Clase.CATALOGO

    nombre = models.SlugField(max_length=40, unique=True)
    buzon = models.ForeignKey(Buzon, models.PROTECT, related_name="casillas", verbose_name="buzón")
    conexion = models.CharField(
        "conexión",
        max_length=40,
        blank=True,
        help_text="Vacía: el portal no lo lee; le llega por el servidor de correo, por un proveedor o en archivos.",
    )
    carpeta = models.CharField("carpeta que se lee", max_length=200, default="INBOX")
    carpeta_leidos = models.CharField("carpeta de lo ya guardado", max_length=200, default="Portal leidos")
    es_compartida = models.BooleanField("la usan también otras oficinas", default=False)
    desde_en = models.DateTimeField(
        "se atiende lo que llegue desde",
        default=timezone.now,
        help_text="Lo anterior queda donde está: no se responde lo que ya se atendió de otra manera.",
    )
    servidor_autenticacion = models.CharField(
        "servidor que comprueba al remitente",
        max_length=253,
        blank=True,
        help_text="Nombre con que firma Authentication-Results. Vacío: no se le cree a ninguno.",
    )
    temas_por_defecto = ArrayField(models.BigIntegerField(), default=list, blank=True)
    activa = models.BooleanField(default=True)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["nombre"]
        verbose_name = "casilla"
        verbose_name_plural = "casillas"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="buzones_compartida_con_carpeta",
                condition=~Q(es_compartida=True, carpeta__iexact="INBOX"),
                violation_error_message=(
                    "Del buzón compartido solo se lee la carpeta de este servicio, nunca el buzón entero."
                ),
            ),
            models.CheckConstraint(
                name="buzones_leidos_en_otra",
                condition=~Q(carpeta=F("carpeta_leidos")),
                violation_error_message="Lo ya guardado va a otra carpeta que la que se lee.",
            ),
            models.UniqueConstraint(
                fields=["conexion", "carpeta"],
                condition=~Q(conexion=""),
                name="buzones_una_por_carpeta",
                violation_error_message="Otra casilla ya lee esa carpeta.",
            ),
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        if self.conexion and self.conexion not in settings.BUZONES:
            raise ValidationError({"conexion": "Esa conexión no está configurada en el servidor."})

    def dependencias(self) -> list[int]:
        """Who attends what reaches it: the dependencia of the mailbox and the ones below."""
        suyas = Dependencia.objects.filter(Q(pk=self.buzon.dependencia_id) | Q(padre=self.buzon.dependencia_id))
        return list(suyas.order_by("pk").values_list("pk", flat=True))


class EstadoCasilla(models.Model):
    """Where the reading of a casilla is, and who is reading it now (a lease that runs out when they die)."""

    clase_tabla = Clase.SISTEMA

    casilla = models.OneToOneField(Casilla, models.PROTECT, related_name="estado")
    uidvalidity = models.BigIntegerField(null=True)
    leida_en = models.DateTimeField(null=True)
    intentada_en = models.DateTimeField(null=True)  # the end of the last reading, whatever came of it
    traidos = models.PositiveIntegerField(default=0, db_default=0)  # by the last reading, also while it lasts
    pedida_en = models.DateTimeField(null=True)  # a person wants it read now
    falla = models.CharField(max_length=300, blank=True)
    falla_desde = models.DateTimeField(null=True)  # since when it can't be read; not one message alone
    fallas_seguidas = models.PositiveSmallIntegerField(default=0)
    intentar_en = models.DateTimeField(null=True)  # not before, after a failure
    tomada_por = models.CharField(max_length=100, blank=True)
    tomada_hasta = models.DateTimeField(null=True)


class Conciliacion(models.Model):
    """The proof of a day that what the mailbox holds is in the ledger. `recuperados` counts all that was missing that
    day; `bien`, whether the last time nothing was."""

    clase_tabla = Clase.SISTEMA

    casilla = models.ForeignKey(Casilla, models.PROTECT, related_name="conciliaciones")
    dia = models.DateField()
    en_servidor = models.PositiveIntegerField()
    en_libro = models.PositiveIntegerField()
    recuperados = models.PositiveIntegerField(default=0)
    faltan = models.JSONField(default=list, blank=True)  # what the server did not give: [folder, uid]
    bien = models.BooleanField()
    hecha_en = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["casilla", "dia"], name="buzones_conciliacion_diaria"),
            models.CheckConstraint(
                name="buzones_bien_sin_faltantes",
                condition=Q(bien=False) | Q(faltan=[]),
                violation_error_message="Si falta un mensaje, el buzón y el libro no cuadran.",
            ),
        ]
