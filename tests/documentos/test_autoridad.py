"""The certificate this installation signs with."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings as ajustes

from documentos import autoridad
from documentos.autoridad import SinCertificado
from documentos.firma import validar
from tests.documentos import muestras


def test_la_de_demostracion_se_hace_una_vez_y_se_nombra_asi(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    primera, segunda = autoridad.identidad(), autoridad.identidad()
    archivo = tmp_path / "llaves" / "firma-DEMOSTRACION.p12"
    certificados = primera.anclas.certificados
    assert primera.anclas == segunda.anclas
    assert primera.demostracion
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600
    for certificado in certificados:
        assert "DEMOSTRACIÓN" in certificado.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert primera.anclas.raices == [certificados[1]]


def test_la_llave_se_abre_una_vez_y_un_archivo_nuevo_se_nota_al_instante(settings: Any, tmp_path: Path) -> None:
    settings.FIRMA_P12 = str(tmp_path / "firma.p12")
    settings.FIRMA_P12_CLAVE = autoridad.CLAVE_DEMOSTRACION.decode()
    Path(settings.FIRMA_P12).write_bytes(autoridad.crear_p12_de_demostracion(muestras.INSTANTE))
    primera, segunda = autoridad.identidad(), autoridad.identidad()
    assert primera.llave is segunda.llave
    Path(settings.FIRMA_P12).write_bytes(autoridad.crear_p12_de_demostracion(muestras.INSTANTE))
    assert autoridad.identidad().anclas.huella != primera.anclas.huella
    settings.FIRMA_P12_CLAVE = "otra"
    with pytest.raises(SinCertificado, match="FIRMA_P12_CLAVE"):
        autoridad.identidad()


def test_dos_procesos_a_la_vez_hacen_una_sola(tmp_path: Path) -> None:
    codigo = (
        "from pathlib import Path\nfrom django.conf import settings\n"
        f"settings.configure(VAR=Path({str(tmp_path)!r}), FIRMA_P12='', ES_PRODUCCION=False)\n"
        "from documentos import autoridad\nprint(autoridad.identidad().anclas.huella)"
    )
    procesos = [
        subprocess.Popen([sys.executable, "-c", codigo], cwd=ajustes.RAIZ, stdout=subprocess.PIPE) for _ in range(3)
    ]
    huellas = {proceso.communicate()[0] for proceso in procesos}
    assert len(huellas) == 1
    assert [p.name for p in (tmp_path / "llaves").iterdir()] == ["firma-DEMOSTRACION.p12"]


def test_produccion_exige_su_certificado(settings: Any, tmp_path: Path) -> None:
    settings.ES_PRODUCCION = True
    settings.FIRMA_P12 = ""
    with pytest.raises(SinCertificado, match="FIRMA_P12"):
        autoridad.identidad()
    settings.FIRMA_P12 = str(tmp_path / "no-existe.p12")
    with pytest.raises(SinCertificado, match="permisos"):
        autoridad.identidad()


def test_el_de_la_entidad_firma_sin_decir_demostracion(settings: Any, tmp_path: Path) -> None:
    """FIRMA_P12, here with a certificate that brings no chain: it is its own anchor."""
    propia = autoridad.identidad()
    archivo = tmp_path / "entidad.p12"
    certificado = propia.anclas.certificados[0]
    archivo.write_bytes(pkcs12.serialize_key_and_certificates(b"x", propia.llave, certificado, None, NoEncryption()))
    settings.FIRMA_P12, settings.FIRMA_P12_CLAVE = str(archivo), ""
    quien = autoridad.identidad()
    hecho = muestras.firmar_muestra(quien)
    assert not quien.demostracion
    assert validar(hecho.bytes, quien.anclas, instante=hecho.instante).autentica


def test_la_clave_equivocada_se_dice(settings: Any, tmp_path: Path) -> None:
    archivo = tmp_path / "entidad.p12"
    archivo.write_bytes(autoridad.crear_p12_de_demostracion(muestras.INSTANTE))
    settings.FIRMA_P12, settings.FIRMA_P12_CLAVE = str(archivo), "otra"
    with pytest.raises(SinCertificado, match="FIRMA_P12_CLAVE"):
        autoridad.identidad()
