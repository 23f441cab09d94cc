"""Every page of the URLconf: axe at 0, no overflow at 320 px, no CSP report, no console error (issue 2, «Look»).

A URL that draws a page and that nobody looks at fails here: give it a row in escenas.py, SIN_PAGINA or ENMARCADAS.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import resolve

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.matriz import Pagina
from sdfi_portal.aislamiento.rutas import NO_OFRECIDAS
from tests.paginas.escenas import ENMARCADAS, ESCENAS, SIN_PAGINA
from tests.paginas.visitas import Ventana, Visita, cuerpo_de, de_la_pagina, dibuja, es_pagina
from tests.soporte.aspecto import ANCHA, ANGOSTA
from tests.soporte.teclado import Teclado

TODAS = [p for p in matriz.paginas() if p.nombre not in NO_OFRECIDAS and p.nombre not in ENMARCADAS]
cada_pagina = pytest.mark.parametrize("pagina", TODAS, ids=lambda p: p.nombre)
# Of a URL with a closed list of values (one per catalogue) the fast tier looks at the first ones.
VARIANTES = 4


@cada_pagina
def test_en_su_rol_principal(ventana: Ventana, pagina: Pagina) -> None:
    vistas, dibujan = 0, False
    for visita in visitas_rapidas(ventana, pagina):
        with ventana.en(visita) as ruta:
            ventana.ser(visita.escena.papel, recien=visita.escena.recien)
            respuesta = ventana.preguntar(ruta, sigue=visita.escena.sigue)
            dibujan = dibujan or dibuja(respuesta)
            if es_pagina(respuesta, visita.escena.estado):
                mirar(ventana, visita, ruta)
                vistas += 1
            else:
                de_mas = visita.escena in ESCENAS.get(pagina.nombre, ())
                assert not de_mas, f"la escena «{visita.escena.nombre}» dio {respuesta.status_code}"
    if pagina.nombre in SIN_PAGINA:
        assert not vistas, "dibuja una página: sobra en SIN_PAGINA"
    else:
        assert vistas or not dibujan, "dibuja una página y nadie la mira"


def visitas_rapidas(ventana: Ventana, pagina: Pagina) -> Iterator[Visita]:
    todas = de_la_pagina(pagina, ventana.este)
    propias = [v for v in todas if v.escena not in ESCENAS.get(pagina.nombre, ())]
    yield from (v for v in todas if v not in propias[VARIANTES:])


@pytest.mark.larga
@cada_pagina
def test_en_cada_rol(ventana: Ventana, pagina: Pagina) -> None:
    """By every role that may open it, at both widths. Who sees the same as another is not looked at twice."""
    for visita in de_la_pagina(pagina, ventana.este):
        ya: set[str] = set()
        for papel in visita.papeles():
            with ventana.en(visita) as ruta:
                ventana.ser(papel, recien=visita.escena.recien)
                respuesta = ventana.preguntar(ruta, sigue=visita.escena.sigue)
                if es_pagina(respuesta, visita.escena.estado) and (cuerpo := cuerpo_de(respuesta)) not in ya:
                    ya.add(cuerpo)
                    mirar(ventana, visita, ruta, papel, (ANCHA, ANGOSTA))


@pytest.mark.parametrize("nombre", ENMARCADAS)
def test_lo_enmarcado_se_ve_en_su_marco(ventana: Ventana, nombre: str) -> None:
    """Alone it would be no page of the portal; in its frame it has a name, is seen, and the browser complains of
    nothing."""
    con_marco, _ = ENMARCADAS[nombre]
    pagina = next(p for p in matriz.paginas() if p.nombre == con_marco)
    visita = de_la_pagina(pagina, ventana.este)[0]
    with ventana.en(visita) as ruta:
        ventana.ser(visita.escena.papel)
        ventana.quejas.clear()
        ventana.abrir(ruta)
        marco = ventana.pestana.locator("iframe[sandbox='']")
        suya = str(marco.get_attribute("src"))
        assert resolve(suya).view_name == nombre and marco.get_attribute("title")
        assert "sandbox" in ventana.preguntar(suya).headers["Content-Security-Policy"]
        ventana.pestana.locator("details", has=marco).locator("summary").click()
        dentro = marco.content_frame.locator("body")
        assert dentro.is_visible() and dentro.inner_text().strip()
        assert ventana.quejas == []


PRINCIPALES = {"inicio", "atencion:cola", "atencion:caso", "conceptos:editar", "solicitudes:detalle"}


@pytest.mark.parametrize(
    "pagina",
    [p if p.nombre in PRINCIPALES else pytest.param(p, marks=pytest.mark.larga) for p in TODAS],
    ids=lambda p: p.nombre,
)
def test_el_teclado_la_recorre(ventana: Ventana, pagina: Pagina) -> None:
    """From the skip link to the last stop, in the order of the page, the focus always in sight, no trap."""
    for visita in de_la_pagina(pagina, ventana.este)[:1]:
        with ventana.en(visita) as ruta:
            ventana.ser(visita.escena.papel, recien=visita.escena.recien)
            if es_pagina(ventana.preguntar(ruta)):
                ventana.pestana.set_viewport_size(ANCHA)  # type: ignore[arg-type]
                ventana.abrir(ruta)
                assert Teclado(ventana.pestana).recorrer() == []


@pytest.mark.larga
@cada_pagina
def test_con_el_formulario_vacio(ventana: Ventana, pagina: Pagina) -> None:
    """Each form of the page sent with nothing written: the errors are accessible too and the title says «Error:»."""
    for visita in de_la_pagina(pagina, ventana.este):
        with ventana.en(visita) as ruta:
            ventana.ser(visita.escena.papel, recien=visita.escena.recien)
            if es_pagina(ventana.preguntar(ruta, sigue=visita.escena.sigue)):
                ventana.abrir(ruta)
                enviar_vacio(ventana, f"{ruta} ({visita.escena.nombre}) como {visita.escena.papel}")


def enviar_vacio(ventana: Ventana, donde: str) -> None:
    formulario = ventana.pestana.locator("main form[method=post]", has=ventana.pestana.locator("[type=submit]")).first
    if not formulario.locator("input:not([type=hidden]), textarea, select").count():
        return
    ventana.quejas.clear()
    formulario.evaluate(
        """(form) => { for (const campo of form.elements) {
            if (campo.type === "checkbox" || campo.type === "radio") campo.checked = false;
            else if (!["hidden", "submit", "button", "file"].includes(campo.type)) campo.value = "";
        } }"""
    )
    with ventana.pestana.expect_navigation():
        formulario.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")
    if ventana.pestana.locator(".resumen").count():
        assert ventana.pestana.title().startswith("Error:"), donde
        juzgar(ventana, donde, (ANCHA, ANGOSTA))


def mirar(
    ventana: Ventana,
    visita: Visita,
    ruta: str,
    papel: str = "",
    tamanos: tuple[dict[str, int], ...] = (ANCHA,),
) -> None:
    ventana.quejas.clear()
    ventana.pestana.set_viewport_size(ANCHA)  # type: ignore[arg-type]
    donde = f"{ruta} ({visita.escena.nombre}) como {papel or visita.escena.papel}"
    assert ventana.abrir(ruta).status == visita.escena.estado, donde
    fotografiar(ventana, f"{visita.pagina.nombre}-{visita.escena.nombre}")
    juzgar(ventana, donde, tamanos)


def juzgar(ventana: Ventana, donde: str, tamanos: tuple[dict[str, int], ...]) -> None:
    """axe at the given widths; at 320 px nothing makes the page scroll sideways."""
    for tamano in tamanos:
        ventana.pestana.set_viewport_size(tamano)  # type: ignore[arg-type]
        assert ventana.fallas_axe() == [], donde
    ventana.pestana.set_viewport_size(ANGOSTA)  # type: ignore[arg-type]
    assert ventana.desborde() == [], donde
    assert ventana.pestana.locator("h1").count() == 1, donde
    assert ventana.pestana.locator("nav[aria-label=Principal] [aria-current]").count() <= 1, donde
    # The browser tells any answer of 400 or more as an error of the console.
    assert [q for q in ventana.quejas if not q.startswith("Failed to load resource: the server responded")] == [], (
        donde
    )


def fotografiar(ventana: Ventana, nombre: str) -> None:
    """Pictures for whoever reviews a release, into the folder PORTAL_CAPTURAS."""
    if carpeta := os.environ.get("PORTAL_CAPTURAS"):
        nombre = nombre.replace("/", "_").replace(":", "-")[:90]
        for ancho in (390, 1280):
            ventana.pestana.set_viewport_size({"width": ancho, "height": 900})
            ventana.pestana.screenshot(path=Path(carpeta) / f"{nombre}-{ancho}.png", full_page=True)


def test_el_registro_cabe_en_una_pantalla_corriente(ventana: Ventana) -> None:
    """The columns it shows by itself, in 1.280 pixels, with the longest words and a badge that does not break."""
    ventana.ser("director_x")
    ventana.pestana.set_viewport_size({"width": 1280, "height": 800})
    ventana.abrir("/registro/")
    sobra = "e => [e.scrollWidth - e.clientWidth, e.querySelectorAll('thead th').length]"
    ventana.pestana.evaluate(
        """() => document.querySelectorAll('.tabla--registro tbody tr').forEach((tr) => {
        const frase = tr.querySelector('.frase') ?? tr.cells[8].appendChild(document.createElement('small'));
        frase.textContent = 'Entregada tarde, 12 días hábiles después';
        tr.querySelector('.estado').textContent = 'Esperando a la entidad';
        tr.querySelectorAll('.ancha').forEach((e) => { e.textContent = 'Conservación y preservación '.repeat(6) });
        })"""
    )
    assert ventana.pestana.locator(".desliza").evaluate(sobra) == [0, 10]
    assert ventana.pestana.locator(".tabla--registro tbody .estado").count() > 0
