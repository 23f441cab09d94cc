"""Who decides what a message is, once, and how it is taken back."""

from typing import Any

import pytest
from django.urls import reverse

from alcance import con_alcance
from buzones.botones import BOTONES
from buzones.estados import TRANSICIONES, Clase, EstadoCorreo
from buzones.forms.decidir import FORMAS
from buzones.models import Correo, Decision
from buzones.services.decidir import decidir
from buzones.services.mover import NoSePuede, YaDecidido
from direcciones.models import Persona
from tests.buzones.correos import correo
from tests.fabricas import alcance_de, escribiendo, radicada
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def decisiones(fila: Correo) -> list[Decision]:
    with escribiendo():
        fila.refresh_from_db()
        return list(Decision.objects.filter(correo=fila).order_by("pk"))


def como(persona: Persona, fila: Correo, accion: str, version: int = 0, **mas: Any) -> int:
    with con_alcance(alcance_de(persona)):
        return int(decidir(fila.pk, accion, version=version, **mas).datos.get("juntos", 1))


def test_a_decision_leaves_its_row_and_is_taken_back(elenco: Elenco) -> None:
    """M12: what the rules guessed, what the person said, and whether they agree; nothing is ever purged."""
    fila = correo(elenco, propuesta=Clase.SPAM)
    como(elenco.ventanilla, fila, "spam", motivo="Vende seguros")
    (una,) = decisiones(fila)
    assert (fila.clase, fila.estado) == (Clase.SPAM, EstadoCorreo.DESCARTADO)
    assert (una.persona, una.antes, una.acertada, una.motivo) == (elenco.ventanilla, "spam", True, "Vende seguros")
    como(elenco.asesor_tecnica, fila, "rescatar", version=una.pk)
    _, otra = decisiones(fila)
    assert (fila.clase, fila.estado) == (Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR)
    assert otra.persona == elenco.asesor_tecnica and otra.acertada is None
    como(elenco.ventanilla, fila, "automatico", version=otra.pk)
    assert decisiones(fila)[-1].acertada is False and fila.estado == EstadoCorreo.ATENDIDO


def test_what_the_rules_did_wrong_is_taken_back_too(elenco: Elenco) -> None:
    fila = correo(elenco, clase=Clase.AUTOMATICO, estado=EstadoCorreo.ATENDIDO, razones=[])
    como(elenco.ventanilla, fila, "rescatar")
    (una,) = decisiones(fila)
    assert una.acertada is False and una.antes == Clase.AUTOMATICO
    assert fila.razones == ["Una persona lo devolvió a la bandeja."]


def test_two_who_decide_at_once_get_one_decision_and_a_sentence(elenco: Elenco, entrar: Any) -> None:
    fila = correo(elenco)
    como(elenco.ventanilla, fila, "spam")
    with pytest.raises(YaDecidido, match=r"Sara Cruz ya lo decidió a las .*: correo no deseado\."):
        como(elenco.asesor_tecnica, fila, "automatico")
    assert len(decisiones(fila)) == 1 and fila.clase == Clase.SPAM
    # Nor does one who left it open while it went and came back.
    como(elenco.ventanilla, fila, "rescatar", version=decisiones(fila)[0].pk)
    respuesta = entrar(elenco.asesor_tecnica).post(
        reverse("buzones:decidir", args=[fila.pk, "spam"]), {"version": "0"}, follow=True
    )
    assert "ya lo decidió a las" in respuesta.content.decode() and len(decisiones(fila)) == 2


def test_only_what_the_table_says_follows(elenco: Elenco) -> None:
    for accion in sorted(BOTONES.keys() & {"spam", "automatico", "rescatar"}):
        for estado in EstadoCorreo:
            fila = correo(elenco, estado=estado, clase=Clase.AUTOMATICO)
            if estado in TRANSICIONES[accion].desde:
                assert como(elenco.ventanilla, fila, accion) == 1
                assert decisiones(fila) and fila.estado == TRANSICIONES[accion].hacia
            else:
                with pytest.raises(NoSePuede, match="eso ya no se puede decidir"):
                    como(elenco.ventanilla, fila, accion)
                assert decisiones(fila) == [] and fila.estado == estado
    with pytest.raises(NoSePuede, match="no puede decidir"):
        como(elenco.ventanilla, correo(elenco), "vencer")


def test_what_hangs_from_a_solicitud_never_comes_back(elenco: Elenco) -> None:
    suya = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    fila = correo(elenco, clase=Clase.NUEVA_SOLICITUD, estado=EstadoCorreo.ATENDIDO, solicitud=suya)
    with pytest.raises(NoSePuede):
        como(elenco.asesor_tecnica, fila, "rescatar")
    assert fila.solicitud == suya and decisiones(fila) == []


def test_who_may_decide(elenco: Elenco, entrar: Any) -> None:
    """Ventanilla, and who attends of its dependencias; nobody else sees the button nor reaches the door."""
    fila = correo(elenco)
    for quien in (elenco.subsecretaria, elenco.administradora, elenco.auditora, elenco.revisora, elenco.enlace):
        with pytest.raises(NoSePuede), con_alcance(alcance_de(quien)):
            decidir(fila.pk, "spam", version=0)
        assert entrar(quien).post(reverse("buzones:decidir", args=[fila.pk, "spam"])).status_code == 403
    with pytest.raises(Correo.DoesNotExist):
        como(elenco.asesora, fila, "spam")
    assert entrar(elenco.asesora).post(reverse("buzones:decidir", args=[fila.pk, "spam"])).status_code == 404
    # Not even where it would be.
    for pk in (fila.pk, 987654321):
        assert entrar(elenco.asesora).get(reverse("buzones:decidir", args=[pk, "spam"])).status_code == 404
    assert decisiones(fila) == []
    detalle = reverse("buzones:detalle", args=[fila.pk])
    assert entrar(elenco.auditora).get(detalle).context["botones"] == []
    ofrece = [boton.accion for boton in entrar(elenco.ventanilla).get(detalle).context["botones"]]
    assert {"spam", "automatico"} <= set(ofrece) and "rescatar" not in ofrece


@pytest.mark.parametrize("accion", FORMAS)
def test_a_press_without_the_fields_of_its_form_is_asked_for_them(elenco: Elenco, entrar: Any, accion: str) -> None:
    """I01: whatever is posted, no 5xx. What nobody can do with nothing said is asked again, and nothing is done."""
    fila = correo(elenco)
    url = reverse("buzones:decidir", args=[fila.pk, accion])
    assert entrar(elenco.ventanilla).post(url, {"version": "0"}).status_code in {200, 302}
    assert decisiones(fila) == []


def test_the_guess_comes_first(elenco: Elenco, entrar: Any) -> None:
    fila = correo(elenco, propuesta=Clase.SPAM)
    pagina = entrar(elenco.ventanilla).get(reverse("buzones:detalle", args=[fila.pk]))
    assert pagina.context["botones"][0].accion == "spam"


def test_a_flood_is_decided_with_one_press(elenco: Elenco, entrar: Any) -> None:
    """K6: the rest of the group that the person sees, as it is; what somebody decided meanwhile stays."""
    primero = correo(elenco)
    demas = [correo(elenco, grupo=primero) for _ in range(3)]
    ajeno = correo(elenco, grupo=primero, dependencias=[elenco.archivo.pk])
    como(elenco.ventanilla, demas[0], "automatico")
    respuesta = entrar(elenco.asesor_tecnica).post(
        reverse("buzones:decidir", args=[demas[1].pk, "spam"]), {"version": "0", "grupo": "1"}, follow=True
    )
    assert "y los otros 2 de su grupo" in respuesta.content.decode()
    for fila in (primero, demas[1], demas[2]):
        assert len(decisiones(fila)) == 1 and fila.estado == EstadoCorreo.DESCARTADO
    assert decisiones(ajeno) == [] and ajeno.estado == EstadoCorreo.POR_CLASIFICAR
    assert decisiones(demas[0])[0].clase == Clase.AUTOMATICO
    # And back, together.
    version = decisiones(primero)[0].pk
    assert como(elenco.ventanilla, primero, "rescatar", version=version, con_grupo=True) == 3
    assert {fila.estado for fila in (primero, *demas[1:]) if decisiones(fila)} == {EstadoCorreo.POR_CLASIFICAR}
