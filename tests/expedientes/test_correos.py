"""What came by mail is in the electronic file as it came, headers and all."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from archivos.almacen import escribir
from buzones.estados import Clase, EstadoCorreo, EstadoLlegada, Origen
from buzones.models import Correo, Llegada
from expedientes.models import Documento
from solicitudes.models import Solicitud
from tests.buzones.apoyos import casilla
from tests.expedientes.conftest import Sistema, abierta, terminar
from tests.expedientes.test_copias import VERIFICADO, copiar, en_disco
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
CRUDO = (
    b"From: Jimena Tovar <jimena@entidad.example>\r\nTo: mipg@prueba.example\r\nSubject: Tablas\r\n"
    b"Message-ID: <uno@entidad.example>\r\n\r\nVa la tabla.\r\n"
)


def correo(elenco: Elenco, solicitud: Solicitud, crudo: bytes = CRUDO, **de_la_llegada: Any) -> Correo:
    """On the solicitud, brought by two mailboxes."""
    with Sistema():
        numero = Correo.objects.count() + 1
        suyo = Correo.objects.create(
            numero=f"CR-1999-{numero:06d}", huella=f"{numero:064x}", recibido_en=timezone.now(), asunto="Tablas",
            fecha_efectiva=timezone.localdate(), clase=Clase.MENSAJE, estado=EstadoCorreo.ATENDIDO,
            de_nombre="Jimena Tovar", de_correo="jimena@entidad.example", solicitud=solicitud,
        )  # fmt: skip
        for buzon in ("mipg", "archivo"):
            escrito = escribir(ContentFile(crudo + buzon.encode()))
            datos = {"estado_antivirus": "limpio", "estado": EstadoLlegada.PROCESADA} | de_la_llegada
            Llegada.objects.create(
                casilla=casilla(elenco, f"{buzon}{numero}"), origen=Origen.WEBHOOK, recibida_en=timezone.now(),
                nombre="correo.eml", tipo="eml", bytes=escrito.bytes, sha256=escrito.sha256, ruta=escrito.ruta,
                correo=suyo, dependencias=[elenco.desarrollo.pk], **datos,
            )  # fmt: skip
    return suyo


def test_the_message_is_in_the_file_once_and_as_it_came(elenco: Elenco, tmp_path: Path) -> None:
    solicitud = abierta(elenco)
    suyo = correo(elenco, solicitud)
    terminar(elenco, solicitud)
    with Sistema():
        [documento] = Documento.objects.filter(solicitud=solicitud, clave=f"correo:{suyo.pk}")
    assert (documento.tipo_documental, documento.formato) == ("Correo recibido", "message/rfc822")
    assert documento.nombre == f"Correo {suyo.numero}: Tablas"
    assert documento.origen == "Jimena Tovar <jimena@entidad.example>"
    zip_ = en_disco(copiar(elenco, solicitud), tmp_path)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(zip_), str(tmp_path / "dentro")], check=True)
    [eml] = (tmp_path / "dentro" / "documentos").glob("*.eml")
    assert eml.read_bytes() == CRUDO + b"mipg"  # of the first mailbox that brought it
    dicho = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "dentro" / "verificar.py")], capture_output=True, text=True, check=True
    ).stdout
    assert VERIFICADO in dicho


@pytest.mark.parametrize(("estado", "dice"), [("infectado", "con virus"), ("en_revision", "en revisión")])
def test_what_the_antivirus_did_not_clear_stays(elenco: Elenco, tmp_path: Path, estado: str, dice: str) -> None:
    solicitud = abierta(elenco)
    correo(elenco, solicitud, estado_antivirus=estado)
    zip_ = en_disco(copiar(elenco, solicitud), tmp_path)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(zip_), str(tmp_path / "dentro")], check=True)
    assert not list((tmp_path / "dentro" / "documentos").glob("*.eml"))
    dicho = subprocess.run(
        [sys.executable, "-I", str(tmp_path / "dentro" / "verificar.py")], capture_output=True, text=True, check=True
    ).stdout
    assert VERIFICADO in dicho and f"antivirus: {dice}" in dicho


def test_who_attends_sees_it_whatever_mailbox_it_reached(elenco: Elenco, entrar) -> None:
    """It reached the mailbox of another direction: the ledger of that one is not theirs, the solicitud is."""
    solicitud = abierta(elenco)
    suyo = correo(elenco, solicitud)
    pagina = entrar(elenco.asesora).get(reverse("expedientes:expediente", args=[solicitud.radicado])).content.decode()
    enlace = f'<a href="{reverse("buzones:detalle", args=[suyo.pk])}">Correo {suyo.numero}: Tablas</a>'
    assert enlace in pagina and "Correo recibido" in pagina
    pagina = entrar(elenco.revisora).get(reverse("expedientes:expediente", args=[solicitud.radicado])).content.decode()
    assert "Correo recibido" in pagina and enlace not in pagina  # the ledger of the mail is not theirs


def test_that_of_another_solicitud_is_not_here(elenco: Elenco, entrar) -> None:
    una, otra = abierta(elenco), abierta(elenco)
    suyo = correo(elenco, otra)
    pagina = entrar(elenco.asesora).get(reverse("expedientes:expediente", args=[una.radicado])).content.decode()
    assert suyo.numero not in pagina
