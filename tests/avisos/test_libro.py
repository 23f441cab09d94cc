"""The ledger, the policies and the preferences: what the database keeps of them whoever writes."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.models import Aviso, Envio, PoliticaAviso, PreferenciaAviso
from avisos.services import marcar_leidos
from tests.fabricas import FabricaDependencia, FabricaPersona, actuar

pytestmark = pytest.mark.django_db


def enviar(**datos: Any) -> Envio:
    with como_sistema("prueba"), transaction.atomic():
        return Envio.objects.create(**{"clave": "correo:una:quien@entidad.example"} | datos)


def test_reading_the_notice_is_written_in_the_ledger_which_nobody_else_writes() -> None:
    persona = FabricaPersona()
    with como_sistema("prueba"), transaction.atomic():
        aviso = Aviso.objects.create(persona=persona, clave="una", titulo="Una", texto="Una")
    suyo, ajeno = enviar(persona=persona, aviso=aviso), enviar(clave="otra")
    with actuar(persona), transaction.atomic():
        assert list(Envio.objects.all()) == [suyo]
        assert marcar_leidos() == 1
        # Its level ends with the trigger: the person still sees and writes no more than before.
        assert list(Envio.objects.all()) == [suyo]
    with pytest.raises(DatabaseError, match=r"row-level security|seguridad"), actuar(persona), transaction.atomic():
        Envio.objects.filter(pk=suyo.pk).update(desenlace="entregado", desenlace_en=timezone.now())
    with como_sistema("prueba"):
        aviso.refresh_from_db()
        suyo.refresh_from_db()
        ajeno.refresh_from_db()
    assert suyo.leido_en == aviso.leido_en is not None
    assert ajeno.leido_en is None


@pytest.mark.parametrize(
    ("datos", "regla"),
    [
        ({"desenlace": "rebotado"}, "envio_desenlace"),
        ({"desenlace_en": timezone.now()}, "envio_desenlace"),
        ({"entregado_en": timezone.now()}, "envio_en_orden"),
    ],
)
def test_a_line_of_the_ledger_that_makes_no_sense_is_refused(datos: dict[str, Any], regla: str) -> None:
    with pytest.raises(IntegrityError, match=regla):
        enviar(**datos)


def test_the_same_key_is_one_line_and_no_line_is_deleted() -> None:
    una = enviar()
    with pytest.raises(IntegrityError, match="clave"):
        enviar()
    with pytest.raises(DatabaseError, match=r"permission denied|permiso denegado"), como_sistema("prueba"):
        una.delete()


@pytest.mark.parametrize(
    ("datos", "regla"),
    [
        ({"reloj": "obliga"}, "reloj_con_dias"),
        ({"dias": 2}, "reloj_con_dias"),
        ({"reloj": "obliga", "dias": 31}, "politica_dias"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(datos: dict[str, Any], regla: str) -> None:
    with pytest.raises(IntegrityError, match=regla):
        PoliticaAviso.objects.create(evento="solicitudes.recordatorio", a_quien="responsable", **datos)


def test_a_reminder_is_once_in_the_policy_of_all_and_once_in_that_of_each() -> None:
    fila = {"evento": "solicitudes.recordatorio", "a_quien": "responsable", "reloj": "obliga", "dias": -2}
    PoliticaAviso.objects.create(**fila)
    PoliticaAviso.objects.create(**fila, dependencia=FabricaDependencia())
    with pytest.raises(IntegrityError, match="politica_unica"):
        PoliticaAviso.objects.create(**fila)


def test_one_preference_by_group_and_each_person_only_their_own() -> None:
    una, otra = FabricaPersona(), FabricaPersona()
    with actuar(una), transaction.atomic():
        PreferenciaAviso.objects.create(persona=una, grupo="asignaciones", modo="resumen")
    for datos, regla in (
        ({"persona": una, "grupo": "asignaciones"}, "preferencia_unica"),
        ({"persona": una, "grupo": "encuestas", "modo": "nunca"}, "preferencia_modo"),
        ({"persona": otra, "grupo": "encuestas"}, "row-level security|seguridad"),
    ):
        with pytest.raises(DatabaseError, match=regla), actuar(una), transaction.atomic():
            PreferenciaAviso.objects.create(**datos)
    with actuar(otra), transaction.atomic():
        assert not PreferenciaAviso.objects.exists()
