"""Registering what came by mail, phone, counter or SIGA (R22, R25): same structure, true place in the queue."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from solicitudes.models import Archivo, Borrador, ConstanciaRadicacion, Movimiento, Parte, Solicitud
from tests.fabricas import actuar, radicada
from tests.soporte.asistente import enviar, paso, un_pdf

pytestmark = pytest.mark.django_db


def recepcion(elenco, **cambios):
    return {
        "canal": "correo",
        "recibido_en": "2026-03-25T10:00",
        "evidencia": "Correo del 25 de marzo de 2026, 10:00 a. m.",
        "entidad": elenco.instituto.pk,
        "remitente_nombre": "Carlos Mora",
        "remitente_correo": "carlos@idartes.example",
        **cambios,
    }


def registrar(cliente, elenco, tema=None, **cambios):
    """The five steps. Gives the confirmation page."""
    url = cliente.post("/registrar/", recepcion(elenco, **cambios)).headers["Location"]
    enviar(cliente, url, {"temas": [(tema or elenco.tema_visitas).pk]})
    manana = (timezone.localdate() + timedelta(days=5)).isoformat()
    detalle = {
        "asunto": "Visita al archivo",
        "necesidad": "Hay humedad.",
        "lugar": "Bodega",
        "opcion_1": f"{manana}T09:00",
    }
    if tema is elenco.tema_comision:
        detalle |= {"objeto": "Foro", "destino": "Madrid", "viaje_desde": manana, "viaje_hasta": manana,
                    "ya_aceptada": "no", "financiacion": "ninguna"}  # fmt: skip
    enviar(cliente, paso(url, "detalle"), detalle)
    enviar(cliente, paso(url, "documentos"), {})
    return cliente.post(paso(url, "revisar"), follow=True)


def la_solicitud() -> Solicitud:
    with transaction.atomic(), como_sistema("prueba"):
        return Solicitud.objects.select_related("radicada_por", "registrada_por", "entidad").get()


@pytest.mark.parametrize("quien", ["ventanilla", "asesora", "subdirector", "directora"])
def test_se_registra_con_el_instante_verdadero(elenco, entrar, quien):
    """R22: channel, true reception, evidence, SIGA number in its own field; it lands in its true place."""
    reciente = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    final = registrar(entrar(getattr(elenco, quien)), elenco, siga_entrada="1-2026-34567")

    with transaction.atomic(), como_sistema("prueba"):
        solicitud = Solicitud.objects.exclude(pk=reciente.pk).get()
        cola = [parte.solicitud_id for parte in Parte.objects.en_cola(elenco.sistema_archivos)]
    assert cola == [solicitud.pk, reciente.pk]
    assert (solicitud.canal, solicitud.siga_entrada, solicitud.entidad) == ("correo", "1-2026-34567", elenco.instituto)
    assert timezone.localtime(solicitud.recibido_en).isoformat() == "2026-03-25T10:00:00-05:00"
    assert solicitud.vence.isoformat() == "2026-04-10"
    assert solicitud.registrada_por_id == getattr(elenco, quien).pk
    assert "Solicitud registrada" in final.content.decode()


def test_antes_de_guardar_se_ve_la_fecha_efectiva_y_el_plazo(elenco, entrar):
    cliente = entrar(elenco.ventanilla)
    url = cliente.post("/registrar/", recepcion(elenco, recibido_en="2026-03-25T20:00")).headers["Location"]

    pagina = cliente.get(paso(url, "revisar")).content.decode()

    assert "jueves 26 de marzo de 2026" in pagina
    assert "lunes 13 de abril de 2026" in pagina


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"recibido_en": "2099-01-01T10:00"}, "aún no llega"),
        ({"recibido_en": "ayer"}, "Escriba la fecha y la hora"),
        ({"canal": ""}, "Elija por dónde llegó"),
        ({"canal": "portal"}, "Elija por dónde llegó"),
        ({"canal": "siga", "siga_entrada": ""}, "Escriba el número SIGA"),
        ({"evidencia": "", "siga_entrada": ""}, "qué evidencia queda"),
        ({"remitente_nombre": ""}, "nombre de quien pide"),
        ({"remitente_correo": "sin arroba"}, "con @"),
    ],
)
def test_lo_que_falta_se_dice_y_lo_escrito_queda(elenco, entrar, cambios, frase):
    """At once, on the page where the new draft goes on, and again while it is wrong."""
    cliente = entrar(elenco.ventanilla)

    ida = cliente.post("/registrar/", recepcion(elenco, **cambios), follow=True)
    url = ida.redirect_chain[-1][0]
    assert frase in ida.content.decode() and "<title>Error:" in ida.content.decode()
    pagina = enviar(cliente, url, recepcion(elenco, **cambios)).content.decode()

    assert frase in pagina
    assert "Carlos Mora" in pagina or "remitente_nombre" in cambios


def test_sin_entidad_no_hay_borrador_y_lo_escrito_sigue_en_la_pagina(elenco, entrar):
    respuesta = entrar(elenco.ventanilla).post("/registrar/", recepcion(elenco, entidad=""))

    assert respuesta.status_code == 200
    assert "Elija la entidad" in respuesta.content.decode() and "Carlos Mora" in respuesta.content.decode()
    with transaction.atomic(), como_sistema("prueba"):
        assert not Borrador.objects.exists()


def test_el_archivo_de_la_evidencia_basta(elenco, entrar):
    """In the first page and, if it was forgotten there, in the draft."""
    cliente = entrar(elenco.ventanilla)
    con_archivo = {**recepcion(elenco, evidencia=""), "archivos": un_pdf("correo.pdf")}
    assert cliente.post("/registrar/", con_archivo).headers["Location"].endswith("/necesidad/")
    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.get().es_evidencia

    url = cliente.post("/registrar/", recepcion(elenco, evidencia="")).headers["Location"]
    ida = enviar(cliente, url, {**recepcion(elenco, evidencia=""), "archivos": un_pdf("correo.pdf")})

    assert "/recepcion/" in url and ida.headers["Location"].endswith("/necesidad/")


def test_un_archivo_rehusado_se_dice_y_lo_demas_queda(elenco, entrar):
    malo = SimpleUploadedFile("correo.pdf", b"MZ" + b"\0" * 200)

    ida = entrar(elenco.ventanilla).post("/registrar/", {**recepcion(elenco), "archivos": malo}, follow=True)

    assert "«correo.pdf» no se subió" in ida.content.decode() and "Carlos Mora" in ida.content.decode()


def test_sin_entidad_el_archivo_se_vuelve_a_pedir(elenco, entrar):
    """A browser does not keep it, and there is no draft to keep it in."""
    datos = {**recepcion(elenco, entidad=""), "archivos": un_pdf("correo.pdf")}

    assert "Elija de nuevo el archivo" in entrar(elenco.ventanilla).post("/registrar/", datos).content.decode()


def test_corregir_la_entidad_corrige_el_borrador(elenco, entrar):
    cliente = entrar(elenco.ventanilla)
    url = cliente.post("/registrar/", recepcion(elenco)).headers["Location"]

    enviar(cliente, paso(url, "recepcion"), recepcion(elenco, entidad=elenco.secretaria.pk))

    with transaction.atomic(), como_sistema("prueba"):
        assert Borrador.objects.get().entidad == elenco.secretaria


def test_si_el_correo_es_de_un_enlace_la_ve_en_sus_solicitudes(elenco, entrar):
    """Existing enlace: by the address, only of that entidad."""
    registrar(entrar(elenco.ventanilla), elenco, remitente_correo=elenco.otra_enlace.correo.upper())

    solicitud = la_solicitud()
    assert solicitud.radicada_por == elenco.otra_enlace
    assert solicitud.radicado in entrar(elenco.otra_enlace).get("/mis-solicitudes/").content.decode()
    with actuar(elenco.otra_enlace), transaction.atomic():
        primero = Movimiento.objects.get(solicitud=solicitud)
    assert primero.texto == "Registró la solicitud recibida por correo institucional"


def test_el_correo_de_un_enlace_de_otra_entidad_no_la_liga(elenco, entrar):
    registrar(entrar(elenco.ventanilla), elenco, remitente_correo=elenco.enlace.correo)

    assert la_solicitud().radicada_por is None


def test_quien_registra_una_reservada_da_la_constancia_y_no_la_abre(elenco, entrar):
    """Only who filed, who attends, the heads and the auditor see it; the paper is still handed over."""
    cliente = entrar(elenco.ventanilla)
    final = registrar(cliente, elenco, tema=elenco.tema_comision)

    radicado = la_solicitud().radicado
    assert radicado in final.content.decode() and "Es reservada" in final.content.decode()
    assert cliente.get(f"/solicitudes/{radicado}/").status_code == 404
    assert b"".join(cliente.get(f"/solicitudes/{radicado}/constancia.pdf"))[:5] == b"%PDF-"
    otra_ventanilla = entrar(elenco.asesora)
    assert otra_ventanilla.get(f"/solicitudes/{radicado}/radicada/").status_code == 404


@pytest.mark.parametrize("quien", ["enlace", "revisora", "subsecretaria", "administradora", "auditora", "ajena"])
def test_los_demas_no_registran(elenco, entrar, quien):
    assert entrar(getattr(elenco, quien)).get("/registrar/").status_code == 403


def test_el_paso_de_la_recepcion_no_es_de_un_enlace(elenco, entrar):
    """I03: an enlace can't set the instant of reception nor the channel."""
    cliente = entrar(elenco.enlace)
    url = cliente.post("/solicitudes/nueva/").headers["Location"]

    cliente.post(paso(url, "recepcion"), recepcion(elenco))
    cliente.post(f"{paso(url, 'recepcion')}guardar/", "canal=siga", content_type="application/x-www-form-urlencoded")

    with transaction.atomic(), como_sistema("prueba"):
        borrador = Borrador.objects.get()
    assert (borrador.datos, borrador.entidad) == ({}, elenco.secretaria)


def test_la_constancia_dice_el_canal_y_el_siga(elenco, entrar):
    registrar(entrar(elenco.ventanilla), elenco, canal="siga", siga_entrada="1-2026-777", evidencia="")

    with transaction.atomic(), como_sistema("prueba"):
        datos = ConstanciaRadicacion.objects.get().datos
    assert (datos["canal"], datos["siga"]) == ("SIGA", "1-2026-777")
