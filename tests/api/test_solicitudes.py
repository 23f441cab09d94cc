"""The same services, permissions and tenancy as the pages: reading, filing once, writing once."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alcance import como_sistema
from bandeja.models import Entrega
from bitacora.models import Suceso
from direcciones.models import AcuerdoServicio
from solicitudes.models import Borrador, ConstanciaRadicacion, Mensaje, Solicitud
from solicitudes.services.entidad import retirar
from tests import fabricas as f
from tests.api.test_entrada import problema

pytestmark = pytest.mark.django_db


def cuerpo(**cambios: Any) -> dict[str, Any]:
    return {
        "temas": ["DDAB-12"],
        "asunto": "Historias laborales de una entidad liquidada",
        "necesidad": "La tabla no dice qué hacer con ellas.",
        "preguntas": ["¿Quién las conserva?", "¿Por cuánto tiempo?"],
        "autoriza_datos": True,
    } | cambios


# --- Reading ---------------------------------------------------------------------------------------------------------
def test_each_sees_the_same_as_in_the_pages(elenco, programa) -> None:
    propia = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    ajena = f.radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])

    def ve(persona: Any) -> set[str]:
        return {fila["radicado"] for fila in programa(persona).get("solicitudes/").json()["resultados"]}

    assert ve(elenco.enlace) == ve(elenco.colega) == {propia.radicado}
    assert ve(elenco.otra_enlace) == {ajena.radicado}
    assert ve(elenco.asesora) == {propia.radicado}
    assert ve(elenco.subsecretaria) == ve(elenco.auditora) == {propia.radicado, ajena.radicado}
    problema(programa(elenco.enlace).get(f"solicitudes/{ajena.radicado}/"), 404)


def test_a_solicitud_comes_whole_and_internal_notes_stay_inside(elenco, programa) -> None:
    solicitud = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], preguntas=["¿Cómo?"])
    with f.escribiendo():
        for tipo, texto in ((Mensaje.Tipo.MENSAJE, "Hola"), (Mensaje.Tipo.NOTA, "Solo nosotros")):
            Mensaje.objects.create(
                solicitud=solicitud, clave=uuid4(), tipo=tipo, texto=texto, interno=tipo == Mensaje.Tipo.NOTA
            )

    de_la_entidad = programa(elenco.enlace).get(f"solicitudes/{solicitud.radicado}/").json()
    de_quien_atiende = programa(elenco.asesora).get(f"solicitudes/{solicitud.radicado}/").json()

    assert de_la_entidad["temas"] == ["DDAB-12"] and de_la_entidad["dependencias"] == ["SSDA"]
    assert de_la_entidad["preguntas"] == ["¿Cómo?"] and de_la_entidad["plazo"]
    assert [h["accion"] for h in de_la_entidad["historia"]] == ["radicar"]
    assert [m["texto"] for m in de_la_entidad["mensajes"]] == ["Hola"]
    assert [m["texto"] for m in de_quien_atiende["mensajes"]] == ["Hola", "Solo nosotros"]


def test_each_clock_comes_with_its_days(elenco, programa) -> None:
    AcuerdoServicio.objects.create(
        dependencia=elenco.sistema_archivos, etapa="Dictar el concepto", dias=5, desde=date(2026, 1, 1)
    )
    solicitud = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    dicho = programa(elenco.enlace).get(f"solicitudes/{solicitud.radicado}/").json()
    lineamiento, ans = dicho["relojes"]

    assert (lineamiento["reloj"], lineamiento["dias"], lineamiento["obliga"]) == ("lineamiento", 10, False)
    assert (ans["nombre"], ans["obliga"], ans["provisional"]) == ("Dictar el concepto", True, False)
    assert ans["vence"] == dicho["vence"] == ans["dia_a_dia"][-1]["fecha"] and ans["frases"] == dicho["plazo"]
    assert [dia["numero"] for dia in ans["dia_a_dia"] if dia["cuenta"]] == [1, 2, 3, 4, 5]
    assert dicho["esperas"] == [] and ans["dependencia"] == "SSDA"


def test_opening_a_reserved_one_is_recorded(elenco, programa) -> None:
    solicitud = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True, motivo_reserva="Datos")
    programa(elenco.enlace).get(f"solicitudes/{solicitud.radicado}/")

    with como_sistema("prueba: leer la bitácora"):
        assert Suceso.objects.filter(accion="solicitud.abrir_reservada", solicitud_id=solicitud.pk).count() == 1
    problema(programa(elenco.colega).get(f"solicitudes/{solicitud.radicado}/"), 404)


def test_pages_go_both_ways_and_end(elenco, programa) -> None:
    todas = [f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]).radicado for _ in range(5)][::-1]
    quien = programa(elenco.enlace)

    primera = quien.get("solicitudes/", tamano=2).json()
    segunda = quien.get("solicitudes/", tamano=2, cursor=primera["siguiente"]).json()
    ultima = quien.get("solicitudes/", tamano=2, cursor=segunda["siguiente"]).json()
    vuelta = quien.get("solicitudes/", tamano=2, cursor=segunda["anterior"]).json()

    radicados = [fila["radicado"] for pagina in (primera, segunda, ultima) for fila in pagina["resultados"]]
    assert radicados == todas
    assert primera["anterior"] is None and ultima["siguiente"] is None
    assert vuelta["resultados"] == primera["resultados"]
    assert "count" not in primera


def test_filters(elenco, programa) -> None:
    una = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Inventarios únicos")
    with f.actuar(elenco.enlace):
        retirar(solicitud=f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]), motivo="Ya no")
    quien = programa(elenco.enlace)

    def hallados(**filtros: Any) -> list[str]:
        return [fila["radicado"] for fila in quien.get("solicitudes/", **filtros).json()["resultados"]]

    assert hallados(estado="abierta") == hallados(buscar="inventarios") == [una.radicado]
    assert len(hallados(estado="retirada")) == 1 and hallados(hasta="2001-01-01") == []
    assert len(hallados(desde="2001-01-01")) == 2
    problema(quien.get("solicitudes/", estado="borrada"), 400)
    muchas = problema(quien.get("solicitudes/", buscar="acta " * 13), 422)
    assert muchas["errores"] == {"buscar": ["Busque con 12 palabras o menos."]}
    al_reves = problema(programa(elenco.asesora).get("solicitudes/", desde="2026-02-01", hasta="2026-01-31"), 422)
    assert al_reves["errores"] == {"hasta": ["«desde» es posterior a «hasta»."]}


@pytest.mark.parametrize("ruta", ["solicitudes/", "detalle"])
def test_the_same_queries_for_1_3_and_25(elenco, programa, ruta) -> None:
    quien, cuentas = programa(elenco.asesora), []
    solicitud = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    destino = f"solicitudes/{solicitud.radicado}/" if ruta == "detalle" else ruta
    quien.get(destino)
    for hay in (1, 3, 25):
        faltan = hay - (cuentas[-1][0] if cuentas else 1)
        for _ in range(faltan):
            if ruta == "detalle":
                with f.escribiendo():
                    Mensaje.objects.create(solicitud=solicitud, clave=uuid4(), texto="Hola", autor=elenco.enlace)
            else:
                f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        with CaptureQueriesContext(connection) as hechas:
            assert quien.get(destino).status_code == 200
        cuentas.append((hay, len(hechas)))
    assert len({cuantas for _, cuantas in cuentas}) == 1, cuentas


# --- Filing ----------------------------------------------------------------------------------------------------------
def test_filed_as_the_assistant_files(elenco, programa) -> None:
    respuesta = programa(elenco.enlace).post("solicitudes/", cuerpo(contacto={"telefono": "601 555"}))

    assert respuesta.status_code == 201, respuesta.content
    dicho = respuesta.json()
    with como_sistema("prueba: leer lo radicado"):
        solicitud = Solicitud.objects.get(radicado=dicho["radicado"])
        assert ConstanciaRadicacion.objects.filter(solicitud=solicitud).exists()
    assert solicitud.radicada_por == elenco.enlace and solicitud.entidad == elenco.secretaria
    assert solicitud.preguntas == ["¿Quién las conserva?", "¿Por cuánto tiempo?"]
    assert solicitud.remitente_telefono == "601 555" and solicitud.remitente_nombre == elenco.enlace.nombre
    assert solicitud.modalidad == elenco.concepto
    assert dicho["vence"] == solicitud.vence.isoformat() and dicho["dependencias"] == ["SSDA"]
    assert dicho["url"].endswith(f"/solicitudes/{solicitud.radicado}/") and dicho["plazo"]


@pytest.mark.parametrize(("peticion", "dias"), [("documentos", 10), ("general", 15), ("consulta", 30)])
def test_a_petition_brings_its_legal_term(elenco, programa, peticion, dias) -> None:
    """Beside the ten days, which bind."""
    quien = programa(elenco.enlace)
    radicada = quien.post("solicitudes/", cuerpo(peticion=peticion)).json()
    completa = quien.get(f"solicitudes/{radicada['radicado']}/").json()
    assert completa["peticion"] == peticion
    [legal] = [reloj for reloj in completa["relojes"] if reloj["reloj"] == "legal"]
    assert (legal["dias"], legal["sin_contar"]) == (dias, False) and legal["dia_a_dia"]
    assert completa["vence"] == min(reloj["vence"] for reloj in completa["relojes"]) == radicada["vence"]


def test_without_a_petition_there_is_no_legal_term(elenco, programa) -> None:
    quien = programa(elenco.enlace)
    completa = quien.get(f"solicitudes/{quien.post('solicitudes/', cuerpo()).json()['radicado']}/").json()
    assert completa["peticion"] is None
    assert [reloj["reloj"] for reloj in completa["relojes"]] == ["lineamiento"]


def test_the_same_key_and_body_is_the_same_solicitud(elenco, programa) -> None:
    llave, quien = uuid4(), programa(elenco.enlace)
    primera = quien.post("solicitudes/", cuerpo(), llave)
    # Another token of the same role: the one that was lost with its answer.
    segunda = programa(elenco.enlace).post("solicitudes/", dict(reversed(cuerpo().items())), llave)

    assert (primera.status_code, segunda.status_code) == (201, 200)
    assert primera.json() == segunda.json()
    with como_sistema("prueba: contar"):
        assert Solicitud.objects.count() == 1


def test_repeated_it_is_what_was_answered_the_first_time(elenco, programa) -> None:
    """Whatever happened since: another one on the same theme, or its term."""
    llave, quien = uuid4(), programa(elenco.enlace)
    primera = quien.post("solicitudes/", cuerpo(), llave).json()
    quien.post("solicitudes/", cuerpo(asunto="Otra del mismo tema"))
    with f.escribiendo():
        Solicitud.objects.filter(radicado=primera["radicado"]).update(reservada=True)

    repetida = quien.post("solicitudes/", cuerpo(), llave)

    assert repetida.status_code == 200 and repetida.json() == primera and primera["parecidas"] == []


def test_the_same_key_with_another_body_is_refused(elenco, programa) -> None:
    llave, quien = uuid4(), programa(elenco.enlace)
    quien.post("solicitudes/", cuerpo(), llave)

    assert "Idempotency-Key" in problema(quien.post("solicitudes/", cuerpo(asunto="Otro"), llave), 422)["errores"]


def test_the_same_key_of_another_person_is_another_key(elenco, programa) -> None:
    """A UUID that somebody else chose opens nothing and collides with nothing."""
    llave = uuid4()
    una = programa(elenco.enlace).post("solicitudes/", cuerpo(), llave).json()["radicado"]
    otra = programa(elenco.otra_enlace).post("solicitudes/", cuerpo(), llave).json()["radicado"]
    de_colega = programa(elenco.colega).post("solicitudes/", cuerpo(), llave).json()["radicado"]

    assert len({una, otra, de_colega}) == 3


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"temas": ["NO-HAY"]}, "temas"),
        ({"modalidad": "no-hay"}, "modalidad"),
        ({"preguntas": []}, "preguntas.0"),
        ({"fecha_requerida": "2001-01-01", "motivo_fecha": "Vence"}, "fecha_requerida"),
        ({"fecha_requerida": "2199-01-01"}, "motivo_fecha"),
        ({"reservada": True}, "motivo_reserva"),
        ({"detalle": {"lugar": "Sede"}}, "detalle.lugar"),
        ({"autoriza_datos": False}, "autoriza_datos"),
        ({"temas": ["DDAB-08"], "preguntas": []}, "detalle.lugar"),
        ({"temas": ["DDAB-12", "DDRI-22"]}, "detalle.objeto"),
        ({"asunto": "a\x00b"}, "asunto"),
        ({"asunto": "  "}, "asunto"),
        ({"contacto": {"correo": "no"}}, "contacto.correo"),
        ({"detalle": {"opcion_1": "0001-01-01T00:00:00Z"}}, "detalle.opcion_1"),
        ({"detalle": {"viaje_desde": "1899-12-31"}}, "detalle.viaje_desde"),
        ({"detalle": {"participantes": ["Una", "a\x00"]}}, "detalle.participantes.1"),
        ({"preguntas": ["a\x00"]}, "preguntas.0"),
        ({"temas": ["DDAB-12", "\x00"]}, "temas.1"),
    ],
)
def test_the_rules_of_the_assistant_hold(elenco, programa, cambios, campo) -> None:
    """422: well written, and refused with the words of the form, by the name of the field."""
    errores = problema(programa(elenco.enlace).post("solicitudes/", cuerpo(**cambios)), 422)["errores"]

    assert campo in errores, errores
    with como_sistema("prueba: contar"):
        assert Solicitud.objects.count() == Borrador.objects.count() == 0


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"temas": []}, "temas"),
        ({"asunto": "x" * 201}, "asunto"),
        ({"detalle": {"personas": 0}}, "detalle.personas"),
        ({"urgente": True}, "urgente"),
        ({"peticion": "queja"}, "peticion"),
        ({"entidad": "11-02"}, "entidad"),
        ({"preguntas": ["a\x00"], "asunto": "x" * 201}, "preguntas.0"),  # all that is wrong is said at once
    ],
)
def test_what_is_badly_written_is_400(elenco, programa, cambios, campo) -> None:
    assert campo in problema(programa(elenco.enlace).post("solicitudes/", cuerpo(**cambios)), 400)["errores"]


def test_without_a_key_nothing_is_filed(elenco, programa) -> None:
    quien = programa(elenco.enlace)
    for llave in ("", "1", "x" * 36):
        respuesta = quien.cliente.post(
            "/api/v1/solicitudes/", cuerpo(), "application/json", secure=True, headers={"idempotency-key": llave}
        )
        assert "Idempotency-Key" in problema(respuesta, 400)["errores"]


def test_a_visit_with_its_own_data(elenco, programa) -> None:
    respuesta = programa(elenco.enlace).post(
        "solicitudes/",
        cuerpo(
            temas=["DDAB-08"],
            detalle={"lugar": "Carrera 8", "opcion_1": "2199-02-15T09:00:00-05:00", "personas": 12},
        )
        | {"preguntas": []},
    )

    assert respuesta.status_code == 201, respuesta.content
    with como_sistema("prueba: leer lo radicado"):
        detalle = Solicitud.objects.get().logistica
    assert detalle == {"lugar": "Carrera 8", "opcion_1": "2199-02-15T09:00-05:00", "personas": 12}


def test_it_says_which_open_ones_look_alike(elenco, programa) -> None:
    quien = programa(elenco.enlace)
    primera = quien.post("solicitudes/", cuerpo()).json()
    segunda = quien.post("solicitudes/", cuerpo(asunto="Otra cosa")).json()

    assert primera["parecidas"] == [] and segunda["parecidas"] == [primera["radicado"]]


# --- Writing ---------------------------------------------------------------------------------------------------------
def test_a_message_is_written_once(elenco, programa) -> None:
    solicitud, llave = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]), uuid4()
    quien, ruta = programa(elenco.enlace), f"solicitudes/{solicitud.radicado}/mensajes/"

    primera = quien.post(ruta, {"texto": " Va el inventario. "}, llave)
    segunda = quien.post(ruta, {"texto": "Va el inventario."}, llave)
    otra = quien.post(ruta, {"texto": "Otra cosa"}, llave)

    assert (primera.status_code, segunda.status_code) == (201, 200)
    assert primera.json() == segunda.json() and primera.json()["de_la_entidad"]
    problema(otra, 422)
    with como_sistema("prueba: contar"):
        assert Mensaje.objects.count() == 1


def test_nobody_writes_in_what_is_not_theirs_or_is_closed(elenco, programa) -> None:
    solicitud = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    ruta = f"solicitudes/{solicitud.radicado}/mensajes/"

    problema(programa(elenco.otra_enlace).post(ruta, {"texto": "Hola"}), 404)
    problema(programa(elenco.asesor_tecnica).post(ruta, {"texto": "Hola"}), 404)
    for persona in (elenco.revisora, elenco.subsecretaria, elenco.auditora, elenco.ventanilla):
        problema(programa(persona).post(ruta, {"texto": "Hola"}), 403)
    with f.actuar(elenco.enlace):
        retirar(solicitud=solicitud, motivo="Ya no")
    problema(programa(elenco.enlace).post(ruta, {"texto": "Hola"}), 409)


def test_who_attends_writes_to_the_entidad_as_in_its_page(elenco, programa) -> None:
    solicitud, llave = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]), uuid4()
    quien, ruta = programa(elenco.asesora), f"solicitudes/{solicitud.radicado}/mensajes/"

    primera = quien.post(ruta, {"texto": "¿De qué años son?"}, llave)
    segunda = quien.post(ruta, {"texto": "¿De qué años son?"}, llave)

    assert (primera.status_code, segunda.status_code) == (201, 200), primera.content
    assert primera.json() == segunda.json() and primera.json()["autor"] == elenco.asesora.nombre
    assert not primera.json()["de_la_entidad"] and not primera.json()["interno"]
    problema(quien.post(ruta, {"texto": "Otra cosa"}, llave), 422)
    problema(quien.post(ruta, {"texto": " "}), 422)
    dichos = programa(elenco.enlace).get(f"solicitudes/{solicitud.radicado}/").json()["mensajes"]
    assert [mensaje["texto"] for mensaje in dichos] == ["¿De qué años son?"]
    with como_sistema("prueba: el correo a la entidad"):
        assert Entrega.objects.filter(tipo="solicitudes.mensaje", solicitud_id=solicitud.pk).count() == 1


def test_who_attends_writes_only_in_the_parte_of_theirs_that_is_open(elenco, programa) -> None:
    """Seeing it by another parte, or having registered it, gives no hand in this one."""
    de_dos = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    registrada = f.radicada(
        registrada_por=elenco.asesora, entidad=elenco.secretaria, temas=[elenco.tema_integridad], canal="correo"
    )
    quien = programa(elenco.asesora)
    assert quien.post(f"solicitudes/{de_dos.radicado}/mensajes/", {"texto": "Hola"}).status_code == 201
    problema(quien.post(f"solicitudes/{registrada.radicado}/mensajes/", {"texto": "Hola"}), 403)
    with f.actuar(elenco.enlace):
        retirar(solicitud=de_dos, motivo="Ya no")
    problema(quien.post(f"solicitudes/{de_dos.radicado}/mensajes/", {"texto": "Hola"}), 409)
    with como_sistema("prueba: contar"):
        assert Mensaje.objects.get().parte.dependencia_id == elenco.sistema_archivos.pk
