"""One account per role, with names nobody bears. The password and the second factor are public: it is a demo."""

import base64
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from direcciones.models import AsignacionSector, Dependencia, Entidad, Membresia, Persona, Sector
from direcciones.roles import CON_SEGUNDO_FACTOR, Rol

CLAVE = "asistencia-tecnica-2026"
# Everybody was already there when the oldest example arrived.
DESDE = date(2024, 1, 1)
SECRETO_TOTP = base64.b32encode(b"portal-sdfi-demostracion").decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Cuenta:
    correo: str
    nombre: str
    cargo: str
    rol: Rol
    entidad: str = ""
    dependencia: str = ""

    @property
    def usuario(self) -> str:
        return self.correo.split("@")[0]

    @property
    def pide_segundo_factor(self) -> bool:
        return self.rol in CON_SEGUNDO_FACTOR


def _c(usuario: str, nombre: str, cargo: str, rol: Rol, **donde: str) -> Cuenta:
    return Cuenta(f"{usuario}@demo.example", nombre, cargo, rol, **donde)


# The first account of each role is the one that script/server prints.
CUENTAS: tuple[Cuenta, ...] = (
    _c("enlace", "Laura Pérez Molano", "Profesional de planeación", Rol.ENLACE, entidad="08-01"),
    _c("entidad", "Hernán Ávila Castro", "Jefe de planeación", Rol.ADMIN_ENTIDAD, entidad="08-01"),
    _c("asesor", "Andrés Gómez Ruiz", "Profesional especializado", Rol.ASESOR, dependencia="SSDA"),
    _c("revisora", "Ana Ruiz Cárdenas", "Profesional de revisión", Rol.REVISOR, dependencia="SSDA"),
    _c("subdirectora", "Marta Lucía Niño", "Subdirectora del Sistema Distrital de Archivos", Rol.SUBDIRECTOR,
       dependencia="SSDA"),
    _c("directora", "María Rojas Beltrán", "Directora Distrital de Archivo de Bogotá", Rol.DIRECTOR,
       dependencia="DDAB"),
    _c("subsecretaria", "Patricia Cano Duarte", "Subsecretaria Distrital", Rol.SUBSECRETARIO),
    _c("ventanilla", "Jairo Peña Suárez", "Auxiliar de ventanilla", Rol.VENTANILLA),
    _c("admin", "Diana Torres Gil", "Administradora del portal", Rol.ADMINISTRADOR),
    _c("auditor", "Óscar Iván León", "Profesional de control interno", Rol.AUDITOR),
    _c("asesor2", "Camilo Vargas Mora", "Profesional universitario", Rol.ASESOR, dependencia="SSDA"),
    _c("patrimonio", "Nubia Estela Forero", "Restauradora", Rol.ASESOR, dependencia="SGPD"),
    _c("subdirector.patrimonio", "Ricardo Amaya Soto", "Subdirector de Gestión del Patrimonio Documental",
       Rol.SUBDIRECTOR, dependencia="SGPD"),
    _c("desarrollo", "Felipe Cortés Lara", "Asesor de sector", Rol.ASESOR, dependencia="STDI"),
    _c("desarrollo2", "Sandra Milena Ortiz", "Asesora de sector", Rol.ASESOR, dependencia="STDI"),
    _c("revisor.desarrollo", "Gloria Inés Parra", "Asesora jurídica", Rol.REVISOR, dependencia="STDI"),
    _c("subdirector.desarrollo", "Julián Castaño Vega", "Subdirector Técnico de Desarrollo Institucional",
       Rol.SUBDIRECTOR, dependencia="STDI"),
    _c("director.desarrollo", "Beatriz Helena Mejía", "Directora Distrital de Desarrollo Institucional",
       Rol.DIRECTOR, dependencia="DDDI"),
    _c("imprenta", "Wilson Cárdenas Roa", "Técnico de publicaciones", Rol.ASESOR, dependencia="IMPR"),
    _c("subdirectora.imprenta", "Luz Dary Quintero", "Subdirectora de Imprenta Distrital", Rol.SUBDIRECTOR,
       dependencia="IMPR"),
    _c("internacional", "Catalina Duque Rey", "Enlace de sector", Rol.ASESOR, dependencia="DDRI"),
    _c("revisor.internacional", "Tomás Echeverri Paz", "Asesor jurídico internacional", Rol.REVISOR,
       dependencia="DDRI"),
    _c("directora.internacional", "Adriana Sáenz Lobo", "Directora Distrital de Relaciones Internacionales",
       Rol.DIRECTOR, dependencia="DDRI"),
)  # fmt: skip


# One team attends some 600 in two years; a bigger demonstration needs more hands.
POR_EQUIPO = 600
CARGOS_EXTRA = {"SSDA": 2, "SGPD": 1, "STDI": 2, "IMPR": 1, "DDRI": 1}
NOMBRES_EXTRA = ("Alba Lucía", "Bernardo", "Clara Inés", "Darío", "Esperanza", "Francisco", "Gabriela", "Héctor")
APELLIDOS_EXTRA = ("Aldana", "Buitrago", "Cárdenas", "Duarte", "Escobar", "Franco", "Garzón", "Hurtado", "Ibáñez")


def extras(tamano: int) -> tuple[Cuenta, ...]:
    """The asesores that a demonstration of this many solicitudes needs besides those of `CUENTAS`."""
    equipos = -(-tamano // POR_EQUIPO) - 1
    return tuple(
        _c(f"{codigo.lower()}.{orden + 2}", _nombre_extra(codigo, orden), "Profesional universitario", Rol.ASESOR,
           dependencia=codigo)
        for codigo, cuantos in CARGOS_EXTRA.items()
        for orden in range(cuantos * equipos)
    )  # fmt: skip


def _nombre_extra(codigo: str, orden: int) -> str:
    semilla = sum(codigo.encode()) + orden * 5
    primero, segundo = (APELLIDOS_EXTRA[(semilla + n) % len(APELLIDOS_EXTRA)] for n in (orden, 4 + orden // 3))
    return f"{NOMBRES_EXTRA[semilla % len(NOMBRES_EXTRA)]} {primero} {segundo}"


def crear_cuentas(tamano: int = POR_EQUIPO) -> dict[str, Persona]:
    """Create what is missing. Returns persona by user name. Must run as the system."""
    cuentas = [*CUENTAS, *extras(tamano)]
    personas = {cuenta.usuario: _crear(cuenta) for cuenta in cuentas}
    for codigo in ("STDI", "DDRI"):
        asesores = [c.usuario for c in cuentas if c.rol == Rol.ASESOR and c.dependencia == codigo]
        _repartir_sectores(codigo, [personas[usuario] for usuario in asesores])
    return personas


def _crear(cuenta: Cuenta) -> Persona:
    from cuentas.segundo_factor import inscribir_totp  # noqa: PLC0415  (leaf)

    persona = Persona.objects.filter(correo=cuenta.correo).first()
    if persona is not None:
        return persona
    persona = Persona.objects.crear(correo=cuenta.correo, nombre=cuenta.nombre, cargo=cuenta.cargo)
    persona.password = _clave_cifrada()
    persona.save(update_fields=["password"])
    Membresia.objects.create(
        persona=persona,
        rol=cuenta.rol,
        entidad=Entidad.objects.filter(codigo=cuenta.entidad).first(),
        dependencia=Dependencia.objects.filter(codigo=cuenta.dependencia).first(),
        cargo=cuenta.cargo,
        desde=DESDE,
    )
    if cuenta.pide_segundo_factor:
        inscribir_totp(persona, SECRETO_TOTP)
    return persona


@cache
def _clave_cifrada() -> str:
    """Once for all: the password is public, and each hash costs as much as it should."""
    return make_password(CLAVE)


def _repartir_sectores(codigo: str, asesores: list[Persona]) -> None:
    """Every sector gets an asesor and, where there are two, the other as substitute (R41)."""
    dependencia = Dependencia.objects.get(codigo=codigo)
    for orden, sector in enumerate(Sector.objects.all()):
        asesor = asesores[orden % len(asesores)]
        suplente = asesores[(orden + 1) % len(asesores)]
        AsignacionSector.objects.get_or_create(
            dependencia=dependencia,
            sector=sector,
            hasta=None,
            defaults={"desde": DESDE, "asesor": asesor, "suplente": suplente if suplente != asesor else None},
        )


def carteles() -> str:
    """What a person at the terminal needs to sign in as each role."""
    vistos: dict[str, Cuenta] = {}
    for cuenta in CUENTAS:
        vistos.setdefault(cuenta.rol, cuenta)
    lineas = [f"Cuentas de demostración (contraseña de todas: {CLAVE})"]
    for cuenta in vistos.values():
        segundo = " · pide segundo factor" if cuenta.pide_segundo_factor else ""
        lineas.append(f"  {cuenta.rol.label:<26} {cuenta.correo}{segundo}")
    lineas += [
        f"Segundo factor: agregue la clave {SECRETO_TOTP} a su aplicación de códigos,",
        "  o pida el código de ahora con: script/manage codigo_totp directora@demo.example",
        "Correo que se habría enviado: /demo/correos/",
    ]
    return "\n".join(lineas) + "\n"
