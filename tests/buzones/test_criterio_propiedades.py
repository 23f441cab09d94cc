"""What holds of every message, whatever it says and whatever the register knows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buzones.criterio.dictamen import dictaminar
from buzones.criterio.hechos import Como, Cuenta, EnvioNuestro, Firmada, Hechos, Rebotado, Sugerido
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado
from tests.buzones.apoyos_criterio import (
    ARCHIVO,
    DDRI,
    DE_COMISION,
    GOBIERNO,
    MIPG,
    PIDE,
    SUGERIDO,
    anterior,
    correo,
    hechos,
    solicitud,
)
from tests.buzones.corpus import hacer

RESPONDE = {
    Respuesta.ACUSE: (Clase.NUEVA_SOLICITUD, EstadoCorreo.ATENDIDO),
    Respuesta.RECIBIDO: (Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR),
    Respuesta.ORIENTACION: (Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR),
    Respuesta.FALTAN: (Clase.POR_CLASIFICAR, EstadoCorreo.ESPERANDO),
}


def siempre(d: Desarmado, h: Hechos) -> Dictamen:
    """Judge it and look at all that must hold."""
    dicho = dictaminar(d, h)
    assert 1 <= dicho.regla <= 18
    assert 0 <= dicho.confianza <= 100
    assert dicho.razones
    assert all(razon.strip() and razon.endswith(".") and "\n" not in razon for razon in dicho.razones)
    if dicho.regla == 1:
        assert (dicho.ya_es_id, dicho.responder) == (h.igual and h.igual.id, Respuesta.NINGUNA)
        return dicho
    # One class, and its state.
    por_decidir = dicho.clase == Clase.POR_CLASIFICAR
    assert (dicho.estado in {EstadoCorreo.POR_CLASIFICAR, EstadoCorreo.ESPERANDO}) is por_decidir
    assert (dicho.estado == EstadoCorreo.DESCARTADO) is (dicho.clase == Clase.SPAM)
    assert dicho.propuesta is None or por_decidir
    assert dicho.clase != Clase.PETICION_CIUDADANA  # never without a person
    # What it is answered.
    if dicho.responder:
        assert (dicho.clase, dicho.estado) == RESPONDE[dicho.responder]
        assert d.de_seguro
        assert not d.senales.robot
        assert d.autenticacion.veredicto != "no"
        assert not (h.cuenta and h.cuenta.activa and h.cuenta.es_personal)
        assert h.ultima_hora < 12
    assert (dicho.responder == Respuesta.FALTAN) is (dicho.estado == EstadoCorreo.ESPERANDO)
    assert not (dicho.responder == Respuesta.FALTAN and not dicho.faltan)
    assert not dicho.faltan or dicho.responder in {Respuesta.FALTAN, Respuesta.ACUSE}
    # M03, M10: what is tied to a solicitud comes from a party; what is only proposed is tied to nothing.
    if dicho.clase == Clase.MENSAJE:
        suya = h.solicitudes[dicho.solicitud_id or 0]
        assert suya.es_parte
        assert suya.hasta is None or h.dia <= suya.hasta
        assert d.de_seguro
        assert d.autenticacion.veredicto != "no"
    else:
        assert dicho.solicitud_id is None
        assert not dicho.complementa
    # Nobody is given a voice by From alone, and the team never.
    if dicho.autor_id is not None:
        assert h.cuenta is not None
        assert (dicho.autor_id, h.cuenta.es_personal, h.cuenta.activa) == (h.cuenta.persona_id, False, True)
        firmada = any(una.es_suya and una.solicitud_id == dicho.solicitud_id for una in h.firmadas)
        assert firmada or d.autenticacion.veredicto == "si"
    if dicho.clase == Clase.NUEVA_SOLICITUD:
        assert dicho.temas
        assert dicho.modalidad_id is not None
        assert dicho.entidad_id == h.entidad.id if h.entidad else False
        assert h.entidad is not None
        assert h.entidad.como.basta
    if dicho.clase == Clase.CAMBIO_DE_ENLACE:
        assert dicho.enlace is not None
        assert dicho.enlace.nombre
        assert dicho.enlace.correo
    return dicho


TEXTOS = (
    PIDE,
    "Gracias.",
    "",
    "No sabemos a cuál dirección corresponde, agradecemos una reunión con las tres por el convenio y el archivo.",
    "soy ciudadana y necesito la hoja de vida de mi papa para la pension",
    "El nuevo enlace es:\nNombre: Ana Gil\nCargo: Profesional\nCorreo: ana.gil@gobierno.example",
    "Cambio de enlace: escriba a ana.gil@gobierno.example",
    "Fecha del viaje: 2 al 8 de noviembre de 2026.\nLa invitación fue aceptada y la financia el gobierno de Corea.",
)
ASUNTOS = ("Eliminación de historias clínicas", "RV: URGENTE", "", "Cambio de enlace", "[AT-2026-000123] Respuesta")
MAQUINAS = ({}, {}, {}, {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"})
DE_QUIEN = (
    "Laura <laura@gobierno.example>",
    "a@gmail.com",
    "sin direccion",
    f"Buzón <{MIPG}>",
    "uno@a.example, dos@b.example",
)


@st.composite
def mensajes(sacar: st.DrawFn) -> Desarmado:
    return correo(
        sacar(st.sampled_from(TEXTOS)),
        de=sacar(st.sampled_from(DE_QUIEN)),
        para=sacar(st.sampled_from([ARCHIVO, f"{MIPG}, {DDRI}, {ARCHIVO}", "otro@fuera.example"])),
        asunto=sacar(st.sampled_from(ASUNTOS)),
        adjunto=sacar(st.booleans()),
        comprobado=sacar(st.sampled_from(["", "", "pass", "fail"])),
        **sacar(st.sampled_from(MAQUINAS)),
    )


@st.composite
def conocimientos(sacar: st.DrawFn) -> Hechos:
    def tal_vez(valor: Any) -> Any:
        return sacar(st.sampled_from([None, None, valor]))

    suya = solicitud(
        es_parte=sacar(st.booleans()),
        hasta=sacar(st.sampled_from([None, date(2026, 10, 7), date(2026, 10, 6)])),
        esperan=sacar(st.integers(0, 2)),
        reservada=sacar(st.booleans()),
    )
    return hechos(
        cuenta=tal_vez(Cuenta(70, activa=sacar(st.booleans()), es_personal=sacar(st.booleans()), entidades=(7,))),
        entidad=tal_vez(replace(GOBIERNO, como=sacar(st.sampled_from(Como)), prestadora=sacar(st.booleans()))),
        igual=sacar(st.sampled_from([None] * 9 + [anterior()])),
        mismo_id=tal_vez(anterior()),
        mismo_contenido=tal_vez(anterior()),
        es_envio=sacar(st.sampled_from([None] * 9 + [EnvioNuestro(1, "a@b.example")])),
        responde_a=tal_vez(EnvioNuestro(4, "laura@gobierno.example", "", sacar(st.sampled_from([None, 5])))),
        anterior=tal_vez(anterior(solicitud_id=5)),
        esperando=tal_vez(anterior(estado=EstadoCorreo.ESPERANDO, texto=sacar(st.sampled_from(TEXTOS)))),
        firmadas=sacar(st.sampled_from([(), (), (Firmada(5, es_suya=True),), (Firmada(5, es_suya=False),)])),
        nombradas=sacar(st.sampled_from([(), (), (5,), (5, 6)])),
        solicitudes={5: suya, 6: solicitud(id=6, radicado="AT-2026-000124", es_parte=sacar(st.booleans()))},
        ultima_hora=sacar(st.sampled_from([0, 0, 11, 12, 900])),
        grupo_id=tal_vez(900),
        respondido_hace=tal_vez(timedelta(seconds=sacar(st.sampled_from([1, 70, 3600])))),
        preguntado=sacar(st.booleans()),
        sugerido=sacar(
            st.sampled_from([Sugerido(), SUGERIDO, replace(SUGERIDO, temas=(DE_COMISION,), medida=True)])
        ),
        rebotes=sacar(st.sampled_from([(), (), (), (Rebotado("a@b.example", "5.1.1"),)])),
        rebotado_id=tal_vez(4),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(d=mensajes(), h=conocimientos())
def test_what_always_holds(d: Desarmado, h: Hechos) -> None:
    siempre(d, h)


@pytest.mark.larga
@settings(max_examples=3000, deadline=None)
@given(d=mensajes(), h=conocimientos())
def test_what_always_holds_widely(d: Desarmado, h: Hechos) -> None:
    siempre(d, h)


@pytest.mark.larga
def test_the_corpus_is_judged_whole_and_none_fails() -> None:
    for caso in hacer.todos(grandes=False):
        d = desarmar(caso.crudo)
        for h in (hechos(), hechos(entidad=None)):
            siempre(d, h)


CONTROLES = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["a\r\nBcc: b@c.example", "a\nX: 1", "a\0b", "\u2028x", "=?utf-8?Q?a=0D=0ABcc:_b@c.example?="]
)


@settings(max_examples=60, deadline=None)
@given(asunto=CONTROLES, nombre=CONTROLES, cuerpo=CONTROLES)
def test_m06_nothing_that_is_said_breaks_a_line(asunto: str, nombre: str, cuerpo: str) -> None:
    """CR, LF and NUL in the subject, a name or the text reach no sentence of ours nor what is proposed."""
    limpio = nombre.replace("\r", "").replace("\n", "").encode("utf-8", "replace")
    crudo = (
        b"From: =?utf-8?Q?" + b"".join(b"=%02X" % octeto for octeto in limpio[:60]) + b"?= <laura@gobierno.example>\n"
        b"Subject: " + asunto.encode("utf-8", "replace") + b"\n\nCambio de enlace\nNombre: "
        + cuerpo.encode("utf-8", "replace") + b"\nCargo: jefe\nCorreo: ana@gobierno.example\n"
    )  # fmt: skip
    dicho = siempre(desarmar(crudo), hechos())
    frases = [*dicho.razones, *dicho.advertencias, *dicho.faltan]
    if dicho.enlace is not None:
        frases += [dicho.enlace.nombre, dicho.enlace.cargo, dicho.enlace.correo, dicho.enlace.telefono]
    for frase in frases:
        assert not set(frase) & set("\r\n\0"), frase
