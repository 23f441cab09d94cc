"""A solicitud with everything a file can hold, and what the outbox does when it ends."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from alcance import como_sistema
from archivos.almacen import escribir
from bandeja.services import entregar, entregar_larga
from encuestas import services as encuestas
from encuestas.models import Encuesta
from expedientes.models import Copia
from solicitudes.models import Archivo, Parte, Solicitud
from solicitudes.services import atender_siguiente
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.conversacion import escribir_mensaje, responder
from tests.conceptos.conftest import archivos_aparte  # noqa: F401
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco

NECESIDAD = "Necesitamos saber cómo aplicar la tabla ñandú."


class Sistema:
    """`with sistema: …` reads whatever there is."""

    def __enter__(self) -> None:
        self.pila = (transaction.atomic(), como_sistema("prueba"))
        for uno in self.pila:
            uno.__enter__()

    def __exit__(self, *error: Any) -> None:
        for uno in reversed(self.pila):
            uno.__exit__(*error)


def archivo(solicitud: Solicitud, nombre: str, crudo: bytes = b"", **mas: Any) -> Archivo:
    escrito = escribir(ContentFile(crudo or f"Contenido de {nombre}".encode()))
    datos = {"tipo": "txt", "estado_antivirus": "limpio", "bytes": escrito.bytes, "sha256": escrito.sha256} | mas
    with Sistema():
        return Archivo.objects.create(solicitud=solicitud, nombre=nombre, ruta=escrito.ruta, **datos)


def abierta(elenco: Elenco, **datos: Any) -> Solicitud:
    """Filed with two files, and attended: a note and a message."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], necesidad=NECESIDAD, **datos)
    with Sistema():
        emitir_constancia(solicitud=solicitud)
    archivo(solicitud, "anexo.txt", es_evidencia=True)
    archivo(solicitud, "con-virus.txt", estado_antivirus="infectado")
    with actuar(elenco.asesora), transaction.atomic():
        parte = atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
        escribir_mensaje(solicitud=solicitud, texto="Nota de adentro", clave=uuid4(), tipo="nota", parte=parte)
    return solicitud


def terminar(elenco: Elenco, solicitud: Solicitud) -> Solicitud:
    """Answered, its survey answered, and everything that the outbox has to hand over."""
    with actuar(elenco.asesora), transaction.atomic():
        parte = Parte.objects.get(solicitud=solicitud)
        responder(parte=parte, texto="Se aplica así.", clave=uuid4())
    with Sistema():
        encuestas.abrir_encuesta(solicitud=solicitud)
    with Sistema():
        encuesta = Encuesta.objects.get(solicitud=solicitud)
    notas = {"oportunidad": 5, "pertinencia": 4, "calidad": 3, "mejoraria": "Más ejemplos"}
    assert encuestas.responder(token=encuesta.token(), respuestas=notas)
    despachar()
    with Sistema():
        return Solicitud.objects.get(pk=solicitud.pk)


def despachar() -> None:
    """What the worker does; inside a test's transaction, as if each step had been committed."""
    sellar_la_bitacora()
    while entregar():
        sellar_la_bitacora()


def preparar() -> None:
    """The same with the sealed copies asked for, each in its two turns; and nothing of what nobody waits for."""
    with Sistema():
        pendientes = Copia.objects.filter(hecha_en__isnull=True).count()
    for _ in range(2 * pendientes):
        entregar_larga()
        sellar_la_bitacora()
    despachar()


def sellar_la_bitacora() -> None:
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate; set constraints all deferred")


@pytest.fixture
def cerrada(elenco: Elenco) -> Solicitud:
    return terminar(elenco, abierta(elenco))
