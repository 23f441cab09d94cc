"""The four steps of filing (interface.md W2). What a step asks depends on the temas and the modality chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from direcciones.models import Dependencia, Modalidad
from plazos.fechas import enumerar
from plazos.reloj import hoy
from sdfi_portal.formularios import EntradaFecha, EntradaFechaHora, OpcionesConAyuda
from solicitudes.detalle import FINANCIACIONES, MEDIOS, NATURALEZAS, SI_NO, a_json
from solicitudes.eleccion import modalidades_para_pedir, temas_para_pedir
from solicitudes.forms.base import FormaDePaso
from solicitudes.propuestas import partes_del_texto

Formulario = Modalidad.Formulario
MAXIMO_PREGUNTAS = 20
TEXTO_LARGO = 4000


# Extras that most solicitudes do not need. Shape: {field: title of its group}.
GRUPOS = {
    "antecedentes": "Agregar antecedentes, normas o el uso de la respuesta",
    "normas": "Agregar antecedentes, normas o el uso de la respuesta",
    "terminos": "Agregar antecedentes, normas o el uso de la respuesta",
    "fecha_requerida": "La necesito antes de una fecha",
    "motivo_fecha": "La necesito antes de una fecha",
    "reservada": "Es reservada",
    "motivo_reserva": "Es reservada",
}


@dataclass(frozen=True, slots=True)
class Bloque:
    """Fields that are drawn together; without title they are just drawn."""

    titulo: str
    campos: list[Any]

    @property
    def abierto(self) -> bool:
        return any(campo.errors or campo.value() not in (None, "", False) for campo in self.campos)


class NecesidadForm(FormaDePaso):
    """Step 1. The temas decide the dirección and propose the modality."""

    paso = "necesidad"
    multiples = frozenset({"temas"})

    temas = forms.ModelMultipleChoiceField(
        None,
        label="Temas",
        error_messages={
            "required": "Elija al menos un tema. Puede buscarlo por una palabra.",
            "invalid_choice": "Ese tema ya no está en el portafolio. Elija otro.",
            "invalid_pk_value": "Ese tema ya no está en el portafolio. Elija otro.",
        },
        widget=forms.CheckboxSelectMultiple,
    )
    modalidad = forms.ModelChoiceField(
        None,
        label="¿Cómo quiere que lo atendamos?",
        required=False,
        blank=True,
        empty_label="Como se atiende normalmente ese tema",
        error_messages={"invalid_choice": "Esa modalidad ya no se ofrece. Elija otra."},
        widget=OpcionesConAyuda,
    )

    def preparar(self, datos: QueryDict) -> None:
        if self.borrador.es_registro:
            self.fields = {"lo_pedido": _lo_pedido(), **self.fields}
        self.fields["temas"].queryset = temas_para_pedir()  # type: ignore[attr-defined]
        modalidades = modalidades_para_pedir()
        self.fields["modalidad"].queryset = modalidades  # type: ignore[attr-defined]
        propuesta = self.eleccion.modalidad if not self.eleccion.modalidad_elegida else None
        de_ninguna = f"Para lo que eligió: {propuesta.nombre.lower()}" if propuesta else "La propone el tema que elija"
        # Read when the options are drawn: the form is also made only to be validated.
        self.fields["modalidad"].widget.ayudas = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: {str(modalidad.pk): modalidad.descripcion for modalidad in modalidades} | {"": de_ninguna}
        )


def _lo_pedido() -> forms.CharField:
    """Of whoever registers: what came, before they know what it is about. The next step begins with it."""
    return forms.CharField(
        label="Lo que piden, como llegó",
        max_length=TEXTO_LARGO,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Péguelo o escríbalo, con el asunto en la primera línea: le proponemos el tema y quién la atiende. "
        "Lo encuentra ya escrito en el paso siguiente.",
        error_messages={"max_length": "El texto pasa de 4.000 caracteres. Deje lo principal y suba el resto después."},
    )


class DetalleForm(FormaDePaso):
    """Step 2. Two questions for everybody, and those of the kind of solicitud."""

    paso = "detalle"

    asunto = forms.CharField(
        label="Asunto",
        max_length=200,
        help_text="En una línea, como lo buscaría después.",
        error_messages={
            "required": "Escriba el asunto, por ejemplo «Visita al archivo central».",
            "max_length": "El asunto tiene más de 200 caracteres. Acórtelo y cuente el resto abajo.",
        },
    )
    necesidad = forms.CharField(
        label="Cuente su necesidad",
        max_length=TEXTO_LARGO,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Qué pasa, qué ha hecho su entidad y qué espera de nosotros.",
        error_messages={
            "required": "Cuente su necesidad con sus palabras.",
            "max_length": "El texto pasa de 4.000 caracteres. Acórtelo o súbalo como documento en el siguiente paso.",
        },
    )

    def conocidos(self) -> dict[str, Any]:
        """What came, when it was written to find the theme."""
        asunto, necesidad = partes_del_texto(str(self.borrador.datos.get("lo_pedido", "")))
        return {"asunto": asunto, "necesidad": necesidad}

    def preparar(self, datos: QueryDict) -> None:
        if self.borrador.es_registro:
            self.fields["necesidad"].label = "La necesidad"
            self.fields["necesidad"].help_text = "Con sus palabras, como llegó."
        if len(self.eleccion.dependencias) > 1:
            self._agregar_principal()
        agregar = {
            Formulario.CONCEPTO: self._agregar_concepto,
            Formulario.VISITA: self._agregar_visita,
            Formulario.SESION: self._agregar_sesion,
            Formulario.ASESORIA: self._agregar_asesoria,
            Formulario.COMISION: self._agregar_comision,
            Formulario.GENERAL: self._agregar_fecha,
        }[Formulario(self.eleccion.formulario)]
        self.preguntas: list[str] = []
        agregar(datos) if agregar == self._agregar_concepto else agregar()  # type: ignore[call-arg]
        fuera = self.eleccion.fuera_de_alcance(self.entidad)
        if fuera:
            self._agregar_justificacion(fuera)
        if not self.eleccion.tema_reservado:
            self._agregar_reserva()

    # --- Fields ------------------------------------------------------------------------------------------------
    def _agregar_principal(self) -> None:
        self.fields = {
            "tema_principal": forms.ChoiceField(
                label="¿Cuál es el tema principal?",
                choices=[(tema.pk, tema.nombre) for tema in sorted(self.eleccion.temas, key=lambda t: t.codigo)],
                initial=self.eleccion.temas[0].pk,
                required=False,
                error_messages={"invalid_choice": "Elija como principal uno de los temas de la solicitud."},
                widget=OpcionesConAyuda(
                    ayudas={str(tema.pk): f"Lidera {tema.dependencia.con_articulo}" for tema in self.eleccion.temas}
                ),
                help_text="Su dirección lidera la respuesta y coordina a las demás.",
            ),
            **self.fields,
        }

    def _agregar_concepto(self, datos: QueryDict) -> None:
        cuantas = min(max(_entero(datos.get("n_preguntas")), 1), MAXIMO_PREGUNTAS)
        self.fields["n_preguntas"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=str(cuantas))
        self.preguntas = [f"pregunta_{n}" for n in range(1, cuantas + 1)]
        for n, nombre in enumerate(self.preguntas, start=1):
            self.fields[nombre] = forms.CharField(
                label=f"Pregunta {n}",
                max_length=1000,
                required=n == 1,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={
                    "required": "Escriba al menos una pregunta: el concepto responde una por una.",
                    "max_length": f"La pregunta {n} pasa de 1.000 caracteres. Divídala en dos.",
                },
            )
        self.fields["antecedentes"] = _texto_largo("Antecedentes", "Lo que ya ocurrió o ya se decidió.")
        self.fields["normas"] = _texto_corto("Normas que ya consultó", "Por ejemplo: Acuerdo 004 de 2019 del AGN.")
        self.fields["terminos"] = _texto_corto(
            "Cómo necesita la respuesta", "Para quién es y para qué se usará, si eso cambia la respuesta."
        )
        self._agregar_fecha()

    def _agregar_visita(self) -> None:
        self.fields["lugar"] = _obligatorio(
            "Lugar de la visita", "Escriba la dirección y el sitio exacto.", "Dirección, piso o bodega."
        )
        self._agregar_opciones_de_fecha(obligatoria=True)
        self.fields["acceso"] = _texto_corto("Condiciones de acceso", "Por ejemplo: carné de ARL, botas, parqueadero.")
        self._agregar_personas(obligatorio=False)
        self._agregar_accesibilidad()

    def _agregar_sesion(self) -> None:
        """R52: what a group session must say."""
        self.fields["participantes"] = forms.CharField(
            label="Entidades que participan",
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="Una por línea. Incluya la suya.",
            error_messages={"required": "Escriba qué entidades participan, una por línea."},
        )
        self._agregar_personas(obligatorio=True)
        self._agregar_medio("presencial", "virtual")
        self.fields["lugar"] = _obligatorio(
            "Lugar o plataforma",
            "Escriba el lugar, o la plataforma si es virtual.",
            "Por ejemplo: auditorio, o Teams.",
        )
        self._agregar_opciones_de_fecha(obligatoria=True)
        self._agregar_accesibilidad()
        self.fields["otra_logistica"] = _texto_corto("Otros aspectos logísticos", "Equipos, materiales, refrigerios.")

    def _agregar_asesoria(self) -> None:
        self._agregar_medio("presencial", "virtual", "telefonica")
        self._agregar_opciones_de_fecha(obligatoria=False)
        self._agregar_accesibilidad()

    def _agregar_comision(self) -> None:
        """R135–R138 (lineamiento §8.3): object, date and funding of the journey."""
        self.fields["objeto"] = _obligatorio(
            "Objeto del viaje", "Escriba para qué es el viaje y quién invita.", "Quién invita, a quién y para qué."
        )
        self.fields["destino"] = _obligatorio("Destino", "Escriba la ciudad y el país.", "Ciudad y país.")
        for nombre, rotulo in (("viaje_desde", "Fecha de salida"), ("viaje_hasta", "Fecha de regreso")):
            self.fields[nombre] = forms.DateField(
                label=rotulo,
                widget=EntradaFecha,
                error_messages={
                    "required": f"Escriba la {rotulo.lower()}.",
                    "invalid": "Escriba la fecha con día, mes y año.",
                },
            )
        self.fields["ya_aceptada"] = _radios(
            "¿La invitación ya se aceptó?", SI_NO, "Diga si la invitación ya se aceptó.",
            ayuda="Relaciones Internacionales la valora antes de aceptarla (lineamiento §8.3).",
        )  # fmt: skip
        self.fields["financiacion"] = _radios(
            "¿Un actor internacional financia el viaje?", FINANCIACIONES, "Diga si hay financiación internacional."
        )
        self.fields["naturaleza"] = _radios(
            "¿Quien financia es público o privado?",
            NATURALEZAS,
            "",
            obligatorio=False,
            ayuda="Solo si hay financiación.",
        )
        self.fields["financiador"] = _texto_corto("Nombre de quien financia", "Solo si hay financiación.")

    def _agregar_fecha(self) -> None:
        self.fields["fecha_requerida"] = forms.DateField(
            label="¿Necesita la respuesta antes de una fecha?",
            required=False,
            widget=EntradaFecha,
            help_text="Atendemos por orden de llegada. Explique abajo si es una fecha legal o de un evento.",
            error_messages={"invalid": "Escriba la fecha con día, mes y año."},
        )
        self.fields["motivo_fecha"] = _texto_corto("¿Por qué esa fecha?", "Solo si escribió una fecha.")

    def _agregar_opciones_de_fecha(self, *, obligatoria: bool) -> None:
        for n, orden in enumerate(("Primera", "Segunda", "Tercera"), start=1):
            self.fields[f"opcion_{n}"] = forms.DateTimeField(
                label=f"{orden} opción de fecha y hora",
                required=obligatoria and n == 1,
                widget=EntradaFechaHora,
                error_messages={
                    "required": "Proponga al menos una fecha y hora.",
                    "invalid": "Escriba la fecha y la hora, por ejemplo 15/02/2027 9:00.",
                },
            )

    def _agregar_medio(self, *medios: str) -> None:
        self.fields["medio"] = _radios(
            "¿Cómo prefiere el encuentro?",
            {medio: MEDIOS[medio] for medio in medios},
            "Elija cómo prefiere el encuentro.",
        )

    def _agregar_personas(self, *, obligatorio: bool) -> None:
        self.fields["personas"] = forms.IntegerField(
            label="Número de personas",
            required=obligatorio,
            min_value=1,
            max_value=5000,
            error_messages={
                "required": "Escriba cuántas personas asistirán, aunque sea aproximado.",
                "invalid": "Escriba solo el número, por ejemplo 25.",
                "min_value": "Escriba un número desde 1.",
                "max_value": "Escriba un número hasta 5.000.",
            },
        )

    def _agregar_accesibilidad(self) -> None:
        self.fields["accesibilidad"] = _texto_corto(
            "Necesidades de accesibilidad", "Por ejemplo: intérprete de lengua de señas, acceso sin escalones."
        )

    def _agregar_justificacion(self, fuera: Iterable[Dependencia]) -> None:
        """R11: a private provider of public services asks somebody who does not serve its kind."""
        nombres = enumerar([dependencia.con_articulo for dependencia in fuera])
        self.fields["justificacion_alcance"] = forms.CharField(
            label="¿Por qué acude a esta dirección?",
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=f"{nombres[:1].upper()}{nombres[1:]} no atiende a empresas "
            "que prestan servicios públicos (lineamiento §2). "
            "Puede radicar si explica por qué corresponde.",
            error_messages={"required": "Explique por qué corresponde, o elija un tema del Archivo de Bogotá."},
        )

    def _agregar_reserva(self) -> None:
        self.fields["reservada"] = forms.BooleanField(
            label="Es reservada",
            required=False,
            help_text="Solo la verán usted, quien la atienda, su jefatura y el auditor. Cada consulta queda anotada.",
        )
        self.fields["motivo_reserva"] = _texto_corto("¿Por qué es reservada?", "Solo si la marcó como reservada.")

    @property
    def bloques(self) -> list[Bloque]:
        """Visible fields in order; the optional extras together, closed until they have something."""
        pares = ((GRUPOS.get(campo.name, ""), campo) for campo in self.visible_fields())
        return [Bloque(titulo, [campo for _, campo in grupo]) for titulo, grupo in groupby(pares, key=itemgetter(0))]

    @property
    def ultima_pregunta(self) -> str:
        return self.preguntas[-1] if self.preguntas else ""

    # --- Rules -------------------------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        self._exigir_pareja(
            "fecha_requerida", "motivo_fecha", "Explique por qué necesita la respuesta antes de esa fecha."
        )
        self._exigir_pareja("reservada", "motivo_reserva", "Explique por qué es reservada.")
        self._exigir_futuro("fecha_requerida", *(f"opcion_{n}" for n in (1, 2, 3)))
        if self.eleccion.formulario == Formulario.COMISION:
            self._revisar_comision(datos)
        return datos

    def _exigir_pareja(self, dato: str, razon: str, mensaje: str) -> None:
        if self.cleaned_data.get(dato) and razon in self.fields and not self.cleaned_data.get(razon, "").strip():
            self.add_error(razon, mensaje)

    def _exigir_futuro(self, *nombres: str) -> None:
        for nombre in nombres:
            valor = self.cleaned_data.get(nombre)
            if valor and _dia(valor) < hoy():
                self.add_error(nombre, "Esa fecha ya pasó. Escriba una desde hoy.")

    def _revisar_comision(self, datos: dict[str, Any]) -> None:
        salida, regreso = datos.get("viaje_desde"), datos.get("viaje_hasta")
        if salida and regreso and regreso < salida:
            self.add_error("viaje_hasta", "El regreso no puede ser antes de la salida.")
        if datos.get("financiacion") in {"total", "parcial"}:
            if not datos.get("naturaleza"):
                self.add_error("naturaleza", "Diga si quien financia es público o privado.")
            if not datos.get("financiador"):
                self.add_error("financiador", "Escriba quién financia.")

    # --- What the service takes --------------------------------------------------------------------------------
    def preguntas_escritas(self) -> list[str]:
        return [texto for nombre in self.preguntas if (texto := self.cleaned_data.get(nombre, "").strip())]

    def logistica(self) -> dict[str, Any]:
        """The particular answers, without the empty ones nor what has a column of its own."""
        propias = {
            "asunto", "necesidad", "antecedentes", "fecha_requerida", "motivo_fecha", "reservada", "motivo_reserva",
            "tema_principal", "n_preguntas", *self.preguntas,
        }  # fmt: skip
        valores = {nombre: valor for nombre, valor in self.cleaned_data.items() if nombre not in propias and valor}
        if "participantes" in valores:
            valores["participantes"] = [
                linea.strip() for linea in valores["participantes"].splitlines() if linea.strip()
            ]
        return {nombre: a_json(valor) for nombre, valor in valores.items()}


class DocumentosForm(FormaDePaso):
    """Step 3. Files travel apart; here goes whom to call. Prefilled: nobody types their own name again."""

    paso = "documentos"

    contacto_nombre = forms.CharField(
        label="Nombre de la persona de contacto",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Escriba a quién buscamos si hay dudas."},
    )
    contacto_cargo = forms.CharField(
        label="Cargo",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    contacto_correo = forms.EmailField(
        label="Correo",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Escriba un correo para avisarle.",
            "invalid": "Escriba el correo con @, por ejemplo nombre@entidad.gov.co.",
        },
    )
    contacto_telefono = forms.CharField(
        label="Teléfono",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def conocidos(self) -> dict[str, Any]:
        persona = self.borrador.persona
        return {
            "contacto_nombre": persona.nombre,
            "contacto_cargo": persona.cargo,
            "contacto_correo": persona.correo,
            "contacto_telefono": persona.telefono,
        }

    def preparar(self, datos: QueryDict) -> None:
        if self.borrador.es_registro:
            self.fields.clear()  # who asks was written in the first step

    def para_validar(self) -> QueryDict:
        """The draft, or what the portal knows when the person never opened this step."""
        consulta = QueryDict(mutable=True)
        for nombre, valor in self.iniciales().items():
            if nombre in self.fields:
                consulta[nombre] = str(valor or "")
        return consulta


class RevisarForm(forms.Form):
    """Step 4: only the consent (Ley 1581 de 2012, art. 9)."""

    acepta_datos = forms.BooleanField(
        label="Autorizo a la Secretaría General a tratar mis datos de contacto para atender esta solicitud",
        error_messages={"required": "Para radicar, autorice el tratamiento de sus datos de contacto."},
    )


def _obligatorio(rotulo: str, error: str, ayuda: str) -> forms.CharField:
    return forms.CharField(label=rotulo, max_length=500, help_text=ayuda, error_messages={"required": error})


def _texto_corto(rotulo: str, ayuda: str) -> forms.CharField:
    return forms.CharField(label=rotulo, max_length=300, required=False, help_text=ayuda)


def _texto_largo(rotulo: str, ayuda: str) -> forms.CharField:
    return forms.CharField(
        label=rotulo, max_length=TEXTO_LARGO, required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text=ayuda
    )


def _radios(
    rotulo: str, opciones: dict[str, str], error: str, *, obligatorio: bool = True, ayuda: str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=rotulo,
        choices=list(opciones.items()),
        required=obligatorio,
        widget=forms.RadioSelect,
        help_text=ayuda,
        error_messages={"required": error, "invalid_choice": error or "Elija una de las opciones."},
    )


def _dia(valor: date | datetime) -> date:
    return timezone.localdate(valor) if isinstance(valor, datetime) else valor


def _entero(crudo: str | None) -> int:
    return int(crudo) if crudo and crudo.isdecimal() and len(crudo) < 6 else 0
