"""Nothing typed or uploaded is ever lost: session ended, old seal, two windows, gaps (E2, E3, C04; peers.md 24)."""

from urllib.parse import urlencode

import pytest
from django.db import transaction

from alcance import como_sistema
from solicitudes.models import Archivo, Borrador
from solicitudes.services.borradores import BorradorCambiado, BorradorCerrado, descartar_borrador, guardar_paso
from tests.fabricas import actuar
from tests.soporte.asistente import CONTACTO, empezar, enviar, llenar, ocultos, paso, un_pdf

pytestmark = pytest.mark.django_db
TEXTO = "Un texto largo que costó escribir.\nCon dos renglones."


def el_borrador() -> Borrador:
    with transaction.atomic(), como_sistema("prueba: el último borrador"):
        return Borrador.objects.order_by("-pk").first()


def detalle_de(cliente, elenco) -> str:
    url = empezar(cliente)
    return enviar(cliente, url, {"temas": [elenco.tema_tablas.pk]}).headers["Location"]


def autoguardar(cliente, url, **campos):
    """As static/js/borrador.js does."""
    return cliente.post(
        f"{url}guardar/",
        urlencode(campos),
        content_type="application/x-www-form-urlencoded",
        headers={"accept": "application/json"},
    )


# --- Autosave ------------------------------------------------------------------------------------------------------
def test_se_guarda_incompleto_y_al_volver_esta_todo(elenco, entrar):
    """E2: what was typed is there in another session, also what is wrong or half written."""
    url = detalle_de(entrar(elenco.enlace), elenco)
    respuesta = autoguardar(
        entrar(elenco.enlace),
        url,
        version=el_borrador().version,
        necesidad=TEXTO,
        fecha_requerida="3",
        asunto="a" * 900,
    )

    assert respuesta.status_code == 200
    assert respuesta.json()["version"] == el_borrador().version
    assert respuesta.json()["hora"].endswith("m.")
    pagina = entrar(elenco.enlace).get(url).content.decode()
    assert TEXTO in pagina and "a" * 900 in pagina


def test_lo_escrito_se_guarda_aunque_este_mal(elenco, entrar):
    """The button «continue» keeps first and judges afterwards."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)

    respuesta = enviar(cliente, url, {"necesidad": TEXTO})

    assert "Escriba el asunto" in respuesta.content.decode()
    assert el_borrador().datos["necesidad"] == TEXTO


def test_un_nulo_o_un_texto_enorme_no_tumban_el_guardado(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)

    assert autoguardar(cliente, url, version="99", necesidad="a\x00b" + "c" * 60_000).status_code == 200
    assert el_borrador().datos["necesidad"].startswith("abccc")


@pytest.mark.parametrize("version", ["", "abc", "-3", "9" * 40])
def test_una_version_inventada_no_tumba_el_guardado(elenco, entrar, version):
    cliente = entrar(elenco.enlace)

    assert autoguardar(cliente, detalle_de(cliente, elenco), version=version, asunto="x").status_code in {200, 409}


# --- Session -------------------------------------------------------------------------------------------------------
def test_el_autoguardado_sin_sesion_lo_dice(elenco, entrar):
    """E3: 401 in JSON, never a page that looks like success."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    cliente.logout()

    respuesta = autoguardar(cliente, url, version="1", asunto="x")

    assert respuesta.status_code == 401
    assert respuesta.headers["Content-Type"].startswith("application/json")


def test_un_formulario_que_llega_sin_sesion_no_se_pierde(elenco, entrar):
    """Without JavaScript: to sign in, and back to the same page with everything in its place."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    escondidos = ocultos(cliente.get(url))
    cliente.logout()

    ida = cliente.post(url, {**escondidos, "necesidad": TEXTO, "asunto": "Mi asunto", "accion": "continuar"})
    assert "next=" in ida.headers["Location"]
    cliente.force_login(elenco.enlace, backend="allauth.account.auth_backends.AuthenticationBackend")
    pagina = cliente.get(url).content.decode()

    assert TEXTO in pagina and "Mi asunto" in pagina
    assert "Recuperamos lo que escribió" in pagina
    assert "necesidad" not in el_borrador().datos  # nothing is saved until the person says so
    assert "Recuperamos" not in cliente.get(url).content.decode()


def test_lo_recuperado_no_lo_ve_otra_persona_en_el_mismo_equipo(elenco, entrar):
    """peers.md 24: two users on one computer never see each other's draft."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    escondidos = ocultos(cliente.get(url))
    cliente.logout()
    cliente.post(url, {**escondidos, "necesidad": TEXTO})

    cliente.force_login(elenco.otra_enlace, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert cliente.get(url).status_code == 404
    for pagina in ("/mis-solicitudes/", "/solicitudes/nueva/"):
        assert TEXTO not in cliente.get(pagina).content.decode()


def test_un_sello_viejo_no_pierde_el_texto_ni_lo_guarda_solo(elenco, entrar):
    """CSRF: after signing in again in another tab the seal of this one is old. Nothing is saved by itself."""
    cliente = entrar(elenco.enlace, enforce_csrf_checks=True)
    libre = entrar(elenco.enlace)
    url = detalle_de(libre, elenco)
    antes = el_borrador().datos

    ida = cliente.post(url, {"version": "1", "necesidad": TEXTO, "csrfmiddlewaretoken": "viejo"})

    assert ida.headers["Location"] == url
    assert TEXTO in cliente.get(url).content.decode()
    assert el_borrador().datos == antes


# --- Two windows ---------------------------------------------------------------------------------------------------
def test_dos_ventanas_en_el_mismo_paso_se_avisan(elenco, entrar):
    """C04: 409 with what the other one saved; nothing was overwritten."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    version = el_borrador().version
    assert autoguardar(cliente, url, version=version, asunto="De la primera", ventana="a").status_code == 200

    choque = autoguardar(cliente, url, version=version, asunto="De la segunda", ventana="b")

    assert choque.status_code == 409
    assert choque.json()["campos"] == {"asunto": "De la primera"}
    assert el_borrador().datos["asunto"] == "De la primera"
    ahora = autoguardar(cliente, url, version=choque.json()["version"], asunto="De la segunda", ventana="b")
    assert ahora.status_code == 200


def test_sin_javascript_el_choque_muestra_las_dos_versiones(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    escondidos = ocultos(cliente.get(url))
    autoguardar(cliente, url, version=escondidos["version"], asunto="De la otra ventana", ventana="otra")

    choque = cliente.post(url, {**escondidos, "asunto": "De esta", "accion": "continuar"})

    pagina = choque.content.decode()
    assert choque.status_code == 409
    assert "De la otra ventana" in pagina and 'value="De esta"' in pagina
    # The page now carries the version it has seen: insisting keeps what is on it.
    cliente.post(url, {**ocultos(choque), "asunto": "De esta", "necesidad": "n", "pregunta_1": "¿?"})
    assert el_borrador().datos["asunto"] == "De esta"


def test_dos_ventanas_en_pasos_distintos_no_chocan(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    version = el_borrador().version

    assert autoguardar(cliente, url, version=version, asunto="x").status_code == 200
    otro = autoguardar(cliente, paso(url, "documentos"), version=version, contacto_nombre="Laura")

    assert otro.status_code == 200
    assert (el_borrador().datos["asunto"], el_borrador().datos["contacto_nombre"]) == ("x", "Laura")


def test_una_ventana_no_choca_con_su_propio_autoguardado(elenco, entrar):
    """The autosave on leaving the field and the button arrive one after the other with the same version."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    escondidos = ocultos(cliente.get(url))
    autoguardar(cliente, url, asunto="Uno", **escondidos)

    respuesta = cliente.post(
        url, {**escondidos, "asunto": "Uno y medio", "necesidad": "n", "pregunta_1": "¿?", "accion": "continuar"}
    )

    assert respuesta.status_code == 302
    assert el_borrador().datos["asunto"] == "Uno y medio"


def test_un_autoguardado_rezagado_no_pisa_lo_enviado_despues(elenco, entrar):
    """The same window: its button won; an autosave that was still on its way does not bring the old text back."""
    cliente = entrar(elenco.enlace)
    url = detalle_de(cliente, elenco)
    escondidos = ocultos(cliente.get(url))
    cliente.post(url, {**escondidos, "asunto": "Nuevo", "accion": "salir"})

    assert autoguardar(cliente, url, asunto="Viejo", **escondidos).status_code == 409
    assert el_borrador().datos["asunto"] == "Nuevo"


def test_en_quinientos_choques_no_se_pierde_ninguno(elenco):
    """C04: 0 lost in 500. Two editors take turns with stale versions: whoever was told still has their text."""
    with actuar(elenco.enlace), transaction.atomic():
        borrador = Borrador.objects.create(persona=elenco.enlace, entidad=elenco.secretaria)
        vistas = {"a": 1, "b": 1}
        rehusados = 0
        for n in range(500):
            quien = "a" if n % 3 else "b"
            texto = f"{quien}-{n}"
            try:
                hecho = guardar_paso(
                    borrador=borrador, paso="detalle", campos={"asunto": texto}, version=vistas[quien], ventana=quien
                )
                vistas[quien] = hecho.version
                assert Borrador.objects.get(pk=borrador.pk).datos["asunto"] == texto
            except BorradorCambiado as choque:
                rehusados += 1
                assert choque.guardados["asunto"] == Borrador.objects.get(pk=borrador.pk).datos["asunto"] != texto
                vistas[quien] = choque.borrador.version
    assert rehusados > 100


# --- After filing or discarding ------------------------------------------------------------------------------------
def test_guardar_despues_de_radicar_no_cambia_nada(elenco, entrar):
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    cliente.post(revisar, {"acepta_datos": "on"})
    antes = el_borrador().datos

    respuesta = autoguardar(cliente, paso(revisar, "detalle"), version="99", asunto="tarde")

    assert respuesta.status_code == 410
    assert el_borrador().datos == antes
    assert cliente.post(f"{paso(revisar, 'documentos')}archivos/", {"archivo": un_pdf()}).status_code == 410


def test_un_borrador_descartado_no_se_guarda_ni_se_radica(elenco):
    with actuar(elenco.enlace), transaction.atomic():
        borrador = Borrador.objects.create(persona=elenco.enlace, entidad=elenco.secretaria)
        descartar_borrador(borrador=borrador)
        with pytest.raises(BorradorCerrado):
            guardar_paso(borrador=borrador, paso="detalle", campos={"asunto": "x"}, version=9)


def test_descartar_pide_confirmacion_y_conserva_la_fila(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    descartar = url.replace("necesidad", "descartar")

    assert "¿Descarta este borrador?" in cliente.get(descartar).content.decode()
    cliente.post(descartar)

    assert el_borrador().descartado_en is not None
    assert "Ya tiene un borrador" not in cliente.get("/solicitudes/nueva/").content.decode()
    assert cliente.get(url).status_code == 302


# --- Files of a draft ----------------------------------------------------------------------------------------------
def test_los_archivos_de_un_borrador_incompleto_se_conservan(elenco, entrar):
    """Files are kept as soon as they arrive, before anything else is right."""
    cliente = entrar(elenco.enlace)
    documentos = paso(empezar(cliente), "documentos")

    respuesta = enviar(cliente, documentos, {"contacto_nombre": "", "contacto_correo": "", "archivos": un_pdf()})

    assert "Escriba a quién buscamos" in respuesta.content.decode()
    assert "anexo.pdf" in entrar(elenco.enlace).get(documentos).content.decode()


def test_quitar_se_puede_deshacer_y_no_viaja(elenco, entrar):
    """Taken out is marked, not lost; what stays marked is not filed."""
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    documentos = paso(revisar, "documentos")
    enviar(cliente, documentos, {**CONTACTO, "archivos": [un_pdf("uno.pdf"), un_pdf("dos.pdf", 2)]})
    with transaction.atomic(), como_sistema("prueba"):
        uno = Archivo.objects.get(nombre="uno.pdf")

    cliente.post(f"{documentos}archivos/{uno.pk}/quitar/", {**ocultos(cliente.get(documentos)), **CONTACTO})
    assert "Quitó «uno.pdf»" in cliente.get(documentos).content.decode()
    cliente.post(f"{documentos}archivos/{uno.pk}/devolver/", {**ocultos(cliente.get(documentos)), **CONTACTO})
    assert "Quitó" not in cliente.get(documentos).content.decode()
    cliente.post(f"{documentos}archivos/{uno.pk}/quitar/", {**ocultos(cliente.get(documentos)), **CONTACTO})
    cliente.post(revisar, {"acepta_datos": "on"})

    with transaction.atomic(), como_sistema("prueba"):
        radicados = Archivo.objects.filter(solicitud__isnull=False)
        assert [archivo.nombre for archivo in radicados] == ["dos.pdf"]
        assert Archivo.objects.get(nombre="uno.pdf").quitado_en is not None


def test_quitar_guarda_lo_demas_del_formulario(elenco, entrar):
    """The button «Quitar» sends the whole form: the contact half written is kept too."""
    cliente = entrar(elenco.enlace)
    documentos = paso(empezar(cliente), "documentos")
    enviar(cliente, documentos, {**CONTACTO, "archivos": un_pdf()}, "subir")
    with transaction.atomic(), como_sistema("prueba"):
        archivo = Archivo.objects.get()

    cliente.post(
        f"{documentos}archivos/{archivo.pk}/quitar/",
        {**ocultos(cliente.get(documentos)), **CONTACTO, "contacto_telefono": "300 123 4567"},
    )

    assert el_borrador().datos["contacto_telefono"] == "300 123 4567"
