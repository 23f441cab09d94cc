"""Files reach the storage whole, under random ids, and leave it only when nobody names them (security.md U05, U11)."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import timezone

from archivos import almacen


@pytest.fixture(autouse=True)
def _almacen(settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
        },
    }


class Nombradas:
    """Stands for a queryset: the paths that rows name."""

    def __init__(self, *rutas: str) -> None:
        self.rutas = rutas

    def filter(self, *, ruta__in: list[str]) -> "Nombradas":
        return Nombradas(*(ruta for ruta in self.rutas if ruta in ruta__in))

    def values_list(self, *_: str, flat: bool) -> tuple[str, ...]:
        return self.rutas


def test_en_memoria_y_en_disco_con_su_huella(tmp_path: Path) -> None:
    temporal = TemporaryUploadedFile("b.txt", "text/plain", 3, None)
    temporal.write(b"dos")
    for subido, datos in ((SimpleUploadedFile("../../a.txt", b"uno!"), b"uno!"), (temporal, b"dos")):
        escrito = almacen.escribir(subido)
        assert (escrito.bytes, escrito.sha256) == (len(datos), hashlib.sha256(datos).hexdigest())
        with almacen.abrir(escrito.ruta) as guardado:
            assert guardado.read() == datos
        assert almacen.huella_de(escrito.ruta) == (len(datos), escrito.sha256)
        lugar = tmp_path / escrito.ruta
        assert lugar.is_relative_to(tmp_path / "subidos") and ".txt" not in escrito.ruta
        assert (lugar.stat().st_mode & 0o777, lugar.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    temporal.close()


def test_un_archivo_largo_se_suma_mientras_se_guarda(tmp_path: Path) -> None:
    """Larger than the pieces that both read, wherever it had been left, also what was not flushed yet."""
    datos = bytes(range(256)) * 12_345
    with TemporaryFile(dir=tmp_path) as largo:
        largo.write(datos)
        largo.seek(7)
        escrito = almacen.escribir_largo(File(largo))
    assert (escrito.bytes, escrito.sha256) == (len(datos), hashlib.sha256(datos).hexdigest())
    assert almacen.huella_de(escrito.ruta) == (len(datos), escrito.sha256)


def test_un_archivo_largo_sin_nombre_toma_el_suyo_y_no_se_copia(tmp_path: Path) -> None:
    with almacen.sin_nombre() as largo:
        largo.write(b"dos")
        assert not [lugar for lugar in tmp_path.rglob("*") if lugar.is_file()]
        escrito = almacen.escribir_largo(File(largo))
        lugar = tmp_path / escrito.ruta
        assert os.fstat(largo.fileno()).st_ino == lugar.stat().st_ino
    assert almacen.huella_de(escrito.ruta) == (3, escrito.sha256) == (3, hashlib.sha256(b"dos").hexdigest())
    modos = [sitio.stat().st_mode & 0o777 for sitio in (lugar, lugar.parent, lugar.parent.parent)]
    assert modos == [0o600, 0o700, 0o700]


def test_una_escritura_incompleta_no_deja_archivo(tmp_path: Path, monkeypatch) -> None:
    """F07: a storage that holds fewer bytes than were sent is a failure, and nothing is left."""
    default_storage.exists("x")
    monkeypatch.setattr(type(default_storage._wrapped), "size", lambda *_: 2)  # type: ignore[attr-defined]
    with pytest.raises(almacen.EscrituraIncompleta):
        almacen.escribir(SimpleUploadedFile("a.txt", b"hola"))
    for hacer in (TemporaryFile, almacen.sin_nombre):
        with pytest.raises(almacen.EscrituraIncompleta), hacer() as largo:  # type: ignore[operator]
            largo.write(b"hola")
            almacen.escribir_largo(File(largo))
    assert not [lugar for lugar in tmp_path.rglob("*") if lugar.is_file()]


def test_se_barre_lo_viejo_que_nadie_nombra(tmp_path: Path) -> None:
    """§5.1: only old, only unnamed, only our folder."""
    nombrado, huerfano = (almacen.escribir(SimpleUploadedFile("a.txt", b"x")).ruta for _ in range(2))
    ajeno = default_storage.save("conceptos/uno.pdf", SimpleUploadedFile("uno.pdf", b"x"))
    manana = timezone.now() + timedelta(hours=25)
    assert almacen.barrer_huerfanos([Nombradas(nombrado)]) == []
    assert almacen.barrer_huerfanos([Nombradas(), Nombradas(nombrado)], ahora=manana) == [huerfano]
    assert default_storage.exists(nombrado) and default_storage.exists(ajeno)


def test_sin_tablas_no_se_barre_nada() -> None:
    with pytest.raises(ValueError, match="huérfanos"):
        almacen.barrer_huerfanos([])
