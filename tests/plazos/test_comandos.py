"""The commands as a person or another program runs them (issue: Deadline; R33)."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from plazos import inicial, services
from plazos.models import DiaExtraordinario, HorarioAtencion

RAIZ = Path(__file__).resolve().parents[2]
CASOS = RAIZ / "datos" / "casos_terminos.csv"
CLAVES = {"recibido", "dias", "fecha_efectiva", "dia_1", "vence", "explicacion"}


def correr(*argumentos: str) -> tuple[str, str, str]:
    """(stdout, stderr, the error that ends it)."""
    salida, errores = io.StringIO(), io.StringIO()
    fin = ""
    try:
        call_command("calcular_plazo", *argumentos, stdout=salida, stderr=errores)
    except CommandError as error:
        fin = str(error)
    return salida.getvalue(), errores.getvalue(), fin


def archivo(carpeta: Path, texto: str, codificacion: str = "utf-8") -> str:
    ruta = carpeta / "filas.csv"
    ruta.write_bytes(texto.encode(codificacion))
    return str(ruta)


# --- One term ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_json_es_una_linea_con_las_claves_acordadas() -> None:
    salida, errores, fin = correr("--recibido", "2026-03-25T10:00", "--dias", "10", "--json")

    assert salida.count("\n") == 1 and salida.endswith("\n") and (errores, fin) == ("", "")
    plazo = json.loads(salida)
    assert plazo.keys() >= CLAVES
    assert plazo["recibido"] == "2026-03-25T10:00:00-05:00"
    assert (plazo["dias"], plazo["fecha_efectiva"], plazo["dia_1"]) == (10, "2026-03-25", "2026-03-26")
    assert plazo["vence"] == "2026-04-10"
    assert [paso["numero"] for paso in plazo["explicacion"] if paso["cuenta"]] == list(range(1, 11))
    assert any("Jueves Santo" in paso["texto"] for paso in plazo["explicacion"])


@pytest.mark.django_db
def test_texto_para_una_persona() -> None:
    salida, _, _ = correr("--recibido", "2026-03-27 16:31", "--dias", "10")

    assert "después del cierre de las 4:30 p. m." in salida
    assert "Vence el miércoles 15 de abril de 2026 a las 4:30 p. m." in salida
    assert "Supuesto de trabajo" in salida
    assert "jueves 2 de abril de 2026: festivo, no se cuenta (Jueves Santo)." in salida


@pytest.mark.django_db
def test_otra_zona_horaria_se_pasa_a_bogota() -> None:
    salida, _, _ = correr("--recibido", "2026-03-25T21:31Z", "--dias", "10", "--json")

    assert json.loads(salida)["recibido"] == "2026-03-25T16:31:00-05:00"
    assert json.loads(salida)["fecha_efectiva"] == "2026-03-26"


@pytest.mark.django_db
def test_cuenta_lo_decretado_en_la_base_y_el_horario_de_la_dependencia() -> None:
    services.decretar_dia(fecha=date(2026, 3, 26), tipo=DiaExtraordinario.Tipo.NO_HABIL, acto="Decreto 1 de 2026")
    general = HorarioAtencion.objects.get()
    services.fijar_horario(
        desde=date(2026, 1, 1),
        abre=general.abre,
        cierra=general.abre.replace(hour=9),
        norma="N",
        dependencia_codigo="X",
    )

    general_json, propio_json = (
        json.loads(correr("--recibido", "2026-03-25T10:00", "--dias", "10", "--json", "--dependencia", codigo)[0])
        for codigo in ("", "X")
    )

    assert (general_json["dia_1"], general_json["vence"]) == ("2026-03-27", "2026-04-13")
    assert propio_json["fecha_efectiva"] == "2026-03-27"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("recibido", "dias", "fin"),
    [
        ("ayer", "10", "«ayer» no es válida. Escríbala como"),
        ("2026-03-25", "10", "le falta la hora"),
        ("2026-02-30T10:00", "10", "no es válida"),
        ("2026-03-25T10:00", "diez", "«diez» no son válidos"),
        ("2026-03-25T10:00", "1.5", "no son válidos"),
        ("2026-03-25T10:00", "0", "1 día hábil o más"),
        ("2026-03-25T10:00", "9999", "cubre de 2020 a 2040"),
        ("2019-12-31T10:00", "10", "cubre de 2020 a 2040"),
        ("0001-01-01T00:00", "10", "cubre de 2020 a 2040"),
        ("0001-01-01T00:00Z", "10", "fuera del calendario"),
    ],
)
def test_lo_que_no_se_puede_calcular_se_dice_claro(recibido: str, dias: str, fin: str) -> None:
    salida, _, error = correr("--recibido", recibido, "--dias", dias, "--json")

    assert salida == ""
    assert fin in error


@pytest.mark.django_db
@pytest.mark.parametrize("argumentos", [[], ["--recibido", "2026-03-25T10:00"], ["--dias", "10"]])
def test_faltan_argumentos(argumentos: list[str]) -> None:
    assert "--recibido y --dias" in correr(*argumentos)[2]


# --- A file --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_todas_las_filas_de_los_casos_de_oro() -> None:
    """R33: one JSON line per row of casos_terminos.csv, in order."""
    salida, errores, fin = correr("--archivo", str(CASOS))
    with CASOS.open(encoding="utf-8", newline="") as abierto:
        casos = list(csv.DictReader(abierto))

    plazos = [json.loads(linea) for linea in salida.splitlines()]
    assert [(uno["fecha_efectiva"], uno["dia_1"], uno["vence"]) for uno in plazos] == [
        (caso["fecha_radicacion_efectiva"], caso["dia_1"], caso["vence"]) for caso in casos
    ]
    assert (errores, fin) == ("", "")


@pytest.mark.django_db
def test_las_filas_malas_se_dicen_y_las_demas_salen(tmp_path: Path) -> None:
    ruta = archivo(tmp_path, "recibido,dias\n2026-03-25T10:00,10\nayer,10\n\n2026-03-25T10:00\n2026-03-25 10:00,15\n")

    salida, errores, fin = correr("--archivo", ruta)

    assert [json.loads(linea)["dias"] for linea in salida.splitlines()] == [10, 15]
    assert errores.splitlines() == [
        "Línea 3: La fecha de recepción «ayer» no es válida. Escríbala como 2026-03-25T10:00 o 2026-03-25 10:00.",
        "Línea 5: Los días hábiles «» no son válidos. Escriba un número entero, por ejemplo 10.",
    ]
    assert "2 de 4 filas" in fin


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("texto", "codificacion"),
    [
        ("\ufeffRecibido;Dias;nota\r\n2026-03-25 10:00;10;según lo acordado\r\n", "utf-8"),
        ("nota,dias,recibido\nsegún lo acordado,10,2026-03-25 10:00\n", "latin-1"),
        ('dias,recibido,nota\n10,2026-03-25 10:00,"dos\nlíneas"\n', "utf-8"),
    ],
)
def test_lee_lo_que_guarda_una_hoja_de_calculo(tmp_path: Path, texto: str, codificacion: str) -> None:
    salida, _, fin = correr("--archivo", archivo(tmp_path, texto, codificacion))

    assert json.loads(salida)["vence"] == "2026-04-10"
    assert fin == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("texto", "fin"),
    [
        ("", "no tiene la columna «recibido»"),
        ("fecha,dias\n", "no tiene la columna «recibido»"),
        ("recibido\n", "no tiene la columna «dias»"),
        (f"recibido,dias\n{'9' * 200_000},1\n", "no es un CSV válido"),
    ],
)
def test_un_archivo_que_no_sirve_se_dice(tmp_path: Path, texto: str, fin: str) -> None:
    assert fin in correr("--archivo", archivo(tmp_path, texto))[2]


@pytest.mark.django_db
def test_un_archivo_que_no_existe_se_dice(tmp_path: Path) -> None:
    assert "Revise la ruta" in correr("--archivo", str(tmp_path / "no.csv"))[2]


@pytest.mark.django_db
def test_un_archivo_vacio_de_filas_no_es_error(tmp_path: Path) -> None:
    assert correr("--archivo", archivo(tmp_path, "recibido,dias\n")) == ("", "", "")


# --- As a program, without a database ------------------------------------------------------------------------------
def ejecutar(*argumentos: str, entrada: str = "", zona: str = "UTC") -> "subprocess.CompletedProcess[str]":
    """The real command in its own process, pointed at a database that is not there."""
    ambiente = os.environ | {
        "TZ": zona,
        "DJANGO_SETTINGS_MODULE": "sdfi_portal.settings",
        "PORTAL_MODO": "pruebas",
        "DATABASE_URL": "postgresql:///nadie?host=/no/existe",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "calcular_plazo", *argumentos],
        cwd=RAIZ,
        env=ambiente,
        input=entrada,
        capture_output=True,
        text=True,
        check=False,
    )


def test_sin_base_de_datos_no_adivina() -> None:
    """The tables are the truth: without them it says what to do, and prints no date."""
    proceso = ejecutar("--recibido", "2026-03-25T10:00", "--dias", "10", "--json")

    assert (proceso.returncode, proceso.stdout) == (2, "")
    assert "--sin-base" in proceso.stderr and "Traceback" not in proceso.stderr


def test_sin_base_pedido_expresamente_y_dicho_en_la_respuesta() -> None:
    proceso = ejecutar("--sin-base", "--recibido", "2026-03-25T10:00", "--dias", "10", "--json")

    assert proceso.returncode == 0
    assert json.loads(proceso.stdout)["vence"] == "2026-04-10"
    assert json.loads(proceso.stdout)["calendario"] == inicial.VERSION


def test_una_base_sin_tablas_usa_el_calendario_inicial_y_lo_avisa(base_propia: str) -> None:
    """The first command of a fresh installation: nothing can have been decreed yet."""
    with connections["migrador"].cursor() as cursor:
        cursor.execute("drop table plazos_versioncalendario")

    salida, errores, fin = correr("--recibido", "2026-03-25T10:00", "--dias", "10", "--json")

    assert (json.loads(salida)["vence"], json.loads(salida)["calendario"]) == ("2026-04-10", inicial.VERSION)
    assert "aún no tiene tablas" in errores and fin == ""


@pytest.mark.parametrize("zona", ["America/Bogota", "Asia/Tokyo"])
def test_de_la_entrada_salen_miles_de_lineas_en_cualquier_zona(zona: str) -> None:
    """F11: 5000 rows by the standard input; the host's time zone changes nothing. A bad one ends with code 1."""
    filas = [f"2026-{mes:02}-{dia:02}T{hora:02}:31,10" for mes in (2, 6) for dia in range(1, 26) for hora in range(24)]
    entrada = "recibido,dias\n" + "\n".join((filas * 5)[:5000]) + "\nmala,10\n"

    proceso = ejecutar("--sin-base", "--archivo", "-", entrada=entrada, zona=zona)

    lineas = proceso.stdout.splitlines()
    assert (len(lineas), proceso.returncode) == (5000, 1)
    assert "Línea 5002:" in proceso.stderr
    a_las_cuatro_y_media = next(json.loads(linea) for linea in lineas if "2026-02-02T16:31" in linea)
    assert a_las_cuatro_y_media["fecha_efectiva"] == "2026-02-03"


@pytest.mark.django_db
def test_el_calendario_inicial_es_el_que_siembra_la_migracion() -> None:
    reglas = services.reglas_vigentes()

    assert inicial.calendario_inicial().festivos == reglas.calendario.festivos
    assert (inicial.horario_inicial(),) == reglas.horarios


# --- Filling years -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_llenar_festivos_dice_que_agrego() -> None:
    salida = io.StringIO()

    call_command("llenar_festivos", "--desde", "2040", "--hasta", "2041", stdout=salida)
    call_command("llenar_festivos", stdout=salida)

    assert salida.getvalue() == "Años agregados: 2041.\nAños agregados: ninguno, ya estaban todos.\n"


@pytest.mark.django_db
def test_llenar_festivos_falla_si_la_libreria_difiere() -> None:
    services.agregar_festivo(fecha=date(2026, 12, 24), nombre="Nochebuena", norma="Ley 1", fuente="Prueba")
    errores = io.StringIO()

    with pytest.raises(CommandError, match="manda y no se cambió"):
        call_command("llenar_festivos", stdout=io.StringIO(), stderr=errores)

    assert errores.getvalue() == "Solo en el calendario: 24 de diciembre de 2026, Nochebuena.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(("desde", "hasta"), [("1800", "2040"), ("2041", "2030"), ("2050", "2051")])
def test_llenar_festivos_no_acepta_cualquier_anio(desde: str, hasta: str) -> None:
    with pytest.raises(CommandError, match="años"):
        call_command("llenar_festivos", "--desde", desde, "--hasta", hasta, stdout=io.StringIO())
