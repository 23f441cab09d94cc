"""What the tests of the mailboxes share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import override_settings

from alcance import como_sistema
from buzones.models import Casilla, Llegada
from direcciones.models import Buzon
from sdfi_portal.entorno import ConexionImap
from tests.soporte.elenco import Elenco


def casilla(elenco: Elenco, nombre: str = "mipg", **datos: Any) -> Casilla:
    buzon, _ = Buzon.objects.get_or_create(
        correo=f"{nombre}@prueba.example",
        defaults={"dependencia": datos.pop("dependencia", elenco.desarrollo), "para_que": "Pruebas"},
    )
    return Casilla.objects.create(nombre=nombre, buzon=buzon, **datos)


def llegadas(**filtros: Any) -> list[Llegada]:
    """What the ledger holds, in the order in which it was received."""
    with como_sistema("prueba"), transaction.atomic():
        return list(Llegada.objects.filter(**filtros).order_by("recibida_en", "id"))


@contextmanager
def conectada(conexion: ConexionImap) -> Iterator[None]:
    with override_settings(BUZONES={conexion.clave: conexion}):
        yield
