"""Each chooses how to be told of what is not legal; what is legal, nobody silences."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Aviso, Envio, PreferenciaAviso
from avisos.services import avisar, preferencias, preferir
from bandeja.models import Entrega
from bitacora.models import Suceso
from tests.avisos.conftest import GRUPO, OTRO_GRUPO
from tests.fabricas import FabricaPersona, actuar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("de_prueba")]
CARTA = Carta("Algo pasó", "Pasó algo.")
CORREO, RESUMEN, PORTAL = "correo", "resumen", "portal"


def avisada(modo: str, evento: str, **mas: Any) -> Envio:
    """The line of a notice to somebody who prefers `modo` for the group of the tests."""
    persona = FabricaPersona()
    with actuar(persona), transaction.atomic():
        preferir({GRUPO: modo})
    with como_sistema("prueba"), transaction.atomic():
        avisar(persona=persona, carta=CARTA, clave="una", evento=evento, **mas)
    with como_sistema("prueba"), transaction.atomic():
        [envio] = Envio.objects.filter(persona=persona)
        assert Aviso.objects.filter(persona=persona).count() == 1  # in the portal it is always
        assert Entrega.objects.filter(destinatario=persona.correo).count() == (envio.canal == CORREO)
    return envio


@pytest.mark.parametrize(
    ("modo", "evento", "canal"),
    [
        ("al_momento", "prueba.normal", CORREO),
        ("resumen", "prueba.normal", RESUMEN),
        ("portal", "prueba.normal", PORTAL),
        ("resumen", "prueba.urgente", CORREO),
        ("portal", "prueba.urgente", PORTAL),
        ("portal", "prueba.otro", CORREO),
        ("resumen", "prueba.legal", CORREO),
        ("portal", "prueba.legal", CORREO),
        ("portal", "prueba.cuenta", CORREO),
        ("portal", "", CORREO),
        ("portal", "prueba.de_antes", CORREO),
    ],
)
def test_each_is_told_as_they_prefer_and_the_legal_always_by_mail(modo: str, evento: str, canal: str) -> None:
    envio = avisada(modo, evento)
    assert envio.canal == canal
    assert (envio.encolado_en is not None) == (canal == CORREO)
    assert envio.aviso_id is not None


def test_the_mail_of_the_day_is_not_told_as_of_the_account(elenco: Any, entrar: Any) -> None:
    pagina = entrar(elenco.enlace).get(reverse("avisos:preferencias")).content.decode()
    assert "De la seguridad de su cuenta" in pagina and "El resumen del día" not in pagina


@pytest.mark.parametrize(("evento", "canal"), [("prueba.normal", PORTAL), ("prueba.legal", CORREO)])
def test_a_policy_without_mail_silences_only_what_may_be_silenced(evento: str, canal: str) -> None:
    assert avisada("al_momento", evento, solo_portal=True).canal == canal


def test_only_what_changes_is_written_and_it_is_on_record() -> None:
    persona = FabricaPersona()
    with actuar(persona), transaction.atomic():
        assert preferencias() == {}
        preferir({GRUPO: "resumen", OTRO_GRUPO: "al_momento"})
        preferir({GRUPO: "resumen"})
        assert preferencias() == {GRUPO: "resumen"}
        assert list(PreferenciaAviso.objects.values_list("grupo", "modo")) == [(GRUPO, "resumen")]
    with como_sistema("prueba"), transaction.atomic():
        [suceso] = Suceso.objects.filter(accion="aviso.preferir", actor_id=persona.pk)
    assert suceso.cambios == {GRUPO: ("al_momento", "resumen")}


def test_the_page_offers_what_can_be_chosen_and_shows_fixed_what_cannot(elenco: Any, entrar: Any) -> None:
    cliente, url = entrar(elenco.enlace), reverse("avisos:preferencias")
    html = cliente.get(url).content.decode()
    assert GRUPO in html
    assert "Título de prueba.normal. Título de prueba.urgente." in html
    for titulo in ("Título de prueba.legal", "Título de prueba.cuenta"):
        assert f"<li>{titulo}</li>" in html
    datos = dict.fromkeys(cliente.get(url).context["form"].fields, "al_momento") | {"cosas_de_la_prueba": "portal"}
    assert cliente.post(url, datos, follow=True).status_code == 200
    with actuar(elenco.enlace), transaction.atomic():
        assert preferencias()[GRUPO] == "portal"
    malo = cliente.post(url, datos | {"cosas_de_la_prueba": "nunca"})
    assert "cosas_de_la_prueba" in malo.context["form"].errors


@pytest.mark.parametrize(
    ("quien", "elige", "fijo"),
    [
        ("enlace", {"Lo que pide mi entidad"}, "Recibimos la solicitud"),
        ("asesora", {"Lo que tengo a mi cargo", "Recordatorios de plazos", "Conceptos"}, "Cambió algo de su cuenta"),
        ("administradora", {"Administración del portal"}, "Cambió algo de su cuenta"),
    ],
)
def test_each_role_is_offered_what_it_is_told_of(
    elenco: Any, entrar: Any, quien: str, elige: set[str], fijo: str
) -> None:
    respuesta = entrar(getattr(elenco, quien)).get(reverse("avisos:preferencias"))
    ofrecidos = {campo.label for campo in respuesta.context["form"]}
    assert elige <= ofrecidos
    # What has no effect on anybody is offered to nobody.
    assert not {"Encuestas", "Informes", "Control", "Resumen"} & ofrecidos
    assert ("Lo que pide mi entidad" in ofrecidos) == (quien == "enlace")
    assert ("Administración del portal" in ofrecidos) == (quien == "administradora")
    html = respuesta.content.decode()
    assert f"<li>{fijo}</li>" in html
    assert ("El sello diario" in html, "Recibimos la solicitud" in html) == (False, quien == "enlace")
