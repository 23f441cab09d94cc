"""The cast: who acts, as whom, at which instant, and what the plan names by its code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from alcance import Alcance, como_sistema, con_alcance
from demo.cuentas import DESDE
from demo.simulacion.historias import Historia
from direcciones.models import Dependencia, Entidad, Membresia, Modalidad, Persona, Tema
from direcciones.roles import Rol
from plazos.reloj import con_reloj

VENTANILLA = "ventanilla"


@dataclass
class Reparto:
    """Read once; no query to know who somebody is."""

    personas: dict[str, Persona]
    entidades: dict[str, Entidad] = field(default_factory=dict)
    temas: dict[str, Tema] = field(default_factory=dict)
    modalidades: dict[str, Modalidad] = field(default_factory=dict)
    dependencias: dict[str, Dependencia] = field(default_factory=dict)
    _alcances: dict[int, Alcance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with como_sistema("leer los catálogos de la simulación"), transaction.atomic():
            self.entidades = {e.codigo: e for e in Entidad.objects.select_related("sector")}
            self.temas = {t.codigo: t for t in Tema.objects.select_related("dependencia__padre", "modalidad")}
            self.modalidades = {m.codigo: m for m in Modalidad.objects.all()}
            self.dependencias = {d.codigo: d for d in Dependencia.objects.select_related("padre")}

    def inscribir_enlaces(self, historias: list[Historia]) -> None:
        """Accounts for whoever filed through the portal, before anybody needs them."""
        correos = {h.correo: h for h in historias if h.canal == "portal"}
        with como_sistema("inscribir a los enlaces de la simulación"), transaction.atomic():
            ya_estan = {p.correo: p for p in Persona.objects.filter(correo__in=correos)}
            for correo, historia in correos.items():
                persona = ya_estan.get(correo) or self._inscribir(historia)
                self.personas[correo] = persona

    def _inscribir(self, historia: Historia) -> Persona:
        persona = Persona.objects.crear(correo=historia.correo, nombre=historia.contacto, cargo=historia.cargo)
        entidad = self.entidades[historia.entidad]
        Membresia.objects.create(persona=persona, rol=Rol.ENLACE, entidad=entidad, desde=DESDE)
        return persona

    def quien(self, historia: Historia, nombre: str) -> Persona:
        """An account, or (empty) who speaks for the entity."""
        de_la_entidad = historia.correo if historia.canal == "portal" else VENTANILLA
        return self.personas[nombre or de_la_entidad]

    @contextmanager
    def como(self, persona: Persona, cuando: datetime) -> Iterator[None]:
        """Act as a person, in their first membership, at an instant."""
        with con_reloj(cuando), con_alcance(self._alcance(persona)):
            yield

    def _alcance(self, persona: Persona) -> Alcance:
        if persona.pk not in self._alcances:
            with con_alcance(Alcance(persona_id=persona.pk)), transaction.atomic():
                membresia = (
                    Membresia.objects.filter(persona=persona)
                    .select_related("dependencia", "entidad")
                    .prefetch_related("dependencia__hijas")
                    .order_by("pk")[0]
                )
                self._alcances[persona.pk] = Alcance.de_membresia(membresia)
        return self._alcances[persona.pk]
