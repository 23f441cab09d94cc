"""The eighteen rules, each by itself and in their order. Without a base."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from buzones.criterio.dictamen import REGLAS, dictaminar
from buzones.criterio.documentacion import documento
from buzones.criterio.hechos import Como, Cuenta, EnvioNuestro, Firmada, Hechos, Rebotado
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado
from tests.buzones.apoyos_criterio import (
    ARCHIVO,
    COMISION,
    DDRI,
    DE_ARCHIVO,
    DE_COMISION,
    DE_DDRI,
    DE_DESARROLLO,
    GOBIERNO,
    IMPRENTA,
    MESA,
    MIPG,
    PIDE,
    SUGERIDO,
    VISITA,
    anterior,
    con_cuenta,
    correo,
    de_nadie,
    hechos,
    solicitud,
)

SIN_RESPUESTA = (Respuesta.NINGUNA, ())


def es(d: Desarmado, h: Hechos, regla: int, clase: Clase, **espera: Any) -> Dictamen:
    """What was said, after looking at it as every one is looked at."""
    dicho = dictaminar(d, h)
    assert (dicho.regla, dicho.clase) == (regla, clase), dicho.razones
    assert dicho.razones
    assert all(razon.endswith(".") and (razon[:1].isupper() or razon[:1] == "«") for razon in dicho.razones)
    if dicho.clase != Clase.POR_CLASIFICAR:
        assert dicho.propuesta is None
    for campo, valor in espera.items():
        assert getattr(dicho, campo) == valor, campo
    return dicho


def test_the_table_is_complete_and_in_order() -> None:
    assert [regla.numero for regla in REGLAS] == list(range(1, 19))
    for regla in REGLAS:
        assert regla.dice.__doc__ is not None
        assert regla.dice.__doc__.startswith(f"{regla.numero}. "), regla.dice


def test_the_page_says_what_the_code_does() -> None:
    escrito = (Path(settings.RAIZ) / "docs" / "buzones.md").read_text(encoding="utf-8")
    assert escrito == documento(), "Las reglas cambiaron. Escríbalas con: script/manage diagrama_criterio --escribir"


# --- Who or what wrote it ------------------------------------------------------------------------------------------
def test_1_the_same_message_is_the_same_one() -> None:
    h = hechos(igual=anterior(clase=Clase.NUEVA_SOLICITUD, estado=EstadoCorreo.ATENDIDO, solicitud_id=5))
    es(correo(), h, 1, Clase.NUEVA_SOLICITUD, ya_es_id=900, solicitud_id=5, responder=Respuesta.NINGUNA)


@pytest.mark.parametrize("de", ["Portal <no-responder@portal.example>", "r+1.a.b@respuestas.portal.example"])
def test_2_what_the_portal_wrote_is_not_answered(de: str) -> None:
    es(correo(de=de), hechos(), 2, Clase.AUTOMATICO, responder=Respuesta.NINGUNA)


def test_2_a_mail_of_ours_that_comes_back_is_not_answered() -> None:
    es(correo(), hechos(es_envio=EnvioNuestro(4, "a@b.example")), 2, Clase.AUTOMATICO, envio_id=4)


def test_3_a_bounce_is_believed_only_when_it_proves_of_what() -> None:
    rebote = {"rebotes": (Rebotado("jhon@kennedy.example", "5.1.1"),)}
    dicho = es(correo(), hechos(**rebote, rebotado_id=4), 3, Clase.REBOTE, envio_id=4)
    assert "jhon@kennedy.example (5.1.1)" in dicho.razones[0]
    es(correo(), hechos(**rebote), 3, Clase.POR_CLASIFICAR, propuesta=Clase.REBOTE, responder=Respuesta.NINGUNA)


def test_4_an_absence_says_until_when_and_opens_nothing() -> None:
    d = correo("Estoy de vacaciones hasta el 20 de octubre. Urgencias: ana@gobierno.example.",
               asunto="Respuesta automática: Recordatorio", Auto_Submitted="auto-replied")  # fmt: skip
    dicho = es(d, hechos(responde_a=EnvioNuestro(4, "a@b.example")), 4, Clase.AUSENCIA, envio_id=4)
    assert "hasta el 20 de octubre de 2026" in dicho.razones[0]
    assert "ana@gobierno.example" in dicho.razones[1]


@pytest.mark.parametrize(
    "encabezados",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<lista.example>"},
        {"Return_Path": "<>"},
        {"X_Loop": "uno"},
    ],
)
def test_5_no_machine_is_ever_answered(encabezados: dict[str, str]) -> None:
    es(correo(**encabezados), hechos(), 5, Clase.AUTOMATICO, responder=Respuesta.NINGUNA)


@pytest.mark.parametrize(
    "de", ["sin direccion", "Uno <uno@a.example>, Dos <dos@b.example>", '"otra@b.example" <a@b.example>']
)
def test_6_a_sender_that_is_not_sure_is_for_a_person_with_the_guess(de: str) -> None:
    dicho = es(correo(de=de), hechos(), 6, Clase.POR_CLASIFICAR, responder=Respuesta.NINGUNA, autor_id=None)
    assert dicho.temas == (11,)


def test_6_the_same_content_under_another_id_is_asked() -> None:
    h = hechos(mismo_contenido=anterior())
    dicho = es(correo(), h, 6, Clase.POR_CLASIFICAR, repetido_de_id=900, propuesta=Clase.NUEVA_SOLICITUD)
    assert dicho.razones[0] == "Dice exactamente lo mismo que CR-2026-000900."


def test_6_a_forged_id_swallows_nothing() -> None:
    es(correo(), hechos(mismo_id=anterior()), 6, Clase.POR_CLASIFICAR, propuesta=Clase.NUEVA_SOLICITUD)


def test_6_nothing_at_all_is_for_a_person() -> None:
    es(correo("", asunto=""), hechos(), 6, Clase.POR_CLASIFICAR, responder=Respuesta.NINGUNA)


@pytest.mark.parametrize("comprobado", ["", "pass"])
def test_7_staff_never_speak_by_mail(comprobado: str) -> None:
    h = hechos(cuenta=Cuenta(8, es_personal=True), entidad=None, firmadas=(Firmada(5, es_suya=True),),
               solicitudes={5: solicitud()})  # fmt: skip
    es(correo(comprobado=comprobado), h, 7, Clase.POR_CLASIFICAR, propuesta=Clase.MENSAJE, solicitud_propuesta_id=5,
       solicitud_id=None, autor_id=None, responder=Respuesta.NINGUNA)  # fmt: skip


def test_7_what_staff_forward_is_proposed_as_new() -> None:
    d = correo("---------- Mensaje reenviado ----------\nDe: Ana <ana@salud.example>\nFecha: lunes\n"
               f"Para: yo\nAsunto: Concepto\n\n{PIDE}", asunto="RV: Concepto")  # fmt: skip
    h = hechos(cuenta=Cuenta(8, es_personal=True), entidad=None)
    dicho = es(d, h, 7, Clase.POR_CLASIFICAR, propuesta=Clase.NUEVA_SOLICITUD, temas=(11,), entidad_id=None)
    assert "ana@salud.example" in dicho.razones[1]


def test_7_an_official_mailbox_is_not_an_entidad() -> None:
    es(correo(de=MIPG), hechos(entidad=None), 7, Clase.POR_CLASIFICAR, responder=Respuesta.NINGUNA)


# --- What it answers -----------------------------------------------------------------------------------------------
def test_8_the_signed_address_is_of_one_person() -> None:
    firmada = {"solicitudes": {5: solicitud()}, "firmadas": (Firmada(5, es_suya=True),)}
    es(correo(), con_cuenta(**firmada), 8, Clase.MENSAJE, solicitud_id=5, autor_id=70, confianza=100,
       responder=Respuesta.NINGUNA, dependencias=(101,))  # fmt: skip
    ya_no = con_cuenta(**firmada, cuenta=Cuenta(70, activa=False))
    es(correo(), ya_no, 8, Clase.MENSAJE, autor_id=None, persona_id=70)
    de_otro = hechos(**firmada | {"firmadas": (Firmada(5, es_suya=False),)})
    dicho = es(correo(), de_otro, 8, Clase.POR_CLASIFICAR, propuesta=Clase.MENSAJE, solicitud_id=None)
    assert "otra persona" in dicho.razones[1]


@pytest.mark.parametrize(
    ("datos", "porque"),
    [
        ({"es_parte": False}, "no es parte"),
        ({"hasta": date(2026, 10, 6)}, "hace más de 90 días"),
    ],
)
@pytest.mark.parametrize("por", ["firmadas", "responde_a", "anterior", "nombradas"])
def test_8_9_11_who_is_not_party_adds_nothing(datos: dict[str, Any], porque: str, por: str) -> None:
    ata = {
        "firmadas": (Firmada(5, es_suya=True),),
        "responde_a": EnvioNuestro(4, "laura@gobierno.example", solicitud_id=5),
        "anterior": anterior(solicitud_id=5),
        "nombradas": (5,),
    }[por]
    h = con_cuenta(solicitudes={5: solicitud(**datos)}, **{por: ata})
    dicho = dictaminar(correo(), h)
    assert (dicho.clase, dicho.propuesta) == (Clase.POR_CLASIFICAR, Clase.MENSAJE)
    assert (dicho.solicitud_id, dicho.solicitud_propuesta_id, dicho.autor_id) == (None, 5, None)
    assert porque in " ".join(dicho.razones)


def test_9_by_its_references_without_proof_nobody_speaks() -> None:
    responde = {"responde_a": EnvioNuestro(4, "laura@gobierno.example", solicitud_id=5)}
    h = con_cuenta(solicitudes={5: solicitud()}, **responde)
    dicho = es(correo(), h, 9, Clase.MENSAJE, solicitud_id=5, persona_id=70, autor_id=None, envio_id=4)
    assert "Nadie comprobó el remitente" in dicho.advertencias[0]
    es(correo(comprobado="pass"), h, 9, Clase.MENSAJE, autor_id=70)
    es(correo(), con_cuenta(solicitudes={5: solicitud()}, anterior=anterior(solicitud_id=5)), 9, Clase.MENSAJE)


def test_9_what_was_waited_for_goes_on_only_with_something_new() -> None:
    responde = {"responde_a": EnvioNuestro(4, "laura@gobierno.example", solicitud_id=5)}
    h = con_cuenta(solicitudes={5: solicitud(esperan=1)}, **responde)
    es(correo(), h, 9, Clase.MENSAJE, complementa=True)
    es(correo("Gracias."), h, 9, Clase.MENSAJE, complementa=False)
    es(correo("Gracias.", adjunto=True), h, 9, Clase.MENSAJE, complementa=True)
    es(correo(), replace(h, solicitudes={5: solicitud(esperan=2)}), 9, Clase.MENSAJE, complementa=False)


def test_10_what_completes_another_is_judged_with_it() -> None:
    primero = anterior(estado=EstadoCorreo.ESPERANDO, asunto="Ayuda", texto="Necesitamos ayuda.")
    h = hechos(esperando=primero, responde_a=EnvioNuestro(4, "laura@gobierno.example", "buzones.faltan"))
    dicho = es(correo(asunto="RE: Falta"), h, 16, Clase.NUEVA_SOLICITUD, completa_id=900)
    assert dicho.razones[0].startswith("Completa CR-2026-000900")
    corto = correo("Gracias.", asunto="RE: Falta")
    es(corto, h, 17, Clase.POR_CLASIFICAR, completa_id=900, grupo_id=900, responder=Respuesta.NINGUNA,
       estado=EstadoCorreo.POR_CLASIFICAR)  # fmt: skip


def test_11_the_number_in_the_subject_and_a_party() -> None:
    h = con_cuenta(solicitudes={5: solicitud(esperan=1)}, nombradas=(5,))
    es(correo(), h, 11, Clase.MENSAJE, solicitud_id=5, autor_id=None, complementa=False)


def test_11_of_two_numbers_a_person_chooses() -> None:
    dos = {5: solicitud(), 6: solicitud(id=6, radicado="AT-2026-000124")}
    dicho = es(correo(), con_cuenta(solicitudes=dos, nombradas=(5, 6)), 11, Clase.POR_CLASIFICAR)
    assert "AT-2026-000123 y AT-2026-000124" in dicho.razones[0]


def test_a_number_that_nobody_has_is_said_and_changes_nothing() -> None:
    dicho = es(correo(), hechos(numeros=("AT-2026-999999",)), 16, Clase.NUEVA_SOLICITUD)
    assert "Nombra AT-2026-999999, que no existe." in dicho.advertencias


# --- Spam, floods, forgeries ---------------------------------------------------------------------------------------
def test_12_spam_of_nobody_is_set_aside_and_of_somebody_is_asked() -> None:
    d = correo(comprobado="none")
    d = replace(d, autenticacion=replace(d.autenticacion, no_deseado=True))
    es(d, de_nadie(), 12, Clase.SPAM, estado=EstadoCorreo.DESCARTADO, responder=Respuesta.NINGUNA)
    es(d, hechos(), 12, Clase.POR_CLASIFICAR, propuesta=Clase.NUEVA_SOLICITUD, responder=Respuesta.NINGUNA)


def test_13_from_the_thirteenth_in_an_hour_they_go_together() -> None:
    es(correo(), hechos(ultima_hora=11), 16, Clase.NUEVA_SOLICITUD)
    dicho = es(correo(), hechos(ultima_hora=12, grupo_id=888), 13, Clase.POR_CLASIFICAR, grupo_id=888,
               propuesta=Clase.NUEVA_SOLICITUD, responder=Respuesta.NINGUNA)  # fmt: skip
    assert dicho.razones[0].startswith("Es el 13.º mensaje")


def test_13_also_those_that_name_a_solicitud_unless_it_is_proved() -> None:
    h = con_cuenta(ultima_hora=12, solicitudes={5: solicitud()}, nombradas=(5,))
    es(correo(), h, 11, Clase.POR_CLASIFICAR, propuesta=Clase.MENSAJE)
    es(correo(comprobado="pass"), h, 11, Clase.MENSAJE)


@pytest.mark.parametrize(
    ("segundos", "con", "calla"),
    [(599, hechos, True), (601, hechos, False), (59, con_cuenta, True), (61, con_cuenta, False)],
)
def test_13_the_answer_to_an_answer_is_not_answered(segundos: int, con: Any, calla: bool) -> None:
    dicho = dictaminar(correo(), con(respondido_hace=timedelta(seconds=segundos)))
    assert (dicho.responder == Respuesta.NINGUNA) is calla
    assert (dicho.regla == 13) is calla


def test_14_what_the_border_denies_is_for_a_person() -> None:
    dicho = es(correo(comprobado="fail"), con_cuenta(), 14, Clase.POR_CLASIFICAR, responder=Respuesta.NINGUNA,
               autor_id=None, propuesta=Clase.NUEVA_SOLICITUD)  # fmt: skip
    assert dicho.razones[0] == "El servidor comprobó que no viene de gobierno.example (DMARC)."


@pytest.mark.parametrize("por", ["firmadas", "responde_a", "anterior", "nombradas"])
def test_14_denied_it_adds_nothing_either(por: str) -> None:
    ata = {
        "firmadas": (Firmada(5, es_suya=True),),
        "responde_a": EnvioNuestro(4, "laura@gobierno.example", solicitud_id=5),
        "anterior": anterior(solicitud_id=5),
        "nombradas": (5,),
    }[por]
    dicho = dictaminar(correo(comprobado="fail"), con_cuenta(solicitudes={5: solicitud()}, **{por: ata}))
    assert (dicho.clase, dicho.solicitud_id, dicho.autor_id) == (Clase.POR_CLASIFICAR, None, None)


# --- A change of enlace --------------------------------------------------------------------------------------------
NUEVO_ENLACE = (
    "Informo que el nuevo enlace de MIPG es:\nNombre: Jhon Fredy Castañeda Umaña\nCargo: profesional de planeación "
    "222-19\nCorreo: Jhon.Castaneda@kennedy.example\nTeléfono: 601 2345678\nReemplaza a: Deisy Lorena Pulido\ngracias"
)


def test_15_a_whole_change_of_enlace_is_proposed() -> None:
    dicho = es(correo(NUEVO_ENLACE, asunto="cambio de enlace mipg"), hechos(), 15, Clase.CAMBIO_DE_ENLACE,
               estado=EstadoCorreo.ATENDIDO, entidad_id=7, responder=Respuesta.NINGUNA)  # fmt: skip
    assert dicho.enlace is not None
    assert (dicho.enlace.nombre, dicho.enlace.cargo, dicho.enlace.correo) == (
        "Jhon Fredy Castañeda Umaña", "profesional de planeación 222-19", "jhon.castaneda@kennedy.example",
    )  # fmt: skip
    assert (dicho.enlace.telefono, dicho.enlace.reemplaza) == ("601 2345678", "Deisy Lorena Pulido")


def test_15_of_nobody_known_it_is_for_a_person() -> None:
    es(correo(NUEVO_ENLACE), de_nadie(), 15, Clase.POR_CLASIFICAR, propuesta=Clase.CAMBIO_DE_ENLACE)


def test_15_what_it_does_not_say_is_asked_once() -> None:
    d = correo("El nuevo enlace es Pedro Gil, pedro.gil@gobierno.example", asunto="Cambio de enlace")
    dicho = es(d, hechos(), 15, Clase.POR_CLASIFICAR, estado=EstadoCorreo.ESPERANDO, responder=Respuesta.FALTAN,
               propuesta=Clase.CAMBIO_DE_ENLACE)  # fmt: skip
    assert dicho.faltan == ("El nombre completo del nuevo enlace.", "Su cargo.")
    assert dicho.enlace is not None
    assert dicho.enlace.correo == "pedro.gil@gobierno.example"
    es(d, hechos(preguntado=True), 15, Clase.POR_CLASIFICAR, estado=EstadoCorreo.POR_CLASIFICAR,
       responder=Respuesta.NINGUNA)  # fmt: skip


# --- Something new -------------------------------------------------------------------------------------------------
def test_16_known_enough_and_sure_is_filed() -> None:
    dicho = es(correo(), hechos(), 16, Clase.NUEVA_SOLICITUD, temas=(11,), modalidad_id=1, entidad_id=7,
               responder=Respuesta.ACUSE, autor_id=None, dependencias=(101,))  # fmt: skip
    assert "gobierno.example es de la Secretaría" not in dicho.razones[0]
    assert dicho.razones[0] == "El dominio gobierno.example es de Secretaría Distrital de Gobierno."
    assert "«eliminación» y «historias clínicas»" in dicho.razones[1]
    es(correo(comprobado="pass"), con_cuenta(), 16, Clase.NUEVA_SOLICITUD, autor_id=70)
    es(correo(), con_cuenta(), 16, Clase.NUEVA_SOLICITUD, persona_id=70, autor_id=None)


def test_16_two_mailboxes_do_not_make_two_direcciones() -> None:
    """The text decides: of the other mailbox it says too little."""
    es(correo(para=f"{ARCHIVO}, {MIPG}"), hechos(), 16, Clase.NUEVA_SOLICITUD, temas=(11,))


def test_16_who_does_not_know_asks_all_that_they_wrote_to() -> None:
    texto = "Tenemos un proyecto. No sabemos a cuál dirección corresponde; agradecemos una sola reunión con las tres."
    todos = correo(f"{texto} Archivos históricos y comité.", para=f"{MIPG}, {DDRI}, {ARCHIVO}")
    es(todos, hechos(), 16, Clase.NUEVA_SOLICITUD, temas=(11, 22, 33), modalidad_id=MESA.id)


def test_16_the_second_enters_when_the_text_says_it_too() -> None:
    sugerido = replace(SUGERIDO, temas=(DE_ARCHIVO, replace(DE_DESARROLLO, puntaje=0.5), DE_DDRI))
    es(correo(para=f"{ARCHIVO}, {MIPG}"), hechos(sugerido=sugerido), 16, Clase.NUEVA_SOLICITUD, temas=(11, 22))
    es(correo(para=MIPG), hechos(sugerido=sugerido, casilla=MIPG), 17, Clase.POR_CLASIFICAR)


def test_16_a_wrong_mailbox_is_moved_only_when_it_is_sure() -> None:
    es(correo(para=DDRI), hechos(casilla=DDRI), 17, Clase.POR_CLASIFICAR, propuesta=Clase.NUEVA_SOLICITUD)
    seguro = replace(SUGERIDO, medida=True, temas=(replace(DE_ARCHIVO, confianza=98), DE_DESARROLLO))
    dicho = es(correo(para=DDRI), hechos(casilla=DDRI, sugerido=seguro), 16, Clase.NUEVA_SOLICITUD, confianza=98)
    assert f"Escribió a {DDRI}; la atiende la Subdirección del Sistema Distrital de Archivos." in dicho.advertencias


def test_16_what_reaches_a_mailbox_of_one_thing_is_about_it() -> None:
    publicar = replace(DE_DESARROLLO, id=44, nombre="Publicación de actos administrativos", dependencia_id=104)
    d = correo("Remito el acto firmado hoy.", para=IMPRENTA, asunto="Acto 18", adjunto=True)
    h = hechos(casilla=IMPRENTA, por_defecto=(publicar,), sugerido=replace(SUGERIDO, temas=()))
    dicho = es(d, h, 16, Clase.NUEVA_SOLICITUD, temas=(44,))
    assert "se escribe para publicación de actos administrativos" in dicho.razones[1]


def test_16_a_journey_in_less_than_45_days_is_told_and_stops_nothing() -> None:
    d = correo(
        "Objeto del viaje: visita técnica a centros de control de tráfico.\nFecha del viaje: 2 al 8 de noviembre de "
        "2026.\nFinanciación: total, a cargo de una agencia pública del gobierno de Corea.\nLa invitación no ha sido "
        "aceptada. ¿Es viable si faltan menos de 45 días?", para=DDRI, asunto="Invitación de Corea",
    )  # fmt: skip
    h = hechos(casilla=DDRI, sugerido=replace(SUGERIDO, temas=(replace(DE_COMISION, razones=("viaje", "gabinete")),)))
    dicho = es(d, h, 16, Clase.NUEVA_SOLICITUD, modalidad_id=COMISION.id, reservado=True)
    assert dicho.logistica == {
        "objeto": "visita técnica a centros de control de tráfico.", "viaje_desde": "2026-11-02",
        "viaje_hasta": "2026-11-08", "ya_aceptada": "no", "financiacion": "total", "naturaleza": "publico",
    }  # fmt: skip
    assert dicho.advertencias[0] == "Faltan 26 días para el viaje: son menos de 45."


def test_16_a_visit_brings_what_the_text_says_of_it() -> None:
    d = correo("Solicitamos visita técnica al archivo central.\nLugar: carrera 7 # 8-60, piso 3\nProponemos el jueves "
               "15 de octubre a las 2:30 p. m. Somos doce personas. Hay hongos.", asunto="Visita")  # fmt: skip
    dicho = es(d, hechos(), 16, Clase.NUEVA_SOLICITUD, modalidad_id=VISITA.id)
    assert dicho.logistica == {
        "lugar": "carrera 7 # 8-60, piso 3", "opcion_1": "2026-10-15T14:30-05:00", "personas": 12,
    }  # fmt: skip


def test_16_a_private_provider_asks_whom_attends_it() -> None:
    privada = replace(GOBIERNO, prestadora=True)
    es(correo(), hechos(entidad=privada), 16, Clase.NUEVA_SOLICITUD)
    otro = replace(SUGERIDO, temas=(replace(DE_DDRI, razones=("uno", "dos")),))
    dicho = es(correo(para=DDRI), hechos(entidad=privada, casilla=DDRI, sugerido=otro), 16, Clase.POR_CLASIFICAR,
               propuesta=Clase.NUEVA_SOLICITUD)  # fmt: skip
    assert "no atiende a empresas que prestan servicios públicos" in dicho.razones[0]


# --- What is missing, and who nobody knows ---------------------------------------------------------------------------
def test_17_too_little_is_asked_once() -> None:
    d = correo("Buenos días, necesitamos una mesa de trabajo. Gracias.", asunto="Solicitud")
    dicho = es(d, hechos(), 17, Clase.POR_CLASIFICAR, estado=EstadoCorreo.ESPERANDO, responder=Respuesta.FALTAN,
               propuesta=Clase.NUEVA_SOLICITUD)  # fmt: skip
    assert dicho.faltan[0].startswith("Qué necesita")
    assert dicho.faltan[-5:] == (
        "Qué entidades participan.",
        "Cuántas personas asistirán, aunque sea aproximado.",
        "Si prefiere que sea presencial o virtual.",
        "El lugar, o la plataforma si es virtual.",
        "Una fecha y una hora que propone.",
    )
    es(d, hechos(preguntado=True), 17, Clase.POR_CLASIFICAR, estado=EstadoCorreo.POR_CLASIFICAR,
       responder=Respuesta.NINGUNA)  # fmt: skip


def test_17_what_it_already_says_is_not_asked() -> None:
    d = correo("Necesitamos concepto. ¿Se puede eliminar?", asunto="Concepto")
    dicho = es(d, hechos(), 17, Clase.POR_CLASIFICAR, responder=Respuesta.FALTAN)
    assert not any("preguntas que debe responder" in una for una in dicho.faltan)
    assert any("En qué términos" in una for una in dicho.faltan)


def test_16_a_session_is_filed_and_asked_for_what_it_must_say() -> None:
    """R52: what it needs, who takes part, the logistics."""
    d = correo("Solicitamos una mesa de trabajo sobre eliminación de historias clínicas del hospital liquidado.\n"
               "Participan: Secretaría de Gobierno y Subred Sur\nDoce personas; será virtual.")  # fmt: skip
    dicho = es(d, hechos(), 16, Clase.NUEVA_SOLICITUD, modalidad_id=MESA.id, responder=Respuesta.ACUSE)
    assert dicho.logistica == {
        "medio": "virtual", "personas": 12, "participantes": ["Secretaría de Gobierno", "Subred Sur"],
    }  # fmt: skip
    assert dicho.faltan == ("El lugar, o la plataforma si es virtual.", "Una fecha y una hora que propone.")
    assert dicho.advertencias[0].startswith("No dice todo lo que se pregunta al pedirla: El lugar, o la plataforma")


def test_17_what_may_be_in_its_files_is_for_a_person() -> None:
    d = correo("Adjunto lo solicitado.", asunto="Oficio", adjunto=True)
    es(d, hechos(), 17, Clase.POR_CLASIFICAR, estado=EstadoCorreo.POR_CLASIFICAR, responder=Respuesta.RECIBIDO)


def test_18_a_citizen_is_a_guess_that_a_person_confirms() -> None:
    d = correo("buenas noches yo soy ciudadana y necesito la hoja de vida de mi papa que trabajo en los tranvias en "
               "1949 para la pension", de="luz@gmail.com", asunto="ayuda documento de mi papa")  # fmt: skip
    es(d, de_nadie(), 18, Clase.POR_CLASIFICAR, propuesta=Clase.PETICION_CIUDADANA, responder=Respuesta.ORIENTACION,
       temas=(), entidad_id=None)  # fmt: skip
    es(d, de_nadie(respondido_hace=timedelta(hours=3)), 18, Clase.POR_CLASIFICAR, responder=Respuesta.NINGUNA)


def test_18_naming_an_entidad_proves_nothing() -> None:
    h = de_nadie(entidad=replace(GOBIERNO, como=Como.NOMBRADA))
    dicho = es(correo(de="alguien@otra.example"), h, 18, Clase.POR_CLASIFICAR, propuesta=Clase.NUEVA_SOLICITUD,
               responder=Respuesta.RECIBIDO)  # fmt: skip
    assert "no prueba" in dicho.razones[0]


def test_whatever_it_is_the_reader_is_warned() -> None:
    d = correo(Disposition_Notification_To="a@b.example", X_Priority="1", Reply_To="otra@fuera.example")
    avisos = dictaminar(d, hechos()).advertencias
    assert "Pide acuse de lectura: no se envía." in avisos
    assert "Viene marcado como urgente: se atiende en su orden de llegada." in avisos
    assert "Pide que se responda a otra@fuera.example: se responde a laura@gobierno.example." in avisos
