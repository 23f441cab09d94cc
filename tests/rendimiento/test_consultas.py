"""performance.md: the most queries of each operation, counted as the bench counts them (rendimiento/medicion.py)."""

import re
from typing import Any

import pytest
from django.urls import reverse

from rendimiento.promesas import PROMESAS
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de
from tests.soporte.asistente import llenar

pytestmark = pytest.mark.django_db


@pytest.fixture
def que_cuenta(settings: Any, entrar: Any) -> Any:
    """Who asks as the bench does: `que_cuenta(persona)(url)` is how many queries it took."""
    settings.MIDDLEWARE = ["rendimiento.medicion.ContarConsultas", *settings.MIDDLEWARE]

    def de(persona: Any) -> Any:
        cliente = entrar(persona)

        def pedir(url: str, espera: int = 200, datos: Any = None, **cabeceras: str) -> int:
            enviar = cliente.get if datos is None else cliente.post
            respuesta = enviar(url, datos or {}, headers={"X-Contar": "1", **cabeceras})
            assert respuesta.status_code == espera, (url, respuesta.status_code)
            return int(respuesta["X-Sql"])

        pedir.cliente = cliente  # type: ignore[attr-defined]
        return pedir

    return de


def tope(operacion: str) -> int:
    return int(next(limite.valor for limite in PROMESAS[operacion].limites if limite.clave == "sql"))


def test_each_page_asks_what_was_promised(elenco, que_cuenta) -> None:
    for _ in range(3):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=2), asunto="Inventario general")
    una = radicada(por=elenco.enlace, temas=[elenco.tema_visitas], asunto="Inventario")
    parte = hacer(elenco.asesora, parte_de(una), "tomar", codigo="fecha_legal", motivo="Audiencia")
    hacer(elenco.asesora, parte, "responder", texto="Listo")
    buscado = f"/registro/?buscar=inventario&modalidad={parte.modalidad_id}&estado=atendida"
    paginas = {
        "cola": [(elenco.asesora, "/asesor/cola/"), (elenco.asesora, "/asesor/cola/?vista=todas&buscar=inventario")],
        "mis_solicitudes": [(elenco.enlace, "/mis-solicitudes/"),
                            (elenco.enlace, "/mis-solicitudes/?pestana=respondidas")],
        "buscar": [(elenco.directora, "/registro/"), (elenco.directora, "/registro/?buscar=inventario"),
                   (elenco.directora, buscado), (elenco.asesora, "/banco/?q=inventario")],
        "tablero": [(elenco.directora, "/tablero/"), (elenco.subsecretaria, "/tablero/?periodo=anio")],
        "detalle": [(elenco.enlace, reverse("solicitudes:detalle", args=[una.radicado])),
                    (elenco.asesora, reverse("atencion:caso", args=[una.radicado]))],
    }  # fmt: skip
    de_mas = {}
    for operacion, suyas in paginas.items():
        for persona, url in suyas:
            pedir = que_cuenta(persona)
            pedir(url)  # what a process or a session reads only once
            if (cuantas := pedir(url)) > tope(operacion):
                de_mas[url] = (cuantas, tope(operacion))
    assert de_mas == {}


def test_a_poll_without_news(elenco, que_cuenta) -> None:
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    pedir = que_cuenta(elenco.asesora)
    cuerpo = pedir.cliente.get("/asesor/cola/").content.decode()
    sondeo, version = re.search(r'data-sondeo="([^"]*)"', cuerpo), re.search(r'data-version="([^"]*)"', cuerpo)
    assert sondeo and version
    ruta = f"/asesor/cola/{sondeo[1].replace('&amp;', '&')}&version={version[1]}"
    pedir(ruta, 204, accept="application/json")

    assert pedir(ruta, 204, accept="application/json") <= tope("cola_304")


def test_filing(elenco, que_cuenta) -> None:
    pedir = que_cuenta(elenco.enlace)
    for _ in range(2):
        cuantas = pedir(llenar(pedir.cliente, elenco), 302, {"acepta_datos": "on"})

    assert cuantas <= tope("radicar")
