"""The constancia (CPACA art. 61): what it says is frozen; anybody with its code confirms it and learns no more."""

import json
import re
from io import BytesIO

import pikepdf
import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from alcance import como_sistema
from documentos.codigos import agrupar
from solicitudes.models import ConstanciaRadicacion
from solicitudes.services.constancias import contexto_de, emitir_constancia, huella_de
from tests.fabricas import radicada
from tests.soporte.asistente import CONTACTO, enviar, llenar, paso, radicar, un_pdf

pytestmark = pytest.mark.django_db


def la_constancia() -> ConstanciaRadicacion:
    with transaction.atomic(), como_sistema("prueba"):
        return ConstanciaRadicacion.objects.select_related("solicitud").get()


def visitante() -> Client:
    cliente = Client()
    cliente.defaults["wsgi.url_scheme"] = "https"
    return cliente


def test_el_pdf_dice_radicado_instantes_plazo_archivos_y_regla(elenco, entrar):
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    enviar(cliente, paso(revisar, "documentos"), {**CONTACTO, "archivos": un_pdf("acta.pdf")})
    cliente.post(revisar, {"acepta_datos": "on"})
    constancia = la_constancia()

    respuesta = cliente.get(f"/solicitudes/{constancia.radicado}/constancia.pdf")

    contenido = b"".join(respuesta)
    assert respuesta.headers["Content-Disposition"].startswith("attachment")
    with pikepdf.open(BytesIO(contenido)) as pdf:
        assert constancia.radicado in str(pdf.docinfo.get("/Title"))
    contexto = contexto_de(constancia)
    with transaction.atomic(), como_sistema("prueba"):
        [archivo] = constancia.solicitud.archivos.all()
    assert [(a.nombre, a.sha256) for a in contexto.archivos] == [("acta.pdf", archivo.sha256)]
    assert contexto.norma_jornada and contexto.huella == constancia.huella
    assert contexto.url_verificacion.endswith(f"/constancias/{constancia.codigo}/")


def test_la_huella_es_de_lo_congelado_y_cualquiera_la_repite(elenco, entrar):
    radicar(entrar(elenco.enlace), elenco)
    constancia = la_constancia()

    assert huella_de(json.loads(json.dumps(constancia.datos))) == constancia.huella


def test_lo_que_cambie_despues_no_cambia_la_constancia(elenco, entrar):
    radicar(entrar(elenco.enlace), elenco)
    antes = la_constancia().datos
    with transaction.atomic(), como_sistema("prueba"):
        solicitud = la_constancia().solicitud
        solicitud.asunto = "Otro asunto"
        solicitud.save(update_fields=["asunto"])
        emitir_constancia(solicitud=solicitud)

    assert la_constancia().datos == antes


@pytest.mark.parametrize("orden", ["update", "delete"])
def test_una_constancia_no_se_cambia_ni_se_borra(elenco, entrar, orden):
    radicar(entrar(elenco.enlace), elenco)

    with pytest.raises(ProgrammingError), transaction.atomic(), como_sistema("prueba"):
        filas = ConstanciaRadicacion.objects.all()
        filas.update(radicado="AT-1") if orden == "update" else filas._raw_delete("default")


def test_la_pagina_publica_confirma_solo_radicado_instantes_y_huella(elenco, entrar):
    """Unguessable code; no subject, no person, no entity."""
    radicar(entrar(elenco.enlace), elenco, asunto="Asunto que no se cuenta")
    constancia = la_constancia()

    pagina = visitante().get(f"/constancias/{constancia.codigo}/").content.decode()

    assert constancia.radicado in pagina and constancia.huella in pagina
    for callado in ("Asunto que no se cuenta", elenco.enlace.nombre, elenco.secretaria.nombre, "laura@sdg.example"):
        assert callado not in pagina


def test_el_codigo_se_perdona_como_se_escriba(elenco, entrar):
    radicar(entrar(elenco.enlace), elenco)
    constancia = la_constancia()

    pagina = visitante().get("/constancias/", {"codigo": agrupar(constancia.codigo).lower()})

    assert constancia.radicado in pagina.content.decode()


def test_verificar_un_documento_tambien_reconoce_una_constancia(elenco, entrar):
    """Whoever holds the paper needs not know which of the two pages is for it."""
    radicar(entrar(elenco.enlace), elenco)
    constancia = la_constancia()

    pagina = visitante().post("/verificar/", {"codigo": agrupar(constancia.codigo)}, follow=True).content.decode()

    assert "Esta constancia es auténtica" in pagina and constancia.radicado in pagina


@pytest.mark.parametrize("codigo", ["0000000000000000", "x", "' or 1=1", "AT-2026-000001", "%00"])
def test_un_codigo_que_no_existe_no_dice_nada(elenco, entrar, codigo):
    radicar(entrar(elenco.enlace), elenco)

    respuesta = visitante().get("/constancias/", {"codigo": codigo})

    assert respuesta.status_code == 404
    assert la_constancia().radicado not in re.sub(r'value="[^"]*"', "", respuesta.content.decode())


def test_la_confirmacion_dice_que_sigue_y_el_plazo_en_palabras(elenco, entrar):
    """E4: number, date limit, what follows; the asesor when there is one."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    with transaction.atomic(), como_sistema("prueba"):
        emitir_constancia(solicitud=solicitud)

    pagina = entrar(elenco.enlace).get(f"/solicitudes/{solicitud.radicado}/radicada/").content.decode()

    assert "días hábiles" in pagina and "Qué sigue" in pagina
    assert elenco.asesor_tecnica.nombre in pagina
    assert f"/solicitudes/{solicitud.radicado}/constancia.pdf" in pagina


def test_la_confirmacion_de_varias_partes_no_calla_la_que_esta_en_cola(elenco, entrar):
    """Each dependencia in its line: who has it, or which queue it waits in and with how many before."""
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    with transaction.atomic(), como_sistema("prueba"):
        emitir_constancia(solicitud=solicitud)

    pagina = entrar(elenco.enlace).get(f"/solicitudes/{solicitud.radicado}/radicada/").content.decode()

    assert f"cola de {elenco.sistema_archivos.con_articulo}: antes hay otra" in pagina
    assert f"La tiene {elenco.asesor_tecnica.nombre}" in pagina
