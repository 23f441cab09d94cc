"""What the style page shows: every part with made-up content, in every state."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.safestring import mark_safe

from sdfi_portal.formularios import EntradaFecha, EntradaFechaHora, OpcionesConAyuda
from solicitudes.estados import EstadoSolicitud as E

COLORES = (
    ("azul", "Acción y marca"),
    ("azul-osc", "Al pasar por encima"),
    ("azul-50", "Fondo que informa"),
    ("tinta", "Texto"),
    ("gris", "Texto de apoyo"),
    ("borde", "Borde de los controles"),
    ("linea", "Separación, solo adorno"),
    ("fondo-2", "Fondo suave"),
    ("rojo", "Error y peligro"),
    ("verde", "Hecho"),
    ("ambar", "Atención"),
)


class FormularioDeMuestra(forms.Form):
    """One field of each kind."""

    modalidad = forms.ChoiceField(
        label="¿Qué necesita?",
        choices=[("concepto", "Concepto técnico"), ("visita", "Visita de asistencia"), ("mesa", "Mesa de trabajo")],
        widget=OpcionesConAyuda(
            ayudas={
                "concepto": "Un pronunciamiento escrito y firmado.",
                "visita": "Un equipo técnico va a su entidad.",
                "mesa": "Una reunión para analizar un proyecto.",
            }
        ),
        error_messages={"required": "Elija qué necesita"},
    )
    tema = forms.ChoiceField(
        label="Tema",
        choices=[("", "Elija un tema"), ("trd", "Tablas de retención documental"), ("mipg", "Políticas del MIPG")],
        help_text="El tema decide qué dirección responde.",
        error_messages={"required": "Elija un tema de la lista"},
    )
    necesidad = forms.CharField(
        label="Cuente su necesidad",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Explique qué pasó y qué respuesta espera. No escriba datos personales de terceros.",
        error_messages={"required": "Cuente su necesidad: escriba al menos una frase"},
    )
    correo = forms.EmailField(
        label="Correo de contacto",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Escriba el correo con @, por ejemplo nombre@entidad.gov.co"},
    )
    fecha = forms.DateField(label="Fecha en que la necesita", required=False, widget=EntradaFecha)
    momento = forms.DateTimeField(label="Fecha y hora de la visita", required=False, widget=EntradaFechaHora)
    medios = forms.MultipleChoiceField(
        label="¿Por qué medio prefiere la atención?",
        required=False,
        choices=[("presencial", "Presencial"), ("telefonica", "Telefónica"), ("virtual", "Virtual")],
        widget=forms.CheckboxSelectMultiple,
    )
    documentos = forms.FileField(
        label="Documentos de soporte",
        required=False,
        help_text="PDF, Word o Excel. Hasta 10 archivos de 20 MB.",
    )
    acepto = forms.BooleanField(
        label="Acepto el tratamiento de mis datos personales",
        help_text="Los usamos solo para responder esta solicitud.",
        error_messages={"required": "Acepte el tratamiento de datos para poder radicar"},
    )


class FiltrosDeMuestra(forms.Form):
    q = forms.CharField(label="Buscar", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    entidad = forms.ChoiceField(label="Entidad", required=False, choices=[("", "Todas"), ("idu", "IDU")])
    modalidad = forms.ChoiceField(label="Modalidad", required=False, choices=[("", "Todas"), ("visita", "Visita")])


def ejemplos() -> dict[str, Any]:
    """Context of the style page. Shape: name of the example → what its part takes."""
    hoy = timezone.localtime()
    con_errores = FormularioDeMuestra({"correo": "nombre.entidad.gov.co"}, prefix="e")
    return {
        "colores": COLORES,
        "estados": list(E),
        "formulario": FormularioDeMuestra(),
        "formulario_con_errores": con_errores,
        "filtros": FiltrosDeMuestra(),
        "ocultos": [("vista", "mias")],
        "solicitudes": _solicitudes(),
        "columnas": [{"texto": "Dependencia"}, {"texto": "Recibidas", "n": True}, {"texto": "A tiempo", "n": True}],
        "filas": [["Sistema de Archivos", 148, "94,0 %"], ["Técnica de Desarrollo", 121, "96,8 %"]],
        "sin_filas": [],
        "pestanas": [
            {"texto": "Mías", "url": "?vista=mias", "n": 7, "actual": True},
            {"texto": "Sin asignar", "url": "?vista=cola", "n": 4, "actual": False},
            {"texto": "Esperando a la entidad", "url": "?vista=espera", "n": 1, "actual": False},
            {"texto": "Todas", "url": "?vista=todas", "n": 1061, "actual": False},
        ],
        "ficha": [
            {"nombre": "Entidad", "valor": "Secretaría Distrital de Integración Social", "url_cambiar": "#ficha"},
            {"nombre": "Tema", "valor": "Tablas de retención documental", "url_cambiar": "#ficha"},
            {"nombre": "Recibida", "valor": mark_safe("6 de noviembre de 2026<br>10:30 a. m."), "url_cambiar": ""},
        ],
        "hechos": _hechos(hoy),
        "tareas": [
            {"texto": "Redactar el concepto", "url": "#tareas", "estado": "Hecho", "tono": "verde"},
            {"texto": "Revisar", "url": "#tareas", "estado": "Visto, sin terminar", "tono": "ambar"},
            {"texto": "Firmar", "url": "", "estado": "Aún no", "tono": "neutro"},
        ],
        "pasos": [
            {"texto": "Redactado", "como": "hecho"},
            {"texto": "Revisado", "como": "hecho"},
            {"texto": "Firma", "como": "actual"},
            {"texto": "Enviado", "como": ""},
        ],
        "atendidas": [
            {
                "texto": "Archivo de Bogotá",
                "valor": 148,
                "segundo": 9,
                "nota": "a tiempo · 9 tarde",
                "url": "#graficos",
            },
            {"texto": "Desarrollo Institucional", "valor": 121, "segundo": 4, "nota": "a tiempo · 4 tarde"},
            {"texto": "Relaciones Internacionales", "valor": 57, "segundo": 2, "nota": "a tiempo · 2 tarde"},
        ],
        "sin_datos": [],
        "ahora": hoy,
        "kpis": [
            {"titulo": "Respondidas en 10 días hábiles", "cifra": "95,6 %", "nota": "Meta: 95 %", "tono": "verde"},
            {
                "titulo": "Tiempo medio de respuesta",
                "cifra": "6,2 días hábiles",
                "nota": "0,8 menos que en octubre",
                "tono": "",
            },
            {"titulo": "Vencidas sin responder", "cifra": "3", "nota": "2 en Archivo de Bogotá", "tono": "rojo"},
            {"titulo": "Satisfacción", "cifra": "4,5 de 5", "nota": "212 encuestas; responde el 48 %", "tono": ""},
        ],
    }


def _solicitudes() -> list[dict[str, Any]]:
    """Rows of the queue of the wireframe W4."""
    filas = [
        ("001432", "Secretaría Distrital de Integración Social", "Tablas de retención documental", 0, E.EN_ATENCION),
        ("001440", "Instituto de Desarrollo Urbano", "Eliminación documental", 1, E.EN_COMPLEMENTO),
        ("001447", "Alcaldía Local de Kennedy", "Racionalización de trámites", 3, E.ASIGNADA),
        ("001460", "Canal Capital", "Digitalización de imágenes", 6, E.ASIGNADA),
        ("001399", "Secretaría Distrital de la Mujer", "Comisión al exterior", -2, E.ATENDIDA),
    ]
    return [
        {
            "radicado": f"AT-2026-{numero}",
            "entidad": entidad,
            "tema": tema,
            "dias": dias,
            "estado": estado,
            "recibida": dt.date(2026, 11, 6 + n),
        }
        for n, (numero, entidad, tema, dias, estado) in enumerate(filas)
    ]


def _hechos(hoy: dt.datetime) -> list[dict[str, Any]]:
    return [
        {"cuando": None, "texto": "Pendiente: revisión y firma", "detalle": "", "pendiente": True},
        {"cuando": hoy, "texto": "Andrés Gómez empezó el concepto", "detalle": "", "pendiente": False},
        {
            "cuando": hoy - dt.timedelta(days=5),
            "texto": "Usted envió 1 documento",
            "detalle": "Acta_comite.pdf (240 kB)",
            "pendiente": False,
        },
        {
            "cuando": hoy - dt.timedelta(days=12),
            "texto": "Radicada por Laura Pérez",
            "detalle": "",
            "pendiente": False,
        },
    ]
