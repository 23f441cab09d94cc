"""Factories shared by every test: few fields, traits for situations. They write as the system, inside a transaction.

Solicitudes are never inserted by hand: `radicada()` files them through the same service a person uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import factory
from django.db import connection, transaction

from alcance import Alcance, actual, como_sistema, con_alcance
from direcciones.models import (
    AsignacionSector,
    Dependencia,
    Entidad,
    Membresia,
    Modalidad,
    Persona,
    Sector,
    Tema,
)
from direcciones.roles import DE_ENTIDAD, Rol
from solicitudes.services import DatosSolicitud, Recepcion, radicar

CLAVE = "una clave larga de prueba"
DESDE = date(2024, 1, 1)


@contextmanager
def escribiendo() -> Iterator[None]:
    """A transaction as the system; inside another one of these, nothing more (a whole cast is one transaction)."""
    alcance = actual()
    if alcance is not None and alcance.es_sistema and connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), como_sistema("fábrica de pruebas"):
        yield


class Fabrica(factory.django.DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with escribiendo():
            return super()._create(model_class, *args, **kwargs)


class FabricaSector(Fabrica):
    class Meta:
        model = Sector
        django_get_or_create = ("codigo",)

    codigo = factory.Sequence(lambda n: f"{n + 20:02}")
    nombre = factory.Sequence(lambda n: f"Sector {n}")
    desde = DESDE


class FabricaEntidad(Fabrica):
    class Meta:
        model = Entidad
        django_get_or_create = ("codigo",)

    class Params:
        prestadora = factory.Trait(tipo=Entidad.Tipo.PRESTADORA)
        terminada = factory.Trait(hasta=date(2025, 12, 31))

    codigo = factory.Sequence(lambda n: f"{n + 20:02}-01")
    nombre = factory.Sequence(lambda n: f"Entidad de prueba {n}")
    sigla = factory.Sequence(lambda n: f"EP{n}")
    sector = factory.SubFactory(FabricaSector)
    tipo = Entidad.Tipo.CENTRAL
    desde = DESDE


class FabricaDependencia(Fabrica):
    class Meta:
        model = Dependencia
        django_get_or_create = ("codigo",)

    class Params:
        por_sector = factory.Trait(reparto=Dependencia.Reparto.SECTOR)

    codigo = factory.Sequence(lambda n: f"DEP{n}")
    nombre = factory.Sequence(lambda n: f"Dependencia de prueba {n}")
    nombre_corto = factory.LazyAttribute(lambda o: o.nombre)
    tipo = Dependencia.Tipo.SUBDIRECCION
    reparto = Dependencia.Reparto.TURNO
    desde = DESDE


class FabricaModalidad(Fabrica):
    class Meta:
        model = Modalidad
        django_get_or_create = ("codigo",)

    codigo = "concepto"
    nombre = factory.LazyAttribute(lambda o: o.codigo.capitalize())
    descripcion = "Descripción de la modalidad"
    formulario = Modalidad.Formulario.GENERAL
    produce_concepto = factory.LazyAttribute(lambda o: o.codigo == "concepto")
    desde = DESDE


class FabricaTema(Fabrica):
    class Meta:
        model = Tema
        django_get_or_create = ("codigo",)

    codigo = factory.Sequence(lambda n: f"TEMA-{n}")
    nombre = factory.Sequence(lambda n: f"Tema de prueba {n}")
    grupo = "Grupo de prueba"
    dependencia = factory.SubFactory(FabricaDependencia)
    modalidad = factory.SubFactory(FabricaModalidad)
    desde = DESDE


class FabricaPersona(Fabrica):
    class Meta:
        model = Persona

    correo = factory.Sequence(lambda n: f"persona{n}@entidad.example")
    nombre = factory.Sequence(lambda n: f"Persona Prueba {n}")
    cargo = "Profesional"
    telefono = "601 381 3000"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        clave = kwargs.pop("clave", CLAVE)
        with escribiendo():
            return model_class.objects.crear(clave=clave, **kwargs)


class FabricaMembresia(Fabrica):
    """`rol` decides the place: give `entidad` to an enlace, `dependencia` to an asesor."""

    class Meta:
        model = Membresia

    persona = factory.SubFactory(FabricaPersona)
    rol = Rol.ENLACE
    entidad = factory.Maybe(
        factory.LazyAttribute(lambda o: o.rol in DE_ENTIDAD), yes_declaration=factory.SubFactory(FabricaEntidad)
    )
    desde = DESDE


class FabricaAsignacionSector(Fabrica):
    class Meta:
        model = AsignacionSector

    desde = DESDE


def alcance_de(persona_o_membresia: Any) -> Alcance:
    """The alcance a person acts with: that of their first membership, as a request would open it."""
    with transaction.atomic(), como_sistema("prueba: leer la membresía"):
        membresia = persona_o_membresia
        if isinstance(persona_o_membresia, Persona):
            membresia = Membresia.objects.activas().filter(persona=persona_o_membresia).order_by("id").first()
        return Alcance.de_membresia(membresia) if membresia else Alcance(persona_id=persona_o_membresia.pk)


def actuar(persona_o_membresia: Any) -> Any:
    """`with actuar(elenco.enlace): …` runs the block with that person's alcance."""
    return con_alcance(alcance_de(persona_o_membresia))


def radicada(
    *,
    por: Persona | None = None,
    entidad: Entidad | None = None,
    temas: list[Tema] | None = None,
    recibida: datetime | None = None,
    registrada_por: Persona | None = None,
    canal: str = "portal",
    **datos: Any,
) -> Any:
    """A solicitud filed by the service, as `por` (an enlace) or registered by `registrada_por` from another channel.

    `datos` are the other fields of `DatosSolicitud` (asunto, necesidad, preguntas, reservada…).
    """
    temas = temas or [FabricaTema()]
    quien = por or registrada_por or FabricaPersona()
    alcance = alcance_de(quien)
    if entidad is None:
        with transaction.atomic(), como_sistema("prueba: entidad de quien radica"):
            entidad = Entidad.objects.filter(pk=alcance.entidad_id).first()
    entidad = entidad or FabricaEntidad()
    recepcion = Recepcion(
        canal=canal,
        recibido_en=recibida,
        radicada_por=por,
        registrada_por=registrada_por,
        remitente_nombre="" if por else "Remitente de prueba",
        evidencia="" if canal == "portal" else "Evidencia de prueba",
    )
    valores = {
        "asunto": "Aplicación de la tabla de retención documental",
        "necesidad": "Necesitamos saber cómo aplicar la tabla.",
        "modalidad": temas[0].modalidad,
    } | datos
    with con_alcance(alcance), transaction.atomic():
        return radicar(
            clave=datos.pop("clave", None) or uuid4(),
            datos=DatosSolicitud(entidad=entidad, temas=temas, **{k: v for k, v in valores.items() if k != "clave"}),
            recepcion=recepcion,
        )
