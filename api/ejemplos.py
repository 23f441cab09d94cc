"""Real examples for the documentation: what a call and its answer look like. A test holds each to its schema."""

SECTORES = {"resultados": [{"codigo": "11", "nombre": "Cultura, Recreación y Deporte"}], "siguiente": None,
            "anterior": None}  # fmt: skip
ENTIDADES = {
    "resultados": [
        {"codigo": "11-02", "nombre": "Instituto Distrital de las Artes", "sigla": "IDARTES", "sector": "11",
         "tipo": "descentralizada", "integra_sda": True}
    ],
    "siguiente": "ZDo0Mg",
    "anterior": None,
}  # fmt: skip
DEPENDENCIAS = {
    "resultados": [
        {"codigo": "SSDA", "nombre": "Subdirección del Sistema Distrital de Archivos",
         "nombre_corto": "Sistema de Archivos", "padre": "DDAB", "atiende": True}
    ],
    "siguiente": None,
    "anterior": None,
}  # fmt: skip
TEMAS = {
    "resultados": [
        {"codigo": "DDAB-12", "nombre": "Valoración documental", "grupo": "Gestión documental", "dependencia": "SSDA",
         "modalidad": "concepto", "reservado": False}
    ],
    "siguiente": "ZDo0MA",
    "anterior": None,
}  # fmt: skip
MODALIDADES = {
    "resultados": [
        {"codigo": "concepto", "nombre": "Concepto técnico", "descripcion": "Respuesta escrita y firmada.",
         "se_puede_pedir": True, "formulario": "concepto"}
    ],
    "siguiente": None,
    "anterior": None,
}  # fmt: skip
ACUERDOS = {
    "resultados": [
        {"dependencia": "DDAB", "modalidad": "concepto", "etapa": "Notificar el concepto", "dias": 10,
         "inicio": "recepcion", "fin": "entregada", "suspende_en_complemento": False, "requisitos": "",
         "texto": "El concepto llega firmado.", "justificacion": "", "provisional": True, "desde": "2024-01-01"}
    ],
    "siguiente": "ZDo0MA",
    "anterior": None,
}  # fmt: skip
FESTIVOS = {
    "anio": 2026,
    "resultados": [{"fecha": "2026-07-20", "nombre": "Día de la Independencia", "norma": "Ley 51 de 1983, art. 1"}],
}
TOKEN = {
    "nombre": "Tablero de la Oficina de Planeación",
    "permisos": ["leer_solicitudes", "radicar"],
    "vence_en": "2027-02-23T10:00:00-05:00",
    "rol": "enlace",
    "entidad": "11-02",
    "dependencia": None,
}
_COMUN = {
    "radicado": "AT-2026-000123",
    "estado": "en_atencion",
    "asunto": "Disposición final de historias laborales",
    "entidad": "11-02",
    "entidad_nombre": "Instituto Distrital de las Artes",
    "modalidad": "concepto",
    "temas": ["DDAB-12"],
    "dependencias": ["SSDA"],
    "canal": "portal",
    "recibido_en": "2026-11-17T09:12:00-05:00",
    "radicado_en": "2026-11-17T09:12:00-05:00",
    "fecha_efectiva": "2026-11-17",
    "vence": "2026-12-01",
    "cerrada_en": None,
    "reservada": False,
    "siga_entrada": "",
    "siga_salida": "",
}
SOLICITUDES = {"resultados": [_COMUN], "siguiente": "ZDoyMDI2LTExLTE3VDE0OjEyOjAwKzAwOjAwXzQy", "anterior": None}
MENSAJE = {
    "id": 981,
    "en": "2026-11-18T15:30:00-05:00",
    "tipo": "mensaje",
    "texto": "Adjuntamos en el portal el inventario que nos pidieron.",
    "autor": "Marta Díaz",
    "remitente": None,
    "de_la_entidad": True,
    "interno": False,
}
SOLICITUD = {
    **_COMUN,
    "necesidad": "La tabla de retención no dice qué hacer con las historias laborales de una entidad liquidada.",
    "antecedentes": "",
    "preguntas": ["¿Quién conserva las historias laborales?", "¿Por cuánto tiempo?"],
    "fecha_requerida": None,
    "motivo_fecha": "",
    "peticion": "consulta",
    "detalle": {"normas": "Acuerdo 004 de 2019 del AGN"},
    "plazo": ["Se recibió el martes 17 de noviembre de 2026.", "El plazo es de 10 días hábiles."],
    "relojes": [
        {
            "dependencia": "SSDA",
            "reloj": "lineamiento",
            "nombre": "Lineamiento: 10 días hábiles",
            "dias": 10,
            "vence": "2026-12-01",
            "obliga": True,
            "provisional": False,
            "cumplido_en": None,
            "sin_contar": False,
            "frases": ["Se recibió el martes 17 de noviembre de 2026.", "El plazo es de 10 días hábiles."],
            "dia_a_dia": [
                {
                    "fecha": "2026-11-18",
                    "cuenta": True,
                    "numero": 1,
                    "motivo": "habil",
                    "texto": "miércoles 18 de noviembre de 2026: día hábil 1.",
                }
            ],
        }
    ],
    "esperas": [{"dependencia": "SSDA", "desde": "2026-11-19", "hasta": "2026-11-24", "dias_habiles": 3}],
    "partes": [
        {
            "dependencia": "SSDA",
            "tema": "DDAB-12",
            "modalidad": "concepto",
            "lidera": True,
            "estado": "en_atencion",
            "asesor": "Ana Ruiz",
            "vence": "2026-12-01",
            "asignada_en": "2026-11-17T10:00:00-05:00",
            "primera_atencion_en": "2026-11-18T08:00:00-05:00",
            "programada_para": None,
            "prestada_en": None,
            "cerrada_en": None,
            "complemento_hasta": None,
            "resultado": "",
        }
    ],
    "historia": [
        {
            "en": "2026-11-17T09:12:00-05:00",
            "accion": "radicar",
            "texto": "Radicó la solicitud",
            "motivo": "",
            "quien": "Marta Díaz",
            "interno": False,
        }
    ],
    "mensajes": [MENSAJE],
    "archivos": [
        {
            "nombre": "inventario.pdf",
            "tipo": "pdf",
            "bytes": 48213,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "subido_en": "2026-11-17T09:10:00-05:00",
        }
    ],
}
SOLICITUD_NUEVA = {
    "temas": ["DDAB-12"],
    "asunto": "Disposición final de historias laborales",
    "necesidad": "La tabla de retención no dice qué hacer con las historias laborales de una entidad liquidada.",
    "preguntas": ["¿Quién conserva las historias laborales?", "¿Por cuánto tiempo?"],
    "normas": "Acuerdo 004 de 2019 del AGN",
    "peticion": "consulta",
    "autoriza_datos": True,
}
RADICADA = {
    "radicado": "AT-2026-000123",
    "recibido_en": "2026-11-17T09:12:00-05:00",
    "radicado_en": "2026-11-17T09:12:00-05:00",
    "fecha_efectiva": "2026-11-17",
    "vence": "2026-12-01",
    "reservada": False,
    "dependencias": ["SSDA"],
    "plazo": ["Se recibió el martes 17 de noviembre de 2026.", "El plazo es de 10 días hábiles."],
    "url": "https://portal.example/solicitudes/AT-2026-000123/",
    "avisos": [],
    "parecidas": ["AT-2026-000098"],
    "conceptos_relacionados": [
        {
            "numero": "C-2026-000031",
            "titulo": "Conservación de historias laborales",
            "url": "https://portal.example/banco/C-2026-000031/",
        }
    ],
}
REGISTRO_NUEVO = {
    "canal": "siga",
    "recibido_en": "2026-11-17T09:12:31-05:00",
    "siga_entrada": "1-2026-34567",
    "entidad": "11-02",
    "remitente": {"nombre": "Marta Díaz", "cargo": "Jefa de archivo", "correo": "marta.diaz@entidad.example"},
    "temas": ["DDAB-12"],
    "asunto": "Disposición final de historias laborales",
    "necesidad": "Piden saber quién conserva las historias laborales de una entidad liquidada.",
}
REGISTRADA = {
    "radicado": "AT-2026-000123",
    "siga_entrada": "1-2026-34567",
    "recibido_en": "2026-11-17T09:12:31-05:00",
    "radicado_en": "2026-11-17T09:13:02-05:00",
    "fecha_efectiva": "2026-11-17",
    "vence": "2026-12-01",
    "temas": ["DDAB-12"],
    "dependencias": ["SSDA"],
    "tema_propuesto": None,
}
NUMEROS_SIGA = {"radicado": "AT-2026-000123", "siga_entrada": "1-2026-34567", "siga_salida": "2-2026-13091"}
_CONCEPTO = {
    "numero": "C-2026-000031",
    "asunto": "Conservación de historias laborales",
    "respuesta_corta": "Las conserva la entidad que asumió las funciones, por 80 años.",
    "audiencia": "publico",
    "dependencia": "SSDA",
    "tema": "DDAB-12",
    "firmado_en": "2026-09-30T16:40:00-05:00",
    "publicado_en": "2026-09-30T16:41:00-05:00",
    "vigente": True,
    "sustituido_por": None,
}
CONCEPTOS = {"resultados": [_CONCEPTO], "siguiente": None, "anterior": None}
CONCEPTO = {
    **_CONCEPTO,
    "normas": ["Ley 594 de 2000", "Acuerdo 004 de 2019 del AGN"],
    "codigo_verificacion": "7KQ2M4XW9RTB3HNP",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "secciones": [{"titulo": "Conclusiones", "texto": "1. La entidad que asumió las funciones las conserva."}],
}
REGISTRO = {
    "resultados": [
        {
            "radicado": "AT-2026-000123",
            "recepcion": "2026-11-17T09:12:00-05:00",
            "primera_atencion": "2026-11-18T08:00:00-05:00",
            "tema": "Valoración documental",
            "entidad": "Instituto Distrital de las Artes",
            "estado": "En elaboración",
            "vence": "2026-12-01",
            "cumplimiento": "En término",
            "productos": [],
        }
    ],
    "siguiente": None,
    "anterior": None,
}
EXPORTACION = {
    "id": 42,
    "estado": "lista",
    "formato": "csv",
    "columnas": ["radicado", "recepcion", "primera_atencion", "tema", "entidad", "estado"],
    "filtros": "Estado: Todas las abiertas",
    "filas": 318,
    "total": 318,
    "bytes": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "porque": "",
    "pedida_en": "2026-11-17T09:12:00-05:00",
    "terminada_en": "2026-11-17T09:12:04-05:00",
    "vence_en": "2026-11-24T09:12:04-05:00",
}
EXPORTACION_NUEVA = {"formato": "csv", "columnas": ["estado"], "filtros": {"estado": "abierta"}}
EXPORTACIONES = {"resultados": [EXPORTACION], "siguiente": None, "anterior": None}
TABLERO = {
    "desde": "2026-01-01",
    "hasta": "2026-12-31",
    "de": "Todas las dependencias",
    "hecho_en": "2026-11-17T09:12:00-05:00",
    "cifras": [
        {
            "clave": "cumplimiento",
            "titulo": "Cumplimiento del plazo",
            "cuando": "periodo",
            "numero": 96.4,
            "formato": "porcentaje",
            "anterior": 93.1,
            "nota": "Meta: 95 %",
            "url": "https://portal.example/registro/?estado=atendida&atendida_desde=2026-01-01",
        }
    ],
    "tablas": [
        {
            "clave": "modalidad",
            "titulo": "Modalidades",
            "nota": "",
            "columnas": [
                {"texto": "Modalidad", "formato": "texto"},
                {"texto": "Recibidas", "formato": "entero"},
            ],
            "filas": [["Concepto técnico", 112], ["Asesoría", 87]],
        }
    ],
}
# What another system is told (api.webhooks).
WEBHOOK = {
    "id": "webhook:1:m48213",
    "evento": "solicitud.respondida",
    "en": "2026-11-24T15:40:02-05:00",
    "solicitud": {
        "radicado": "AT-2026-000123",
        "estado": "atendida",
        "entidad": "11-02",
        "dependencias": ["SSDA"],
        "canal": "portal",
        "recibido_en": "2026-11-17T09:12:00-05:00",
        "radicado_en": "2026-11-17T09:12:00-05:00",
        "vence": "2026-12-01",
        "siga_entrada": "",
        "siga_salida": "",
        "url": "https://portal.example/api/v1/solicitudes/AT-2026-000123/",
    },
    "movimiento": {"accion": "atender", "de": "en_atencion", "a": "atendida", "dependencia": "SSDA"},
}
