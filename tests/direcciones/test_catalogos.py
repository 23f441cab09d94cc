"""The catalogue screens: everything dated, nothing deleted, every change told (R19, R41, E19)."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from bitacora.models import Suceso
from direcciones.fichas import FICHAS
from direcciones.models import (
    AcuerdoServicio,
    AsignacionSector,
    Buzon,
    Encargo,
    Membresia,
    Modalidad,
    Persona,
    Sector,
    Tema,
)
from direcciones.services.catalogos import cambiar_fila, crear_fila, reabrir_fila, terminar_fila
from direcciones.vacantes import dependencias_solas, vacantes
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion
from tests.fabricas import FabricaAsignacionSector, FabricaMembresia, FabricaTema, actuar, radicada
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
HOY = timezone.localdate


def url(nombre: str, *args) -> str:
    return reverse(f"direcciones:{nombre}", args=args)


def sucesos(fila) -> list[Suceso]:
    with como_sistema("prueba"):
        return list(Suceso.objects.filter(objeto_tipo=fila._meta.label_lower, objeto_id=str(fila.pk)).order_by("id"))


# --- Every catalogue, the same way ---
@pytest.mark.parametrize("ficha", FICHAS, ids=lambda f: f.clave)
def test_every_catalogue_opens(elenco: Elenco, entrar, ficha) -> None:
    navegador = entrar(elenco.administradora)
    assert navegador.get(url("catalogos")).status_code == 200
    for consulta in (
        {},
        {"ver": "historicos"},
        {"q": "a"},
        {"q": "\x00' or 1=1 --"},
        {"pagina": "99999"},
        {"pagina": "x"},
    ):
        assert navegador.get(url("catalogo", ficha.clave), consulta).status_code == 200, consulta
    assert navegador.get(url("nueva", ficha.clave)).status_code == 200
    assert navegador.post(url("nueva", ficha.clave), {}).status_code == 200
    fila = ficha.vigentes().order_by("pk").first()
    if fila is None:
        return
    assert navegador.get(url("fila", ficha.clave, fila.pk)).status_code == 200
    assert navegador.get(url("terminar", ficha.clave, fila.pk)).status_code == 200
    assert navegador.get(url("editar", ficha.clave, fila.pk)).status_code == (200 if ficha.editable else 404)
    assert navegador.get(url("fila", ficha.clave, 999999)).status_code == 404


def test_an_unknown_catalogue_is_404(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    assert navegador.get(url("catalogo", "personas")).status_code == 404
    assert navegador.post(url("reabrir", "personas", 1)).status_code == 404


def test_the_auditor_reads_and_the_rest_do_not_enter(elenco: Elenco, entrar) -> None:
    tema = elenco.tema_tablas
    auditora = entrar(elenco.auditora)
    for destino in (url("catalogos"), url("catalogo", "temas"), url("fila", "temas", tema.pk)):
        pagina = auditora.get(destino)
        assert pagina.status_code == 200
        assert "Agregar" not in pagina.content.decode()
        assert "Editar" not in pagina.content.decode()
        for parte in ("enlace", "admin_entidad", "asesora", "directora", "subsecretaria", "ventanilla"):
            assert entrar(getattr(elenco, parte)).get(destino).status_code == 403
    assert f'href="{url("catalogos")}">Catálogos</a>' in auditora.get(reverse("avisos:libro")).content.decode()
    for nombre in ("editar", "terminar", "reabrir"):
        assert auditora.post(url(nombre, "temas", tema.pk), {"nombre": "X"}).status_code == 403
    assert auditora.post(url("nueva", "temas"), {}).status_code == 403


@pytest.mark.parametrize("parte", ["enlace", "admin_entidad", "asesora", "directora", "subsecretaria", "auditora"])
def test_the_service_refuses_everybody_else(elenco: Elenco, parte: str) -> None:
    with actuar(getattr(elenco, parte)):
        for llamada in (
            lambda: crear_fila(modelo=Sector, datos={"codigo": "77", "nombre": "Otro"}),
            lambda: cambiar_fila(fila=elenco.tema_tablas, datos={"nombre": "Otro"}),
            lambda: terminar_fila(fila=elenco.tema_tablas),
            lambda: reabrir_fila(fila=elenco.tema_tablas),
        ):
            with pytest.raises(ValidationError):
                llamada()


def test_nobody_deletes_a_row_of_a_catalogue(elenco: Elenco) -> None:
    with actuar(elenco.administradora):
        for fila in (elenco.tema_tablas, elenco.concepto, FestivoAnual.objects.earliest("fecha")):
            with pytest.raises(DatabaseError), transaction.atomic():
                fila.delete()


# --- Add, change, end, with history ---
def test_adding_editing_and_ending_leave_before_and_after(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    datos = {
        "correo": "nuevo@alcaldia.example",
        "dependencia": elenco.sistema_archivos.pk,
        "para_que": "Consultas",
        "desde": "2026-01-01",
    }
    alta = navegador.post(url("nueva", "buzones"), datos)
    buzon = Buzon.objects.get(correo="nuevo@alcaldia.example")
    assert alta["Location"] == url("fila", "buzones", buzon.pk)
    navegador.post(
        url("editar", "buzones", buzon.pk), datos | {"para_que": "Conceptos", "dependencia": elenco.tecnica.pk}
    )
    navegador.post(url("terminar", "buzones", buzon.pk), {"hasta": HOY().isoformat(), "motivo": "Se unificó"})
    alta_, cambio, fin = sucesos(buzon)
    assert alta_.cambios["para_que"] == (None, "Consultas")
    assert cambio.cambios == {
        "para_que": ("Consultas", "Conceptos"),
        "dependencia": (elenco.sistema_archivos.pk, elenco.tecnica.pk),
    }
    assert (fin.cambios["hasta"], fin.motivo) == ((None, HOY().isoformat()), "Se unificó")
    assert {s.actor_id for s in (alta_, cambio, fin)} == {elenco.administradora.pk}
    texto = navegador.get(url("fila", "buzones", buzon.pk)).content.decode()
    assert "Elena Páez" in texto
    assert "<del>Consultas</del>" in texto
    assert "<ins>Subdirección Técnica de Desarrollo Institucional</ins>" in texto
    assert "Se unificó" in texto


def test_saving_without_changes_writes_nothing(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    form = navegador.get(url("editar", "temas", elenco.tema_tablas.pk)).context["form"]
    datos = {nombre: form[nombre].value() or "" for nombre in form.fields}
    assert navegador.post(url("editar", "temas", elenco.tema_tablas.pk), datos).status_code == 302
    assert sucesos(elenco.tema_tablas) == []


def test_an_ended_row_leaves_the_choices_and_comes_back(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    with actuar(elenco.administradora):
        terminar_fila(fila=elenco.tema_tablas, hasta=HOY() - timedelta(days=1))
    assert not Tema.objects.vigentes().filter(pk=elenco.tema_tablas.pk).exists()
    assert "Valoración documental" in navegador.get(url("catalogo", "temas"), {"ver": "historicos"}).content.decode()
    assert navegador.get(url("editar", "temas", elenco.tema_tablas.pk)).status_code == 404
    navegador.post(url("reabrir", "temas", elenco.tema_tablas.pk))
    assert Tema.objects.vigentes().filter(pk=elenco.tema_tablas.pk).exists()


def test_what_others_use_is_not_ended(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    casos = (
        ("sectores", elenco.secretaria.sector),
        ("dependencias", elenco.tecnica),
        ("modalidades", elenco.concepto),
    )
    for clave, fila in casos:
        pagina = navegador.post(url("terminar", clave, fila.pk), {"hasta": HOY().isoformat(), "motivo": "x"})
        assert "Todavía no se puede" in pagina.content.decode(), clave
        fila.refresh_from_db()
        assert fila.hasta is None


def test_what_is_wrong_is_said_in_spanish_at_its_field(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    repetido = navegador.post(url("nueva", "sectores"), {"codigo": "02", "nombre": "Gobierno", "desde": "2026-01-01"})
    assert set(repetido.context["form"].errors) == {"codigo", "nombre"}
    assert "Ya existe" in str(repetido.context["form"].errors)
    al_reves = navegador.post(url("terminar", "temas", elenco.tema_tablas.pk), {"hasta": "2020-01-01", "motivo": "x"})
    assert "La vigencia no puede terminar antes de empezar" in al_reves.content.decode()


def test_the_code_of_a_row_never_changes(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    navegador.post(
        url("editar", "sectores", elenco.secretaria.sector.pk),
        {"codigo": "99", "nombre": "Gobierno y paz", "desde": "2024-01-01"},
    )
    sector = Sector.objects.get(pk=elenco.secretaria.sector.pk)
    assert (sector.codigo, sector.nombre) == ("02", "Gobierno y paz")


def test_a_new_modality_needs_no_code(elenco: Elenco, entrar) -> None:
    """R3."""
    datos = {
        "codigo": "clinica",
        "nombre": "Clínica",
        "descripcion": "Un caso entre varios",
        "orden": 60,
        "formulario": "general",
        "se_puede_pedir": "on",
        "desde": "2026-01-01",
    }
    assert entrar(elenco.administradora).post(url("nueva", "modalidades"), datos).status_code == 302
    assert Modalidad.objects.vigentes().filter(codigo="clinica").exists()


def test_changing_who_attends_a_tema_counts_for_new_solicitudes_only(elenco: Elenco) -> None:
    """E19."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.administradora):
        cambiar_fila(fila=elenco.tema_tablas, datos={"dependencia": elenco.tecnica})
    tema = Tema.objects.get(pk=elenco.tema_tablas.pk)
    nueva = radicada(por=elenco.enlace, temas=[tema])
    with como_sistema("prueba"):
        assert [p.dependencia for p in vieja.partes.order_by("id")] == [elenco.sistema_archivos]
        assert [p.dependencia for p in nueva.partes.order_by("id")] == [elenco.tecnica]


# --- Asesores by sector (R41) ---
def test_a_sector_without_asesor_is_alerted(elenco: Elenco, entrar) -> None:
    assert vacantes() == []
    asignacion = AsignacionSector.objects.get(dependencia=elenco.tecnica, sector=elenco.secretaria.sector)
    navegador = entrar(elenco.administradora)
    assert "sin asesor activo" not in navegador.get(url("catalogos")).content.decode()
    with actuar(elenco.administradora):
        terminar_fila(fila=asignacion, hasta=HOY() - timedelta(days=1))
    (vacante,) = vacantes()
    assert (vacante.dependencia, vacante.sector) == (elenco.tecnica, elenco.secretaria.sector)
    for destino in (url("catalogos"), url("catalogo", "asignaciones")):
        texto = navegador.get(destino).content.decode()
        assert "1 sector sin asesor activo" in texto
        assert "Gobierno" in texto


def test_a_dependencia_without_a_head_or_without_anybody_is_alerted(elenco: Elenco, entrar) -> None:
    """R57: nobody could sign there; an encargo mends it, and so does the dirección above."""
    de_antes = {s.dependencia for s in dependencias_solas()}
    assert elenco.sistema_archivos not in de_antes
    with como_sistema("prueba"):
        jefes = Membresia.objects.filter(dependencia__in=[elenco.sistema_archivos, elenco.archivo])
        jefes.filter(rol__in=["director", "subdirector"]).update(hasta=HOY() - timedelta(days=1))
    (sola,) = [s for s in dependencias_solas() if s.dependencia not in de_antes]
    assert sola.dependencia == elenco.sistema_archivos
    assert "no se pueden firmar" in sola.motivo
    navegador = entrar(elenco.administradora)
    for destino in (url("catalogos"), url("catalogo", "dependencias")):
        assert "no se pueden firmar" in navegador.get(destino).content.decode()
    encargo = Encargo.objects.create(
        dependencia=elenco.archivo,
        persona=elenco.asesora,
        cargo="Directora",
        acto="Resolución 1",
        desde=HOY() - timedelta(days=9),
    )
    assert {s.dependencia for s in dependencias_solas()} == de_antes
    Encargo.objects.filter(pk=encargo.pk).update(hasta=HOY() - timedelta(days=1))
    with como_sistema("prueba"):
        Membresia.objects.filter(dependencia=elenco.sistema_archivos).update(hasta=HOY() - timedelta(days=1))
    assert "Nadie atiende" in {s.dependencia: s.motivo for s in dependencias_solas()}[elenco.sistema_archivos]


def test_an_asesor_who_left_counts_as_nobody_unless_there_is_a_substitute(elenco: Elenco) -> None:
    elenco.asesor_tecnica.is_active = False
    elenco.asesor_tecnica.save()
    assert {v.sector for v in vacantes()} == {
        e.sector for e in (elenco.secretaria, elenco.instituto, elenco.prestadora)
    }
    suplente = FabricaMembresia(rol="asesor", entidad=None, dependencia=elenco.tecnica).persona
    with actuar(elenco.administradora):
        for asignacion in AsignacionSector.objects.filter(dependencia=elenco.tecnica):
            cambiar_fila(fila=asignacion, datos={"suplente": suplente})
    assert vacantes() == []


def test_another_asesor_ends_one_assignment_and_begins_another(elenco: Elenco) -> None:
    """Table asesor × sector × vigencia."""
    nuevo = FabricaMembresia(rol="asesor", entidad=None, dependencia=elenco.tecnica).persona
    vieja = AsignacionSector.objects.get(dependencia=elenco.tecnica, sector=elenco.secretaria.sector)
    with actuar(elenco.administradora):
        nueva = cambiar_fila(fila=vieja, datos={"asesor": nuevo, "suplente": None})
        otra = cambiar_fila(fila=nueva, datos={"asesor": elenco.asesor_tecnica, "suplente": None})
    vieja.refresh_from_db()
    assert (vieja.asesor, vieja.hasta) == (elenco.asesor_tecnica, HOY() - timedelta(days=1))
    assert (nueva.pk, nueva.desde) == (otra.pk, HOY())
    assert otra.asesor == elenco.asesor_tecnica
    assert vacantes() == []


def test_the_substitute_is_somebody_else(elenco: Elenco) -> None:
    asignacion = AsignacionSector.objects.filter(dependencia=elenco.tecnica).order_by("id").first()
    with actuar(elenco.administradora), pytest.raises(ValidationError, match="otra persona"):
        cambiar_fila(fila=asignacion, datos={"suplente": elenco.asesor_tecnica})


def test_a_sector_has_one_asesor_in_a_dependencia(elenco: Elenco, entrar) -> None:
    datos = {
        "dependencia": elenco.tecnica.pk,
        "sector": elenco.secretaria.sector.pk,
        "asesor": elenco.asesor_tecnica.pk,
        "suplente": "",
        "desde": "2026-01-01",
    }
    pagina = entrar(elenco.administradora).post(url("nueva", "asignaciones"), datos)
    assert "ya tiene asesor en la dependencia" in pagina.content.decode()


def test_only_staff_is_offered_as_asesor(elenco: Elenco, entrar) -> None:
    form = entrar(elenco.administradora).get(url("nueva", "asignaciones")).context["form"]
    with actuar(elenco.administradora):
        ofrecidas = set(form.fields["asesor"].queryset)
    assert elenco.asesor_tecnica in ofrecidas
    assert not ofrecidas & {elenco.enlace, elenco.ajena, elenco.administradora}


# --- Encargos (R57) ---
def encargo(elenco: Elenco, persona: Persona, desde: date, hasta: date | None) -> Encargo:
    with actuar(elenco.administradora):
        return crear_fila(  # type: ignore[return-value]
            modelo=Encargo,
            datos={
                "dependencia": elenco.archivo,
                "persona": persona,
                "cargo": "Director (E)",
                "acto": "Resolución 1",
                "desde": desde,
                "hasta": hasta,
            },
        )


def test_two_encargos_never_cross(elenco: Elenco) -> None:
    encargo(elenco, elenco.subdirector, date(2026, 12, 1), date(2026, 12, 15))
    encargo(elenco, elenco.revisora, date(2026, 12, 16), date(2026, 12, 20))
    for desde, hasta in ((1, 1), (15, 16), (10, 30)):
        with pytest.raises(ValidationError, match="Se cruza"):
            encargo(elenco, elenco.asesora, date(2026, 12, desde), date(2026, 12, hasta))
    with pytest.raises(ValidationError, match="último día"):
        encargo(elenco, elenco.asesora, date(2027, 1, 1), None)


# --- Calendar ---
def confirmando(navegador, donde: str, datos: dict):
    """Send it and, when it says what would change, confirm what was seen (tests/solicitudes/test_reflujo.py)."""
    respuesta = navegador.post(donde, datos)
    efecto = (respuesta.context or {}).get("efecto")
    return navegador.post(donde, datos | {"confirmado": efecto.huella}) if efecto else respuesta


def test_a_decreed_day_goes_through_plazos(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    datos = {"fecha": "2026-12-24", "tipo": "no_habil", "acto": "Decreto 512 de 2026", "nota": ""}
    assert confirmando(navegador, url("nueva", "dias"), datos).status_code == 302
    dia = DiaExtraordinario.objects.get(fecha=date(2026, 12, 24))
    repetido = confirmando(navegador, url("nueva", "dias"), datos).content.decode()
    assert "ya tiene un acto vigente" in repetido
    pagina = navegador.get(url("fila", "dias", dia.pk)).content.decode()
    assert "24 de diciembre de 2026: no hábil (Decreto 512 de 2026)" in pagina and "Motivo del retiro" not in pagina
    retirar = navegador.get(url("terminar", "dias", dia.pk)).content.decode()
    assert "Deja de contar en los plazos." in retirar and "nadie puede elegirlo" not in retirar
    sin_motivo = navegador.post(url("terminar", "dias", dia.pk), {"motivo": ""})
    assert "motivo" in sin_motivo.context["form"].errors
    confirmando(navegador, url("terminar", "dias", dia.pk), {"motivo": "Se derogó"})
    dia.refresh_from_db()
    assert dia.motivo_retiro == "Se derogó"
    assert [s.accion for s in sucesos(dia)] == ["catalogo.crear", "catalogo.retirar"]
    assert navegador.post(url("reabrir", "dias", dia.pk), follow=True).status_code == 200


def test_a_holiday_is_added_with_who_says_it(elenco: Elenco, entrar) -> None:
    datos = {"fecha": "2027-03-15", "nombre": "Día nuevo", "norma": "Ley 9 de 2027"}
    assert confirmando(entrar(elenco.administradora), url("nueva", "festivos"), datos).status_code == 302
    assert FestivoAnual.objects.get(nombre="Día nuevo").fuente == "El administrador del portal"


def test_office_hours_are_set_and_corrected(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    datos = {
        "dependencia_codigo": "DDRI",
        "desde": "2027-01-01",
        "abre": "08:00",
        "cierra": "17:00",
        "norma": "Resolución 2",
        "confianza": "",
    }
    alta = navegador.post(url("nueva", "horarios"), datos)
    assert alta.status_code == 302
    pk = int(alta["Location"].rstrip("/").rpartition("/")[2])
    assert navegador.post(url("editar", "horarios", pk), datos | {"cierra": "16:30"}).status_code == 302
    al_reves = navegador.post(url("editar", "horarios", pk), datos | {"cierra": "07:00"}).content.decode()
    assert "La hora de abrir debe ser anterior a la de cerrar" in al_reves
    HorarioAtencion.objects.filter(pk=pk).update(desde=HOY() + timedelta(days=40))
    leida = navegador.get(url("fila", "horarios", pk)).content.decode()
    assert "<ins>4:30\xa0p.\xa0m.</ins>" in leida and "16:30:00" not in leida
    assert "Rige desde el" in leida and ">Vigente<" not in leida, "lo que todavía no rige no se llama vigente"


def test_the_history_of_a_row_costs_the_same_with_one_and_many_changes(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.administradora)
    lugares = [elenco.sistema_archivos, elenco.tecnica]
    datos = {"correo": "otro@alcaldia.example", "para_que": "Consultas", "desde": "2026-01-01"}
    navegador.post(url("nueva", "buzones"), datos | {"dependencia": lugares[0].pk})
    buzon = Buzon.objects.get(correo="otro@alcaldia.example")
    ruta = url("fila", "buzones", buzon.pk)
    navegador.get(ruta)
    cuantas = []
    for hasta in (1, 3, 25):
        for n in range(hasta):
            navegador.post(url("editar", "buzones", buzon.pk), datos | {"dependencia": lugares[n % 2].pk})
        with CaptureQueriesContext(connection) as consultas:
            assert navegador.get(ruta).status_code == 200
        cuantas.append(len(consultas))
    assert len(set(cuantas)) == 1, cuantas


def test_office_hours_are_listed_by_name_and_in_one_line(elenco: Elenco, entrar) -> None:
    HorarioAtencion.objects.create(
        dependencia_codigo=elenco.archivo.codigo, desde=date(2026, 1, 1), abre=time(8), cierra=time(17), norma="Acto"
    )
    pagina = entrar(elenco.administradora).get(url("catalogo", "horarios")).content.decode()
    assert f">{elenco.archivo.nombre}</a>" in pagina and "5:00\u00a0p.\u00a0m." in pagina


def test_an_empty_catalogue_says_what_is_missing(elenco: Elenco, entrar) -> None:
    pagina = entrar(elenco.administradora).get(url("catalogo", "dias")).content.decode()
    assert "Todavía no hay días extraordinarios." in pagina and "0 filas" not in pagina


def otra_fila(elenco: Elenco, clave: str, n: int) -> None:
    dia = date(2031, 1, 1) + timedelta(days=n)
    if clave == "temas":
        FabricaTema(codigo=f"MAS-{n}", dependencia=elenco.tecnica)
        sector = Sector.objects.create(codigo=f"M{n}", nombre=f"S{n}")
        FabricaAsignacionSector(dependencia=elenco.tecnica, sector=sector, asesor=elenco.asesor_tecnica)
    elif clave == "festivos":
        FestivoAnual.objects.create(fecha=dia, nombre="Fiesta", norma="Ley", fuente="Prueba")
    elif clave == "dias":
        DiaExtraordinario.objects.create(fecha=dia, acto="Decreto 1")
    elif clave == "ans":
        AcuerdoServicio.objects.create(
            dependencia=elenco.tecnica if n % 2 else elenco.sistema_archivos,
            modalidad=elenco.concepto,
            etapa=f"Etapa {n}",
            dias=5,
        )


@pytest.mark.parametrize("clave", ["temas", "festivos", "dias", "ans"])
def test_the_list_costs_the_same_with_1_3_and_25_more(elenco: Elenco, entrar, clave: str) -> None:
    navegador = entrar(elenco.administradora)
    navegador.get(url("catalogo", clave))  # what a process or a session reads only once
    cuantas, hechas = [], 0
    for hasta in (1, 3, 25):
        for n in range(hechas, hasta):
            otra_fila(elenco, clave, n)
        hechas = hasta
        with CaptureQueriesContext(connection) as consultas:
            assert navegador.get(url("catalogo", clave)).status_code == 200
        cuantas.append(len(consultas))
    assert len(set(cuantas)) == 1, cuantas
