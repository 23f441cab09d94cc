"""One concepto and one constancia with everything a real one carries, and somebody to sign."""

from datetime import date, datetime
from functools import cache
from typing import Any

from documentos.autoridad import Identidad, identidad
from documentos.contextos import (
    ArchivoRecibido,
    ContextoConcepto,
    ContextoConstancia,
    Destinatario,
    Membrete,
    PreguntaRespondida,
)
from documentos.fechas import BOGOTA
from documentos.firma import Expedido, Firmado, firmar
from documentos.pdf import Documento, crear_pdf
from documentos.texto import Texto

INSTANTE = datetime(2026, 11, 23, 10, 42, tzinfo=BOGOTA)
CODIGO = "7K3M9QWD2F5XHT8N"
COMUN: dict[str, Any] = {
    "membrete": Membrete(
        entidad="Secretaría General de la Alcaldía Mayor de Bogotá D. C.",
        dependencia="Dirección Distrital de Archivo de Bogotá",
        subdependencia="Subdirección del Sistema Distrital de Archivos",
        direccion="Calle 6B 5-75",
        correo="archivo@entidad.example",
        sitio="archivo.example",
    ),
    "codigo": CODIGO,
    "url_verificacion": "https://portal.example/verificar/7K3M-9QWD-2F5X-HT8N/",
    "demostracion": True,
}


def concepto(**cambios: Any) -> ContextoConcepto:
    campos = COMUN | {
        "numero": "C-2026-000211",
        "version": 3,
        "fecha": date(2026, 11, 23),
        "destinatario": Destinatario(
            nombre="Carmen Elisa Pardo Hurtado", cargo="Líder de gestión documental", entidad="Subred Sur E.S.E."
        ),
        "asunto": "Eliminación de historias clínicas inactivas",
        "radicado": "AT-2026-000123",
        "recibida_en": datetime(2026, 11, 9, 8, 44, tzinfo=BOGOTA),
        "respuesta_corta": Texto("No. Sin tabla de valoración aprobada no se pueden eliminar."),
        "antecedentes": Texto(
            "La Subred custodia 4.200 metros lineales.\n\nAdjuntó:\n- el inventario;\n- el diagnóstico."
        ),
        "preguntas": (
            PreguntaRespondida(numero=1, pregunta="¿Se requiere TVD?", respuesta=Texto("Sí, se requiere.")),
            PreguntaRespondida(numero=2, pregunta="¿Quién la aprueba?", respuesta=Texto("El comité.")),
        ),
        "marco_normativo": Texto("- Ley 594 de 2000, artículo 24."),
        "analisis": Texto("El pingüino y el ñandú revisaron la acción según el corazón.\n\n" * 12),
        "conclusiones": Texto("1. No es viable hoy.\n2. Se debe elaborar la tabla."),
        "recomendaciones": Texto("Completar el inventario."),
        "proyecto": "Andrés Gómez, asesor",
        "otras_dependencias": ("Dirección Distrital de Desarrollo Institucional",),
    }
    return ContextoConcepto(**(campos | cambios))


def constancia(**cambios: Any) -> ContextoConstancia:
    campos = COMUN | {
        "radicado": "AT-2026-000123",
        "numero_siga": "1-2026-4321",
        "canal": "Portal",
        "radicada_en": INSTANTE,
        "recibida_en": INSTANTE,
        "fecha_efectiva": date(2026, 11, 23),
        "regla_jornada": "lunes a viernes de 7:00 a. m. a 4:30 p. m.",
        "norma_jornada": "Resolución de prueba",
        "vence": date(2026, 12, 7),
        "dias_habiles": 10,
        "explicacion_plazo": "No se cuentan los sábados ni los domingos.",
        "entidad": "Subred Sur E.S.E.",
        "remitente": "Carmen Elisa Pardo Hurtado",
        "cargo_remitente": "Líder de gestión documental",
        "dependencias": ("Dirección Distrital de Archivo de Bogotá",),
        "tema": "Disposición de documentos",
        "modalidad": "Emisión de concepto",
        "asunto": "Eliminación de historias clínicas inactivas",
        "archivos": (ArchivoRecibido(nombre="Inventario año 2025.xlsx", tamano="1,2 MB", sha256="9f" * 32),),
    }
    return ContextoConstancia(**(campos | cambios))


@cache
def concepto_impreso() -> Documento:
    return crear_pdf("concepto", concepto())


@cache
def constancia_impresa() -> Documento:
    return crear_pdf("constancia", constancia())


@cache
def firmado() -> Firmado:
    return firmar_muestra(identidad())


def firmar_muestra(quien: Identidad, instante: datetime = INSTANTE) -> Firmado:
    return firmar(
        concepto_impreso().bytes,
        identidad=quien,
        firmante="María Rojas",
        cargo="Directora Distrital",
        motivo="Concepto C-2026-000211",
        instante=instante,
    )


def expedido(anulado: bool = False) -> Expedido:
    hecho = firmado()
    return Expedido(hecho.sha256, hecho.anclas, hecho.instante, anulado=anulado)
