"""What leaves the portal leaves as an attachment (security.md U06, U08)."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import isolate_apps

from archivos import almacen
from archivos.antivirus import EstadoAntivirus
from archivos.descarga import NoDescargable, responder, responder_archivo
from archivos.models import ArchivoBase
from archivos.tipos import TIPOS

DE_PAGINA = {"text/html", "image/svg+xml", "application/xml", "text/xml", "application/xhtml+xml", "text/javascript"}


@pytest.fixture
def anexo(settings, tmp_path: Path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    ruta = almacen.escribir(SimpleUploadedFile("a.csv", b"a;b")).ruta
    with isolate_apps("archivos"):

        class Anexo(ArchivoBase):
            class Meta(ArchivoBase.Meta):
                app_label = "archivos"

        yield Anexo(
            nombre="Año 2026.csv", tipo="csv", ruta=ruta, estado_antivirus=EstadoAntivirus.LIMPIO, subido_por_id=None
        )


@pytest.mark.django_db  # closing a response looks at the connections
def test_cabeceras_de_una_descarga(anexo) -> None:
    """U08: attachment, nosniff, sandbox, private, and the type of our table."""
    respuesta = responder_archivo(anexo)
    assert b"".join(respuesta) == b"a;b"
    assert respuesta["Content-Disposition"] == "attachment; filename*=utf-8''A%C3%B1o%202026.csv"
    assert respuesta["Content-Type"] == "text/csv" and respuesta["Content-Length"] == "3"
    assert respuesta["X-Content-Type-Options"] == "nosniff" and "sandbox" in respuesta["Content-Security-Policy"]
    assert respuesta["Cache-Control"] == "private, no-store"
    respuesta.close()


@pytest.mark.parametrize("estado", [EstadoAntivirus.EN_REVISION, EstadoAntivirus.INFECTADO])
def test_lo_que_no_esta_limpio_no_sale(anexo, estado: EstadoAntivirus) -> None:
    """U06."""
    anexo.estado_antivirus = estado
    with pytest.raises(NoDescargable):
        responder_archivo(anexo)


def test_ningun_tipo_servido_es_una_pagina() -> None:
    """U08: HTML, SVG and XML are never among what we serve."""
    assert not {tipo.servido for tipo in TIPOS.values()} & DE_PAGINA


def test_bytes_propios_bajo_las_mismas_reglas() -> None:
    respuesta = responder(b"%PDF-", nombre='con"comillas\r\n.pdf', servido="application/pdf")
    assert respuesta["Content-Disposition"].startswith("attachment;") and b"".join(respuesta) == b"%PDF-"
