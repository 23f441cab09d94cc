"""What goes in and out of the API. Its field names are a promise: they change only with the version."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.errores import DE_REGLA
from direcciones.models import AcuerdoServicio, Entidad
from direcciones.roles import Rol
from solicitudes.busqueda import que_se_pueda_buscar
from solicitudes.detalle import FINANCIACIONES, MEDIOS, NATURALEZAS, SI_NO
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.models import Mensaje, Solicitud, Termino

MENSAJES = {
    "required": "Falta este dato.",
    "blank": "No puede ir vacío.",
    "null": "No puede ser nulo.",
    "invalid": "Tiene otra forma.",
    "max_length": "Es más largo de lo que cabe.",
}


class Estricto(serializers.Serializer):
    """Refuses what it does not know: a name written wrong never passes in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            sobran = sorted(set(map(str, data)) - set(self.fields))
            if sobran:
                raise serializers.ValidationError({nombre: ["No se conoce este dato."] for nombre in sobran})
        return super().to_internal_value(data)


class Texto(serializers.CharField):
    """Text as it was written. An optional one may be empty, which says the same as nothing."""

    def __init__(self, **opciones: Any) -> None:
        opciones.setdefault("allow_blank", opciones.get("required") is False)
        super().__init__(trim_whitespace=False, **opciones)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        texto: str = super().to_internal_value(data)
        if "\x00" in texto:
            raise serializers.ValidationError("Quite el carácter nulo: no se puede guardar.", DE_REGLA)
        return texto


class Entero(serializers.IntegerField):
    """Of a body: a number, never its text."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | str):
            self.fail("invalid")
        entero: int = super().to_internal_value(data)
        return entero


class Logico(serializers.BooleanField):
    """Of a body: true or false, never a word for it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Fecha(serializers.DateField):
    def to_internal_value(self, value: Any) -> date:
        dia: date = super().to_internal_value(value)
        if not 1900 <= dia.year < 2200:
            raise serializers.ValidationError("Escriba un año entre 1900 y 2199.", DE_REGLA)
        return dia


class FechaHora(serializers.DateTimeField):
    def enforce_timezone(self, value: Any) -> Any:
        try:
            return super().enforce_timezone(value)
        except serializers.ValidationError:
            raise serializers.ValidationError("Esa fecha está fuera de lo que se puede contar.", DE_REGLA) from None


class Parametros(Estricto):
    """Parameters of an address."""


class ParametrosDePagina(Parametros):
    cursor = serializers.RegexField(
        r"^[A-Za-z0-9_-]+$",
        max_length=200,
        required=False,
        help_text="El que vino en «siguiente» o «anterior» de otra página, sin cambiarlo.",
    )
    tamano = serializers.IntegerField(
        min_value=1, max_value=100, default=25, help_text="Cuántas filas por página, hasta 100."
    )


class ProblemaSalida(serializers.Serializer):
    """RFC 9457."""

    type = serializers.URLField(help_text="Dirección de la sección de la documentación que lo explica.")
    title = serializers.CharField(help_text="Qué pasó, en pocas palabras.")
    status = serializers.IntegerField(help_text="El mismo código de la respuesta.")
    detail = serializers.CharField(help_text="Qué pasó esta vez y cómo seguir.")
    errores = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Por cada campo, qué corregir. «general»: de ninguno en particular.",
    )


# --- Catalogues ------------------------------------------------------------------------------------------------------
class SectorSalida(serializers.Serializer):
    codigo = serializers.CharField()
    nombre = serializers.CharField()


class EntidadSalida(serializers.Serializer):
    codigo = serializers.CharField()
    nombre = serializers.CharField()
    sigla = serializers.CharField()
    sector = serializers.CharField(source="sector.codigo", help_text="Código del sector.")
    tipo = serializers.ChoiceField(Entidad.Tipo.choices)
    integra_sda = serializers.BooleanField(help_text="Integra el Sistema Distrital de Archivos.")


class DependenciaSalida(serializers.Serializer):
    codigo = serializers.CharField()
    nombre = serializers.CharField()
    nombre_corto = serializers.CharField()
    padre = serializers.CharField(
        source="padre.codigo", default=None, allow_null=True, help_text="Código de la dirección de la que depende."
    )
    atiende = serializers.BooleanField(help_text="Tiene cola propia y atiende solicitudes.")


class TemaSalida(serializers.Serializer):
    codigo = serializers.CharField(help_text="El que se envía al radicar.")
    nombre = serializers.CharField()
    grupo = serializers.CharField()
    dependencia = serializers.CharField(source="dependencia.codigo", help_text="Código de la que lo atiende.")
    modalidad = serializers.CharField(source="modalidad.codigo", help_text="La que se propone si no se elige otra.")
    reservado = serializers.BooleanField(help_text="Sus solicitudes nacen reservadas.")


class ModalidadSalida(serializers.Serializer):
    codigo = serializers.CharField()
    nombre = serializers.CharField()
    descripcion = serializers.CharField()
    se_puede_pedir = serializers.BooleanField(help_text="La entidad puede pedirla al radicar.")
    formulario = serializers.CharField(help_text="Qué datos de «detalle» pide.")


class AcuerdoSalida(serializers.Serializer):
    dependencia = serializers.CharField(source="dependencia.codigo", help_text="Vale también para sus subdirecciones.")
    modalidad = serializers.SerializerMethodField(help_text="Código; vacía si vale para cualquiera.")
    etapa = serializers.CharField()
    dias = serializers.IntegerField(help_text="Días hábiles. Más de 10 llevan justificación.")
    inicio = serializers.ChoiceField(AcuerdoServicio.Inicio.choices, help_text="Hecho desde el que se cuenta.")
    fin = serializers.ChoiceField(AcuerdoServicio.Fin.choices, help_text="Hecho con el que se cumple.")
    suspende_en_complemento = serializers.BooleanField(
        help_text="No corre mientras la entidad completa la información."
    )
    requisitos = serializers.CharField(allow_blank=True)
    texto = serializers.CharField(allow_blank=True)
    justificacion = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField(help_text="La Subsecretaría aún no lo confirma: se muestra y no obliga.")
    desde = serializers.DateField()

    def get_modalidad(self, acuerdo: AcuerdoServicio) -> str:
        return acuerdo.modalidad.codigo if acuerdo.modalidad else ""


class FestivoSalida(serializers.Serializer):
    fecha = serializers.DateField()
    nombre = serializers.CharField()
    norma = serializers.CharField()


class FestivosDelAnio(serializers.Serializer):
    anio = serializers.IntegerField()
    resultados = FestivoSalida(many=True)


class ParametrosDeFestivos(Parametros):
    anio = serializers.IntegerField(
        required=False, min_value=1900, max_value=2200, help_text="El año; sin él, el que corre."
    )


class TokenSalida(serializers.Serializer):
    """What the token that asks may do."""

    nombre = serializers.CharField()
    permisos = serializers.ListField(child=serializers.CharField())
    vence_en = serializers.DateTimeField()
    rol = serializers.ChoiceField(Rol.choices, source="membresia.rol")
    entidad = serializers.CharField(source="membresia.entidad.codigo", default=None, allow_null=True)
    dependencia = serializers.CharField(source="membresia.dependencia.codigo", default=None, allow_null=True)


# --- Solicitudes -----------------------------------------------------------------------------------------------------
class ConCodigos(serializers.Serializer):
    """Lists of ids as lists of codes; the context brings {"temas": {id: code}, "dependencias": {id: code}}."""

    def _codigos(self, cuales: str, ids: list[int]) -> list[str]:
        tabla = self.context[cuales]
        return [tabla[pk] for pk in ids if pk in tabla]


class SolicitudEnLista(ConCodigos):
    radicado = serializers.CharField()
    estado = serializers.ChoiceField(EstadoSolicitud.choices)
    asunto = serializers.CharField()
    entidad = serializers.CharField(source="entidad.codigo")
    entidad_nombre = serializers.CharField(source="entidad.nombre")
    modalidad = serializers.CharField(source="modalidad.codigo")
    temas = serializers.SerializerMethodField()
    dependencias = serializers.SerializerMethodField()
    canal = serializers.ChoiceField(Solicitud.Canal.choices)
    recibido_en = serializers.DateTimeField(help_text="Instante verdadero de la recepción: ordena la cola.")
    radicado_en = serializers.DateTimeField()
    fecha_efectiva = serializers.DateField(help_text="Día hábil en el que cuenta la recepción.")
    vence = serializers.DateField(help_text="Último día para responder.")
    cerrada_en = serializers.DateTimeField(allow_null=True)
    reservada = serializers.BooleanField()
    siga_entrada = serializers.CharField(allow_blank=True)
    siga_salida = serializers.CharField(allow_blank=True)

    def get_temas(self, fila: Any) -> list[str]:
        return self._codigos("temas", fila.temas)

    def get_dependencias(self, fila: Any) -> list[str]:
        return self._codigos("dependencias", fila.dependencias)


class ParteSalida(serializers.Serializer):
    """What one dependencia attends."""

    dependencia = serializers.CharField(source="dependencia.codigo")
    tema = serializers.CharField(source="tema.codigo")
    modalidad = serializers.CharField(source="modalidad.codigo")
    lidera = serializers.BooleanField()
    estado = serializers.ChoiceField(EstadoParte.choices)
    asesor = serializers.CharField(source="asesor.nombre", default=None, allow_null=True)
    vence = serializers.DateField()
    asignada_en = serializers.DateTimeField(allow_null=True)
    primera_atencion_en = serializers.DateTimeField(allow_null=True)
    programada_para = serializers.DateTimeField(allow_null=True)
    prestada_en = serializers.DateTimeField(allow_null=True)
    cerrada_en = serializers.DateTimeField(allow_null=True)
    complemento_hasta = serializers.DateField(allow_null=True)
    resultado = serializers.CharField(allow_blank=True)


class HechoSalida(serializers.Serializer):
    """A line of the history."""

    en = serializers.DateTimeField()
    accion = serializers.CharField()
    texto = serializers.CharField()
    motivo = serializers.CharField(allow_blank=True)
    quien = serializers.CharField(source="persona.nombre", default=None, allow_null=True)
    interno = serializers.BooleanField(help_text="No lo ve la entidad.")


class MensajeSalida(serializers.Serializer):
    id = serializers.IntegerField()
    en = serializers.DateTimeField()
    tipo = serializers.ChoiceField(Mensaje.Tipo.choices)
    texto = serializers.CharField()
    autor = serializers.CharField(source="autor.nombre", default=None, allow_null=True)
    remitente = serializers.CharField(
        allow_null=True, help_text="Quién dice escribirlo, cuando no llegó por el portal."
    )
    de_la_entidad = serializers.BooleanField()
    interno = serializers.BooleanField(help_text="No lo ve la entidad.")


class ArchivoSalida(serializers.Serializer):
    nombre = serializers.CharField()
    tipo = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    subido_en = serializers.DateTimeField()


class DiaSalida(serializers.Serializer):
    """What one calendar day did to a term."""

    fecha = serializers.DateField()
    cuenta = serializers.BooleanField()
    numero = serializers.IntegerField(allow_null=True, help_text="Qué día hábil del plazo es, si cuenta.")
    motivo = serializers.CharField()
    texto = serializers.CharField()


class RelojSalida(serializers.Serializer):
    """One of the clocks that run, with why it expires when it does."""

    dependencia = serializers.CharField()
    reloj = serializers.ChoiceField(Termino.Reloj.choices)
    nombre = serializers.CharField()
    dias = serializers.IntegerField(help_text="Días hábiles.")
    vence = serializers.DateField(
        allow_null=True, help_text="Nulo: lo que lo empieza todavía no ocurre, o no se pudo contar."
    )
    obliga = serializers.BooleanField(help_text="De este sale la fecha en que se debe responder.")
    provisional = serializers.BooleanField(help_text="Se muestra; no obliga hasta que la SDFI lo confirme.")
    cumplido_en = serializers.DateTimeField(allow_null=True)
    sin_contar = serializers.BooleanField(help_text="El portal no pudo contarlo y lo intenta de nuevo.")
    frases = serializers.ListField(child=serializers.CharField())
    dia_a_dia = DiaSalida(many=True, source="explicacion.dias")


class EsperaSalida(serializers.Serializer):
    """A time in which the portal waited for an answer of the entity. The term of the answer did not stop."""

    dependencia = serializers.CharField()
    desde = serializers.DateField()
    hasta = serializers.DateField(allow_null=True)
    dias_habiles = serializers.IntegerField()


class SolicitudCompleta(SolicitudEnLista):
    necesidad = serializers.CharField()
    antecedentes = serializers.CharField(allow_blank=True)
    preguntas = serializers.ListField(child=serializers.CharField())
    fecha_requerida = serializers.DateField(allow_null=True)
    motivo_fecha = serializers.CharField(allow_blank=True)
    peticion = serializers.ChoiceField(
        Solicitud.Peticion.choices, allow_null=True, help_text="Qué petición es (Ley 1755 de 2015). Nulo: no se dijo."
    )
    detalle = serializers.DictField(source="logistica", help_text="Lo propio de esa clase de solicitud.")
    plazo = serializers.SerializerMethodField()
    relojes = serializers.SerializerMethodField()
    esperas = serializers.SerializerMethodField()
    partes = serializers.SerializerMethodField()
    historia = serializers.SerializerMethodField()
    mensajes = serializers.SerializerMethodField()
    archivos = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), help_text="Por qué vence ese día."))
    def get_plazo(self, fila: Any) -> list[str]:
        return list(fila.regla_plazo.get("frases", []))

    @extend_schema_field(RelojSalida(many=True))
    def get_relojes(self, fila: Any) -> Any:
        return RelojSalida(self.context["relojes"], many=True).data

    @extend_schema_field(EsperaSalida(many=True))
    def get_esperas(self, fila: Any) -> Any:
        return EsperaSalida(self.context["esperas"], many=True).data

    @extend_schema_field(ParteSalida(many=True))
    def get_partes(self, fila: Any) -> Any:
        return ParteSalida(self.context["partes"], many=True).data

    @extend_schema_field(HechoSalida(many=True))
    def get_historia(self, fila: Any) -> Any:
        return HechoSalida(self.context["historia"], many=True).data

    @extend_schema_field(MensajeSalida(many=True))
    def get_mensajes(self, fila: Any) -> Any:
        return MensajeSalida(self.context["mensajes"], many=True).data

    @extend_schema_field(ArchivoSalida(many=True))
    def get_archivos(self, fila: Any) -> Any:
        return ArchivoSalida(self.context["archivos"], many=True).data


class ParametrosDeSolicitudes(ParametrosDePagina):
    estado = serializers.ChoiceField(
        [*EstadoSolicitud.choices, ("abierta", "Todas las abiertas")], required=False, help_text="Solo en ese estado."
    )
    desde = Fecha(required=False, help_text="Recibidas desde ese día.")
    hasta = Fecha(required=False, help_text="Recibidas hasta ese día.")
    buscar = Texto(required=False, max_length=100, help_text="Radicado, número SIGA o palabras, como en el registro.")

    def validate_buscar(self, texto: str) -> str:
        try:
            que_se_pueda_buscar(texto)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, DE_REGLA) from None
        return texto

    def validate(self, datos: dict[str, Any]) -> dict[str, Any]:
        if "desde" in datos and "hasta" in datos and datos["desde"] > datos["hasta"]:
            raise serializers.ValidationError({"hasta": "«desde» es posterior a «hasta»."}, code=DE_REGLA)
        return datos


class DetalleEntrada(Estricto):
    """The particular answers of each kind of solicitud: the modality says which it asks."""

    medio = serializers.ChoiceField(list(MEDIOS.items()), required=False)
    lugar = Texto(required=False, max_length=500)
    opcion_1 = FechaHora(required=False, help_text="Primera opción de fecha y hora.")
    opcion_2 = FechaHora(required=False)
    opcion_3 = FechaHora(required=False)
    participantes = serializers.ListField(
        child=Texto(max_length=200), required=False, max_length=50, help_text="Entidades, una a una."
    )
    personas = Entero(required=False, min_value=1, max_value=5000)
    acceso = Texto(required=False, max_length=300)
    accesibilidad = Texto(required=False, max_length=300)
    otra_logistica = Texto(required=False, max_length=300)
    objeto = Texto(required=False, max_length=500)
    destino = Texto(required=False, max_length=500)
    viaje_desde = Fecha(required=False)
    viaje_hasta = Fecha(required=False)
    ya_aceptada = serializers.ChoiceField(list(SI_NO.items()), required=False)
    financiacion = serializers.ChoiceField(list(FINANCIACIONES.items()), required=False)
    naturaleza = serializers.ChoiceField(list(NATURALEZAS.items()), required=False)
    financiador = Texto(required=False, max_length=300)


class ContactoEntrada(Estricto):
    """Whom to look for if there are doubts. Without it, the person of the token."""

    nombre = Texto(required=False, max_length=150)
    cargo = Texto(required=False, max_length=150)
    correo = Texto(required=False, max_length=254)
    telefono = Texto(required=False, max_length=40)


class SolicitudEntrada(Estricto):
    temas = serializers.ListField(
        child=Texto(max_length=20),
        min_length=1,
        max_length=20,
        help_text="Códigos del catálogo. El primero es el principal: su dependencia lidera la respuesta.",
    )
    modalidad = Texto(
        required=False, max_length=30, help_text="Código del catálogo. Sin ella, la que propone el tema."
    )
    asunto = Texto(max_length=200)
    necesidad = Texto(max_length=4000, help_text="Qué pasa, qué ha hecho la entidad y qué espera.")
    preguntas = serializers.ListField(
        child=Texto(max_length=1000),
        required=False,
        max_length=20,
        help_text="Para pedir un concepto: responde una por una.",
    )
    antecedentes = Texto(required=False, max_length=4000)
    normas = Texto(required=False, max_length=300)
    terminos = Texto(required=False, max_length=300)
    fecha_requerida = Fecha(required=False)
    motivo_fecha = Texto(required=False, max_length=300)
    peticion = serializers.ChoiceField(
        Solicitud.Peticion.choices,
        required=False,
        help_text="Qué petición es (Ley 1755 de 2015), si lo es: da el término legal, que se muestra junto al plazo.",
    )
    reservada = Logico(required=False)
    motivo_reserva = Texto(required=False, max_length=300)
    justificacion_alcance = Texto(required=False, max_length=1000)
    detalle = DetalleEntrada(required=False)
    contacto = ContactoEntrada(required=False)
    autoriza_datos = Logico(
        help_text="Autoriza el tratamiento de los datos de contacto (Ley 1581 de 2012). Debe ser verdadero."
    )


class RemitenteEntrada(Estricto):
    """Who asks, as it was written where it came."""

    nombre = Texto(max_length=150)
    cargo = Texto(required=False, max_length=150)
    correo = Texto(
        required=False, max_length=254, help_text="A él va el acuse. Si es de un enlace de la entidad, la verá."
    )
    telefono = Texto(required=False, max_length=40)


class RegistroEntrada(SolicitudEntrada):
    """What came by another channel, with its true instant."""

    canal = serializers.ChoiceField(
        [par for par in Solicitud.Canal.choices if par[0] != Solicitud.Canal.PORTAL], help_text="Por dónde llegó."
    )
    recibido_en = FechaHora(help_text="Cuándo llegó, con su hora y su zona: fija su turno en la cola.")
    entidad = Texto(max_length=12, help_text="Código de la entidad que pide la asistencia.")
    remitente = RemitenteEntrada()
    siga_entrada = Texto(
        required=False, max_length=40, help_text="El número que le dio SIGA. Obligatorio si llegó por SIGA."
    )
    evidencia = Texto(
        required=False, max_length=300, help_text="Qué prueba queda de la recepción. Basta el número SIGA."
    )
    temas = serializers.ListField(
        child=Texto(max_length=20),
        min_length=1,
        max_length=20,
        required=False,
        help_text="Códigos del catálogo. Sin ellos el portal propone uno por el texto, o sugiere si no está seguro.",
    )
    contacto = None
    autoriza_datos = None


class SolicitudRegistrada(ConCodigos):
    radicado = serializers.CharField()
    siga_entrada = serializers.CharField(allow_blank=True)
    recibido_en = serializers.DateTimeField()
    radicado_en = serializers.DateTimeField()
    fecha_efectiva = serializers.DateField()
    vence = serializers.DateField()
    temas = serializers.SerializerMethodField()
    dependencias = serializers.SerializerMethodField()
    tema_propuesto = serializers.SerializerMethodField()

    def get_temas(self, fila: Any) -> list[str]:
        return self._codigos("temas", fila.temas)

    def get_dependencias(self, fila: Any) -> list[str]:
        return self._codigos("dependencias", fila.dependencias)

    @extend_schema_field(
        serializers.IntegerField(
            allow_null=True,
            help_text="Si el tema lo propuso el portal, qué tan seguro es, de 100. Nulo: vino en el envío.",
        )
    )
    def get_tema_propuesto(self, fila: Any) -> int | None:
        confianza: int | None = self.context["tema_propuesto"]
        return confianza


class NumerosSigaEntrada(Estricto):
    """At least one of the two."""

    siga_entrada = Texto(required=False, max_length=40)
    siga_salida = Texto(required=False, max_length=40, help_text="El que SIGA le dio a la respuesta.")
    reemplazar = Logico(
        required=False, help_text="Cambia un número que ya estaba. Sin él, un número distinto se rehúsa (409)."
    )


class NumerosSigaSalida(serializers.Serializer):
    radicado = serializers.CharField()
    siga_entrada = serializers.CharField(allow_blank=True)
    siga_salida = serializers.CharField(allow_blank=True)


class RelacionadoSalida(serializers.Serializer):
    """A published concepto that may already answer it."""

    numero = serializers.CharField()
    titulo = serializers.CharField()
    url = serializers.URLField()


class SolicitudRadicada(ConCodigos):
    radicado = serializers.CharField()
    recibido_en = serializers.DateTimeField()
    radicado_en = serializers.DateTimeField()
    fecha_efectiva = serializers.DateField()
    vence = serializers.DateField()
    reservada = serializers.BooleanField()
    dependencias = serializers.SerializerMethodField()
    plazo = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    avisos = serializers.SerializerMethodField()
    parecidas = serializers.SerializerMethodField()
    conceptos_relacionados = serializers.SerializerMethodField()

    def get_dependencias(self, fila: Any) -> list[str]:
        return self._codigos("dependencias", fila.dependencias)

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), help_text="Por qué vence ese día."))
    def get_plazo(self, fila: Any) -> list[str]:
        return list(fila.regla_plazo.get("frases", []))

    @extend_schema_field(serializers.URLField(help_text="La página de la solicitud, para una persona."))
    def get_url(self, fila: Any) -> str:
        return str(self.context["url"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), help_text="No impiden radicar."))
    def get_avisos(self, fila: Any) -> list[str]:
        return list(self.context["avisos"])

    @extend_schema_field(
        serializers.ListField(
            child=serializers.CharField(), help_text="Radicados abiertos de la entidad sobre los mismos temas."
        )
    )
    def get_parecidas(self, fila: Any) -> list[str]:
        return list(self.context["parecidas"])

    @extend_schema_field(RelacionadoSalida(many=True))
    def get_conceptos_relacionados(self, fila: Any) -> Any:
        return self.context["relacionados"]


class MensajeEntrada(Estricto):
    texto = Texto(max_length=4000)


# --- Conceptos -------------------------------------------------------------------------------------------------------
class ConceptoEnLista(serializers.Serializer):
    numero = serializers.CharField()
    asunto = serializers.CharField()
    respuesta_corta = serializers.CharField(allow_blank=True)
    audiencia = serializers.CharField()
    dependencia = serializers.CharField(source="dependencia.codigo")
    tema = serializers.CharField(source="tema.codigo")
    firmado_en = serializers.DateTimeField()
    publicado_en = serializers.DateTimeField(source="notificado_en")
    vigente = serializers.SerializerMethodField()
    sustituido_por = serializers.CharField(source="sustituido_por.numero", default=None, allow_null=True)

    def get_vigente(self, fila: Any) -> bool:
        return bool(fila.estado == "notificado")


class SeccionSalida(serializers.Serializer):
    titulo = serializers.CharField()
    texto = serializers.CharField()


class ConceptoCompleto(ConceptoEnLista):
    normas = serializers.ListField(child=serializers.CharField())
    codigo_verificacion = serializers.CharField(source="codigo")
    sha256 = serializers.CharField(source="sha256_firmado", help_text="Del PDF firmado.")
    secciones = serializers.SerializerMethodField()

    @extend_schema_field(SeccionSalida(many=True))
    def get_secciones(self, fila: Any) -> Any:
        return self.context["secciones"]


class ParametrosDeConceptos(ParametrosDePagina):
    buscar = Texto(required=False, max_length=200, help_text="Palabras de todo el texto.")
    tema = Texto(required=False, max_length=20, help_text="Código del tema.")
    dependencia = Texto(required=False, max_length=12, help_text="Código de la dependencia.")
    anio = serializers.IntegerField(required=False, min_value=1900, max_value=2200, help_text="Año de publicación.")
    solo_vigentes = serializers.BooleanField(default=False, help_text="Sin los que otro sustituyó.")
