"""What is answered to whoever wrote, and what waits for a decision, each with an example of its own words."""

from datetime import date, datetime

from avisos.carta import Carta
from avisos.eventos import Clase, Evento, registrar_evento
from buzones.cartas import respuestas as cartas
from buzones.models import Correo
from direcciones.models import Entidad
from direcciones.roles import JEFES, Rol
from plazos.fechas import BOGOTA
from solicitudes.models import Solicitud

A_QUIEN_ESCRIBE = "Respuestas a los buzones oficiales"
BUZONES = "Buzones oficiales"
RECIBIDO = datetime(2026, 7, 11, 22, 15, tzinfo=BOGOTA)


# --- An example ------------------------------------------------------------------------------------------------------
def _correo() -> Correo:
    return Correo(
        pk=0,
        numero="CR-2026-000123",
        recibido_en=RECIBIDO,
        fecha_efectiva=date(2026, 7, 14),
        vence_traslado=date(2026, 7, 22),
    )


def _faltan() -> Carta:
    return cartas.faltan(_correo(), ["Qué necesita, en dos o tres frases.", "Qué entidades participarán."])


def _movida() -> Carta:
    solicitud = Solicitud(radicado="AT-2026-000123", entidad=Entidad(nombre="Secretaría Distrital de Gobierno"))
    return cartas.movida_de_buzon(
        solicitud, "mipg@entidad.example", ["la Subdirección del Sistema Distrital de Archivos"]
    )


# --- To whoever wrote: at once, and one of these a day to each address ----------------------------------------------
for _clave, _titulo, _muestra in (
    ("recibido", "Recibimos su mensaje", lambda: cartas.recibido(_correo())),
    ("orientacion", "Recibimos su mensaje, y qué se atiende aquí", lambda: cartas.orientacion(_correo())),
    ("faltan", "Qué falta para atender su mensaje", _faltan),
):
    registrar_evento(
        Evento(
            f"buzones.{_clave}",
            _titulo,
            A_QUIEN_ESCRIBE,
            _muestra,
            Clase.CUENTA,
            resumible=False,
            para=frozenset(),
            una_al_dia=True,
        )
    )

# --- To the team -----------------------------------------------------------------------------------------------------
for _clave, _titulo, _muestra, _para in (
    (
        "por_clasificar",
        "Hay correos por clasificar desde hace más de un día hábil",
        lambda: cartas.por_clasificar(3, RECIBIDO.date()),
        JEFES | {Rol.VENTANILLA},
    ),
    ("movida_de_buzon", "Una solicitud llegó a su buzón y la atiende otra dependencia", _movida, JEFES),
):
    registrar_evento(Evento(f"buzones.{_clave}", _titulo, BUZONES, _muestra, para=frozenset(_para)))
