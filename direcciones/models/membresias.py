"""What a person is, where and until when. One person may hold several; one is active at a time."""

from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from alcance import Alcance
from alcance.modelos import ConsultaInquilino, ModeloInquilino, gestor
from alcance.registro import Clase
from direcciones.models.catalogos import Dependencia, Entidad, Sector
from direcciones.models.personas import Persona
from direcciones.models.vigencia import ConsultaVigente, Vigente
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, JEFES, VEN_TODO, Rol

SIN_TERMINAR = Q(terminada_en__isnull=True)


class ConsultaMembresia(ConsultaInquilino, ConsultaVigente):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Own ones; an entity sees its own people; staff see the directory."""
        if alcance.nivel or alcance.dependencias or alcance.rol == Rol.VENTANILLA:
            return self
        return self.filter(Q(persona_id=alcance.persona_id) | Q(entidad_id=alcance.entidad_id, entidad__isnull=False))

    def vigentes(self, el_dia: date | None = None, ahora: datetime | None = None) -> Self:
        """Also not ended by a person at some instant of today: access ends at once (security.md T11)."""
        return super().vigentes(el_dia).filter(SIN_TERMINAR | Q(terminada_en__gt=ahora or timezone.now()))

    def activas(self, el_dia: date | None = None, ahora: datetime | None = None) -> Self:
        return self.vigentes(el_dia, ahora).filter(persona__is_active=True)

    def de_quien_entra(self) -> Self:
        """Of people who can sign in or did: not who was only written down and still has no password."""
        return self.exclude(persona__password__startswith=UNUSABLE_PASSWORD_PREFIX, persona__last_login__isnull=True)

    def historicas(self) -> Self:
        """Those that no longer open anything."""
        return self.exclude(pk__in=self.vigentes().values("pk")).filter(desde__lte=timezone.localdate())


class Membresia(Vigente, ModeloInquilino):
    """A role of a person in an entidad, in a dependencia, or in the SDFI as a whole."""

    persona = models.ForeignKey(Persona, models.PROTECT, related_name="membresias")
    rol = models.CharField(max_length=16, choices=Rol)
    entidad = models.ForeignKey(Entidad, models.PROTECT, null=True, blank=True, related_name="membresias")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, null=True, blank=True, related_name="membresias")
    # An enlace may be one for some direcciones or temas only; empty means for all (domain.md §2.1).
    solo_direcciones = ArrayField(models.BigIntegerField(), default=list, blank=True)
    solo_temas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    cargo = models.CharField(max_length=150, blank=True)
    creada_en = models.DateTimeField(default=timezone.now)
    creada_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")
    # `hasta` is the last day; this, the instant, when somebody ended it on purpose.
    terminada_en = models.DateTimeField(null=True, blank=True)
    terminada_por = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")

    objects = gestor(ConsultaMembresia)

    class Meta(Vigente.Meta):
        ordering = ["id"]
        verbose_name = "membresía"
        verbose_name_plural = "membresías"
        constraints = [
            *Vigente.Meta.constraints,
            models.CheckConstraint(
                name="direcciones_membresia_lugar",
                condition=(
                    Q(rol__in=sorted(DE_ENTIDAD), entidad__isnull=False, dependencia__isnull=True)
                    | Q(rol__in=sorted(DE_DEPENDENCIA), entidad__isnull=True, dependencia__isnull=False)
                    | Q(rol__in=["administrador", "auditor", "subsecretario", "ventanilla"], entidad__isnull=True)
                ),
                violation_error_message="Un enlace es de una entidad; un asesor, de una dependencia.",
            ),
            models.CheckConstraint(
                name="direcciones_membresia_terminada",
                condition=Q(terminada_en__isnull=True) | Q(hasta__isnull=False),
                violation_error_message="Una membresía terminada dice hasta qué día valió.",
            ),
            models.UniqueConstraint(
                fields=["persona", "rol", "entidad", "dependencia"],
                condition=Q(hasta__isnull=True),
                nulls_distinct=False,
                name="direcciones_membresia_unica",
                violation_error_message="Esa persona ya tiene ese rol ahí.",
            ),
        ]
        indexes = [models.Index(fields=["persona", "hasta"]), models.Index(fields=["entidad", "hasta"])]

    def __str__(self) -> str:
        lugar = (
            self.entidad.nombre_corto if self.entidad else self.dependencia.nombre_corto if self.dependencia else ""
        )
        return f"{self.get_rol_display()} · {lugar}" if lugar else self.get_rol_display()

    def esta_vigente(self, el_dia: date | None = None) -> bool:
        return super().esta_vigente(el_dia) and (self.terminada_en is None or self.terminada_en > timezone.now())

    @property
    def lugar(self) -> str:
        """«Secretaría Distrital de Hacienda», «Sistema de Archivos», or nothing for a role of the whole SDFI."""
        return str(self.entidad or self.dependencia or "")

    # Those below its own, when whoever read it read them too.
    hijas_leidas: list[Dependencia] | None = None

    def hijas(self) -> list[Dependencia]:
        """The dependencias below its own; without asking, when whoever read it already saw that there are none."""
        if self.hijas_leidas is not None:
            return self.hijas_leidas
        if self.dependencia is None or not getattr(self, "con_hijas", True):
            return []
        return list(self.dependencia.hijas.all())

    def dependencias_a_la_vista(self) -> list[int]:
        """Ids of the dependencias whose solicitudes this membership reaches: its own and the ones below."""
        if self.rol not in DE_DEPENDENCIA or self.dependencia is None:
            return []
        return [self.dependencia.pk, *(hija.pk for hija in self.hijas())]

    def dependencias_que_dirige(self) -> list[int]:
        return self.dependencias_a_la_vista() if self.rol in JEFES else []

    def dependencias_que_le_tocan(self) -> list[int]:
        """Ids of the dependencias a limited enlace answers for: the chosen ones and those below; none, no limit."""
        if not self.solo_direcciones:
            return []
        elegidas = Q(pk__in=self.solo_direcciones) | Q(padre__in=self.solo_direcciones)
        return list(Dependencia.objects.filter(elegidas).order_by("pk").values_list("pk", flat=True))

    def nivel(self) -> str:
        if self.rol == Rol.AUDITOR:
            return "auditor"
        return "todas" if self.rol in VEN_TODO else ""


class AsignacionSector(Vigente):
    """The asesor of a sector in a dependencia that shares work by sector, with a substitute (R41, R105)."""

    clase_tabla = Clase.CATALOGO

    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="asignaciones")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="asignaciones")
    asesor = models.ForeignKey(Persona, models.PROTECT, related_name="sectores_asignados")
    suplente = models.ForeignKey(Persona, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["dependencia", "sector"]
        verbose_name = "asignación de sector"
        verbose_name_plural = "asignaciones de sectores"
        constraints = [
            *Vigente.Meta.constraints,
            models.UniqueConstraint(
                fields=["dependencia", "sector"],
                condition=Q(hasta__isnull=True),
                name="direcciones_asignacion_unica",
                violation_error_message="Ese sector ya tiene asesor en la dependencia. Termine antes esa asignación.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sector} → {self.asesor}"


class Encargo(Vigente):
    """A dated *encargo*: this person signs as the head of the dependencia between two dates (R57)."""

    clase_tabla = Clase.CATALOGO

    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="encargos")
    persona = models.ForeignKey(Persona, models.PROTECT, related_name="encargos")
    cargo = models.CharField(max_length=150)
    acto = models.CharField("acto administrativo", max_length=200)

    objects = ConsultaVigente.as_manager()

    class Meta(Vigente.Meta):
        ordering = ["-desde"]
        verbose_name = "encargo"
        verbose_name_plural = "encargos"

    def __str__(self) -> str:
        return f"{self.persona}, {self.cargo} (E)"

    def datos(self) -> dict[str, Any]:
        return {"persona": self.persona_id, "dependencia": self.dependencia_id, "acto": self.acto}
