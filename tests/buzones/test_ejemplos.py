"""The ten messages of the client by a real IMAP server, the real worker's path and a real SMTP server, as `indice.csv`
says (datos/correos_ejemplo)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import override_settings

from archivos import almacen
from avisos.models import DireccionCorreo, Envio, EventoCorreo
from bandeja.models import Entrega
from bandeja.services import entregar
from buzones import services
from buzones.estados import Clase, EstadoAdjunto, EstadoCorreo, EstadoLlegada
from buzones.mime.desarmar import desarmar
from buzones.models import Adjunto, Casilla, Correo, Llegada, PropuestaEnlace
from buzones.services.actuar import clave_de
from direcciones.models import Persona
from solicitudes.models import Archivo, Mensaje, Parte, Solicitud
from tests.buzones import mundo_criterio as m
from tests.buzones.apoyos import correos, llegadas
from tests.solicitudes.apoyos import instante, sistema
from tests.soporte.correo import CorreoSmtp
from tests.soporte.dovecot import Dovecot

pytestmark = pytest.mark.django_db


@dataclass
class Oficina:
    """The mailboxes as the mail servers leave them, and what goes out."""

    mundo: m.Mundo
    dovecot: Dovecot
    sumidero: CorreoSmtp
    enviados: dict[str, bytes] = field(default_factory=dict)
    con_correo: set[str] = field(default_factory=set)

    def llega(self, numero: str, en: datetime, casillas: Sequence[str], crudo: bytes = b"") -> None:
        """Each mailbox has its copy, with the trace of its own server."""
        self.enviados[numero] = crudo or m.ejemplo(numero)
        self.con_correo |= set(casillas)
        for nombre in casillas:
            self.dovecot.poner(self.enviados[numero], en=en, usuario=m.CASILLAS[nombre])

    def atender(self) -> None:
        """What the clock does."""
        while self.con_correo:
            casilla = self.mundo.casillas[self.con_correo.pop()]
            assert services.leer_casilla(casilla.pk, quien="prueba").falla == ""
        services.procesar_pendientes()
        while entregar():
            pass

    def salio(self, a: str) -> list[EmailMessage]:
        return [uno for uno in self.sumidero.mensajes() if a in str(uno["To"])]


@pytest.fixture
def oficina(db: None, correo_smtp: CorreoSmtp) -> Iterator[Oficina]:
    mundo = m.crear()
    with Dovecot(*m.CASILLAS.values()) as dovecot:
        conexiones = {
            nombre: replace(dovecot.conexion(usuario), clave=nombre) for nombre, usuario in m.CASILLAS.items()
        }
        Casilla.objects.update(desde_en=datetime(2026, 1, 1, tzinfo=UTC))
        for nombre in m.CASILLAS:
            Casilla.objects.filter(nombre=nombre).update(conexion=nombre)
        while entregar():  # what planting the world leaves to be told
            pass
        with override_settings(BUZONES=conexiones, CORREO_RESPUESTAS=""):
            yield Oficina(mundo, dovecot, correo_smtp)


def unico(numero: str) -> Correo:
    """What became of one of them, however many mailboxes brought it."""
    [correo] = correos(mensaje_id=desarmar(m.ejemplo(numero)).mensaje_id)
    return correo


def sus_llegadas(correo: Correo) -> list[Llegada]:
    return llegadas(correo=correo)


def de_la_solicitud(correo: Correo) -> Solicitud:
    assert correo.solicitud is not None, correo.razones
    return correo.solicitud


def adjuntos(correo: Correo) -> list[tuple[str, str]]:
    with sistema():
        return [(a.nombre, a.estado) for a in Adjunto.objects.filter(correo=correo).order_by("orden")]


def archivos(**de: Any) -> list[str]:
    with sistema():
        return list(Archivo.objects.filter(**de).order_by("pk").values_list("nombre", flat=True))


def dependencias(solicitud: Solicitud) -> list[str]:
    with sistema():
        partes = Parte.objects.filter(solicitud=solicitud).order_by("-lidera", "pk")
        return list(partes.values_list("dependencia__codigo", flat=True))


def ver_01_una_solicitud_con_sus_dos_archivos(oficina: Oficina) -> None:
    """DDAB, concepto; acuse with the radicado; both names as they came. Only Archivo attends it."""
    en = datetime(2026, 1, 27, 13, 44, 20, tzinfo=UTC)
    oficina.llega("01", en, ["ventanilla", "mipg"])
    oficina.atender()
    correo = unico("01")
    solicitud = de_la_solicitud(correo)
    assert (correo.clase, correo.estado) == (Clase.NUEVA_SOLICITUD, EstadoCorreo.ATENDIDO)
    assert dependencias(solicitud) == ["SSDA"] and solicitud.modalidad.codigo == "concepto"
    assert solicitud.entidad == oficina.mundo.entidades["subredsur.example"] and solicitud.recibido_en == en
    nombres = [
        "Acta de eliminación – Subsección Nómina 2019.pdf",
        "Justificación técnica según TVD (versión ñ).docx",
    ]
    assert archivos(solicitud=solicitud) == nombres
    [acuse] = oficina.salio("carmen.pardo@subredsur.example")
    assert solicitud.radicado in str(acuse["Subject"]) + acuse.get_body(("plain",)).get_content()
    assert acuse["Auto-Submitted"] == "auto-replied"
    assert sorted(una.estado for una in sus_llegadas(correo)) == [EstadoLlegada.PROCESADA, EstadoLlegada.REPETIDA]


def ver_03_una_respuesta_es_un_mensaje_de_su_solicitud(oficina: Oficina) -> None:
    """Only what is new is shown; the raw message is whole; nothing is answered."""
    solicitud = oficina.mundo.solicitud
    m.envio("<AT-2026-000123.4@portal-sdfi.example>", oficina.mundo.jimena.correo, solicitud_id=solicitud.pk)
    antes = len(oficina.sumidero.mensajes())
    oficina.llega("03", datetime(2026, 2, 26, 22, 22, 9, tzinfo=UTC), ["mipg"])
    oficina.atender()
    correo = unico("03")
    [llegada] = sus_llegadas(correo)
    with sistema():
        mensaje = Mensaje.objects.get(solicitud=solicitud)
    assert (correo.clase, correo.solicitud_id, correo.mensaje_agregado_id) == (Clase.MENSAJE, solicitud.pk, mensaje.pk)
    assert mensaje.texto.startswith("Confirmamos el jueves 12") and mensaje.texto.endswith("Jimena")
    assert "##- RESPONDA ARRIBA -##" in correo.citado and "Jimena" in str(mensaje.remitente)
    assert archivos(mensaje=mensaje) == ["Árbol de problemas SGDEA v2.pdf"]
    assert len(oficina.sumidero.mensajes()) == antes
    with almacen.abrir(llegada.ruta) as archivo:
        assert archivo.read() == oficina.enviados["03"]


@pytest.mark.larga
def test_03_de_quien_no_es_parte_lo_decide_una_persona(oficina: Oficina) -> None:
    """The control: the radicado in the subject opens nothing by itself."""
    crudo = m.ejemplo("03").replace(b"jimena.tovar@", b"otra.persona@")
    oficina.llega("03", datetime(2026, 2, 26, 22, 22, tzinfo=UTC), ["mipg"], crudo)
    oficina.atender()
    correo = unico("03")
    assert (correo.estado, correo.propuesta) == (EstadoCorreo.POR_CLASIFICAR, Clase.MENSAJE)
    assert correo.solicitud_id is None and correo.solicitud_propuesta_id == oficina.mundo.solicitud.pk
    with sistema():
        assert not Mensaje.objects.exists()


def ver_04_una_ausencia_se_anota_y_no_se_responde(oficina: Oficina) -> None:
    envio = m.envio("<camp-2026-03.88@portal-sdfi.example>", "nicolas.bernal@sdp.example")
    antes = len(oficina.sumidero.mensajes())
    oficina.llega("04", datetime(2026, 3, 16, 11, 0, 15, tzinfo=UTC), ["ddri"])
    oficina.atender()
    correo = unico("04")
    assert (correo.clase, correo.estado, correo.solicitud_id) == (Clase.AUSENCIA, EstadoCorreo.ATENDIDO, None)
    assert correo.senales["ausente_hasta"] == "2026-04-08"
    assert correo.senales["sustituto"] == "mariela.ojeda@sdp.example"
    with sistema():
        evento = EventoCorreo.objects.get(correo=envio.correo)
        assert (evento.tipo, evento.mensaje_id) == ("ausencia", envio.mensaje_id)
        assert not DireccionCorreo.objects.filter(estado=DireccionCorreo.Estado.MALA).exists()
    assert len(oficina.sumidero.mensajes()) == antes


def ver_05_un_rebote_marca_la_direccion_y_alerta(oficina: Oficina) -> None:
    envio = m.envio("<AT-2026-000410.1@portal-sdfi.example>", "jhon.castaneda@kennedy.example")
    oficina.llega("05", datetime(2026, 7, 8, 14, 15, tzinfo=UTC), ["mipg"])
    oficina.atender()
    correo = unico("05")
    assert (correo.clase, correo.estado, correo.solicitud_id) == (Clase.REBOTE, EstadoCorreo.ATENDIDO, None)
    with sistema():
        direccion = DireccionCorreo.objects.get(correo=envio.correo)
        assert (direccion.estado, direccion.codigo) == (DireccionCorreo.Estado.MALA, "5.1.1")
        assert Envio.objects.get(pk=envio.pk).desenlace == Envio.Desenlace.REBOTADO
        assert Entrega.objects.filter(tipo="avisos.direccion_mala").exists()
    assert oficina.salio("kennedy.example") == []


def ver_06_una_ciudadana_se_registra_y_se_orienta_una_vez(oficina: Oficina) -> None:
    """Saturday 22:15 before a holiday: it counts from Tuesday 14, and must go by the 22nd (the 20th is a holiday)."""
    en = instante("2026-07-11", "22:15")
    oficina.llega("06", en, ["ventanilla"])
    oficina.llega("06 bis", en + timedelta(minutes=40), ["ventanilla"],
                  m.ejemplo("06").replace(b"a1b2c3", b"otra").replace(b"mi papa\r\n", b"mi abuelo\r\n"))  # fmt: skip
    oficina.atender()
    primero, segundo = correos(de_correo="luz_marina1962@correogratis.example")
    for correo in (primero, segundo):
        assert (correo.clase, correo.estado) == (Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR)
        assert (correo.propuesta, correo.solicitud_id) == (Clase.PETICION_CIUDADANA, None)
    assert (primero.recibido_en, primero.fecha_efectiva) == (en, date(2026, 7, 14))
    assert primero.vence_traslado == date(2026, 7, 22)
    [orientacion] = oficina.salio("luz_marina1962@correogratis.example")
    texto = orientacion.get_body(("plain",)).get_content()
    assert primero.numero in str(orientacion["Subject"]) + texto and "Bogotá te escucha" in texto
    assert "tranvias" not in texto


def ver_07_malformado_no_se_pierde(oficina: Oficina) -> None:
    """Its bytes whole, the instant of the server, its name clean, and a person."""
    en = datetime(2026, 7, 15, 13, 0, tzinfo=UTC)
    oficina.llega("07", en, ["mipg", "ddri"])
    antes = len(oficina.sumidero.mensajes())
    oficina.atender()
    correo = unico("07")
    assert (correo.estado, correo.recibido_en) == (EstadoCorreo.POR_CLASIFICAR, en)
    assert adjuntos(correo) == [("Borrador resolución.pdf", EstadoAdjunto.ILEGIBLE)]
    assert len(correo.advertencias) >= 4 and correo.texto.startswith("Buenos días, solicitamos asesoría")
    for llegada in sus_llegadas(correo):
        with almacen.abrir(llegada.ruta) as archivo:
            # The server writes each line end as it must (K: `imaplib.append`).
            assert archivo.read() == re.sub(rb"\r?\n", b"\r\n", oficina.enviados["07"])
    assert len(oficina.sumidero.mensajes()) == antes


def ver_09_tres_buzones_una_solicitud_con_tres_direcciones(
    oficina: Oficina, orden: Sequence[str] = ("mipg", "ddri", "ventanilla")
) -> None:
    for n, nombre in enumerate(orden):
        en = datetime(2026, 6, 11, 18, 49, 30 + n, tzinfo=UTC)
        oficina.llega("09", en, [nombre])
        oficina.atender()
    correo = unico("09")
    solicitud = de_la_solicitud(correo)
    assert sorted(una.estado for una in sus_llegadas(correo)) == ["procesada", "repetida", "repetida"]
    with sistema():
        partes = Parte.objects.filter(solicitud=solicitud).select_related("dependencia__padre")
        assert {parte.dependencia.direccion.codigo for parte in partes} == {"DDAB", "DDDI", "DDRI"}
        assert Solicitud.objects.filter(clave_radicacion=clave_de(correo)).count() == 1
    assert archivos(solicitud=solicitud) == ["Propuesta convenio – Año 2026.docx"]
    assert len(oficina.salio("mauricio.zuluaga@sds.example")) == 1


def ver_10_un_cambio_de_enlace_lo_confirma_su_entidad(oficina: Oficina) -> None:
    """After hours: it counts from the next day. No account, no solicitud, until the entity says so."""
    kennedy = oficina.mundo.entidades["kennedy.example"]
    oficina.llega("10", instante("2026-07-07", "17:48"), ["mipg"])
    oficina.atender()
    correo = unico("10")
    assert (correo.clase, correo.estado, correo.solicitud_id) == (Clase.CAMBIO_DE_ENLACE, EstadoCorreo.ATENDIDO, None)
    assert correo.fecha_efectiva == date(2026, 7, 8)
    with sistema():
        propuesta = PropuestaEnlace.objects.get(correo=correo)
        assert (propuesta.entidad, propuesta.nombre) == (kennedy, "Jhon Fredy Castañeda Umaña")
        assert propuesta.estado == PropuestaEnlace.Estado.POR_CONFIRMAR
        assert not Persona.objects.filter(correo__iexact="jhon.castaneda@kennedy.example").exists()


def ver_11_una_publicacion_urgente_espera_su_turno(oficina: Oficina) -> None:
    en = datetime(2026, 7, 14, 20, 10, 30, tzinfo=UTC)
    oficina.llega("11", en, ["registro"])
    oficina.atender()
    solicitud = de_la_solicitud(unico("11"))
    assert dependencias(solicitud) == ["IMPR"] and solicitud.modalidad.codigo == "publicacion"
    assert solicitud.asunto == "Publicación Resolución 1187 de 2026" and solicitud.recibido_en == en
    assert archivos(solicitud=solicitud) == ["Resolución 1187 de 2026.pdf", "Resolución 1187 de 2026.docx"]
    salieron = oficina.salio("sandra.cuervo@sdp.example")
    assert len(salieron) == 1  # the acuse of the solicitud; no receipt of having been read
    assert all("disposition-notification" not in str(uno["Content-Type"]) for uno in salieron)


def ver_12_una_comision_a_veintiseis_dias_lo_advierte(oficina: Oficina) -> None:
    oficina.llega("12", datetime(2026, 10, 7, 14, 5, tzinfo=UTC), ["ddri"])
    oficina.atender()
    correo = unico("12")
    solicitud = de_la_solicitud(correo)
    assert dependencias(solicitud) == ["DDRI"] and solicitud.modalidad.codigo == "comision" and solicitud.reservada
    assert solicitud.logistica["viaje_desde"] == "2026-11-02" and solicitud.logistica["viaje_hasta"] == "2026-11-08"
    assert any("Faltan 26 días" in una for una in correo.advertencias)
    assert archivos(solicitud=solicitud) == ["초청장 – Invitación oficial.pdf"]
    assert [estado for _, estado in adjuntos(correo)].count(EstadoAdjunto.INCRUSTADO) == 1


def test_los_diez_mensajes_del_cliente(oficina: Oficina) -> None:
    for ver in (
        ver_01_una_solicitud_con_sus_dos_archivos,
        ver_03_una_respuesta_es_un_mensaje_de_su_solicitud,
        ver_04_una_ausencia_se_anota_y_no_se_responde,
        ver_05_un_rebote_marca_la_direccion_y_alerta,
        ver_06_una_ciudadana_se_registra_y_se_orienta_una_vez,
        ver_07_malformado_no_se_pierde,
        ver_09_tres_buzones_una_solicitud_con_tres_direcciones,
        ver_10_un_cambio_de_enlace_lo_confirma_su_entidad,
        ver_11_una_publicacion_urgente_espera_su_turno,
        ver_12_una_comision_a_veintiseis_dias_lo_advierte,
    ):
        ver(oficina)


@pytest.mark.larga
def test_09_en_cualquier_orden(oficina: Oficina) -> None:
    ver_09_tres_buzones_una_solicitud_con_tres_direcciones(oficina, ("ventanilla", "ddri", "mipg"))


@pytest.mark.larga
def test_todos_a_la_vez_y_dos_veces_son_los_mismos(oficina: Oficina) -> None:
    """Every example together, read again as another folder: no one is lost and no one is two."""
    m.envio("<camp-2026-03.88@portal-sdfi.example>", "nicolas.bernal@sdp.example")
    for vez in range(2):
        for archivo in sorted(m.EJEMPLOS.glob("*.eml")):
            crudo = archivo.read_bytes()
            instante_dicho = datetime(2026, 11, 1, 15, 0, tzinfo=UTC) + timedelta(minutes=vez)
            oficina.llega(archivo.name, instante_dicho, ["mipg"], crudo)
        oficina.atender()
        oficina.atender()
    assert len(correos()) == 10
    assert sorted(una.estado for una in llegadas()) == ["procesada"] * 10 + ["repetida"] * 10
    ids = {message_from_bytes(crudo)["Message-ID"] for crudo in oficina.enviados.values()}
    assert len({correo.mensaje_id for correo in correos()} & ids) >= 9
