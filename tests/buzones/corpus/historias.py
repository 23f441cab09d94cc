"""What people of the entidades and citizens write, and what whoever attends the mailbox would do of it.

The world is that of `tests.buzones.mundo_criterio`: Jimena is party to AT-2026-000123.
"""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from buzones.criterio.partes import Respuesta
from buzones.estados import Clase, EstadoCorreo

MIPG, VENTANILLA, DDRI = (f"{uno}@alcaldiabogota.gov.co" for uno in ("mipgdistrito", "ventanillaelectronica", "ddri"))
SALUD, PLANEACION, MOVILIDAD, JIMENA = (
    "Rodrigo Peña <rodrigo.pena@sds.example>",
    "Sandra Cuervo <sandra.cuervo@sdp.example>",
    "Pilar Ayala <pilar.ayala@sdm.example>",
    "Jimena Tovar <jimena.tovar@transmilenio.example>",
)
NUEVA, CIUDADANA, MENSAJE, DUDA, ENLACE = (
    Clase.NUEVA_SOLICITUD, Clase.PETICION_CIUDADANA, Clase.MENSAJE, Clase.POR_CLASIFICAR, Clase.CAMBIO_DE_ENLACE,
)  # fmt: skip
CALLA, ACUSE, RECIBIDO = Respuesta.NINGUNA, Respuesta.ACUSE, Respuesta.RECIBIDO


@dataclass(frozen=True)
class Historia:
    """`direcciones`: of the themes; None where they do not matter. `de_la_123`: of, or a guess of, AT-2026-000123."""

    nombre: str
    de: str
    para: str
    asunto: str
    texto: str
    clase: Clase
    responder: Respuesta
    propuesta: Clase | None = None
    direcciones: set[str] | None = None
    de_la_123: bool = False
    espera: dict[str, Any] = field(default_factory=dict)

    def crudo(self) -> bytes:
        mensaje = EmailMessage()
        mensaje["From"], mensaje["To"], mensaje["Subject"] = self.de, self.para, self.asunto
        mensaje["Date"] = "Tue, 03 Nov 2026 10:00:00 -0500"
        mensaje["Message-ID"] = f"<{self.nombre.replace(' ', '-')}@historias.example>"
        mensaje.set_content(self.texto)
        return bytes(mensaje)


HISTORIAS = (
    Historia(
        "reenvio de un reenvio", PLANEACION, MIPG, "RV: RV: Solicitud integridad",
        "Para lo pertinente.\n\nSandra\n\n________________________________\nDe: Mario <mario.ruiz@sdp.example>\n"
        "Enviado: miércoles, 4 de noviembre de 2026 8:01\nPara: Sandra\nAsunto: RV: Solicitud integridad\n\n"
        "Ok, enviar.\n\n________________________________\nDe: Lina <lina.paz@sdp.example>\nEnviado: martes\n"
        "Para: Mario\nAsunto: Solicitud integridad\n\nSolicitamos asesoría para la actualización del código de "
        "integridad y los gestores de integridad de la entidad.",
        NUEVA, ACUSE, direcciones={"DDDI"},
    ),
    Historia(
        "dos palabras de un tema", MOVILIDAD, DDRI, "Apoyo para formular un proyecto de cooperación internacional",
        "Estamos interesados en presentar un proyecto de movilidad eléctrica a una convocatoria de cooperación "
        "internacional de la agencia alemana. Quedamos atentos a una reunión.",
        NUEVA, ACUSE, direcciones={"DDRI"},
    ),
    Historia(
        "buzon equivocado y tema claro", SALUD, DDRI, "Plan institucional de archivos PINAR",
        "Solicitamos asesoría para la formulación del Plan Institucional de Archivos – PINAR y para la organización "
        "de expedientes e inventario FUID de los archivos de gestión.",
        NUEVA, ACUSE, direcciones={"DDAB"}, espera={"advierte": f"Escribió a {DDRI}; la atiende"},
    ),
    Historia(
        "buzon equivocado y tema dudoso", MOVILIDAD, VENTANILLA, "Certificado de un contrato",
        "Solicito certificado de ingresos y retenciones del contrato 345 de 2024 para la declaración de renta.",
        DUDA, RECIBIDO, propuesta=NUEVA,
    ),
    Historia(
        "dos pedidos en uno", SALUD, f"{VENTANILLA}, {MIPG}", "Eliminación documental y racionalización de trámites",
        "1. Solicitamos concepto sobre la eliminación de documentos con inventario FUID y acta de eliminación.\n"
        "2. Solicitamos asesoría en racionalización de trámites en el SUIT y simplificación de procesos.",
        NUEVA, ACUSE, direcciones={"DDAB", "DDDI"},
    ),
    Historia(
        "un sistema que nadie lee", SALUD, VENTANILLA, "Acuse de recibo de su correo",
        "Este es un mensaje automático. Su comunicación fue recibida en la ventanilla de radicación y será atendida "
        "en los términos de ley. Por favor no responda a este correo.",
        DUDA, CALLA, propuesta=NUEVA, espera={"regla": 13},
    ),
    Historia(
        "de lo que habla es de mensajes", SALUD, VENTANILLA, "Gestión del correo electrónico",
        "Solicitamos concepto sobre la organización en expedientes de los mensajes que el SGDEA genera "
        "automáticamente y si se incluyen en el inventario documental.",
        NUEVA, ACUSE, direcciones={"DDAB"},
    ),
    Historia(
        "gracias a algo que no se conoce", MOVILIDAD, MIPG, "RE: Buenas tardes", "Muchas gracias, recibido.\n\nPilar",
        DUDA, CALLA, espera={"estado": EstadoCorreo.POR_CLASIFICAR},
    ),
    Historia(
        "gracias en su caso", JIMENA, MIPG, "RE: [AT-2026-000123] Concepto", "Muchas gracias, recibido.",
        MENSAJE, CALLA, de_la_123=True,
    ),
    Historia(
        "radicado escrito a mano", JIMENA, VENTANILLA, "Seguimiento radicado at 2026–123", "¿En qué va?",
        MENSAJE, CALLA, de_la_123=True,
    ),
    Historia(
        "radicado en el texto", JIMENA, VENTANILLA, "Complemento de información",
        "En relación con la solicitud AT-2026-000123 adjuntamos las fichas de valoración documental y el inventario "
        "FUID para la eliminación de documentos.",
        DUDA, RECIBIDO, propuesta=MENSAJE, de_la_123=True,
    ),
    Historia(
        "radicado de otros en el texto", SALUD, VENTANILLA, "Eliminación de documentos",
        "Conocido el concepto AT-2026-000123, solicitamos uno sobre la eliminación de documentos de la entidad, con "
        "su inventario FUID y acta de eliminación.",
        NUEVA, ACUSE, direcciones={"DDAB"},
    ),
    Historia(
        "enlace en un oficio", MOVILIDAD, MIPG, "Designación enlace y delegado ante el comité",
        "Me permito designar como enlace de la entidad a la siguiente servidora:\n\nNombre completo: Luisa Mora Gil\n"
        "Cargo: Jefe de planeación\nCorreo electrónico institucional: luisa.mora@sdm.example\n\nPilar Ayala\n"
        "pilar.ayala@sdm.example",
        ENLACE, CALLA, espera={"enlace": ("Luisa Mora Gil", "Jefe de planeación", "luisa.mora@sdm.example")},
    ),
    Historia(
        "enlace en una frase", SALUD, MIPG, "Actualización enlace",
        "Informo que a partir de la fecha el nuevo enlace ante la Dirección Distrital de Desarrollo Institucional es "
        "el ingeniero Pedro Luis Gómez Rubio, profesional universitario, correo pedro.gomez@sds.example.",
        ENLACE, CALLA,
        espera={"enlace": ("Pedro Luis Gómez Rubio", "profesional universitario", "pedro.gomez@sds.example")},
    ),
    Historia(
        "enlace en una tabla", PLANEACION, DDRI, "Cambio de enlace internacional",
        "Se informa el cambio de enlace:\n\nNombre\n\nAna María Soto Díaz\n\nCargo\n\nAsesora\n\nCorreo\n\n"
        "ana.soto@sdp.example\n",
        ENLACE, CALLA, espera={"enlace": ("Ana María Soto Díaz", "Asesora", "ana.soto@sdp.example")},
    ),
    Historia(
        "el nuevo enlace pide otra cosa", SALUD, VENTANILLA, "Organización de archivos",
        "Soy el nuevo enlace de la secretaría y solicito asesoría para la organización de los expedientes y el "
        "inventario documental FUID del archivo de gestión.",
        NUEVA, ACUSE, direcciones={"DDAB"},
    ),
    Historia(
        "el enlace de una reunion", SALUD, MIPG, "Actualización del enlace de la reunión",
        "El nuevo enlace de Teams llegará mañana.",
        DUDA, RECIBIDO, propuesta=NUEVA,
    ),
    Historia(
        "traslado por competencia", SALUD, VENTANILLA, "Traslado por competencia radicado 2026ER4455",
        "Por ser de su competencia, damos traslado de la petición de la ciudadana Luz Rojas, quien requiere copia "
        "del expediente de su padre y de los documentos de archivo de la eliminación.\n\nRodrigo Peña",
        DUDA, RECIBIDO, propuesta=CIUDADANA, espera={"regla": 16},
    ),
    Historia(
        "para su conocimiento", SALUD, VENTANILLA, "Acta de eliminación de documentos",
        "Para su conocimiento y fines pertinentes remitimos el acta de eliminación de documentos y el inventario FUID "
        "que se dieron a conocer en la página.",
        DUDA, RECIBIDO, propuesta=NUEVA, espera={"regla": 16},
    ),
    Historia(
        "para su conocimiento y pide", SALUD, VENTANILLA, "Acta de eliminación de documentos",
        "Para su conocimiento remitimos el acta de eliminación de documentos y el inventario FUID, y solicitamos "
        "concepto sobre su trámite por ser un asunto de su competencia.",
        NUEVA, ACUSE, direcciones={"DDAB"},
    ),
    Historia(
        "un ciudadano sin palabras nuestras", "ciudadanocansado@yahoo.es", VENTANILLA, "HUECOS",
        "señor alcalde la calle 80 con 68 esta llena de huecos por favor arreglenla",
        DUDA, Respuesta.ORIENTACION, propuesta=CIUDADANA,
    ),
    Historia(
        "una tutela", "Juzgado 12 Civil <cmpl12bt@cendoj.example>", VENTANILLA, "NOTIFICACIÓN ACCIÓN DE TUTELA",
        "El Juzgado 12 Civil Municipal de Bogotá notifica la admisión de la acción de tutela de Juan Pérez. Término "
        "para contestar: dos (2) días.",
        DUDA, RECIBIDO, propuesta=CIUDADANA, espera={"advierte": "Puede ser una notificación judicial"},
    ),
)  # fmt: skip
