"""The direct link with SIGA: what came by another channel, once, in its true order; and its numbers (R22, R25)."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from alcance import como_sistema
from bitacora.models import Suceso
from clasificador.modelo import Propuesta, Sugerencia
from solicitudes.models import Borrador, ConstanciaRadicacion, Parte, Solicitud
from tests import fabricas as f
from tests.api.test_entrada import problema

pytestmark = pytest.mark.django_db


def cuerpo(**cambios: Any) -> dict[str, Any]:
    datos = {
        "canal": "siga",
        "recibido_en": "2026-03-25T10:00:31-05:00",
        "siga_entrada": "1-2026-34567",
        "entidad": "11-02",
        "remitente": {"nombre": "Marta Díaz", "correo": "marta@idartes.example"},
        "temas": ["DDAB-12"],
        "asunto": "Historias laborales de una entidad liquidada",
        "necesidad": "Piden saber quién las conserva.",
    } | cambios
    return {nombre: valor for nombre, valor in datos.items() if valor is not None}


def parchar(programa: Any, radicado: str, datos: dict[str, Any]) -> Any:
    return programa.cliente.patch(
        f"/api/v1/solicitudes/{radicado}/siga/", json.dumps(datos), content_type="application/json", secure=True
    )


def todas() -> list[Solicitud]:
    with como_sistema("prueba"):
        return list(Solicitud.objects.select_related("registrada_por", "radicada_por").order_by("pk"))


def test_it_is_registered_in_its_true_place(elenco, programa) -> None:
    """As the form of the window does: evidence, who registered it, the enlace of that address, its seconds."""
    reciente = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    dicho = programa(elenco.ventanilla, "registrar").post("registros/", cuerpo(peticion="consulta"))

    assert dicho.status_code == 201, dicho.content
    hecha = next(s for s in todas() if s.pk != reciente.pk)
    assert dicho.json() == {
        "radicado": hecha.radicado,
        "siga_entrada": "1-2026-34567",
        "recibido_en": "2026-03-25T10:00:31-05:00",
        "radicado_en": timezone.localtime(hecha.radicado_en).isoformat(),
        "fecha_efectiva": "2026-03-25",
        "vence": "2026-04-10",
        "temas": ["DDAB-12"],
        "dependencias": ["SSDA"],
        "tema_propuesto": None,
    }
    with como_sistema("prueba"):
        assert [p.solicitud_id for p in Parte.objects.en_cola(elenco.sistema_archivos)] == [hecha.pk, reciente.pk]
        assert ConstanciaRadicacion.objects.filter(solicitud=hecha).exists()
        assert Suceso.objects.filter(accion="api.registrar", solicitud_id=hecha.pk).count() == 1
    assert hecha.preguntas == []
    assert (hecha.canal, hecha.evidencia, hecha.peticion) == ("siga", "SIGA 1-2026-34567", "consulta")
    assert hecha.registrada_por_id == elenco.ventanilla.pk and hecha.radicada_por is None


def test_the_same_key_is_the_same_and_another_with_its_number_is_refused(elenco, programa) -> None:
    quien, llave = programa(elenco.ventanilla), uuid4()
    primera = quien.post("registros/", cuerpo(), llave)
    otra_vez = quien.post("registros/", cuerpo(), llave)
    distinta = quien.post("registros/", cuerpo(asunto="Otra cosa"), llave)
    repetida = quien.post("registros/", cuerpo())

    assert (primera.status_code, otra_vez.status_code) == (201, 200)
    assert primera.json() == otra_vez.json()
    assert "Idempotency-Key" in problema(distinta, 422)["errores"]
    [frase] = problema(repetida, 422)["errores"]["siga_entrada"]
    assert frase == f"El número SIGA 1-2026-34567 ya es de la solicitud {primera.json()['radicado']}."
    assert len(todas()) == 1


def test_a_reserved_one_that_the_window_may_not_open_is_answered_again(elenco, programa) -> None:
    quien, llave = programa(elenco.ventanilla), uuid4()
    datos = cuerpo(reservada=True, motivo_reserva="Datos sensibles")
    assert quien.post("registros/", datos, llave).json() == quien.post("registros/", datos, llave).json()
    problema(quien.get(f"solicitudes/{todas()[0].radicado}/"), 404)


@pytest.mark.parametrize(
    ("cambios", "estado", "campo"),
    [
        ({"canal": "portal"}, 400, "canal"),
        ({"canal": None}, 400, "canal"),
        ({"recibido_en": "ayer"}, 400, "recibido_en"),
        ({"remitente": {}}, 400, "remitente.nombre"),
        ({"autoriza_datos": True}, 400, "autoriza_datos"),
        ({"recibido_en": (timezone.now() + timedelta(days=1)).isoformat()}, 422, "recibido_en"),
        ({"recibido_en": "1950-01-01T10:00:00-05:00"}, 422, "recibido_en"),
        ({"siga_entrada": None}, 422, "siga_entrada"),
        ({"canal": "telefono", "siga_entrada": None}, 422, "evidencia"),
        ({"siga_entrada": "¿?"}, 422, "siga_entrada"),
        ({"entidad": "99-99"}, 422, "entidad"),
        ({"temas": ["NO-1"]}, 422, "temas"),
        ({"remitente": {"nombre": "Ana", "correo": "sin arroba"}}, 422, "remitente.correo"),
        ({"detalle": {"lugar": "Aquí"}}, 422, "detalle.lugar"),
    ],
)
def test_what_is_wrong_is_said_by_its_name(elenco, programa, cambios, estado, campo) -> None:
    dicho = problema(programa(elenco.ventanilla).post("registros/", cuerpo(**cambios)), estado)

    assert campo in dicho["errores"], dicho
    assert not todas()


def test_only_the_window_with_that_permission(elenco, programa) -> None:
    problema(programa().post("registros/", cuerpo()), 401)
    for quien in (elenco.enlace, elenco.asesora, elenco.subdirector, elenco.auditora):
        problema(programa(quien).post("registros/", cuerpo()), 403)
        problema(parchar(programa(quien), "AT-2026-000001", {"siga_salida": "2-1"}), 403)
    problema(programa(elenco.ventanilla, "leer_solicitudes").post("registros/", cuerpo()), 403)
    problema(programa(elenco.ventanilla).post("solicitudes/", {}), 403)
    with como_sistema("prueba"):
        assert not Borrador.objects.exists()


def test_without_a_theme_it_is_the_one_that_the_text_says_surely(elenco, programa, monkeypatch) -> None:
    dicho = Sugerencia(temas=(Propuesta("DDAB-12", 78), Propuesta("DDAB-08", 11)), medida=True)
    monkeypatch.setattr("api.radicacion.sugerir_para", lambda texto: dicho)
    quien = programa(elenco.ventanilla)
    segura = quien.post("registros/", cuerpo(temas=None))
    assert (segura.status_code, segura.json()["temas"], segura.json()["tema_propuesto"]) == (201, ["DDAB-12"], 78)

    dicho = Sugerencia(temas=(Propuesta("DDAB-12", 41), Propuesta("DDAB-08", 30)), medida=True)
    dudosa = problema(quien.post("registros/", cuerpo(temas=None, siga_entrada="1-2")), 422)
    assert dudosa["errores"]["temas"] == [
        "Escriba el tema. Los más parecidos: DDAB-12 (Valoración documental), "
        "DDAB-08 (Organización de documentos de archivo)."
    ]


def test_what_is_known_of_its_modality_is_judged_and_the_rest_asked_later(elenco, programa) -> None:
    quien = programa(elenco.ventanilla)
    malo = problema(quien.post("registros/", cuerpo(temas=["DDAB-08"], detalle={"opcion_1": "2020-01-01T09:00"})), 422)
    assert set(malo["errores"]) == {"detalle.opcion_1"}
    assert quien.post("registros/", cuerpo(temas=["DDAB-08"], detalle={"lugar": "Bodega"})).status_code == 201
    assert quien.post("registros/", cuerpo(siga_entrada="1-2", preguntas=["¿Quién?"])).status_code == 201
    assert [(s.logistica.get("lugar"), s.preguntas) for s in todas()] == [("Bodega", []), (None, ["¿Quién?"])]


def test_a_call_says_its_evidence(elenco, programa) -> None:
    datos = cuerpo(canal="telefono", siga_entrada=None, evidencia="Llamada al 601 381 3000, la contestó Ana")
    assert programa(elenco.ventanilla).post("registros/", datos).status_code == 201
    assert todas()[0].evidencia == "Llamada al 601 381 3000, la contestó Ana"


# --- Its numbers -----------------------------------------------------------------------------------------------------
def test_numbers_are_annotated_once_and_never_replaced_in_silence(elenco, programa) -> None:
    """Of any solicitud, also one filed by the portal that the window may not open."""
    una, otra = (f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]) for _ in range(2))
    quien = programa(elenco.ventanilla, "registrar")
    numeros = {"siga_entrada": "1-2026-8", "siga_salida": "2-2026-5"}

    for _ in range(2):
        hecha = parchar(quien, una.radicado, numeros)
        assert (hecha.status_code, hecha.json()) == (200, {"radicado": una.radicado, **numeros})
    distinto = problema(parchar(quien, una.radicado, {"siga_salida": "2-2026-6"}), 409)
    assert distinto["errores"] == {"siga_salida": ["Ya tiene 2-2026-5, y llegó 2-2026-6."]}
    ajeno = problema(parchar(quien, otra.radicado, {"siga_entrada": "1-2026-8"}), 422)
    assert una.radicado in ajeno["errores"]["siga_entrada"][0]
    cambiada = parchar(quien, una.radicado, {"siga_salida": "2-2026-6", "reemplazar": True})
    assert cambiada.json()["siga_salida"] == "2-2026-6"
    problema(parchar(quien, "AT-1999-000001", {"siga_salida": "2-1"}), 404)
    problema(parchar(quien, una.radicado, {}), 422)
    problema(parchar(quien, una.radicado, {"siga": "1"}), 400)
    problema(parchar(quien, una.radicado, {"siga_salida": "¿?"}), 422)
    with como_sistema("prueba"):
        assert Suceso.objects.filter(accion="solicitud.siga", solicitud_id=una.pk).count() == 2
