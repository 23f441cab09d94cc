"""The columns of each kind of import: how files call them, what goes in them, and an example. Data for every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importaciones.estados import Tipo
from importaciones.valores import llano


@dataclass(frozen=True, slots=True)
class Campo:
    """`otros` are other headings it is known by."""

    clave: str
    titulo: str
    ejemplo: str
    obligatorio: bool = False
    otros: tuple[str, ...] = ()
    ayuda: str = ""

    @property
    def nombres(self) -> set[str]:
        return {llano(nombre) for nombre in (self.clave, self.titulo, *self.otros)}


_PERSONA = (
    Campo(
        "correo", "Correo", "ana.perez@entidad.gov.co", True,
        ("correo electrónico", "correo institucional", "email", "e-mail", "mail"),
    ),
    Campo("nombre", "Nombre completo", "Ana Pérez Gil", True, ("nombre", "nombres y apellidos", "nombre y apellido",
          "funcionario", "persona", "servidor")),
    Campo("cargo", "Cargo", "Profesional universitaria", otros=("empleo", "denominación del cargo")),
    Campo("telefono", "Teléfono", "601 381 3000", otros=("tel", "celular", "móvil", "teléfono de contacto")),
)  # fmt: skip
CAMPOS: dict[str, tuple[Campo, ...]] = {
    Tipo.ENTIDADES: (
        Campo("codigo", "Código", "02-01", otros=("cod", "código entidad", "código de la entidad"),
              ayuda="Con él se reconoce la entidad la próxima vez. Obligatorio si es nueva."),
        Campo("nombre", "Nombre", "Secretaría Distrital de Gobierno", True,
              ("entidad", "nombre de la entidad", "razón social", "organismo")),
        Campo("sigla", "Sigla", "SDG", otros=("siglas", "abreviatura")),
        Campo("sector", "Sector", "Gobierno", otros=("sector administrativo", "código sector", "nombre sector"),
              ayuda="Código o nombre del sector. Obligatorio si la entidad es nueva."),
        Campo("tipo", "Tipo", "Nivel central", otros=("tipo de entidad", "naturaleza", "naturaleza jurídica", "nivel"),
              ayuda="Obligatorio si la entidad es nueva."),
        Campo("nit", "NIT", "899.999.061-9", otros=("nit entidad", "identificación tributaria")),
        Campo("dominios_correo", "Dominios de correo", "gobiernobogota.gov.co",
              otros=("dominio", "dominios", "dominio correo", "dominio institucional"),
              ayuda="Separados por comas."),
    ),
    Tipo.ENLACES: (
        *_PERSONA,
        Campo("entidad", "Entidad", "02-01", True, ("código entidad", "nombre de la entidad", "organismo", "nit"),
              "Código, nombre, sigla o NIT, como está en el catálogo."),
        Campo("rol", "Rol", "enlace", otros=("perfil", "tipo de usuario"),
              ayuda="«enlace» o «administrador». Vacío: enlace."),
    ),
    Tipo.ASESORES: (
        *_PERSONA,
        Campo("dependencia", "Dependencia", "Subdirección del Sistema Distrital de Archivos", True,
              ("subdirección", "dirección", "área", "oficina"), "Código, nombre o nombre corto."),
        Campo("rol", "Rol", "asesor", otros=("perfil", "tipo de usuario"),
              ayuda="«asesor», «revisor», «subdirector» o «director». Vacío: asesor."),
    ),
    Tipo.SOLICITUDES: (
        Campo("siga", "Número SIGA", "1-2026-34567", otros=("siga", "radicado siga", "número siga de entrada",
              "radicado de entrada", "siga entrada")),
        Campo("anterior", "Número anterior", "AT-045", otros=("número", "no", "consecutivo", "radicado", "id",
              "número de solicitud", "número de radicado"), ayuda="El que tenía en el registro de antes."),
        Campo("recibida", "Recibida el", "23/10/2026 10:42", True,
              ("fecha de recepción", "fecha", "fecha de radicado", "fecha radicación", "fecha de recibido",
               "fecha recepción", "fecha de entrada", "fecha solicitud", "recibido en", "fecha de solicitud",
               "fecha de radicación", "fecha recibido", "fecha de ingreso", "recepción"),
              "Día, mes, año y hora. Sin hora se toma la de apertura de la oficina."),
        Campo("hora", "Hora", "", otros=("hora de recepción", "hora de recibido", "hora recepción", "hora radicación"),
              ayuda="Solo si viene aparte de la fecha."),
        Campo("canal", "Canal", "SIGA", otros=("medio", "medio de recepción", "canal de recepción", "vía"),
              ayuda="Correo, teléfono, presencial o SIGA. Vacío con número SIGA: SIGA."),
        Campo("entidad", "Entidad", "02-01", True, ("código entidad", "nombre de la entidad", "entidad solicitante",
              "organismo", "solicitante"), "Código, nombre, sigla o NIT, como está en el catálogo."),
        Campo("tema", "Tema", "Valoración documental", True, ("temática", "asunto temático", "subtema", "código tema"),
              "Código o nombre, como está en el catálogo."),
        Campo("dependencia", "Dependencia", "", otros=("subdirección", "dirección", "área", "dependencia asignada"),
              ayuda="Solo hace falta si dos dependencias tienen un tema del mismo nombre."),
        Campo("modalidad", "Modalidad", "Concepto", otros=("tipo de asistencia", "modalidad de asistencia",
              "tipo de solicitud"), ayuda="Vacía: la que propone el tema."),
        Campo("asunto", "Asunto", "Aplicación de la tabla de retención", True,
              ("título", "objeto", "descripción corta", "referencia")),
        Campo("necesidad", "Necesidad", "Necesitamos saber cómo aplicar la tabla en la oficina jurídica.",
              otros=("descripción", "detalle", "solicitud", "observaciones", "descripción de la solicitud"),
              ayuda="Vacía: se toma el asunto."),
        Campo("remitente", "Quien la pide", "Ana Pérez Gil", True, ("remitente", "nombre del remitente", "nombre",
              "peticionario", "contacto", "nombre de quien la pide")),
        Campo("remitente_cargo", "Cargo de quien la pide", "Profesional", otros=("cargo", "cargo del remitente")),
        Campo("remitente_correo", "Correo de quien la pide", "ana.perez@entidad.gov.co", otros=("correo",
              "correo del remitente", "correo electrónico", "email"),
              ayuda="Si es el de un enlace de la entidad, la verá en sus solicitudes."),
        Campo("remitente_telefono", "Teléfono de quien la pide", "601 381 3000", otros=("teléfono",
              "teléfono del remitente")),
        Campo("evidencia", "Evidencia de la recepción", "", otros=("soporte", "evidencia")),
        Campo("estado", "Estado", "Sin asignar", otros=("estado actual", "estado de la solicitud", "situación"),
              ayuda="Sin asignar, asignada, en elaboración o esperando a la entidad. Vacío: el que digan las demás "
              "columnas. Las ya respondidas no se importan."),
        Campo("asesor", "Correo del asesor", "", otros=("asesor", "responsable", "profesional asignado",
              "asignada a", "asignado a", "correo del responsable", "profesional", "profesional responsable",
              "asesor asignado", "nombre del asesor", "servidor asignado"),
              ayuda="Su correo o su nombre. Obligatorio si alguien la tiene."),
        Campo("asignada", "Fecha de asignación", "", otros=("fecha asignación", "fecha asignada", "fecha asignado",
              "asignada el", "asignación", "fecha de reparto", "fecha reparto", "fecha de asignación al asesor",
              "fecha asignación asesor", "fecha de asignación al profesional", "fecha asignación profesional",
              "fecha de entrega al profesional"),
              ayuda="Cuándo la recibió quien la tiene, por ejemplo 24/10/2026. Vacía: el día en que se importa."),
        Campo("primera_atencion", "Fecha de primera atención", "", otros=("primera atención",
              "fecha primera atención", "fecha de atención", "fecha atención", "fecha de inicio de la atención",
              "fecha de inicio de atención", "fecha inicio atención", "fecha de inicio", "fecha inicio",
              "fecha de primer contacto", "fecha primer contacto", "primer contacto", "inicio de la atención",
              "atención"),
              ayuda="El primer contacto con la entidad, por ejemplo 26/10/2026 9:00."),
        Campo("espera_desde", "Esperando a la entidad desde", "", otros=("en espera desde", "fecha de espera",
              "fecha de complemento", "fecha complemento", "fecha de solicitud de complemento",
              "fecha solicitud de complemento", "fecha de solicitud de información", "fecha solicitud de información",
              "fecha solicitud información", "fecha de requerimiento", "fecha requerimiento",
              "fecha de devolución a la entidad", "requerida el"),
              ayuda="El día en que se le pidió información. Obligatoria si el estado es «esperando a la entidad»."),
        Campo("se_pidio", "Qué se le pidió a la entidad", "", otros=("qué se le pidió", "qué se pidió",
              "información solicitada", "complemento solicitado", "información pendiente", "requerimiento"),
              ayuda="La entidad lo lee al responder."),
        Campo("sesion", "Sesión programada para", "", otros=("fecha y hora de la sesión programada",
              "fecha y hora de la sesión", "fecha de la sesión", "fecha sesión", "fecha de sesión", "programada para",
              "sesión programada", "fecha programada", "fecha de la jornada", "fecha jornada", "fecha de la visita",
              "fecha visita", "fecha de la mesa", "fecha mesa", "fecha de la mesa de trabajo", "fecha de la asesoría",
              "fecha asesoría", "fecha de la capacitación", "fecha capacitación", "próxima sesión"),
              ayuda="La jornada, visita, mesa o asesoría que está por darse: día y hora, por ejemplo 3/12/2026 9:00."),
        Campo("sesion_hora", "Hora de la sesión", "", otros=("hora sesión", "hora de sesión"),
              ayuda="Solo si viene aparte de la fecha."),
        Campo("sesion_medio", "Medio de la sesión", "", otros=("medio sesión", "tipo de sesión",
              "presencial o virtual", "modalidad de la sesión"),
              ayuda="Presencial, virtual o telefónica. Obligatorio si hay sesión."),
        Campo("sesion_lugar", "Lugar o enlace de la sesión", "", otros=("lugar de la sesión", "enlace de la sesión",
              "lugar", "enlace", "enlace de la reunión", "lugar o enlace", "link", "dirección de la sesión"),
              ayuda="Dirección y salón, enlace de la reunión o número de teléfono. Obligatorio si hay sesión."),
        Campo("sesion_acordada", "Fecha en que se programó", "", otros=("fecha de programación",
              "fecha programación", "programada el", "agendada el"),
              ayuda="Cuándo se acordó la sesión. Vacía: el día en que se importa."),
    ),
    Tipo.SIGA: (
        Campo("siga", "Número de radicado", "1-2026-34567", otros=("radicado siga", "número siga", "siga",
              "siga de entrada", "número siga de entrada", "radicado de entrada", "número de radicado de entrada",
              "no radicado", "nro radicado", "nro de radicado", "núm radicado", "no de radicado", "radicado entrada",
              "número radicado", "consecutivo"), ayuda="El que SIGA le dio al entrar. Con él no se repite."),
        Campo("at", "Radicado AT", "", otros=("radicado del portal", "radicado", "número at", "at", "radicado portal",
              "solicitud at"), ayuda="El del portal. Con él se anotan los números en la solicitud que ya está."),
        Campo("salida", "Radicado de salida", "", otros=("siga de salida", "número siga de salida",
              "radicado de respuesta", "radicado salida", "respuesta", "número de salida", "salida"),
              ayuda="El que SIGA le dio a la respuesta."),
        Campo("recibida", "Fecha y hora", "23/10/2026 10:42", otros=("fecha", "fecha de radicado", "fecha radicado",
              "fecha de radicación", "fecha radicación", "fecha y hora de radicado", "fecha y hora de radicación",
              "fecha hora radicado", "recepción", "fecha de recepción", "fecha recepción", "fecha de recibido",
              "fecha de entrada"), ayuda="Cuándo lo recibió la Secretaría: fija su turno. Obligatoria si es nueva."),
        Campo("hora", "Hora", "", otros=("hora de radicado", "hora radicado", "hora de radicación",
              "hora de recepción", "hora de recibido"), ayuda="Solo si viene aparte de la fecha."),
        Campo("entidad", "Entidad", "02-01", otros=("código entidad", "nombre de la entidad", "entidad remitente",
              "entidad solicitante", "organismo", "razón social", "empresa", "nit"),
              ayuda="Código, nombre, sigla o NIT. Vacía: se busca en el remitente."),
        Campo("remitente", "Remitente", "Ana Pérez Gil", otros=("nombre del remitente", "nombre remitente", "firmante",
              "peticionario", "contacto", "quien pide"), ayuda="Vacío: queda el nombre de la entidad."),
        Campo("remitente_cargo", "Cargo del remitente", "", otros=("cargo", "cargo remitente")),
        Campo("remitente_correo", "Correo del remitente", "", otros=("correo", "correo electrónico", "email",
              "correo remitente"), ayuda="A él va el acuse."),
        Campo("remitente_telefono", "Teléfono del remitente", "", otros=("teléfono", "teléfono remitente")),
        Campo("asunto", "Asunto", "Aplicación de la tabla de retención", otros=("referencia", "asunto del radicado",
              "título", "objeto"), ayuda="Obligatorio en las filas nuevas."),
        Campo("necesidad", "Descripción", "", otros=("detalle", "observaciones", "resumen", "contenido"),
              ayuda="Vacía: se toma el asunto."),
        Campo("anexos", "Anexos", "2 folios", otros=("número de anexos", "descripción de anexos", "folios",
              "descripción anexos")),
        Campo("tema", "Tema", "", otros=("temática", "código tema", "subtema"),
              ayuda="Código o nombre. Vacío: se propone por el asunto, y usted lo ve en el ensayo."),
        Campo("dependencia", "Dependencia", "", otros=("subdirección", "dirección", "área", "dependencia destino",
              "destino"), ayuda="Solo hace falta si dos dependencias tienen un tema del mismo nombre."),
        Campo("modalidad", "Modalidad", "", otros=("tipo de asistencia", "modalidad de asistencia"),
              ayuda="Vacía: la que propone el tema."),
    ),
}  # fmt: skip


def adivinar(campos: Sequence[Campo], titulos: Sequence[str]) -> dict[str, str]:
    """Which heading is each field, by its names; a heading serves one field. Shape: field → heading."""
    mapa: dict[str, str] = {}
    usados: set[str] = set()
    # A field's own name wins over the other ways to call it: «nombre» is of whoever has it first.
    for nombres_de in (lambda c: {llano(c.clave), llano(c.titulo)}, lambda c: c.nombres):
        for campo in campos:
            if campo.clave in mapa:
                continue
            titulo = next((t for t in titulos if t not in usados and llano(t) in nombres_de(campo)), None)
            if titulo is not None:
                mapa[campo.clave] = titulo
                usados.add(titulo)
    return mapa


def obligatorios_sin_columna(tipo: str, mapa: Mapping[str, str]) -> list[Campo]:
    campos = CAMPOS[tipo]
    if tipo == Tipo.SIGA:  # either number tells which solicitud a row is of
        return [] if mapa.get("siga") or mapa.get("at") else [campos[0]]
    return [campo for campo in campos if campo.obligatorio and not mapa.get(campo.clave)]
