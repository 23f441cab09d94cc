"""Mail that arrives to the demonstration: the example messages, and what its visitors write.

No mailbox is read: each message enters by the door of what the mail server hands over, and everything after is real.
"""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from alcance import como_sistema
from buzones.estados import Origen
from buzones.mime.desarmar import desarmar
from buzones.models import Casilla, Llegada
from buzones.services.guardar import casilla_de, guardar
from buzones.services.ingerir import ingerir
from direcciones.models import Buzon, Entidad
from plazos.reloj import ahora

EJEMPLOS = Path(settings.RAIZ) / "datos" / "correos_ejemplo"
# Of the shared window only the folder of this service would be read.
COMPARTIDO = "ventanillaelectronica"
# Whose addresses the examples carry. That of the demo's accounts stays, or nobody of it could be invited again.
DOMINIOS = {
    "07-04": "subredsur.example",
    "07-01": "sds.example",
    "04-01": "sdp.example",
    "11-01": "sdm.example",
    "16-08": "kennedy.example",
}
CADA = timedelta(minutes=47)  # between two of the examples, the last of them an hour ago


def preparar_casillas() -> None:
    """A casilla for each official mailbox, and the domains of who writes in the examples. Safe to repeat."""
    with como_sistema("preparar el correo de la demostración"), transaction.atomic():
        for buzon in Buzon.objects.vigentes().order_by("pk"):
            nombre = buzon.correo.partition("@")[0].replace(".", "-")
            es_compartida = nombre == COMPARTIDO
            Casilla.objects.get_or_create(
                nombre=nombre,
                defaults={
                    "buzon": buzon,
                    "es_compartida": es_compartida,
                    "carpeta": "Asistencia técnica" if es_compartida else "INBOX",
                },
            )
        for codigo, dominio in DOMINIOS.items():
            sin_dominio = Entidad.objects.filter(codigo=codigo, dominios_correo="")
            sin_dominio.update(dominios_correo=f"{dominio}, demo.example")


def recibir_ejemplos() -> int:
    """Once: the ten messages, in the last hours, as if each had just arrived. Returns how many there are."""
    with como_sistema("ver si ya llegó correo a la demostración"), transaction.atomic():
        if Llegada.objects.exists():
            return 0
    preparar_casillas()
    rutas = sorted(EJEMPLOS.glob("*.eml"))
    desde = ahora() - timedelta(hours=1) - CADA * len(rutas)
    llegadas = [
        guardar(
            ruta.read_bytes(),
            origen=Origen.COMANDO,
            recibida_en=desde + CADA * n,
            casilla=casilla_de(uno.correo for uno in desarmar(ruta.read_bytes()).para),
        )
        for n, ruta in enumerate(rutas)
    ]
    ingerir(llegadas)
    return len(llegadas)


def escribir(*, de: str, casilla: Casilla, asunto: str, texto: str) -> bytes:
    """The message that a mail program would send."""
    mensaje = EmailMessage()
    mensaje["From"], mensaje["To"], mensaje["Subject"] = de, casilla.buzon.correo, asunto
    mensaje["Date"], mensaje["Message-ID"] = formatdate(localtime=True), make_msgid(domain="demo.example")
    mensaje.set_content(texto)
    return bytes(mensaje)


def recibir(crudo: bytes, *, casilla: Casilla) -> dict[str, Any]:
    """As it just arrived. What was made of it, in the shape of `ingerir_correo --json`."""
    return ingerir([guardar(crudo, origen=Origen.TUBO, casilla=casilla)])[0]
