"""`GET /salud/` tells the truth in each fault it can see from here (F19); the rest is in test_servir.py."""

import socket
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from alcance import como_sistema
from bandeja.models import Entrega, Latido
from bandeja.services import latir
from bandeja.services.entregar import ESPERA_SU_HORA
from sdfi_portal import salud
from solicitudes.tasks import relevar


@pytest.fixture(autouse=True)
def _a_la_puerta(monkeypatch, settings):
    """Only what stands before sessions and alcance, and no memory of earlier answers."""
    settings.MIDDLEWARE = settings.MIDDLEWARE[: settings.MIDDLEWARE.index("sdfi_portal.salud.SaludMiddleware") + 1]
    monkeypatch.setattr(salud, "_memoria", {})
    salud._migrado.clear()


@pytest.mark.django_db
def test_bien(client, correo_smtp):
    for nombre in ("entregas", "reloj"):
        latir(nombre)
    respuesta = client.get("/salud/")
    datos = respuesta.json()
    assert respuesta.status_code == 200
    assert datos["componentes"]["base_de_datos"] == "bien"
    assert datos["componentes"]["migraciones"] == "bien"
    assert datos["componentes"]["redis"] == "bien"
    assert datos["componentes"]["correo"] == "bien"
    assert datos["componentes"]["trabajador"] == "bien"
    assert datos["componentes"]["reloj"] == "bien"
    assert datos["componentes"]["bandeja"] == "bien"
    assert datos["componentes"]["antivirus"] == "sin_configurar"
    assert respuesta["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_no_cuenta_nada_mas_que_estados(client):
    """No address, version or path for anybody who asks."""
    datos = client.get("/salud/").json()
    assert set(datos) == {"estado", "componentes", "degradados", "pendiente_mas_antigua_s"}
    assert datos["pendiente_mas_antigua_s"] == 0
    assert set(datos["componentes"].values()) <= {"bien", "degradado", "caido", "sin_configurar"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("componente", "ajuste", "valor"),
    [
        ("redis", "CELERY_BROKER_URL", "redis+socket:///no/existe.sock"),
        ("redis", "CELERY_BROKER_URL", "redis://127.0.0.1:1/0"),
        ("antivirus", "ANTIVIRUS_CLAMD", "unix:/no/existe.sock"),
    ],
)
def test_lo_que_falta_degrada_y_se_sigue_atendiendo(client, settings, componente, ajuste, valor):
    setattr(settings, ajuste, valor)
    respuesta = client.get("/salud/")
    assert respuesta.status_code == 200
    assert respuesta.json()["estado"] == "degradado"
    assert componente in respuesta.json()["degradados"]


@pytest.mark.django_db
@pytest.mark.parametrize(("componente", "nombre"), [("trabajador", "entregas"), ("reloj", "reloj")])
def test_un_proceso_callado_degrada(client, componente, nombre):
    assert componente in client.get("/salud/").json()["degradados"]
    Latido.objects.create(nombre=nombre, en=timezone.now() - salud.SILENCIO)
    salud._memoria.clear()
    assert componente in client.get("/salud/").json()["degradados"]


@pytest.mark.django_db
def test_una_entrega_atrasada_degrada(client):
    hace_rato = timezone.now() - timedelta(minutes=6)
    with como_sistema("prueba"):
        Entrega.objects.create(clave_idempotencia="x", tipo="aviso", proximo_intento=hace_rato)
    assert "bandeja" in client.get("/salud/").json()["degradados"]


@pytest.mark.django_db
def test_dice_cuanto_espera_la_mas_antigua_y_nada_de_ella(client):
    """Also what failed and waits for its next try: it is not late, and it has not left. What is due later waits for
    nothing."""
    ahora = timezone.now()
    with como_sistema("prueba"):
        for clave, datos in {
            "hecha": {"estado": "hecha", "hecha_en": ahora, "creada_en": ahora - timedelta(days=9)},
            "para el lunes": {"creada_en": ahora - timedelta(days=2), "proximo_intento": ahora + timedelta(days=1)},
            "por reintentar": {"creada_en": ahora - timedelta(hours=5), "intento": 4,
                               "proximo_intento": ahora + timedelta(hours=1)},
            "retenida": {"creada_en": ahora - timedelta(days=3), "intento": 2, "error": f"{ESPERA_SU_HORA}Falló",
                         "proximo_intento": ahora + timedelta(hours=9)},
            "por tomar": {"proximo_intento": ahora - timedelta(minutes=6)},
        }.items():  # fmt: skip
            Entrega.objects.create(clave_idempotencia=clave, tipo="aviso", destinatario="a@b.example", **datos)
    datos = client.get("/salud/").json()
    assert 5 * 3600 <= datos["pendiente_mas_antigua_s"] < 5 * 3600 + 60
    assert "a@b.example" not in str(datos)


@pytest.mark.django_db
@pytest.mark.parametrize("nombre", salud.BARRIDOS)
def test_un_barrido_que_ya_no_termina_degrada(client, nombre):
    assert "barridos" not in client.get("/salud/").json()["degradados"]
    Latido.objects.create(nombre=nombre, en=timezone.now() - salud.BARRIDO_TARDE - timedelta(seconds=1))
    salud._memoria.clear()
    assert "barridos" in client.get("/salud/").json()["degradados"]
    latir(nombre)
    salud._memoria.clear()
    assert "barridos" not in client.get("/salud/").json()["degradados"]


@pytest.mark.django_db
def test_sin_servidor_de_correo_degrada(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "correo" in client.get("/salud/").json()["degradados"]


@pytest.mark.django_db
def test_sin_base_de_datos_responde_503(client, monkeypatch):
    """A check that fails is told apart by its name, never by what failed."""

    def caida() -> str:
        raise OperationalError("connection to server at 10.0.0.5 failed")

    monkeypatch.setitem(salud.PRUEBAS, "base_de_datos", caida)
    respuesta = client.get("/salud/")
    assert respuesta.status_code == 503
    assert respuesta["Retry-After"] == "10"
    assert respuesta.json()["componentes"]["base_de_datos"] == "caido"
    assert "10.0.0.5" not in respuesta.content.decode()


@pytest.mark.django_db
def test_con_migraciones_pendientes_responde_503(client, monkeypatch):
    monkeypatch.setattr(salud.MigrationExecutor, "migration_plan", lambda *_: ["pendiente"])
    respuesta = client.get("/salud/")
    assert respuesta.status_code == 503
    assert respuesta.json()["componentes"]["migraciones"] == "caido"


@pytest.mark.django_db
def test_disco_casi_lleno_degrada(client, monkeypatch, settings):
    monkeypatch.setattr(salud.shutil, "disk_usage", lambda _: salud.shutil._ntuple_diskusage(100, 95, 5))
    assert "disco" in client.get("/salud/").json()["degradados"]


def test_un_rol_sin_frenos_no_atiende(client, base_como_respaldo):
    """security.md §4.2: served by a role that bypasses row-level security, the portal must not say it is well."""
    respuesta = client.get("/salud/")
    assert respuesta.status_code == 503
    assert respuesta.json()["componentes"]["base_de_datos"] == "caido"


@pytest.fixture
def base_como_respaldo(base_propia):
    usuario = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "sdfi_respaldo"
    yield
    connection.close()
    connection.settings_dict["USER"] = usuario


@pytest.mark.django_db
def test_un_redis_que_acepta_y_calla_esta_degradado(client, settings, monkeypatch):
    """A hung server keeps accepting: only an answer says that it works."""
    monkeypatch.setattr(salud, "ESPERA", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{mudo.getsockname()[1]}/0"
        respuesta = client.get("/salud/")
    assert respuesta.status_code == 200
    assert respuesta.json()["componentes"]["redis"] == "degradado"


@pytest.mark.django_db
def test_una_solicitud_sin_responsable_degrada(client, monkeypatch):
    """The sweep of every hour signs when nobody is missing; two that do not are told."""
    monkeypatch.setattr("solicitudes.tasks.sin_responsable", lambda: ["una"])
    Latido.objects.create(nombre="responsables", en=timezone.now() - timedelta(hours=3))
    relevar()
    assert "responsables" in client.get("/salud/").json()["degradados"]
    monkeypatch.undo()
    relevar()
    salud._memoria.clear()
    assert "responsables" not in client.get("/salud/").json()["degradados"]
