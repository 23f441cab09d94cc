"""R25, import of what existed before the portal: each kind through its pages, rehearsal, twice, stopped half-way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar, tomar
from cuentas.models import Invitacion
from direcciones.models import Ausencia, Entidad, Membresia, Persona
from direcciones.roles import Rol
from direcciones.services.ausencias import registrar_ausencia
from importaciones.campos import CAMPOS
from importaciones.models import Importacion
from importaciones.services.personas import ROLES
from importaciones.valores import BOGOTA, elegir
from plazos.reloj import ahora, hoy
from solicitudes.models import ConstanciaRadicacion, Movimiento, Parte, Solicitud
from solicitudes.services.inversiones import contar_inversiones
from solicitudes.services.plazo import plazo_de_solicitud
from tests.fabricas import actuar, radicada
from tests.importaciones.apoyos import confirmar, csv_de, ensayar, filas, importar, resultados, subir, ultima, xlsx
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
FORMAS: list[Callable[..., Any]] = [xlsx, csv_de]


def entidades(elenco: Elenco) -> list[list[Any]]:
    """With a title above and other headings: one new, one equal, one that changes, one wrong."""
    return [
        ["Base de entidades 2026", "", "", "", ""],
        ["Cód.", "ENTIDAD", "Siglas", "Sector administrativo", "Naturaleza"],
        ["11-09", "Orquesta Filarmónica de Bogotá", "OFB", "Cultura, recreación y deporte", "descentralizada"],
        [elenco.secretaria.codigo, elenco.secretaria.nombre, "SDG", "Gobierno", "central"],
        [elenco.instituto.codigo, elenco.instituto.nombre, "IDA", "", ""],
        ["30-01", "Museo sin sector", "", "Cultura y deporte", "otra"],
    ]


def personas(elenco: Elenco) -> list[list[Any]]:
    return [
        ["E-mail", "Nombres y apellidos", "Cargo", "Entidad", "Rol"],
        ["Nueva@SDG.example", "Ana Gil", "Jefa", "Secretaría distrital de gobierno", "Administrador"],
        ["luis@idartes.example", "Luis Ñáñez", "", "IDARTES", ""],
        [elenco.enlace.correo, elenco.enlace.nombre, elenco.enlace.cargo, elenco.secretaria.codigo, "enlace"],
        ["sin-arroba", "", "", "Secretaría de Gobierno", "gerente"],
    ]


def solicitudes(elenco: Elenco) -> list[list[Any]]:
    """In the queue with an hour, assigned by its asesor's mail, in course without an hour, closed, wrong."""
    comun = ["Aplicar la tabla de retención", "Ana Gil"]
    return [
        ["Radicado SIGA", "Fecha de recepción", "Entidad", "Tema", "Asunto", "Remitente", "Estado", "Responsable",
         "Canal"],
        ["1-2026-100", "20/10/2026 10:42", "SDG", "Valoración documental", *comun, "Sin asignar", "", ""],
        ["1-2026-101", "2026-10-15 16:00", "SDG", "DDAB-12", *comun, "Asignada", elenco.asesora.correo, "SIGA"],
        ["", "19/10/2026", "SDG", "DDAB-12", *comun, "En trámite", elenco.asesora.nombre, "correo electrónico"],
        ["1-2026-103", "19/10/2026", "SDG", "DDAB-12", *comun, "Respondida", "", "SIGA"],
        ["1-2026-104", "31/02/2026", "Secretaria de Gobierno", "Valoracion docmental", *comun, "", "", ""],
    ]  # fmt: skip


def test_what_somebody_away_had_goes_to_who_covers_them(elenco: Elenco, entrar) -> None:
    """Nothing is assigned to somebody absent, also by an import; without anybody, it waits in the queue."""
    navegador = entrar(elenco.administradora)
    with como_sistema("prueba"), transaction.atomic():
        suya = registrar_ausencia(
            persona=elenco.asesora, desde=hoy(), hasta=hoy() + timedelta(days=9), suplente=elenco.otra_asesora
        )
    titulos, _, asignada, en_curso, *_ = solicitudes(elenco)
    importacion = importar(navegador, "solicitudes", xlsx(titulos, asignada, en_curso))
    assert "está ausente: la recibe Rosa Mejía" in filas(importacion)[0].frase
    with como_sistema("prueba"), transaction.atomic():
        assert set(Parte.objects.values_list("asesor", "estado")) == {(elenco.otra_asesora.pk, "asignada")}
        Ausencia.objects.filter(pk=suya.pk).update(suplente=None)
    asignada[0] = "1-2026-999"
    importar(navegador, "solicitudes", xlsx(titulos, asignada))
    with como_sistema("prueba"):
        assert Parte.objects.latest("pk").estado == "en_cola"


def cuenta_de_todo() -> dict[str, int]:
    with como_sistema("prueba"), transaction.atomic():
        return {m._meta.label: m._default_manager.count() for m in apps.get_models() if not m._meta.proxy}


@pytest.mark.parametrize("forma", FORMAS)
def test_entidades_enter(elenco: Elenco, entrar, forma) -> None:
    navegador = entrar(elenco.administradora)
    importacion = importar(navegador, "entidades", forma(*entidades(elenco)))
    assert importacion.estado == "terminada"
    assert resultados(importacion) == [(3, "creada"), (4, "igual"), (5, "cambiada"), (6, "error")]
    nueva = Entidad.objects.get(codigo="11-09")
    assert (nueva.sigla, nueva.sector, nueva.tipo) == ("OFB", elenco.instituto.sector, "descentralizada")
    assert Entidad.objects.get(pk=elenco.instituto.pk).sigla == "IDA"
    assert filas(importacion)[2].cambios == {"Sigla": ["IDARTES", "IDA"]}
    assert "¿Quiso decir «Cultura, Recreación y Deporte»?" in filas(importacion)[3].frase
    with como_sistema("prueba"):
        assert Aviso.objects.filter(persona=elenco.administradora, titulo__startswith="Terminó la imp").count() == 1


@pytest.mark.parametrize("forma", FORMAS)
def test_enlaces_enter_without_a_password_and_are_invited_when_somebody_says_so(elenco, entrar, forma) -> None:
    navegador = entrar(elenco.administradora)
    importacion = importar(navegador, "enlaces", forma(*personas(elenco)))
    assert resultados(importacion) == [(2, "creada"), (3, "creada"), (4, "igual"), (5, "error")]
    assert "Secretaría Distrital de Gobierno" in filas(importacion)[3].frase
    assert "escriba uno de estos: «enlace de entidad», «administrador de entidad»" in filas(importacion)[3].frase
    ana = Persona.objects.get(correo="nueva@sdg.example")
    assert not ana.has_usable_password()
    with como_sistema("prueba"):
        assert Membresia.objects.get(persona=ana).rol == "admin_entidad"
        assert not Invitacion.objects.exists()
        assert not Entrega.objects.filter(tipo="cuentas.invitacion").exists()
    pagina = navegador.get(reverse("importaciones:invitar", args=[importacion.pk]))
    assert [fila.correo for fila in pagina.context["listas"]] == ["nueva@sdg.example", "luis@idartes.example"]
    assert [fila.omitida for fila in pagina.context["omitidas"]] == ["Ya tiene ese rol en la entidad."]
    for _ in range(2):
        navegador.post(reverse("importaciones:invitar", args=[importacion.pk]))
        with como_sistema("prueba"):
            assert Invitacion.objects.count() == 2
            assert Entrega.objects.filter(tipo="cuentas.invitacion").count() == 2


@pytest.mark.parametrize("forma", FORMAS)
def test_asesores_enter(elenco: Elenco, entrar, forma) -> None:
    navegador = entrar(elenco.administradora)
    archivo = forma(
        ["Correo", "Nombre", "Subdirección", "Rol"],
        ["eva@sg.example", "Eva Ruiz", "Sistema de archivos", "Asesora"],
        ["eva@sg.example", "Eva Ruiz", "SSDA", "revisora"],
        ["eva@sg.example", "Eva Ruiz", "SSDA", "revisora"],
        ["otro@sg.example", "Otro", "Sistema de archivo", ""],
    )
    importacion = importar(navegador, "asesores", archivo)
    assert resultados(importacion) == [(2, "creada"), (3, "cambiada"), (4, "error"), (5, "error")]
    assert "Es la misma de la fila 3" in filas(importacion)[2].frase
    with como_sistema("prueba"):
        roles = Membresia.objects.filter(persona__correo="eva@sg.example").order_by("rol")
        assert list(roles.values_list("rol", "dependencia")) == [
            ("asesor", elenco.sistema_archivos.pk), ("revisor", elenco.sistema_archivos.pk)
        ]  # fmt: skip
    navegador.post(reverse("importaciones:invitar", args=[importacion.pk]))
    with como_sistema("prueba"):
        assert set(Invitacion.objects.values_list("rol", flat=True)) == {"asesor", "revisor"}


@pytest.mark.parametrize("forma", FORMAS)
def test_open_solicitudes_keep_their_dates_their_place_and_who_had_them(elenco: Elenco, entrar, forma) -> None:
    del_portal = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    importacion = importar(entrar(elenco.administradora), "solicitudes", forma(*solicitudes(elenco)))
    assert resultados(importacion) == [(2, "creada"), (3, "creada"), (4, "creada"), (5, "error"), (6, "error")]
    mala = filas(importacion)[4].frase
    assert "no se entiende «31/02/2026»" in mala
    assert "«Secretaría Distrital de Gobierno»" in mala
    assert "«Valoración documental»" in mala
    with como_sistema("prueba"):
        importadas = list(Solicitud.objects.exclude(pk=del_portal.pk).order_by("pk"))
        partes = {p.solicitud_id: p for p in Parte.objects.all()}
        historia = Movimiento.objects.filter(solicitud=importadas[0]).order_by("id")
        primera, segunda = historia
    # Numbers follow the reception; the one without an hour came when the office opened.
    assert [s.siga_entrada for s in importadas] == ["1-2026-101", "", "1-2026-100"]
    assert [s.recibido_en for s in importadas] == [
        datetime(2026, 10, 15, 16, 0, tzinfo=BOGOTA),
        datetime(2026, 10, 19, 7, 0, tzinfo=BOGOTA),
        datetime(2026, 10, 20, 10, 42, tzinfo=BOGOTA),
    ]
    for solicitud in importadas:
        assert solicitud.vence == plazo_de_solicitud(solicitud.recibido_en).vence
        assert solicitud.registrada_por == elenco.administradora
        assert solicitud.radicado > del_portal.radicado
    assert [partes[s.pk].estado for s in importadas] == ["asignada", "en_atencion", "en_cola"]
    assert [partes[s.pk].asesor_id for s in importadas] == [elenco.asesora.pk, elenco.asesora.pk, None]
    assert primera.texto.startswith("Importada de la fila 3 de «datos.")
    assert "recibida por SIGA el 15 de octubre de 2026 a las 4:00 p. m." in primera.texto
    assert primera.persona == elenco.administradora
    assert segunda.texto == f"Venía asignada a {elenco.asesora.nombre}"
    with actuar(elenco.subdirector):
        en_cola = list(Parte.objects.en_cola(elenco.sistema_archivos).values_list("solicitud", flat=True))
        assert en_cola == [importadas[2].pk, del_portal.pk]  # the older reception first, though registered later
        assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=ahora() - timedelta(days=90)) == []
    with como_sistema("prueba"):
        ajenas = Entrega.objects.exclude(solicitud_id=del_portal.pk)
        assert not ajenas.filter(tipo__in=["solicitudes.acuse", "solicitudes.llegada"]).exists()
        assert not Aviso.objects.filter(solicitud_id__in=[s.pk for s in importadas]).exists()


def test_the_acuse_goes_out_only_when_it_was_asked(elenco: Elenco, entrar) -> None:
    importacion = importar(entrar(elenco.administradora), "solicitudes", xlsx(*solicitudes(elenco)), con_acuse="on")
    assert importacion.con_acuse
    with como_sistema("prueba"):
        assert Entrega.objects.filter(tipo="solicitudes.acuse").count() == 3


def test_what_its_enlace_asked_is_among_their_solicitudes(elenco: Elenco, entrar) -> None:
    archivo = xlsx(
        ["Número", "Fecha", "Entidad", "Tema", "Asunto", "Nombre", "Correo", "Canal"],
        ["45", datetime(2026, 10, 20, 9, 0), "SDG", "DDAB-12", "x" * 300, "Laura", elenco.enlace.correo, "teléfono"],
    )
    importar(entrar(elenco.administradora), "solicitudes", archivo)
    with como_sistema("prueba"):
        una = Solicitud.objects.get()
    assert una.radicada_por == elenco.enlace
    assert "Número anterior: 45" in una.evidencia
    assert (len(una.asunto), una.necesidad) == (200, "x" * 300)
    assert una.recibido_en == datetime(2026, 10, 20, 9, 0, tzinfo=BOGOTA)
    assert entrar(elenco.enlace).get(una.get_absolute_url()).status_code == 200
    with como_sistema("prueba"):
        assert ConstanciaRadicacion.objects.filter(solicitud=una).count() == 1


TIPOS = {"entidades": entidades, "enlaces": personas, "solicitudes": solicitudes}


@pytest.mark.parametrize("tipo", TIPOS)
def test_the_rehearsal_changes_nothing(elenco: Elenco, entrar, tipo: str) -> None:
    navegador = entrar(elenco.administradora)
    antes = cuenta_de_todo()
    importacion = ensayar(navegador, tipo, xlsx(*TIPOS[tipo](elenco)))
    despues = cuenta_de_todo()
    assert navegador.get(reverse("importaciones:ver", args=[importacion.pk])).status_code == 200
    propias = {"importaciones.Importacion", "importaciones.FilaImportada", "importaciones.Mapeo", "bitacora.Suceso"}
    assert {m: n for m, n in despues.items() if n != antes[m]}.keys() <= propias
    assert despues["importaciones.FilaImportada"] == len(filas(importacion)) > 3


@pytest.mark.parametrize("tipo", TIPOS)
def test_twice_is_once(elenco: Elenco, entrar, tipo: str) -> None:
    navegador = entrar(elenco.administradora)
    una = importar(navegador, tipo, xlsx(*TIPOS[tipo](elenco)))
    antes = cuenta_de_todo()
    otra = ensayar(navegador, tipo, csv_de(*TIPOS[tipo](elenco)))
    assert [r for _, r in resultados(otra)] == [
        "igual" if r in {"creada", "cambiada", "igual"} else r for _, r in resultados(una)
    ]
    respuesta = navegador.post(reverse("importaciones:confirmar", args=[otra.pk]), follow=True)
    assert "No hay filas por importar" in respuesta.content.decode()
    despues = cuenta_de_todo()
    for modelo in ("direcciones.Entidad", "direcciones.Persona", "direcciones.Membresia", "solicitudes.Solicitud"):
        assert despues[modelo] == antes[modelo]


def test_killed_half_way_it_goes_on_and_nothing_doubles(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    archivo = csv_de(
        ["correo", "nombre", "entidad"], *([f"p{n}@sdg.example", f"Persona {n}", "SDG"] for n in range(6))
    )
    confirmar(navegador, ensayar(navegador, "enlaces", archivo))
    [paso] = tomar(1, quien="uno que murió")  # took the first row and was killed
    assert entregar() == 0
    with como_sistema("prueba"):
        Entrega.objects.filter(pk=paso.pk).update(tomada_hasta=ahora() - timedelta(seconds=1))
    entregar()
    assert [r for _, r in resultados(ultima())] == ["creada"] * 6
    with como_sistema("prueba"):
        assert Persona.objects.filter(correo__endswith="@sdg.example").count() == 6


def test_it_stops_between_two_rows_and_goes_on_where_it_was(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    archivo = csv_de(["correo", "nombre", "entidad"], *([f"p{n}@sdg.example", f"Uno {n}", "SDG"] for n in range(4)))
    importacion = ensayar(navegador, "enlaces", archivo)
    confirmar(navegador, importacion)
    navegador.post(reverse("importaciones:detener", args=[importacion.pk]))
    entregar()
    assert [r for _, r in resultados(importacion)] == ["crear"] * 4
    assert "Faltan 4 filas" in navegador.get(reverse("importaciones:ver", args=[importacion.pk])).content.decode()
    navegador.post(reverse("importaciones:seguir", args=[importacion.pk]))
    entregar()
    assert ultima().estado == "terminada"
    assert [r for _, r in resultados(importacion)] == ["creada"] * 4


def test_it_stops_when_who_confirmed_is_no_longer_administrador(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    importacion = ensayar(navegador, "enlaces", xlsx(*personas(elenco)))
    confirmar(navegador, importacion)
    with como_sistema("prueba"):
        Membresia.objects.filter(persona=elenco.administradora).update(terminada_en=ahora(), hasta=date.today())
    entregar()
    assert (ultima().estado, "ya no es administrador" in ultima().por_que_paro) == ("detenida", True)
    assert not Persona.objects.filter(correo="nueva@sdg.example").exists()


def test_a_row_is_judged_again_when_it_is_written(elenco: Elenco, entrar) -> None:
    """Between the rehearsal and its turn somebody made one, and ended the entidad of the other."""
    navegador = entrar(elenco.administradora)
    importacion = ensayar(navegador, "enlaces", xlsx(*personas(elenco)))
    with como_sistema("prueba"):
        Entidad.objects.filter(pk=elenco.instituto.pk).update(hasta=date(2026, 1, 1))
    confirmar(navegador, importacion)
    entregar()
    assert resultados(importacion) == [(2, "creada"), (3, "error"), (4, "igual"), (5, "error")]


def test_the_columns_are_remembered_for_the_same_headings(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    titulos = ["Dirección de correo", "Quién", "De dónde"]
    una = subir(navegador, "enlaces", csv_de(titulos, ["a@sdg.example", "A", "SDG"]))
    url = reverse("importaciones:columnas", args=[una.pk])
    respuesta = navegador.post(url, {"correo": titulos[0]})
    assert "Elija qué columna trae «Nombre completo»" in respuesta.content.decode()
    mapa = {"correo": titulos[0], "nombre": titulos[1], "entidad": titulos[2]}
    assert navegador.post(url, mapa | {"cargo": titulos[1]}).status_code == 200  # one column, one use
    assert navegador.post(url, mapa).status_code == 302
    otra = subir(
        navegador, "enlaces", xlsx(["De dónde", "QUIÉN", "dirección de correo"], ["SDG", "B", "b@sdg.example"])
    )
    assert otra.mapa == {"correo": "dirección de correo", "nombre": "QUIÉN", "entidad": "De dónde"}


def test_another_sheet_can_be_chosen(elenco: Elenco, entrar) -> None:
    libro = xlsx(["Notas"], ["nada"])
    abierto = openpyxl.load_workbook(libro)
    abierto.create_sheet("Enlaces & más").append(["correo", "nombre", "entidad"])
    abierto["Enlaces & más"].append(["a@sdg.example", "A", "SDG"])
    libro.seek(0)
    abierto.save(libro)
    libro.seek(0)
    navegador = entrar(elenco.administradora)
    importacion = subir(navegador, "enlaces", libro)
    url = reverse("importaciones:columnas", args=[importacion.pk])
    pagina = navegador.get(url, {"hoja": "Enlaces & más"})
    assert 'value="Enlaces &amp; más"' in pagina.content.decode()
    respuesta = navegador.post(
        url, {"hoja": "Enlaces & más", "correo": "correo", "nombre": "nombre", "entidad": "entidad"}
    )
    assert respuesta.status_code == 302
    assert resultados(importacion) == [(2, "crear")]


def test_every_template_can_be_imported_as_it_comes(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    for tipo in ("entidades", "enlaces", "asesores", "solicitudes"):
        respuesta = navegador.get(reverse("importaciones:plantilla", args=[tipo]))
        archivo = xlsx()
        archivo.file.seek(0)
        archivo.file.truncate()
        archivo.file.write(b"".join(respuesta))
        archivo.size = archivo.file.tell()
        archivo.seek(0)
        importacion = subir(navegador, tipo, archivo)
        assert set(importacion.mapa) == {campo.clave for campo in CAMPOS[tipo]}
        assert importacion.hojas[1] == "Valores"


def test_the_report_downloads_and_no_cell_runs(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    importacion = ensayar(
        navegador, "enlaces", csv_de(["correo", "nombre", "entidad"], ["a@sdg.example", "=1+1", "@SUM(A1)"])
    )
    texto = b"".join(navegador.get(reverse("importaciones:informe", args=[importacion.pk]))).decode("utf-8-sig")
    titulos, fila = texto.splitlines()
    assert titulos.startswith("Fila;Resultado;Qué pasa")
    assert ";'=1+1;'@SUM(A1)" in fila


def test_what_hides_a_formula_does_not_run_either(elenco: Elenco, entrar) -> None:
    """One rule for all that goes out to a spreadsheet (E02)."""
    navegador = entrar(elenco.administradora)
    importacion = ensayar(
        navegador, "enlaces", csv_de(["correo", "nombre", "entidad"], ["a@sdg.example", "'=1+1", "＝cmd"])
    )
    texto = b"".join(navegador.get(reverse("importaciones:informe", args=[importacion.pk]))).decode("utf-8-sig")
    assert ";''=1+1;'＝cmd" in texto.splitlines()[1]


def test_a_person_is_named_as_the_import_left_them(elenco, entrar) -> None:
    otro = [elenco.enlace.correo, "Laura Pérez Molano", elenco.enlace.cargo, elenco.secretaria.codigo, "enlace"]
    importacion = importar(entrar(elenco.administradora), "enlaces", csv_de(personas(elenco)[0], otro))
    assert resultados(importacion) == [(2, "cambiada")]
    assert filas(importacion)[0].objeto_texto == "Laura Pérez Molano"


@pytest.mark.parametrize("tipo", ROLES)
def test_each_role_that_is_asked_for_is_understood(tipo) -> None:
    for rol, dichos in ROLES[tipo].items():
        assert elegir(Rol(rol).label.lower(), {rol: dichos}) == rol


@pytest.mark.parametrize("parte", ["enlace", "admin_entidad", "asesora", "directora", "subsecretaria", "auditora"])
def test_only_the_administrador_imports(elenco: Elenco, entrar, parte: str) -> None:
    importacion = ensayar(entrar(elenco.administradora), "enlaces", xlsx(*personas(elenco)))
    navegador = entrar(getattr(elenco, parte))
    for nombre, argumentos in (
        ("lista", []), ("nueva", ["enlaces"]), ("plantilla", ["enlaces"]), ("ver", [importacion.pk]),
        ("columnas", [importacion.pk]), ("confirmar", [importacion.pk]), ("informe", [importacion.pk]),
    ):  # fmt: skip
        assert navegador.get(reverse(f"importaciones:{nombre}", args=argumentos)).status_code == 403
    assert navegador.post(reverse("importaciones:confirmar", args=[importacion.pk])).status_code == 403
    with actuar(getattr(elenco, parte)), transaction.atomic():
        assert not Importacion.objects.exists()


def test_many_rows_cost_the_queries_of_few(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    solas = solicitudes(elenco)

    def consultas(cuantas: int) -> tuple[int, int, int]:
        archivo = csv_de(solas[0], *([f"1-2026-{cuantas}{n:03}", *solas[1][1:]] for n in range(cuantas)))
        importacion = subir(navegador, "solicitudes", archivo)
        columnas = reverse("importaciones:columnas", args=[importacion.pk])
        datos = {c: t for c, t in navegador.get(columnas).context["form"].initial.items() if t}
        cuentas = []
        for pedir in (
            lambda: navegador.post(columnas, datos),
            lambda: navegador.get(reverse("importaciones:ver", args=[importacion.pk])),
            lambda: navegador.get(reverse("importaciones:lista")),
        ):
            with CaptureQueriesContext(connection) as captura:
                assert pedir().status_code in {200, 302}
            cuentas.append(len(captura))
        return tuple(cuentas)  # type: ignore[return-value]

    consultas(1)
    una = consultas(1)
    assert una == consultas(3) == consultas(25)


def test_its_pages_cost_the_same_with_1_3_and_25_rows(elenco: Elenco, entrar) -> None:
    """The list of imports, and each with its rows: rehearsed, and once it entered."""
    navegador = entrar(elenco.administradora)
    titulos = ["Código", "Entidad", "Sector", "Naturaleza"]
    cuantas: dict[str, list[int]] = {}
    for hasta in (1, 3, 25):
        nuevas = [[f"{60 + hasta}-{n:02}", f"Entidad {hasta} {n}", "Gobierno", "central"] for n in range(hasta)]
        for cual, hacer in (("ensayada", ensayar), ("hecha", importar)):
            hecha = hacer(navegador, "entidades", xlsx(titulos, *nuevas))
            assert len(filas(hecha)) == hasta
            suyas = {"una": reverse("importaciones:ver", args=[hecha.pk]), "todas": reverse("importaciones:lista")}
            for pagina, url in suyas.items():
                navegador.get(url)
                with CaptureQueriesContext(connection) as consultas:
                    assert navegador.get(url).status_code == 200
                cuantas.setdefault(f"{cual}, {pagina}", []).append(len(consultas))
    assert all(len(set(estas)) == 1 for estas in cuantas.values()), cuantas
