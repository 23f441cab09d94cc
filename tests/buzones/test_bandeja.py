"""The tray: the oldest first, one decision after another, and each flood once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buzones.estados import Clase, EstadoCorreo
from buzones.models import Correo, Decision
from tests.buzones.correos import correo
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
BANDEJA = "/correo/por-clasificar/"


def hace(elenco: Elenco, minutos: int, **datos: Any) -> Correo:
    return correo(elenco, recibido_en=timezone.now() - timedelta(minutes=minutos), **datos)


def pk_de(respuesta: Any) -> int | None:
    elegido = respuesta.context.get("correo")
    return elegido.pk if elegido else None


def decidir(cliente: Any, respuesta: Any, accion: str, **mas: str) -> Any:
    """As the button of the page sends it."""
    datos = {"version": str(respuesta.context["version"]), "siguiente": str(respuesta.context["siguiente"] or "")}
    return cliente.post(reverse("buzones:decidir", args=[pk_de(respuesta), accion]), datos | mas, follow=True)


def test_the_oldest_first_and_the_next_after_deciding(elenco: Elenco, entrar: Any) -> None:
    tercero, primero, segundo = (hace(elenco, minutos) for minutos in (1, 30, 20))
    hace(elenco, 90, estado=EstadoCorreo.ATENDIDO, clase=Clase.AUTOMATICO)
    cliente = entrar(elenco.ventanilla)
    pagina = cliente.get(BANDEJA)
    assert pk_de(pagina) == primero.pk and [fila.pk for fila in pagina.context["pagina"]] == [
        primero.pk, segundo.pk, tercero.pk,
    ]  # fmt: skip
    # Left for later: the next one, and what follows is after it, not the first again.
    saltado = cliente.get(BANDEJA, {"correo": segundo.pk})
    pagina = decidir(cliente, saltado, "spam")
    assert pk_de(pagina) == tercero.pk and "es correo no deseado" in pagina.content.decode()
    assert pagina.redirect_chain[-1][0].endswith("#actual")
    pagina = decidir(cliente, pagina, "automatico")
    assert pk_de(pagina) == primero.pk
    pagina = decidir(cliente, pagina, "spam")
    assert pk_de(pagina) is None and "No hay correos por clasificar" in pagina.content.decode()


def test_a_decision_is_undone_from_the_notice(elenco: Elenco, entrar: Any) -> None:
    fila, _ = hace(elenco, 30), hace(elenco, 20)
    cliente = entrar(elenco.asesor_tecnica)
    pagina = decidir(cliente, cliente.get(BANDEJA), "spam")
    assert pk_de(pagina) != fila.pk and "Deshacer" in pagina.content.decode()
    hecho = pagina.context["hecho"]["hecho"]
    deshacer = {"version": str(hecho.decision.pk), "siguiente": ""}
    pagina = cliente.post(reverse("buzones:decidir", args=[fila.pk, "rescatar"]), deshacer, follow=True)
    assert pk_de(pagina) == fila.pk and "Deshacer" not in pagina.content.decode()
    # Pressed again, somebody says that it was done, and nothing is doubled.
    pagina = cliente.post(reverse("buzones:decidir", args=[fila.pk, "rescatar"]), deshacer, follow=True)
    assert "ya lo decidió" in pagina.content.decode()
    with escribiendo():
        assert Decision.objects.filter(correo=fila).count() == 2


def test_what_another_did_is_not_offered_to_undo(elenco: Elenco, entrar: Any) -> None:
    fila = hace(elenco, 30)
    hace(elenco, 20)
    suya = decidir(entrar(elenco.ventanilla), entrar(elenco.ventanilla).get(BANDEJA), "spam").context["hecho"]["hecho"]
    otro = entrar(elenco.asesor_tecnica)
    assert otro.get(BANDEJA, {"hecho": suya.decision.pk}).context["hecho"] is None
    for raro in ("0", "x", "9" * 30, "²", "987654321"):
        pagina = otro.get(BANDEJA, {"hecho": raro, "correo": raro})
        assert pagina.status_code == 200 and pagina.context["hecho"] is None
    assert pk_de(otro.get(BANDEJA, {"correo": fila.pk})) != fila.pk


def test_a_flood_is_one_line_and_one_key(elenco: Elenco, entrar: Any) -> None:
    """K6: decided together; the rest of the tray is as it was."""
    primero = hace(elenco, 60)
    demas = [hace(elenco, 50 - n, grupo=primero) for n in range(4)]
    suelto = hace(elenco, 55)
    cliente = entrar(elenco.ventanilla)
    pagina = cliente.get(BANDEJA)
    assert [(fila.pk, fila.juntos) for fila in pagina.context["pagina"]] == [(primero.pk, 4), (suelto.pk, 0)]
    assert pagina.context["companeros"] == 4 and "No es deseado (los 5)" in pagina.content.decode()
    pagina = decidir(cliente, pagina, "spam", grupo="1")
    assert "y los otros 4 de su grupo" in pagina.content.decode() and pk_de(pagina) == suelto.pk
    with escribiendo():
        assert set(Correo.objects.filter(estado=EstadoCorreo.DESCARTADO)) == {primero, *demas}
    # Undone together; and when its first one is gone, the oldest that waits speaks for the rest.
    hecho = pagina.context["hecho"]["hecho"]
    deshacer = {"version": str(hecho.decision.pk), "siguiente": "", "grupo": "1"}
    pagina = cliente.post(reverse("buzones:decidir", args=[primero.pk, "rescatar"]), deshacer, follow=True)
    assert pagina.context["companeros"] == 4
    pagina = decidir(cliente, pagina, "automatico")
    assert [(fila.pk, fila.juntos) for fila in pagina.context["pagina"]] == [(suelto.pk, 0), (demas[0].pk, 3)]


def test_each_sees_their_own_tray(elenco: Elenco, entrar: Any) -> None:
    """And who only watches decides nothing."""
    fila = hace(elenco, 30)
    hace(elenco, 20, dependencias=[elenco.archivo.pk, elenco.sistema_archivos.pk])
    assert entrar(elenco.ventanilla).get(BANDEJA).context["cuantos"] == 2
    assert pk_de(entrar(elenco.asesor_tecnica).get(BANDEJA)) == fila.pk
    assert entrar(elenco.asesor_tecnica).get(BANDEJA).context["cuantos"] == 1
    mira = entrar(elenco.auditora).get(BANDEJA)
    assert mira.context["cuantos"] == 2 and 'name="version"' not in mira.content.decode()
    for quien in (elenco.enlace, elenco.revisora):
        assert entrar(quien).get(BANDEJA).status_code == 403


def test_the_keys_are_shown_only_to_who_turned_them_on(elenco: Elenco, entrar: Any) -> None:
    """WCAG 2.1.4: off unless the person wants them."""
    hace(elenco, 30)
    html = entrar(elenco.ventanilla).get(BANDEJA).content.decode()
    assert "<kbd>" not in html and "active los atajos" in html
    with escribiendo():
        elenco.ventanilla.atajos = True
        elenco.ventanilla.save()
    html = entrar(elenco.ventanilla).get(BANDEJA).content.decode()
    assert "<kbd>x</kbd>" in html and "active los atajos" not in html and "data-atajos" in html


def test_it_costs_the_same_with_one_three_or_twenty_five(elenco: Elenco, entrar: Any) -> None:
    cliente, medidas = entrar(elenco.ventanilla), []
    for cuantos in (1, 2, 22):
        for _ in range(cuantos):
            hace(elenco, 30)
        cliente.get(BANDEJA)
        with CaptureQueriesContext(connection) as consultas:
            cliente.get(BANDEJA)
        medidas.append(len(consultas))
    assert len(set(medidas)) == 1, medidas


def test_the_menu_says_how_many_wait(elenco: Elenco, entrar: Any) -> None:
    """Of whoever has the tray among their places; the queue of who attends asks nothing more for it."""

    def menu(quien: Any, url: str) -> dict[str, str]:
        respuesta = entrar(quien).get(url)
        assert respuesta.status_code == 200
        return {lugar.texto: lugar.cuantos for lugar in respuesta.context["portal"].nav}

    assert menu(elenco.ventanilla, "/registro/")["Por clasificar"] == ""
    hace(elenco, 30), hace(elenco, 20)
    assert menu(elenco.ventanilla, "/registro/")["Por clasificar"] == "2"
    assert set(menu(elenco.asesor_tecnica, "/asesor/cola/").values()) == {""}
    html = entrar(elenco.ventanilla).get("/registro/").content.decode()
    assert 'Por clasificar <span class="cuenta-n">2</span>' in html
