"""The cast: one person per role, in two entidades and two direcciones that know nothing of each other."""

import secrets
from dataclasses import dataclass, field

from alcance import Alcance
from cuentas.segundo_factor import inscribir_totp
from direcciones.models import Dependencia, Entidad, Membresia, Modalidad, Persona, Sector, Tema
from direcciones.roles import CON_SEGUNDO_FACTOR, Rol

# Name in the cast → (role, place). Places: a, b = entidades; x, y = direcciones; x1, y1 = their subdirecciones.
PAPELES: dict[str, tuple[Rol, str]] = {
    "enlace_a": (Rol.ENLACE, "a"),
    "colega_a": (Rol.ENLACE, "a"),
    "admin_a": (Rol.ADMIN_ENTIDAD, "a"),
    "enlace_b": (Rol.ENLACE, "b"),
    "admin_b": (Rol.ADMIN_ENTIDAD, "b"),
    "asesor_x": (Rol.ASESOR, "x1"),
    "vecino_x": (Rol.ASESOR, "x1"),
    "revisor_x": (Rol.REVISOR, "x1"),
    "subdirector_x": (Rol.SUBDIRECTOR, "x1"),
    "director_x": (Rol.DIRECTOR, "x"),
    "asesor_y": (Rol.ASESOR, "y1"),
    "revisor_y": (Rol.REVISOR, "y1"),
    "subdirector_y": (Rol.SUBDIRECTOR, "y1"),
    "director_y": (Rol.DIRECTOR, "y"),
    "subsecretario": (Rol.SUBSECRETARIO, ""),
    "ventanilla": (Rol.VENTANILLA, ""),
    "administrador": (Rol.ADMINISTRADOR, ""),
    "auditor": (Rol.AUDITOR, ""),
}
_BASE32 = str.maketrans("0189", "ABCD")
SIN_ROL = "sin_rol"
ANONIMO = "anonimo"

DE_A = frozenset({"enlace_a", "colega_a", "admin_a"})
DE_B = frozenset({"enlace_b", "admin_b"})
DE_X = frozenset({"asesor_x", "vecino_x", "revisor_x", "subdirector_x", "director_x"})
DE_Y = frozenset({"asesor_y", "revisor_y", "subdirector_y", "director_y"})
JEFES_X = frozenset({"subdirector_x", "director_x"})
SUPERVISAN = frozenset({"subsecretario", "administrador", "auditor"})
TODOS = frozenset(PAPELES) | {SIN_ROL, ANONIMO}


@dataclass
class Elenco:
    lugares: dict[str, Entidad | Dependencia] = field(default_factory=dict)
    personas: dict[str, Persona] = field(default_factory=dict)
    membresias: dict[str, Membresia] = field(default_factory=dict)
    modalidad: Modalidad | None = None
    temas: dict[str, Tema] = field(default_factory=dict)

    def alcance(self, papel: str) -> Alcance:
        """The alcance with which this one acts."""
        if papel == ANONIMO:
            return Alcance()
        if papel == SIN_ROL:
            return Alcance(persona_id=self.personas[SIN_ROL].pk)
        return Alcance.de_membresia(self.membresias[papel])


def crear() -> Elenco:
    """Build the cast. Must run as the system, inside a transaction that will be rolled back."""
    elenco = Elenco()
    _lugares(elenco)
    for papel, (rol, lugar) in PAPELES.items():
        persona = Persona.objects.crear(correo=f"{papel}@aislamiento.example", nombre=f"Persona {papel}")
        donde = elenco.lugares.get(lugar)
        elenco.personas[papel] = persona
        elenco.membresias[papel] = Membresia.objects.create(
            persona=persona,
            rol=rol,
            entidad=donde if isinstance(donde, Entidad) else None,
            dependencia=donde if isinstance(donde, Dependencia) else None,
        )
        if rol in CON_SEGUNDO_FACTOR:
            inscribir_totp(persona, secrets.token_hex(10).translate(_BASE32))
    elenco.personas[SIN_ROL] = Persona.objects.crear(correo="sin_rol@aislamiento.example", nombre="Persona sin rol")
    return elenco


def _lugares(elenco: Elenco) -> None:
    sector = Sector.objects.create(codigo="99", nombre="Sector de aislamiento")
    for clave in "ab":
        elenco.lugares[clave] = Entidad.objects.create(
            codigo=f"99-{clave}", nombre=f"Entidad {clave}", sigla=f"AIS-{clave}", sector=sector, tipo="central"
        )
    elenco.modalidad = Modalidad.objects.create(
        codigo="aislamiento", nombre="Concepto de aislamiento", descripcion="", produce_concepto=True
    )
    for clave in "xy":
        direccion = Dependencia.objects.create(
            codigo=f"AIS{clave}",
            nombre=f"Dirección {clave}",
            nombre_corto=f"Dir {clave}",
            tipo="direccion",
            atiende=False,
        )
        sub = Dependencia.objects.create(
            codigo=f"AIS{clave}1",
            nombre=f"Subdirección {clave}",
            nombre_corto=f"Sub {clave}",
            tipo="subdireccion",
            padre=direccion,
        )
        elenco.lugares |= {clave: direccion, f"{clave}1": sub}
        elenco.temas[clave] = Tema.objects.create(
            codigo=f"AIS-{clave}",
            nombre=f"Tema {clave}",
            grupo="Aislamiento",
            dependencia=sub,
            modalidad=elenco.modalidad,
        )
