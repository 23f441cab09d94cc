"""What is recorded, by whom, and that it is recorded without the right to read it (security.md §5.8, A05)."""

import json

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alcance import Alcance, SinAlcance, como_sistema, con_alcance
from bitacora.contexto import PeticionMiddleware, con_peticion, direccion_ip
from bitacora.models import Suceso
from bitacora.services import canonico, registrar
from direcciones.models import Dependencia, Entidad, Membresia, Sector

pytestmark = pytest.mark.django_db
ENLACE = Alcance(persona_id=7, rol="enlace", entidad_id=5)
AUDITORA = Alcance(persona_id=9, rol="auditor", nivel="auditor")


def ultimo() -> Suceso:
    with como_sistema("prueba"):
        return Suceso.objects.order_by("-id")[:1].get()


def test_quien_registra_no_puede_leer() -> None:
    """An enlace leaves a mark and reads none: INSERT without RETURNING and without a conflict target."""
    with con_alcance(ENLACE), con_peticion(codigo="abc123", ip="190.1.2.3"):
        registrar(accion="prueba", despues={"estado": "radicada"}, solicitud_id=4, entidad_id=5, dependencias=[3, 2])
        assert Suceso.objects.count() == 0
    suceso = ultimo()
    assert (suceso.actor_id, suceso.rol, suceso.ip, suceso.peticion) == (7, "enlace", "190.1.2.3", "abc123")
    assert (suceso.cadena, suceso.solicitud_id, suceso.dependencias) == ("entidad-5", 4, [2, 3])
    assert suceso.cambios == {"estado": (None, "radicada")} and suceso.en is not None


@pytest.mark.parametrize(
    "forma",
    [
        "insert into bitacora_suceso ({0}) values ({1}) returning id",
        "insert into bitacora_suceso ({0}) values ({1}) on conflict (id) do nothing",
    ],
)
def test_por_que_se_inserta_asi(forma: str) -> None:
    """With RETURNING or a conflict target PostgreSQL asks for the right to read: the negative control."""
    vacios = ["cadena", "objeto_tipo", "objeto_id", "objeto_texto", "antes", "despues", "motivo", "motivo_sal"]
    vacios += ["motivo_huella", "ip", "peticion", "hash_anterior", "hash"]
    datos = {"accion": "'x'", "actor_id": "7", "rol": "'enlace'", "dependencias": "'{}'"}
    datos |= dict.fromkeys(vacios, "''")
    sql = forma.format(", ".join(datos), ", ".join(datos.values()))
    with con_alcance(ENLACE), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        connection.cursor().execute(sql)


def test_nadie_registra_en_nombre_de_otro() -> None:
    with con_alcance(ENLACE):
        for ajeno in ({"actor_id": 8, "rol": "enlace"}, {"actor_id": 7, "rol": "director"}):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Suceso.objects.bulk_create([Suceso(accion="x", **ajeno)], ignore_conflicts=True)


def test_sin_alcance_no_se_registra() -> None:
    with pytest.raises(SinAlcance):
        registrar(accion="prueba")


def test_lo_asigna_la_base_y_no_quien_escribe() -> None:
    """Chain, instant, position and hashes sent by the program are ignored."""
    with con_alcance(ENLACE):
        falso = Suceso(actor_id=7, rol="enlace", accion="x", cadena="entidad-1", posicion=99, hash="f" * 64)
        Suceso.objects.bulk_create([falso], ignore_conflicts=True)
    suceso = ultimo()
    assert (suceso.cadena, suceso.posicion, suceso.hash) == ("sistema", None, "")
    connection.check_constraints()
    suceso = ultimo()
    assert suceso.posicion is not None and len(suceso.hash) == 64


def test_quien_lee() -> None:
    """Auditor and administrator all; a head, their dependencias; an asesor and an entity, nothing."""
    with como_sistema("prueba"):
        registrar(accion="a", entidad_id=5, dependencias=[1])
        registrar(accion="b", dependencias=[2])
    casos = {
        AUDITORA: {"a", "b"},
        Alcance(persona_id=1, rol="administrador", nivel="todas"): {"a", "b"},
        Alcance(persona_id=1, rol="director", dependencias=(1,), jefaturas=(1,)): {"a"},
        Alcance(persona_id=1, rol="asesor", dependencias=(1,)): set(),
        Alcance(persona_id=1, rol="admin_entidad", entidad_id=5): set(),
        Alcance(persona_id=1, rol="subsecretario", nivel="todas"): set(),
    }
    for alcance, esperado in casos.items():
        with con_alcance(alcance):
            for filas in (Suceso.objects.all(), Suceso.objects.visibles_para(alcance)):
                assert {s.accion for s in filas if s.accion in {"a", "b"}} == esperado, alcance


def test_datos_del_objeto() -> None:
    """Entidad, dependencia and label come from the object; a name is never copied."""
    with como_sistema("prueba"):
        sector = Sector.objects.create(codigo="91", nombre="Sector")
        entidad = Entidad.objects.create(codigo="91-01", nombre="Entidad", sector=sector, tipo="central")
        dependencia = Dependencia.objects.create(codigo="D91", nombre="Dependencia", nombre_corto="D")
        registrar(accion="x", objeto=Membresia(pk=3, entidad=entidad, dependencia=dependencia, persona_id=1))
    suceso = ultimo()
    assert (suceso.objeto_tipo, suceso.objeto_id, suceso.objeto_texto) == ("direcciones.membresia", "3", "")
    assert (suceso.entidad_id, suceso.dependencias) == (entidad.pk, [dependencia.pk])


def test_lo_personal_solo_por_su_identificador() -> None:
    """A06: an address or somebody's words are refused, not stored."""
    with pytest.raises(ValueError, match="correo"):
        canonico({"correo": "a@b.c"})


@settings(suppress_health_check=[HealthCheck.too_slow])  # of a busy machine, not of the code
@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_el_json_es_una_linea(datos: dict) -> None:
    """A05: CR, LF, ANSI, NUL and lone surrogates end as escapes inside one line of valid JSON."""
    try:
        texto = canonico(datos)
    except ValueError:
        return
    assert texto.isascii() and texto.isprintable()
    assert json.loads(texto or "{}") == json.loads(json.dumps(datos))


def test_un_texto_con_saltos_queda_en_una_linea() -> None:
    with con_alcance(ENLACE):
        registrar(accion="x", texto="AT-1\r\n2026 \x1b[31mroja\u202e\x00", motivo="uno\x00\ndos")
    suceso = ultimo()
    assert suceso.objeto_texto == "AT-1  2026  [31mroja" and suceso.motivo == "uno\ndos"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_el_nombre_de_un_objeto_es_una_linea_visible(escrito: str) -> None:
    """A05: whatever a subject or a file name brings, the bitácora shows one line."""
    with con_alcance(ENLACE), transaction.atomic():
        registrar(accion="x", texto=escrito, despues={"nombre": escrito})
        suceso = ultimo()
        transaction.set_rollback(True)
    assert suceso.objeto_texto.isprintable()
    assert suceso.despues.isascii() and suceso.despues.isprintable()


def test_direccion_ip_segun_los_proxies(settings) -> None:
    """N01: only what our own proxies wrote is believed."""
    pedir = RequestFactory().get(
        "/", headers={"x-forwarded-for": "6.6.6.6, 190.1.2.3, 10.0.0.2"}, REMOTE_ADDR="10.0.0.1"
    )
    for proxies, esperada in ((0, "10.0.0.1"), (1, "10.0.0.2"), (2, "190.1.2.3"), (9, "10.0.0.1")):
        settings.PROXIES = proxies
        assert direccion_ip(pedir) == esperada
    settings.PROXIES = 1
    assert direccion_ip(RequestFactory().get("/", headers={"x-forwarded-for": "<script>"})) == ""


def test_cada_peticion_tiene_su_codigo() -> None:
    vistos = []
    mediador = PeticionMiddleware(lambda request: vistos.append(request.codigo) or HttpResponse())
    codigos = [mediador(RequestFactory().get("/"))["X-Request-ID"] for _ in range(2)]
    assert codigos == vistos and len(set(codigos)) == 2


def test_suprimir_un_motivo_no_rompe_nada_y_nada_mas_se_puede_cambiar() -> None:
    """Ley 1581: what a person wrote may go, its digest stays. Only the data role may, never the web."""
    with con_alcance(ENLACE):
        registrar(accion="x", motivo="Mi cédula es 123")
    connection.check_constraints()
    with como_sistema("prueba"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Suceso.objects.filter(pk=ultimo().pk).update(motivo="", motivo_sal="")


def test_la_tabla_no_se_llama_desde_fuera_de_un_alcance() -> None:
    with pytest.raises((SinAlcance, ObjectDoesNotExist)):
        Suceso.objects.get(pk=1)
