"""R20, R30, R97, R98, E18: the board of each role, its downloads and the list behind the order of arrival."""

import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from direcciones.services.catalogos import terminar_fila
from encuestas.models import Encuesta
from encuestas.services import abrir_encuesta, responder
from plazos.reloj import con_reloj, hoy
from tableros.cifras import Formato
from tableros.peticion import VEN_EL_TABLERO, pedir
from tableros.services import compactar
from tableros.tablero import tabla_de_tarjetas
from tests.fabricas import actuar, escribiendo, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de, sistema

pytestmark = pytest.mark.django_db
VEN = ("directora", "director_desarrollo", "subdirector", "subsecretaria", "administradora", "auditora")
TABLERO = reverse("tableros:tablero")


def texto(respuesta):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", respuesta.content.decode())))


def atendida(elenco, tema=None, por=None):
    parte = parte_de(radicada(por=por or elenco.enlace, temas=[tema or elenco.tema_tablas]))
    parte = hacer(elenco.asesora, parte, "tomar", codigo="disponibilidad", motivo="Así se acordó")
    return hacer(elenco.asesora, parte, "atender", resultado="Se explicó")


def test_el_tablero_sin_datos_dice_cero_y_el_periodo(elenco, entrar):
    for quien in VEN:
        respuesta = entrar(getattr(elenco, quien)).get(TABLERO, {"desde_mes": "2026-01", "hasta_mes": "2026-01"})

        assert respuesta.status_code == 200, quien
        dicho = texto(respuesta)
        assert "Enero de 2026" in dicho and "Vencidas sin responder 0" in dicho and "Recibidas 0" in dicho
        assert "No hay datos en este período." in dicho


@pytest.mark.parametrize(
    ("pedido", "primero", "hasta"),
    [
        ({}, "2025-12-01", "2026-11-30"),
        ({"periodo": "doce", "desde_mes": "2026-01"}, "2026-01-01", "2026-11-30"),  # as the button sends it
        ({"periodo": "mes", "desde_mes": "2025-03", "hasta_mes": "2025-04"}, "2025-03-01", "2025-04-30"),
        ({"desde_mes": "2026-10"}, "2026-10-01", "2026-11-30"),
        ({"hasta_mes": "2025-06"}, "2024-07-01", "2025-06-30"),
        ({"desde_mes": "2027-02"}, "2027-02-01", "2027-02-28"),
    ],
)
def test_los_meses_que_se_escriben_valen_mas_que_la_opcion(elenco, pedido, primero, hasta):
    with con_reloj(hace(days=0).replace(year=2026, month=11, day=12)), actuar(elenco.subsecretaria) as alcance:
        hecho = pedir(alcance, pedido)

    assert (hecho.corte.periodo.primero.isoformat(), hecho.corte.periodo.hasta.isoformat()) == (primero, hasta)
    assert not hecho.filtros.errors
    assert hecho.filtros["periodo"].value() == ("meses" if pedido else None)


@pytest.mark.parametrize(
    ("pedido", "dice"),
    [
        ({"periodo": "doce", "desde_mes": "enero"}, "Escriba el mes como 2026-01"),
        ({"desde_mes": "1999-06", "hasta_mes": "1999-12"}, "Escriba el mes como 2026-01"),
        ({"periodo": "meses"}, "Escriba desde qué mes"),
    ],
)
def test_lo_que_no_es_un_mes_se_dice_junto_a_su_campo(elenco, entrar, pedido, dice):
    pagina = entrar(elenco.directora).get(TABLERO, pedido).content.decode()

    junto = pagina[pagina.index('for="filtro_desde_mes"') : pagina.index('name="desde_mes"')]
    assert dice in junto and 'aria-invalid="true"' in pagina and '<details class="filtros" open' in pagina


def test_lo_que_ya_se_dibujo_sigue_a_lo_que_cambia(elenco, entrar):
    """The figures are kept drawn: a new fact, or a name that changes elsewhere, shows at once."""
    atendida(elenco)
    cliente = entrar(elenco.directora)
    antes = cliente.get(TABLERO)
    assert (
        texto(cliente.get(TABLERO)) == texto(antes) and antes.context["tablero"].tarjeta("recibidas").valor.numero == 1
    )

    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    assert cliente.get(TABLERO).context["tablero"].tarjeta("recibidas").valor.numero == 2
    for fila in (elenco.sistema_archivos, elenco.tema_tablas):
        with escribiendo():
            type(fila).objects.filter(pk=fila.pk).update(nombre=f"Otro nombre de {fila.pk}")
        assert f">Otro nombre de {fila.pk}<" in cliente.get(TABLERO).content.decode()


def test_lo_de_una_dependencia_que_termino_se_sigue_contando(elenco, entrar):
    """What it received stays in the register, and each figure is the rows of its list; also those of its surveys."""
    abrir_encuesta(solicitud=atendida(elenco).solicitud)
    with actuar(elenco.administradora), transaction.atomic():
        terminar_fila(fila=elenco.sistema_archivos, hasta=hoy() - timedelta(days=1))
    for quien in VEN:
        cliente, suya = entrar(getattr(elenco, quien)), quien != "director_desarrollo"
        for filtro in ({}, {"direccion": "DDAB"}, {"dependencia": "SSDA"}):
            cifra = cliente.get(TABLERO, filtro).context["tablero"].tarjeta("recibidas").valor
            assert cifra.numero == suya == len(cliente.get(cifra.url).context["pagina"]), (quien, filtro)
        assert cliente.get(reverse("encuestas:resultados")).context["cifras"]["enviadas"] == suya, quien
    assert "(terminó el " in entrar(elenco.auditora).get(TABLERO).content.decode()


def test_quien_no_dirige_ni_vigila_no_lo_ve(elenco, entrar):
    for quien in ("enlace", "asesora", "revisora", "ventanilla"):
        cliente = entrar(getattr(elenco, quien))
        for ruta in ("tablero", "pdf", "xlsx", "orden"):
            assert cliente.get(reverse(f"tableros:{ruta}")).status_code == 403, (quien, ruta)


def test_cada_quien_ve_sus_cifras_y_llevan_a_sus_filas(elenco, entrar):
    atendida(elenco)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True)
    debidas = {"subdirector": 3, "directora": 3, "director_desarrollo": 1, "subsecretaria": 3, "auditora": 4}

    for quien, cuantas in debidas.items():
        cliente = entrar(getattr(elenco, quien))
        tablero = cliente.get(TABLERO).context["tablero"]
        recibidas = tablero.tarjeta("recibidas").valor
        assert recibidas.numero == cuantas, quien
        registro = cliente.get(recibidas.url)
        assert f"{cuantas} registro" in texto(registro), quien


def test_dice_donde_duele_primero(elenco, entrar):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="correo",
        recibida=hace(days=60),
    )  # fmt: skip

    respuesta = entrar(elenco.subdirector).get(TABLERO)

    dicho = texto(respuesta)
    assert "La más antigua sin asignar llegó hace" in dicho and "Vencidas sin responder 1" in dicho
    assert respuesta.context["tablero"].tarjeta("sin_asignar").valor.numero == 2


def test_lo_que_esta_en_curso_se_compara_con_los_mismos_dias_habiles(elenco, entrar):
    """Two in the twelve months before; three in those that end in this one, of which some days are still to come."""
    for dias in (400, 401, 10, 9):
        radicada(
            registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="correo",
            recibida=hace(days=dias),
        )  # fmt: skip
    atendida(elenco)

    dicho = texto(entrar(elenco.subdirector).get(TABLERO))

    assert "En curso. ↑ Subió 1: antes 2 en igual número de días hábiles" in dicho
    assert "los días hábiles que van" in dicho and "Sin datos para comparar" in dicho


@pytest.mark.parametrize(
    ("dia", "pedido", "dice"),
    [
        (3, {"periodo": "mes"}, "En curso. Antes, el período completo: 21"),
        (10, {"periodo": "mes"}, "En curso. ↓ Bajó 6: antes 6 en igual número de días hábiles"),
        (10, {"periodo": "mes_pasado"}, "↑ Subió 21: antes 0"),
        (10, {"desde_mes": "2027-01"}, "En curso. Antes, el período completo: 0"),
    ],
)
def test_cada_periodo_se_compara_con_lo_que_es_comparable(elenco, dia, pedido, dice):
    """21 in October, which has 21 business days; six of November have gone by on the 10th, with its holiday."""
    with actuar(elenco.directora) as alcance:
        for n in range(21):
            radicada(
                registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas],
                canal="correo", recibida=datetime(2026, 10, n + 1, 15, tzinfo=UTC),
            )  # fmt: skip
        with con_reloj(datetime(2026, 11, dia, 15, tzinfo=UTC)):
            hecho = pedir(alcance, pedido).tablero()

    assert hecho.tarjeta("recibidas").cambio == dice


@pytest.mark.parametrize("quien", ["subdirector", "auditora"])
def test_el_numero_de_consultas_no_crece_con_las_filas(elenco, entrar, quien):
    """1, 3 and 25 rows; before and after they are folded."""
    cliente = entrar(getattr(elenco, quien))
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    cuantas = {}
    for n in (1, 2, 22):
        for i in range(n):
            atendida(elenco, por=elenco.enlace if i % 2 else elenco.otra_enlace)
            radicada(por=elenco.enlace, temas=[elenco.tema_visitas, elenco.tema_integridad][: 1 + i % 2])
        if n == 22:
            compactar()
        for ruta in ("orden", "tablero"):
            with CaptureQueriesContext(connection) as contadas:
                assert cliente.get(reverse(f"tableros:{ruta}")).status_code == 200
            # The turns of Django's savepoints are not questions, nor is the mark of activity of each minute.
            preguntas = [q["sql"] for q in contadas.captured_queries if q["sql"].strip()[:6].lower() == "select"]
            cuantas.setdefault(ruta, []).append(len(preguntas))
    assert all(len(set(veces)) == 1 for veces in cuantas.values()), cuantas
    assert cuantas["tablero"][0] <= 12


def test_el_orden_se_lista_con_su_motivo_o_sin_el(elenco, entrar):
    from solicitudes.services import mover  # noqa: PLC0415

    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    con, sin = (parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])) for _ in range(2))
    hacer(elenco.asesora, con, "tomar", codigo="fecha_legal", motivo="Audiencia el viernes")
    with actuar(elenco.asesora):
        mover(parte=sin, accion="tomar", cambios={"asesor": elenco.asesora})
    cliente = entrar(elenco.subdirector)
    tablero = cliente.get(TABLERO).context["tablero"]
    assert tablero.tarjeta("orden").valor.numero == 0 and tablero.tarjeta("inicios").valor.numero == 2

    for clave, palabra in (("con_motivo", "Audiencia el viernes"), ("sin_motivo", "Sin motivo")):
        valor = tablero.tarjeta(clave).valor
        pagina = texto(cliente.get(valor.url))
        assert valor.numero == 1 and "1 vez" in pagina and palabra in pagina
    assert "Todavía" not in pagina and "0 veces" in texto(entrar(elenco.director_desarrollo).get(valor.url))


def test_la_satisfaccion_lleva_a_las_encuestas_y_nombra_a_quien_nunca_contesta(elenco, entrar):
    """R30, R97, R98."""
    for por in (elenco.enlace, elenco.otra_enlace):
        abrir_encuesta(solicitud=atendida(elenco, por=por).solicitud)
    with sistema():
        una = Encuesta.objects.get(entidad=elenco.secretaria)
    responder(
        token=una.token(),
        respuestas={"oportunidad": 5, "pertinencia": 4, "calidad": 3, "resolvio": "si", "aplicara": "si"},
    )
    cliente = entrar(elenco.subdirector)

    respuesta = cliente.get(TABLERO)

    tablero = respuesta.context["tablero"]
    claves = ("oportunidad", "pertinencia", "calidad", "respuesta")
    assert [tablero.tarjeta(clave).valor.numero for clave in claves] == [5, 4, 3, 50]
    nunca = tablero.tablas["respuesta"].filas[0]
    assert [v.texto for v in nunca] == ["Instituto Distrital de las Artes", "1", "0", "0,0 %", "Ninguna contestada"]
    assert "1 de 2 encuestas enviadas" in texto(cliente.get(tablero.tarjeta("respuesta").valor.url))
    assert "1 de 1 encuesta enviada" in texto(cliente.get(tablero.tarjeta("calidad").valor.url))
    assert "0 de 1 encuesta enviada" in texto(cliente.get(nunca[1].url))


def test_las_entidades_nunca_atendidas_se_nombran(elenco, entrar):
    atendida(elenco)
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])

    tabla = entrar(elenco.auditora).get(TABLERO).context["tablero"].tablas["nunca"]

    nombres = {fila[0].texto: fila[1].numero for fila in tabla.filas}
    assert nombres == {elenco.instituto.nombre: 1, elenco.prestadora.nombre: 0}


@pytest.mark.parametrize(
    ("quien", "pedido", "de_quien"),
    [
        ("auditora", {}, "la SDFI, en ningún período."),
        ("subsecretaria", {}, "la SDFI, en ningún período, sin contar lo reservado."),
        ("subdirector", {}, "Subdirección del Sistema Distrital de Archivos, en ningún período."),
        ("auditora", {"dependencia": "STDI"}, "Desarrollo Institucional, en ningún período."),
    ],
)
def test_las_nunca_atendidas_dicen_por_quien(elenco, entrar, quien, pedido, de_quien):
    """Another dependencia may have answered them."""
    atendida(elenco)

    respuesta = entrar(getattr(elenco, quien)).get(TABLERO, pedido)

    tabla = respuesta.context["tablero"].tablas["nunca"]
    assert de_quien in tabla.nota and tabla.nota in texto(respuesta)
    assert tabla.titulo.endswith(" aquí") == (de_quien[:7] != "la SDFI")
    assert (elenco.secretaria.nombre in {fila[0].texto for fila in tabla.filas}) == ("dependencia" in pedido)


def escrito(valor):
    """As a sheet gives it back."""
    if isinstance(valor.numero, int | float):
        return round(valor.numero, 4)
    return valor.numero or ""


def con_algo_en_todo(elenco):
    """Figures that are not all 0 or 1: two answered on time, one overdue, a survey, one before an older one."""
    radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="correo",
        recibida=hace(days=40),
    )  # fmt: skip
    for _ in range(2):
        atendida(elenco)
    abrir_encuesta(solicitud=atendida(elenco, por=elenco.otra_enlace).solicitud)


def test_se_descarga_en_xlsx_con_las_mismas_cifras(elenco, entrar):
    con_algo_en_todo(elenco)
    cliente = entrar(elenco.subdirector)
    hecho = cliente.get(TABLERO).context["tablero"]

    xlsx = cliente.get(reverse("tableros:xlsx")).content

    with zipfile.ZipFile(BytesIO(xlsx)) as libro:
        assert "<f>" not in "".join(libro.read(n).decode() for n in libro.namelist() if n.endswith(".xml"))
    libro = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    assert libro.sheet_names == ["Filtros", "Cifras", *(t.titulo[:31] for t in hecho.tablas.values())]
    cifras = libro.get_sheet_by_name("Cifras").to_python()[1:]
    tarjetas = [*hecho.hoy, *hecho.periodo]
    assert [fila[:2] for fila in cifras] == [[t.titulo, escrito(t.valor)] for t in tarjetas]
    assert [fila[2] for fila in cifras] == ["" if t.antes is None else round(t.antes, 4) for t in tarjetas]
    for tabla in hecho.tablas.values():
        titulos, *filas = libro.get_sheet_by_name(tabla.titulo[:31]).to_python()
        assert titulos == [c.texto for c in tabla.columnas]
        assert filas == [[escrito(v) for v in fila] for fila in tabla.filas], tabla.clave
    assert hecho.tarjeta("recibidas").valor.numero == 4 and all(hecho.tablas[t].filas for t in ("tema", "respuesta"))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="falta pdftotext (paquete poppler-utils)")
def test_se_descarga_en_pdf_con_las_mismas_cifras(elenco, entrar):
    con_algo_en_todo(elenco)
    cliente = entrar(elenco.subdirector)
    hecho = cliente.get(TABLERO).context["tablero"]

    pdf = cliente.get(reverse("tableros:pdf"))

    assert "tablero-" in pdf["Content-Disposition"]
    orden = ["pdftotext", "-layout", "-", "-"]
    crudo = subprocess.run(orden, input=pdf.content, capture_output=True, check=True).stdout.decode()
    renglones = [re.sub(r"\s+", " ", uno).strip() for uno in crudo.splitlines()]
    for tarjeta in hecho.hoy:
        assert f"{tarjeta.titulo} {tarjeta.valor.texto}" in renglones
    for tabla in (tabla_de_tarjetas(hecho), *hecho.tablas.values()):
        assert tabla.titulo in renglones
        for nombre, *valores in tabla.filas:
            # Long words take several lines; the figures are together in one of them.
            figuras = (
                valores[:2] if tabla.clave == "cifras" else [v for v in valores if v.formato is not Formato.TEXTO]
            )
            numeros = " ".join(v.texto for v in figuras)
            nombres = set(nombre.texto.split())
            assert any(numeros in uno and nombres & set(uno.split()) for uno in renglones), numeros


def test_los_roles_del_tablero_lo_tienen_primero_en_el_menu(elenco, entrar):
    from sdfi_portal.navegacion import POR_ROL  # noqa: PLC0415

    assert {rol for rol, sitios in POR_ROL.items() if sitios[0][1] == "tableros:tablero"} == set(VEN_EL_TABLERO)
    assert all(len(sitios) <= 5 for sitios in POR_ROL.values())
