"""The calendar in force: from the tables, read once per request, never stale (R33)."""

from datetime import date, datetime, time
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from plazos import services
from plazos.calendario import ErrorDePlazo
from plazos.fechas import BOGOTA
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion, VersionCalendario
from plazos.terminos import SinHorario

JUEVES = date(2026, 12, 24)
SABADO = date(2026, 12, 12)
NO_HABIL = DiaExtraordinario.Tipo.NO_HABIL
HABIL = DiaExtraordinario.Tipo.HABIL


def decretar(fecha: date = JUEVES, tipo: str = NO_HABIL, acto: str = "Decreto 1 de 2026") -> DiaExtraordinario:
    return services.decretar_dia(fecha=fecha, tipo=tipo, acto=acto)


# --- What it is born with ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_nace_con_los_festivos_y_un_horario_supuesto() -> None:
    """R33; the constancia never shows more certainty than the installation has."""
    horario = services.horario_vigente(date(2026, 11, 23), "DDDI")

    assert FestivoAnual.objects.count() == 393
    assert set(FestivoAnual.objects.values_list("fuente", flat=True)) == {"holidays 0.109"}
    assert (horario.abre, horario.cierra) == (time(7), time(16, 30))
    assert "086 de 2016" in horario.norma and "Supuesto" in horario.confianza
    assert (services.calendario_vigente().desde_anio, services.calendario_vigente().hasta_anio) == (2020, 2040)


@pytest.mark.django_db
def test_un_plazo_con_las_reglas_vigentes_dice_con_cual_version() -> None:
    plazo = services.plazo_vigente(datetime(2026, 3, 25, 10, tzinfo=BOGOTA), 10)

    assert plazo.vence == date(2026, 4, 10)
    assert plazo.calendario == f"Calendario del portal, versión {VersionCalendario.objects.get().numero}"


# --- Reading once --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_el_proceso_recuerda_y_solo_pregunta_la_version(django_assert_num_queries) -> None:
    services.calendario_vigente()

    with django_assert_num_queries(1):
        services.calendario_vigente()


@pytest.mark.django_db
def test_una_peticion_pregunta_una_vez(client, settings) -> None:
    """A tray of 50 rows asks once, and the next request asks again."""

    @transaction.atomic
    def bandeja(request: HttpRequest) -> HttpResponse:
        for _ in range(50):
            services.calendario_vigente()
            services.horario_vigente(JUEVES)
        return HttpResponse()

    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = (path("bandeja/", bandeja),)
    services.calendario_vigente()

    for _ in range(2):
        with CaptureQueriesContext(connection) as consultas:
            client.get("/bandeja/")
        assert sum("plazos_" in consulta["sql"] for consulta in consultas) == 1


@pytest.mark.django_db
def test_la_version_que_vino_con_otra_fila_no_se_pregunta(django_assert_num_queries) -> None:
    """Read with what the page reads anyway; a change is seen by the next one, as when it is asked alone."""

    def mirar() -> bool:
        services.abrir_lectura()
        with transaction.atomic():
            (fila,) = services.version_en(HorarioAtencion.objects.order_by("pk")[:1])
            services.recordar_version(fila)
            return services.calendario_vigente().es_habil(JUEVES)

    services.calendario_vigente()
    with django_assert_num_queries(1):
        assert mirar()
    DiaExtraordinario.objects.create(fecha=JUEVES, tipo=NO_HABIL, acto="Decreto")
    assert not mirar()
    services.cerrar_lectura()


@pytest.mark.django_db
def test_una_peticion_que_no_termina_no_deja_recuerdos() -> None:
    """A broken request must not leave its calendar to whoever comes next in the same thread."""
    services.abrir_lectura()
    with transaction.atomic():
        services.calendario_vigente()

    DiaExtraordinario.objects.create(fecha=JUEVES, tipo=NO_HABIL, acto="Decreto")

    assert not services.calendario_vigente().es_habil(JUEVES)


@pytest.mark.django_db
def test_una_lectura_pregunta_una_vez(django_assert_num_queries) -> None:
    services.calendario_vigente()

    with django_assert_num_queries(1), services.una_lectura():
        services.calendario_vigente()
        services.calendario_vigente()


@pytest.mark.django_db
def test_un_cambio_se_ve_dentro_de_la_misma_lectura() -> None:
    with services.una_lectura():
        assert services.calendario_vigente().es_habil(JUEVES)
        decretar()
        assert not services.calendario_vigente().es_habil(JUEVES)


@pytest.mark.django_db
def test_un_cambio_por_fuera_de_los_servicios_tambien_se_ve() -> None:
    """The trigger, not our code, renews the version."""
    services.calendario_vigente()

    DiaExtraordinario.objects.bulk_create([DiaExtraordinario(fecha=JUEVES, tipo=NO_HABIL, acto="Decreto")])
    assert not services.calendario_vigente().es_habil(JUEVES)
    DiaExtraordinario.objects.update(motivo_retiro="Se derogó")
    assert services.calendario_vigente().es_habil(JUEVES)
    HorarioAtencion.objects.update(cierra=time(15))
    assert services.horario_vigente(JUEVES).cierra == time(15)


@pytest.mark.django_db
def test_un_cambio_deshecho_no_deja_rastro_en_la_memoria() -> None:
    """A rolled-back change was cached under a key that nothing will ever carry again."""
    with transaction.atomic():
        decretar()
        assert not services.calendario_vigente().es_habil(JUEVES)
        transaction.set_rollback(True)

    assert services.calendario_vigente().es_habil(JUEVES)
    decretar(SABADO, HABIL)
    assert services.calendario_vigente().es_habil(JUEVES)
    assert services.calendario_vigente().es_habil(SABADO)


def test_otro_proceso_cambia_el_calendario(base_propia: str) -> None:
    """Another connection's commit is seen by the next reading, without restarting anything."""
    assert services.calendario_vigente().es_habil(JUEVES)

    def otro() -> None:
        decretar()
        connection.close()

    hilo = Thread(target=otro)
    hilo.start()
    hilo.join()

    assert not services.calendario_vigente().es_habil(JUEVES)


# --- Changing ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_antes_de_guardar_se_ve_que_cambiaria() -> None:
    """architecture §4: changing a day shows what moves before saving."""
    seria = services.calendario_con(fecha=JUEVES, tipo=NO_HABIL)

    assert not seria.es_habil(JUEVES)
    assert services.calendario_vigente().es_habil(JUEVES)


@pytest.mark.django_db
def test_retirar_un_dia_lo_conserva_con_su_motivo() -> None:
    dia = decretar()

    services.retirar_dia(dia=dia, motivo="Decreto 2 de 2026 lo derogó")

    assert services.calendario_vigente().es_habil(JUEVES)
    assert DiaExtraordinario.objects.get().motivo_retiro == "Decreto 2 de 2026 lo derogó"
    assert decretar(acto="Decreto 3 de 2026").pk != dia.pk


@pytest.mark.django_db
@pytest.mark.parametrize("motivo", ["", "   "])
def test_retirar_pide_un_motivo(motivo: str) -> None:
    with pytest.raises(ValidationError, match="por qué se retira"):
        services.retirar_dia(dia=decretar(), motivo=motivo)


@pytest.mark.django_db
def test_no_se_retira_dos_veces() -> None:
    dia = decretar()
    services.retirar_dia(dia=dia, motivo="Se derogó")

    with pytest.raises(ValidationError, match="ya estaba retirado"):
        services.retirar_dia(dia=dia, motivo="Otra vez")


@pytest.mark.django_db
def test_una_ley_nueva_agrega_un_festivo_y_otra_lo_quita() -> None:
    festivo = services.agregar_festivo(fecha=JUEVES, nombre="Nochebuena", norma="Ley 1 de 2026", fuente="Secretaría")
    assert services.calendario_vigente().razon(JUEVES).detalle == "Nochebuena"

    services.retirar_dia(dia=festivo, motivo="Ley 2 de 2026")
    assert services.calendario_vigente().es_habil(JUEVES)


@pytest.mark.django_db
def test_fijar_un_horario_lo_crea_o_lo_corrige() -> None:
    horas = {"abre": time(7), "cierra": time(12), "norma": "Circular 9"}
    services.fijar_horario(desde=JUEVES, hasta=JUEVES, **horas)
    assert services.horario_vigente(JUEVES).cierra == time(12)

    services.fijar_horario(desde=JUEVES, hasta=JUEVES, **{**horas, "cierra": time(13)})
    assert services.horario_vigente(JUEVES).cierra == time(13)
    assert services.horario_vigente(date(2026, 12, 23)).cierra == time(16, 30)


@pytest.mark.django_db
def test_sin_horario_vigente_se_dice() -> None:
    HorarioAtencion.objects.update(hasta=date(2025, 12, 31))

    with pytest.raises(SinHorario):
        services.horario_vigente(JUEVES)


@pytest.mark.django_db
def test_con_un_anio_sin_festivos_no_se_calcula_nada() -> None:
    """Better no deadline than one computed over a year that looks as if it had no holidays."""
    FestivoAnual.objects.filter(fecha__year=2030).update(motivo_retiro="Prueba")

    with pytest.raises(ErrorDePlazo, match="faltan años"):
        services.calendario_vigente()


@pytest.mark.django_db
def test_ningun_cambio_deja_un_anio_sin_festivos() -> None:
    """A mistyped year would otherwise stop every deadline of the portal."""
    with pytest.raises(ValidationError, match="años sin festivos"):
        services.agregar_festivo(fecha=date(2062, 12, 24), nombre="Nochebuena", norma="Ley 1", fuente="Prueba")
    with pytest.raises(ValidationError, match="años sin festivos"):
        services.llenar_festivos(desde_anio=2045, hasta_anio=2046)

    assert services.calendario_vigente().hasta_anio == 2040


# --- What the database never lets in -------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dia", "mensaje"),
    [
        ({"acto": ""}, "Escriba el acto"),
        ({"tipo": "tal_vez"}, "hábil o no hábil"),
        ({"tipo": "habil"}, "Solo un sábado o un domingo"),
        ({"fecha": date(2026, 12, 31)}, "ya tiene un acto vigente"),
    ],
)
def test_dias_que_no_pueden_existir(dia: dict[str, object], mensaje: str) -> None:
    decretar(date(2026, 12, 31))
    fila = DiaExtraordinario(**{"fecha": JUEVES, "tipo": NO_HABIL, "acto": "Decreto 1", **dia})

    with pytest.raises(ValidationError, match=mensaje):
        fila.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        fila.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cambio", "mensaje"),
    [
        ({"cierra": time(7)}, "anterior a la de cerrar"),
        ({"hasta": date(2025, 1, 1)}, "no puede terminar antes"),
        ({"norma": ""}, "Escriba la norma"),
        ({"desde": date(2020, 1, 1)}, "Corríjalo"),
    ],
)
def test_horarios_que_no_pueden_existir(cambio: dict[str, object], mensaje: str) -> None:
    fila = HorarioAtencion(**{"desde": JUEVES, "abre": time(7), "cierra": time(16), "norma": "Circular", **cambio})

    with pytest.raises(ValidationError, match=mensaje):
        fila.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        fila.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("nombre", "norma", "mensaje"),
    [("Navidad", "Ley 51 de 1983", "ya está en el calendario"), ("Nochebuena", "", "nombre y la norma")],
)
def test_festivos_que_no_pueden_existir(nombre: str, norma: str, mensaje: str) -> None:
    fila = FestivoAnual(fecha=date(2026, 12, 25), nombre=nombre, norma=norma, fuente="Prueba")

    with pytest.raises(ValidationError, match=mensaje):
        fila.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        fila.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "orden",
    [
        "delete from plazos_festivoanual",
        "delete from plazos_diaextraordinario",
        "delete from plazos_horarioatencion",
        "truncate plazos_festivoanual",
        "update plazos_versioncalendario set numero = 0",
        "delete from plazos_versioncalendario",
    ],
)
def test_el_rol_web_no_borra_ni_finge_la_version(orden: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(orden)


# --- Filling years -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_llenar_agrega_solo_los_anios_que_faltan() -> None:
    llenado = services.llenar_festivos(desde_anio=2040, hasta_anio=2042)

    assert llenado.anios_nuevos == (2041, 2042)
    assert llenado.coincide
    assert services.calendario_vigente().hasta_anio == 2042
    assert not services.calendario_vigente().es_habil(date(2041, 7, 15))  # 9 July 2041 is a Tuesday
    assert services.llenar_festivos(desde_anio=2020, hasta_anio=2042).anios_nuevos == ()


@pytest.mark.django_db
def test_llenar_no_toca_lo_guardado_y_dice_en_que_difiere() -> None:
    """A library that changes its mind cannot move a legal date: it is reported, and the stored list rules."""
    services.retirar_dia(dia=FestivoAnual.objects.get(fecha=date(2026, 7, 13)), motivo="Prueba")
    services.agregar_festivo(fecha=JUEVES, nombre="Nochebuena", norma="Ley 1 de 2026", fuente="Secretaría")

    llenado = services.llenar_festivos(desde_anio=2026, hasta_anio=2026)

    assert [festivo.fecha for festivo in llenado.solo_en_libreria] == [date(2026, 7, 13)]
    assert [festivo.nombre for festivo in llenado.solo_guardados] == ["Nochebuena"]
    assert services.calendario_vigente().es_habil(date(2026, 7, 13))
