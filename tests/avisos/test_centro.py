"""The in-app centre: how many are not read is on every page; who opens a solicitud has read what was told of it."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Aviso, Envio
from avisos.services import dejar_aviso
from bandeja.services import entregar
from direcciones.models import Persona
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, parte_de

pytestmark = pytest.mark.django_db


def dejar(persona: Persona, cuantos: int) -> None:
    for n in range(cuantos):
        dejar_aviso(persona=persona, carta=Carta(f"Aviso {n}", "Pasó algo."), clave=f"prueba:{n}")


def insignia(cuantos: str) -> str:
    return f'<span class="cuenta-n">{cuantos}<span class="oculto"> sin leer en sus notificaciones</span></span>'


def sin_leer(persona: Persona) -> list[str]:
    with como_sistema("prueba"), transaction.atomic():
        return list(Aviso.objects.filter(persona=persona, leido_en=None).values_list("titulo", flat=True))


def test_every_page_says_how_many_are_not_read(elenco: Any, entrar: Any) -> None:
    cliente, otra = entrar(elenco.enlace), entrar(elenco.colega)
    assert "cuenta-n" not in cliente.get(reverse("cuentas:cuenta")).content.decode()
    dejar(elenco.enlace, 3)
    for pagina in ("cuentas:cuenta", "avisos:lista", "solicitudes:mias"):
        assert insignia("3") in cliente.get(reverse(pagina)).content.decode()
    assert insignia("3") not in otra.get(reverse("cuentas:cuenta")).content.decode()
    assert "Marcó 3 notificaciones como leídas." in leer_todas(cliente)
    assert "No tenía notificaciones sin leer." in leer_todas(cliente)
    assert "sin leer en sus notificaciones" not in cliente.get(reverse("cuentas:cuenta")).content.decode()


def leer_todas(cliente: Any) -> str:
    return str(cliente.post(reverse("avisos:leer_todos"), follow=True).content.decode())


def test_one_is_said_as_one(elenco: Any, entrar: Any) -> None:
    dejar(elenco.enlace, 1)
    assert "Marcó 1 notificación como leída." in leer_todas(entrar(elenco.enlace))


def test_each_line_of_a_notice_is_a_line_of_the_page(elenco: Any, entrar: Any) -> None:
    dejar_aviso(persona=elenco.enlace, carta=Carta("Cambió la fecha", "Vencen otro día.\nAT-1: antes."), clave="una")
    assert "Vencen otro día.<br>AT-1: antes." in entrar(elenco.enlace).get(reverse("avisos:lista")).content.decode()


def test_what_to_do_is_never_cut_off(elenco: Any) -> None:
    aviso = dejar_aviso(persona=elenco.enlace, carta=Carta("Algo", "x" * 600, "Responda hoy."), clave="larga")
    assert len(aviso.texto) == 500 and aviso.texto.endswith("x\n…\nResponda hoy.")


def test_of_a_long_list_whole_lines_are_said(elenco: Any) -> None:
    lineas = [f"AT-2026-{n:06}: el plazo pasó del 7 de diciembre de 2026 al 9 de diciembre de 2026." for n in range(9)]
    carta = Carta("Cambió la fecha de 9 solicitudes", "\n".join(["Se decretó un día.", *lineas]), "No haga nada.")
    dicho = dejar_aviso(persona=elenco.enlace, carta=carta, clave="lista").texto.split("\n")
    assert dicho[-2:] == ["…", "No haga nada."] and set(dicho[1:-2]) < set(lineas)


def test_beyond_a_hundred_it_only_says_many(elenco: Any, entrar: Any) -> None:
    dejar(elenco.enlace, 102)
    assert insignia("99+") in entrar(elenco.enlace).get(reverse("cuentas:cuenta")).content.decode()


def consultas(cliente: Any, url: str, **mas: Any) -> list[str]:
    with CaptureQueriesContext(connection) as hechas:
        assert cliente.get(url, **mas).status_code in {200, 204}
    return [q["sql"] for q in hechas]


def test_the_count_costs_a_page_no_query_and_a_poll_nothing_at_all(elenco: Any, entrar: Any) -> None:
    cliente, cola = entrar(elenco.asesora), reverse("atencion:cola")
    consultas(cliente, cola)  # what a process or a session reads only once
    con_ninguno = consultas(cliente, cola)
    dejar(elenco.asesora, 3)
    con_tres = consultas(cliente, cola)
    assert len(con_ninguno) == len(con_tres)
    assert sum("avisos_sin_leer" in sql for sql in con_tres) == 1
    sondeo = consultas(cliente, f"{cola}?parcial=1&version=1", headers={"Accept": "application/json"})
    assert not any("avisos_" in sql for sql in sondeo)


def test_who_opens_a_solicitud_has_read_what_was_told_of_it(elenco: Any, entrar: Any) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.subdirector, parte_de(solicitud), "asignar", asesor=elenco.asesora)
    entregar()
    dejar(elenco.enlace, 1)
    for persona, url in (
        (elenco.enlace, reverse("solicitudes:detalle", args=[solicitud.radicado])),
        (elenco.asesora, reverse("atencion:caso", args=[solicitud.radicado])),
    ):
        antes = sin_leer(persona)
        assert any(solicitud.radicado in titulo for titulo in antes)
        pagina = entrar(persona).get(url).content.decode()
        quedan = [titulo for titulo in antes if solicitud.radicado not in titulo]
        assert sin_leer(persona) == quedan
        assert (insignia(str(len(quedan))) in pagina) == bool(quedan)
    with como_sistema("prueba"), transaction.atomic():
        leidos = Envio.objects.filter(persona__in=[elenco.enlace, elenco.asesora], solicitud_id=solicitud.pk)
        assert leidos and all(envio.leido_en for envio in leidos)


def test_opening_one_with_nothing_to_read_writes_nothing(elenco: Any, entrar: Any) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hechas = consultas(entrar(elenco.colega), reverse("solicitudes:detalle", args=[solicitud.radicado]))
    assert not any("avisos_aviso" in sql for sql in hechas)


def test_the_list_may_show_only_what_is_not_read(elenco: Any, entrar: Any) -> None:
    cliente = entrar(elenco.enlace)
    dejar(elenco.enlace, 2)
    with como_sistema("prueba"), transaction.atomic():
        uno = Aviso.objects.get(titulo="Aviso 0")
    cliente.post(reverse("avisos:abrir", args=[uno.pk]))
    html = cliente.get(reverse("avisos:lista") + "?ver=sin-leer").content.decode()
    assert "Aviso 1" in html
    assert "Aviso 0" not in html
    cliente.post(reverse("avisos:leer_todos"))
    assert (
        "Ya leyó todas sus notificaciones." in cliente.get(reverse("avisos:lista") + "?ver=sin-leer").content.decode()
    )
