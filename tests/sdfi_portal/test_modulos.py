"""The small modules of static/js against a server that answers as their contract says (E2, E3; interface.md §2.2)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django import forms
from django.template import engines
from django.test import Client, RequestFactory
from playwright.sync_api import Page, Route, expect

from tests.soporte.asistente import empezar
from tests.soporte.aspecto import Vitrina

PAGINA = """{% extends "base_formulario.html" %}
{% block titulo %}Prueba{% endblock %}{% block encabezado %}Prueba{% endblock %}
{% block modulos %}{{ block.super }}{% modulo "borrador" %}{% modulo "archivos" %}{% modulo "sondeo" %}{% endblock %}
{% block atributos %}data-borrador="/guardar/" data-entrar="/entrar/"{% endblock %}
{% block acciones %}
  <input type="hidden" name="version" value="1">
  <input type="file" multiple aria-label="Archivos" data-subir="/subir/" data-lista="archivos" data-maximo="1048576">
  <ul class="archivos" id="archivos"></ul>
  <div class="botones"><button type="submit" class="boton">Guardar</button>
  <p class="guardado" data-guardado role="status"></p></div>
{% endblock %}
{% block despues %}
  <div class="titulo"><h2>Cola</h2></div>
  <p class="novedad" role="status" data-sondeo="/cola/?vista=mias" data-version="v1" data-cada="30"></p>
  <table class="tabla"><caption class="oculto">Cola</caption>
    <thead><tr><th scope="col">Radicado</th><th scope="col">Plazo</th></tr></thead>
    <tbody data-filas>
      <tr><td><a href="/una/">Una</a></td><td><span>Vence en 3 días</span></td></tr>
      <tr><td><a href="/dos/">Dos</a></td><td><span>Vence en 5 días</span> <a href="/dos/tomar/">Tomar</a></td></tr>
      <tr><td><a href="/tres/">Tres</a></td><td><span>Vence en 8 días</span></td></tr>
    </tbody>
  </table>
{% endblock %}"""
# The same list some minutes later: another order, another state, one that left and one that came.
DESPUES = """<table><tbody data-filas>
  <tr><td><a href="/nueva/">Nueva</a></td><td><span>Vence hoy</span></td></tr>
  <tr><td><a href="/dos/">Dos</a></td><td><span>Vence mañana</span></td></tr>
  <tr><td><a href="/una/">Una</a></td><td><span>Vence en 2 días</span></td></tr>
</tbody></table>"""


class Borrador(forms.Form):
    necesidad = forms.CharField(label="Necesidad", max_length=20, widget=forms.Textarea)
    medio = forms.ChoiceField(label="Medio", choices=[("a", "Virtual"), ("b", "Presencial")], widget=forms.RadioSelect)


class Servidor:
    """Answers in turn what `respuestas` says, and remembers what it was sent."""

    def __init__(self, *respuestas: tuple[int, Any]) -> None:
        self.respuestas, self.recibido = list(respuestas), []

    def __call__(self, ruta: Route) -> None:
        self.recibido.append(ruta.request.post_data or ruta.request.url)
        codigo, cuerpo = self.respuestas.pop(0) if len(self.respuestas) > 1 else self.respuestas[0]
        if codigo == 0:
            ruta.abort()
        elif codigo == 302:
            ruta.fulfill(status=302, headers={"Location": "/entrar/"})
        elif isinstance(cuerpo, str):
            tipo = "text/html" if codigo < 300 else "text/plain"
            ruta.fulfill(status=codigo, body=cuerpo, content_type=f"{tipo}; charset=utf-8")
        else:
            ruta.fulfill(status=codigo, json=cuerpo)

    @property
    def ultimo(self) -> dict[str, list[str]]:
        return parse_qs(self.recibido[-1])


@pytest.fixture
def pagina(pestana: Page, db: None, rf: RequestFactory) -> Iterator[Vitrina]:
    """A page with one form, a file field and a queue notice. Its clock stands still until a test moves it."""
    html = engines["django"].from_string(PAGINA).render({"form": Borrador()}, rf.get("/prueba/"))
    vitrina = Vitrina(pestana, Client())
    vitrina.servir_aparte("/prueba/", lambda r: r.fulfill(body=html, content_type="text/html; charset=utf-8"))
    pestana.clock.install(time="2026-11-23T10:00:00")
    vitrina.abrir("/prueba/")
    pestana.clock.pause_at("2026-11-23T10:00:20")
    yield vitrina


def escribir(vitrina: Vitrina, texto: str, espera: int = 1600) -> None:
    vitrina.pestana.get_by_label("Necesidad").fill(texto)
    vitrina.pestana.clock.run_for(espera)


def al_siguiente_intento(vitrina: Vitrina, servidor: Servidor, espera: int) -> None:
    """Move the page's clock by `espera` ms until it asks again.

    An answer reaches the page in real time: a clock moved before it does has no next time to set off yet.
    """
    antes = len(servidor.recibido)
    for _ in range(10):
        vitrina.pestana.clock.run_for(espera)
        for _ in range(20):
            vitrina.pestana.wait_for_timeout(50)
            if len(servidor.recibido) > antes:
                return
    pytest.fail("La página no volvió a intentar.")


# --- Drafts ------------------------------------------------------------------------------------------------------
def test_guarda_cuando_se_deja_de_escribir(pagina: Vitrina) -> None:
    servidor = Servidor((200, {"version": 2, "hora": "10:42 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    escribir(pagina, "Tablas", espera=1000)
    assert servidor.recibido == []
    pagina.pestana.clock.run_for(600)
    expect(pagina.pestana.get_by_text("✓ Borrador guardado a las 10:42 a. m.")).to_be_visible()
    assert servidor.ultimo["necesidad"] == ["Tablas"]
    assert servidor.ultimo["version"] == ["1"]
    assert "csrfmiddlewaretoken" in servidor.ultimo
    escribir(pagina, "Tablas de retención")
    expect(pagina.pestana.locator("[data-guardado]")).to_contain_text("guardado")
    assert servidor.ultimo["version"] == ["2"]


def test_guarda_al_salir_del_campo(pagina: Vitrina) -> None:
    servidor = Servidor((200, {"version": 2, "hora": "10:42 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    escribir(pagina, "Tablas", espera=10)
    pagina.pestana.get_by_label("Necesidad").blur()
    expect(pagina.pestana.locator("[data-guardado]")).to_contain_text("Borrador guardado")


def test_avisa_en_la_primera_falla_y_conserva_el_texto(pagina: Vitrina) -> None:
    """E3: an alert at once, the text stays, the retry saves."""
    servidor = Servidor((0, None), (0, None), (200, {"version": 2, "hora": "10:43 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    escribir(pagina, "No me pierda")
    alerta = pagina.pestana.get_by_role("alert")
    expect(alerta).to_contain_text("No pudimos guardar. Su texto sigue aquí.")
    expect(alerta.get_by_role("button", name="Reintentar")).to_be_visible()
    assert pagina.pestana.get_by_label("Necesidad").input_value() == "No me pierda"
    al_siguiente_intento(pagina, servidor, 10_100)
    expect(alerta).to_be_visible()
    al_siguiente_intento(pagina, servidor, 10_100)
    expect(pagina.pestana.get_by_text("Borrador guardado a las 10:43 a. m.")).to_be_visible()
    expect(alerta).to_have_count(0)
    assert servidor.ultimo["necesidad"] == ["No me pierda"]


@pytest.mark.parametrize("codigo", [302, 401])
def test_sesion_terminada_ofrece_volver_a_entrar(pagina: Vitrina, codigo: int) -> None:
    pagina.servir_aparte("/guardar/", Servidor((codigo, {})))
    escribir(pagina, "Sigue aquí")
    alerta = pagina.pestana.get_by_role("alert")
    expect(alerta).to_contain_text("Su sesión terminó por seguridad")
    enlace = alerta.get_by_role("link", name="Vuelva a entrar")
    assert enlace.get_attribute("href") == "/entrar/"
    assert enlace.get_attribute("target") == "_blank"


def test_sello_vencido_se_renueva_solo(pagina: Vitrina) -> None:
    """Signing in again in another tab changes the form's seal: the draft is saved all the same."""
    servidor = Servidor((403, "sello"), (200, {"version": 2, "hora": "10:42 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    nueva = '<form><input name="csrfmiddlewaretoken" value="sello-nuevo"></form>'
    pagina.servir_aparte("/prueba/", lambda r: r.fulfill(body=nueva, content_type="text/html"))
    escribir(pagina, "Tablas")
    expect(pagina.pestana.locator("[data-guardado]")).to_contain_text("Borrador guardado")
    assert servidor.ultimo["csrfmiddlewaretoken"] == ["sello-nuevo"]


def test_escribir_mientras_llega_la_respuesta_no_choca_consigo_mismo(pagina: Vitrina) -> None:
    """The next save waits until the answer is read: it carries the version that it brings."""
    servidor = Servidor((200, {"version": 2, "hora": "10:42 a. m."}), (200, {"version": 3, "hora": "10:43 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    pestana, campo = pagina.pestana, pagina.pestana.get_by_label("Necesidad")
    pestana.evaluate("""() => {
        const leer = Response.prototype.json;
        Response.prototype.json = async function () {
            document.body.dataset.leyendo = "si";
            await new Promise((listo) => { window.seguir = listo; });
            return leer.call(this);
        };
    }""")
    escribir(pagina, "Tablas")
    expect(pestana.locator("body[data-leyendo]")).to_be_visible()
    campo.fill("Tablas y TVD")
    campo.blur()
    pestana.evaluate("() => { delete document.body.dataset.leyendo; window.seguir(); }")
    pestana.clock.run_for(1600)
    expect(pestana.locator("body[data-leyendo]")).to_be_visible()
    assert [parse_qs(enviado)["version"] for enviado in servidor.recibido] == [["1"], ["2"]]
    assert servidor.ultimo["necesidad"] == ["Tablas y TVD"]


CHOQUE = (
    409,
    {"version": 7, "hora": "10:41 a. m.", "campos": {"necesidad": "Lo de la otra", "medio": "b"}},
)


def test_dos_ventanas_muestran_las_dos_versiones(pagina: Vitrina) -> None:
    pagina.servir_aparte("/guardar/", Servidor(CHOQUE))
    escribir(pagina, "Lo de aquí")
    alerta = pagina.pestana.get_by_role("alert")
    expect(alerta).to_contain_text("El borrador cambió en otra ventana")
    expect(alerta).to_contain_text("Aquí: Lo de aquí")
    expect(alerta).to_contain_text("En la otra ventana: Lo de la otra")
    pagina.pestana.clock.resume()  # axe waits for the page's clock
    assert pagina.fallas_axe() == []


def test_conservar_lo_de_aqui_lo_guarda_sobre_la_otra(pagina: Vitrina) -> None:
    servidor = Servidor(CHOQUE, (200, {"version": 8, "hora": "10:42 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    escribir(pagina, "Lo de aquí")
    pagina.pestana.get_by_role("button", name="Conservar lo de aquí").click()
    expect(pagina.pestana.locator("[data-guardado]")).to_contain_text("Borrador guardado")
    assert servidor.ultimo["version"] == ["7"]
    assert servidor.ultimo["necesidad"] == ["Lo de aquí"]


def test_usar_la_otra_version_la_trae(pagina: Vitrina) -> None:
    servidor = Servidor(CHOQUE, (200, {"version": 8, "hora": "10:42 a. m."}))
    pagina.servir_aparte("/guardar/", servidor)
    escribir(pagina, "Lo de aquí")
    pagina.pestana.get_by_role("button", name="Usar la otra versión").click()
    expect(pagina.pestana.locator("[data-guardado]")).to_contain_text("Borrador guardado")
    assert pagina.pestana.get_by_label("Necesidad").input_value() == "Lo de la otra"
    assert pagina.pestana.get_by_label("Presencial").is_checked()


# --- Files -------------------------------------------------------------------------------------------------------
def elegir(vitrina: Vitrina, *archivos: tuple[str, int]) -> None:
    vitrina.pestana.get_by_label("Archivos").set_input_files(
        [{"name": nombre, "mimeType": "application/pdf", "buffer": b"x" * tamano} for nombre, tamano in archivos]
    )


def test_cada_archivo_sube_al_elegirlo(pagina: Vitrina) -> None:
    pagina.servir_aparte("/subir/", Servidor((200, '<li class="archivo"><span>acta.pdf (1 kB)</span></li>')))
    elegir(pagina, ("acta.pdf", 900))
    expect(pagina.pestana.locator("#archivos li")).to_have_text("acta.pdf (1 kB)")
    expect(pagina.pestana.locator("#anuncios")).to_have_text("«acta.pdf» subido")
    assert pagina.pestana.get_by_label("Archivos").evaluate("(e) => e.files.length") == 0


def test_un_archivo_malo_se_explica_y_no_detiene_a_los_demas(pagina: Vitrina) -> None:
    servidor = Servidor((200, '<li class="archivo">acta.pdf</li>'))
    pagina.servir_aparte("/subir/", servidor)
    elegir(pagina, ("plano.pdf", 1572864), ("acta.pdf", 10))
    # Counted as the server counts: a limit of «1 MB» is never told as «1,05 MB».
    expect(pagina.pestana.get_by_role("alert")).to_have_text("«plano.pdf» pesa 1,5 MB; el máximo es 1 MB.")
    expect(pagina.pestana.locator("#archivos li")).to_have_count(2)
    assert len(servidor.recibido) == 1
    elegir(pagina, ("otra.pdf", 10))
    expect(pagina.pestana.get_by_role("alert")).to_have_count(0)  # the error of the choice before has gone
    expect(pagina.pestana.locator("#archivos li")).to_have_count(2)


@pytest.mark.parametrize(
    ("respuesta", "texto"),
    [
        ((400, "«plano.dwg» no se subió: solo aceptamos PDF."), "solo aceptamos PDF"),
        ((0, None), "Revise la conexión"),
        ((401, ""), "su sesión terminó"),
        ((500, {"x": 1}), "Revise la conexión"),
    ],
)
def test_una_subida_fallida_dice_por_que(pagina: Vitrina, respuesta: tuple[int, Any], texto: str) -> None:
    pagina.servir_aparte("/subir/", Servidor(respuesta))
    elegir(pagina, ("acta.pdf", 10))
    expect(pagina.pestana.get_by_role("alert")).to_contain_text(texto)


def test_se_busca_un_tema_tras_otro(pestana: Page, elenco: Any, entrar: Any) -> None:
    """The button searches in the page, as typing does: what does not match stays there for the next search."""
    cliente = entrar(elenco.enlace)
    vitrina = Vitrina(pestana, cliente)
    vitrina.abrir(empezar(cliente))
    entrada, cuenta = pestana.get_by_label("Buscar un tema"), pestana.locator("[data-temas-cuenta]")
    for tema in (elenco.tema_tablas, elenco.tema_integridad):
        entrada.fill(tema.nombre)
        pestana.get_by_role("button", name="Buscar").click()
        expect(pestana.get_by_label(tema.nombre, exact=True)).to_be_visible()
    entrada.fill("zzz")
    expect(cuenta).to_contain_text("Ningún tema coincide con «zzz».")


# --- Queue, sending once, counter --------------------------------------------------------------------------------
def test_la_cola_avisa_y_no_se_mueve(pagina: Vitrina) -> None:
    servidor = Servidor((204, ""), (200, {"texto": "Llegaron 2 solicitudes."}))
    pagina.servir_aparte("/cola/", servidor)
    aviso = pagina.pestana.locator("[data-sondeo]")
    al_siguiente_intento(pagina, servidor, 30_100)
    expect(aviso).to_have_text("")
    al_siguiente_intento(pagina, servidor, 30_100)
    expect(aviso).to_have_text("Llegaron 2 solicitudes. Actualizar")
    assert "vista=mias" in servidor.recibido[0]
    assert "version=v1" in servidor.recibido[0]


def test_la_cola_se_pone_al_dia_sin_mover_las_filas(pagina: Vitrina) -> None:
    """What changed is said where each row is; what somebody is at is not touched; nothing comes, goes or moves."""
    servidor = Servidor((200, {"texto": "Llegó 1 solicitud."}))
    pagina.servir_aparte("/cola/", servidor)
    pagina.servir_aparte("/prueba/", Servidor((200, DESPUES)))
    filas = pagina.pestana.locator("[data-filas] > tr")
    pagina.pestana.get_by_role("link", name="Tomar").focus()
    antes = [caja["y"] for caja in (fila.bounding_box() for fila in filas.all()) if caja]
    al_siguiente_intento(pagina, servidor, 30_100)
    expect(filas.nth(0)).to_contain_text("Vence en 2 días")
    expect(filas.locator("a:first-child").filter(has_not_text="Tomar")).to_have_text(["Una", "Dos", "Tres"])
    expect(filas.nth(1)).to_contain_text("Vence en 5 días")
    expect(filas.nth(2)).to_contain_text("Ya no está en esta lista")
    expect(pagina.pestana.get_by_role("link", name="Tomar")).to_be_focused()
    expect(pagina.pestana.locator("[data-sondeo]")).to_have_text("Llegó 1 solicitud. Actualizar")
    assert [caja["y"] for caja in (fila.bounding_box() for fila in filas.all()) if caja] == antes


def test_la_cola_calla_cuando_la_sesion_termina(pagina: Vitrina) -> None:
    servidor = Servidor((302, None))
    pagina.servir_aparte("/cola/", servidor)
    for _ in range(3):
        pagina.pestana.clock.run_for(30_100)
        pagina.pestana.wait_for_timeout(50)
    assert len(servidor.recibido) == 1


def test_un_doble_clic_envia_una_vez(pagina: Vitrina) -> None:
    servidor = Servidor((204, ""))  # the page stays, as while a slow answer is on its way
    pagina.servir_aparte("/prueba/", servidor)  # a form goes to its own page
    boton = pagina.pestana.get_by_role("button", name="Guardar")
    boton.evaluate("(b) => { b.click(); b.click(); b.click(); }")
    pagina.pestana.clock.run_for(100)
    expect(boton).to_have_attribute("aria-disabled", "true")
    expect(pagina.pestana.locator("#anuncios")).to_have_text("Enviando…")
    assert len(servidor.recibido) == 1


def test_el_contador_cuenta_y_avisa_el_exceso(pagina: Vitrina) -> None:
    nota = pagina.pestana.locator(".contador")
    expect(nota).to_have_text("0 de 20 caracteres")
    pagina.pestana.get_by_label("Necesidad").fill("áéíóú ñ\n😀")
    expect(nota).to_have_text("9 de 20 caracteres")
    pagina.pestana.get_by_label("Necesidad").fill("x" * 25)
    expect(nota).to_have_text("Sobran 5: escriba máximo 20 caracteres")
    expect(nota).to_have_class("ayuda contador contador--exceso")
    pagina.pestana.get_by_label("Necesidad").fill("x" * 21)
    expect(nota).to_have_text("Sobra 1: escriba máximo 20 caracteres")


def test_los_modulos_no_dejan_quejas(pagina: Vitrina) -> None:
    escribir(pagina, "x", espera=10)
    assert pagina.quejas == []
