"""The whole reading, every night: no false alarm while people write, and what was changed is found and told (R9)."""

import json
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from alcance import Alcance, como_sistema, con_alcance
from avisos.tasks import sellar_bitacora, verificar_bitacora
from bandeja.models import Entrega
from bandeja.services import entregar, entregar_larga
from bitacora import sellos
from bitacora.cadena import Sello, leer, sellar
from bitacora.models import Suceso
from bitacora.sellos import ruta_del_sello
from bitacora.services import registrar
from bitacora.verificacion import TARDE, anotar_lectura, comprobar, salud
from sdfi_portal import salud as de_todos
from tests.bitacora.test_cadena import encadenar_de_nuevo, escribir
from tests.soporte.correo import CorreoSmtp
from tests.soporte.elenco import Elenco, crear_elenco


@pytest.fixture(autouse=True)
def _almacen(settings, tmp_path: Path) -> None:
    opciones = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path / "archivos"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": opciones}}


def rupturas(*otros: Sello) -> list[str]:
    with como_sistema("prueba"), transaction.atomic():
        return [str(ruptura) for ruptura in comprobar(*otros).rupturas]


def sellado(dia: str) -> None:
    """As of that day: the file of the store alone."""
    with como_sistema("prueba"), transaction.atomic():
        sello = sellar() | {"en": f"{dia}T05:00:00+00:00"}
    datos = json.dumps(sello, sort_keys=True).encode()
    default_storage.save(ruta_del_sello(datetime.fromisoformat(dia).date()), ContentFile(datos))


def guardado(dia: str) -> Path:
    return Path(default_storage.path(ruta_del_sello(datetime.fromisoformat(dia).date())))


# --- While people write ----------------------------------------------------------------------------------------------
def _escribir_hasta(basta: threading.Event, numero: int, fallas: list[BaseException]) -> None:
    try:
        vez = 0
        while not basta.is_set():
            vez += 1
            with con_alcance(Alcance(persona_id=numero + 1)), transaction.atomic():
                for entidad in (vez % 3 or None, None):
                    registrar(accion="mientras tanto", entidad_id=entidad, motivo=f"porque {vez}")
    except BaseException as falla:
        fallas.append(falla)
    finally:
        connections.close_all()


def test_mientras_escriben_no_hay_falsas_alarmas(superusuario, monkeypatch) -> None:
    """Read again and again, a few rows at a time, with the seal of the day made meanwhile; and then a real change."""
    monkeypatch.setattr("bitacora.cadena._LOTE", 20)  # more trips, in which more is written
    escribir(9)
    basta, fallas = threading.Event(), []
    hilos = [threading.Thread(target=_escribir_hasta, args=(basta, n, fallas)) for n in range(4)]
    for hilo in hilos:
        hilo.start()
    vistos = []
    try:
        for vez in range(12):
            salida = StringIO()
            call_command("verificar_bitacora", "--json", stdout=salida)
            vistos.append(json.loads(salida.getvalue())["sucesos"])
            if vez == 5:
                sellos.sellar_el_dia()
    finally:
        basta.set()
        for hilo in hilos:
            hilo.join()
    assert fallas == []
    assert vistos == sorted(set(vistos)) and vistos[-1] > vistos[0] + 30  # they did write meanwhile
    superusuario.execute("update bitacora_suceso set accion = 'x' where cadena = 'entidad-1' and posicion = 2")
    assert rupturas() == ["entidad-1, lugar 2: su contenido cambió."]


# --- Against the seals -----------------------------------------------------------------------------------------------
def test_lo_escrito_de_nuevo_se_situa_entre_dos_sellos(superusuario) -> None:
    """A04: who chains everything again agrees with themselves (negative control), and not with what was sealed."""
    for dia in ("2026-11-09", "2026-11-10", "2026-11-11"):
        escribir(4, entidades=(1,))
        sellado(dia)
    assert rupturas() == []
    superusuario.execute("update bitacora_suceso set accion = 'otra' where posicion = 6")
    encadenar_de_nuevo(superusuario, "entidad-1")
    with como_sistema("prueba"), transaction.atomic():
        assert leer().rupturas == []
    assert rupturas() == [
        "entidad-1, entre los lugares 5 y 8: se escribió de nuevo: "
        "no coincide con el sello 2026-11-10, y con el sello 2026-11-09 sí."
    ]
    superusuario.execute("update bitacora_suceso set accion = 'otra' where posicion = 3")
    encadenar_de_nuevo(superusuario, "entidad-1")
    assert rupturas() == [
        "entidad-1, entre los lugares 1 y 4: se escribió de nuevo: no coincide con el sello 2026-11-09."
    ]


def test_un_sello_sin_algo_no_pasa(superusuario, tmp_path: Path) -> None:
    """Of what the mail brought and of what the store keeps: its digest, its place among the others, and that it is the
    one the record tells of. Whole, it passes (negative control)."""
    escribir(6)
    sellado("2026-11-09")
    escribir(6)
    with como_sistema("prueba"), transaction.atomic():
        sello = sellar()
    archivo = tmp_path / "del-correo.json"
    archivo.write_text(json.dumps(sello))
    salida = StringIO()
    call_command("verificar_bitacora", sello=archivo, stdout=salida)
    assert f"Huella de del-correo.json: {sello['huella']}" in salida.getvalue()
    del sello["cabezas"]["entidad-1"]
    archivo.write_text(json.dumps(sello))
    with pytest.raises(CommandError, match="no está entero"):
        call_command("verificar_bitacora", sello=archivo, stdout=StringIO())
    archivo.write_text("[]")
    with pytest.raises(CommandError, match="no es un sello"):
        call_command("verificar_bitacora", sello=archivo, stdout=StringIO())
    # With its digest done again, the chain that is missing was in the one before.
    del sello["huella"]
    otra = Sello.de(sello | {"huella": "", "en": "2026-11-10T05:00:00+00:00"}, "otro")
    assert rupturas(otra) == ["sellos: el sello otro no tiene la cadena entidad-1, que el sello 2026-11-09 sí."]


def test_un_sello_guardado_que_cambia_o_falta(superusuario) -> None:
    """Who reaches the store too: what the record tells of the seal is under the next one."""
    escribir(6)
    sellado("2026-11-09")
    ruta = guardado("2026-11-09")
    bueno = ruta.read_text()
    with como_sistema("prueba"), transaction.atomic():
        huella = json.loads(bueno)["huella"]
        registrar(accion="bitacora.sellar", despues={"dia": "2026-11-09", "huella": huella, "destinatarios": 1})
    assert rupturas() == []
    ruta.write_text(bueno.replace('"posicion": 2', '"posicion": 1', 1))
    assert rupturas() == ["sellos: el sello 2026-11-09 no se puede leer, o le falta algo."]
    ruta.write_text("{")
    assert rupturas() == ["sellos: el sello 2026-11-09 no se puede leer, o le falta algo."]
    ruta.unlink()
    assert rupturas() == ["sellos: el sello 2026-11-09 no está donde se guardó."]
    escribir(3)
    sellado("2026-11-09")
    assert rupturas() == ["sellos: el sello 2026-11-09 no es el que se guardó ese día."]
    ruta.write_text(bueno)
    assert rupturas() == []


# --- Every night -----------------------------------------------------------------------------------------------------
def a_las(hora: int) -> datetime:
    return datetime(2026, 11, 10, hora + 5, tzinfo=UTC)


def test_cada_madrugada_se_comprueba_una_vez(base_propia: str, correo_smtp: CorreoSmtp) -> None:
    """R9. Asked every hour; the result is one more event, and nobody is written to when all is well."""
    crear_elenco()
    escribir(6)
    for hora in (0, 1):
        with time_machine.travel(a_las(hora)):
            verificar_bitacora()
    assert not Entrega.objects.exists()
    for hora in (2, 3, 18):
        with time_machine.travel(a_las(hora)):
            verificar_bitacora()
    with time_machine.travel(a_las(18)):
        assert entregar() == 0  # no mail waits behind it
        assert (entregar_larga(), entregar_larga()) == (1, 0)
        assert entregar() == 0 and correo_smtp.mensajes() == []
    assert salud().lectura == {"cadenas": 3, "motivos_suprimidos": 0, "rupturas": 0, "sellos": 0, "sucesos": 6}


def test_lo_roto_se_dice_a_quien_controla(
    superusuario, base_propia: str, correo_smtp: CorreoSmtp, settings, entrar, client
) -> None:
    """By mail to who gets the seals and to who runs the portal; on the audit; and /salud/ says that something is."""
    settings.CORREOS_DE_CONTROL = ["Control@sg.example"]
    elenco = crear_elenco()
    escribir(36, entidades=tuple(range(1, 13)))
    superusuario.execute("update bitacora_suceso set accion = 'x' where posicion = 2")
    with time_machine.travel(a_las(3)):
        verificar_bitacora()
        assert entregar_larga() == 1
        assert entregar() == 3
    mensajes = correo_smtp.mensajes()
    assert sorted(str(m["to"]).rpartition("<")[2].rstrip(">") for m in mensajes) == sorted(
        [elenco.administradora.correo, elenco.auditora.correo, "control@sg.example"]
    )
    cuerpo = " ".join(mensajes[0].get_body().get_content().split())
    assert "entidad-1, lugar 2: su contenido cambió." in cuerpo and "Y 2 más" in cuerpo
    assert salud().lectura["rupturas"] == 12 and not salud().bien
    html = entrar(elenco.auditora).get("/auditoria/").content.decode()
    assert "La bitácora no es como se escribió" in html and "entidad-12, lugar 2: su contenido cambió." in html
    assert 'role="alert"' in html
    assert de_todos._bitacora() == "degradado"


@pytest.mark.django_db
def test_la_pagina_dice_cuando_y_con_que_se_comprobo(elenco: Elenco, entrar) -> None:
    """To who sees all of it; a head is told nothing of what is not theirs."""
    auditora, directora = entrar(elenco.auditora), entrar(elenco.directora)
    assert "Se comprobó entera" not in auditora.get("/auditoria/").content.decode()
    with como_sistema("prueba"), transaction.atomic():
        anotar_lectura(leer())
    for navegador, lo_ve in ((auditora, True), (entrar(elenco.administradora), True), (directora, False)):
        assert ("Se comprobó entera" in navegador.get("/auditoria/").content.decode()) is lo_ve


@pytest.mark.django_db
@pytest.mark.parametrize("accion", ["bitacora.verificar", "bitacora.sellar"])
def test_lo_que_no_se_hizo_hoy_degrada(elenco: Elenco, entrar, accion: str) -> None:
    """Without a reading or a seal for more than a day; since the first event, when there never was one."""
    with como_sistema("prueba"), transaction.atomic():
        assert salud().bien
        registrar(accion="algo")
        assert salud().bien
        otra = {"bitacora.verificar", "bitacora.sellar"} - {accion}
    dicho = {"bitacora.verificar": "no se comprueba la bitácora", "bitacora.sellar": "no sale el sello diario"}[accion]
    tarde = timezone.now() + TARDE + timedelta(minutes=1)
    with time_machine.travel(tarde, tick=True):
        assert not salud().bien
        # `en` is the clock of the database, which nobody moves: what is done «now» is as old as the first event.
        estado = salud()
        assert estado.sin_leer and estado.sin_sello
        html = entrar(elenco.auditora).get("/auditoria/").content.decode()
        assert dicho in html
    with como_sistema("prueba"), transaction.atomic():
        registrar(accion=otra.pop(), despues={"destinatarios": 1, "rupturas": 0})
        registrar(accion=accion, despues={"destinatarios": 1, "rupturas": 0})
    assert salud().bien


def test_un_sello_que_nadie_recibe_degrada(base_propia: str, settings, entrar) -> None:
    """With no auditor and no mailbox of the control office, all that was sealed is on this machine."""
    elenco = crear_elenco()
    with como_sistema("prueba"), transaction.atomic():
        elenco.auditora.membresias.update(desde="2025-01-01", hasta="2025-12-31")
    escribir(3)
    sellar_bitacora()
    entregar()
    assert salud().sin_quien_lo_guarde and de_todos._bitacora() == "degradado"
    assert "CORREOS_DE_CONTROL" in entrar(elenco.administradora).get("/auditoria/").content.decode()
    settings.CORREOS_DE_CONTROL = ["control@sg.example"]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        sellar_bitacora()
        entregar()
        assert not salud().sin_quien_lo_guarde


def test_el_sello_queda_anotado(base_propia: str) -> None:
    """Its day and its digest, once: so a file that is missing or is another is told."""
    crear_elenco()
    escribir(3)
    for _ in range(2):
        sellar_bitacora()
        entregar()
    with como_sistema("prueba"), transaction.atomic():
        [suceso] = Suceso.objects.filter(accion="bitacora.sellar")
    [dia] = [dia for dia, _ in sellos.guardados()]
    [sello] = [sello for _, sello in sellos.guardados()]
    assert json.loads(suceso.despues) == {"dia": dia, "huella": sello.huella, "destinatarios": 1}
