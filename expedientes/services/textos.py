"""The documents that are born as text in the portal, as anybody can read them: UTF-8, one fact per line."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from encuestas.models import Encuesta, Escala
from solicitudes.detalle import filas_de_detalle
from solicitudes.models import Actuacion, Mensaje, Solicitud


def instante(cuando: datetime | None) -> str:
    """«2026-11-23 10:42:05 (hora legal de Colombia)»; empty when it did not happen."""
    return f"{timezone.localtime(cuando):%Y-%m-%d %H:%M:%S} (hora legal de Colombia)" if cuando else ""


def _texto(titulo: str, filas: Iterable[tuple[str, object]], secciones: Sequence[tuple[str, str]] = ()) -> str:
    lineas = [titulo, "=" * len(titulo), ""]
    lineas += [f"{nombre}: {_valor(valor)}" for nombre, valor in filas if valor not in (None, "", [])]
    for nombre, cuerpo in secciones:
        if cuerpo.strip():
            lineas += ["", nombre, "-" * len(nombre), cuerpo.replace("\r\n", "\n").strip()]
    return "\n".join(lineas) + "\n"


def _valor(valor: object) -> str:
    if isinstance(valor, datetime):
        return instante(valor)
    return valor.isoformat() if isinstance(valor, date) else str(valor)


def de_la_solicitud(solicitud: Solicitud, temas: Sequence[str]) -> str:
    preguntas = "\n".join(f"{n}. {pregunta}" for n, pregunta in enumerate(solicitud.preguntas, start=1))
    return _texto(
        f"Solicitud {solicitud.radicado}",
        [
            ("Entidad", f"{solicitud.entidad.codigo} {solicitud.entidad.nombre}"),
            ("Quien pide", solicitud.remitente_nombre),
            ("Cargo", solicitud.remitente_cargo),
            ("Correo", solicitud.remitente_correo),
            ("Teléfono", solicitud.remitente_telefono),
            ("Canal", solicitud.get_canal_display()),
            ("Recibida", solicitud.recibido_en),
            ("Radicada", solicitud.radicado_en),
            ("Asunto", solicitud.asunto),
            ("Modalidad", solicitud.modalidad.nombre),
            ("Temas", "; ".join(temas)),
            ("Fecha en que la necesita", solicitud.fecha_requerida),
            ("Por qué esa fecha", solicitud.motivo_fecha),
            *filas_de_detalle(solicitud.logistica),
        ],
        [("Necesidad", solicitud.necesidad), ("Antecedentes", solicitud.antecedentes), ("Preguntas", preguntas)],
    )


def del_mensaje(mensaje: Mensaje, radicado: str) -> str:
    return _texto(
        f"{mensaje.get_tipo_display()} de la solicitud {radicado}",
        [
            ("Escrito por", mensaje.quien or "La entidad"),
            ("De", "la entidad" if mensaje.de_la_entidad else "la Subsecretaría"),
            ("Cuándo", mensaje.en),
            ("Visible para la entidad", "no" if mensaje.interno else "sí"),
        ],
        [("Texto", mensaje.texto)],
    )


def de_la_actuacion(actuacion: Actuacion, radicado: str) -> str:
    return _texto(
        f"{actuacion.modalidad.nombre} de la solicitud {radicado}",
        [
            ("Asunto", actuacion.asunto),
            ("Estado", actuacion.get_estado_display()),
            ("Medio", actuacion.get_medio_display()),
            ("Lugar, enlace o teléfono", actuacion.lugar),
            ("Programada para", actuacion.programada_para),
            ("Empezó", actuacion.inicio),
            ("Terminó", actuacion.fin),
            ("Participantes", "; ".join(map(str, actuacion.participantes))),
            ("Productos", "; ".join(map(str, actuacion.productos))),
            ("Proveedor", actuacion.proveedor),
            ("Contrato", actuacion.contrato),
            ("Registrada por", actuacion.registrada_por.nombre),
        ],
        [("Resultado", actuacion.resultado), ("Motivo de la cancelación", actuacion.motivo_cancelacion)],
    )


def de_la_encuesta(encuesta: Encuesta, radicado: str) -> str:
    def nota(valor: int | None) -> str:
        return f"{valor} de 5, {Escala(valor).label.lower()}" if valor else ""

    return _texto(
        f"Encuesta de satisfacción de la solicitud {radicado}",
        [
            ("Respondida", encuesta.respondida_en),
            ("Oportunidad", nota(encuesta.oportunidad)),
            ("Pertinencia", nota(encuesta.pertinencia)),
            ("Calidad", nota(encuesta.calidad)),
            ("¿Resolvió su necesidad?", encuesta.get_resolvio_display() if encuesta.resolvio else ""),
            ("¿Puede aplicar lo que recibió?", encuesta.get_aplicara_display() if encuesta.aplicara else ""),
        ],
        [("¿Qué mejoraría?", encuesta.mejoraria)],
    )
