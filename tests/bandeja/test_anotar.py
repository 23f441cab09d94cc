"""Leaving a fact: once per key, inside the caller's transaction, readable by nobody (security.md §5.3)."""

import time

import pytest
from celery import current_app
from django.db import DatabaseError, connection, transaction

from alcance import Alcance, como_sistema, con_alcance
from bandeja import timbre
from bandeja.models import Entrega
from bandeja.services import Hecho, anotar, anotar_varios
from tests.bandeja.conftest import ENLACE, dejar, estados


@pytest.mark.django_db
def test_la_misma_clave_es_un_solo_hecho() -> None:
    dejar("prueba.a", "uno", "uno", "dos")
    dejar("prueba.a", "uno")
    assert estados() == {"uno": "pendiente", "dos": "pendiente"}


RAROS = (
    'con "comillas"',
    "con \\ barra",
    "{a,b}",
    "a, b",
    "NULL",
    "ñandú\n\tdos líneas",
    "'apóstrofo'",
    "%s $1",
    " ",
    "\\",
)


@pytest.mark.django_db
def test_lo_escrito_llega_como_se_escribio() -> None:
    """Many travel in one value of each column, with quotes of the database's own."""
    with con_alcance(ENLACE), transaction.atomic():
        anotar_varios([
            Hecho("prueba.a", clave, {"dice": clave}, clave, None if clave == "NULL" else len(clave))
            for clave in RAROS
        ])  # fmt: skip
    with como_sistema("prueba"):
        filas = Entrega.objects.values_list("clave_idempotencia", "carga", "destinatario", "solicitud_id")
        escrito = {clave: tuple(lo_demas) for clave, *lo_demas in filas}
    assert escrito == {clave: ({"dice": clave}, clave, None if clave == "NULL" else len(clave)) for clave in RAROS}


@pytest.mark.django_db
def test_un_texto_que_la_base_no_puede_llevar_no_parte_a_los_demas() -> None:
    """A NUL inside a key is not the end of it: nothing is left."""
    with con_alcance(ENLACE), transaction.atomic(), pytest.raises(ValueError, match="nulo"):
        anotar_varios([Hecho("prueba.a", "uno\0dos", {}), Hecho("prueba.a", "tres", {})])
    assert estados() == {}


def test_vive_o_muere_con_la_transaccion(base_propia: str) -> None:
    with pytest.raises(ZeroDivisionError), con_alcance(ENLACE), transaction.atomic():
        anotar(tipo="prueba.a", clave="no", carga={})
        raise ZeroDivisionError
    dejar("prueba.a", "si")
    assert estados() == {"si": "pendiente"}


@pytest.mark.django_db
def test_quien_anota_no_lee_y_un_anonimo_no_anota() -> None:
    dejar("prueba.a", "uno")
    for alcance in (ENLACE, Alcance(persona_id=1, rol="administrador", nivel="todas")):
        with con_alcance(alcance):
            assert Entrega.objects.count() == 0
            assert Entrega.objects.filter(clave_idempotencia="uno").update(estado="hecha") == 0
    with con_alcance(Alcance()), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        anotar(tipo="prueba.a", clave="anonimo", carga={})
    with como_sistema("verificación pública"):
        anotar(tipo="prueba.a", clave="sistema", carga={})


@pytest.mark.django_db
@pytest.mark.parametrize("forma", ["returning id", "on conflict (clave_idempotencia) do nothing"])
def test_por_que_se_inserta_asi(forma: str) -> None:
    """Negative control: with RETURNING or a conflict target PostgreSQL asks for the right to read."""
    sql = f"""insert into bandeja_entrega (clave_idempotencia, tipo, carga, destinatario, estado, intento,
              proximo_intento, tomada_por, posible_duplicado, error, creada_en, descarte_motivo)
              values ('x', 'x', '{{}}', '', 'pendiente', 0, now(), '', false, '', now(), '') {forma}"""
    with con_alcance(ENLACE), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        connection.cursor().execute(sql)


def test_el_timbre_suena_una_vez_por_transaccion(base_propia: str, monkeypatch) -> None:
    """Also when the first fact was undone with its savepoint."""
    toques: list[int] = []
    monkeypatch.setattr(timbre, "tocar", lambda: toques.append(1))
    dejar("prueba.a", "uno", "dos", "tres")
    assert len(toques) == 1
    with con_alcance(ENLACE), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            anotar(tipo="prueba.a", clave="deshecho", carga={})
            raise ZeroDivisionError
        assert len(toques) == 1
        anotar(tipo="prueba.a", clave="cuatro", carga={})
    assert len(toques) == 2


@pytest.mark.parametrize("broker", ["redis+socket:///tmp/aqui-no-hay-nadie.sock", "redis://127.0.0.1:1/0"])
def test_sin_broker_quien_pide_no_espera(broker: str, monkeypatch) -> None:
    """With no broker the ring fails by itself, elsewhere: asking for it takes no time (F03)."""
    monkeypatch.setattr(current_app.conf, "broker_url", broker)
    monkeypatch.setattr(current_app.conf, "broker_write_url", broker)
    mio = timbre.Timbre()
    inicio = time.monotonic()
    for _ in range(100):
        mio.tocar()
    assert time.monotonic() - inicio < 0.2
