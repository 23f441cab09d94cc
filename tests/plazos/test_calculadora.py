"""The public calculator and the .ics of the holidays, as anybody without a session finds them."""

import csv
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from plazos.fechas import fecha_con_dia
from plazos.ics import DiaNoHabil, escribir
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion
from tests.fabricas import FabricaDependencia

CASOS = list(csv.DictReader((Path(__file__).parents[2] / "datos/casos_terminos.csv").read_text("utf-8").splitlines()))


@pytest.fixture
def visitante(db: None) -> Client:
    cliente = Client()
    cliente.defaults["wsgi.url_scheme"] = "https"
    return cliente


def pedir(cliente: Client, **datos: Any) -> str:
    respuesta = cliente.get("/plazos/", datos)
    assert respuesta.status_code == 200
    return unescape(respuesta.content.decode())


def test_los_casos_del_cliente_por_la_pagina(visitante: Client) -> None:
    assert len(CASOS) > 10
    for caso in CASOS:
        fecha, hora = caso["recibido_en_bogota"].split()
        html = pedir(visitante, fecha=fecha, hora=hora, dias=caso["dias_habiles"])
        cuenta = r'<td role="cell" data-label="Cuenta">(?:<strong>Día (\d+)</strong>|No<span[^>]*> cuenta</span>)</td>'
        pasos = re.findall(cuenta + r"<td[^>]*>(.*?)</td>", html)
        contados = [(numero, texto) for numero, texto in pasos if numero]
        dia_1, vence = (date.fromisoformat(caso[columna]) for columna in ("dia_1", "vence"))
        assert contados[0][0] == "1" and contados[0][1].startswith(fecha_con_dia(dia_1)), caso
        assert contados[-1][0] == caso["dias_habiles"] and contados[-1][1].startswith(fecha_con_dia(vence)), caso
        assert f"Vence el {fecha_con_dia(vence)} a las 4:30\xa0p.\xa0m." in html, caso
        # Every calendar day has its row.
        assert len(pasos) == (vence - date.fromisoformat(fecha)).days + 1, caso


def test_la_primera_visita_pregunta_y_se_puede_guardar(visitante: Client) -> None:
    respuesta = visitante.get("/plazos/")
    html = respuesta.content.decode()
    assert 'role="alert"' not in html and "Día por día" not in html
    assert respuesta.headers["Cache-Control"] == "max-age=300"
    assert not respuesta.cookies
    assert 'type="date"' in html and 'type="time"' in html
    assert 'href="/plazos/"' in html  # the footer
    assert visitante.post("/plazos/").status_code == 405


@pytest.mark.parametrize(
    ("datos", "mensaje"),
    [
        ({"fecha": ""}, "Escriba la fecha en que se recibió"),
        ({"fecha": "2026-02-31"}, "Esa fecha no existe"),
        ({"fecha": "31/02/2026"}, "Esa fecha no existe"),
        ({"fecha": "03-25-2026"}, "Escríbala como día/mes/año"),
        ({"fecha": "2026-W12-3"}, "Esa fecha no existe"),
        ({"fecha": "1999-01-04"}, "Escriba una fecha entre 2020 y 2040"),
        ({"hora": "25:00"}, "Esa hora no existe"),
        ({"hora": "10:00-05:00"}, "Esa hora no existe"),
        ({"dias": "0"}, "de 1 a 365"),
        ({"dias": "366"}, "de 1 a 365"),
        ({"dias": "diez"}, "de 1 a 365"),
        ({"dias": "-1"}, "de 1 a 365"),
        ({"dias": "9" * 5000}, "de 1 a 365"),
        ({"dias": "١٠"}, "de 1 a 365"),
        ({"dias": "10\x00"}, "Los caracteres nulos no están permitidos"),
        ({"fecha": "2040-12-28"}, "El plazo termina después de 2040"),
        ({"horario": "NADIE"}, "Elija un horario de la lista"),
    ],
)
def test_un_error_dice_como_remediarlo_y_no_pierde_lo_escrito(
    visitante: Client, datos: dict[str, str], mensaje: str
) -> None:
    todos = {"fecha": "2026-03-25", "hora": "10:00", "dias": "10"} | datos
    html = pedir(visitante, **todos)
    assert 'role="alert"' in html and mensaje in html
    assert "Día por día" not in html
    for nombre, valor in todos.items():
        if nombre != "horario" and valor and "\x00" not in valor:
            control = re.search(rf'<input[^>]*name="{nombre}"[^>]*>', html)
            assert control and f'value="{valor}"' in control.group(), nombre
            # A browser empties a date or an hour that it can't read.
            if datos.get(nombre) and nombre in {"fecha", "hora"} and "no existe" in mensaje:
                assert 'type="text"' in control.group()


def test_la_fecha_se_puede_escribir_como_en_bogota(visitante: Client) -> None:
    """After an error the control is a box of text: what a person writes there is not what a browser sends."""
    html = pedir(visitante, fecha="25/3/2026", hora="10:00", dias="10")
    assert 'role="alert"' not in html and html == pedir(visitante, fecha="2026-03-25", hora="10:00", dias="10")


def test_un_plazo_usual_deja_una_direccion_para_compartir(visitante: Client) -> None:
    respuesta = visitante.get("/plazos/?fecha=2026-03-25&hora=10:00&dias=7&dias=15")
    assert respuesta.status_code == 302
    assert respuesta.headers["Location"] == "/plazos/?fecha=2026-03-25&hora=10%3A00&dias=15"
    assert "El plazo es de 15 días hábiles" in unescape(visitante.get(respuesta.headers["Location"]).content.decode())


def test_al_publico_no_se_le_dice_donde_corregir(visitante: Client) -> None:
    html = pedir(visitante, fecha="2026-03-25", hora="10:00", dias="10")
    assert "Supuesto de trabajo" in html and "catálogos" not in html


def test_la_tabla_sigue_siendo_tabla_en_un_telefono(visitante: Client) -> None:
    """Drawn as blocks on a narrow screen, it keeps the roles that a screen reader goes by, and says what each is."""
    pagina = visitante.get("/plazos/?fecha=2026-03-27&hora=16:31&dias=10").content.decode()
    tabla = pagina[pagina.index("<table") : pagina.index("</table>")]
    papeles = {
        "table": "table",
        "thead": "rowgroup",
        "tbody": "rowgroup",
        "tr": "row",
        "th": "columnheader",
        "td": "cell",
    }
    for etiqueta, papel in papeles.items():
        puestas = re.findall(rf"<{etiqueta}[ >][^>]*", tabla)
        assert puestas and all(f'role="{papel}"' in una for una in puestas), etiqueta
    assert 'data-label="Fecha y razón"' in tabla and 'No<span class="oculto"> cuenta</span>' in tabla


def test_el_plazo_mas_largo_se_explica_entero(visitante: Client) -> None:
    assert "Día 365" in pedir(visitante, fecha="2026-03-25", hora="16:30:01", dias="365")


def test_el_horario_propio_de_una_dependencia(visitante: Client) -> None:
    assert 'name="horario"' not in pedir(visitante)
    FabricaDependencia(codigo="DDAB", nombre="Dirección de prueba")
    HorarioAtencion.objects.create(
        dependencia_codigo="DDAB", desde=date(2020, 1, 1), abre=time(8), cierra=time(18), norma="Acto de prueba"
    )
    datos = {"fecha": "2026-03-25", "hora": "17:00", "dias": "10"}
    assert "después del cierre de las 4:30\xa0p.\xa0m." in pedir(visitante, **datos)
    propio = pedir(visitante, **datos, horario="DDAB")
    assert '<option value="DDAB" selected>Dirección de prueba</option>' in propio
    assert "sin pasar del cierre de las 6:00\xa0p.\xa0m." in propio and "Acto de prueba" in propio


# --- The holidays --------------------------------------------------------------------------------
def leer_ics(archivo: bytes) -> list[dict[str, str]]:
    """RFC 5545 read apart from what writes it: the properties of each event, without parameters."""
    assert archivo.endswith(b"\r\n") and b"\n" not in archivo.replace(b"\r\n", b"") and b"\r\n\r\n" not in archivo
    fisicas = archivo.split(b"\r\n")
    assert max(map(len, fisicas)) <= 75
    for fisica in fisicas:
        fisica.decode()  # no character is cut by the folding
    lineas = archivo.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert lineas[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and lineas[-1] == "END:VCALENDAR"
    eventos: list[dict[str, str]] = []
    dentro = False
    for linea in lineas[2:-1]:
        nombre, valor = linea.split(":", 1)
        if linea == "BEGIN:VEVENT":
            assert not dentro
            dentro = True
            eventos.append({})
        elif linea == "END:VEVENT":
            assert dentro
            dentro = False
        elif dentro:
            clave, *parametros = nombre.split(";")
            assert clave not in eventos[-1] and parametros == (["VALUE=DATE"] if clave in {"DTSTART", "DTEND"} else [])
            valor = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], valor)
            eventos[-1][clave] = valor
    assert not dentro
    for evento in eventos:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"} <= evento.keys()
        desde, hasta = (datetime.strptime(evento[clave], "%Y%m%d").date() for clave in ("DTSTART", "DTEND"))
        assert hasta - desde == timedelta(days=1)
    assert len({evento["UID"] for evento in eventos}) == len(eventos)
    return eventos


def bajar(cliente: Client, anio: int) -> dict[str, dict[str, str]]:
    respuesta = cliente.get(f"/plazos/festivos.ics?anio={anio}")
    assert respuesta.status_code == 200 and respuesta.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert respuesta.headers["Cache-Control"] == "max-age=300" and not respuesta.cookies
    return {evento["UID"]: evento for evento in leer_ics(respuesta.content)}


def test_el_ics_trae_los_festivos_de_cada_anio(visitante: Client) -> None:
    for anio in (2020, 2025, 2026, 2040):
        esperados = FestivoAnual.objects.vigentes().filter(fecha__year=anio)
        eventos = bajar(visitante, anio)
        assert sorted((e["DTSTART"], e["SUMMARY"]) for e in eventos.values()) == sorted(
            (f"{festivo.fecha:%Y%m%d}", festivo.nombre) for festivo in esperados
        )
        assert {(e["STATUS"], e["SEQUENCE"]) for e in eventos.values()} == {("CONFIRMED", "0")}


def test_un_dia_decretado_entra_se_cancela_al_retirarlo_y_vuelve(visitante: Client) -> None:
    uid = f"2026-08-06-declarado-no-habil@{re.sub(r'https?://|:.*', '', settings.DOMINIO)}"
    acto = "Decreto 1 de 2026; artículos 1, 2 y 3\\4, por el cual se declara día cívico en la ciudad de Bogotá"
    dia = DiaExtraordinario.objects.create(fecha=date(2026, 8, 6), acto=acto)
    evento = bajar(visitante, 2026)[uid]
    assert (evento["STATUS"], evento["SEQUENCE"]) == ("CONFIRMED", "0") and evento["DESCRIPTION"] == acto
    dia.motivo_retiro = "Derogado"
    dia.save()
    evento = bajar(visitante, 2026)[uid]
    assert (evento["STATUS"], evento["SEQUENCE"]) == ("CANCELLED", "1")
    DiaExtraordinario.objects.create(fecha=date(2026, 8, 6), acto="Decreto 2 de 2026")
    evento = bajar(visitante, 2026)[uid]
    assert (evento["STATUS"], evento["SEQUENCE"], evento["DESCRIPTION"]) == ("CONFIRMED", "2", "Decreto 2 de 2026")


def test_un_sabado_habil_no_es_un_dia_no_habil(visitante: Client) -> None:
    DiaExtraordinario.objects.create(fecha=date(2026, 8, 8), tipo="habil", acto="Decreto 3 de 2026")
    assert "20260808" not in {evento["DTSTART"] for evento in bajar(visitante, 2026).values()}


@pytest.mark.parametrize("anio", ["", "0", "2019", "2041", "26", "dosmil", "2026.0", "-2026", "٢٠٢٦", "9" * 5000])
def test_un_anio_que_el_calendario_no_tiene(visitante: Client, anio: str) -> None:
    assert visitante.get("/plazos/festivos.ics", {"anio": anio}).status_code == 404


def test_sin_anio_es_el_de_hoy_y_la_pagina_ofrece_los_que_hay(visitante: Client) -> None:
    assert visitante.get("/plazos/festivos.ics").status_code == 200
    ofrecidos = re.findall(r'href="(/plazos/festivos\.ics\?anio=\d{4})"', pedir(visitante))
    assert len(ofrecidos) > 2 and all(visitante.get(url).status_code == 200 for url in ofrecidos)


def test_doblar_no_parte_una_letra() -> None:
    nombre = "ñandú 🎉 " * 40
    dia = DiaNoHabil(date(2026, 1, 1), "x", nombre, "línea 1\r\nlínea 2")
    (evento,) = leer_ics(escribir([dia], nombre="Día", dominio="a.co", sello=datetime(2026, 1, 1, tzinfo=UTC)))
    assert evento["SUMMARY"] == nombre and evento["DESCRIPTION"] == "línea 1\nlínea 2"
