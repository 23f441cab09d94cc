"""One number of SIGA is one solicitud, also when it comes by several ways in the same instant; and its control."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from alcance import como_sistema
from solicitudes.models import Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, radicacion, radicar
from solicitudes.services.siga import NumeroRepetido, anotar_siga
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco, crear_elenco
from tests.soporte.hilos import a_la_vez

CUANTAS = 4
NUMERO = "1-2026-34567"


def registrar(elenco: Elenco) -> Any:
    with actuar(elenco.ventanilla):
        try:
            return radicar(
                clave=uuid4(),
                datos=DatosSolicitud(
                    entidad=elenco.secretaria,
                    asunto="Una carta",
                    necesidad="Una carta",
                    temas=[elenco.tema_tablas],
                    modalidad=elenco.concepto,
                ),
                recepcion=Recepcion(
                    canal="siga",
                    registrada_por=elenco.ventanilla,
                    remitente_nombre="Ana Gil",
                    evidencia=f"SIGA {NUMERO}",
                    siga_entrada=NUMERO,
                ),
            )
        except NumeroRepetido as repetido:
            return repetido


def anotar(radicado: str, elenco: Elenco) -> Any:
    with actuar(elenco.ventanilla):
        try:
            return anotar_siga(radicado=radicado, entrada=NUMERO)
        except NumeroRepetido as repetido:
            return repetido


def con_el_numero() -> int:
    with transaction.atomic(), como_sistema("prueba: contar"):
        return int(Solicitud.objects.filter(siga_entrada=NUMERO).count())


def test_the_same_letter_registered_and_annotated_at_once_is_one(base_propia: str) -> None:
    elenco = crear_elenco()
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas]).radicado

    salen = a_la_vez(CUANTAS, lambda n: anotar(otra, elenco) if n == 0 else registrar(elenco))

    assert con_el_numero() == 1
    assert sum(isinstance(uno, Solicitud) for uno in salen) == 1
    assert any(isinstance(uno, NumeroRepetido) for uno in salen)


def test_without_the_lock_they_are_several(base_propia: str, monkeypatch) -> None:
    monkeypatch.setattr(radicacion, "apartar_numero", lambda numero: None)
    elenco = crear_elenco()

    a_la_vez(CUANTAS, lambda n: registrar(elenco))

    assert con_el_numero() > 1
