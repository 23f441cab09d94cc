"""The antivirus looks at what the mailboxes brought: an infected message is never handed over, whole nor in pieces."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from archivos import antivirus
from archivos.antivirus import EstadoAntivirus
from buzones.estados import EstadoAdjunto, Origen
from buzones.models import Adjunto, Correo, Llegada
from buzones.services import guardar
from buzones.services.guardar import Traido, guardar_lote
from buzones.services.originales import NoSeEntrega, abrir_adjunto, original_de
from buzones.services.procesar import procesar_pendientes
from buzones.services.revisar import revisar_llegadas
from plazos.reloj import ahora
from tests.archivos import muestras
from tests.archivos.clamd_de_prueba import FIRMA_DE_PRUEBA, ClamdDePrueba
from tests.buzones.apoyos import casilla, correos, escrito, llegadas
from tests.buzones.test_procesar import a_la_bandeja
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
PDF = muestras.pdf()


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[ClamdDePrueba]:
    with ClamdDePrueba(tmp_path) as servidor:
        settings.ANTIVIRUS_CLAMD = servidor.ajuste
        yield servidor


def recibir(texto: str, **datos: Any) -> Correo:
    """One with a file, that a person must look at."""
    guardar(escrito(texto=texto, adjuntos=[("acta.pdf", PDF)], **datos), origen=Origen.COMANDO)
    procesar_pendientes(dictar=a_la_bandeja)
    return correos()[-1]


def adjunto_de(correo: Correo) -> Adjunto:
    with escribiendo():
        return Adjunto.objects.select_related("correo").get(correo=correo)


def test_what_is_clean_is_handed_over_and_not_before(clamd: ClamdDePrueba, elenco: Elenco, entrar: Any) -> None:
    correo = recibir("Nada malo.")
    with pytest.raises(NoSeEntrega, match="en revisión"):
        original_de(correo)
    url = reverse("buzones:original", args=[correo.pk])
    assert entrar(elenco.ventanilla).get(url).status_code != 200
    assert revisar_llegadas() == 1 and revisar_llegadas() == 0
    assert original_de(correo).estado_antivirus == EstadoAntivirus.LIMPIO
    assert abrir_adjunto(adjunto_de(correo)).contenido == PDF
    dado = entrar(elenco.ventanilla).get(url)
    assert dado.status_code == 200 and b"Nada malo" in dado.getvalue()
    dado.close()


def test_an_infected_one_leaves_with_nobody_and_it_is_told(clamd: ClamdDePrueba, elenco: Elenco, entrar: Any) -> None:
    correo = recibir(FIRMA_DE_PRUEBA.decode())
    assert revisar_llegadas() == 1
    with pytest.raises(NoSeEntrega, match="con virus"):
        original_de(correo)
    adjunto = adjunto_de(correo)
    assert adjunto.estado == EstadoAdjunto.CUARENTENA and "no se entregan" in adjunto.motivo
    with pytest.raises(NoSeEntrega):
        abrir_adjunto(adjunto)
    [dicho] = correos()
    assert ["antivirus halló" in una for una in dicho.advertencias].count(True) == 1
    cliente = entrar(elenco.ventanilla)
    assert cliente.get(reverse("buzones:original", args=[correo.pk])).status_code != 200
    assert cliente.get(reverse("buzones:adjunto", args=[correo.pk, adjunto.orden])).status_code != 200
    assert "antivirus halló" in cliente.get(reverse("buzones:detalle", args=[correo.pk])).content.decode()


def test_no_copy_of_an_infected_one_leaves_either(clamd: ClamdDePrueba) -> None:
    """Three mailboxes brought it: the antivirus answered for one of them."""
    crudo = escrito(texto=FIRMA_DE_PRUEBA.decode())
    for _ in range(3):
        guardar(crudo, origen=Origen.COMANDO)
        procesar_pendientes(dictar=a_la_bandeja)
    [correo] = correos()
    with escribiendo():
        segunda = Llegada.objects.order_by("pk")[1]
        Llegada.objects.filter(pk=segunda.pk).update(estado_antivirus=EstadoAntivirus.LIMPIO)
    assert original_de(correo).pk == segunda.pk
    assert revisar_llegadas() == 1  # the third one got its verdict with the first
    assert {una.estado_antivirus for una in llegadas()} == {EstadoAntivirus.INFECTADO}
    with pytest.raises(NoSeEntrega):
        original_de(correo)


def test_what_is_not_read_yet_waits_and_what_was_set_apart_does_not(clamd: ClamdDePrueba, elenco: Elenco) -> None:
    guardar(escrito(), origen=Origen.COMANDO)
    grande = Traido(1, ahora(), b"Subject: grande\r\n\r\n", "Pesa 75 MB.")
    guardar_lote([grande], casilla=casilla(elenco), carpeta="INBOX", uidvalidity=1)
    assert revisar_llegadas() == 1
    procesar_pendientes(dictar=a_la_bandeja)
    assert revisar_llegadas() == 1


def test_without_an_answer_it_stays_as_it_was(clamd: ClamdDePrueba, settings: Any, tmp_path: Path) -> None:
    correo = recibir("x" * 2000)
    clamd.maximo = 100
    assert revisar_llegadas() == 0
    [una] = llegadas()
    assert una.estado_antivirus == EstadoAntivirus.EN_REVISION and "límite" in una.antivirus_detalle
    settings.ANTIVIRUS_CLAMD = f"unix:{tmp_path / 'nadie.sock'}"
    assert revisar_llegadas() == 0
    with pytest.raises(NoSeEntrega):
        original_de(correo)


def test_without_an_antivirus_nothing_waits_for_it(settings: Any) -> None:
    settings.ANTIVIRUS_CLAMD = ""
    assert not antivirus.configurado() and revisar_llegadas() == 0
    assert original_de(recibir("Sin revisar.")).estado_antivirus == EstadoAntivirus.SIN_ANTIVIRUS
