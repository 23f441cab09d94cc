"""Files in and out (U06, U08, U10, U11): into the draft at once, out only as an attachment and only when cleared."""

import hashlib
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import ProgrammingError, transaction

from alcance import como_sistema
from archivos.antivirus import EstadoAntivirus
from solicitudes.models import Archivo, Mensaje, Solicitud
from solicitudes.services.archivos import barrer_archivos
from tests.fabricas import actuar
from tests.soporte.asistente import CONTACTO, empezar, enviar, llenar, paso, un_pdf, un_texto

pytestmark = pytest.mark.django_db


def bajar(cliente, url: str):
    """The answer with its bytes read, as a browser does."""
    respuesta = cliente.get(url)
    respuesta.leido = b"".join(respuesta) if respuesta.streaming else respuesta.content
    return respuesta


def el_archivo() -> Archivo:
    with transaction.atomic(), como_sistema("prueba"):
        return Archivo.objects.select_related("solicitud").order_by("-pk").first()


def poner(**cambios) -> None:
    with transaction.atomic(), como_sistema("prueba"):
        Archivo.objects.update(**cambios)


def radicada_con_archivo(cliente, elenco, subido=None, **detalle) -> Archivo:
    revisar = llenar(cliente, elenco, **detalle)
    enviar(cliente, paso(revisar, "documentos"), {**CONTACTO, "archivos": subido or un_pdf()})
    cliente.post(revisar, {"acepta_datos": "on"})
    return el_archivo()


# --- Into the draft ------------------------------------------------------------------------------------------------
def test_se_sube_al_elegirlo_y_responde_su_renglon(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = paso(empezar(cliente), "documentos") + "archivos/"

    respuesta = cliente.post(url, {"archivo": un_pdf()})

    assert respuesta.status_code == 201
    assert respuesta.content.decode().startswith('<li class="archivo"')
    assert "Quitar" in respuesta.content.decode()


@pytest.mark.parametrize(
    ("subido", "frase"),
    [
        (lambda: un_texto("plano.dwg"), "solo aceptamos"),
        (lambda: un_texto("anexo.pdf"), "«anexo.pdf» no se subió"),
        (lambda: un_texto("vacio.txt", ""), "vacío"),
    ],
)
def test_lo_que_no_se_acepta_dice_por_que(elenco, entrar, subido, frase):
    """interface.md §5.7: one sentence with the name and how to mend it, as plain text."""
    cliente = entrar(elenco.enlace)

    respuesta = cliente.post(paso(empezar(cliente), "documentos") + "archivos/", {"archivo": subido()})

    assert respuesta.status_code == 422
    assert respuesta.headers["Content-Type"].startswith("text/plain")
    assert frase in respuesta.content.decode()


def test_sin_javascript_lo_rehusado_se_dice_y_lo_demas_queda(elenco, entrar):
    cliente = entrar(elenco.enlace)
    documentos = paso(empezar(cliente), "documentos")

    respuesta = enviar(cliente, documentos, {**CONTACTO, "archivos": [un_texto("malo.exe"), un_pdf("bueno.pdf")]})

    pagina = respuesta.content.decode()
    assert "malo.exe" in pagina and "bueno.pdf" in pagina
    assert respuesta.status_code == 200


def test_subir_dos_veces_el_mismo_es_uno(elenco, entrar):
    """An upload may be retried after a cut."""
    cliente = entrar(elenco.enlace)
    url = paso(empezar(cliente), "documentos") + "archivos/"
    pdf = un_pdf()

    for _ in range(2):
        pdf.seek(0)
        assert cliente.post(url, {"archivo": pdf}).status_code == 201

    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.count() == 1


def test_hay_un_maximo_y_se_dice(elenco, entrar, settings):
    settings.ARCHIVOS_POR_SOLICITUD = 2
    cliente = entrar(elenco.enlace)
    url = paso(empezar(cliente), "documentos") + "archivos/"
    for n in range(2):
        cliente.post(url, {"archivo": un_texto(f"{n}.txt", f"texto {n}")})

    respuesta = cliente.post(url, {"archivo": un_texto("de mas.txt", "otro")})

    assert respuesta.status_code == 422
    assert "ya hay 2 archivos" in respuesta.content.decode()


# --- Out -----------------------------------------------------------------------------------------------------------
def test_se_descarga_solo_como_adjunto(elenco, entrar):
    """U08, U11: attachment, nosniff, sandbox, our own type; the bytes are those that were hashed."""
    cliente = entrar(elenco.enlace)
    archivo = radicada_con_archivo(cliente, elenco)

    respuesta = bajar(cliente, archivo.get_absolute_url())

    assert respuesta.headers["Content-Disposition"].startswith("attachment")
    assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in respuesta.headers["Content-Security-Policy"]
    assert respuesta.headers["Content-Type"] == "application/pdf"
    assert hashlib.sha256(respuesta.leido).hexdigest() == archivo.sha256


VEN_EL_ARCHIVO = {
    "enlace", "colega", "admin_entidad",  # the entity
    "asesora", "otra_asesora", "revisora", "directora", "subdirector",  # the dependencia and the one above
    "subsecretaria", "administradora", "auditora",
}  # fmt: skip


def test_matriz_de_quien_baja_un_archivo(elenco, entrar):
    """U06, T09: whoever sees the solicitud downloads it; for everybody else it does not exist."""
    archivo = radicada_con_archivo(entrar(elenco.enlace), elenco)

    codigos = {
        parte: bajar(entrar(persona), archivo.get_absolute_url()).status_code
        for parte, persona in elenco.personas().items()
        if parte != "ajena"
    }

    assert {parte for parte, codigo in codigos.items() if codigo == 200} == VEN_EL_ARCHIVO
    assert set(codigos.values()) == {200, 404}
    assert bajar(entrar(elenco.ajena), archivo.get_absolute_url()).status_code == 403


@pytest.mark.parametrize("estado", [EstadoAntivirus.EN_REVISION, EstadoAntivirus.INFECTADO])
def test_no_se_baja_mientras_no_este_limpio(elenco, entrar, estado):
    """U06: nobody downloads it, and the page says why instead of linking."""
    cliente = entrar(elenco.enlace)
    archivo = radicada_con_archivo(cliente, elenco)
    poner(estado_antivirus=estado)

    assert bajar(cliente, archivo.get_absolute_url()).status_code == 404
    pagina = cliente.get(f"/solicitudes/{archivo.solicitud.radicado}/").content.decode()
    assert archivo.get_absolute_url() not in pagina
    assert ("en revisión de virus" in pagina) or ("tiene un virus" in pagina)


def test_el_radicado_de_la_direccion_debe_ser_el_suyo(elenco, entrar):
    cliente = entrar(elenco.enlace)
    archivo = radicada_con_archivo(cliente, elenco)
    otro = radicada_con_archivo(cliente, elenco)

    assert bajar(cliente, f"/solicitudes/{otro.solicitud.radicado}/archivos/{archivo.pk}/").status_code == 404


def test_lo_de_una_nota_interna_no_lo_baja_la_entidad(elenco, entrar):
    archivo = radicada_con_archivo(entrar(elenco.enlace), elenco)
    with transaction.atomic(), como_sistema("prueba"):
        nota = Mensaje.objects.create(
            solicitud=archivo.solicitud, clave=uuid4(), tipo="nota", texto="x", interno=True, autor=elenco.asesora
        )
        Archivo.objects.update(mensaje=nota)

    assert bajar(entrar(elenco.enlace), archivo.get_absolute_url()).status_code == 404
    assert bajar(entrar(elenco.asesora), archivo.get_absolute_url()).status_code == 200


def test_el_de_un_borrador_solo_lo_baja_su_autora(elenco, entrar):
    cliente = entrar(elenco.enlace)
    enviar(cliente, paso(empezar(cliente), "documentos"), {**CONTACTO, "archivos": un_pdf()}, "subir")
    archivo = el_archivo()

    assert bajar(cliente, archivo.get_absolute_url()).status_code == 200
    assert bajar(entrar(elenco.colega), archivo.get_absolute_url()).status_code == 404
    with actuar(elenco.colega), transaction.atomic():
        assert not Archivo.objects.exists()


def test_un_infectado_no_se_radica(elenco, entrar):
    """The review names it; taking it out is enough."""
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    enviar(cliente, paso(revisar, "documentos"), {**CONTACTO, "archivos": un_pdf()})
    poner(estado_antivirus=EstadoAntivirus.INFECTADO)

    respuesta = cliente.post(revisar, {"acepta_datos": "on"})

    assert "tiene un virus. Quítelo" in respuesta.content.decode()
    with transaction.atomic(), como_sistema("prueba"):
        assert not Solicitud.objects.exists()


# --- Kept for ever -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("columna", ["sha256", "ruta", "nombre", "bytes", "borrador"])
def test_lo_que_identifica_los_bytes_no_se_cambia_ni_con_la_base(elenco, entrar, columna):
    """U11: the web role may not change it, whatever the code says."""
    archivo = radicada_con_archivo(entrar(elenco.enlace), elenco)

    with pytest.raises(ProgrammingError), transaction.atomic(), como_sistema("prueba"):
        Archivo.objects.filter(pk=archivo.pk).update(**{columna: None if columna == "borrador" else 1})


def test_un_archivo_no_se_borra_ni_con_la_base(elenco, entrar):
    """R19."""
    archivo = radicada_con_archivo(entrar(elenco.enlace), elenco)

    with pytest.raises(ProgrammingError), transaction.atomic(), como_sistema("prueba"):
        Archivo.objects.filter(pk=archivo.pk)._raw_delete("default")


def test_un_archivo_radicado_no_se_quita(elenco, entrar):
    cliente = entrar(elenco.enlace)
    archivo = radicada_con_archivo(cliente, elenco)

    cliente.post(f"/solicitudes/borrador/{archivo.borrador_id}/documentos/archivos/{archivo.pk}/quitar/")

    assert el_archivo().quitado_en is None


def test_sin_antivirus_el_barrido_no_toca_lo_que_tiene_fila(elenco, entrar):
    archivo = radicada_con_archivo(entrar(elenco.enlace), elenco)

    assert barrer_archivos()["revisados"] == 0
    assert bajar(entrar(elenco.enlace), archivo.get_absolute_url()).status_code == 200
    assert settings.ANTIVIRUS_CLAMD == ""
