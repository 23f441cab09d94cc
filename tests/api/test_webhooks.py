"""Another system is told what happens: what it is told, how it knows who tells it, and what becomes of what fails."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from api import salida, webhooks
from api.ejemplos import WEBHOOK
from api.models import IntentoWebhook, Suscripcion
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar
from bitacora.models import Suceso
from solicitudes.models import Movimiento, Solicitud
from solicitudes.services import atender_siguiente
from solicitudes.services.conversacion import escribir_mensaje
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco
from tests.soporte.https import Servidor

pytestmark = pytest.mark.django_db
URL = "https://siga.example/avisos"
TODOS = ["solicitud.radicada", "solicitud.movida", "solicitud.respondida", "solicitud.mensaje"]
MAL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
# What whoever receives writes with the documentation at hand: nothing of the project.
COMPROBAR = """
import hashlib, hmac, sys
secreto, encabezado, cuerpo = sys.argv[1], sys.argv[2], sys.stdin.buffer.read()
partes = dict(parte.split("=", 1) for parte in encabezado.split(","))
buena = hmac.new(secreto.encode(), partes["t"].encode() + b"." + cuerpo, hashlib.sha256).hexdigest()
sys.exit(0 if hmac.compare_digest(buena, partes["v1"]) else 1)
"""


@pytest.fixture
def servidor(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servidor]:
    with Servidor(tmp_path, "siga.example") as uno:
        settings.WEBHOOKS_CA = uno.autoridad
        conectar, aqui = salida._conectar, ip_address("127.0.0.1")
        monkeypatch.setattr(salida, "_elegir", lambda destino, limite: ip_address("93.184.215.14"))
        monkeypatch.setattr(salida, "_conectar", lambda _, puerto, segundos: conectar(aqui, uno.puerto, segundos))
        yield uno


def suscrita(elenco: Elenco, **datos: Any) -> Suscripcion:
    with actuar(elenco.administradora), transaction.atomic():
        return webhooks.crear(**{"nombre": "SIGA", "url": URL, "eventos": TODOS} | datos)


def anotados() -> list[dict[str, Any]]:
    with como_sistema("prueba"), transaction.atomic():
        return list(Entrega.objects.filter(tipo="api.webhook").order_by("id").values_list("carga", flat=True))


def intentos() -> list[IntentoWebhook]:
    with como_sistema("prueba"), transaction.atomic():
        return list(IntentoWebhook.objects.order_by("id"))


def leida(fila: Suscripcion) -> Suscripcion:
    return Suscripcion.objects.get(pk=fila.pk)


def vencer() -> None:
    """As if the wait was over."""
    with como_sistema("prueba"), transaction.atomic():
        Entrega.objects.filter(tipo="api.webhook").update(proximo_intento=timezone.now() - timedelta(seconds=1))
        Suscripcion.objects.update(no_antes=None)


def despachar() -> None:
    vencer()
    while entregar():
        pass


def comprobar(secreto: str, encabezado: str, cuerpo: bytes) -> bool:
    orden = [sys.executable, "-I", "-c", COMPROBAR, secreto, encabezado]
    return subprocess.run(orden, input=cuerpo, timeout=60).returncode == 0


# --- What is told ----------------------------------------------------------------------------------------------------
def test_what_happens_is_told_to_whoever_subscribed(elenco: Elenco) -> None:
    todo = suscrita(elenco)
    suscrita(elenco, nombre="Otro", eventos=["solicitud.mensaje"])
    suscrita(elenco, nombre="De otra", dependencias=[elenco.internacionales.pk])
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    assert [(uno["suscripcion"], uno["evento"]) for uno in anotados()] == [(todo.pk, "solicitud.radicada")]
    with actuar(elenco.asesora), transaction.atomic():
        parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        escribir_mensaje(solicitud=solicitud, texto="De adentro", clave=uuid4(), tipo="nota", parte=parte)
        assert [uno["evento"] for uno in anotados()] == ["solicitud.radicada", "solicitud.movida"]
        escribir_mensaje(solicitud=solicitud, texto="¿Qué tabla?", clave=uuid4(), parte=parte)
    assert [uno["evento"] for uno in anotados()][2:] == ["solicitud.mensaje", "solicitud.mensaje"]


def test_without_a_subscription_nothing_is_written_and_nothing_is_asked(elenco: Elenco) -> None:
    def consultas() -> int:
        with CaptureQueriesContext(connection) as captura:
            radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        return len(captura)

    consultas()
    sin = consultas()
    assert anotados() == []
    suscrita(elenco)
    assert consultas() == sin and len(anotados()) == 1


def test_what_is_reserved_or_imported_is_for_nobody_outside(elenco: Elenco) -> None:
    suscrita(elenco)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True)
    assert anotados() == []
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with como_sistema("prueba"), transaction.atomic():
        comun = {"solicitud": solicitud, "texto": "x", "accion": "radicar"}
        Movimiento.objects.create(**comun, datos={"importada": True})
        Movimiento.objects.create(**comun, interno=True)
    assert len(anotados()) == 1


def test_what_is_undone_is_told_to_nobody(elenco: Elenco) -> None:
    suscrita(elenco)
    with pytest.raises(RuntimeError), transaction.atomic():
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        raise RuntimeError
    assert anotados() == []


def test_one_that_is_off_is_told_nothing(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.administradora):
        webhooks.apagar(suscripcion=fila)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    assert len(anotados()) == 1
    despachar()
    assert servidor.recibidos == []


# --- How it is told --------------------------------------------------------------------------------------------------
def test_the_call_says_what_happened_and_proves_who_says_it(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Historias de María Pérez")
    despachar()
    [recibido] = servidor.recibidos
    dice, cabeceras = json.loads(recibido.cuerpo), recibido.cabeceras
    assert (dice["evento"], dice["solicitud"]["radicado"]) == ("solicitud.radicada", solicitud.radicado)
    assert dice["movimiento"] == {"accion": "radicar", "de": "", "a": "radicada", "dependencia": None}
    assert dice["solicitud"]["url"].endswith(f"/api/v1/solicitudes/{solicitud.radicado}/")
    assert dice["id"] == cabeceras["sdfi-id"] and dice["evento"] == cabeceras["sdfi-evento"]
    assert "María" not in recibido.cuerpo.decode()  # what it is about is read with a token
    assert comprobar(fila.secreto, cabeceras["sdfi-firma"], recibido.cuerpo)
    assert not comprobar(fila.secreto, cabeceras["sdfi-firma"], recibido.cuerpo + b" ")
    assert not comprobar(fila.secreto[:-1], cabeceras["sdfi-firma"], recibido.cuerpo)
    otra = cabeceras["sdfi-firma"].replace("t=", "t=1")  # an old one sent again with a new instant
    assert not comprobar(fila.secreto, otra, recibido.cuerpo)
    [intento] = intentos()
    assert (intento.codigo, intento.error, intento.radicado) == (204, "", solicitud.radicado)


def test_the_example_of_the_documentation_is_what_is_sent(elenco: Elenco, servidor: Servidor) -> None:
    suscrita(elenco, eventos=["solicitud.radicada"])
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    dice = json.loads(servidor.recibidos[0].cuerpo)
    assert (list(dice), list(dice["solicitud"]), list(dice["movimiento"])) == (
        list(WEBHOOK), list(WEBHOOK["solicitud"]), list(WEBHOOK["movimiento"]),
    )  # fmt: skip


def test_what_became_reserved_meanwhile_does_not_leave(elenco: Elenco, servidor: Servidor) -> None:
    suscrita(elenco)
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with como_sistema("prueba"), transaction.atomic():
        Solicitud.objects.filter(pk=solicitud.pk).update(reservada=True, motivo_reserva="Nómina")
    despachar()
    assert servidor.recibidos == [] and intentos() == []


def test_another_secret_signs_what_waits(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.administradora):
        nueva = webhooks.cambiar_secreto(suscripcion=fila)
    despachar()
    firma, cuerpo = servidor.recibidos[0].cabeceras["sdfi-firma"], servidor.recibidos[0].cuerpo
    assert comprobar(nueva.secreto, firma, cuerpo) and not comprobar(fila.secreto, firma, cuerpo)


# --- What fails ------------------------------------------------------------------------------------------------------
def test_what_fails_is_sent_again_with_the_same_id(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    servidor.respuestas = [MAL, MAL, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    for _ in range(3):
        despachar()
    assert len({uno.cabeceras["sdfi-id"] for uno in servidor.recibidos}) == 1
    assert [uno.codigo for uno in intentos()] == [503, 503, 200]
    assert leida(fila).fallas_seguidas == 0
    with como_sistema("prueba"), transaction.atomic():
        assert Entrega.objects.get(tipo="api.webhook").estado == "hecha"


def test_one_that_fails_waits_and_so_do_the_others_of_its_system(elenco: Elenco, servidor: Servidor) -> None:
    """A system that hangs costs ten seconds once, not once for each thing that happens."""
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    servidor.respuestas = [MAL]
    for _ in range(3):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    assert len(servidor.recibidos) == 1
    falta = leida(fila).no_antes - timezone.now()
    assert timedelta(seconds=20) < falta <= timedelta(seconds=30)
    with como_sistema("prueba"), transaction.atomic():
        assert sorted(Entrega.objects.filter(tipo="api.webhook").values_list("intento", flat=True)) == [0, 0, 1]


@pytest.mark.parametrize(("codigo", "muere"), [(400, True), (401, True), (404, True), (410, True), (302, True),
                                               (408, False), (425, False), (429, False), (500, False)])  # fmt: skip
def test_a_final_no_is_not_insisted_on(elenco: Elenco, servidor: Servidor, codigo: int, muere: bool) -> None:
    suscrita(elenco, eventos=["solicitud.radicada"])
    servidor.respuestas = [f"HTTP/1.1 {codigo} X\r\nContent-Length: 2\r\n\r\nno".encode()]
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    with como_sistema("prueba"), transaction.atomic():
        entrega = Entrega.objects.get(tipo="api.webhook")
    assert (entrega.estado == "muerta") is muere
    assert str(codigo) in intentos()[0].error and str(codigo) in entrega.error


def test_an_address_of_ours_is_refused_and_said(elenco: Elenco, monkeypatch: pytest.MonkeyPatch) -> None:
    """X05, from the filing to what the administrador reads."""
    suscrita(elenco, eventos=["solicitud.radicada"])
    conocidas = [(2, 1, 6, "", ("10.1.2.3", 443))]
    monkeypatch.setattr(salida.socket, "getaddrinfo", lambda *a, **b: conocidas)
    monkeypatch.setattr(salida, "_conectar", lambda *a: pytest.fail("llamó"))
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    assert "10.1.2.3 no es una dirección pública" in intentos()[0].error
    with como_sistema("prueba"), transaction.atomic():
        assert Entrega.objects.get(tipo="api.webhook").estado == "muerta"


def test_twenty_failures_pause_it_and_the_administrador_is_told(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    servidor.respuestas = [b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"]
    for _ in range(21):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    despachar()
    assert len(servidor.recibidos) == 20 and leida(fila).estado == "pausada"
    with como_sistema("prueba"), transaction.atomic():
        [aviso] = Aviso.objects.filter(persona=elenco.administradora, clave__startswith="integracion:")
        assert "está en pausa" in aviso.titulo
        assert Suceso.objects.filter(accion="integracion.pausar").count() == 1
    servidor.respuestas = [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
    despachar()
    assert len(servidor.recibidos) == 20  # the last one waits
    with actuar(elenco.administradora):
        webhooks.encender(suscripcion=fila)
    while entregar():
        pass
    assert len(servidor.recibidos) == 21 and leida(fila).fallas_seguidas == 0


def test_what_waited_a_week_is_given_up_and_said(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with como_sistema("prueba"), transaction.atomic():
        Suscripcion.objects.filter(pk=fila.pk).update(pausada_en=timezone.now())
        Entrega.objects.filter(tipo="api.webhook").update(creada_en=timezone.now() - timedelta(days=8))
    despachar()
    assert servidor.recibidos == [] and "7 días" in intentos()[0].error


# --- A try by hand ---------------------------------------------------------------------------------------------------
def test_a_test_is_one_call_and_counts_for_nothing(elenco: Elenco, servidor: Servidor) -> None:
    fila = suscrita(elenco)
    servidor.respuestas = [MAL]
    with actuar(elenco.administradora):
        webhooks.probar(suscripcion=fila)
    despachar()
    despachar()
    assert [json.loads(uno.cuerpo)["evento"] for uno in servidor.recibidos] == ["prueba"]
    assert leida(fila).fallas_seguidas == 0
    with como_sistema("prueba"), transaction.atomic():
        assert Entrega.objects.get(tipo="api.webhook").estado == "hecha"


def test_old_tries_are_swept(elenco: Elenco) -> None:
    fila = suscrita(elenco)
    with como_sistema("prueba"), transaction.atomic():
        for dias in (1, 91):
            IntentoWebhook.objects.create(
                suscripcion=fila, clave=f"x{dias}", evento="prueba", en=timezone.now() - timedelta(days=dias)
            )
    webhooks.borrar_intentos_viejos()
    assert [uno.clave for uno in intentos()] == ["x1"]


# --- Whose it is -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", ["enlace", "asesora", "directora", "subsecretaria", "auditora", "ventanilla"])
def test_it_is_the_administrador_s_alone(elenco: Elenco, entrar: Any, quien: str) -> None:
    fila, persona = suscrita(elenco), getattr(elenco, quien)
    with actuar(persona):
        for hacer in (webhooks.encender, webhooks.apagar, webhooks.probar, webhooks.cambiar_secreto):
            with pytest.raises(PermissionDenied):
                hacer(suscripcion=fila)
        with pytest.raises(PermissionDenied):
            webhooks.crear(nombre="Mía", url=URL, eventos=TODOS)
    assert entrar(persona).get(reverse("api:integracion", args=[fila.pk])).status_code == 403


@pytest.mark.parametrize(
    ("datos", "frase"),
    [
        ({"url": "http://siga.example/"}, "https://"),
        ({"url": "https://10.0.0.8/"}, "pública"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "pública"),
        ({"url": "https://u:c@siga.example/"}, "usuario"),
        ({"eventos": []}, "al menos un aviso"),
        ({"eventos": ["todo"]}, "al menos un aviso"),
        ({"nombre": " "}, "qué sistema"),
        ({"dependencias": [987654]}, "catálogo"),
    ],
)
def test_what_makes_no_sense_is_refused(elenco: Elenco, datos: dict[str, Any], frase: str) -> None:
    with pytest.raises(ValidationError, match=frase):
        suscrita(elenco, **datos)


def test_the_secret_is_shown_once(elenco: Elenco, entrar: Any) -> None:
    navegador = entrar(elenco.administradora)
    datos = {"nombre": "SIGA", "url": URL, "eventos": ["solicitud.radicada"]}
    pagina = navegador.post(reverse("api:crear_integracion"), datos).content.decode()
    [fila] = Suscripcion.objects.all()
    assert fila.secreto in pagina and "no lo volveremos a mostrar" in pagina
    assert fila.secreto not in navegador.get(reverse("api:integracion", args=[fila.pk])).content.decode()
    otra = navegador.post(reverse("api:secreto_integracion", args=[fila.pk])).content.decode()
    assert fila.secreto not in otra and leida(fila).secreto in otra
    with como_sistema("prueba"), transaction.atomic():
        acciones = set(Suceso.objects.filter(accion__startswith="integracion.").values_list("accion", flat=True))
        assert acciones == {"integracion.crear", "integracion.cambiar_secreto"}
        escrito = json.dumps(list(Suceso.objects.filter(accion="integracion.crear").values()), default=str)
    assert fila.secreto not in escrito and fila.nonce not in escrito


def test_what_does_not_exist_is_not_there(elenco: Elenco, entrar: Any) -> None:
    """Said before asking who they are again: a number tells nothing."""
    navegador = entrar(elenco.administradora)
    for nombre in ("integracion", "editar_integracion", "secreto_integracion", "apagar_integracion"):
        assert navegador.get(reverse(f"api:{nombre}", args=[987654])).status_code == 404
    for nombre in ("probar_integracion", "encender_integracion", "apagar_integracion"):
        assert navegador.post(reverse(f"api:{nombre}", args=[987654])).status_code == 404


def test_the_page_says_what_came_of_the_last_calls(elenco: Elenco, entrar: Any, servidor: Servidor) -> None:
    navegador = entrar(elenco.administradora)
    assert "No se avisa a ningún sistema" in navegador.get(reverse("api:integraciones")).content.decode()
    fila = suscrita(elenco, eventos=["solicitud.radicada"])
    servidor.respuestas = [b"HTTP/1.1 404 No\r\nContent-Length: 17\r\n\r\n<b>no existe</b>x"]
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    navegador.post(reverse("api:probar_integracion", args=[fila.pk]))
    despachar()
    pagina = navegador.get(reverse("api:integracion", args=[fila.pk])).content.decode()
    assert solicitud.radicado in pagina and "Respondió 404: &lt;b&gt;no existe" in pagina
    assert "<span>Prueba</span>" in pagina and "Se radicó una solicitud ·" in pagina
    assert "Falló 1 vez seguida" in navegador.get(reverse("api:integraciones")).content.decode()


def test_the_pages_ask_the_same_for_1_3_and_25(elenco: Elenco, entrar: Any) -> None:
    navegador, consultas = entrar(elenco.administradora), []
    for hay in (1, 3, 25):
        while Suscripcion.objects.count() < hay:
            fila = suscrita(elenco)
            with como_sistema("prueba"), transaction.atomic():
                IntentoWebhook.objects.create(suscripcion=fila, clave="x", evento="prueba")
        with CaptureQueriesContext(connection) as captura:
            assert navegador.get(reverse("api:integraciones")).status_code == 200
        consultas.append(len(captura))
    assert len(set(consultas)) == 1, consultas
