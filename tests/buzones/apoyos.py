"""What the tests of the mailboxes share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import override_settings

from alcance import como_sistema
from buzones.models import Casilla, Correo, Llegada
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


def correos(**filtros: Any) -> list[Correo]:
    """What became of what came, in the order in which it was received."""
    with como_sistema("prueba"), transaction.atomic():
        return list(Correo.objects.filter(**filtros).select_related("solicitud").order_by("recibido_en", "id"))


def escrito(
    asunto: str = "Consulta",
    texto: str = "Necesitamos saber cómo aplicar la tabla de retención.",
    *,
    de: str = "Jimena Tovar <jimena@entidad.example>",
    para: str = "mipg@prueba.example",
    identificador: str = "",
    adjuntos: Sequence[tuple[str, bytes]] = (),
    **encabezados: str,
) -> bytes:
    """A message as a program of mail would write it."""
    mensaje = EmailMessage(policy=SMTP)
    mensaje["From"], mensaje["To"], mensaje["Subject"] = de, para, asunto
    mensaje["Date"] = "Tue, 24 Nov 2026 10:00:00 -0500"
    mensaje["Message-ID"] = identificador or f"<{uuid4().hex}@entidad.example>"
    for nombre, valor in encabezados.items():
        mensaje[nombre.replace("_", "-")] = valor
    mensaje.set_content(texto)
    for nombre, contenido in adjuntos:
        mensaje.add_attachment(contenido, maintype="application", subtype="octet-stream", filename=nombre)
    return mensaje.as_bytes()
