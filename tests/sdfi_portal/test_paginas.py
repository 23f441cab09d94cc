"""Public pages, their headers, the menu of each role and the accessibility links."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory

from direcciones.models import Buzon
from direcciones.roles import Rol
from sdfi_portal import errores, navegacion
from sdfi_portal.middleware import CabecerasMiddleware
from sdfi_portal.preferencias import Preferencias

PUBLICAS = ["/", "/como-solicitar/", "/ayuda/", "/accesibilidad/", "/privacidad/", "/terminos/", "/mapa/"]


@pytest.fixture
def visitante(db: None) -> Client:
    cliente = Client()
    cliente.defaults["wsgi.url_scheme"] = "https"
    return cliente


@pytest.mark.parametrize("ruta", PUBLICAS)
def test_pagina_publica_bien_formada(visitante: Client, ruta: str) -> None:
    respuesta = visitante.get(ruta)
    html = respuesta.content.decode()
    assert respuesta.status_code == 200
    assert html.count("<h1") == 1
    assert '<html lang="es-CO"' in html
    assert re.search(r"<title>\S.* · Portal SDFI</title>", html)
    assert "no-store" not in respuesta.headers.get("Cache-Control", "")
    assert {"Cookie", "HX-Request"} <= set(respuesta.headers["Vary"].split(", "))
    assert "camera=()" in respuesta.headers["Permissions-Policy"]
    assert respuesta.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_titulos_unicos(visitante: Client) -> None:
    titulos = [re.search("<title>(.*?)</title>", visitante.get(r).content.decode()).group(1) for r in PUBLICAS]
    assert len(set(titulos)) == len(titulos)


def test_a_un_clic_de_como_solicitar(visitante: Client) -> None:
    """R1: an anonymous visitor reaches it in one click from home."""
    assert 'href="/como-solicitar/"' in visitante.get("/").content.decode()


def test_como_solicitar_dice_canales_y_plazo(visitante: Client, elenco: object) -> None:
    """R1, R22: the official mailboxes are data; the term is told."""
    Buzon.objects.create(correo="buzon@prueba.example", dependencia=elenco.tecnica, para_que="Conceptos")
    html = visitante.get("/como-solicitar/").content.decode()
    assert "mailto:buzon@prueba.example" in html
    assert "Máximo 10 días hábiles" in html
    assert elenco.concepto.nombre in html


def test_como_solicitar_ofrece_radicar_a_quien_puede(visitante: Client, elenco: object, entrar) -> None:
    """R1: also to whoever has not signed in yet; never a link that would be refused."""
    radicar = 'href="/solicitudes/nueva/"'
    for cliente, ofrece in ((visitante, True), (entrar(elenco.enlace), True), (entrar(elenco.revisora), False)):
        assert (radicar in cliente.get("/como-solicitar/").content.decode()) is ofrece


def test_tres_puertas_con_su_direccion(visitante: Client, elenco: object) -> None:
    """R2: three service areas; the name of who attends is data."""
    html = visitante.get("/").content.decode()
    assert html.count('class="puerta"') == 3
    assert elenco.desarrollo.nombre in html


def test_quien_ya_entro_ve_la_portada_o_su_trabajo(elenco: object, entrar) -> None:
    respuesta = entrar(elenco.asesora).get("/")
    assert respuesta.status_code in {200, 302}
    assert respuesta.headers["Cache-Control"] == "private, no-store"


def test_la_guia_es_del_personal(visitante: Client, elenco: object, entrar) -> None:
    assert visitante.get("/guia-de-estilo/").status_code == 302
    assert entrar(elenco.enlace).get("/guia-de-estilo/").status_code == 403
    assert entrar(elenco.asesora).get("/guia-de-estilo/").status_code == 200


# --- Menu --------------------------------------------------------------------------------------------------------
def test_cada_rol_tiene_menu_de_cinco_lugares_o_menos() -> None:
    assert set(navegacion.POR_ROL) == set(Rol.values)
    assert max(len(sitios) for sitios in [*navegacion.POR_ROL.values(), navegacion.PUBLICA]) <= 5


def test_el_menu_calla_lo_que_nadie_sirve() -> None:
    lugares = navegacion.lugares([("Ayuda", "ayuda"), ("Nada", "no:existe")], "/ayuda/")
    assert lugares == [navegacion.Lugar("Ayuda", "/ayuda/", "page")]


def test_el_lugar_mas_largo_manda_en_el_menu() -> None:
    lugares = navegacion.lugares([("Ayuda", "ayuda"), ("Inicio", "inicio")], "/ayuda/usuarios/")
    assert [lugar.actual for lugar in lugares] == ["true", ""]


# --- Accessibility links -----------------------------------------------------------------------------------------
def test_la_letra_y_el_contraste_quedan_en_una_galleta(visitante: Client) -> None:
    visitante.get("/accesibilidad/letra-mas/")
    respuesta = visitante.get("/accesibilidad/contraste/", headers={"referer": "https://testserver/ayuda/"})
    assert respuesta.headers["Location"] == "https://testserver/ayuda/"
    assert '<html lang="es-CO" class="letra-mas contraste">' in visitante.get("/ayuda/").content.decode()


def test_no_vuelve_a_otro_sitio(visitante: Client) -> None:
    respuesta = visitante.get("/accesibilidad/letra-mas/", headers={"referer": "https://malo.example/"})
    assert respuesta.headers["Location"] == "/"


@pytest.mark.parametrize("galleta", ["", "9", "zzz", "2c;<script>", "\x00"])
def test_una_galleta_rara_es_el_aspecto_normal_o_uno_valido(rf: RequestFactory, galleta: str) -> None:
    pedido = rf.get("/")
    pedido.COOKIES["aspecto"] = galleta
    assert Preferencias.de(pedido).clases in {"", "letra-mas"}


def test_la_letra_no_pasa_de_sus_topes() -> None:
    grande = Preferencias()
    for _ in range(9):
        grande = grande.con("letra-mas")
    assert grande.clases == "letra-mucho"


# --- Errors ------------------------------------------------------------------------------------------------------
def test_404_ayuda_y_conserva_el_marco(visitante: Client) -> None:
    respuesta = visitante.get("/no-hay-tal/")
    assert respuesta.status_code == 404
    assert "No encontramos esta página" in respuesta.content.decode()
    assert 'class="cabecera"' in respuesta.content.decode()


@pytest.mark.parametrize("codigo", [400, 403, 404, 405, 410, 413, 429, 503])
def test_cada_error_tiene_pagina(rf: RequestFactory, codigo: int) -> None:
    respuesta = errores.pagina(rf.get("/"), codigo)
    assert respuesta.status_code == codigo
    assert respuesta.content.decode().count("<h1") == 1


def test_403_dice_el_motivo_propio_y_no_el_de_una_libreria(rf: RequestFactory) -> None:
    propio = errores.prohibido(rf.get("/"), PermissionDenied("Su rol no puede ver esta página."))
    ajeno = errores.prohibido(rf.get("/"), PermissionDenied("CSRF token missing"))
    assert "Su rol no puede ver esta página." in propio.content.decode()
    assert "CSRF" not in ajeno.content.decode()


def test_500_da_un_codigo_que_esta_en_el_registro(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    respuesta = errores.falla(rf.get("/x/"))
    codigo = re.search(r"código <strong>([0-9A-F]{6})</strong>", respuesta.content.decode()).group(1)
    assert respuesta.status_code == 500
    assert codigo in caplog.text


def test_500_responde_aunque_su_pagina_falle(rf: RequestFactory, monkeypatch, caplog) -> None:
    def romper(*args: object) -> str:
        raise OSError

    monkeypatch.setattr(errores, "render_to_string", romper)
    assert "Algo falló de nuestro lado" in errores.falla(rf.get("/")).content.decode()


def test_un_codigo_sin_palabras_recibe_su_pagina(rf: RequestFactory) -> None:
    def vista(request: object) -> HttpResponse:
        return HttpResponse(status=429, headers={"Retry-After": "60"})

    respuesta = CabecerasMiddleware(vista)(rf.get("/", headers={"accept": "text/html"}))
    assert "Demasiados intentos seguidos" in respuesta.content.decode()
    assert respuesta.headers["Retry-After"] == "60"
