"""A citizen's petition: to who is competent, with copy, within five business days, and by a person with one key."""

import hashlib
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from archivos.antivirus import EstadoAntivirus
from avisos.models import Aviso, DireccionCorreo, Envio
from avisos.services.direcciones import volver_a_escribir
from bandeja.services import entregar
from buzones.criterio.traslado import limite_para_trasladar
from buzones.entregas import traslados as entregas_traslados
from buzones.estados import Clase, EstadoCorreo, Origen
from buzones.models import CanalExterno, Correo, Decision, Llegada, Traslado
from buzones.services import guardar, recordar_traslados
from buzones.services.trasladar import decidir_traslado, deshacer_traslado, plazo_de_traslado, trasladar
from direcciones.models import Persona
from plazos.inicial import calendario_inicial
from plazos.models import DiaExtraordinario
from plazos.reloj import con_reloj
from plazos.services import decretar_dia
from tests.fabricas import actuar, escribiendo, radicada
from tests.solicitudes.apoyos import instante, releer, sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
# As the example 06: on a Saturday night before a holiday, so it counts from Tuesday 14 and expires on Wednesday 22.
LLEGO, VENCE = instante("2026-07-11", "22:15"), date(2026, 7, 22)
CRUDO = (
    b"From: Blanca <blanca@correo.example>\r\nSubject: =?utf-8?q?Mi_pensi=C3=B3n?=\r\n\r\nMi pensi\xf3n no llega.\r\n"
)
MOTIVO = "La pensión la paga otra entidad"
_numeros = count(1)


def peticion(elenco: Elenco, crudo: bytes = CRUDO, **datos: Any) -> Correo:
    llegada = guardar(crudo, origen=Origen.COMANDO, recibida_en=LLEGO)
    with escribiendo():
        correo = Correo.objects.create(
            **{
                "numero": f"CR-1999-{next(_numeros):06d}",
                "huella": hashlib.sha256(crudo + str(datos).encode()).hexdigest(),
                "mensaje_id": f"<{next(_numeros)}@correo.example>",
                "de_correo": "blanca@correo.example",
                "de_nombre": "Blanca Rojas",
                "asunto": "Mi pensión",
                "texto": "Mi pensión no llega desde enero.",
                "recibido_en": LLEGO,
                "fecha_efectiva": date(2026, 7, 14),
                "vence_traslado": VENCE,
                "clase": Clase.POR_CLASIFICAR,
                "propuesta": Clase.PETICION_CIUDADANA,
                "estado": EstadoCorreo.POR_CLASIFICAR,
                "razones": ["No es de ninguna entidad registrada."],
                "dependencias": [elenco.desarrollo.pk, elenco.tecnica.pk],
            }
            | datos
        )
        Llegada.objects.filter(pk=llegada.pk).update(correo=correo, estado="procesada")
    return correo


@pytest.fixture
def canal(elenco: Elenco) -> CanalExterno:
    return CanalExterno.objects.create(
        nombre="Colpensiones de prueba", correo="traslados@canal.example", desde=date(2024, 1, 1)
    )


def el(dia: str, hora: str = "10:00") -> Any:
    return con_reloj(instante(dia, hora))


def decidir(elenco: Elenco, correo: Correo, canal: CanalExterno, dia: str = "2026-07-15", **datos: Any) -> Traslado:
    with el(dia), actuar(elenco.ventanilla):
        datos = {"motivo": MOTIVO, "persona": elenco.ventanilla} | datos
        return decidir_traslado(correo, canal=canal, **datos)


def salir(dia: str = "2026-07-15") -> dict[str, Any]:
    """What leaves that day, by address."""
    mail.outbox.clear()
    with el(dia, "10:05"):
        entregar(duracion=5)  # what waits for later than that day is already due in the days of who runs this
    return {mensaje.to[0].rpartition("<")[2].rstrip(">"): mensaje for mensaje in mail.outbox}


def decisiones(correo: Correo) -> list[Decision]:
    with sistema():
        return list(Decision.objects.filter(correo=correo).order_by("id"))


def avisados(texto: str) -> dict[str, int]:
    """How many notices of that each person has, by their mail."""
    with sistema():
        correos = list(Aviso.objects.filter(titulo__contains=texto).values_list("persona__correo", flat=True))
    return {correo.partition("@")[0]: correos.count(correo) for correo in correos}


# --- When ----------------------------------------------------------------------------------------------------------
def test_five_business_days_from_the_effective_date() -> None:
    """Ley 1755 de 2015, art. 21; 20 July is a holiday."""
    assert limite_para_trasladar(date(2026, 7, 14), calendario_inicial()) == VENCE


def test_it_is_explained_day_by_day(elenco: Elenco) -> None:
    plazo = plazo_de_traslado(peticion(elenco))
    assert (plazo.fecha_efectiva, plazo.vence, plazo.explicacion[-1].numero) == (date(2026, 7, 14), VENCE, 5)
    assert any("20 de julio" in frase and "Independencia" in frase for frase in plazo.frases())


# --- To a channel with a mailbox -----------------------------------------------------------------------------------
def test_it_leaves_with_the_original_and_its_copy(elenco: Elenco, canal: CanalExterno) -> None:
    correo = peticion(elenco)
    traslado = decidir(elenco, correo, canal)
    assert traslado.enviado_en is None and (traslado.vence, traslado.con_copia) == (VENCE, correo.de_correo)

    enviados = salir()
    oficio, copia = enviados["traslados@canal.example"], enviados["blanca@correo.example"]
    [adjunto] = oficio.attachments
    assert (adjunto.filename, adjunto.content) == (f"{correo.numero}.eml", CRUDO)
    assert oficio.subject == f"[{correo.numero}] Traslado de una petición" and correo.de_correo in oficio.body
    # Of what they wrote nothing goes back: whoever forged the address uses us to write to nobody (M10).
    assert copia.subject == f"[{correo.numero}] Trasladamos su petición" and not copia.attachments
    assert "pensión no llega" not in copia.body and MOTIVO in copia.body and canal.nombre in copia.body
    assert "sábado 11 de julio de 2026, a las 10:15 p. m" in copia.body and "artículo 21" in copia.body
    assert "Es un aviso de ley" in copia.body

    hecho, actual = releer(traslado), releer(correo)
    assert hecho.enviado_en == instante("2026-07-15", "10:05") and not hecho.tardio
    assert (actual.estado, actual.clase) == (EstadoCorreo.ATENDIDO, Clase.PETICION_CIUDADANA)
    [decision] = decisiones(correo)
    assert (decision.persona_id, decision.clase, decision.acertada) == (elenco.ventanilla.pk, actual.clase, True)
    assert salir() == {} and recordar_traslados() == 0


def test_a_server_that_is_down_sends_nothing(elenco: Elenco, canal: CanalExterno, monkeypatch: Any) -> None:
    traslado = decidir(elenco, peticion(elenco), canal)

    def caido(self: Any) -> int:
        raise ConnectionRefusedError("no hay servidor")

    monkeypatch.setattr(mail.EmailMessage, "send", caido)
    salir()
    assert releer(traslado).enviado_en is None
    with sistema():
        assert not Envio.objects.filter(correo="blanca@correo.example").exists()


def test_it_leaves_at_night_and_nobody_silences_it(elenco: Elenco, canal: CanalExterno, settings: Any) -> None:
    settings.HORAS_DE_ESCRIBIR = (datetime.min.time(), datetime.min.time())
    decidir(elenco, peticion(elenco), canal)
    assert set(salir()) == {"traslados@canal.example", "blanca@correo.example"}


def test_after_the_last_day_it_leaves_and_the_head_is_told(elenco: Elenco, canal: CanalExterno) -> None:
    traslado = decidir(elenco, peticion(elenco), canal, dia="2026-07-23")
    assert set(salir("2026-07-23")) > {"traslados@canal.example", "blanca@correo.example"}
    assert releer(traslado).tardio and avisados("fuera de término") == {"director_desarrollo": 1}


def test_to_an_address_that_bounces_nothing_leaves_until_it_is_mended(elenco: Elenco, canal: CanalExterno) -> None:
    with sistema():
        DireccionCorreo.objects.create(correo=canal.correo, estado="mala", causa="rebote")
    traslado = decidir(elenco, peticion(elenco), canal)
    assert not {"traslados@canal.example", "blanca@correo.example"} & set(salir())
    assert releer(traslado).enviado_en is None and avisados("Un aviso de ley no llegó") == {"administradora": 1}
    with actuar(elenco.administradora):
        volver_a_escribir(correo=canal.correo, motivo="Llamaron")
    assert {"traslados@canal.example", "blanca@correo.example"} <= set(salir())
    assert releer(traslado).enviado_en is not None


@pytest.mark.parametrize(
    ("como", "dice"),
    [
        ({"estado_antivirus": EstadoAntivirus.INFECTADO}, "trae un archivo peligroso"),
        ({"bytes": entregas_traslados.LO_QUE_CABE + 1}, "no cabe en un correo"),
    ],
)
def test_when_the_original_cannot_go_its_text_does(elenco: Elenco, canal: CanalExterno, como: Any, dice: str) -> None:
    correo = peticion(elenco)
    with sistema():
        Llegada.objects.filter(correo=correo).update(**como)
    decidir(elenco, correo, canal)
    oficio = salir()["traslados@canal.example"]
    assert not oficio.attachments and dice in oficio.body and correo.texto in oficio.body


def test_what_the_antivirus_still_looks_at_waits_but_not_beyond_the_last_day(
    elenco: Elenco, canal: CanalExterno
) -> None:
    correo = peticion(elenco)
    with sistema():
        Llegada.objects.filter(correo=correo).update(estado_antivirus=EstadoAntivirus.EN_REVISION)
    decidir(elenco, correo, canal)
    assert salir() == {}
    assert "no se ha revisado" in salir("2026-07-22")["traslados@canal.example"].body


# --- To one without it ---------------------------------------------------------------------------------------------
def test_a_channel_without_a_mailbox_asks_for_its_number(elenco: Elenco) -> None:
    te_escucha, correo = CanalExterno.objects.get(nombre="Bogotá te escucha"), peticion(elenco)
    with pytest.raises(ValidationError, match="escriba aquí el número"):
        decidir(elenco, correo, te_escucha)
    traslado = decidir(elenco, correo, te_escucha, numero_externo=" 3141592026 ")
    [(a, copia)] = salir().items()
    assert a == correo.de_correo and "su número es 3141592026" in copia.body and te_escucha.url in copia.body
    assert releer(traslado).enviado_en is not None


def test_when_nobody_can_be_told_it_is_sent_and_the_ledger_says_so(elenco: Elenco) -> None:
    correo = peticion(elenco, de_correo="blanca@correo", de_nombre="")
    te_escucha = CanalExterno.objects.get(nombre="Bogotá te escucha")
    traslado = decidir(elenco, correo, te_escucha, numero_externo="314")
    assert salir() == {} and releer(traslado).enviado_en is not None
    with sistema():
        assert Envio.objects.get(evento="buzones.trasladada").motivo == "No hay a qué dirección."


# --- Who, and what is refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", ["asesora", "revisora", "subsecretaria", "auditora", "administradora", "enlace"])
def test_only_who_decides_of_that_mailbox(elenco: Elenco, canal: CanalExterno, quien: str) -> None:
    persona: Persona = getattr(elenco, quien)
    with actuar(persona), pytest.raises(ValidationError, match=r"no está entre los suyos|rol no decide"):
        trasladar(peticion(elenco), canal=canal, motivo=MOTIVO, persona=persona)
    with sistema():
        assert not Traslado.objects.exists()


def test_what_is_refused(elenco: Elenco, canal: CanalExterno) -> None:
    correo = peticion(elenco)
    with pytest.raises(ValidationError, match="Escriba por qué"):
        decidir(elenco, correo, canal, motivo="  ")
    canal.hasta = date(2026, 7, 14)
    with pytest.raises(ValidationError, match="ya no está vigente"):
        decidir(elenco, correo, canal)
    canal.hasta = None
    decidir(elenco, correo, canal)
    with pytest.raises(ValidationError, match="ya se trasladó"):
        decidir(elenco, correo, canal)
    atado = peticion(elenco, CRUDO + b"Otra vez", solicitud=radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    with el("2026-07-15"), actuar(elenco.asesora), pytest.raises(ValidationError, match="Ya es de una solicitud"):
        trasladar(atado, canal=canal, motivo=MOTIVO, persona=elenco.asesora)
    with pytest.raises(ValidationError, match="El correo está descartado"):
        decidir(elenco, peticion(elenco, CRUDO + b"Spam", estado=EstadoCorreo.DESCARTADO, clase=Clase.SPAM), canal)


def test_it_is_taken_back_before_it_leaves_and_sent_again(elenco: Elenco, canal: CanalExterno) -> None:
    correo = peticion(elenco)
    decidir(elenco, correo, canal)
    with el("2026-07-15"), actuar(elenco.ventanilla):
        deshacer_traslado(correo, persona=elenco.ventanilla)
    assert salir() == {} and releer(correo).estado == EstadoCorreo.POR_CLASIFICAR
    otro = decidir(elenco, correo, canal)
    assert len(salir()) == 2 and releer(otro).enviado_en
    with actuar(elenco.ventanilla), pytest.raises(ValidationError, match="ya salió"):
        deshacer_traslado(correo, persona=elenco.ventanilla)
    assert releer(correo).estado == EstadoCorreo.ATENDIDO


# --- Reminders -----------------------------------------------------------------------------------------------------
def recordar(dia: str) -> dict[str, int]:
    with el(dia):
        recordar_traslados()
        entregar()
    return avisados("Petición:")


def test_ventanilla_is_reminded_and_then_the_head(elenco: Elenco) -> None:
    peticion(elenco)
    assert recordar("2026-07-16") == {}
    assert recordar("2026-07-17") == recordar("2026-07-21") == {"ventanilla": 1}
    assert recordar("2026-07-22") == {"ventanilla": 2, "director_desarrollo": 1}
    assert recordar("2026-07-23") == recordar("2026-08-10") == {"ventanilla": 3, "director_desarrollo": 2}
    with sistema():
        titulos = list(Aviso.objects.filter(persona=elenco.ventanilla).order_by("id").values_list("titulo", flat=True))
    assert [t.partition("Petición: ")[2] for t in titulos] == [
        "quedan 2 días hábiles para trasladarla",
        "hoy vence el plazo para trasladarla",
        "venció el plazo para trasladarla",
    ]


def test_nobody_is_reminded_of_what_was_sent(elenco: Elenco, canal: CanalExterno) -> None:
    """What was asked for and has not left is reminded of all the same."""
    correo = peticion(elenco)
    with el("2026-07-21"):
        recordar_traslados()
    decidir(elenco, correo, canal, dia="2026-07-21")
    salir("2026-07-21")
    assert avisados("Petición:") == {} and recordar("2026-07-22") == {}
    otro = peticion(elenco, CRUDO + b"Otra")
    with sistema():
        DireccionCorreo.objects.create(correo=canal.correo, estado="mala", causa="rebote")
    decidir(elenco, otro, canal, dia="2026-07-21")
    salir("2026-07-21")
    assert recordar("2026-07-22") == {"ventanilla": 1, "director_desarrollo": 1}


def test_a_day_that_is_declared_later_moves_it(elenco: Elenco) -> None:
    correo = peticion(elenco)
    decretar_dia(fecha=date(2026, 7, 21), tipo=DiaExtraordinario.Tipo.NO_HABIL, acto="Decreto 1 de 2026")
    with el("2026-07-15"):
        recordar_traslados()
    assert releer(correo).vence_traslado == VENCE + timedelta(days=1)


# --- Pages ---------------------------------------------------------------------------------------------------------
def test_the_page_shows_what_will_be_sent_and_sends_it(elenco: Elenco, canal: CanalExterno, entrar: Any) -> None:
    correo, navegador = peticion(elenco), entrar(elenco.ventanilla)
    url = reverse("buzones:trasladar", args=[correo.pk])
    pagina = navegador.get(url).content.decode()
    assert "Trasladar y enviar copia" in pagina and "(el que le den)" in pagina and "Día 5" in pagina
    assert 'href="https://bogota.gov.co/sdqs/" target="_blank" rel="noopener noreferrer"' in pagina

    datos = {"canal": canal.pk, "motivo": MOTIVO, "numero_externo": ""}
    previa = navegador.post(url, datos | {"ver": "1"}).content.decode()
    assert f"A {canal}: traslados@canal.example" in previa and MOTIVO in previa and not decisiones(correo)
    falta = navegador.post(url, datos | {"canal": CanalExterno.objects.get(correo="").pk})
    assert "escriba aquí el número que le den" in falta.content.decode() and not decisiones(correo)

    hecha = navegador.post(url, datos, follow=True).content.decode()
    assert "Petición por salir" in hecha and "Retirar el traslado" in hecha
    retirada = navegador.post(reverse("buzones:deshacer_traslado", args=[correo.pk]), follow=True).content.decode()
    assert "no salió nada" in retirada and "Trasladar y enviar copia" in retirada
    navegador.post(url, datos)
    otra_vez = navegador.post(url, datos)
    assert "ya se trasladó" in otra_vez.content.decode() and len(decisiones(correo)) == 3


def test_who_only_reads_sees_no_button(elenco: Elenco, canal: CanalExterno, entrar: Any) -> None:
    correo = peticion(elenco)
    url = reverse("buzones:trasladar", args=[correo.pk])
    for quien in ("subsecretaria", "administradora", "auditora"):
        navegador = entrar(getattr(elenco, quien))
        assert "Trasladar y enviar copia" not in navegador.get(url).content.decode()
        assert navegador.post(url, {"canal": canal.pk, "motivo": MOTIVO}).status_code == 403
    assert entrar(elenco.asesora).get(url).status_code == 404
    assert entrar(elenco.enlace).get(url).status_code == 403
    assert not decisiones(correo)


def test_the_catalogue_of_channels_is_like_the_others(elenco: Elenco, entrar: Any) -> None:
    navegador = entrar(elenco.administradora)
    pagina = navegador.get(reverse("buzones:canales")).content.decode()
    assert "Bogotá te escucha" in pagina and "A mano, en su página" in pagina and "Agregar canal externo" in pagina
    agregar = reverse("direcciones:nueva", args=["canales"])
    nuevo = {"nombre": "Personería", "correo": "", "url": "", "nota": "", "desde": "2026-01-01"}
    assert "el correo o la página" in navegador.post(agregar, nuevo).content.decode()
    insegura = navegador.post(agregar, nuevo | {"url": "http://personeria.example/"}).content.decode()
    assert "empiece por https://" in insegura
    navegador.post(agregar, nuevo | {"correo": "Traslados@Personeria.example"})
    assert CanalExterno.objects.get(nombre="Personería").correo == "traslados@personeria.example"
    assert "Agregar canal externo" not in entrar(elenco.auditora).get(reverse("buzones:canales")).content.decode()
    assert entrar(elenco.ventanilla).get(reverse("buzones:canales")).status_code == 403
