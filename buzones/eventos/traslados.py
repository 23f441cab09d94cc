"""What people are told of a petition that goes to who is competent, each with an example that its own words make."""

from datetime import date, datetime

from avisos.eventos import Clase, Evento, registrar_evento
from buzones.cartas import traslados as cartas
from buzones.models import CanalExterno, Correo, Traslado
from direcciones.roles import JEFES, Rol
from plazos.fechas import BOGOTA

GRUPO = "Correo recibido"


def _correo() -> Correo:
    return Correo(
        pk=0,
        numero="CR-2026-000123",
        de_correo="blanca.rojas@correo.example",
        de_nombre="Blanca Rojas",
        recibido_en=datetime(2026, 7, 11, 22, 15, tzinfo=BOGOTA),
    )


def _traslado() -> Traslado:
    return Traslado(
        correo=_correo(),
        canal=CanalExterno(nombre="Bogotá te escucha", url="https://bogota.gov.co/sdqs/"),
        motivo=cartas.MOTIVO,
        vence=date(2026, 7, 22),
    )


for _uno in (
    Evento(
        "buzones.traslado",
        "El traslado de una petición a quien le corresponde",
        GRUPO,
        lambda: cartas.oficio(_traslado()),
        Clase.LEGAL,
        resumible=False,
        para=frozenset(),
    ),
    Evento(
        "buzones.trasladada",
        "La copia del traslado a quien hizo la petición",
        GRUPO,
        lambda: cartas.copia(_traslado()),
        Clase.LEGAL,
        resumible=False,
        para=frozenset(),
    ),
    Evento(
        "buzones.traslado_por_vencer",
        "Vence el plazo para trasladar una petición",
        GRUPO,
        lambda: cartas.por_vencer(_correo(), date(2026, 7, 22), 2, pedido=False),
        para=JEFES | {Rol.VENTANILLA},
    ),
    Evento(
        "buzones.traslado_tardio",
        "Una petición se trasladó fuera de término",
        GRUPO,
        lambda: cartas.tardio(_traslado()),
        para=JEFES | {Rol.SUBSECRETARIO},
    ),
):
    registrar_evento(_uno)
