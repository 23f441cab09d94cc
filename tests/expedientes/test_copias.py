"""The sealed copy: complete, and its own verifier names whatever was touched. It runs alone, without a connection."""

import ast
import hashlib
import json
import os
import random
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from alcance import como_sistema
from archivos import almacen
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar_larga, reintentar
from bitacora.models import Suceso
from documentos import separada
from documentos.autoridad import CLAVE_DEMOSTRACION, Anclas, crear_p12_de_demostracion, leer_p12
from documentos.firma import validar
from expedientes.models import Copia, Documento, IndiceElectronico
from expedientes.services import cierre, copia_con_huella, copias, hacer_copia, pedir_copia
from expedientes.services.paquete import DocumentoCambiado, escribir_paquete
from solicitudes.models import Solicitud
from tests.expedientes.conftest import Sistema, abierta, despachar, preparar, terminar
from tests.fabricas import actuar
from tests.soporte.elenco import Elenco, crear_elenco

VERIFICADO = "El expediente está completo y no ha cambiado"


def copiar(elenco: Elenco, solicitud: Solicitud, quien: str = "directora") -> Copia:
    """Asked for by somebody, and made by the worker."""
    with actuar(getattr(elenco, quien)), transaction.atomic():
        copia = pedir_copia(
            solicitud=solicitud, destinatario="Contraloría de Bogotá", motivo="Oficio 2026-123", clave=uuid4()
        )
    preparar()
    with Sistema():
        hecha = Copia.objects.select_related("expediente", "solicitud", "pedida_por", "indice").get(pk=copia.pk)
        assert hecha.hecha_en, list(Entrega.objects.exclude(error="").values_list("tipo", "error"))
    return hecha


def en_disco(copia: Copia, lugar: Path) -> Path:
    zip_ = lugar / "expediente.zip"
    with almacen.abrir(copia.ruta) as archivo:
        zip_.write_bytes(archivo.read())
    assert hashlib.sha256(zip_.read_bytes()).hexdigest() == copia.sha256
    return zip_


def verificar(*argumentos: object, script: Path) -> tuple[int, str]:
    """Run the verifier that came inside, with nothing of this project at hand."""
    orden = [sys.executable, "-I", str(script), *map(str, argumentos)]
    hecho = subprocess.run(orden, capture_output=True, text=True, cwd="/", env={"LC_ALL": "C"}, timeout=60)
    assert not hecho.stderr, hecho.stderr
    return hecho.returncode, hecho.stdout


@pytest.fixture(scope="module")
def sellada(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests of this module find the one true copy, made once with real commits."""
    return tmp_path_factory.mktemp("sellada") / "expediente.zip"


@pytest.fixture
def carpeta(sellada: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The true copy, unpacked for this test alone."""
    if not sellada.exists():
        request.getfixturevalue("base_propia")
        elenco = crear_elenco()
        copia = copiar(elenco, terminar(elenco, abierta(elenco)))
        shutil.copy(en_disco(copia, tmp_path), sellada)
    lugar = tmp_path / "expediente"
    with zipfile.ZipFile(sellada) as contenedor:
        contenedor.extractall(lugar)
    return lugar


def leer(carpeta: Path, nombre: str) -> dict:
    return json.loads((carpeta / nombre).read_text(encoding="utf-8"))


def escribir(carpeta: Path, nombre: str, datos: object) -> None:
    texto = json.dumps(datos, ensure_ascii=False, sort_keys=True, indent=1)
    (carpeta / nombre).write_text(texto, encoding="utf-8")


def el_documento(carpeta: Path, parte: str) -> Path:
    [hallado] = (carpeta / "documentos").glob(f"*{parte}*")
    return hallado


# --- The true one ----------------------------------------------------------------------------------------------------
def test_the_true_copy_verifies_packed_and_unpacked(carpeta: Path, sellada: Path) -> None:
    for argumentos in ((), (sellada,), (carpeta,)):
        codigo, dicho = verificar(*argumentos, script=carpeta / "verificar.py")
        assert (codigo, VERIFICADO in dicho) == (0, True), dicho
    assert hashlib.sha256(sellada.read_bytes()).hexdigest() in verificar(sellada, script=carpeta / "verificar.py")[1]
    assert "7 documentos, 7 folios" in dicho and "antivirus: con virus" in dicho


def test_the_verifier_needs_no_new_python(carpeta: Path) -> None:
    """What LEEME.txt promises: 3.8, and nothing to install."""
    arbol = ast.parse((carpeta / "verificar.py").read_text(encoding="utf-8"), feature_version=(3, 8))
    importados = {alias.name for nodo in ast.walk(arbol) if isinstance(nodo, ast.Import) for alias in nodo.names} | {
        str(nodo.module) for nodo in ast.walk(arbol) if isinstance(nodo, ast.ImportFrom)
    }
    assert {nombre.partition(".")[0] for nombre in importados} <= sys.stdlib_module_names


def test_it_carries_everything(carpeta: Path) -> None:
    """Reception with its evidence, place in the queue, term day by day, every document, history and bitácora."""
    nombres = {str(ruta.relative_to(carpeta)) for ruta in carpeta.rglob("*") if ruta.is_file()}
    assert {
        "LEEME.txt", "verificar.py", "copia.json", "indice.json", "indice.xml", "indice.xml.firma", "indice.pdf",
        "recepcion/constancia.pdf",
        "recepcion/recepcion.json", "historia.json", "historia.csv", "cola.csv", "plazo.csv", "bitacora.json",
        "manifiesto.sha256", "manifiesto.firma",
    } <= nombres  # fmt: skip
    assert len([n for n in nombres if n.startswith("documentos/")]) == 6  # the infected one leaves with nobody
    assert leer(carpeta, "recepcion/recepcion.json")["documentos_de_evidencia"] == ["documentos/003-anexo.txt"]
    historia = [hecho["que"] for hecho in leer(carpeta, "historia.json")]
    assert historia[0].startswith("Radicó") and any("Correo a" in que for que in historia)
    acciones = [suceso["datos"]["accion"] for suceso in leer(carpeta, "bitacora.json")["sucesos"]]
    assert acciones[0] == "solicitud.radicar" and "expediente.pedir_copia" in acciones
    plazo = (carpeta / "plazo.csv").read_text(encoding="utf-8-sig").splitlines()
    assert plazo[0] == "dependencia;reloj;obliga;fecha;cuenta;numero;explicacion;esperaba_a_la_entidad"
    assert [linea.split(";")[5] for linea in plazo if linea.split(";")[4] == "sí"] == [str(n) for n in range(1, 11)]
    assert plazo[-1].endswith(";no;;Entregada a tiempo;no")
    cola = (carpeta / "cola.csv").read_text(encoding="utf-8-sig").splitlines()
    assert cola[1].endswith(";1;0") and "salió de la cola" in cola[2]
    assert "Necesitamos saber cómo aplicar la tabla ñandú." in el_documento(carpeta, "001").read_text()


def test_common_tools_check_it_too(carpeta: Path, tmp_path: Path) -> None:
    """What LEEME.txt says, as it says it."""
    assert subprocess.run(["sha256sum", "--quiet", "-c", "manifiesto.sha256"], cwd=carpeta).returncode == 0
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("sin openssl en este equipo")
    (tmp_path / "firma.bin").write_bytes(bytes.fromhex((carpeta / "manifiesto.firma").read_text().strip()))
    llave = subprocess.run([openssl, "x509", "-in", "certificado.pem", "-pubkey", "-noout"], cwd=carpeta,
                           capture_output=True, check=True).stdout  # fmt: skip
    (tmp_path / "llave.pem").write_bytes(llave)
    orden = [openssl, "dgst", "-sha256", "-verify", tmp_path / "llave.pem", "-signature", tmp_path / "firma.bin",
             "manifiesto.sha256"]  # fmt: skip
    assert subprocess.run(orden, cwd=carpeta, capture_output=True).returncode == 0


def test_the_printed_index_is_signed(carpeta: Path) -> None:
    anclas = Anclas((carpeta / "indice.certificado.pem").read_text())
    with (carpeta / "indice.pdf").open("rb") as archivo:
        instante = PdfFileReader(archivo).embedded_signatures[0].self_reported_timestamp
    assert validar((carpeta / "indice.pdf").read_bytes(), anclas, instante=instante).autentica


# --- Negative controls: every kind of tampering is named -------------------------------------------------------------
def _editar(carpeta: Path) -> None:
    el_documento(carpeta, "anexo").write_text("Otra cosa")


def _quitar(carpeta: Path) -> None:
    el_documento(carpeta, "anexo").unlink()


def _agregar(carpeta: Path) -> None:
    (carpeta / "documentos" / "008-otro.txt").write_text("Intruso")


def _reordenar(carpeta: Path) -> None:
    indice = leer(carpeta, "indice.json")
    uno, dos = indice["documentos"][0], indice["documentos"][1]
    indice["documentos"][:2] = [dos, uno]
    escribir(carpeta, "indice.json", indice)


def _historia(carpeta: Path) -> None:
    historia = leer(carpeta, "historia.json")
    historia[0]["en"] = "2020-01-01T00:00:00.000000-05:00"
    escribir(carpeta, "historia.json", historia)


def _suceso(carpeta: Path) -> None:
    bitacora = leer(carpeta, "bitacora.json")
    bitacora["sucesos"][0]["datos"]["en"] = "2020-01-01T00:00:00.000000Z"
    escribir(carpeta, "bitacora.json", bitacora)


def _sin_un_suceso(carpeta: Path) -> None:
    bitacora = leer(carpeta, "bitacora.json")
    del bitacora["sucesos"][1]
    escribir(carpeta, "bitacora.json", bitacora)


def _sucesos_al_reves(carpeta: Path) -> None:
    bitacora = leer(carpeta, "bitacora.json")
    bitacora["sucesos"].reverse()
    escribir(carpeta, "bitacora.json", bitacora)


def _motivo(carpeta: Path) -> None:
    bitacora = leer(carpeta, "bitacora.json")
    next(s for s in bitacora["sucesos"] if s["motivo"])["motivo"] = "Otro motivo"
    escribir(carpeta, "bitacora.json", bitacora)


def _rehacer_el_manifiesto(carpeta: Path) -> None:
    """Who also corrects the digests is betrayed by the signature."""
    _editar(carpeta)
    lineas = (carpeta / "manifiesto.sha256").read_text().splitlines()
    nuevas = [f"{hashlib.sha256((carpeta / linea[66:]).read_bytes()).hexdigest()}  {linea[66:]}" for linea in lineas]
    (carpeta / "manifiesto.sha256").write_text("\n".join(nuevas) + "\n")


def _sin_firma(carpeta: Path) -> None:
    (carpeta / "manifiesto.firma").unlink()


def _firma_rota(carpeta: Path) -> None:
    (carpeta / "indice.firma").write_text("no es una firma")


def _otro_xml(carpeta: Path) -> None:
    """Well signed by nobody: it names another author."""
    xml = (carpeta / "indice.xml").read_text()
    (carpeta / "indice.xml").write_text(xml.replace("<Productor>Portal<", "<Productor>Otro<"))


def _xml_con_entidades(carpeta: Path) -> None:
    xml = (carpeta / "indice.xml").read_text()
    (carpeta / "indice.xml").write_text(xml.replace("<Indice_Electronico>", "<!DOCTYPE x><Indice_Electronico>"))


def _sin_firma_del_xml(carpeta: Path) -> None:
    (carpeta / "indice.xml.firma").unlink()


def _xml_roto(carpeta: Path) -> None:
    (carpeta / "indice.xml").write_text("<Indice_Electronico>")


def _basura(carpeta: Path) -> None:
    (carpeta / "bitacora.json").write_text("[]")


ATAQUES: list[tuple[Callable[[Path], None], str]] = [
    (_editar, r"Cambió el documento 3 \(«anexo.txt»\): su huella no es la del índice"),
    (_quitar, r"Falta el documento 3 \(«anexo.txt»\)"),
    (_agregar, "Sobra documentos/008-otro.txt: no está en el índice"),
    (_reordenar, "En el lugar 1 del índice está el documento 2 .* el orden cambió"),
    (_historia, "Cambió historia.json"),
    (_suceso, r"Cambió el suceso \d+ de la cadena entidad-\d+ \(solicitud.radicar\)"),
    (_sin_un_suceso, r"debía traer \d+ sucesos"),
    (_sucesos_al_reves, "Está fuera de orden el suceso"),
    (_motivo, "Cambió el motivo de el suceso"),
    (_rehacer_el_manifiesto, "El manifiesto cambió: la firma no corresponde"),
    (_sin_firma, "Falta manifiesto.firma"),
    (_firma_rota, "El índice no está firmado con el certificado"),
    (_otro_xml, "El índice en XML no dice lo mismo que indice.json"),
    (_otro_xml, "El índice en XML cambió: la firma no corresponde a indice.xml"),
    (_xml_con_entidades, "indice.xml trae lo que un índice no lleva"),
    (_sin_firma_del_xml, "Falta indice.xml.firma"),
    (_xml_roto, "indice.xml no se puede leer"),
    (_basura, "bitacora.json no se puede leer"),
]


@pytest.mark.parametrize(("ataque", "dice"), ATAQUES, ids=[ataque.__name__.strip("_") for ataque, _ in ATAQUES])
def test_whatever_was_touched_is_named(carpeta: Path, ataque: Callable[[Path], None], dice: str) -> None:
    script = carpeta.parent / "verificar.py"
    shutil.copy(carpeta / "verificar.py", script)
    assert verificar(carpeta, script=script)[0] == 0
    ataque(carpeta)
    codigo, dicho = verificar(carpeta, script=script)
    assert codigo == 1 and VERIFICADO not in dicho
    assert re.search(dice, dicho), dicho


def test_who_signs_again_with_another_key_is_betrayed_by_the_certificate(carpeta: Path, tmp_path: Path) -> None:
    """All of it remade by somebody else verifies in itself; the certificate is not the one the portal publishes."""
    huella = Anclas((carpeta / "certificado.pem").read_text()).huella
    p12 = tmp_path / "otro.p12"
    p12.write_bytes(crear_p12_de_demostracion(datetime.now(UTC)))
    otro = leer_p12(p12, CLAVE_DEMOSTRACION, demostracion=True)
    _rehacer_el_manifiesto(carpeta)
    (carpeta / "certificado.pem").write_text(otro.anclas.pem)
    script = carpeta / "verificar.py"
    manifiesto = (carpeta / "manifiesto.sha256").read_bytes()
    (carpeta / "manifiesto.firma").write_text(separada.firmar(manifiesto, identidad=otro, instante=datetime.now(UTC)))
    codigo, dicho = verificar(carpeta, "--certificado", huella, script=script)
    assert codigo == 1 and "El certificado no es el esperado" in dicho


# --- Damage at random: always a sentence -----------------------------------------------------------------------------
DANOS = 400


def danar(crudo: bytes, azar: random.Random) -> bytes:
    """Other bytes: some flipped, a piece lost or erased, or the end missing."""
    lugar, largo = azar.randrange(len(crudo)), azar.randint(1, 64)
    sano, resto = crudo[:lugar], crudo[lugar + largo :]
    danado = azar.choice(
        [
            sano + bytes([crudo[lugar] ^ 1 << azar.randrange(8)]) + crudo[lugar + 1 :],
            sano + azar.randbytes(min(largo, len(crudo) - lugar)) + resto,
            sano + bytes(min(largo, len(crudo) - lugar)) + resto,
            sano + resto,
            sano,
        ]
    )
    return danado if danado != crudo else sano


def contenido(zip_: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(zip_) as contenedor:
        return sorted((miembro.filename, contenedor.read(miembro)) for miembro in contenedor.infolist())


@pytest.fixture
def verificar_aqui(carpeta: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], tuple[int, str]]:
    """Its `main` in this process: hundreds of times, and whatever it raises is seen."""
    main = runpy.run_path(str(carpeta / "verificar.py"))["main"]

    def hacer(origen: Path) -> tuple[int, str]:
        codigo = main([str(origen)])
        return codigo, capsys.readouterr().out

    assert hacer(carpeta)[0] == 0
    return hacer


def dice_que_no(codigo: int, dicho: str) -> bool:
    return codigo == 1 and VERIFICADO not in dicho and "  - " in dicho


def test_a_damaged_zip_gets_a_sentence_and_never_an_all_is_well(
    sellada: Path, tmp_path: Path, verificar_aqui: Callable[[Path], tuple[int, str]]
) -> None:
    """What changes no content (a date of a member) may pass; whatever else is told."""
    azar, sano, danado = random.Random(11), sellada.read_bytes(), tmp_path / "danado.zip"
    pasaron = 0
    for _ in range(DANOS):
        danado.write_bytes(danar(sano, azar))
        codigo, dicho = verificar_aqui(danado)
        if codigo == 0:
            pasaron += 1
            assert contenido(danado) == contenido(sellada)
        else:
            assert dice_que_no(codigo, dicho), dicho
    assert pasaron < DANOS // 4


def test_a_damaged_file_is_named_whichever_it_is(
    carpeta: Path, verificar_aqui: Callable[[Path], tuple[int, str]]
) -> None:
    azar = random.Random(12)
    archivos = sorted(ruta for ruta in carpeta.rglob("*") if ruta.is_file())
    for vuelta in range(DANOS):
        uno = archivos[vuelta % len(archivos)]
        sano = uno.read_bytes()
        uno.write_bytes(danar(sano, azar))
        codigo, dicho = verificar_aqui(carpeta)
        assert dice_que_no(codigo, dicho), (uno, dicho)
        suyo = uno.relative_to(carpeta).as_posix()
        assert suyo in dicho or (suyo.startswith("manifiesto.") and "manifiesto" in dicho), (suyo, dicho)
        uno.write_bytes(sano)


def _un_byte_del_medio(carpeta: Path, nombre: str) -> Path:
    """The same ZIP with one byte of the compressed data of a member flipped, where zlib no longer understands it."""
    zip_ = carpeta.parent / "tocado.zip"
    with zipfile.ZipFile(zip_, "w", zipfile.ZIP_DEFLATED) as contenedor:
        for ruta in sorted(ruta for ruta in carpeta.rglob("*") if ruta.is_file()):
            contenedor.write(ruta, ruta.relative_to(carpeta).as_posix())
        miembro = contenedor.getinfo(nombre)
    crudo = bytearray(zip_.read_bytes())
    desde = miembro.header_offset + 30 + len(nombre)
    crudo[desde] ^= 0x06  # the kind of its first block: one that does not exist
    zip_.write_bytes(crudo)
    return zip_


@pytest.mark.parametrize("nombre", ["historia.json", "manifiesto.sha256", "certificado.pem", "indice.json"])
def test_a_byte_of_the_compressed_data_names_its_file(carpeta: Path, nombre: str) -> None:
    codigo, dicho = verificar(_un_byte_del_medio(carpeta, nombre), script=carpeta / "verificar.py")
    assert dice_que_no(codigo, dicho) and f"{nombre} está dañado" in dicho, dicho


def test_a_certificate_that_lacks_a_letter_is_named(carpeta: Path) -> None:
    pem = (carpeta / "certificado.pem").read_text()
    (carpeta / "certificado.pem").write_text(pem[:200] + pem[201:])
    codigo, dicho = verificar(carpeta, script=carpeta / "verificar.py")
    assert dice_que_no(codigo, dicho) and "certificado.pem está dañado" in dicho, dicho


def test_the_signature_of_the_manifest_is_written_in_one_way_only(carpeta: Path) -> None:
    """Nothing else vouches for its bytes: the same number in capitals is not what the portal wrote."""
    firma = carpeta / "manifiesto.firma"
    firma.write_text(firma.read_text().upper())
    assert dice_que_no(*verificar(carpeta, script=carpeta / "verificar.py"))


def test_a_name_that_no_screen_shows_is_said_too(carpeta: Path) -> None:
    Path(os.fsdecode(os.fsencode(carpeta / "documentos") + b"/\xff.txt")).write_text("Intruso")
    assert dice_que_no(*verificar(carpeta, script=carpeta / "verificar.py"))


# --- Asking and making -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_may_take_a_copy_out(elenco: Elenco, cerrada: Solicitud) -> None:
    def pedir(quien: str) -> Copia:
        with actuar(getattr(elenco, quien)):
            return pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo=f"Pide {quien}", clave=uuid4())

    for quien in ("directora", "subdirector", "subsecretaria", "auditora"):
        copia = pedir(quien)
        with Sistema():
            suceso = Suceso.objects.get(accion="expediente.pedir_copia", objeto_id=str(copia.pk))
        assert (suceso.actor_id, suceso.motivo) == (getattr(elenco, quien).pk, f"Para Contraloría. Pide {quien}")
    for quien in ("enlace", "asesora", "revisora", "ventanilla", "administradora"):
        with pytest.raises(PermissionDenied):
            pedir(quien)


@pytest.mark.django_db
def test_a_copy_says_for_whom_and_why_and_two_clicks_are_one(elenco: Elenco, cerrada: Solicitud) -> None:
    clave = uuid4()
    with actuar(elenco.directora):
        with pytest.raises(ValidationError):
            pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo=" ", clave=clave)
        una = pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo="Oficio", clave=clave)
        otra = pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo="Oficio", clave=clave)
    assert una.pk == otra.pk
    with Sistema():
        assert Entrega.objects.filter(tipo="expedientes.copia").count() == 1


@pytest.mark.django_db
def test_the_same_state_gives_the_same_bytes_and_is_recognised(elenco: Elenco, tmp_path: Path) -> None:
    """Of one that is still open too: its index says so. Whoever asked is told."""
    solicitud = abierta(elenco)
    copia = copiar(elenco, solicitud)
    assert copia.indice is not None and copia.indice.motivo == "copia"
    assert any("La copia del expediente está lista" in m.subject for m in mail.outbox)
    iguales = []
    for n in range(2):
        with Sistema(), (tmp_path / str(n)).open("wb") as salida:
            escribir_paquete(salida, copia=copia, indice=copia.indice, pdf=b"%PDF-1")
        iguales.append((tmp_path / str(n)).read_bytes())
    assert iguales[0] == iguales[1]
    conocida = copia_con_huella(copia.sha256)
    assert conocida is not None and conocida.pk == copia.pk
    assert copia_con_huella("0" * 64) is None and copia_con_huella("") is None
    assert hacer_copia(copia_id=copia.pk).sha256 == copia.sha256  # a second delivery makes nothing


def test_nobody_who_attends_it_waits_while_it_is_read_or_compressed(
    base_propia: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files may be heavy: the solicitud is free, and the mail goes by another lane."""
    elenco = crear_elenco()
    solicitud = abierta(elenco)
    mirado: list[str] = []

    def atenderla() -> None:
        try:
            with Sistema():
                Solicitud.objects.select_for_update(nowait=True, no_key=True).get(pk=solicitud.pk)
        finally:
            connections.close_all()

    def mirando(que: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def hacer(*posicionales: Any, **nombrados: Any) -> Any:
            with ThreadPoolExecutor(1) as aparte:
                aparte.submit(atenderla).result()
            mirado.append(que)
            return original(*posicionales, **nombrados)

        return hacer

    monkeypatch.setattr(copias, "escribir_paquete", mirando("comprimir", copias.escribir_paquete))
    monkeypatch.setattr(cierre, "_leer", mirando("leer", cierre._leer))
    with actuar(elenco.directora), transaction.atomic():
        pedir_copia(solicitud=solicitud, destinatario="Contraloría", motivo="Oficio", clave=uuid4())
    despachar()
    assert mirado == []  # it is not the lane of the mail
    preparar()
    assert {"leer", "comprimir"} == set(mirado)
    with Sistema():
        assert Copia.objects.get(solicitud=solicitud).hecha_en


@pytest.mark.django_db
def test_bytes_that_changed_in_the_store_are_not_delivered(elenco: Elenco, cerrada: Solicitud) -> None:
    with Sistema():
        documento = Documento.objects.get(solicitud=cerrada, clave="solicitud")
    with almacen.abrir(documento.ruta) as archivo:
        Path(archivo.name).write_text("Otra cosa")
    with actuar(elenco.directora):
        copia = pedir_copia(solicitud=cerrada, destinatario="Contraloría", motivo="Oficio", clave=uuid4())
    hacer_copia(copia_id=copia.pk)  # its first turn: the index, which was signed before
    with pytest.raises(DocumentoCambiado, match="El documento 1"):
        hacer_copia(copia_id=copia.pk)
    with como_sistema("prueba"):
        assert Copia.objects.get(pk=copia.pk).hecha_en is None
        assert IndiceElectronico.objects.filter(solicitud=cerrada).count() == 1


# --- One that can't be made ------------------------------------------------------------------------------------------
def pedida(elenco: Elenco, solicitud: Solicitud) -> Copia:
    with actuar(elenco.directora), transaction.atomic():
        return pedir_copia(solicitud=solicitud, destinatario="Contraloría", motivo="Oficio 9", clave=uuid4())


def dichas(elenco: Elenco) -> list[str]:
    despachar()
    with Sistema():
        return list(Aviso.objects.filter(persona=elenco.directora, titulo__contains="La copia").values_list(
            "titulo", flat=True))  # fmt: skip


@pytest.mark.django_db
def test_one_that_fails_says_why_and_is_asked_again(elenco: Elenco, cerrada: Solicitud, entrar: Any) -> None:
    """Whoever asked is told and has what to press; whoever runs the portal sees it, and may try it again."""
    with Sistema():
        documento = Documento.objects.get(solicitud=cerrada, clave="solicitud")
    with almacen.abrir(documento.ruta) as archivo:
        lugar, bueno = Path(archivo.name), archivo.read()
    lugar.write_text("Otra cosa")
    copia = pedida(elenco, cerrada)
    preparar()
    with Sistema():
        copia.refresh_from_db()
        assert copia.fallida_en and copia.hecha_en is None
        assert "El documento 1" in copia.porque and "Avise a quien administra el portal" in copia.porque
        assert Suceso.objects.filter(accion="expediente.fallar_copia", objeto_id=str(copia.pk)).count() == 1
        [muerta] = Entrega.objects.filter(tipo="expedientes.copia", estado="muerta")
    assert dichas(elenco) == [f"[{cerrada.radicado}] La copia del expediente no se pudo hacer"]

    navegador, url = entrar(elenco.directora), reverse("expedientes:expediente", args=[cerrada.radicado])
    pagina = navegador.get(url).content.decode()
    assert "No se pudo hacer." in pagina and copia.porque in unescape(pagina) and "En preparación" not in pagina
    lugar.write_bytes(bueno)
    de_nuevo = pagina.partition("No se pudo hacer.")[2].partition("</form>")[0]
    assert "Pedirla de nuevo" in de_nuevo
    campos = {n: unescape(v) for n, v in re.findall(r'name="(destinatario|motivo|clave)" value="([^"]*)"', de_nuevo)}
    for _ in range(2):  # two clicks are one
        assert navegador.post(url, campos).status_code == 302
    preparar()
    pagina = navegador.get(url).content.decode()
    assert pagina.count("Descargar el expediente sellado") == 1 and "Pedirla de nuevo" not in pagina
    with Sistema():
        otra = Copia.objects.exclude(pk=copia.pk).get()
    assert (otra.destinatario, otra.motivo) == (copia.destinatario, copia.motivo)

    with actuar(elenco.administradora), transaction.atomic():
        reintentar(pk=muerta.pk)
    assert entregar_larga() == 1
    with Sistema():
        copia.refresh_from_db()
    assert copia.hecha_en and (copia.fallida_en, copia.porque) == (None, "")


@pytest.mark.django_db
def test_an_error_is_tried_three_times_before_saying_it(
    elenco: Elenco, cerrada: Solicitud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def romper(*_: Any, **__: Any) -> None:
        raise OSError("disco lleno")

    copia = pedida(elenco, cerrada)
    assert entregar_larga() == 1  # the turn of the index
    monkeypatch.setattr(copias, "escribir_paquete", romper)
    for intento in range(1, copias.INTENTOS + 1):
        with Sistema():
            assert Copia.objects.get(pk=copia.pk).fallida_en is None
            Entrega.objects.filter(tipo="expedientes.copia", estado="pendiente").update(proximo_intento=timezone.now())
        assert entregar_larga() == 0, intento
    with Sistema():
        copia.refresh_from_db()
    assert copia.fallida_en and copia.porque.startswith("Hubo un error al hacerla. Pídala de nuevo")
    assert dichas(elenco) == [f"[{cerrada.radicado}] La copia del expediente no se pudo hacer"]


@pytest.mark.django_db
def test_one_that_kills_whoever_makes_it_ends_too(elenco: Elenco, cerrada: Solicitud) -> None:
    copia = pedida(elenco, cerrada)
    with Sistema():
        suya = Entrega.objects.filter(tipo="expedientes.copia")
        suya.update(estado="tomada", intento=copias.INTENTOS, tomada_hasta=timezone.now() - timedelta(seconds=1))
    assert entregar_larga() == 0
    with Sistema():
        copia.refresh_from_db()
        assert suya.get().estado == "muerta"
    assert copia.porque == "El proceso que la hacía se interrumpió cada vez. Pídala de nuevo."
