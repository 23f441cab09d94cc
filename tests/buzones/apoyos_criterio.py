"""Messages and facts written by hand, to judge them without a base."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from buzones.criterio.hechos import (
    BuzonOficial,
    Como,
    CorreoAnterior,
    Cuenta,
    EntidadConocida,
    Hechos,
    ModalidadConocida,
    SolicitudConocida,
    Sugerido,
    TemaSugerido,
)
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado

DE = "Laura Pérez <laura@gobierno.example>"
MIPG, ARCHIVO, DDRI, IMPRENTA = (
    f"{nombre}@sdfi.example" for nombre in ("mipgdistrito", "ventanillaelectronica", "ddri", "registrodistrital")
)
BORDE = "mx.sdfi.example"
EN = datetime(2026, 10, 7, 14, 5, tzinfo=UTC)
PIDE = (
    "Solicitamos concepto técnico sobre la eliminación de historias clínicas inactivas del hospital liquidado, "
    "cuando no se cuenta con tabla de valoración documental."
)
CONCEPTO = ModalidadConocida(1, "concepto", "Concepto", "concepto")
ASESORIA = ModalidadConocida(2, "asesoria", "Asesoría", "asesoria")
MESA = ModalidadConocida(3, "mesa", "Mesa de trabajo", "sesion")
VISITA = ModalidadConocida(4, "visita", "Visita de asistencia", "visita")
COMISION = ModalidadConocida(5, "comision", "Valoración de comisión al exterior", "comision")
MODALIDADES = {una.codigo: una for una in (CONCEPTO, ASESORIA, MESA, VISITA, COMISION)}
DE_ARCHIVO = TemaSugerido(
    11, "Disposición de documentos", 101, "la Subdirección del Sistema Distrital de Archivos", "DDAB", 0.8, 70,
    ("eliminación", "historias clínicas"), CONCEPTO, atiende_prestadoras=True,
)  # fmt: skip
DE_DESARROLLO = TemaSugerido(
    22,
    "Instancias",
    102,
    "la Subdirección Técnica de Desarrollo Institucional",
    "DDDI",
    0.2,
    10,
    ("comité",),
    ASESORIA,
)
DE_DDRI = TemaSugerido(
    33,
    "Convenios",
    103,
    "la Dirección Distrital de Relaciones Internacionales",
    "DDRI",
    0.1,
    5,
    ("convenio",),
    ASESORIA,
)
DE_COMISION = replace(DE_DDRI, id=34, nombre="Comisiones", modalidad=COMISION, reservado=True)
SUGERIDO = Sugerido((DE_ARCHIVO, DE_DESARROLLO, DE_DDRI), modalidades=MODALIDADES)
GOBIERNO = EntidadConocida(7, "Secretaría Distrital de Gobierno", Como.DOMINIO)


def correo(
    cuerpo: str = PIDE,
    *,
    de: str = DE,
    para: str = ARCHIVO,
    asunto: str = "Eliminación de historias clínicas",
    adjunto: bool = False,
    comprobado: str = "",
    **encabezados: str,
) -> Desarmado:
    """`comprobado`: what the server of the border says of DMARC; '' when it says nothing."""
    mensaje = EmailMessage()
    for nombre, valor in {"From": de, "To": para, "Subject": asunto, "Message-ID": "<uno@gobierno.example>"}.items():
        mensaje[nombre] = valor
    mensaje["Date"] = EN
    for nombre, valor in encabezados.items():
        mensaje[nombre.replace("_", "-")] = valor
    mensaje.set_content(cuerpo)
    if adjunto:
        mensaje.add_attachment(b"%PDF-1.4 uno", maintype="application", subtype="pdf", filename="uno.pdf")
        mensaje.set_boundary("mitad")  # never drawn by lot
    crudo = mensaje.as_bytes()
    if comprobado:
        dominio = de.rpartition("@")[2].rstrip(">")
        crudo = f"Authentication-Results: {BORDE}; dmarc={comprobado} header.from={dominio}\r\n".encode() + crudo
    return desarmar(crudo, servidor_autenticacion=BORDE)


def buzon(correo: str, dependencia: int, direccion: str) -> BuzonOficial:
    return BuzonOficial(correo, dependencia, direccion)


def hechos(**datos: Any) -> Hechos:
    """Of a message of a registered entidad to the Archivo."""
    valores: dict[str, Any] = {
        "recibido_en": EN,
        "dia": date(2026, 10, 7),
        "propias": frozenset({"no-responder@portal.example"}),
        "dominio_propio": "respuestas.portal.example",
        "buzones": {
            MIPG: buzon(MIPG, 102, "DDDI"),
            ARCHIVO: buzon(ARCHIVO, 101, "DDAB"),
            DDRI: buzon(DDRI, 103, "DDRI"),
            IMPRENTA: buzon(IMPRENTA, 104, "DDDI"),
        },
        "casilla": ARCHIVO,
        "dependencias": (101,),
        "entidad": GOBIERNO,
        "sugerido": SUGERIDO,
    }
    return Hechos(**(valores | datos))


def de_nadie(**datos: Any) -> Hechos:
    return hechos(**({"entidad": None} | datos))


def con_cuenta(**datos: Any) -> Hechos:
    entidad = replace(GOBIERNO, como=Como.CUENTA)
    return hechos(**({"cuenta": Cuenta(70, entidades=(7,)), "entidad": entidad} | datos))


def solicitud(**datos: Any) -> SolicitudConocida:
    valores: dict[str, Any] = {"id": 5, "radicado": "AT-2026-000123", "entidad_id": 7, "es_parte": True,
                               "dependencias": (101,)}  # fmt: skip
    return SolicitudConocida(**(valores | datos))


def anterior(**datos: Any) -> CorreoAnterior:
    valores: dict[str, Any] = {
        "id": 900, "numero": "CR-2026-000900", "huella": "a" * 64, "mensaje_id": "<antes@gobierno.example>",
        "de_correo": "laura@gobierno.example", "recibido_en": EN - timedelta(minutes=30),
        "clase": Clase.POR_CLASIFICAR, "estado": EstadoCorreo.POR_CLASIFICAR,
    }  # fmt: skip
    return CorreoAnterior(**(valores | datos))
