"""Budgets of interface.md §6 on the living portal: kB as they travel, requests and hosts, cold and warm."""

import gzip
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e import pasos
from tests.e2e.personas import Sesiones

pytestmark = pytest.mark.larga


@dataclass
class Balanza:
    """What came through the network, counted by the browser itself: headers and compressed bodies."""

    pagina: Page
    # Shape: request id → [address, bytes]. What the cache answered is not here.
    traidos: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cdp: CDPSession = self.pagina.context.new_cdp_session(self.pagina)
        self.cdp.send("Network.enable")
        self.cdp.on("Network.responseReceived", self._llego)
        self.cdp.on("Network.loadingFinished", self._termino)
        self.cdp.on("Network.requestServedFromCache", lambda e: self.traidos.pop(e["requestId"], None))

    def _llego(self, evento: dict[str, Any]) -> None:
        # «data:» is the browser's own drawing of a date.
        if evento["response"]["url"].startswith("http") and not evento["response"].get("fromDiskCache"):
            self.traidos[evento["requestId"]] = [evento["response"]["url"], 0]

    def _termino(self, evento: dict[str, Any]) -> None:
        if evento["requestId"] in self.traidos:
            self.traidos[evento["requestId"]][1] = int(evento["encodedDataLength"])

    def pesar(self, url: str, *, frio: bool) -> list[list[Any]]:
        if frio:
            self.cdp.send("Network.clearBrowserCache")
        self.traidos.clear()
        respuesta = self.pagina.goto(url, wait_until="networkidle")
        assert respuesta is not None
        cuerpo = respuesta.body()
        for traido in self.traidos.values():
            if traido[0] == respuesta.url and "content-encoding" not in respuesta.headers:
                # The proxy compresses the pages (despliegue/Caddyfile); here they come straight from gunicorn.
                traido[1] -= len(cuerpo) - len(gzip.compress(cuerpo, 5))
        return list(self.traidos.values())


def medir(pagina: Page, url: str, frio: int, tibio: int, pedidos: int) -> None:
    balanza = Balanza(pagina)
    en_frio = balanza.pesar(url, frio=True)
    assert len({url for url, _ in en_frio}) <= pedidos, en_frio
    assert sum(peso for _, peso in en_frio) <= frio * 1000, en_frio
    ajenos = [traido for traido in en_frio if not traido[0].startswith(pagina.evaluate("location.origin"))]
    assert not ajenos, ajenos
    en_tibio = balanza.pesar(url, frio=False)
    assert sum(peso for _, peso in en_tibio) <= tibio * 1000, en_tibio


@pytest.mark.parametrize("ruta", ["/", "/banco/"])
def test_paginas_publicas(sesiones: Sesiones, ruta: str) -> None:
    medir(sesiones.pagina(), ruta, 50, 8, 6)


def test_paso_del_asistente(sesiones: Sesiones) -> None:
    pagina = sesiones.pagina("enlace")
    pasos.empezar(pagina)
    medir(pagina, pagina.url, 60, 8, 7)
    pasos.elegir_tema(pagina, pasos.TEMA)
    medir(pagina, pagina.url, 60, 8, 7)


def test_detalle(sesiones: Sesiones) -> None:
    enlace = sesiones.pagina("enlace")
    radicado = pasos.radicar_una(enlace, "Para pesar la página")
    medir(enlace, f"/solicitudes/{radicado}/", 60, 12, 7)
    medir(sesiones.pagina("asesor"), f"/asesor/solicitudes/{radicado}/", 60, 12, 7)


def test_cola(sesiones: Sesiones) -> None:
    medir(sesiones.pagina("asesor"), "/asesor/cola/?vista=todas", 65, 14, 7)


def test_editor_de_conceptos(sesiones: Sesiones) -> None:
    radicado = pasos.radicar_una(sesiones.pagina("enlace"), "Para pesar el editor")
    pagina = sesiones.pagina("asesor")
    pasos.atender(pagina, radicado)
    pagina.get_by_role("link", name="Redactar concepto").click()
    pagina.get_by_role("button", name="Redactar concepto").click()
    pagina.wait_for_url("**/editar/")
    medir(pagina, pagina.url, 130, 20, 9)
