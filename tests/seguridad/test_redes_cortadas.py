"""Break it on purpose (security.md §4.9): each net cut alone is reported, and the others still hold.

Cutting the second and the third together must bring canaries out: otherwise the proof would be looking elsewhere.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg2
import pytest
from django.db.models import Model

from alcance.politicas import Politica
from direcciones.roles import Rol
from sdfi_portal.aislamiento import matriz, redes
from sdfi_portal.aislamiento.elenco import ANONIMO, SIN_ROL
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo, mundo
from sdfi_portal.aislamiento.objetos import Objeto
from sdfi_portal.aislamiento.prueba import SIN_TERCERA, Prueba, Resultado, sin_politicas
from solicitudes.models import Solicitud
from tests.seguridad import urls_plantadas
from tests.soporte.bases import Fabrica

pytestmark = pytest.mark.ignore_template_errors
MODELOS = sorted(redes.modelos_inquilinos(), key=lambda m: m._meta.label)
ALGUNOS = (ANONIMO, SIN_ROL, "enlace_a", "enlace_b", "asesor_x", "asesor_y", "auditor")
PLANTADAS = ("plantada:bien", "plantada:lista")


@pytest.fixture(autouse=True)
def _urls_plantadas(plantadas: None) -> None:
    pass


def puertas(este: Mundo, *nombres: str) -> Resultado:
    """What the proof says of these URLs, through the door and with the row policies open."""
    prueba = Prueba(este, propias=urls_plantadas.FILAS, solo=nombres, papeles=ALGUNOS)
    prueba.puertas()
    prueba.sin_tercera_red()
    return prueba.resultado


def hallazgos(resultado: Resultado, red: str) -> list[str]:
    return [str(d) for d in resultado.discrepancias if d.red == red]


@contextmanager
def sin_gestor(*modelos: type[Model]) -> Iterator[None]:
    """The second net cut: everything is visible for everybody."""
    clases = {m._default_manager._queryset_class for m in modelos}
    originales = {clase: clase.visibles_para for clase in clases}  # type: ignore[attr-defined]
    try:
        for clase in clases:
            clase.visibles_para = lambda self, alcance: self.all()  # type: ignore[attr-defined]
        yield
    finally:
        for clase, original in originales.items():
            clase.visibles_para = original  # type: ignore[attr-defined]


def de_la_clase(este: Mundo, modelo: type[Model]) -> dict[str, Objeto]:
    return {clave: objeto for clave, objeto in este.objetos.items() if type(objeto.fila) is modelo}


def canarios_a_la_vista(este: Mundo) -> int:
    """Foreign canaries that come out through the planted list and the planted page."""
    prueba = Prueba(este, propias=urls_plantadas.FILAS, solo=PLANTADAS, papeles=ALGUNOS)
    prueba.puertas()
    return len(hallazgos(prueba.resultado, "canario"))


# --- Nothing cut -----------------------------------------------------------------------------------------------------
def test_a_right_view_gives_nothing_to_report(este: Mundo) -> None:
    assert puertas(este, *PLANTADAS).discrepancias == []


# --- The table of URLs (T02) -----------------------------------------------------------------------------------------
def test_a_new_url_without_a_row_is_reported(este: Mundo) -> None:
    [falta] = hallazgos(puertas(este, "plantada:sin_fila"), "ruta")
    assert "ninguna fila en RUTAS" in falta


def test_a_new_url_without_a_policy_is_reported_and_closed(este: Mundo) -> None:
    resultado = puertas(este, "plantada:sin_politica")

    assert any("No declara su política" in falta for falta in hallazgos(resultado, "ruta"))
    assert hallazgos(resultado, "matriz") == []  # and in the meantime the first net refuses it


# --- First net -------------------------------------------------------------------------------------------------------
def test_a_view_made_public_is_reported_and_shows_nothing(este: Mundo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls_plantadas.bien, "politica", Politica(publica=True, porque="por error"))
    monkeypatch.setattr(urls_plantadas.bien, "login_required", False, raising=False)

    resultado = puertas(este, "plantada:bien")

    assert any("pública y nadie la revisó" in falta for falta in hallazgos(resultado, "ruta"))
    assert any(ANONIMO in d for d in hallazgos(resultado, "matriz"))
    assert hallazgos(resultado, "canario") == []


# --- Second net ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("modelo", MODELOS, ids=lambda m: m.__name__)
def test_a_manager_that_lets_all_through_is_reported(este: Mundo, modelo: type[Model]) -> None:
    with sin_gestor(modelo):
        juicio = list(redes.segunda_red(este.elenco, de_la_clase(este, modelo)))

    assert any(ve and not debe for _, _, debe, ve in juicio)


def test_without_the_second_net_the_policies_hold(este: Mundo) -> None:
    with sin_gestor(*MODELOS):
        assert canarios_a_la_vista(este) == 0


# --- Third net -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("de_la_lista", [False, True], ids=["otras", "solicitud"])
def test_a_table_without_row_security_is_reported_and_the_managers_hold(
    base_propia: str, fabrica: Fabrica, de_la_lista: bool
) -> None:
    for modelo in [Solicitud] if de_la_lista else [m for m in MODELOS if m is not Solicitud]:
        tabla = modelo._meta.db_table
        with sin_candado(fabrica, base_propia, tabla), mundo() as este:
            prueba = Prueba(este, propias=urls_plantadas.FILAS, solo=PLANTADAS, papeles=ALGUNOS)
            prueba.catalogo()
            if de_la_lista:
                prueba.puertas()
            juicio = list(redes.tercera_red(este.elenco, de_la_clase(este, modelo)))

        assert any(tabla in hallazgo for hallazgo in hallazgos(prueba.resultado, "catálogo")), tabla
        assert prueba.resultado.tablas_rls == prueba.resultado.tablas_inquilino - 1
        assert any(ve and not debe for _, _, debe, ve in juicio), tabla
        assert hallazgos(prueba.resultado, "canario") == []


@contextmanager
def sin_candado(fabrica: Fabrica, base: str, tabla: str) -> Iterator[None]:
    """Row-level security off on one table, as only the cluster's administrator can."""
    conexion = psycopg2.connect(fabrica.postgres.dsn(base=base))
    conexion.autocommit = True
    try:
        with conexion.cursor() as cursor:
            cursor.execute(f"alter table {tabla} disable row level security")
            yield
            cursor.execute(f"alter table {tabla} enable row level security")
    finally:
        conexion.close()


# --- Fourth net ------------------------------------------------------------------------------------------------------
def test_a_view_that_forgets_the_filter_is_reported_and_the_policies_hold(este: Mundo) -> None:
    resultado = puertas(este, "plantada:sin_filtro")

    assert hallazgos(resultado, "matriz") == []  # today, with every net in place, nobody gets in
    assert hallazgos(resultado, SIN_TERCERA)  # but the view alone would let them
    assert any(SIN_TERCERA in hallazgo for hallazgo in hallazgos(resultado, "canario"))


# --- Two at once -----------------------------------------------------------------------------------------------------
def test_two_nets_cut_at_once_bring_canaries_out(este: Mundo) -> None:
    """The negative control of everything above: the canaries are really there to be found."""
    with sin_gestor(*MODELOS), sin_politicas():
        assert canarios_a_la_vista(este) > 0


def test_a_request_with_two_nets_cut_really_shows_what_is_foreign(este: Mundo) -> None:
    ajena = este.objeto("solicitud")
    with sin_gestor(*MODELOS), sin_politicas():
        respuesta = Marcador(este.elenco).llamar("enlace_b", "GET", "/plantada/lista/")
    assert ajena.canario.encode() in respuesta.cuerpo


# --- Fifty at random -------------------------------------------------------------------------------------------------
@pytest.mark.larga
@pytest.mark.parametrize("semilla", range(50))
def test_mutants_are_caught(base_propia: str, fabrica: Fabrica, semilla: int) -> None:
    """R1 of security.md §6, §4.9: the filter of a model, the row security of its table, or both. 50 of 50 are reported
    by the checks of the net that was cut; with the other net in place, no page of the portal shows what is foreign."""
    azar = random.Random(semilla)
    modelo, corte = azar.choice(MODELOS), ("gestor", "tabla", "ambas")[semilla % 3]
    with ExitStack() as cortes:
        if corte != "tabla":
            cortes.enter_context(sin_gestor(modelo))
        if corte != "gestor":
            cortes.enter_context(sin_candado(fabrica, base_propia, modelo._meta.db_table))
        este = cortes.enter_context(mundo())
        propios = set(de_la_clase(este, modelo))
        prueba = Prueba(este, solo=azar.sample(con_rol(), 2), papeles=ALGUNOS)
        prueba.puertas()
        prueba.redes()
        prueba.catalogo()

    assert bool(hallazgos(prueba.resultado, "gestor")) == (corte != "tabla")
    assert bool(hallazgos(prueba.resultado, "política")) == (corte != "gestor")
    assert bool(hallazgos(prueba.resultado, "catálogo")) == (corte != "gestor")
    assert propios & {d.objeto for d in prueba.resultado.discrepancias if d.red in {"gestor", "política"}}
    if corte != "ambas":
        assert hallazgos(prueba.resultado, "canario") == []


@pytest.mark.larga
@pytest.mark.parametrize("semilla", range(20))
def test_pages_that_ask_for_no_role_are_caught(este: Mundo, semilla: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first net: a page that forgets its roles is reported, and what is behind it shows nothing foreign."""
    prueba = Prueba(este, solo=[random.Random(semilla).choice(con_rol())])
    monkeypatch.setattr("alcance.politicas.Politica.permite", lambda self, request: True)

    prueba.puertas()

    assert prueba.resultado.discrepancias
    assert hallazgos(prueba.resultado, "canario") == []


def con_rol() -> list[str]:
    """Pages of the portal that not every role may open: where to open them all is a change."""
    paginas = (p for p in matriz.paginas() if p.politica and p.politica.roles and set(Rol) - p.politica.roles)
    return sorted(p.nombre for p in paginas if not p.nombre.startswith("plantada:"))
