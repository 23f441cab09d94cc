"""The ten messages of the client, read as `indice.csv` says."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado, Falla

EJEMPLOS = Path(__file__).parents[2] / "datos" / "correos_ejemplo"


def leido(numero: str) -> Desarmado:
    (archivo,) = EJEMPLOS.glob(f"{numero}_*.eml")
    return desarmar(archivo.read_bytes())


def test_todos_los_del_indice_estan_y_ninguno_falla():
    nombres = [linea.partition(",")[0] for linea in (EJEMPLOS / "indice.csv").read_text("utf-8").splitlines()[1:]]
    assert sorted(nombres) == sorted(archivo.name for archivo in EJEMPLOS.glob("*.eml"))
    for nombre in nombres:
        uno = desarmar((EJEMPLOS / nombre).read_bytes())
        assert not uno.tiene(Falla.INTERNO)
        assert bool(uno.defectos) == nombre.startswith("07")


def test_01_nombres_con_tildes_intactos():
    uno = leido("01")
    assert uno.asunto == "Solicitud de concepto técnico – eliminación de historias clínicas"
    assert (uno.de.nombre, uno.de.correo, uno.de_seguro) == (
        "Carmen Elisa Pardo Hurtado",
        "carmen.pardo@subredsur.example",
        True,
    )
    assert [d.correo.partition("@")[0] for d in uno.para] == ["ventanillaelectronica", "mipgdistrito"]
    assert [(p.nombre, p.tipo.rpartition("/")[2][:3], p.incrustada, p.cuarentena) for p in uno.piezas] == [
        ("Acta de eliminación – Subsección Nómina 2019.pdf", "pdf", False, ""),
        ("Justificación técnica según TVD (versión ñ).docx", "vnd", False, ""),
    ]
    assert uno.texto.startswith("Respetados señores Archivo de Bogotá:\n\nLa Subred Integrada")
    assert "<p>Respetados señores" in uno.html
    assert (uno.citado, uno.senales.robot) == ("", ())


def test_03_solo_lo_nuevo_y_lo_citado_aparte():
    uno = leido("03")
    assert uno.nuevo.startswith("Confirmamos el jueves")
    assert uno.nuevo.endswith("Jimena")
    assert uno.citado.startswith("El mié, 25 feb 2026 a las 15:03, Portal SDFI")
    assert "##- RESPONDA ARRIBA -##" in uno.citado
    assert uno.nuevo in uno.texto
    assert uno.citado in uno.texto
    assert uno.en_respuesta_a == "<AT-2026-000123.4@portal-sdfi.example>"
    assert uno.referencias == ("<AT-2026-000123.1@portal-sdfi.example>", "<AT-2026-000123.4@portal-sdfi.example>")
    assert [p.nombre for p in uno.piezas] == ["Árbol de problemas SGDEA v2.pdf"]


def test_04_ausencia_hasta_cuando_y_a_quien_escribir():
    senales = leido("04").senales
    assert senales.ausencia
    assert (senales.ausente_desde, senales.ausente_hasta) == (date(2026, 3, 16), date(2026, 4, 8))
    assert senales.sustituto == "mariela.ojeda@sdp.example"
    assert "Dice que lo envió una máquina." in senales.robot


def test_05_informe_de_entrega():
    uno = leido("05")
    assert uno.senales.informe
    assert not uno.senales.ausencia
    assert uno.texto.startswith("No se pudo entregar su mensaje a jhon.castaneda@kennedy.example")
    assert uno.reenviado == ()


def test_06_la_ciudadana_es_una_persona():
    uno = leido("06")
    assert (uno.de.nombre, uno.de.correo) == ("", "luz_marina1962@correogratis.example")
    assert uno.senales.robot == ()
    assert uno.fecha == datetime(2026, 7, 12, 3, 15, 3, tzinfo=UTC)
    assert "archivo de bogota tienen la hoja de vida" in uno.texto


def test_07_malformado_se_lee_lo_que_hay_y_se_dice_lo_que_falla():
    uno = leido("07")
    assert uno.asunto == "Solicitud de asesoría sobre instancias de coordinación"
    assert uno.texto == (
        "Buenos días, solicitamos asesoría para crear una instancia de coordinación. Anexamos borrador."
    )
    assert (uno.de.correo, uno.de_seguro) == ("planeacion@instituto.example", False)
    assert [d.correo for d in uno.para] == ["mipgdistrito@alcaldiabogota.gov.co", "ddri@alcaldiabogota.gov.co"]
    assert uno.fecha is None
    assert [(p.nombre, p.defecto) for p in uno.piezas] == [("Borrador resolución.pdf", "Está cortado o dañado.")]
    assert uno.piezas[0].contenido == b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendob"
    for falla in (
        Falla.ENCABEZADO,
        Falla.REMITENTE,
        Falla.DESTINATARIO,
        Falla.FECHA,
        Falla.JUEGO,
        Falla.CODIFICACION,
        Falla.FRONTERA,
    ):
        assert uno.tiene(falla), falla


def test_09_los_tres_buzones_en_orden():
    uno = leido("09")
    assert [d.correo.partition("@")[0] for d in uno.para] == ["mipgdistrito", "ddri", "ventanillaelectronica"]
    assert [p.nombre for p in uno.piezas] == ["Propuesta convenio – Año 2026.docx"]


def test_10_texto_con_campos():
    uno = leido("10")
    assert uno.texto.splitlines()[1] == "Nombre: Jhon Fredy Castañeda Umaña"
    assert uno.citado == ""


def test_11_pide_acuse_de_lectura_y_es_urgente():
    uno = leido("11")
    assert (uno.senales.pide_acuse_de_lectura, uno.senales.urgente, uno.senales.robot) == (True, True, ())
    assert [p.nombre for p in uno.piezas] == ["Resolución 1187 de 2026.pdf", "Resolución 1187 de 2026.docx"]


def test_12_la_imagen_del_html_no_es_un_adjunto_y_el_nombre_coreano_llega_entero():
    uno = leido("12")
    assert [p.nombre for p in uno.piezas if not p.incrustada] == ["초청장 – Invitación oficial.pdf"]
    assert [p.tipo for p in uno.piezas if p.incrustada] == ["image/png"]
    assert 'src="data:image/png;base64,iVBORw0KGgo' in uno.html
    assert "cid:" not in uno.html


@pytest.mark.parametrize("numero", ["01", "03", "04", "05", "06", "07", "09", "10", "11", "12"])
def test_la_huella_es_de_lo_que_escribieron_y_no_de_cada_copia(numero: str):
    (archivo,) = EJEMPLOS.glob(f"{numero}_*.eml")
    crudo = archivo.read_bytes()
    huella = desarmar(crudo).huella
    con_unix = crudo.replace(b"\r\n", b"\n")
    otra_copia = (
        b"Received: from x by y; Mon, 1 Jan 2026 00:00:00 -0500\r\nDelivered-To: otro@buzon.example\r\n" + crudo
    )
    for copia in (con_unix, con_unix.replace(b"\n", b"\r\n"), otra_copia, crudo + b"\r\n"):
        assert desarmar(copia).huella == huella
    assert desarmar(crudo.replace(b"Subject: ", b"Subject: Otro ")).huella != huella
    assert desarmar(crudo + b"x").huella != huella
