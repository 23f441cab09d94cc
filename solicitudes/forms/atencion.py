"""Forms of those who attend: each row of the table gets the fields its `pide` names, in that order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Count, Q

from alcance import Alcance
from archivos.tipos import ATRIBUTO_ACCEPT
from direcciones.models import Dependencia, Modalidad, Persona, Tema
from plazos.fechas import dias_habiles, fecha_corrida
from plazos.reloj import hoy
from solicitudes.estados import EN_TRABAJO, MOTIVOS_DE_ORDEN, Transicion
from solicitudes.forms.entidad import CampoArchivos, EntradaArchivos
from solicitudes.models import Actuacion, Parte, Solicitud
from solicitudes.services.archivos import POR_MENSAJE
from solicitudes.services.asignacion import asesores_de
from solicitudes.services.cola import cuantas_anteriores
from solicitudes.services.conversacion import pedir_complemento_hasta
from solicitudes.services.prorroga import NO_ES
from solicitudes.services.relojes import DIAS_LEGALES

MAXIMO_TEXTO = 8000


class DiaInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class InstanteInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


def _area(
    etiqueta: str, ayuda: str = "", filas: int = 6, maximo: int = MAXIMO_TEXTO, **kwargs: Any
) -> forms.CharField:
    return forms.CharField(
        label=etiqueta, help_text=ayuda, max_length=maximo, widget=forms.Textarea(attrs={"rows": filas}), **kwargs
    )


class OpcionesDeAsesor(forms.ModelChoiceField):
    """People by name, with how much each has in hand."""

    def label_from_instance(self, persona: Any) -> str:
        return f"{persona.nombre} ({persona.a_cargo} a cargo)"


class OpcionesDeTema(forms.ModelChoiceField):
    """Temas grouped by the dependencia that attends them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        grupos: dict[str, list[tuple[Any, str]]] = {}
        for tema in self.queryset:
            grupos.setdefault(tema.dependencia.nombre, []).append((tema.pk, tema.nombre))
        self.choices = [("", "Elija un tema" if self.required else "Sin cambiar el tema"), *grupos.items()]


class CampoRadicado(forms.CharField):
    """A radicado that this person may see. Kept as text while it is typed, clean as a Solicitud."""

    def __init__(self, alcance: Alcance, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.alcance = alcance

    def clean(self, value: Any) -> Any:
        radicado = super().clean(value).upper()
        encontrada = Solicitud.objects.visibles_para(self.alcance).filter(radicado=radicado).first()
        if encontrada is None:
            raise forms.ValidationError(f"No encontramos {radicado}. Escríbalo completo, por ejemplo AT-2026-000123.")
        return encontrada


class FormularioAccion(forms.Form):
    """What one row of the table asks, the key that makes a second send harmless and the version it was read at."""

    clave = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, transicion: Transicion, parte: Parte, alcance: Alcance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transicion, self.parte, self.alcance = transicion, parte, alcance
        for nombre in transicion.pide:
            self.fields.update(CAMPOS[nombre](self))

    @property
    def campos_visibles(self) -> list[Any]:
        return self.visible_fields()

    @property
    def datos(self) -> dict[str, Any]:
        return self.cleaned_data

    def escrito(self) -> str:
        """The longest text that was typed: what must not be lost when the act is no longer possible."""
        nombres = ("texto", "respuesta", "resultado", "motivo")
        return max((str(self.data.get(nombre, "")) for nombre in nombres), key=len).strip()


Constructor = Callable[[FormularioAccion], dict[str, forms.Field]]

TEXTOS = {
    "pedir_complemento": ("Qué información necesita", "Diga qué falta y para qué. La entidad lo recibe por correo."),
    "complementar": ("Qué respondió la entidad", "Diga también por qué canal y cuándo llegó."),
    "responder": ("Respuesta", "La entidad la recibe por correo y la ve en su solicitud."),
    "mensaje": ("Mensaje", "La entidad lo recibe por correo y lo ve en su solicitud."),
    "nota": ("Nota interna", "No la ve la entidad."),
}


def _texto(form: FormularioAccion) -> dict[str, forms.Field]:
    etiqueta, ayuda = TEXTOS.get(form.transicion.accion, ("Texto", ""))
    return {"texto": _area(etiqueta, ayuda, filas=8 if form.transicion.accion == "responder" else 6)}


def _archivos(form: FormularioAccion) -> dict[str, forms.Field]:
    return {
        "archivos": CampoArchivos(
            label="Archivos",
            required=False,
            help_text=f"Hasta {POR_MENSAJE} archivos. La entidad los puede descargar.",
            widget=EntradaArchivos(attrs={"accept": ATRIBUTO_ACCEPT}),
        )
    }


def _motivo(form: FormularioAccion) -> dict[str, forms.Field]:
    ayuda = "Queda en la historia. No lo ve la entidad." if form.transicion.interna else "Queda en la historia."
    if form.transicion.accion == "prorrogar" and not form.parte.solicitud.reservada:
        ayuda += " También se le dice a quien la pidió."
    return {"motivo": _area("Motivo", ayuda, filas=3, maximo=1000)}


def _orden(form: FormularioAccion) -> dict[str, forms.Field]:
    """Asked only when older ones of the same tray wait (R20)."""
    if not cuantas_anteriores(form.parte):
        return {}
    return {
        "codigo": forms.ChoiceField(
            label="Por qué se adelanta", choices=list(MOTIVOS_DE_ORDEN.items()), widget=forms.RadioSelect
        ),
        "motivo": _area("Explíquelo en una frase", "Queda en la historia y en el informe del orden.", 3, 500),
    }


def _asesor(form: FormularioAccion) -> dict[str, forms.Field]:
    personas = asesores_de(form.parte.dependencia_id)
    candidatas = Persona.objects.filter(pk__in=[p.pk for p in personas if p.pk != form.parte.asesor_id])
    en_mano = Count("partes", filter=Q(partes__estado__in=EN_TRABAJO))
    return {
        "asesor": OpcionesDeAsesor(
            label="Asesor",
            queryset=candidatas.annotate(a_cargo=en_mano).order_by("nombre"),
            empty_label="Elija a quién",
        )
    }


def _hasta(form: FormularioAccion) -> dict[str, forms.Field]:
    tope = pedir_complemento_hasta(hoy())
    manana, vence = hoy() + timedelta(days=1), form.parte.vence
    sigue = f" La solicitud sigue venciendo el {fecha_corrida(vence)}." if vence >= hoy() else ""
    return {
        "hasta": forms.DateField(
            label="Fecha límite para responder",
            help_text=f"Máximo un mes: hasta el {fecha_corrida(tope)} (Ley 1755 de 2015, art. 17).{sigue}",
            initial=tope,
            widget=DiaInput(attrs={"min": manana.isoformat(), "max": tope.isoformat()}),
        )
    }


def _otras_dependencias(form: FormularioAccion) -> Any:
    """The ones that attend and have no part in it yet."""
    return (
        Dependencia.objects.vigentes()
        .que_atienden()
        .exclude(pk__in=form.parte.solicitud.dependencias)
        .order_by("nombre")
    )


def _dependencia(form: FormularioAccion) -> dict[str, forms.Field]:
    return {
        "dependencia": forms.ModelChoiceField(
            label="Dependencia que debe atenderla",
            queryset=_otras_dependencias(form),
            empty_label=None,
            widget=forms.RadioSelect,
        )
    }


def _tema(form: FormularioAccion) -> dict[str, forms.Field]:
    temas = (
        Tema.objects.vigentes()
        .filter(dependencia__in=_otras_dependencias(form))
        .select_related("dependencia")
        .order_by("dependencia__nombre", "nombre")
    )
    obligatorio = form.transicion.accion != "trasladar"
    return {
        "tema": OpcionesDeTema(
            label="Tema" if obligatorio else "Tema con el que la atenderá",
            help_text="El tema decide la dependencia." if obligatorio else "",
            queryset=temas,
            required=obligatorio,
        )
    }


def _peticion(form: FormularioAccion) -> dict[str, forms.Field]:
    return {
        "peticion": forms.ChoiceField(
            label="Qué es",
            choices=[
                *((cual, f"{cual.label}: {dias_habiles(dias)}") for cual, dias in DIAS_LEGALES.items()),
                (NO_ES, "No es una petición: no tiene término legal"),
            ],
            widget=forms.RadioSelect,
        )
    }


def _dias(form: FormularioAccion) -> dict[str, forms.Field]:
    peticion = form.parte.solicitud.peticion
    tope = DIAS_LEGALES[Solicitud.Peticion(peticion)] if peticion else max(DIAS_LEGALES.values())
    de_1_a = f"Escriba de 1 a {tope}: el total no puede pasar del doble del término."
    return {
        "dias": forms.IntegerField(
            label="Cuántos días hábiles más",
            min_value=1,
            max_value=tope,
            help_text=f"A lo sumo {tope}, los mismos del término (Ley 1755 de 2015, art. 14).",
            error_messages={"min_value": de_1_a, "max_value": de_1_a},
        )
    }


def _destino(form: FormularioAccion) -> dict[str, forms.Field]:
    return {
        "destino": forms.CharField(
            label="Entidad a la que se traslada",
            help_text="Escriba el nombre completo de la entidad que debe responder.",
            max_length=200,
        )
    }


def _principal(form: FormularioAccion) -> dict[str, forms.Field]:
    return {
        "principal": CampoRadicado(
            form.alcance,
            label="Radicado de la solicitud que sí se atiende",
            help_text="De la misma entidad, por ejemplo AT-2026-000123.",
            widget=forms.TextInput(attrs={"list": "candidatas", "autocomplete": "off"}),
        )
    }


def _respuesta(form: FormularioAccion) -> dict[str, forms.Field]:
    ayuda = "Explique por qué no le corresponde a la dependencia y quién puede responder. La entidad la recibe."
    return {"respuesta": _area("Respuesta motivada", ayuda, filas=8)}


def _resultado(form: FormularioAccion) -> dict[str, forms.Field]:
    ayuda = "Qué recibió la entidad: compromisos, documentos, acuerdos. La entidad lo ve."
    return {"resultado": _area("Resultado entregado", ayuda, filas=5, maximo=2000)}


def _parte_lider(form: FormularioAccion) -> dict[str, forms.Field]:
    class Opciones(forms.ModelChoiceField):
        def label_from_instance(self, parte: Any) -> str:
            return str(parte.dependencia)

    otras = form.parte.solicitud.partes.abiertas().exclude(pk=form.parte.pk).select_related("dependencia")
    return {
        "parte_lider": Opciones(
            label="Dependencia que la lidera desde ahora", queryset=otras, empty_label=None, widget=forms.RadioSelect
        )
    }


def _correo(form: FormularioAccion) -> dict[str, forms.Field]:
    hoy_a = form.parte.solicitud.remitente_correo
    ayuda = f"Hoy se le escribe a {hoy_a}. Lo que no llegó allí sale de nuevo a esta." if hoy_a else "No dejó ninguno."
    return {"correo": forms.EmailField(label="Correo", help_text=ayuda, max_length=254)}


CAMPOS: dict[str, Constructor] = {
    "correo": _correo,
    "texto": _texto,
    "motivo": _motivo,
    "orden": _orden,
    "asesor": _asesor,
    "hasta": _hasta,
    "dependencia": _dependencia,
    "tema": _tema,
    "destino": _destino,
    "peticion": _peticion,
    "dias": _dias,
    "principal": _principal,
    "respuesta": _respuesta,
    "resultado": _resultado,
    "parte_lider": _parte_lider,
    "actuacion": lambda form: {},
    "archivos": _archivos,
}


PISTA_PRODUCTOS = "Uno por línea: acta, plan de trabajo, instrumento revisado… Súbalos abajo."


def leer_lineas(texto: str) -> list[str]:
    return [linea.strip() for linea in texto.splitlines() if linea.strip()]


def leer_participantes(texto: str) -> list[dict[str, str]]:
    """One person per line, «Ana Ruiz, Secretaría de Gobierno»: what follows the first comma says from where."""
    lineas = [linea.strip().partition(",") for linea in texto.splitlines() if linea.strip()]
    return [{"nombre": nombre.strip(), "cargo": cargo.strip()} for nombre, _, cargo in lineas]


def escribir_participantes(participantes: list[dict[str, str]]) -> str:
    return "\n".join(", ".join(filter(None, (p["nombre"], p.get("cargo", "")))) for p in participantes)


class FormularioActuacion(FormularioAccion):
    """A session: scheduled for later, or already held. One form, because both are told with the same words."""

    modalidad = forms.ModelChoiceField(
        label="Qué es", queryset=Modalidad.objects.none(), empty_label=None, widget=forms.Select
    )
    estado = forms.ChoiceField(
        label="Ya se realizó",
        choices=[("programada", "No: la programo para después"), ("realizada", "Sí: registro lo que se hizo")],
        initial="programada",
        widget=forms.RadioSelect,
    )
    asunto = forms.CharField(label="Asunto", max_length=200)
    medio = forms.ChoiceField(label="Medio", choices=Actuacion.Medio.choices, widget=forms.RadioSelect)
    lugar = forms.CharField(
        label="Lugar, enlace o teléfono",
        max_length=300,
        help_text="Presencial: dirección y salón. Virtual: el enlace, con https://. Telefónica: el número.",
    )
    programada_para = forms.DateTimeField(label="Para cuándo", required=False, widget=InstanteInput)
    inicio = forms.DateTimeField(label="Empezó", required=False, widget=InstanteInput)
    fin = forms.DateTimeField(label="Terminó", required=False, widget=InstanteInput)
    participantes = _area("Participantes", "Una persona por línea: nombre, cargo o entidad.", 4, 4000, required=False)
    resultado = _area("Resultado", "Acuerdos y compromisos.", 5, 4000, required=False)
    productos = _area("Productos", PISTA_PRODUCTOS, 3, 2000, required=False)
    proveedor = forms.CharField(label="Proveedor", max_length=200, required=False)
    contrato = forms.CharField(label="Número del contrato", max_length=80, required=False)

    DE_LA_ACTUACION = (
        "modalidad", "estado", "asunto", "medio", "lugar", "programada_para", "inicio", "fin", "resultado",
        "proveedor", "contrato",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modalidades = Modalidad.objects.vigentes().filter(produce_concepto=False).exclude(codigo="respuesta")
        self.fields["modalidad"].queryset = modalidades.order_by("orden", "nombre")
        self.fields["modalidad"].initial = self.parte.modalidad_id
        self.fields["asunto"].initial = self.parte.solicitud.asunto
        for campo in ("programada_para", "inicio", "resultado", "proveedor", "contrato"):
            self.fields[campo].se_pide_despues = True

    @property
    def con_proveedor(self) -> str:
        """Keys of the modalities that ask for a provider: static/js/segun.js shows those fields with them."""
        claves = self.fields["modalidad"].queryset.filter(exige_proveedor=True).values_list("pk", flat=True)
        return " ".join(str(clave) for clave in claves)

    @property
    def datos(self) -> dict[str, Any]:
        limpios = self.cleaned_data
        actuacion = {campo: limpios[campo] for campo in self.DE_LA_ACTUACION}
        actuacion["participantes"] = leer_participantes(limpios["participantes"])
        actuacion["productos"] = leer_lineas(limpios["productos"])
        return {"clave": None, "actuacion": actuacion, "archivos": limpios["archivos"]}


class FormularioCambioActuacion(forms.Form):
    """Close or move a scheduled session. `que` decides which of the rest counts."""

    que = forms.ChoiceField(
        label="Qué pasó con la sesión",
        choices=[
            ("realizada", "Se realizó"),
            ("programada", "Cambia de fecha o de lugar"),
            ("cancelada", "Se cancela"),
        ],
        widget=forms.RadioSelect,
    )
    inicio = forms.DateTimeField(label="Empezó", required=False, widget=InstanteInput)
    fin = forms.DateTimeField(label="Terminó", required=False, widget=InstanteInput)
    participantes = _area("Participantes", "Una persona por línea.", 4, 4000, required=False)
    resultado = _area("Resultado", "Acuerdos y compromisos.", 5, 4000, required=False)
    productos = _area("Productos", PISTA_PRODUCTOS, 3, 2000, required=False)
    programada_para = forms.DateTimeField(label="Nueva fecha", required=False, widget=InstanteInput)
    lugar = forms.CharField(label="Lugar, enlace o teléfono", max_length=300, required=False)
    motivo_cancelacion = _area("Motivo de la cancelación", "La entidad lo recibe.", 3, 1000, required=False)
    archivos = CampoArchivos(
        label="Productos y listas de asistencia",
        required=False,
        help_text=f"Hasta {POR_MENSAJE} archivos. La entidad los puede descargar.",
        widget=EntradaArchivos(attrs={"accept": ATRIBUTO_ACCEPT}),
    )

    POR_CAMBIO = {
        "realizada": ("inicio", "fin", "resultado"),
        "programada": ("programada_para", "lugar"),
        "cancelada": ("motivo_cancelacion",),
    }

    def __init__(self, *args: Any, actuacion: Actuacion, **kwargs: Any) -> None:
        iniciales = {
            "inicio": actuacion.programada_para,
            "programada_para": actuacion.programada_para,
            "lugar": actuacion.lugar,
            "participantes": escribir_participantes(actuacion.participantes),
        }
        super().__init__(*args, initial=iniciales, **kwargs)
        for campo in ("inicio", "resultado", "programada_para", "lugar", "motivo_cancelacion"):
            self.fields[campo].se_pide_despues = True

    def cambios(self) -> dict[str, Any]:
        que = self.cleaned_data["que"]
        cambios = {"estado": que} | {campo: self.cleaned_data[campo] for campo in self.POR_CAMBIO[que]}
        if que == "realizada":
            cambios["participantes"] = leer_participantes(self.cleaned_data["participantes"])
            cambios["productos"] = leer_lineas(self.cleaned_data["productos"])
        return cambios
