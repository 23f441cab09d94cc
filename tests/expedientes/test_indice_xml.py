"""The index as the Archivo General de la Nación names it: the same facts as the JSON, and well formed for any text."""

from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from expedientes.services.indice_xml import CAMPOS, SIN_LUGAR, a_xml

DEL_AGN = [
    "Id", "Nombre_Documento", "Tipologia_Documental", "Fecha_Creacion_Documento", "Fecha_Incorporacion_Expediente",
    "Valor_Huella", "Funcion_Resumen", "Orden_Documento_Expediente", "Pagina_Inicio", "Pagina_Fin", "Formato",
    "Tamano", "Origen",
]  # fmt: skip


def documento(orden: int = 1, **datos: Any) -> dict[str, Any]:
    propios = {
        "orden": orden, "nombre": "Solicitud AT-2026-000123", "tipo_documental": "Solicitud",
        "fecha_creacion": "2026-03-02T10:00:00-05:00", "fecha_incorporacion": "2026-03-02T10:00:01-05:00",
        "huella": "0" * 64, "bytes": 120, "paginas": 2, "folio_inicial": orden, "folio_final": orden + 1,
        "formato": "text/plain", "origen": "Secretaría <& compañía>",
        "archivo": f"documentos/{orden:03d}-solicitud.txt",
    }  # fmt: skip
    return propios | datos


def indice(*documentos: dict[str, Any], **del_expediente: Any) -> dict[str, Any]:
    expediente = {
        "numero": "EXP-AT-2026-000123", "radicado": "AT-2026-000123", "asunto": "Tablas", "entidad": "07 Salud",
        "dependencias": ["SSDA Archivo"], "modalidad": "Concepto", "apertura": "2026-03-02T10:00:01-05:00",
        "cierre": "", "serie": {}, "gestion_hasta": "", "central_hasta": "",
    }  # fmt: skip
    return {
        "formato": "x", "norma": "Ley 594 de 2000", "algoritmo": "SHA-256", "expediente": expediente | del_expediente,
        "documentos": list(documentos), "version": 1, "anterior": "", "motivo": "cierre",
    }  # fmt: skip


def test_each_document_says_what_the_agn_asks() -> None:
    raiz = ElementTree.fromstring(a_xml(indice(documento(), documento(2, nombre="Anexo"))))
    uno, dos = raiz.iter("Documento_Foliado")
    assert [hijo.tag for hijo in uno][: len(DEL_AGN)] == DEL_AGN
    assert uno.findtext("Id") == "D00001" and uno.findtext("Funcion_Resumen") == "SHA-256"
    assert (uno.findtext("Pagina_Inicio"), uno.findtext("Pagina_Fin"), uno.findtext("Tamano")) == ("1", "2", "120")
    assert uno.findtext("Productor") == "Secretaría <& compañía>" and uno.findtext("Origen") == "Electrónico"
    assert (dos.findtext("Nombre_Documento"), dos.findtext("Orden_Documento_Expediente")) == ("Anexo", "2")
    assert raiz.findtext("Expediente/Numero") == "EXP-AT-2026-000123" and raiz.findtext("Cantidad_Documentos") == "2"


def test_the_same_facts_give_the_same_bytes() -> None:
    assert a_xml(indice(documento())) == a_xml(indice(documento()))
    assert a_xml(indice(documento())) != a_xml(indice(documento(huella="1" * 64)))


@given(st.text(), st.text())
def test_any_text_gives_a_document_that_any_reader_opens(nombre: str, asunto: str) -> None:
    """Names of files and subjects of mails are written by others."""
    crudo = a_xml(indice(documento(nombre=nombre), asunto=asunto)).encode()
    raiz = ElementTree.fromstring(crudo)
    assert (raiz.findtext(".//Nombre_Documento") or "") == SIN_LUGAR.sub("\ufffd", nombre)
    assert (raiz.findtext("Expediente/Nombre") or "") == SIN_LUGAR.sub("\ufffd", asunto)
    assert b"<!" not in crudo and len(raiz.findall("Documento_Foliado/*")) == len(CAMPOS) + 1
