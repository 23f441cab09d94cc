"""The fixed cast: people of two entidades and of two dependencias, and a small real catalogue around them."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone

from cuentas.segundo_factor import marcar_pasado
from direcciones.models import Dependencia, Entidad, Modalidad, Persona, Tema
from direcciones.roles import Rol
from tests import fabricas as f


@dataclass(frozen=True)
class Elenco:
    """Who plays: `enlace` and `colega` share an entidad, `otra_enlace` has another, `ajena` has no membership."""

    # Entidades: a secretaría and an institute of different sectores, and a private provider of public services.
    secretaria: Entidad
    instituto: Entidad
    prestadora: Entidad
    # Dependencias: the Archivo's gives work by turn, the Técnica's by sector, Internacionales too.
    archivo: Dependencia
    sistema_archivos: Dependencia
    desarrollo: Dependencia
    tecnica: Dependencia
    internacionales: Dependencia
    # Modalidades and temas.
    concepto: Modalidad
    visita: Modalidad
    jornada: Modalidad
    asesoria: Modalidad
    comision: Modalidad
    tema_tablas: Tema
    tema_visitas: Tema
    tema_integridad: Tema
    tema_cooperacion: Tema
    tema_comision: Tema
    # People.
    enlace: Persona
    colega: Persona
    admin_entidad: Persona
    otra_enlace: Persona
    enlace_prestadora: Persona
    asesora: Persona
    otra_asesora: Persona
    asesor_tecnica: Persona
    asesor_internacional: Persona
    revisora: Persona
    directora: Persona
    director_desarrollo: Persona
    subdirector: Persona
    subsecretaria: Persona
    ventanilla: Persona
    administradora: Persona
    auditora: Persona
    ajena: Persona

    def personas(self) -> dict[str, Persona]:
        """Every person by the name of their part."""
        pares = ((campo.name, getattr(self, campo.name)) for campo in fields(self))
        return {nombre: valor for nombre, valor in pares if isinstance(valor, Persona)}


def _lugares() -> dict[str, Any]:
    gobierno = f.FabricaSector(codigo="02", nombre="Gobierno")
    cultura = f.FabricaSector(codigo="11", nombre="Cultura, Recreación y Deporte")
    privadas = f.FabricaSector(codigo="19", nombre="Privadas con funciones públicas")
    subsecretaria = f.FabricaDependencia(
        codigo="SDFI",
        nombre="Subsecretaría Distrital de Fortalecimiento Institucional",
        nombre_corto="SDFI",
        tipo=Dependencia.Tipo.SUBSECRETARIA,
        atiende=False,
    )
    direccion = {"padre": subsecretaria, "tipo": Dependencia.Tipo.DIRECCION}
    desarrollo = f.FabricaDependencia(
        codigo="DDDI", nombre="Dirección Distrital de Desarrollo Institucional",
        nombre_corto="Desarrollo Institucional", atiende=False, **direccion,
    )  # fmt: skip
    archivo = f.FabricaDependencia(
        codigo="DDAB", nombre="Dirección Distrital de Archivo de Bogotá", nombre_corto="Archivo de Bogotá",
        atiende=False, atiende_prestadoras=True, **direccion,
    )  # fmt: skip
    return {
        "secretaria": f.FabricaEntidad(
            codigo="02-01", nombre="Secretaría Distrital de Gobierno", sigla="SDG", sector=gobierno
        ),
        "instituto": f.FabricaEntidad(
            codigo="11-02", nombre="Instituto Distrital de las Artes", sigla="IDARTES", sector=cultura,
            tipo=Entidad.Tipo.DESCENTRALIZADA,
        ),
        "prestadora": f.FabricaEntidad(
            codigo="19-08", nombre="Limpieza Metropolitana S.A. E.S.P.", sigla="LIME", sector=privadas, prestadora=True
        ),
        "archivo": archivo,
        "desarrollo": desarrollo,
        "sistema_archivos": f.FabricaDependencia(
            codigo="SSDA", nombre="Subdirección del Sistema Distrital de Archivos", nombre_corto="Sistema de Archivos",
            padre=archivo, atiende_prestadoras=True,
        ),
        "tecnica": f.FabricaDependencia(
            codigo="STDI", nombre="Subdirección Técnica de Desarrollo Institucional",
            nombre_corto="Técnica de Desarrollo", padre=desarrollo, por_sector=True,
        ),
        "internacionales": f.FabricaDependencia(
            codigo="DDRI", nombre="Dirección Distrital de Relaciones Internacionales",
            nombre_corto="Relaciones Internacionales", por_sector=True, **direccion,
        ),
    }  # fmt: skip


def _temas(lugares: dict[str, Any]) -> dict[str, Any]:
    formas = Modalidad.Formulario
    modalidades = {
        "concepto": f.FabricaModalidad(codigo="concepto", nombre="Concepto", formulario=formas.CONCEPTO, orden=10),
        "visita": f.FabricaModalidad(
            codigo="visita", nombre="Visita de asistencia", formulario=formas.VISITA, orden=20
        ),
        "jornada": f.FabricaModalidad(
            codigo="jornada", nombre="Jornada de promoción y gestión", formulario=formas.SESION, orden=30
        ),
        "asesoria": f.FabricaModalidad(codigo="asesoria", nombre="Asesoría", formulario=formas.ASESORIA, orden=50),
        "comision": f.FabricaModalidad(
            codigo="comision", nombre="Valoración de comisión al exterior", formulario=formas.COMISION, orden=100
        ),
    }
    ssda, stdi, ddri = lugares["sistema_archivos"], lugares["tecnica"], lugares["internacionales"]
    filas = {
        "tema_tablas": ("DDAB-12", "Valoración documental", "Documental", ssda, "concepto"),
        "tema_visitas": ("DDAB-08", "Organización de documentos de archivo", "Documental", ssda, "visita"),
        "tema_integridad": ("DDDI-01", "Integridad", "Políticas MIPG que lidera la DDDI", stdi, "asesoria"),
        "tema_cooperacion": ("DDRI-12", "Cooperación internacional", "Asesoría por demanda", ddri, "asesoria"),
        "tema_comision": (
            "DDRI-22", "Valoración de invitación a miembro del gabinete", "Comisiones de servicios al exterior", ddri,
            "comision",
        ),
    }  # fmt: skip
    temas = {
        parte: f.FabricaTema(
            codigo=codigo, nombre=nombre, grupo=grupo, dependencia=dependencia, modalidad=modalidades[modalidad],
            reservado=modalidad == "comision",
        )
        for parte, (codigo, nombre, grupo, dependencia, modalidad) in filas.items()
    }  # fmt: skip
    return modalidades | temas


def _gente(lugares: dict[str, Any]) -> dict[str, Persona]:
    papeles: list[tuple[str, str, str | None, str | None]] = [
        ("enlace", "Laura Pérez", Rol.ENLACE, "secretaria"),
        ("colega", "Camilo Rojas", Rol.ENLACE, "secretaria"),
        ("admin_entidad", "Inés Gómez", Rol.ADMIN_ENTIDAD, "secretaria"),
        ("otra_enlace", "Marta Díaz", Rol.ENLACE, "instituto"),
        ("enlace_prestadora", "Jorge Luna", Rol.ENLACE, "prestadora"),
        ("asesora", "Ana Ruiz", Rol.ASESOR, "sistema_archivos"),
        ("otra_asesora", "Rosa Mejía", Rol.ASESOR, "sistema_archivos"),
        ("asesor_tecnica", "Andrés Gómez", Rol.ASESOR, "tecnica"),
        ("asesor_internacional", "Pablo Vega", Rol.ASESOR, "internacionales"),
        ("revisora", "Clara Niño", Rol.REVISOR, "sistema_archivos"),
        ("directora", "Beatriz Soto", Rol.DIRECTOR, "archivo"),
        ("director_desarrollo", "Hernán Silva", Rol.DIRECTOR, "desarrollo"),
        ("subdirector", "Óscar Peña", Rol.SUBDIRECTOR, "sistema_archivos"),
        ("subsecretaria", "Diana Mora", Rol.SUBSECRETARIO, None),
        ("ventanilla", "Sara Cruz", Rol.VENTANILLA, None),
        ("administradora", "Elena Páez", Rol.ADMINISTRADOR, None),
        ("auditora", "Gloria Ríos", Rol.AUDITOR, None),
        ("ajena", "Nadie Ajeno", None, None),
    ]
    personas = {}
    for parte, nombre, rol, lugar in papeles:
        persona = f.FabricaPersona(correo=f"{parte}@prueba.example", nombre=nombre)
        personas[parte] = persona
        if rol:
            sitio = lugares[lugar] if lugar else None
            donde = {"entidad": sitio} if isinstance(sitio, Entidad) else {"entidad": None, "dependencia": sitio}
            f.FabricaMembresia(persona=persona, rol=rol, **donde)
    return personas


_moldes: list[bytes] = []


def crear_elenco() -> Elenco:
    """The whole cast, written now. With `base_propia` call it inside the test.

    The first one of the run is written row by row; the others, from its mould, a few rows at once.
    """
    if _moldes:
        with suppress(IntegrityError), f.escribiendo(), transaction.atomic():
            return _vaciar(_moldes[0])
    with _anotando() as filas:
        elenco = _escribir()
    suyas = [*vars(elenco).values(), *(padre for fila in filas for _, padre in _padres(fila))]
    if not _moldes and {id(una) for una in suyas} <= {id(fila) for fila in filas}:  # none of them was there before
        _moldes.append(pickle.dumps((elenco, filas)))
    return elenco


@contextmanager
def _anotando() -> Iterator[list[Model]]:
    """Each row that is created inside, in its order."""
    filas: list[Model] = []

    def anotar(instance: Model, created: bool, **_: Any) -> None:
        filas.extend([instance] if created else [])

    post_save.connect(anotar)
    try:
        yield filas
    finally:
        post_save.disconnect(anotar)


def _vaciar(molde: bytes) -> Elenco:
    """The same people and places, as new rows. Raises IntegrityError when some of them is already there."""
    elenco, filas = pickle.loads(molde)
    por_modelo: dict[type[Model], list[Any]] = {}
    for fila in filas:
        fila.pk = None
        por_modelo.setdefault(type(fila), []).append(fila)
        if hasattr(fila, "creada_en"):
            fila.creada_en = timezone.now()
    for modelo, suyas in por_modelo.items():
        tanda: list[Any] = []
        for fila in suyas:
            if any(padre.pk is None for _, padre in _padres(fila)):  # of this same batch
                modelo._default_manager.bulk_create(tanda)
                tanda = []
            for campo, padre in _padres(fila):
                setattr(fila, campo, padre.pk)
            tanda.append(fila)
        modelo._default_manager.bulk_create(tanda)
    return elenco


def _padres(fila: Model) -> list[tuple[str, Model]]:
    """Those that it points to, each with the column."""
    campos = [campo for campo in fila._meta.concrete_fields if campo.is_relation and campo.is_cached(fila)]
    pares = ((campo.attname, getattr(fila, campo.name)) for campo in campos)
    return [(columna, padre) for columna, padre in pares if padre is not None]


def _escribir() -> Elenco:
    with f.escribiendo():
        lugares = _lugares()
        temas, gente = _temas(lugares), _gente(lugares)
        for asesor, dependencia in (("asesor_tecnica", "tecnica"), ("asesor_internacional", "internacionales")):
            for entidad in ("secretaria", "instituto", "prestadora"):
                f.FabricaAsignacionSector(
                    dependencia=lugares[dependencia], sector=lugares[entidad].sector, asesor=gente[asesor]
                )
    return Elenco(**lugares, **temas, **gente)


@pytest.fixture
def elenco(db: None) -> Iterator[Elenco]:
    yield crear_elenco()


@pytest.fixture
def entrar() -> Any:
    """`entrar(elenco.enlace)` → a client with that person's session, over HTTPS as the cookies demand."""

    def abrir(persona: Persona, **extra: Any) -> Client:
        cliente = Client(headers={"x-forwarded-proto": "https"}, **extra)
        cliente.defaults["wsgi.url_scheme"] = "https"
        cliente.force_login(persona, backend="allauth.account.auth_backends.AuthenticationBackend")
        sesion = cliente.session
        marcar_pasado(sesion)  # as if they had also written the code that some roles need
        sesion.save()
        return cliente

    return abrir
