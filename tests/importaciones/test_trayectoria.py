"""R25, R26: what was done before the portal comes with its own dates: assignment, first attention, wait, session."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import Entrega
from bitacora.models import Suceso
from direcciones.models import AcuerdoServicio
from direcciones.services.ausencias import registrar_ausencia
from expedientes.services.dia_por_dia import dia_por_dia
from importaciones.models import FilaImportada
from importaciones.services.trayectoria import estado_de
from importaciones.valores import BOGOTA
from plazos.reloj import ahora, hoy
from solicitudes.estados import ABIERTOS, SOLICITUD_ABIERTA
from solicitudes.models import Actuacion, Mensaje, Movimiento, Parte, Solicitud, Termino
from solicitudes.services.inversiones import contar_inversiones
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.relojes import empezar_pendientes
from tableros.recuento import recontar
from tests.fabricas import DESDE, actuar, radicada
from tests.importaciones.apoyos import csv_de, ensayar, filas, importar, resultados, xlsx
from tests.solicitudes.apoyos import habil, hacer, parte_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
COMUN = {
    "Fecha de recepción": "12/10/2026 10:42",
    "Entidad": "SDG",
    "Tema": "DDAB-12",
    "Asunto": "Aplicar la tabla de retención",
    "Remitente": "Ana Gil",
}
ASIGNADA = datetime(2026, 10, 15, 7, 0, tzinfo=BOGOTA)
PRIMERA = datetime(2026, 10, 19, 9, 30, tzinfo=BOGOTA)


def hoja(*filas_: dict[str, Any], forma: Any = xlsx) -> Any:
    """One sheet from rows that name their columns; the SIGA number of each is its place."""
    todas = [{"Radicado SIGA": f"1-2026-{n}", **COMUN, **fila} for n, fila in enumerate(filas_, start=1)]
    titulos = list(dict.fromkeys(titulo for fila in todas for titulo in fila))
    return forma(titulos, *([fila.get(titulo, "") for titulo in titulos] for fila in todas))


def en_orden() -> list[Parte]:
    """The partes by the SIGA number of their solicitud."""
    with como_sistema("prueba"), transaction.atomic():
        return list(Parte.objects.select_related("solicitud").order_by("solicitud__siga_entrada"))


def cuantos(modelo: Any, **donde: Any) -> int:
    with como_sistema("prueba"), transaction.atomic():
        return modelo.objects.filter(**donde).count()


def lo_que_iba(elenco: Elenco) -> list[dict[str, Any]]:
    """Assigned, attended, waiting for its entidad, and with a session to come."""
    asesora = elenco.asesora.correo
    return [
        {"Estado": "Repartida", "Responsable": asesora, "Fecha asignación": "15-oct-2026"},
        {"Estado": "En trámite", "Responsable": asesora, "Fecha asignación": "2026-10-15",
         "Fecha de atención": "19/10/2026 9:30"},
        {"Estado": "Pendiente de la entidad", "Responsable": asesora, "Fecha asignación": date(2026, 10, 15),
         "Fecha de atención": "19/10/2026 9:30", "Fecha de requerimiento": "20/10/2026",
         "Información solicitada": "El acta de la tabla anterior"},
        {"Estado": "", "Responsable": asesora, "Próxima sesión": habil(3, "09:00").strftime("%d/%m/%Y %H:%M"),
         "Presencial o virtual": "Teams", "Enlace": "https://reunion.example/1",
         "Fecha de programación": "21/10/2026"},
    ]  # fmt: skip


@pytest.mark.parametrize("forma", [xlsx, csv_de])
def test_what_had_been_done_comes_with_its_dates(elenco: Elenco, entrar, forma) -> None:
    del_portal = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    navegador = entrar(elenco.administradora)
    importacion = importar(navegador, "solicitudes", hoja(*lo_que_iba(elenco), forma=forma))
    assert [r for _, r in resultados(importacion)] == ["creada"] * 4, [f.frase for f in filas(importacion)]
    _, asignada, atendida, en_espera, con_sesion = en_orden()  # the first one, of the portal, has no SIGA number
    assert [p.estado for p in (asignada, atendida, en_espera, con_sesion)] == [
        "asignada", "en_atencion", "en_complemento", "en_atencion"
    ]  # fmt: skip
    assert [p.asignada_en for p in (asignada, atendida, en_espera)] == [ASIGNADA] * 3
    assert [p.primera_atencion_en for p in (asignada, atendida, en_espera)] == [None, PRIMERA, PRIMERA]
    assert en_espera.complemento_hasta == date(2026, 11, 20)
    assert con_sesion.programada_para == habil(3, "09:00")
    assert con_sesion.programada_en == datetime(2026, 10, 21, 7, 0, tzinfo=BOGOTA)
    for parte in (asignada, atendida, en_espera, con_sesion):
        assert parte.asesor_id == elenco.asesora.pk
        assert parte.vence == parte.solicitud.vence == plazo_de_solicitud(parte.recibido_en).vence
    # The board and the count of the order agree with the facts, and nobody seems to have gone first.
    assert recontar() == []
    with actuar(elenco.subdirector):
        assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=ahora() - timedelta(days=90)) == []
    # Nobody is told what they know.
    with como_sistema("prueba"), transaction.atomic():
        ajenas = Entrega.objects.exclude(solicitud_id=del_portal.pk).exclude(solicitud_id=None)
        assert set(ajenas.values_list("tipo", flat=True)) <= {"solicitudes.movimiento", "solicitudes.constancia"}
        assert not Aviso.objects.exclude(solicitud_id=del_portal.pk).exclude(solicitud_id=None).exists()


def test_its_history_says_the_dates_of_before_on_the_day_they_were_written(elenco: Elenco, entrar) -> None:
    antes = ahora()
    importar(entrar(elenco.administradora), "solicitudes", hoja(lo_que_iba(elenco)[2]))
    [parte] = en_orden()
    with como_sistema("prueba"), transaction.atomic():
        lineas = list(Movimiento.objects.filter(solicitud=parte.solicitud).order_by("id"))
        [pedido] = Mensaje.objects.filter(solicitud=parte.solicitud)
        acciones = set(Suceso.objects.values_list("accion", flat=True))
    assert [m.texto for m in lineas[1:]] == [
        f"Venía en manos de {elenco.asesora.nombre}",
        "Antes del portal: asignada el 15 de octubre de 2026 a las 7:00 a. m. y atendida por primera vez el 19 de "
        "octubre de 2026 a las 9:30 a. m.",
        "Ya se esperaba a la entidad desde el 20 de octubre de 2026",
    ]
    assert all(m.en >= antes and m.persona_id == elenco.administradora.pk for m in lineas)
    assert all("importada" in m.datos for m in lineas)  # what other systems know already
    assert (pedido.texto, pedido.tipo, pedido.autor) == ("El acta de la tabla anterior", "complemento_pedido", None)
    assert {"parte.traer_fechas", "parte.recibir_en_espera"} <= acciones


def test_the_wait_is_told_from_its_day_everywhere(elenco: Elenco, entrar) -> None:
    fila = {**lo_que_iba(elenco)[2], "Correo": elenco.enlace.correo}
    importar(entrar(elenco.administradora), "solicitudes", hoja(fila))
    [parte] = en_orden()
    radicado = parte.solicitud.radicado
    caso = entrar(elenco.asesora).get(reverse("atencion:caso", args=[radicado])).content.decode()
    assert "Se espera a la entidad desde el 20 de octubre de 2026" in caso
    navegador = entrar(elenco.enlace)
    suya = navegador.get(parte.solicitud.get_absolute_url()).content.decode()
    assert "Se espera a su entidad desde el 20 de octubre de 2026" in suya
    url = reverse("solicitudes:complementar", args=[radicado, parte.pk])
    assert "El acta de la tabla anterior" in navegador.get(url).content.decode()
    with como_sistema("prueba"), transaction.atomic():
        dias = {fecha: esperaba for *_, fecha, _, _, _, esperaba in dia_por_dia(parte.solicitud, hoy())}
    assert [dias[f"2026-10-{n}"] for n in (19, 20, 21)] == ["no", "sí", "sí"]


def test_the_clock_that_waits_for_the_entidad_stands_still_and_the_other_goes_on(elenco: Elenco, entrar) -> None:
    """The same as when it is asked in the portal: one month at most, and the ten days run."""
    ans = {"dependencia": elenco.sistema_archivos, "desde": DESDE, "fin": "entregada"}
    for etapa, dias, suspende in (("Corto", 4, True), ("Firme", 7, False)):
        AcuerdoServicio.objects.create(**ans, etapa=etapa, dias=dias, suspende_en_complemento=suspende)
    desde_que_se_asigna = {**ans, "fin": "programada"}
    AcuerdoServicio.objects.create(**desde_que_se_asigna, etapa="Programar", dias=5, inicio="asignacion")
    solo, espera = lo_que_iba(elenco)[1], lo_que_iba(elenco)[2] | {"Fecha de requerimiento": "14/10/2026"}
    importacion = importar(entrar(elenco.administradora), "solicitudes", hoja(solo, espera))
    corre, parada = en_orden()
    with como_sistema("prueba"), transaction.atomic():
        relojes = {(t.parte_id, t.nombre): t for t in Termino.objects.all()}
    # 12 October 2026 is a holiday: it came on the 13th.
    assert relojes[corre.pk, "Corto"].vence == corre.vence == date(2026, 10, 19)
    corto = relojes[parada.pk, "Corto"]
    assert corto.suspensiones[0][:2] == ["2026-10-14", "2026-11-14"]
    assert corto.vence is not None and corto.vence > date(2026, 11, 14)
    assert parada.vence == relojes[parada.pk, "Firme"].vence == relojes[corre.pk, "Firme"].vence
    assert parada.solicitud.vence == parada.vence
    frases = [fila.frase for fila in filas(importacion)]
    assert "vence el 19 de octubre de 2026" in frases[0]
    assert f"vence el {parada.vence.day} de octubre de 2026" in frases[1]
    assert {relojes[p.pk, "Programar"].empieza_en for p in (corre, parada)} == {ASIGNADA}


@pytest.mark.parametrize(
    ("fila", "queja"),
    [
        ({"Fecha asignación": "1/10/2026"}, "Fecha de asignación: es anterior a su llegada, el 12 de octubre de 2026"),
        ({"Fecha asignación": "1/10/2096"}, "Fecha de asignación: esa fecha aún no llega"),
        ({"Fecha asignación": "11/23/2026"}, "Fecha de asignación: no se entiende «11/23/2026»"),
        ({"Fecha de atención": "12/10/2026 9:00"}, "Fecha de primera atención: es anterior a su llegada"),
        ({"Fecha de atención": "1/1/2097"}, "Fecha de primera atención: esa fecha aún no llega"),
        ({"Fecha de requerimiento": "11/10/2026"}, "Esperando a la entidad desde: es anterior a su llegada"),
        ({"Fecha de requerimiento": "1/1/2097"}, "Esperando a la entidad desde: esa fecha aún no llega"),
        ({"Fecha de requerimiento": "20/10/2026", "Estado": "en trámite"}, "el estado no dice que se la espere"),
        ({"Estado": "Esperando a la entidad"}, "Esperando a la entidad desde: está vacía"),
        ({"Estado": "Sin asignar", "Responsable": "", "Fecha asignación": "15/10/2026"}, "la solicitud está sin asig"),
        ({"Próxima sesión": "1/12/2096"}, "falta la hora"),
        ({"Próxima sesión": "20/10/2026 9:00", "Medio de la sesión": "virtual", "Enlace": "https://x.example"},
         "esa fecha ya pasó"),
        ({"Próxima sesión": "20/10/2026 9:00", "Enlace": "Carrera 8 # 10-65"}, "Medio de la sesión: está vacío"),
        ({"Próxima sesión": "20/10/2026 9:00", "Medio de la sesión": "virtual", "Enlace": "Teams"},
         "Lugar o enlace de la sesión: escriba el enlace de la reunión"),
        ({"Próxima sesión": "20/10/2026 9:00", "Estado": "asignada"}, "solo la tiene una en elaboración"),
        ({"Estado": "Atendida"}, "solo se importan las abiertas"),
        ({"Estado": "Quién sabe"}, "Escriba sin asignar, asignada, en elaboración o esperando a la entidad"),
        ({"Responsable": "Nadia Comaneci"}, "«Nadia Comaneci» no es de nadie que atienda"),
    ],
)  # fmt: skip
def test_what_cannot_be_says_why_in_the_rehearsal(elenco: Elenco, entrar, fila, queja) -> None:
    importacion = ensayar(
        entrar(elenco.administradora), "solicitudes", hoja({"Responsable": elenco.asesora.correo, **fila})
    )
    assert [r for _, r in resultados(importacion)] == ["error"]
    assert queja in filas(importacion)[0].frase


def test_two_sessions_at_once_are_told_before_anything_is_written(elenco: Elenco, entrar) -> None:
    con_sesion = lo_que_iba(elenco)[3]
    importacion = ensayar(entrar(elenco.administradora), "solicitudes", hoja(con_sesion, con_sesion))
    assert [r for _, r in resultados(importacion)] == ["crear", "error"]
    assert f"{elenco.asesora} ya tiene la de «Aplicar la tabla de retención»" in filas(importacion)[1].frase


def test_every_open_state_of_the_portal_is_a_word_of_the_file() -> None:
    for estado in [*ABIERTOS, *SOLICITUD_ABIERTA]:
        dicho = estado_de({"estado": f" {estado.label.upper()} "})
        assert dicho in {estado.value, "en_cola" if estado.value in {"en_cola", "radicada"} else "en_espera"}
    assert estado_de({"estado": "Pendiente", "asesor": "a@b.co"}) == "asignada"
    assert estado_de({"estado": "vencida", "asesor": "a@b.co", "primera_atencion": "x"}) == "en_atencion"
    assert estado_de({"estado": "", "espera_desde": "x"}) == "en_espera"


def test_the_same_file_twice_writes_nothing_more(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    importar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)))
    antes = [cuantos(m) for m in (Solicitud, Movimiento, Actuacion, Mensaje)]
    otra = ensayar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)))
    assert [r for _, r in resultados(otra)] == ["igual"] * 4
    assert [cuantos(m) for m in (Solicitud, Movimiento, Actuacion, Mensaje)] == antes


def sin_fechas(elenco: Elenco) -> list[dict[str, Any]]:
    suyas = ("Estado", "Responsable")
    todas = [{campo: fila[campo] for campo in suyas} for fila in lo_que_iba(elenco)]
    return [{**fila, "Estado": "en elaboración" if n else "asignada"} for n, fila in enumerate(todas)]


def test_a_later_file_with_the_dates_completes_what_is_here(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    AcuerdoServicio.objects.create(
        dependencia=elenco.sistema_archivos, desde=DESDE, etapa="Programar", dias=5, inicio="asignacion",
        fin="programada",
    )  # fmt: skip
    importar(navegador, "solicitudes", hoja(*sin_fechas(elenco)))
    with como_sistema("prueba"):
        assert empezar_pendientes() == 4  # from the instant of the import, which was all that was known
    otra = ensayar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)))
    assert [r for _, r in resultados(otra)] == ["cambiar"] * 4
    cambios = [fila.cambios for fila in filas(otra)]
    assert cambios[1]["Primera atención"] == ["—", "19 de octubre de 2026 a las 9:30 a. m."]
    assert cambios[2]["Estado"] == ["en elaboración", "esperando a la entidad desde el 20 de octubre de 2026"]
    final = importar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)))
    assert [r for _, r in resultados(final)] == ["cambiada"] * 4
    asignada, atendida, en_espera, con_sesion = en_orden()
    assert [p.asignada_en for p in (asignada, atendida, en_espera)] == [ASIGNADA] * 3
    assert (atendida.primera_atencion_en, en_espera.estado) == (PRIMERA, "en_complemento")
    assert con_sesion.programada_para == habil(3, "09:00")
    with como_sistema("prueba"), transaction.atomic():
        assert Termino.objects.get(parte=atendida, nombre="Programar").empieza_en == ASIGNADA
    assert recontar() == []
    assert cuantos(Solicitud) == 4
    tercera = ensayar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)))
    assert [r for _, r in resultados(tercera)] == ["igual"] * 4


def test_what_somebody_moved_in_the_portal_keeps_what_the_portal_says(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    importar(navegador, "solicitudes", hoja(*sin_fechas(elenco)[:2]))
    asignada, atendida = en_orden()
    antes = hacer(elenco.asesora, asignada, "empezar").asignada_en
    hacer(elenco.subdirector, atendida, "reasignar", asesor=elenco.otra_asesora)
    otra = ensayar(navegador, "solicitudes", hoja(*lo_que_iba(elenco)[:2]))
    assert [r for _, r in resultados(otra)] == ["igual"] * 2
    assert all("Ya la movieron en el portal" in fila.frase for fila in filas(otra))
    assert parte_de(asignada.solicitud).asignada_en == antes


def test_one_filed_in_the_portal_with_that_number_is_not_touched(elenco: Elenco, entrar) -> None:
    una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with como_sistema("prueba"), transaction.atomic():
        Solicitud.objects.filter(pk=una.pk).update(siga_entrada="1-2026-1")
    otra = ensayar(entrar(elenco.administradora), "solicitudes", hoja(lo_que_iba(elenco)[0]))
    assert [r for _, r in resultados(otra)] == ["igual"]
    assert "lo que allí dice no cambia" in filas(otra)[0].frase


def test_who_covers_somebody_away_receives_today_what_waits(elenco: Elenco, entrar) -> None:
    """The wait goes on, whoever attends it; the assignment of before was not theirs."""
    with como_sistema("prueba"), transaction.atomic():
        registrar_ausencia(
            persona=elenco.asesora, desde=hoy(), hasta=hoy() + timedelta(days=9), suplente=elenco.otra_asesora
        )
    importacion = importar(entrar(elenco.administradora), "solicitudes", hoja(lo_que_iba(elenco)[2]))
    assert "No se trae la fecha de asignación: cambia de manos." in filas(importacion)[0].frase
    [parte] = en_orden()
    assert (parte.asesor_id, parte.estado) == (elenco.otra_asesora.pk, "en_complemento")
    assert parte.primera_atencion_en == PRIMERA and parte.asignada_en and parte.asignada_en > ASIGNADA


def test_the_template_brings_every_column_and_says_how_to_fill_it(elenco: Elenco, entrar) -> None:
    pagina = entrar(elenco.administradora).get(reverse("importaciones:nueva", args=["solicitudes"])).content.decode()
    for dicho in ("Fecha de asignación", "Fecha de primera atención", "Esperando a la entidad desde",
                  "Sesión programada para", "24/10/2026"):  # fmt: skip
        assert dicho in pagina
    assert cuantos(FilaImportada) == 0
