"""M11: what bounces marks the address, tells who can mend it, and leaves again when mended. Nothing is dropped."""

import io
import sys
from datetime import time, timedelta
from email.utils import parseaddr
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from avisos.carta import Carta
from avisos.eventos import Clase
from avisos.models import Aviso, DireccionCorreo, Envio, EventoCorreo
from avisos.models.direcciones import lo_que_dijo
from avisos.respuestas import direccion_de_rebote
from avisos.services import avisar, enviar_correo
from avisos.services.direcciones import Suceso, anotar_suceso, cambiar_direccion, volver_a_escribir
from avisos.services.rebotes import recibir
from bandeja.models import Entrega
from bandeja.services import EntregaRechazada, entregar, manejadores
from cuentas.services.personas import corregir_persona
from direcciones.models import Persona
from solicitudes.models import Solicitud
from tests.avisos.test_dsn import crudo
from tests.fabricas import FabricaPersona, actuar, radicada
from tests.solicitudes.apoyos import hacer, historia, instante, parte_de, releer
from tests.soporte.elenco import Elenco

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("de_prueba")]
ANA = "ana.ruiz@entidad.example"
CARTA = Carta("[AT-2026-000123] Recibimos su solicitud", "Radicamos su solicitud.")
DURO, BLANDO, QUEJA, LLEGO = "duro", "blando", "queja", "entregado"


@pytest.fixture(autouse=True)
def _a_cualquier_hora(settings: Any) -> None:
    settings.HORAS_DE_ESCRIBIR = None


def escribir(clave: str = "una", a: str = ANA, clase: str = "legal", **datos: Any) -> Envio:
    """A mail handed over to its server, as the ledger has it."""
    with transaction.atomic(), como_sistema("prueba"):
        enviar_correo(a=a, carta=CARTA, clave=clave, evento=f"prueba.{clase}", **datos)
    entregar()
    return envio(clave=f"correo:{clave}:{a.lower()}")


def decir(persona: Persona, clave: str, clase: str) -> None:
    with transaction.atomic(), como_sistema("prueba"):
        avisar(persona=persona, carta=CARTA, clave=clave, evento=f"prueba.{clase}")


def envio(**filtro: Any) -> Envio:
    with transaction.atomic(), como_sistema("prueba"):
        return Envio.objects.get(**filtro)


def direccion(correo: str = ANA) -> DireccionCorreo:
    with transaction.atomic(), como_sistema("prueba"):
        return DireccionCorreo.objects.get(correo=correo)


def sucede(tipo: str, que: str = "", *, de: Envio | None = None, correo: str = ANA, **datos: Any) -> bool:
    return anotar_suceso(
        Suceso(
            origen="prueba",
            identidad=que or tipo,
            tipo=tipo,
            correo=correo,
            mensaje_id=de.mensaje_id if de else "",
            codigo="5.1.1" if tipo == DURO else "",
            **datos,
        )
    )


def cuantos(modelo: Any, **filtro: Any) -> int:
    with transaction.atomic(), como_sistema("prueba"):
        return int(modelo.objects.filter(**filtro).count())


# --- The mark ------------------------------------------------------------------------------------------------------
def test_one_hard_bounce_marks_the_address_and_closes_the_line() -> None:
    uno = escribir()
    assert sucede(DURO, de=uno, detalle="User unknown")
    assert (direccion().estado, direccion().causa, direccion().codigo) == ("mala", "rebote", "5.1.1")
    despues = envio(pk=uno.pk)
    assert (despues.desenlace, despues.motivo) == ("rebotado", "5.1.1 User unknown")
    assert lo_que_dijo("5.1.1", "550 5.1.1 User unknown") == "550 5.1.1 User unknown"
    assert despues.entregado_en == uno.entregado_en is not None


def test_five_soft_ones_in_a_row_mark_it_and_four_do_not() -> None:
    for n in range(4):
        sucede(BLANDO, f"b{n}")
    assert (direccion().estado, direccion().blandas) == ("dudosa", 4)
    sucede(BLANDO, "b5")
    assert (direccion().estado, direccion().causa) == ("mala", "rebote")


def test_one_that_arrives_in_between_begins_the_count_again() -> None:
    hora = timezone.now() - timedelta(hours=9)
    for n in range(4):
        sucede(BLANDO, f"b{n}", en=hora + timedelta(hours=n))
    sucede(LLEGO, en=hora + timedelta(hours=5))
    assert (direccion().estado, direccion().blandas) == ("buena", 0)
    sucede(BLANDO, "otro", en=hora + timedelta(hours=6))
    assert (direccion().estado, direccion().blandas) == ("dudosa", 1)


def test_the_same_thing_said_twice_is_once() -> None:
    """A webhook retried, a bounce handed over twice: the counts, the mark and the alert do not move."""
    uno = escribir()
    assert [sucede(BLANDO, "el mismo", de=uno) for _ in range(7)] == [True] + [False] * 6
    assert (direccion().blandas, direccion().estado) == (1, "dudosa")
    assert sucede(DURO, de=uno) and not sucede(DURO, de=uno) and sucede(DURO, "y otro", de=uno)
    assert cuantos(EventoCorreo) == 3 and cuantos(Entrega, tipo="avisos.direccion_mala") == 1


def test_what_was_taken_and_then_bounced_did_not_arrive_and_never_the_other_way() -> None:
    uno = escribir()
    sucede(LLEGO, de=uno)
    assert envio(pk=uno.pk).desenlace == "entregado"
    sucede(DURO, de=uno)
    sucede(LLEGO, "otra vez", de=uno)
    assert envio(pk=uno.pk).desenlace == "rebotado"


def test_a_forwarded_mail_bounces_for_the_address_it_was_written_to() -> None:
    uno = escribir()
    sucede(DURO, de=uno, correo="otra@personal.example")
    assert direccion(ANA).estado == "mala" and cuantos(DireccionCorreo) == 1


def test_what_only_arrives_leaves_no_row_of_the_address() -> None:
    sucede(LLEGO, de=escribir())
    assert cuantos(DireccionCorreo) == 0


# --- Nothing is written to a bad one -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tipo", "salen"), [(DURO, {"cuenta"}), (QUEJA, {"cuenta", "legal"})], ids=["rebota", "se quejó"]
)
def test_who_still_gets_what(tipo: str, salen: set[str]) -> None:
    """What the person has just asked for always; to who complained, what the law says too."""
    sucede(tipo)
    mail.outbox.clear()
    for clase in Clase:
        linea = escribir(f"de {clase}", clase=clase)
        sale = str(clase) in salen
        assert (linea.desenlace == "") is sale, clase
        assert (linea.entregado_en is not None) is sale
        assert sale or "No se le escribe" in linea.motivo
    assert len(mail.outbox) == len(salen)
    assert cuantos(Entrega, tipo="avisos.correo", estado="muerta") == 0


def test_the_line_in_the_portal_is_there_all_the_same() -> None:
    persona = FabricaPersona(correo=ANA)
    sucede(DURO)
    decir(persona, "una", "normal")
    entregar()
    assert mail.outbox == [] and cuantos(Aviso, persona=persona, clave=f"una:{persona.pk}") == 1
    assert envio(persona=persona).desenlace == "rechazado"


def test_a_server_that_refuses_the_address_marks_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(entrega: Entrega) -> Any:
        raise EntregaRechazada("550 5.1.1 no existe", correo=entrega.destinatario, codigo="5.1.1")

    manejadores.cargar()
    with monkeypatch.context() as m:
        m.setitem(manejadores._manejadores, "avisos.correo", no)
        uno = escribir()
    assert direccion().estado == "mala" and (uno.desenlace, uno.entregado_en) == ("muerto", None)
    assert "5.1.1" in uno.motivo
    with transaction.atomic(), como_sistema("prueba"):
        assert Entrega.objects.get(clave_idempotencia=uno.clave).intento == 1


# --- Who is told ---------------------------------------------------------------------------------------------------
def de_ventanilla(elenco: Elenco, correo: str = ANA) -> Solicitud:
    solicitud: Solicitud = radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, canal="correo", temas=[elenco.tema_tablas]
    )
    with transaction.atomic(), como_sistema("prueba"):
        Solicitud.objects.filter(pk=solicitud.pk).update(remitente_correo=correo)
    entregar()
    return releer(solicitud)  # type: ignore[no-any-return]


def avisos_de(persona: Persona) -> list[str]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Aviso.objects.filter(persona=persona).order_by("id").values_list("titulo", flat=True))


def test_whoever_attends_it_is_told_and_corrects_it_and_it_leaves_again(elenco: Elenco, entrar: Any) -> None:
    solicitud = de_ventanilla(elenco)
    hacer(elenco.asesora, parte_de(solicitud), "tomar")
    entregar()
    uno = escribir(solicitud_id=solicitud.pk)
    sucede(DURO, de=uno)
    entregar()
    [titulo] = [t for t in avisos_de(elenco.asesora) if "No pudimos escribirle" in t]
    assert titulo.startswith(f"[{solicitud.radicado}]")
    mail.outbox.clear()

    pagina = entrar(elenco.asesora)
    lista = pagina.get(reverse("atencion:avisos", args=[solicitud.radicado])).content.decode()
    assert "Rebotado" in lista or "No llegó" in lista
    ruta = reverse("atencion:accion", args=[solicitud.radicado, "corregir-correo"])
    assert ruta in lista
    datos = {"correo": "ana.ruiz@nueva.example", "motivo": "La dictó por teléfono", "version": ""}
    assert pagina.post(ruta, datos | {"clave": "8f14e45f-ceea-467f-a8f4-2b0f3a1c0001"}).status_code in {302, 409}
    if releer(solicitud).remitente_correo == ANA:  # the page showed what had moved meanwhile: once more
        form = pagina.get(ruta).context["form"]
        pagina.post(ruta, datos | {"clave": str(form["clave"].value()), "version": form["version"].value()})
    assert releer(solicitud).remitente_correo == "ana.ruiz@nueva.example"
    assert "corregir_correo" in historia(solicitud)
    entregar()
    [salio] = mail.outbox
    assert salio.to == ["ana.ruiz@nueva.example"] and salio.subject == CARTA.asunto
    otra = envio(reenvio_de=uno)
    assert (otra.correo, otra.solicitud_id, otra.desenlace) == ("ana.ruiz@nueva.example", solicitud.pk, "")
    assert otra.entregado_en is not None and otra.mensaje_id == salio.extra_headers["Message-ID"] != uno.mensaje_id
    cambiar_direccion(de=ANA, a="ana.ruiz@nueva.example", solicitud_id=solicitud.pk)
    entregar()
    assert len(mail.outbox) == 1, "solo una vez"


def test_without_anybody_attending_its_heads_are_told(elenco: Elenco) -> None:
    solicitud = de_ventanilla(elenco)
    sucede(DURO, de=escribir(solicitud_id=solicitud.pk))
    entregar()
    assert any("No pudimos escribirle" in t for t in avisos_de(elenco.subdirector))


def test_of_an_account_its_owner_sees_it_and_the_administrators_are_told(elenco: Elenco) -> None:
    sucede(DURO, correo=elenco.enlace.correo)
    entregar()
    assert "Nuestros correos no le llegan" in avisos_de(elenco.enlace)
    for quien, cuantas in ((elenco.administradora, 1), (elenco.admin_entidad, 1), (elenco.otra_enlace, 0)):
        assert len([t for t in avisos_de(quien) if "No pudimos escribirle a una persona" in t]) == cuantas


def test_of_nobody_we_know_the_administrator_of_the_portal_is_told(elenco: Elenco) -> None:
    sucede(DURO, correo="nadie@entidad.example")
    entregar()
    assert "No pudimos escribirle a una persona" in avisos_de(elenco.administradora)


@pytest.mark.parametrize("tipo", ["blando", "rechazo"])
def test_of_a_legal_one_that_came_back_somebody_is_told_though_the_address_is_good(elenco: Elenco, tipo: str) -> None:
    solicitud = de_ventanilla(elenco)
    hacer(elenco.asesora, parte_de(solicitud), "tomar")
    sucede(tipo, "normal", de=escribir("normal", clase="normal", solicitud_id=solicitud.pk))
    entregar()
    assert not any("no llegó" in t for t in avisos_de(elenco.asesora))
    sucede(tipo, "legal", de=escribir(solicitud_id=solicitud.pk), detalle="552 Mailbox full")
    entregar()
    assert len([t for t in avisos_de(elenco.asesora) if "Un aviso de ley no llegó" in t]) == 1


# --- And when it is mended -----------------------------------------------------------------------------------------
def test_the_new_address_of_an_account_gets_what_did_not_arrive(elenco: Elenco) -> None:
    persona, vieja = elenco.otra_enlace, elenco.otra_enlace.correo
    decir(persona, "ley", "legal")
    decir(persona, "normal", "normal")
    entregar()
    sucede(DURO, de=envio(clave=f"correo:ley:{vieja}"))
    sucede(DURO, "otro", de=envio(clave=f"correo:normal:{vieja}"))
    entregar()
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(days=12), tick=False):
        decir(persona, "ayer", "normal")
        entregar()
        mail.outbox.clear()
        with actuar(elenco.administradora), transaction.atomic():
            corregir_persona(persona=persona, correo="nueva@entidad.example")
        entregar()
    # The one of the law whatever its age; of the others, those of the last days.
    assert [parseaddr(m.to[0])[1] for m in mail.outbox] == ["nueva@entidad.example"] * 2
    assert cuantos(Envio, reenvio_de__clave=f"correo:normal:{vieja}") == 0
    assert cuantos(Aviso, persona=persona, clave=f"ley:{persona.pk}") == 1


def test_what_waits_for_its_hour_leaves_to_the_new_address(elenco: Elenco, settings: Any) -> None:
    """It was written to the address that bounced, and is still here when somebody corrects it."""
    settings.HORAS_DE_ESCRIBIR = (time(7), time(17))
    solicitud, otra = de_ventanilla(elenco), de_ventanilla(elenco)
    with time_machine.travel(instante("2026-11-13", "20:00"), tick=False) as viajero:
        sucede(DURO, de=escribir(solicitud_id=solicitud.pk))
        for cual in (solicitud, otra):
            with transaction.atomic(), como_sistema("prueba"):
                enviar_correo(a=ANA, carta=CARTA, clave=f"de {cual.pk}", evento="prueba.normal", solicitud_id=cual.pk)
                enviar_correo(a=ANA, carta=CARTA, clave=f"c{cual.pk}", evento="prueba.cuenta", solicitud_id=cual.pk)
        assert cambiar_direccion(de=ANA, a="nueva@entidad.example", solicitud_id=solicitud.pk) == 2
        entregar()
        mail.outbox.clear()
        viajero.move_to(instante("2026-11-17", "08:00"))
        entregar()
    salieron = [parseaddr(m.to[0])[1] for m in mail.outbox if m.subject == CARTA.asunto]
    assert salieron == ["nueva@entidad.example"]
    movido = envio(clave=f"correo:de {solicitud.pk}:{ANA}")
    assert (movido.correo, movido.desenlace, bool(movido.entregado_en)) == ("nueva@entidad.example", "", True)
    assert envio(clave=f"correo:de {otra.pk}:{ANA}").desenlace == "rechazado"  # it may be somebody else's


def test_of_another_solicitud_with_the_same_address_nothing_moves(elenco: Elenco) -> None:
    """Whoever corrects the address of one says nothing of the other: it may be of somebody else."""
    una, otra = de_ventanilla(elenco), de_ventanilla(elenco)
    for cual in (una, otra):
        sucede(DURO, f"de {cual.pk}", de=escribir(f"de {cual.pk}", solicitud_id=cual.pk))
    entregar()
    mail.outbox.clear()
    assert cambiar_direccion(de=ANA, a="nueva@entidad.example", solicitud_id=una.pk) >= 1
    assert cuantos(Envio, correo="nueva@entidad.example", solicitud_id=otra.pk) == 0
    assert cambiar_direccion(de=ANA, a="nueva@entidad.example") == 0


def test_the_address_of_an_account_is_not_corrected_in_a_solicitud(elenco: Elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with pytest.raises(ValidationError, match="tiene usuario"):
        hacer(elenco.asesora, parte_de(solicitud), "corregir_correo", correo="otra@entidad.example")


def test_of_who_has_no_account_the_list_says_where_it_is_corrected(elenco: Elenco, entrar: Any) -> None:
    solicitud = de_ventanilla(elenco)
    sucede(DURO, de=escribir(solicitud_id=solicitud.pk))
    lista = entrar(elenco.administradora).get(reverse("avisos:direcciones")).content.decode()
    assert "La corrige quien atiende" in lista and reverse("atencion:avisos", args=[solicitud.radicado]) in lista


def test_the_administrator_says_that_it_receives_again(elenco: Elenco, entrar: Any) -> None:
    uno = escribir(a=elenco.enlace.correo)
    sucede(DURO, de=uno)
    entregar()
    mail.outbox.clear()
    pagina: Client = entrar(elenco.administradora)
    fila = direccion(elenco.enlace.correo)
    lista = pagina.get(reverse("avisos:direcciones")).content.decode()
    assert elenco.enlace.correo in lista and f"Corregir el correo de {elenco.enlace.nombre}" in lista
    assert reverse("cuentas:corregir_usuario", args=[elenco.enlace.pk]) in lista
    ruta = reverse("avisos:direccion", args=[fila.pk])
    assert "Escriba cómo supo" in pagina.post(ruta, {"motivo": " "}).content.decode()
    dicho = pagina.post(ruta, {"motivo": "Llamamos y ya recibe"}, follow=True).content.decode()
    assert "vuelve a escribirle" in dicho
    entregar()
    assert [m.to for m in mail.outbox if m.subject == CARTA.asunto] == [[elenco.enlace.correo]]
    assert direccion(elenco.enlace.correo).estado == "buena"
    assert pagina.get(ruta).status_code == 404
    # What came back before no longer counts; what comes back from now on does.
    sucede(DURO, "de nuevo", correo=elenco.enlace.correo)
    assert direccion(elenco.enlace.correo).estado == "mala"


def test_only_the_administrator_says_so(elenco: Elenco) -> None:
    sucede(DURO)
    with actuar(elenco.subdirector), pytest.raises(ValidationError, match="administrador"):
        volver_a_escribir(correo=ANA, motivo="x")


def test_a_dead_one_leaves_again_and_its_letter_is_closed(elenco: Elenco) -> None:
    solicitud = de_ventanilla(elenco)
    with transaction.atomic(), como_sistema("prueba"):
        enviar_correo(a=ANA, carta=CARTA, clave="una", evento="prueba.legal", solicitud_id=solicitud.pk)
        muerta = Entrega.objects.get(clave_idempotencia=f"correo:una:{ANA}")
        muerta.estado, muerta.error = "muerta", "SMTPServerDisconnected"
        muerta.save(update_fields=["estado", "error"])
    with actuar(elenco.ventanilla), transaction.atomic():
        assert cambiar_direccion(de=ANA, a="nueva@entidad.example", solicitud_id=solicitud.pk) == 1
    with transaction.atomic(), como_sistema("prueba"):
        muerta.refresh_from_db()
        assert muerta.estado == "descartada" and "corregida" in muerta.descarte_motivo


# --- By mail -------------------------------------------------------------------------------------------------------
def rebote(nombre: str, de: Envio, *, para: str = "") -> bytes:
    """One of the corpus, as if it spoke of that mail."""
    texto = crudo(nombre).replace(b"<0123456789abcdef0123456789abcdef@portal.example>", de.mensaje_id.encode())
    return (
        texto.replace(b"Delivered-To: no-responder@portal.example", f"Delivered-To: {para}".encode())
        if para
        else texto
    )


def test_a_bounce_by_mail_marks_the_address_once() -> None:
    uno = escribir()
    assert recibir(rebote("postfix-no-existe", uno)).startswith("Rebotó")
    assert recibir(rebote("postfix-no-existe", uno)) == "Ya se había recibido."
    assert direccion().estado == "mala" and envio(pk=uno.pk).desenlace == "rebotado"


@pytest.mark.parametrize("nombre", ["ausencia", "respuesta", "postfix-tarde"])
def test_what_is_not_a_bounce_marks_nothing_and_is_kept(nombre: str) -> None:
    recibir(rebote(nombre, escribir()))
    assert cuantos(DireccionCorreo) == 0 and cuantos(EventoCorreo, tipo="otro") == 1


def test_a_bounce_of_no_mail_of_ours_is_not_believed() -> None:
    escribir()
    recibir(crudo("postfix-no-existe"))
    assert cuantos(DireccionCorreo) == 0


def test_one_that_names_our_mail_for_another_address_is_not_believed() -> None:
    uno = escribir()
    recibir(rebote("postfix-no-existe", uno).replace(ANA.encode(), b"victima@entidad.example"))
    assert cuantos(DireccionCorreo) == 0


def test_with_signed_addresses_only_what_comes_to_them_is_believed(settings: Any) -> None:
    """Anybody can write a report that names a mail: not the address that it bounces to."""
    settings.CORREO_RESPUESTAS = "respuestas.portal.example"
    uno = escribir()
    suya = direccion_de_rebote(uno.mensaje_id)
    assert mail.outbox[-1].from_email == suya
    recibir(rebote("gmail-no-existe", uno))
    assert cuantos(DireccionCorreo) == 0
    firma = suya.partition("@")[0][-12:]
    recibir(rebote("gmail-no-existe", uno, para=suya.replace(firma, "a" * 12)) + b"\n")
    assert cuantos(DireccionCorreo) == 0
    recibir(rebote("gmail-no-existe", uno, para=suya) + b"\n\n")
    assert direccion().estado == "mala"


def test_the_envelope_says_whose_it_is_when_the_report_does_not(settings: Any) -> None:
    settings.CORREO_RESPUESTAS = "respuestas.portal.example"
    uno = escribir()
    recibir(crudo("cortado"), para=direccion_de_rebote(uno.mensaje_id))
    assert direccion().estado == "mala" and envio(pk=uno.pk).desenlace == "rebotado"


class Entrada:
    def __init__(self, texto: bytes) -> None:
        self.buffer = io.BytesIO(texto)


def test_the_command_takes_it_from_the_mail_server(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    uno = escribir()
    monkeypatch.setattr(sys, "stdin", Entrada(rebote("exim-no-existe", uno)))
    call_command("recibir_rebote")
    assert "Rebotó" in capsys.readouterr().out and direccion().estado == "mala"


def test_with_the_database_away_the_mail_server_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def caida(*args: Any, **kwargs: Any) -> str:
        raise OperationalError("no")

    monkeypatch.setattr("avisos.management.commands.recibir_rebote.recibir", caida)
    monkeypatch.setattr(sys, "stdin", Entrada(b"x"))
    with pytest.raises(SystemExit) as salida:
        call_command("recibir_rebote")
    assert salida.value.code == 75


# --- By hand -------------------------------------------------------------------------------------------------------
def test_what_bounced_in_passing_is_tried_again_by_hand_once(elenco: Elenco, entrar: Any) -> None:
    una = escribir()
    sucede(BLANDO, de=una)
    libro, ruta = reverse("avisos:libro"), reverse("avisos:reintentar", args=[una.pk])
    assert ruta in entrar(elenco.administradora).get(libro).content.decode()
    assert ruta not in entrar(elenco.auditora).get(libro).content.decode()
    assert entrar(elenco.auditora).post(ruta).status_code == 403
    mail.outbox.clear()
    cliente = entrar(elenco.administradora)
    assert cliente.post(ruta).status_code == 302
    cliente.post(ruta)
    entregar()
    assert [parseaddr(m.to[0])[1] for m in mail.outbox].count(ANA) == 1
    otra = envio(reenvio_de=una)
    assert otra.mensaje_id != una.mensaje_id and otra.entregado_en
    assert ruta not in cliente.get(libro).content.decode()
    sucede(BLANDO, "otra vez", de=otra)
    assert reverse("avisos:reintentar", args=[otra.pk]) in cliente.get(libro).content.decode()


def test_to_an_address_that_is_bad_nothing_is_tried(elenco: Elenco, entrar: Any) -> None:
    una = escribir()
    sucede(DURO, de=una)
    cliente, ruta = entrar(elenco.administradora), reverse("avisos:reintentar", args=[una.pk])
    assert ruta not in cliente.get(reverse("avisos:libro")).content.decode()
    mail.outbox.clear()
    assert "ya no se puede reintentar" in cliente.post(ruta, follow=True).content.decode()
    entregar()
    assert ANA not in [parseaddr(m.to[0])[1] for m in mail.outbox]
