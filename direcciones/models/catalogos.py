"""Catalogues: readable by everybody, edited on screen by an administrator, every change in the bitácora.

Names of dependencias, mailboxes and norms are data: the structure of the Secretaría General has already changed once
since the lineamiento was written (Decreto 079 de 2024).
"""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from alcance.registro import Clase
from direcciones.models.vigencia import ConsultaVigente, Vigente
from direcciones.nombres import con_articulo


class Sector(Vigente):
    clase_tabla = Clase.CATALOGO

    codigo = models.CharField("código", max_length=8, unique=True)
    nombre = models.CharField(max_length=120, unique=True)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["codigo"]
        verbose_name = "sector"
        verbose_name_plural = "sectores"

    def __str__(self) -> str:
        return self.nombre


class Entidad(Vigente):
    """A body that may file (lineamiento §2). NIT repeats among central bodies: it is not a key."""

    class Tipo(models.TextChoices):
        CENTRAL = "central", "Nivel central"
        DESCENTRALIZADA = "descentralizada", "Descentralizada"
        LOCALIDAD = "localidad", "Localidad"
        CONTROL = "control", "Órgano de control o corporación"
        PRIVADA = "privada", "Privada con funciones públicas"
        PRESTADORA = "prestadora", "Privada que presta servicios públicos"
        OTRA = "otra", "Otra"

    clase_tabla = Clase.CATALOGO

    codigo = models.CharField("código", max_length=12, unique=True)
    nombre = models.CharField(max_length=200)
    sigla = models.CharField(max_length=40, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="entidades")
    tipo = models.CharField(max_length=16, choices=Tipo)
    nit = models.CharField("NIT", max_length=20, blank=True)
    integra_sda = models.BooleanField("integra el Sistema Distrital de Archivos", default=True)
    dominios_correo = models.CharField(
        "dominios de correo", max_length=200, blank=True, help_text="Separados por comas: entidad.gov.co"
    )

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["nombre"]
        verbose_name = "entidad"
        verbose_name_plural = "entidades"

    def __str__(self) -> str:
        return self.nombre

    @property
    def nombre_corto(self) -> str:
        return self.sigla or self.nombre


class ConsultaDependencia(ConsultaVigente):
    def que_atienden(self) -> Self:
        """Dependencias with a queue of their own."""
        return self.filter(atiende=True)


class Dependencia(Vigente):
    """A dirección or subdirección of the SDFI. Each that attends has one queue and one register (R25)."""

    class Tipo(models.TextChoices):
        SUBSECRETARIA = "subsecretaria", "Subsecretaría"
        DIRECCION = "direccion", "Dirección"
        SUBDIRECCION = "subdireccion", "Subdirección"

    class Reparto(models.TextChoices):
        SECTOR = "sector", "Por sector: la recibe de una vez el asesor del sector"
        TURNO = "turno", "Por turno: el asesor toma la más antigua"

    clase_tabla = Clase.CATALOGO

    codigo = models.CharField("código", max_length=12, unique=True)
    nombre = models.CharField(max_length=160)
    nombre_corto = models.CharField("nombre corto", max_length=60)
    tipo = models.CharField(max_length=16, choices=Tipo)
    padre = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="hijas", verbose_name="depende de"
    )
    atiende = models.BooleanField("atiende solicitudes", default=True)
    # Lineamiento §2: the Archivo also serves private providers of public services; the others do not (R11).
    atiende_prestadoras = models.BooleanField("atiende a privadas que prestan servicios públicos", default=False)
    reparto = models.CharField("cómo reparte el trabajo", max_length=8, choices=Reparto, default=Reparto.TURNO)
    # What a table of agreements says «–» of one of them is promised by nobody there.
    hereda_acuerdos = models.BooleanField(
        "rigen en ella los acuerdos de servicio de la dirección", default=True, db_default=True
    )
    revisa_conceptos = models.BooleanField("sus conceptos los revisa otra persona antes de la firma", default=True)
    cargo_de_quien_dirige = models.CharField("cargo de quien dirige", max_length=120, blank=True)
    norma = models.CharField("norma que fija sus funciones", max_length=200, blank=True)
    nota_vigencia = models.CharField("nota sobre su vigencia", max_length=200, blank=True)

    objects = ConsultaDependencia.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["codigo"]
        verbose_name = "dependencia"
        verbose_name_plural = "dependencias"

    def __str__(self) -> str:
        return self.nombre

    @property
    def con_articulo(self) -> str:
        """Inside a sentence: «la Subdirección de Imprenta Distrital»."""
        return con_articulo(self.nombre)

    @property
    def direccion(self) -> "Dependencia":
        """The dirección this dependencia belongs to (itself, when it is one)."""
        if self.tipo == self.Tipo.SUBDIRECCION and self.padre is not None:
            return self.padre
        return self


class Buzon(Vigente):
    """An official mailbox of a dependencia (lineamiento §5; domain.md §1.3)."""

    clase_tabla = Clase.CATALOGO

    correo = models.EmailField("correo del buzón", unique=True)
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="buzones")
    para_que = models.CharField("para qué se usa", max_length=200)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["correo"]
        verbose_name = "buzón"
        verbose_name_plural = "buzones"

    def __str__(self) -> str:
        return self.correo


class Modalidad(Vigente):
    """A kind of technical assistance (lineamiento §4, §5, §7.1.2). New ones may be added without code (R3)."""

    class Formulario(models.TextChoices):
        GENERAL = "general", "Solo la necesidad"
        CONCEPTO = "concepto", "Preguntas numeradas y antecedentes"
        VISITA = "visita", "Lugar, fechas y acceso"
        SESION = "sesion", "Sesión grupal: participantes, fechas y logística"
        ASESORIA = "asesoria", "Medio y fechas"
        COMISION = "comision", "Objeto, fecha y financiación del viaje"

    clase_tabla = Clase.CATALOGO

    codigo = models.SlugField("código", max_length=30, unique=True)
    nombre = models.CharField(max_length=80)
    descripcion = models.CharField("descripción", max_length=300)
    orden = models.PositiveSmallIntegerField(default=50)
    formulario = models.CharField(
        "qué se pregunta al pedirla", max_length=10, choices=Formulario, default=Formulario.GENERAL
    )
    produce_concepto = models.BooleanField("produce un concepto firmado", default=False)
    se_puede_pedir = models.BooleanField("la entidad la puede pedir", default=True)
    exige_proveedor = models.BooleanField("exige proveedor y contrato (apoyo externo)", default=False)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["orden", "nombre"]
        verbose_name = "modalidad"
        verbose_name_plural = "modalidades"

    def __str__(self) -> str:
        return self.nombre


class Tema(Vigente):
    """What is asked about. It decides the dependencia that attends and proposes a modality."""

    class Papel(models.TextChoices):
        LIDERA = "lidera", "La dirección la lidera"
        APOYA = "apoya", "La dirección la apoya"
        ARTICULA = "articula", "La dirección articula a quien la lidera"

    clase_tabla = Clase.CATALOGO

    codigo = models.CharField("código", max_length=20, unique=True)
    nombre = models.CharField(max_length=160)
    grupo = models.CharField(max_length=160)
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, related_name="temas", verbose_name="dependencia que lo atiende"
    )
    modalidad = models.ForeignKey(
        Modalidad, models.PROTECT, related_name="temas", help_text="La que se propone al pedirlo."
    )
    papel = models.CharField("cómo participa la dirección", max_length=10, choices=Papel, blank=True)
    # Who leads a policy that the dirección only supports or articulates (R40); nobody else than the SDFI knows it.
    lidera = models.ForeignKey(
        Entidad, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entidad que lidera la política"
    )
    seccion_lineamiento = models.CharField("sección del lineamiento", max_length=20, blank=True)
    palabras_clave = models.CharField("palabras clave", max_length=300, blank=True)
    reservado = models.BooleanField(
        "sus solicitudes nacen reservadas",
        default=False,
        help_text="Por ejemplo, las comisiones de servicios al exterior.",
    )

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["codigo"]
        verbose_name = "tema"
        verbose_name_plural = "temas"
        constraints = [
            *Vigente.Meta.constraints,
            models.UniqueConstraint(
                fields=["dependencia", "grupo", "nombre"],
                condition=Q(hasta__isnull=True),
                name="direcciones_tema_unico",
                violation_error_message="Ya hay un tema vigente con ese nombre en la dependencia.",
            ),
        ]
        indexes = [GinIndex(fields=["nombre"], opclasses=["gin_trgm_ops"], name="direcciones_tema_nombre_trgm")]

    def __str__(self) -> str:
        return self.nombre


class ConsultaSerie(ConsultaVigente):
    def para(self, dependencia: "Dependencia", modalidad: "Modalidad", el_dia: date) -> "SerieDocumental | None":
        """The row that fits best: one that names both wins over one that names the dependencia, the modality, none."""
        lugares = [dependencia.pk, dependencia.padre_id]
        candidatas = self.vigentes(el_dia).filter(
            Q(dependencia__isnull=True) | Q(dependencia__in=lugares),
            Q(modalidad__isnull=True) | Q(modalidad=modalidad),
        )
        return max(
            candidatas.order_by("codigo"),
            key=lambda serie: (
                serie.dependencia_id is not None and serie.modalidad_id is not None,
                serie.dependencia_id == dependencia.pk,
                serie.dependencia_id is not None,
                serie.modalidad_id is not None,
            ),
            default=None,
        )


class SerieDocumental(Vigente):
    """A row of the retention table (TRD, Ley 594 de 2000): how long a file is kept and what is done with it then.

    `dependencia` and `modalidad` say of which solicitudes; empty means of any.
    """

    class Disposicion(models.TextChoices):
        CONSERVACION = "conservacion", "Conservación total"
        SELECCION = "seleccion", "Selección"
        ELIMINACION = "eliminacion", "Eliminación"

    clase_tabla = Clase.CATALOGO

    codigo = models.CharField("código", max_length=20, unique=True)
    serie = models.CharField(max_length=160)
    subserie = models.CharField(max_length=160, blank=True)
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, null=True, blank=True, related_name="series", help_text="Vacía: cualquiera."
    )
    modalidad = models.ForeignKey(
        Modalidad, models.PROTECT, null=True, blank=True, related_name="series", help_text="Vacía: cualquiera."
    )
    anios_gestion = models.PositiveSmallIntegerField("años en archivo de gestión")
    anios_central = models.PositiveSmallIntegerField("años en archivo central")
    disposicion = models.CharField("disposición final", max_length=16, choices=Disposicion)
    procedimiento = models.CharField(max_length=500, blank=True)
    nota = models.CharField("nota sobre su vigencia", max_length=300, blank=True)

    objects = ConsultaSerie.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["codigo"]
        verbose_name = "serie documental"
        verbose_name_plural = "series documentales"

    def __str__(self) -> str:
        return f"{self.codigo} {self.serie}" + (f" / {self.subserie}" if self.subserie else "")
