"""The legal term of a petition: shown beside the ten days, extended once, and only by a notice that leaves in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from avisos.models import Aviso, DireccionCorreo, Envio
from avisos.services.direcciones import Suceso, anotar_suceso, volver_a_escribir
from bandeja.models import Entrega, EstadoEntrega
from bandeja.services import entregar
from plazos.reloj import con_reloj
from plazos.terminos import explicar
from solicitudes.models import Movimiento, Prorroga, Solicitud, Termino
from solicitudes.services.transiciones import NoSePuede
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hace, hacer, historia, instante, parte_de, releer, sistema

pytestmark = pytest.mark.django_db


def de_hoy(elenco: Any, **datos: Any) -> Solicitud:
    return radicada(por=elenco.enlace, temas=[elenco.tema_tablas], **datos)


def legal(solicitud: Solicitud) -> Termino:
    with sistema():
        return Termino.objects.select_related("parte").get(solicitud=solicitud, reloj="legal")


def clasificar(elenco: Any, solicitud: Solicitud, peticion: str = "general") -> Termino:
    hacer(elenco.asesora, parte_de(solicitud), "clasificar_peticion", peticion=peticion)
    return legal(solicitud)


def prorrogar(elenco: Any, solicitud: Solicitud, dias: int = 10) -> Prorroga:
    hacer(elenco.subdirector, parte_de(solicitud), "prorrogar", dias=dias)
    with sistema():
        return Prorroga.objects.get(solicitud=solicitud)


@pytest.mark.parametrize(
    ("peticion", "dias", "vence"),
    [("documentos", 10, "2026-11-24"), ("general", 15, "2026-12-01"), ("consulta", 30, "2026-12-23")],
)
def test_it_is_said_at_the_counter_and_never_moves_the_answer(elenco, peticion, dias, vence) -> None:
    solicitud = radicada(
        registrada_por=elenco.ventanilla,
        canal="correo",
        entidad=elenco.secretaria,
        temas=[elenco.tema_tablas, elenco.tema_integridad],
        recibida=instante("2026-11-09"),
        peticion=peticion,
    )
    suyo = legal(solicitud)
    assert (suyo.dias, suyo.vence, suyo.parte.lidera) == (dias, date.fromisoformat(vence), True)
    assert releer(solicitud).peticion == peticion and solicitud.vence == date(2026, 11, 24)
    assert explicar(suyo.regla).dias[-1].fecha == suyo.vence


def test_nobody_writes_a_reason_for_nothing(elenco, entrar) -> None:
    """The button is only where there is a legal term; the page says at once when it can't be extended any more."""
    solicitud = de_hoy(elenco)
    navegador = entrar(elenco.subdirector)
    caso = f"/asesor/solicitudes/{solicitud.radicado}/"
    assert "Ampliar el término legal" not in navegador.get(caso).content.decode()
    sin_termino = navegador.get(f"{caso}prorrogar/")
    assert sin_termino.status_code == 409 and "Diga antes qué petición es" in sin_termino.content.decode()
    assert "Consulta: 30 días hábiles" in navegador.get(f"{caso}clasificar-peticion/").content.decode()

    clasificar(elenco, solicitud, "documentos")
    assert "Ampliar el término legal" in navegador.get(caso).content.decode()
    pasada = navegador.post(f"{caso}prorrogar/", {"dias": "11", "motivo": "Falta un dato", "version": ""})
    assert pasada.status_code == 422 and "Escriba de 1 a 10: el total no puede" in pasada.content.decode()

    prorrogar(elenco, solicitud, dias=5)
    otra_vez = navegador.get(f"{caso}prorrogar/")
    assert otra_vez.status_code == 409 and "ya se amplió una vez" in otra_vez.content.decode()


def test_it_is_said_later_and_corrected(elenco) -> None:
    solicitud = de_hoy(elenco)
    assert clasificar(elenco, solicitud, "consulta").dias == 30
    suyo = clasificar(elenco, solicitud, "documentos")
    assert (suyo.dias, suyo.vence) == (10, parte_de(solicitud).vence)
    suyo = clasificar(elenco, solicitud, "no")
    assert (suyo.cerrado, suyo.obliga, releer(solicitud).peticion) == (True, False, None)
    suyo = clasificar(elenco, solicitud, "general")
    assert (suyo.dias, suyo.cerrado, suyo.obliga, releer(solicitud).peticion) == (15, False, True, "general")
    with sistema():
        dicho = Movimiento.objects.filter(solicitud=solicitud, accion="clasificar_peticion").last()
    assert dicho.texto == "Dijo que es: petición general" and dicho.motivo


def test_it_counts_when_its_notice_leaves(elenco) -> None:
    solicitud = de_hoy(elenco)
    antes, vence = clasificar(elenco, solicitud), parte_de(solicitud).vence
    pedida = prorrogar(elenco, solicitud)
    assert pedida.avisada_en is None and legal(solicitud).vence == antes.vence < pedida.vence_nuevo

    mail.outbox.clear()
    entregar()
    [correo] = [m for m in mail.outbox if "Ampliamos el término" in m.subject]
    assert elenco.enlace.correo in correo.to[0] and "Motivo de prueba" in correo.body
    ahora, hecha = legal(solicitud), releer(pedida)
    assert hecha.avisada_en and not hecha.tardia and ahora.vence == hecha.vence_nuevo
    assert (ahora.dias, explicar(ahora.regla).dias[-1].numero) == (15, 25)
    assert "una prórroga de 10 días hábiles" in explicar(ahora.regla).frases[1]
    # Neither the ten days nor the date of the answer move.
    with sistema():
        lineamiento = Termino.objects.get(solicitud=solicitud, reloj="lineamiento")
        assert Aviso.objects.filter(persona=elenco.enlace, titulo__contains="Ampliamos").count() == 1
    assert lineamiento.vence == parte_de(solicitud).vence == vence
    assert historia(solicitud)[-2:] == ["prorrogar", "prorroga"]
    entregar()
    assert len([m for m in mail.outbox if "Ampliamos el término" in m.subject]) == 1


def test_a_notice_that_could_not_leave_in_time_moves_nothing(elenco, monkeypatch) -> None:
    solicitud = de_hoy(elenco)
    antes = clasificar(elenco, solicitud)
    pedida = prorrogar(elenco, solicitud)
    mail.outbox.clear()
    with con_reloj(antes.vence_en):
        entregar()

    tardia = releer(pedida)
    assert tardia.tardia and legal(solicitud).vence == antes.vence
    avisados = {m.to[0]: m.subject for m in mail.outbox}
    assert not any("Ampliamos" in asunto for asunto in avisados.values())
    with sistema():
        assert Aviso.objects.filter(persona=elenco.subdirector, titulo__contains="La prórroga no vale").count() == 1
    with pytest.raises(NoSePuede, match="ya se amplió una vez"):
        hacer(elenco.subdirector, parte_de(solicitud), "prorrogar", dias=1)


def test_a_server_that_is_down_moves_nothing(elenco, monkeypatch) -> None:
    solicitud = de_hoy(elenco)
    antes = clasificar(elenco, solicitud)
    pedida = prorrogar(elenco, solicitud)

    def caido(self: Any) -> int:
        raise ConnectionRefusedError("no hay servidor")

    monkeypatch.setattr(mail.EmailMessage, "send", caido)
    entregar()
    assert releer(pedida).avisada_en is None and legal(solicitud).vence == antes.vence
    assert historia(solicitud)[-1] == "prorrogar"
    with sistema():
        entrega = Entrega.objects.get(tipo="solicitudes.prorroga")
        assert entrega.estado == EstadoEntrega.PENDIENTE
        assert not Aviso.objects.filter(persona=elenco.enlace, titulo__contains="Ampliamos").exists()


def test_what_is_refused(elenco) -> None:
    solicitud = de_hoy(elenco)
    with pytest.raises(NoSePuede, match="Diga antes qué petición es"):
        prorrogar(elenco, solicitud)
    suyo = clasificar(elenco, solicitud, "documentos")
    with pytest.raises(ValidationError, match="el doble del término"):
        prorrogar(elenco, solicitud, dias=11)
    with con_reloj(suyo.vence_en), pytest.raises(NoSePuede, match="ya venció"):
        prorrogar(elenco, solicitud)
    with con_reloj(suyo.vence_en - timedelta(seconds=1)):
        prorrogar(elenco, solicitud)
    with pytest.raises(NoSePuede, match="una vez"):
        prorrogar(elenco, solicitud)
    with pytest.raises(NoSePuede, match="no se puede cambiar"):
        clasificar(elenco, solicitud, "general")
    with pytest.raises(NoSePuede, match="rol"):
        hacer(elenco.asesora, parte_de(solicitud), "prorrogar", dias=1)


def test_without_an_address_the_extension_does_not_wait_for_a_mail(elenco) -> None:
    solicitud = radicada(
        registrada_por=elenco.ventanilla,
        canal="presencial",
        entidad=elenco.secretaria,
        temas=[elenco.tema_tablas],
        recibida=hace(hours=1),
        peticion="general",
    )
    pedida = prorrogar(elenco, solicitud)
    entregar()
    assert releer(pedida).avisada_en and legal(solicitud).vence == releer(pedida).vence_nuevo


def ampliados(solicitud: Solicitud) -> list[str]:
    return [m.to[0] for m in mail.outbox if m.subject == f"[{solicitud.radicado}] Ampliamos el término de su petición"]


def test_to_an_address_that_bounces_nothing_leaves_and_the_date_stays_until_it_is_mended(elenco) -> None:
    """Whoever attends it tells it by other means; mended in time, the same fact leaves and the term grows."""
    solicitud = de_hoy(elenco)
    antes = clasificar(elenco, solicitud)
    with sistema():
        DireccionCorreo.objects.create(correo=elenco.enlace.correo, estado="mala", causa="rebote")
    pedida = prorrogar(elenco, solicitud)
    mail.outbox.clear()
    entregar()
    assert releer(pedida).avisada_en is None and legal(solicitud).vence == antes.vence
    assert ampliados(solicitud) == []
    with sistema():
        assert Envio.objects.get(evento="solicitudes.prorroga").desenlace == "rechazado"
        assert not Aviso.objects.filter(persona=elenco.enlace, titulo__contains="Ampliamos").exists()
        dicho = Aviso.objects.filter(texto__contains="Ampliamos el término").get()
    assert dicho.persona == elenco.subdirector and dicho.texto.startswith(
        "El correo «Ampliamos el término de la petic"
    )
    assert "no salió: No se le escribe: los correos rebotan" in dicho.texto

    with actuar(elenco.administradora):
        volver_a_escribir(correo=elenco.enlace.correo, motivo="Ya recibe")
    entregar()
    assert releer(pedida).avisada_en and legal(solicitud).vence == releer(pedida).vence_nuevo > antes.vence
    assert len(ampliados(solicitud)) == 1
    entregar()
    assert len(ampliados(solicitud)) == 1


def test_mended_too_late_it_moves_nothing_and_its_line_is_closed(elenco) -> None:
    solicitud = de_hoy(elenco)
    antes = clasificar(elenco, solicitud)
    with sistema():
        DireccionCorreo.objects.create(correo=elenco.enlace.correo, estado="mala", causa="rebote")
    pedida = prorrogar(elenco, solicitud)
    entregar()
    with actuar(elenco.administradora):
        volver_a_escribir(correo=elenco.enlace.correo, motivo="Ya recibe")
    with con_reloj(antes.vence_en):
        entregar()
    assert releer(pedida).tardia and legal(solicitud).vence == antes.vence and ampliados(solicitud) == []
    with sistema():
        lineas = Envio.objects.filter(evento="solicitudes.prorroga").order_by("pk")
        assert [linea.desenlace for linea in lineas] == ["rechazado", "descartado"]


def test_one_that_left_and_came_back_leaves_again_and_moves_nothing_twice(elenco) -> None:
    solicitud = de_hoy(elenco)
    clasificar(elenco, solicitud)
    pedida = prorrogar(elenco, solicitud)
    entregar()
    vence = legal(solicitud).vence
    with sistema():
        envio = Envio.objects.get(evento="solicitudes.prorroga")
    anotar_suceso(
        Suceso(origen="prueba", identidad="1", tipo="duro", correo=envio.correo, mensaje_id=envio.mensaje_id)
    )
    entregar()
    mail.outbox.clear()
    with actuar(elenco.administradora):
        volver_a_escribir(correo=elenco.enlace.correo, motivo="Ya recibe")
    entregar()
    assert len(ampliados(solicitud)) == 1
    assert legal(solicitud).vence == vence == releer(pedida).vence_nuevo
    assert historia(solicitud).count("prorroga") == 1
