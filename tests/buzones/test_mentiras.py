"""Servers that hang, cut, refuse and lie: nothing is lost or twice, and the next reading goes on (M02, K10)."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from archivos import almacen
from buzones import conexion as imap
from buzones import services
from buzones.models import Casilla, EstadoCasilla
from tests.buzones.apoyos import casilla, conectada, llegadas
from tests.soporte.elenco import Elenco
from tests.soporte.imap_guionado import Guion, ImapGuionado

pytestmark = pytest.mark.django_db
LEIDOS = "Portal leidos"
MENSAJES = [f"Message-ID: <{n}@prueba.example>\r\n\r\nTexto {n}\r\n".encode() * (n + 1) for n in range(3)]


@pytest.fixture
def servidor(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapGuionado]:
    monkeypatch.setattr(imap, "ESPERA", 1.0)  # what hangs would be waited for fifteen seconds
    with ImapGuionado() as uno:
        yield uno


@pytest.fixture
def suya(elenco: Elenco, servidor: ImapGuionado) -> Iterator[Casilla]:
    with conectada(servidor.conexion()):
        yield casilla(elenco, conexion="prueba", desde_en=timezone.now() - timedelta(days=2))


def leer(suya: Casilla) -> services.Lectura:
    EstadoCasilla.objects.update(intentar_en=None)
    return services.leer_casilla(suya.pk, quien="prueba")


def en_el_libro() -> list[bytes]:
    """The bytes of what the ledger keeps."""
    crudos = []
    for una in llegadas():
        with almacen.abrir(una.ruta) as archivo:
            crudos.append(archivo.read())
    return sorted(crudos)


def enteros(servidor: ImapGuionado) -> None:
    """Nothing was lost: each message is still somewhere in the server, and nothing else is."""
    en_el_servidor = Counter(servidor.hay() + servidor.hay(LEIDOS))
    assert set(en_el_servidor) == set(MENSAJES)


LARGAS = {
    "no responde al entrar", "no abre la carpeta", "no busca", "no mueve", "corta al buscar", "se niega a buscar",
    "se despide", "no dice la validez", "sin MOVE se niega a copiar", "sin MOVE se niega a quitar",
    "sin nada se niega a marcar",
}  # fmt: skip
MENTIRAS = {
    "no responde al entrar": {"cuelga_en": "LOGIN"},
    "no abre la carpeta": {"cuelga_en": "SELECT"},
    "no busca": {"cuelga_en": "SEARCH"},
    "no entrega": {"cuelga_en": "FETCH"},
    "no mueve": {"cuelga_en": "MOVE"},
    "corta al buscar": {"corta_tras": "SEARCH"},
    "corta al entregar": {"corta_tras": "FETCH"},
    "corta a mitad de un mensaje": {"corta_literal": True},
    "corta tras mover": {"corta_tras": "MOVE"},
    "se niega a mover": {"rehusa": {"MOVE": "[NOPERM] no"}},
    "se niega a buscar": {"rehusa": {"SEARCH": "no"}},
    "se despide": {"bye": True},
    "no dice la validez": {"sin_validez": True},
    "sin MOVE se niega a copiar": {"capacidades": "IMAP4rev1 UIDPLUS", "rehusa": {"COPY": "[OVERQUOTA] lleno"}},
    "sin MOVE corta tras copiar": {"capacidades": "IMAP4rev1 UIDPLUS", "corta_tras": "COPY"},
    "sin MOVE corta tras marcar": {"capacidades": "IMAP4rev1 UIDPLUS", "corta_tras": "STORE"},
    "sin MOVE se niega a quitar": {"capacidades": "IMAP4rev1 UIDPLUS", "rehusa": {"EXPUNGE": "no"}},
    "sin nada se niega a marcar": {"capacidades": "IMAP4rev1", "rehusa": {"STORE": "[READ-ONLY] no"}},
}


@pytest.mark.parametrize(
    "mentira",
    [
        pytest.param(dicho, id=nombre, marks=[pytest.mark.larga] if nombre in LARGAS else [])
        for nombre, dicho in MENTIRAS.items()
    ],
)
def test_it_fails_loses_nothing_and_the_next_goes_on(
    suya: Casilla, servidor: ImapGuionado, mentira: dict[str, Any]
) -> None:
    for crudo in MENSAJES:
        servidor.poner(crudo)
    servidor.guion = Guion(**mentira)
    empezo = time.monotonic()
    falla = leer(suya).falla
    assert falla and time.monotonic() - empezo < 10
    assert EstadoCasilla.objects.get(casilla=suya).falla_desde
    enteros(servidor)
    assert set(en_el_libro()) <= set(MENSAJES) and len(en_el_libro()) in {0, 3}
    servidor.guion = Guion()
    assert leer(suya).falla == ""
    assert en_el_libro() == sorted(MENSAJES)
    assert servidor.hay() == []
    enteros(servidor)
    assert all(una.movida_en for una in llegadas())
    assert not EstadoCasilla.objects.get(casilla=suya).falla_desde
    # What a cut left twice in the server is one message in the ledger, and the comparison knows it.
    assert services.conciliar(suya.pk).bien
    assert len(llegadas()) == 3


@pytest.mark.parametrize("calla_todo", [False, True], ids=["sus bytes", "ni su tamaño"])
def test_one_that_it_never_gives_stops_no_other(suya: Casilla, servidor: ImapGuionado, calla_todo: bool) -> None:
    for crudo in MENSAJES:
        servidor.poner(crudo)
    servidor.guion.calla, servidor.guion.calla_todo = {2}, calla_todo
    lectura = leer(suya)
    assert (lectura.nuevas, lectura.movidas, lectura.mudos) == (2, 2, 1) and not lectura.caida
    assert not services.conciliar(suya.pk).bien
    servidor.guion.calla = set()
    leer(suya)
    assert en_el_libro() == sorted(MENSAJES) and services.conciliar(suya.pk).bien


def test_one_too_large_without_headers_is_set_apart_too(suya: Casilla, servidor: ImapGuionado, settings: Any) -> None:
    settings.CORREO_MAXIMO = 60
    grande = servidor.poner(MENSAJES[2])
    servidor.poner(MENSAJES[0])
    with pytest.MonkeyPatch.context() as cambio:
        cambio.setattr(imap.Buzonero, "_traer", _sin_encabezados(imap.Buzonero._traer))
        assert leer(suya) == services.Lectura(nuevas=2, movidas=1)
    [apartada] = llegadas(uid=grande)
    assert "no se trajo" in apartada.falla and apartada.bytes == 1


def _sin_encabezados(traer: Any) -> Any:
    def negarse(buzonero: Any, uids: Any, que: str) -> Any:
        if "HEADER" in que:
            raise imap.IMAP4.error("SERVERBUG")
        return traer(buzonero, uids, que)

    return negarse


@pytest.mark.parametrize("dicho", ["32-Foo-2026 99:99:99 +0000", "", "26-Nov-9999 10:00:00 +9999"])
def test_an_instant_that_cannot_be_is_that_of_the_reading(suya: Casilla, servidor: ImapGuionado, dicho: str) -> None:
    """K9: one message with a broken clock stops no mailbox, and takes no place that is not its own."""
    antes = timezone.now()
    servidor.poner(MENSAJES[0], en=dicho)
    servidor.poner(MENSAJES[1])
    assert leer(suya).nuevas == 2
    una = next(una for una in llegadas() if una.bytes == len(MENSAJES[0]))
    assert antes <= una.recibida_en <= timezone.now()


def test_an_instant_without_its_zone_is_of_utc(suya: Casilla, servidor: ImapGuionado) -> None:
    en = (timezone.now() - timedelta(hours=1)).replace(microsecond=0)
    servidor.poner(MENSAJES[0], en=en.strftime("%d-%b-%Y %H:%M:%S -0000"))
    assert leer(suya).nuevas == 1
    assert [una.recibida_en for una in llegadas()] == [en]


def test_what_is_told_without_being_asked_is_not_an_answer(suya: Casilla, servidor: ImapGuionado) -> None:
    """Somebody marks a message in their own program while the portal reads."""
    for crudo in MENSAJES:
        servidor.poner(crudo)
    servidor.guion.estorba = True
    assert leer(suya) == services.Lectura(nuevas=3, movidas=3)
    assert en_el_libro() == sorted(MENSAJES)


def test_a_folder_of_another_validity_is_another_folder(suya: Casilla, servidor: ImapGuionado) -> None:
    """The same numbers are other messages: read again, and each is still one message by its content."""
    servidor.guion = Guion(capacidades="IMAP4rev1")  # it can't move: they stay where they are
    for crudo in MENSAJES:
        servidor.poner(crudo)
    assert leer(suya).nuevas == 3 and leer(suya).nuevas == 0
    servidor.guion.validez = 8
    assert leer(suya).nuevas == 3
    assert len(llegadas()) == 6 and set(en_el_libro()) == set(MENSAJES)


def test_without_move_only_its_own_are_taken_out(suya: Casilla, servidor: ImapGuionado) -> None:
    """K10: what another person marked as deleted stays. The server is never told to expunge everything."""
    servidor.guion = Guion(capacidades="IMAP4rev1 UIDPLUS")
    ajeno = servidor.poner(b"De otra persona\r\n\r\n", en=timezone.now() - timedelta(days=9))
    servidor.carpetas["INBOX"][0].marcas.add(r"\Deleted")
    servidor.poner(MENSAJES[0])
    Casilla.objects.filter(pk=suya.pk).update(desde_en=timezone.now() - timedelta(hours=1))
    assert leer(suya) == services.Lectura(nuevas=1, movidas=1)
    assert [uno.uid for uno in servidor.carpetas["INBOX"]] == [ajeno]
    assert "EXPUNGE" not in servidor.ordenes  # alone, it would be of everybody's


def test_without_move_nor_uidplus_it_stays_with_a_mark(suya: Casilla, servidor: ImapGuionado) -> None:
    servidor.guion = Guion(capacidades="IMAP4rev1")
    servidor.poner(MENSAJES[0])
    assert leer(suya) == services.Lectura(nuevas=1, movidas=1)
    [queda] = servidor.carpetas["INBOX"]
    assert queda.marcas == {imap.GUARDADO} and servidor.hay(LEIDOS) == []
    assert leer(suya) == services.Lectura()
