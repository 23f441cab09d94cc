"""`script/server`: the whole portal on this machine, supervised, until Ctrl-C."""

import fcntl
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sdfi_portal.pila import hijos, supervisor
from sdfi_portal.pila.entorno import de_servicio, entorno_local, libre, puerto_web, recordar_puerto_web
from sdfi_portal.pila.preparacion import Preparacion, falta_demo
from sdfi_portal.pila.proceso import Proceso
from sdfi_portal.pila.rutas import FallaDePila, Rutas
from sdfi_portal.pila.uso import Servidores


class Command(BaseCommand):
    help = "Sirve el portal completo en esta máquina: base de datos, web, tareas y correo. Se detiene con Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=None, help="puerto de la web (el último usado, u 8000)")
        parser.add_argument("--sin-demo", action="store_true", help="no carga los datos de demostración")
        parser.add_argument("--demo-corta", action="store_true", help="de la demostración, solo las semanas recientes")

    def handle(self, *args: Any, **options: Any) -> None:
        rutas = Rutas.de(settings.VAR)
        _atender_senales()
        try:
            with _una_sola(rutas):
                demo = "" if options["sin_demo"] else "corta" if options["demo_corta"] else "completa"
                self._servir(rutas, options["port"], demo)
        except FallaDePila as falla:
            raise CommandError(str(falla)) from None
        except KeyboardInterrupt:
            self._decir("Portal detenido.")

    def _servir(self, rutas: Rutas, pedido: int | None, demo: str) -> None:
        hijos.detener_huerfanos(rutas)
        puerto = _puerto(rutas, pedido)
        with Servidores(rutas) as servidores:
            hijos.asegurar_puerto_correo(rutas)
            entorno = entorno_local(rutas)
            Preparacion(rutas, entorno, self._decir).todo(demo=bool(demo))
            self._supervisar(rutas, servidores, puerto, de_servicio(entorno), detras=demo == "completa")

    def _supervisar(
        self, rutas: Rutas, servidores: Servidores, puerto: int, entorno: dict[str, str], *, detras: bool
    ) -> None:
        web = hijos.web(rutas, puerto, entorno)
        procesos = [hijos.correo(rutas, entorno), web, hijos.trabajador(rutas, entorno), hijos.reloj(rutas, entorno)]
        familia = [supervisor.Hijo(proceso, proceso.iniciar) for proceso in procesos]
        cargador = hijos.cargador(rutas, entorno)
        try:
            for proceso in procesos:
                proceso.iniciar()
            hijos.esperar_web(web, puerto)
            self._anunciar(rutas, entorno["DOMINIO"])
            if detras and not rutas.restaurado.exists() and falta_demo():
                self._decir("Se cargan detrás los dos años de ejemplo; ya puede usar el portal.")
                cargador.iniciar()
            supervisor.vigilar([*_servidores(servidores), *familia], self._decir)
        finally:
            for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(senal, signal.SIG_IGN)
            self._decir("Deteniendo el portal…")
            supervisor.detener([*familia, supervisor.Hijo(cargador, cargador.iniciar)])

    def _anunciar(self, rutas: Rutas, direccion: str) -> None:
        self._decir(f"\nPortal SDFI listo en {direccion}/")
        if rutas.cuentas_demo.exists():
            self._decir(rutas.cuentas_demo.read_text(encoding="utf-8"))
        self._decir(f"Registros en {rutas.registro}. Detenga todo con Ctrl-C.")

    def _decir(self, texto: str) -> None:
        self.stdout.write(texto)
        sys.stdout.flush()


def _atender_senales() -> None:
    """Stop as with Ctrl-C also when asked to end, when the terminal closes (unless nohup) and in the background."""
    for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if senal != signal.SIGHUP or signal.getsignal(senal) != signal.SIG_IGN:
            signal.signal(senal, signal.default_int_handler)


@contextmanager
def _una_sola(rutas: Rutas) -> Iterator[None]:
    """One portal per folder: two would fight over the same data."""
    with (rutas.registro / "servir.cerrojo").open("w") as archivo:
        try:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FallaDePila(
                f"Ya hay un portal sirviendo desde esta carpeta, en http://localhost:{puerto_web(rutas)}/. "
                "Deténgalo antes de iniciar otro, o use otra copia."
            ) from None
        yield


def _puerto(rutas: Rutas, pedido: int | None) -> int:
    puerto = pedido or puerto_web(rutas)
    if not libre(puerto):
        raise FallaDePila(f"El puerto {puerto} está ocupado por otro programa. Elija otro: script/server --port 8080")
    recordar_puerto_web(rutas, puerto)
    return puerto


def _servidores(servidores: Servidores) -> list[supervisor.Hijo]:
    """PostgreSQL and Valkey come back through the same door everybody uses, so that nobody starts them twice."""

    def de_nuevo(servidor: Any) -> supervisor.Hijo:
        proceso: Proceso = servidor.proceso
        return supervisor.Hijo(proceso, lambda: servidores.asegurar(servidor))

    return [de_nuevo(servidor) for servidor in servidores.propios]
