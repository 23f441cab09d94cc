"""What is read of the register, and the ten messages of the client judged with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alcance import como_sistema
from buzones.criterio.hechos import Como
from buzones.criterio.partes import Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.desarmar import desarmar
from buzones.services.hechos import reunir
from tests.buzones import mundo_criterio as m
from tests.buzones.corpus.historias import HISTORIAS

pytestmark = pytest.mark.django_db
CONSULTAS = 8


@pytest.fixture
def mundo(db: None) -> m.Mundo:
    return m.crear()


def test_the_ten_messages_of_the_client(mundo: m.Mundo) -> None:
    m.envio("<AT-2026-000123.4@portal-sdfi.example>", mundo.jimena.correo, solicitud_id=mundo.solicitud.pk)
    ausente = m.envio("<camp-2026-03.88@portal-sdfi.example>", "nicolas.bernal@sdp.example")
    rebotado = m.envio("<AT-2026-000410.1@portal-sdfi.example>", "jhon.castaneda@kennedy.example")
    # Number → when it came, class, rule, and what else.
    esperado: dict[str, tuple[datetime, Clase, int, dict[str, Any]]] = {
        "01": (datetime(2026, 1, 27, 13, 44, tzinfo=UTC), Clase.NUEVA_SOLICITUD, 16,
               {"responder": Respuesta.ACUSE, "autor_id": None}),
        "03": (datetime(2026, 2, 26, 22, 22, tzinfo=UTC), Clase.MENSAJE, 9,
               {"solicitud_id": mundo.solicitud.pk, "persona_id": mundo.jimena.pk, "autor_id": None}),
        "04": (datetime(2026, 3, 16, 11, 0, tzinfo=UTC), Clase.AUSENCIA, 4, {"envio_id": ausente.pk}),
        "05": (datetime(2026, 7, 8, 14, 15, tzinfo=UTC), Clase.REBOTE, 3, {"envio_id": rebotado.pk}),
        "06": (datetime(2026, 7, 12, 3, 15, tzinfo=UTC), Clase.POR_CLASIFICAR, 18,
               {"propuesta": Clase.PETICION_CIUDADANA, "responder": Respuesta.ORIENTACION}),
        "07": (datetime(2026, 7, 12, 3, 15, tzinfo=UTC), Clase.POR_CLASIFICAR, 6, {}),
        "09": (datetime(2026, 6, 11, 18, 49, tzinfo=UTC), Clase.NUEVA_SOLICITUD, 16, {"responder": Respuesta.ACUSE}),
        "10": (datetime(2026, 7, 7, 22, 48, tzinfo=UTC), Clase.CAMBIO_DE_ENLACE, 15, {"temas": ()}),
        "11": (datetime(2026, 7, 14, 20, 10, tzinfo=UTC), Clase.NUEVA_SOLICITUD, 16, {"responder": Respuesta.ACUSE}),
        "12": (datetime(2026, 10, 7, 14, 5, tzinfo=UTC), Clase.NUEVA_SOLICITUD, 16, {"reservado": True}),
    }  # fmt: skip
    dichos = {}
    for numero, (en, clase, regla, espera) in esperado.items():
        dicho, _, _ = m.juzgar(m.ejemplo(numero), en=en)
        assert (dicho.clase, dicho.regla) == (clase, regla), (numero, dicho.razones)
        for campo, valor in espera.items():
            assert getattr(dicho, campo) == valor, (numero, campo)
        if regla in {3, 4, 6} or clase == Clase.MENSAJE:
            assert dicho.responder == Respuesta.NINGUNA, numero
        dichos[numero] = dicho
    # 01: MIPG falls out; 09: the three; 11: the Imprenta; 12: Internacionales.
    de_quien = {n: [mundo.tema(uno).dependencia.codigo for uno in dicho.temas] for n, dicho in dichos.items()}
    assert de_quien["01"] == ["SSDA"]
    assert {mundo.tema(uno).dependencia.direccion.codigo for uno in dichos["09"].temas} == {"DDAB", "DDDI", "DDRI"}
    assert (de_quien["11"], de_quien["12"]) == (["IMPR"], ["DDRI"])
    modalidades = {n: mundo.modalidad(dichos[n].modalidad_id) for n in ("01", "09", "11", "12")}
    assert modalidades == {"01": "concepto", "09": "mesa", "11": "publicacion", "12": "comision"}
    assert "Faltan 26 días para el viaje: son menos de 45." in dichos["12"].advertencias
    assert "Pide acuse de lectura: no se envía." in dichos["11"].advertencias
    assert dichos["10"].enlace.correo == "jhon.castaneda@kennedy.example"
    assert dichos["03"].dependencias == tuple(mundo.solicitud.dependencias)


def test_what_is_done_of_what_people_write(mundo: m.Mundo) -> None:
    for una in HISTORIAS:
        dicho, _, _ = m.juzgar(una.crudo())
        assert (dicho.clase, dicho.responder) == (una.clase, una.responder), (una.nombre, dicho.razones)
        assert dicho.propuesta == una.propuesta or una.propuesta is None, (una.nombre, dicho.propuesta)
        if una.direcciones is not None:
            suyas = {mundo.tema(pk).dependencia.direccion.codigo for pk in dicho.temas}
            assert suyas == una.direcciones, (una.nombre, dicho.razones)
        de_cual = dicho.solicitud_id if dicho.clase == Clase.MENSAJE else dicho.solicitud_propuesta_id
        assert de_cual == (mundo.solicitud.pk if una.de_la_123 else None), una.nombre
        espera = dict(una.espera)
        if advierte := espera.pop("advierte", ""):
            assert any(aviso.startswith(advierte) for aviso in dicho.advertencias), (una.nombre, dicho.advertencias)
        if quien := espera.pop("enlace", None):
            assert dicho.enlace is not None
            assert (dicho.enlace.nombre, dicho.enlace.cargo, dicho.enlace.correo) == quien, una.nombre
        for campo, valor in espera.items():
            assert getattr(dicho, campo) == valor, (una.nombre, campo, dicho.razones)


def test_03_of_somebody_else_is_for_a_person(mundo: m.Mundo) -> None:
    """The same message from who is not party."""
    m.envio("<AT-2026-000123.4@portal-sdfi.example>", mundo.jimena.correo, solicitud_id=mundo.solicitud.pk)
    for de in (b"otra.persona@transmilenio.example", b"jimena.tovar@transmilenio.example.co"):
        dicho, _, _ = m.juzgar(m.ejemplo("03").replace(b"jimena.tovar@transmilenio.example", de))
        assert (dicho.clase, dicho.propuesta) == (Clase.POR_CLASIFICAR, Clase.MENSAJE)
        assert dicho.solicitud_propuesta_id == mundo.solicitud.pk


def test_05_is_believed_only_of_a_mail_of_ours(mundo: m.Mundo, settings: Any) -> None:
    dicho, _, _ = m.juzgar(m.ejemplo("05"))
    assert (dicho.clase, dicho.propuesta, dicho.regla) == (Clase.POR_CLASIFICAR, Clase.REBOTE, 3)
    m.envio("<AT-2026-000410.1@portal-sdfi.example>", "jhon.castaneda@kennedy.example")
    settings.CORREO_RESPUESTAS = "respuestas.example"  # there is a signed address for that, and it is not this one
    dicho, _, _ = m.juzgar(m.ejemplo("05"))
    assert (dicho.clase, dicho.propuesta) == (Clase.POR_CLASIFICAR, Clase.REBOTE)


def test_few_queries_whatever_the_message(mundo: m.Mundo) -> None:
    """Of each example, alone and with everything that it may name."""
    m.envio("<AT-2026-000123.4@portal-sdfi.example>", mundo.jimena.correo, solicitud_id=mundo.solicitud.pk)
    staff = m.f.FabricaPersona(correo="mauricio.zuluaga@sds.example")
    m.f.FabricaMembresia(persona=staff, rol="asesor", dependencia=mundo.dependencia("SSDA"))
    limitada = m.f.FabricaPersona(correo="sandra.cuervo@sdp.example")
    for entidad in (mundo.entidades["sdp.example"], mundo.entidades["sdm.example"]):
        m.f.FabricaMembresia(persona=limitada, entidad=entidad,
                             solo_direcciones=[mundo.dependencia("DDAB").pk])  # fmt: skip
    for numero in ("01", "03", "04", "05", "06", "07", "09", "10", "11", "12"):
        crudo = m.ejemplo(numero)
        for vez in (crudo, crudo.replace(b"Subject: ", b"Subject: [AT-2026-000123] RV: 1-2026-123456 ", 1)):
            suya, d = m.llegada(vez, casilla=mundo.casillas["mipg"]), desarmar(vez)
            with transaction.atomic(), CaptureQueriesContext(connection) as consultas:
                reunir(suya, d)
            dichas = [una["sql"][:90] for una in consultas if not una["sql"].startswith(("SELECT set_config", "SET"))]
            assert len(dichas) <= CONSULTAS, (numero, dichas)


def test_how_it_is_known_of_which_entidad_a_sender_is(mundo: m.Mundo) -> None:
    base = m.ejemplo("11")

    def como(de: bytes, texto: bytes = b"") -> tuple[str, str] | None:
        crudo = base.replace(b"sandra.cuervo@sdp.example", de)
        _, h, _ = m.juzgar(crudo.replace(b"Remito para", texto + b"Remito para"))
        return (h.entidad.como, h.entidad.nombre) if h.entidad else None

    planeacion = mundo.entidades["sdp.example"].nombre
    assert como(b"sandra.cuervo@sdp.example") == (Como.DOMINIO, planeacion)
    assert como(b"sandra.cuervo@correo.sdp.example") == (Como.DOMINIO, planeacion)
    assert como(b"sandra.cuervo@otrosdp.example") is None
    assert como(b"sandra.cuervo@sdp.example.co") is None
    assert como(mundo.jimena.correo.encode()) == (Como.CUENTA, mundo.entidades["transmilenio.example"].nombre)
    assert como(b"alguien@gmail.com", b"De la Secretaria Distrital de Salud. ") == (
        Como.NOMBRADA, mundo.entidades["sds.example"].nombre,
    )  # fmt: skip
    with como_sistema("prueba"), transaction.atomic():
        m.Entidad.objects.filter(codigo="04-02").update(dominios_correo="otro.example, sdp.example")
    assert como(b"sandra.cuervo@sdp.example") is None  # of two: of nobody


def test_what_was_added_to_a_solicitud_makes_nobody_of_its_entidad(mundo: m.Mundo) -> None:
    """M04: what a person kept beside a solicitud (a note, a message of a stranger) says nothing of whose they are."""
    de, en = "alguien@gmail.com", datetime(2026, 7, 14, 20, 10, tzinfo=UTC)
    suya = {"solicitud": mundo.solicitud, "entidad": mundo.solicitud.entidad, "estado": EstadoCorreo.ATENDIDO}
    crudo = m.ejemplo("11").replace(b"sandra.cuervo@sdp.example", de.encode())
    with como_sistema("prueba"), transaction.atomic():
        m.correo_guardado(de, en - timedelta(days=2), mensaje_id="<nota>", clase=Clase.MENSAJE, **suya)
    _, h, _ = m.juzgar(crudo, en=en)
    assert h.entidad is None
    with como_sistema("prueba"), transaction.atomic():
        m.correo_guardado(de, en - timedelta(days=1), mensaje_id="<una>", clase=Clase.NUEVA_SOLICITUD, **suya)
    _, h, _ = m.juzgar(crudo, en=en)
    assert h.entidad is not None and h.entidad.como == Como.ANTES


def test_who_left_is_party_no_longer(mundo: m.Mundo) -> None:
    m.envio("<AT-2026-000123.4@portal-sdfi.example>", mundo.jimena.correo, solicitud_id=mundo.solicitud.pk)
    with como_sistema("prueba"), transaction.atomic():
        mundo.jimena.membresias.update(hasta=datetime(2025, 1, 1, tzinfo=UTC).date())
    dicho, h, _ = m.juzgar(m.ejemplo("03"))
    assert h.entidad is not None
    assert (h.entidad.como, dicho.clase, dicho.propuesta) == (Como.DOMINIO, Clase.POR_CLASIFICAR, Clase.MENSAJE)


def test_what_was_asked_is_answered_in_the_same_message(mundo: m.Mundo) -> None:
    """Rule 10: by the question of ours that it answers, or by its own mail, which programs name too."""
    de, en = "sandra.cuervo@sdp.example", datetime(2026, 7, 14, 20, 10, tzinfo=UTC)
    with como_sistema("prueba"), transaction.atomic():
        primero = m.correo_guardado(
            de, en - timedelta(hours=2), mensaje_id="<corto@sdp.example>", estado=EstadoCorreo.ESPERANDO,
            asunto="Publicación", texto="Necesitamos una publicación.",
        )  # fmt: skip
    m.envio("<pregunta@portal>", de, evento="buzones.faltan", en=en - timedelta(hours=2))
    base = m.ejemplo("11")
    for ata in (b"In-Reply-To: <pregunta@portal>", b"References: <corto@sdp.example> <otra@portal>"):
        dicho, h, _ = m.juzgar(base.replace(b"X-Priority: 1", ata), en=en)
        assert h.esperando is not None
        assert (h.esperando.id, dicho.completa_id, dicho.clase) == (primero.pk, primero.pk, Clase.NUEVA_SOLICITUD)
    dicho, h, _ = m.juzgar(base, en=en)  # another thing, of its own
    assert (h.esperando, h.preguntado, dicho.completa_id) == (None, True, None)
    otra = base.replace(b"X-Priority: 1", b"In-Reply-To: <pregunta@portal>").replace(b"sandra.cuervo@", b"otra@")
    assert m.juzgar(otra, en=en)[1].esperando is None  # somebody else


def test_a_flood_hangs_from_the_first_that_waits(mundo: m.Mundo) -> None:
    de, en = "sandra.cuervo@sdp.example", datetime(2026, 7, 14, 20, 10, tzinfo=UTC)
    with como_sistema("prueba"), transaction.atomic():
        m.correo_guardado(de, en - timedelta(minutes=61), mensaje_id="<antes>")
        suyos = [m.correo_guardado(de, en - timedelta(minutes=50 - n), mensaje_id=f"<{n}>") for n in range(12)]
    dicho, h, _ = m.juzgar(m.ejemplo("11"), en=en)
    assert (h.ultima_hora, h.grupo_id, dicho.regla, dicho.responder) == (12, suyos[0].pk, 13, Respuesta.NINGUNA)
    assert dicho.propuesta == Clase.NUEVA_SOLICITUD
    with como_sistema("prueba"), transaction.atomic():
        m.correo_guardado(de, en - timedelta(minutes=1), mensaje_id="<trece>", grupo=suyos[0])
    assert m.juzgar(m.ejemplo("11"), en=en)[1].grupo_id == suyos[0].pk
    assert m.juzgar(m.ejemplo("11"), en=en - timedelta(minutes=55))[1].ultima_hora == 1  # not what came later


def test_the_same_content_and_the_same_id(mundo: m.Mundo) -> None:
    crudo = m.ejemplo("11")
    d = desarmar(crudo)
    en = datetime(2026, 7, 14, 20, 10, tzinfo=UTC)
    with como_sistema("prueba"), transaction.atomic():
        uno = m.correo_guardado(d.de.correo, en, mensaje_id=d.mensaje_id, huella=d.huella)
    dicho, _, _ = m.juzgar(crudo, en=en)
    assert (dicho.regla, dicho.ya_es_id, dicho.responder) == (1, uno.pk, Respuesta.NINGUNA)
    dicho, _, _ = m.juzgar(crudo.replace(b"<pub-1187@", b"<otro-1187@"), en=en)
    assert (dicho.regla, dicho.repetido_de_id, dicho.clase) == (6, uno.pk, Clase.POR_CLASIFICAR)
    dicho, _, _ = m.juzgar(crudo.replace(b"Subject: URGENTE", b"Subject: [EXTERNO] URGENTE"), en=en)
    assert (dicho.regla, dicho.repetido_de_id, dicho.clase) == (6, None, Clase.POR_CLASIFICAR)


def test_a_mailbox_of_one_thing_says_what_it_is_about(mundo: m.Mundo) -> None:
    """R62: what reaches the Registro Distrital with a file is to be published."""
    with como_sistema("prueba"), transaction.atomic():
        tema = m.Tema.objects.get(codigo="Imprenta-01")
        m.Casilla.objects.filter(nombre="registro").update(temas_por_defecto=[tema.pk])
    crudo = m.ejemplo("11")
    desde = crudo.index(b"Remito para")
    corto = crudo[:desde] + b"Adjunto." + crudo[crudo.index(b"\r\n\r\n--", desde) :]
    corto = corto.replace(b"_Publicaci=C3=B3n_Resoluci=C3=B3n?= 1187\r\n de 2026", b"_Acto?=")
    dicho, h, d = m.juzgar(corto, casilla=mundo.casillas["registro"])
    assert [uno.id for uno in h.por_defecto] == [tema.pk]
    assert (d.texto, len(d.piezas), dicho.clase, dicho.temas) == ("Adjunto.", 2, Clase.NUEVA_SOLICITUD, (tema.pk,))
    assert mundo.modalidad(dicho.modalidad_id) == "publicacion"
    dicho, _, _ = m.juzgar(corto, casilla=mundo.casillas["mipg"])
    assert dicho.clase == Clase.POR_CLASIFICAR


def test_what_the_team_forwards_says_of_whom_it_is(mundo: m.Mundo) -> None:
    asesora = m.f.FabricaPersona(correo="asesora@alcaldiabogota.example")
    m.f.FabricaMembresia(persona=asesora, rol=m.Rol.ASESOR, dependencia=mundo.dependencia("SSDA"))
    crudo = (
        "From: asesora@alcaldiabogota.example\r\nTo: mipgdistrito@alcaldiabogota.gov.co\r\nSubject: RV: Concepto\r\n"
        "Message-ID: <rv@a.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "---------- Mensaje reenviado ----------\r\nDe: Ana <ana.gil@sds.example>\r\nFecha: lunes\r\nPara: yo\r\n"
        "Asunto: Concepto\r\n\r\nSolicitamos concepto sobre la eliminación de historias clínicas.\r\n"
    ).encode()
    dicho, h, _ = m.juzgar(crudo)
    assert h.entidad is not None
    assert (h.entidad.como, dicho.regla, dicho.propuesta) == (Como.REENVIO, 7, Clase.NUEVA_SOLICITUD)
    assert dicho.entidad_id == mundo.entidades["sds.example"].pk
    assert (dicho.autor_id, dicho.responder) == (None, Respuesta.NINGUNA)


def test_the_portal_remembers_what_it_answered(mundo: m.Mundo) -> None:
    """Before the message, not after; and only what it says by itself."""
    en = datetime(2026, 7, 12, 3, 15, 3, tzinfo=UTC)
    de = "luz_marina1962@correogratis.example"
    for hace, evento, espera in (
        (timedelta(minutes=-1), "buzones.orientacion", None),
        (timedelta(minutes=3), "cuentas.invitacion", None),
        (timedelta(hours=25), "buzones.orientacion", None),
        (timedelta(hours=3), "buzones.orientacion", timedelta(hours=3)),
        (timedelta(minutes=9), "solicitudes.acuse", timedelta(minutes=9)),
    ):
        m.envio(f"<{hace}@portal>", de, evento=evento, en=en - hace)
        dicho, h, _ = m.juzgar(m.ejemplo("06"), en=en)
        assert h.respondido_hace == espera
        assert (dicho.responder == Respuesta.NINGUNA) is (espera is not None)
        assert dicho.propuesta == Clase.PETICION_CIUDADANA
    assert dicho.regla == 13
    assert dicho.estado == EstadoCorreo.POR_CLASIFICAR
