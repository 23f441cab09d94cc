"""Ley 594 de 2000: the file of what ended has its documents in order, folios, a series and a signed index."""

import json
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from alcance import como_sistema, con_alcance
from archivos.pdf import contar_paginas
from direcciones.models import SerieDocumental
from documentos import separada
from documentos.autoridad import Anclas
from expedientes.models import Documento, Expediente, IndiceElectronico
from expedientes.services import cerrar_expediente, firma_valida
from expedientes.services.cierre import sumar_anios
from solicitudes.models import ConstanciaRadicacion, Parte, Solicitud
from solicitudes.services.acciones import ejecutar
from solicitudes.services.conversacion import escribir_mensaje, responder
from solicitudes.services.entidad import retirar
from tests.documentos.muestras import concepto_impreso
from tests.expedientes.conftest import Sistema, abierta, despachar, terminar
from tests.fabricas import DESDE, actuar, alcance_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def indices(solicitud: Solicitud) -> list[IndiceElectronico]:
    with Sistema():
        return list(IndiceElectronico.objects.filter(solicitud=solicitud).order_by("version"))


def documentos(solicitud: Solicitud) -> list[Documento]:
    with Sistema():
        return list(Documento.objects.filter(solicitud=solicitud).order_by("orden"))


def test_what_ended_gets_a_signed_index_through_the_outbox(elenco: Elenco) -> None:
    solicitud = abierta(elenco)
    assert indices(solicitud) == []
    terminar(elenco, solicitud)
    [indice] = indices(solicitud)
    filas = json.loads(indice.contenido)["documentos"]
    assert [fila["tipo_documental"] for fila in filas] == [
        "Solicitud", "Constancia de radicación", "Evidencia de la recepción", "Anexo", "Nota interna", "Respuesta",
        "Encuesta de satisfacción",
    ]  # fmt: skip
    assert [fila["orden"] for fila in filas] == list(range(1, 8))
    assert (indice.motivo, indice.documentos, indice.folios) == ("cierre", 7, 7)
    assert firma_valida(indice)
    with Sistema():
        constancia = ConstanciaRadicacion.objects.get(solicitud=solicitud)
    assert filas[1]["huella"] == constancia.huella  # the one printed on the constancia and confirmed online


def test_the_signature_holds_over_these_bytes_and_no_others(cerrada: Solicitud) -> None:
    [indice] = indices(cerrada)
    anclas, contenido = Anclas(indice.anclas), indice.contenido.encode()
    assert separada.es_valida(contenido, indice.firma, anclas)
    assert not separada.es_valida(contenido + b" ", indice.firma, anclas)
    otra = f"{int(indice.firma[:2], 16) ^ 1:02x}" + indice.firma[2:]  # one signature in 256 begins with any given byte
    assert not separada.es_valida(contenido, otra, anclas)
    assert not separada.es_valida(contenido, "no es una firma", anclas)


def test_the_xml_has_a_signature_of_its_own(cerrada: Solicitud) -> None:
    [indice] = indices(cerrada)
    assert indice.xml is not None and indice.firma_xml is not None
    assert separada.es_valida(indice.xml.encode(), indice.firma_xml, Anclas(indice.anclas))
    assert firma_valida(indice)
    indice.xml = indice.xml.replace("Electrónico", "Digitalizado", 1)
    assert not firma_valida(indice)
    indice.xml = indice.firma_xml = None  # as those signed before it was made
    assert firma_valida(indice)


def test_a_signed_index_and_its_documents_are_never_edited(cerrada: Solicitud) -> None:
    for modelo, cambio in ((IndiceElectronico, {"contenido": "{}"}), (Documento, {"nombre": "otro"})):
        for orden in (lambda filas, c=cambio: filas.update(**c), lambda filas: filas.delete()):
            with como_sistema("prueba"), pytest.raises(DatabaseError), transaction.atomic():
                orden(modelo.objects.filter(solicitud=cerrada))


def test_closing_twice_signs_once(cerrada: Solicitud) -> None:
    cerrar_expediente(solicitud_id=cerrada.pk)
    assert len(indices(cerrada)) == 1


def test_reopening_adds_a_version_and_keeps_the_first(elenco: Elenco, cerrada: Solicitud) -> None:
    [primera] = indices(cerrada)
    antes = documentos(cerrada)
    with actuar(elenco.subdirector), transaction.atomic():
        parte = Parte.objects.get(solicitud=cerrada)
        ejecutar(parte=parte, accion="reabrir", datos={"clave": uuid4(), "motivo": "Faltó una pregunta"})
    despachar()
    assert len(indices(cerrada)) == 1
    with actuar(elenco.asesora), transaction.atomic():
        responder(parte=Parte.objects.get(solicitud=cerrada), texto="Ahora sí.", clave=uuid4())
    despachar()
    igual, segunda = indices(cerrada)
    assert (igual.contenido, igual.firma) == (primera.contenido, primera.firma)
    assert json.loads(segunda.contenido)["anterior"] == primera.sha256
    assert (segunda.version, segunda.motivo, segunda.documentos) == (2, "cierre", primera.documentos + 1)
    assert [(d.orden, d.sha256) for d in documentos(cerrada)][: len(antes)] == [(d.orden, d.sha256) for d in antes]


def test_a_note_after_the_closing_is_an_addition(elenco: Elenco, cerrada: Solicitud) -> None:
    with actuar(elenco.asesora), transaction.atomic():
        parte = Parte.objects.get(solicitud=cerrada)
        escribir_mensaje(solicitud=cerrada, texto="Nota posterior", clave=uuid4(), tipo="nota", parte=parte)
    indice = cerrar_expediente(solicitud_id=cerrada.pk)
    assert indice is not None
    assert (indice.version, indice.motivo) == (2, "adicion")


def test_what_ends_without_a_survey_is_closed_too(elenco: Elenco) -> None:
    solicitud = abierta(elenco)
    with actuar(elenco.enlace), transaction.atomic():
        retirar(solicitud=solicitud, motivo="Ya no la necesitamos")
    despachar()
    assert len(indices(solicitud)) == 1
    with Sistema():
        assert Expediente.objects.get(solicitud=solicitud).cerrado_en is not None


def test_an_open_one_is_not_closed(elenco: Elenco) -> None:
    """The fact may arrive after somebody reopened it."""
    solicitud = abierta(elenco)
    assert cerrar_expediente(solicitud_id=solicitud.pk) is None
    assert indices(solicitud) == []


def test_the_series_is_that_of_the_day_and_says_that_it_is_provisional(elenco: Elenco) -> None:
    serie = {"serie": "CONCEPTOS", "anios_gestion": 2, "anios_central": 8, "disposicion": "conservacion"}
    SerieDocumental.objects.create(codigo="PROV-CT", nota="Provisional: no se conoce la TRD.", desde=DESDE, **serie)
    cerrada = terminar(elenco, abierta(elenco))
    with Sistema():
        expediente = Expediente.objects.select_related("serie").get(solicitud=cerrada)
    assert expediente.serie is not None and expediente.serie.codigo == "PROV-CT"
    dia = timezone.localdate(expediente.cerrado_en)
    assert expediente.gestion_hasta == sumar_anios(dia, 2)
    assert expediente.central_hasta == sumar_anios(dia, 10)
    dice = json.loads(indices(cerrada)[0].contenido)["expediente"]["serie"]
    assert (dice["codigo"], dice["nota"]) == ("PROV-CT", "Provisional: no se conoce la TRD.")


def test_the_most_particular_series_wins(elenco: Elenco) -> None:
    datos = {"anios_gestion": 1, "anios_central": 1, "disposicion": "seleccion", "serie": "S", "desde": DESDE}
    lugar, forma, hoy = elenco.sistema_archivos, elenco.concepto, timezone.localdate()
    for codigo, mas in (
        ("1", {}),
        ("2", {"modalidad": forma}),
        ("3", {"dependencia": elenco.archivo}),
        ("4", {"dependencia": lugar}),
        ("5", {"dependencia": lugar, "modalidad": forma}),
        ("6", {"dependencia": elenco.tecnica, "modalidad": forma}),
        ("7", {"dependencia": lugar, "modalidad": forma, "hasta": "2024-12-31"}),
    ):
        SerieDocumental.objects.create(codigo=codigo, **datos, **mas)
        elegida = SerieDocumental.objects.para(lugar, forma, hoy)
        assert elegida is not None and elegida.codigo == min(codigo, "5")
    assert SerieDocumental.objects.para(elenco.internacionales, elenco.visita, hoy).codigo == "1"  # type: ignore[union-attr]


def test_retention_that_starts_on_a_leap_day_ends() -> None:
    assert sumar_anios(timezone.datetime(2028, 2, 29).date(), 2).isoformat() == "2030-02-28"


def test_the_pages_of_a_pdf_are_its_folios() -> None:
    contenido = concepto_impreso().bytes
    assert contar_paginas(ContentFile(contenido)) >= 2
    assert contar_paginas(ContentFile(b"no es un PDF")) == 1


def test_the_entity_reads_nothing_of_it(elenco: Elenco, cerrada: Solicitud) -> None:
    with actuar(elenco.enlace), transaction.atomic():
        alcance = alcance_de(elenco.enlace)
        for modelo in (Expediente, Documento, IndiceElectronico):
            assert not modelo.objects.all().exists()
    with como_sistema("prueba"):
        for modelo in (Expediente, Documento, IndiceElectronico):
            assert not modelo.objects.visibles_para(alcance).exists()


def test_nobody_but_the_system_writes_it(elenco: Elenco, cerrada: Solicitud) -> None:
    with con_alcance(alcance_de(elenco.directora)), pytest.raises(DatabaseError), transaction.atomic():
        Expediente.objects.create(solicitud=cerrada, numero="X", abierto_en=timezone.now())
