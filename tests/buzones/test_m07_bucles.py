"""Two machines that answer each other end at the first answer (security.md M07), by real SMTP in both directions."""

from collections.abc import Iterator
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest

from bandeja.models import Entrega
from bandeja.services import entregar
from buzones.estados import EstadoLlegada, Origen
from buzones.models import Casilla, Correo, Llegada
from buzones.services import guardar
from buzones.services.procesar import procesar_pendientes
from direcciones.models import Entidad
from solicitudes.models import Solicitud
from tests.buzones.apoyos import casilla
from tests.fabricas import radicada
from tests.solicitudes.apoyos import sistema
from tests.soporte.elenco import Elenco
from tests.soporte.robots import GRACIAS, Responde, Robot, ServidorSmtp, con_re, honesto, tonto

pytestmark = pytest.mark.django_db
BUZON = "ddab@prueba.example"
PEDIDO = (
    "Buenos días. Solicitamos un concepto técnico sobre la aplicación de la tabla de retención documental de nuestra "
    "entidad: queremos saber qué series de historias laborales se pueden eliminar y cómo se hace su valoración."
)


@pytest.fixture
def frontera(settings: Any) -> Iterator[ServidorSmtp]:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "bandeja.smtp.EmailBackend", "127.0.0.1"
    with ServidorSmtp() as servidor:
        yield servidor


def conversar(robot: Robot, frontera: ServidorSmtp, de_donde: Casilla, settings: Any) -> None:
    """Until neither has anything more to say; twenty turns would be a loop."""
    settings.EMAIL_PORT = robot.puerto
    for _ in range(20):
        llegados = frontera.recoger()
        for crudo, de, para in llegados:
            guardar(crudo, origen=Origen.TUBO, casilla=de_donde, sobre_de=de, sobre_para=", ".join(para))
        procesar_pendientes()
        entregar()
        if not robot.atender() and not llegados:
            return
    pytest.fail("Se siguen respondiendo.")


def primero(texto: str) -> EmailMessage:
    mensaje = EmailMessage()
    mensaje["To"], mensaje["Subject"] = BUZON, "Buenos días"
    mensaje.set_content(texto)
    return mensaje


QUIENES, TEXTOS = (
    ("desconocido", "de una entidad", "con cuenta"),
    {"pide": PEDIDO, "agradece": GRACIAS, "saluda": "Hola"},
)
RAPIDOS = {
    (tonto, "de una entidad", "pide"),
    (tonto, "desconocido", "agradece"),
    (con_re, "con cuenta", "pide"),
    (con_re, "de una entidad", "saluda"),
    (honesto, "desconocido", "pide"),
}
TODOS = [
    pytest.param(*uno, marks=() if uno in RAPIDOS else pytest.mark.larga)
    for uno in product((tonto, con_re, honesto), QUIENES, TEXTOS)
]


@pytest.mark.parametrize(("responde", "quien", "dice"), TODOS)
def test_two_machines_exchange_at_most_one_message(
    elenco: Elenco, frontera: ServidorSmtp, settings: Any, responde: Responde, quien: str, dice: str
) -> None:
    Entidad.objects.filter(pk=elenco.secretaria.pk).update(dominios_correo="secretaria.example")
    correo = {
        "desconocido": "buzon@afuera.example",
        "de una entidad": "buzon@secretaria.example",
        "con cuenta": elenco.enlace.correo,
    }[quien]
    suya = casilla(elenco, "ddab", dependencia=elenco.archivo)
    with Robot(correo, responde, frontera=frontera.puerto) as robot:
        robot.escribir(primero(TEXTOS[dice]))
        conversar(robot, frontera, suya, settings)
        assert len(robot.recibidos) <= 1, [str(m["Subject"]) for m in robot.recibidos]
    with sistema():
        assert Correo.objects.count() == robot.enviados
        assert not Llegada.objects.exclude(estado=EstadoLlegada.PROCESADA).exists()
        assert not Entrega.objects.filter(tipo="buzones.respuesta").exclude(estado="hecha").exists()
        assert Solicitud.objects.count() <= 1


def test_what_answers_a_person_of_the_portal_is_not_answered(
    elenco: Elenco, frontera: ServidorSmtp, settings: Any
) -> None:
    """It got an acuse of what was filed in the portal, and says thank you."""
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    suya = casilla(elenco, "ddab", dependencia=elenco.archivo)
    with Robot(elenco.enlace.correo, tonto, frontera=frontera.puerto) as robot:
        robot.responde = lambda a: _al_buzon(tonto(a))
        conversar(robot, frontera, suya, settings)
        assert [str(m["Subject"])[-22:] for m in robot.recibidos] == ["Recibimos su solicitud"]


def _al_buzon(mensaje: EmailMessage) -> EmailMessage:
    del mensaje["To"]
    mensaje["To"] = BUZON
    return mensaje
