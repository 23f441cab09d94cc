"""Load the demonstration: catalogues, accounts and two years of solicitudes, the 42 examples among them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from alcance import como_sistema
from buzones.models import Correo
from clasificador.models import ModeloTexto
from clasificador.services import entrenar_y_guardar
from conceptos.models import Concepto
from demo.cuentas import CUENTAS, POR_EQUIPO, crear_cuentas, extras
from demo.entrantes import recibir_ejemplos
from demo.models import HistoriaVivida, Simulacion
from demo.simulacion.ausentar import ausentar
from demo.simulacion.jugar import jugar
from demo.simulacion.mundo import leer_mundo
from demo.simulacion.numeros import abrir_series
from demo.simulacion.plan import Plan, planear
from demo.simulacion.reparto import Reparto
from direcciones.catalogos import cargar_catalogos
from direcciones.models import Persona
from encuestas.models import Encuesta
from plazos.reloj import ahora
from plazos.services import una_lectura
from sdfi_portal.pila.rutas import Rutas
from solicitudes.models import ExcepcionOrden, Mensaje, Movimiento, Solicitud

SEMILLA = 578
NORMAL, GRANDE = POR_EQUIPO, 10 * POR_EQUIPO
Avisar = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pedido:
    """`solo_trozo`: the most recent weeks and nothing more."""

    tamano: int = NORMAL
    procesos: int = 2
    solo_trozo: bool = False


def cargar(avisar: Avisar = lambda texto: None, pedido: Pedido = Pedido()) -> dict[str, int]:
    """Load everything that is missing. Raises ImproperlyConfigured in a production. Safe to repeat, and to cut."""
    if settings.ES_PRODUCCION:
        raise ImproperlyConfigured("Los datos de demostración no se cargan en una instalación real.")
    with Rutas.de(settings.VAR).cerrojo("cargar_demo"), una_lectura():
        with como_sistema("cargar la demostración"):
            cargar_catalogos()
        preparada = _preparar(pedido.tamano)
        if preparada is not None:
            _jugar(*preparada, avisar, pedido)
        _recibir_correo()
    return contar(pedido.tamano)


def _recibir_correo() -> None:
    """After the first part of the two years: the classifier learns from it, and the example messages arrive."""
    with como_sistema("enseñar al clasificador de la demostración"):
        if not ModeloTexto.objects.exists():
            entrenar_y_guardar()
    recibir_ejemplos()


def _preparar(tamano: int) -> tuple[Plan, dict[str, Persona]] | None:
    """The plan that was begun, or a new one that lives until now and keeps its numbers.

    None when nothing is missing: it is complete, or there were solicitudes that are not of a simulation.
    """
    with como_sistema("preparar la simulación"), transaction.atomic():
        simulacion = Simulacion.objects.first()
        if simulacion is None:
            personas = crear_cuentas(tamano)
            if Solicitud.objects.exists():
                return None
            plan = _planear(ahora(), tamano)
            abrir_series(plan)
            ausentar(plan.faltas, Reparto(personas), plan.hasta)
            Simulacion.objects.create(semilla=SEMILLA, hasta=plan.hasta, tamano=tamano, historias=len(plan.historias))
            return plan, personas
        if simulacion.tamano < tamano:
            raise ImproperlyConfigured(
                f"Ya se cargó la demostración de {simulacion.tamano} solicitudes. Para cargar {tamano}, use una copia "
                "vacía: otra carpeta en PORTAL_VAR."
            )
        personas = crear_cuentas(simulacion.tamano)
        if HistoriaVivida.objects.count() >= simulacion.historias:
            return None
        return _planear(simulacion.hasta, simulacion.tamano), personas


def _planear(hasta: datetime, tamano: int) -> Plan:
    mundo = leer_mundo(timezone.localdate(hasta), tamano)
    return planear(mundo, semilla=SEMILLA, hasta=hasta, tamano=tamano)


def _jugar(plan: Plan, personas: dict[str, Persona], avisar: Avisar, pedido: Pedido) -> None:
    reparto, total = Reparto(personas), len(plan.historias)
    trozo, resto = plan.trozo()
    for grupos in (trozo,) if pedido.solo_trozo else (trozo, resto):
        jugar(
            grupos,
            reparto,
            plan.hasta,
            procesos=pedido.procesos,
            avisar=lambda: avisar(f"{HistoriaVivida.objects.count()} de {total} solicitudes"),
        )


def contar(tamano: int = NORMAL) -> dict[str, int]:
    """What there is of each kind, for the person at the terminal."""
    with como_sistema("contar la demostración"), transaction.atomic():
        estados = Solicitud.objects.order_by().values_list("estado").annotate(Count("pk"))
        return {
            "solicitudes": Solicitud.objects.count(),
            "cuentas": len(CUENTAS) + len(extras(tamano)),
            "historias completas": HistoriaVivida.objects.count(),
            **{f"solicitudes {estado}": cuantas for estado, cuantas in sorted(estados)},
            "conceptos": Concepto.objects.count(),
            "correos recibidos": Correo.objects.count(),
            "mensajes": Mensaje.objects.count(),
            "movimientos": Movimiento.objects.count(),
            "excepciones al orden": ExcepcionOrden.objects.count(),
            "encuestas respondidas": Encuesta.objects.respondidas().count(),
        }
