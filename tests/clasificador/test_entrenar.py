"""Training by command: what it learns from, what it keeps, and that a worse one never takes the place of a better."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from clasificador import services
from clasificador.models import ModeloTexto
from clasificador.services import entrenar_si_toca, sugerir_para, vigente
from direcciones.models import Tema
from solicitudes.services.aprendizaje import ejemplos_de_solicitudes
from tests.clasificador import apoyos
from tests.fabricas import escribiendo, radicada

pytestmark = pytest.mark.django_db
TEXTO = "Fondo acumulado\nQueremos valorar el fondo acumulado de la bodega."


@pytest.fixture
def con_los_ejemplos(monkeypatch):
    """The 42 examples as if they had been filed, and the catalogue of `datos/`."""
    monkeypatch.setattr(services, "fuentes", lambda: {"ejemplos": apoyos.ejemplos})
    monkeypatch.setattr(services, "catalogo_vigente", lambda: list(apoyos.catalogo()))
    monkeypatch.setattr(services, "nombres_de_entidades", apoyos.nombres)


def entrenar(*opciones: str) -> dict:
    salida = io.StringIO()
    call_command("entrenar_clasificador", "--json", *opciones, stdout=salida)
    return json.loads(salida.getvalue())


def test_the_command_trains_keeps_and_puts_in_force(con_los_ejemplos) -> None:
    dicho = entrenar()

    assert dicho["modelo"] == ModeloTexto.objects.get().pk
    assert (dicho["ejemplos"], dicho["fuentes"]) == (42, {"ejemplos": 42})
    assert dicho["medidas"]["direccion"] == {"cuantos": 42, "exactitud": 1.0, "entre_tres": 1.0}
    assert dicho["bytes"] < 2_000_000
    assert vigente() == apoyos.modelo()


def test_it_says_it_in_words_too(con_los_ejemplos) -> None:
    salida = io.StringIO()
    call_command("entrenar_clasificador", stdout=salida)

    assert "Ejemplos: 42 de ejemplos." in salida.getvalue()
    assert "direccion: acierta 100,0%" in salida.getvalue()


def test_a_worse_one_is_refused_and_said_unless_it_is_asked(con_los_ejemplos, monkeypatch) -> None:
    entrenar()
    bueno = ModeloTexto.objects.get()
    revueltos = [_con_lo_de_otro(n) for n in range(42)]
    monkeypatch.setattr(services, "fuentes", lambda: {"ejemplos": lambda: revueltos})

    with pytest.raises(CommandError, match=r"Sigue en uso el anterior\. direccion: acertaba 100,0%"):
        entrenar()

    assert ModeloTexto.objects.get() == bueno
    assert entrenar("--aunque-peor")["modelo"] > bueno.pk


def _con_lo_de_otro(n: int):
    """Each example with the labels of another: nothing that can be learned."""
    texto, otro = apoyos.ejemplos()[n], apoyos.ejemplos()[(n + 7) % 42]
    return type(texto)(texto.texto, otro.temas, otro.direccion, otro.dependencia, remitente=texto.remitente)


def test_before_any_training_the_catalogue_teaches_and_follows_its_changes(elenco) -> None:
    assert sugerir_para(TEXTO).temas[0].codigo == "DDAB-12"

    with escribiendo():
        Tema.objects.filter(codigo="DDDI-01").update(palabras_clave="fondo acumulado, bodega, valorar, queremos")

    assert sugerir_para(TEXTO).temas[0].codigo == "DDDI-01"


def test_one_that_cannot_be_read_leaves_the_catalogue(elenco) -> None:
    ModeloTexto.objects.create(contenido=b"de otra version", ejemplos=1)

    assert sugerir_para(TEXTO).temas[0].codigo == "DDAB-12"


def test_past_requests_teach_and_the_reserved_never(elenco) -> None:
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad], asunto="Dos temas")
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Secreta", reservada=True, motivo_reserva="Datos")
    radicada(por=elenco.enlace, temas=[elenco.tema_comision], asunto="Viaje")

    [uno] = ejemplos_de_solicitudes()

    assert uno.texto.startswith("Dos temas\n")
    assert set(uno.temas) == {"DDAB-12", "DDDI-01"}
    assert (set(uno.direccion), set(uno.dependencia)) == ({"DDAB", "DDDI"}, {"SSDA", "STDI"})
    assert not uno.es_catalogo and uno.remitente


def test_by_the_clock_only_when_enough_was_decided(con_los_ejemplos, monkeypatch) -> None:
    assert entrenar_si_toca() is None  # 42 of the 50 that a first one needs
    monkeypatch.setattr(services, "NUEVOS", 42)

    hecho = entrenar_si_toca()

    assert hecho is not None and hecho.guardado
    assert entrenar_si_toca() is None


def test_what_was_trained_is_never_changed(con_los_ejemplos) -> None:
    entrenar()
    for orden in ("update clasificador_modelotexto set ejemplos = 0", "delete from clasificador_modelotexto"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(orden)
