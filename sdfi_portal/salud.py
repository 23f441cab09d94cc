"""`GET /salud/`: can the portal take a request, and what is degraded (security.md §5.9, §5.11, F19).

200 while the database answers with its migrations applied; 503 otherwise. Each component says only its state, and the
outbox how long its oldest fact waits: details are for the logs. Answered by a middleware, before sessions and alcance,
which need the database that may be down.
"""

import ctypes
import logging
import shutil
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alcance.politicas import publica
from archivos import antivirus
from bandeja import services as bandeja
from bitacora.verificacion import salud as de_la_bitacora
from buzones.services.salud import salud as de_los_buzones
from plazos.reloj import hoy
from plazos.vigilancia import alcanza

BIEN, DEGRADADO, CAIDO, SIN_CONFIGURAR = "bien", "degradado", "caido", "sin_configurar"
INDISPENSABLES = ("base_de_datos", "migraciones")
SILENCIO = timedelta(minutes=2)
BARRIDOS = ("plazos", "resumen", "archivos")  # every five minutes
BARRIDO_TARDE = timedelta(minutes=11)  # two that did not end
RESPONSABLES_TARDE = timedelta(hours=2, minutes=10)  # asked twice, and it was not so
DISCO_LIBRE = 0.10
DISCO_SUFICIENTE = 20 * 1024**3  # a large disk may be fuller than 90 %
VIGENCIA = 2.0  # seconds an answer is reused: anybody may ask as often as they like
ESPERA = 2.0

registro = logging.getLogger("portal.salud")
_cerrojo = threading.Lock()
_memoria: dict[str, tuple[float, dict[str, str], int | None]] = {}
_migrado = threading.Event()  # once this process saw its schema up to date, it stays so


def revisar() -> tuple[dict[str, str], int | None]:
    """State of every component, by name, and the seconds that the oldest pending fact waits: 0 when none does, None
    when nobody can tell. Asked at most once every VIGENCIA seconds."""
    with _cerrojo:
        hora, estados, espera = _memoria.get("ultima", (-VIGENCIA, {}, None))
        if time.monotonic() - hora > VIGENCIA:
            estados = {nombre: _estado(nombre, prueba) for nombre, prueba in PRUEBAS.items()}
            espera = _espera()
            _memoria["ultima"] = time.monotonic(), estados, espera
        return estados, espera


def _espera() -> int | None:
    try:
        desde = bandeja.pendiente_desde()
    except Exception as falla:
        registro.warning("salud: la bandeja no responde: %s", falla)
        return None
    return int((timezone.now() - desde).total_seconds()) if desde else 0


def _estado(nombre: str, prueba: Callable[[], str]) -> str:
    try:
        return prueba()
    except Exception as falla:
        registro.warning("salud: %s no responde: %s", nombre, falla)
        return CAIDO if nombre in INDISPENSABLES else DEGRADADO


def _base_de_datos() -> str:
    """Answering is not enough: a role that row-level security does not bind must serve nobody (security.md §4.2)."""
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        (sin_frenos,) = cursor.fetchone()
    return CAIDO if sin_frenos else BIEN


def _migraciones() -> str:
    """Pending migrations mean that this code and this schema do not match."""
    if not _migrado.is_set():
        ejecutor = MigrationExecutor(connection)
        if ejecutor.migration_plan(ejecutor.loader.graph.leaf_nodes()):
            return CAIDO
        _migrado.set()
    return BIEN


def _redis() -> str:
    """Knocks by hand: the client library insists for seconds on a server that is not there."""
    url = urlsplit(settings.CELERY_BROKER_URL)
    if url.scheme.endswith("+socket"):
        return _abre(socket.AF_UNIX, url.path, saludo=b"PING\r\n")
    saludo = b"" if url.scheme == "rediss" else b"PING\r\n"  # with TLS, that it accepts is all we ask
    return _abre(socket.AF_INET, (url.hostname or "localhost", url.port or 6379), saludo=saludo)


def _correo() -> str:
    if "smtp" not in settings.EMAIL_BACKEND:
        return BIEN  # a provider's API or a test: nothing to knock at
    return _abre(socket.AF_INET, (settings.EMAIL_HOST, settings.EMAIL_PORT))


def _abre(familia: int, destino: str | tuple[str, int], *, saludo: bytes = b"") -> str:
    """It accepts and, when greeted, answers something: a server that hangs still accepts."""
    with socket.socket(familia) as conexion:
        conexion.settimeout(ESPERA)
        conexion.connect(destino)
        if saludo:
            conexion.sendall(saludo)
            return BIEN if conexion.recv(1) else DEGRADADO
    return BIEN


def _disco() -> str:
    carpeta = settings.ARCHIVOS_DIR
    while not carpeta.exists():
        carpeta = carpeta.parent
    uso = shutil.disk_usage(carpeta)
    return BIEN if uso.free > min(uso.total * DISCO_LIBRE, DISCO_SUFICIENTE) else DEGRADADO


def _pdf() -> str:
    """Pango comes from the system, not from a wheel: without it everything works but the making of PDF."""
    for biblioteca in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
        ctypes.CDLL(biblioteca)
    return BIEN


def _latido(nombre: str) -> Callable[[], str]:
    """Worker and beat sign a row every few seconds: a silence tells that one of them is gone."""

    def prueba() -> str:
        ultimo = bandeja.salud().latidos.get(nombre)
        return BIEN if ultimo and timezone.now() - ultimo < SILENCIO else DEGRADADO

    return prueba


def _bandeja() -> str:
    return DEGRADADO if bandeja.salud().atrasadas else BIEN


def _barridos() -> str:
    """Each sweep signs when it ends: one that fails every time has gone quiet. Before its first end there is no row,
    and a beat that never rings is told by its own."""
    latidos = bandeja.salud().latidos
    ultimos = [latidos[nombre] for nombre in BARRIDOS if nombre in latidos]
    return DEGRADADO if any(timezone.now() - ultimo > BARRIDO_TARDE for ultimo in ultimos) else BIEN


def _calendario() -> str:
    """Without the holidays of the coming months no term can be counted, and nothing filed: it is told before."""
    return BIEN if alcanza(hoy()) else DEGRADADO


def _responsables() -> str:
    """Every hour it is asked whether each open case has who answers for it, and signed when it has (K13). Nothing is
    counted here."""
    ultimo = bandeja.salud().latidos.get("responsables")
    return DEGRADADO if ultimo and timezone.now() - ultimo > RESPONSABLES_TARDE else BIEN


def _bitacora() -> str:
    """Read whole every night and as it was written; sealed every day, and the seal with somebody who keeps it."""
    return BIEN if de_la_bitacora().bien else DEGRADADO


def _antivirus() -> str:
    if not antivirus.configurado():
        return SIN_CONFIGURAR
    return BIEN if antivirus.responde() else DEGRADADO


def _buzones() -> str:
    """The mail is read, becomes something, and the ledger proves it; what was set apart was seen by somebody."""
    suya = de_los_buzones()
    if not suya.bien:
        return DEGRADADO
    return BIEN if suya.hay else SIN_CONFIGURAR


PRUEBAS: dict[str, Callable[[], str]] = {
    "base_de_datos": _base_de_datos,
    "migraciones": _migraciones,
    "redis": _redis,
    "trabajador": _latido("entregas"),
    "reloj": _latido("reloj"),
    "barridos": _barridos,
    "bandeja": _bandeja,
    "responsables": _responsables,
    "bitacora": _bitacora,
    "correo": _correo,
    "buzones": _buzones,
    "calendario": _calendario,
    "disco": _disco,
    "antivirus": _antivirus,
    "pdf": _pdf,
}


@require_safe
@publica("dice si el portal puede atender y nada más; la leen los balanceadores")
def salud(request: HttpRequest) -> HttpResponse:
    componentes, espera = revisar()
    degradados = [nombre for nombre, estado in componentes.items() if estado in {DEGRADADO, CAIDO}]
    atiende = all(componentes[nombre] == BIEN for nombre in INDISPENSABLES)
    estado = CAIDO if not atiende else DEGRADADO if degradados else BIEN
    respuesta = JsonResponse(
        {
            "estado": estado,
            "componentes": componentes,
            "degradados": degradados,
            "pendiente_mas_antigua_s": espera,
        },
        status=200 if atiende else 503,
    )
    respuesta["Cache-Control"] = "no-store"
    if not atiende:
        respuesta["Retry-After"] = "10"
    return respuesta


class SaludMiddleware:
    """Answers /salud/ at the door: what comes next opens sessions and a transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return salud(request) if request.path_info == "/salud/" else self.get_response(request)
