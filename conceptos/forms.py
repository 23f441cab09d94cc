"""Forms of the editor, the review, the signature, the bank and the verification."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from conceptos import secciones
from conceptos.estados import Audiencia
from conceptos.models import Concepto, Version
from conceptos.services.banco import Ofrecido, Pedido
from cuentas import segundo_factor
from direcciones.models import Persona
from sdfi_portal.formularios import Eleccion, OpcionesConAyuda


def _area(etiqueta: str, ayuda: str, filas: int) -> forms.CharField:
    return forms.CharField(
        label=etiqueta,
        help_text=ayuda,
        required=False,
        max_length=secciones.LARGO_SECCION,
        widget=forms.Textarea(attrs={"rows": filas}),
    )


class EditorForm(forms.Form):
    """The whole concepto, one field per section and one answer per numbered question (interface.md W5).

    Nothing is required while writing: what is missing is said when it is sent.
    """

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    asunto = forms.CharField(max_length=secciones.LARGO_ASUNTO, label="Asunto")

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        self.guardada = version
        super().__init__(*args, initial=iniciales(version), **kwargs)
        for seccion in secciones.ANTES:
            self.fields[seccion.clave] = _area(seccion.titulo, seccion.ayuda, seccion.filas)
        for numero, par in enumerate(version.contenido.get("respuestas", []), start=1):
            self.fields[f"respuesta_{numero}"] = _area(f"Pregunta {numero}. {par['pregunta']}", "Su respuesta.", 4)
        for seccion in secciones.DESPUES:
            self.fields[seccion.clave] = _area(seccion.titulo, seccion.ayuda, seccion.filas)
        self.fields["normas"] = _area("Normas citadas", "Una por línea. Sirven para buscarlo en el banco.", 4)
        self.fields["asunto"].required = False
        opcionales = {"normas", *(s.clave for s in secciones.SECCIONES if not s.obligatoria)}
        for clave in self.fields.keys() - opcionales:
            self.fields[clave].se_pide_despues = True

    def clean_normas(self) -> list[str]:
        normas = [linea.strip() for linea in self.cleaned_data["normas"].splitlines() if linea.strip()]
        if any(len(norma) > secciones.LARGO_NORMA for norma in normas):
            raise forms.ValidationError(f"Cada norma puede tener hasta {secciones.LARGO_NORMA} caracteres.")
        return normas

    def escrito(self) -> dict[str, Any]:
        """What was typed, in the shape of `secciones`."""
        datos = {clave: valor for clave, valor in self.cleaned_data.items() if not clave.startswith("respuesta_")}
        datos["respuesta_corta"] = self.cleaned_data["respuesta_corta"]
        cuantas = len(self.guardada.contenido.get("respuestas", []))
        datos["respuestas"] = [self.cleaned_data[f"respuesta_{numero}"] for numero in range(1, cuantas + 1)]
        return datos


def iniciales(version: Version) -> dict[str, Any]:
    """The fields of the editor as they are stored: also what the autosave shows when two windows collide."""
    contenido: Mapping[str, Any] = version.contenido
    campos = {clave: contenido.get(clave, "") for clave in ("asunto", *(s.clave for s in secciones.SECCIONES))}
    for numero, par in enumerate(contenido.get("respuestas", []), start=1):
        campos[f"respuesta_{numero}"] = par["respuesta"]
    return {**campos, "normas": "\n".join(contenido.get("normas", [])), "version": version.guardado}


class DecisionForm(forms.Form):
    """A decision on a frozen text: it carries the digest of what its reader had on the screen.

    When the text changed meanwhile nothing is decided: the page shows the new one with its digest, and what was
    typed stays. A second factor is neither spent nor kept.
    """

    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, datos: Any = None, *args: Any, version: Version, **kwargs: Any) -> None:
        self.cambio = datos is not None and datos.get("sha256", "") != version.sha256
        if self.cambio:
            datos = datos.copy()
            datos["sha256"] = version.sha256
            datos.pop("codigo", None)
        super().__init__(datos, *args, initial={"sha256": version.sha256}, **kwargs)

    def clean_sha256(self) -> str:
        if self.cambio:
            self.add_error(None, "El texto cambió desde que usted lo abrió. Aquí está el de ahora: léalo y decida.")
        return str(self.cleaned_data["sha256"])


class RevisionForm(DecisionForm):
    """The reviewer's judgement: a decision, reasons, and an observation beside each section."""

    class Decision:
        APROBAR = "aprobar"
        DEVOLVER = "devolver"

    decision = forms.ChoiceField(
        label="Su decisión",
        choices=[(Decision.APROBAR, "Aprobar para firma"), (Decision.DEVOLVER, "Devolver con observaciones")],
        widget=forms.RadioSelect,
        error_messages={"required": "Elija si lo aprueba o lo devuelve."},
    )
    motivo = forms.CharField(
        label="Qué debe cambiar",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Escríbalo si lo devuelve. Lo lee quien lo escribió.",
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        self.fields["motivo"].se_pide_despues = True
        self.claves = []
        for clave, titulo, _ in secciones.textos(version.contenido):
            self.claves.append(clave)
            self.fields[f"observacion_{clave}"] = forms.CharField(
                label=f"Observación sobre «{titulo}»",
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if datos.get("decision") == self.Decision.DEVOLVER and not datos.get("motivo", "").strip():
            self.add_error("motivo", "Escriba qué debe cambiar.")
        return datos

    def observaciones(self) -> dict[str, str]:
        return {clave: self.cleaned_data.get(f"observacion_{clave}", "") for clave in self.claves}


class DevolverForm(DecisionForm):
    motivo = forms.CharField(
        label="Qué debe cambiar",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Lo lee quien lo escribió.",
        error_messages={"required": "Escriba qué debe cambiar."},
    )


class MotivoForm(forms.Form):
    motivo = forms.CharField(
        label="Motivo",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Queda en la historia y en la auditoría.",
        error_messages={"required": "Escriba el motivo."},
    )


class SustituirForm(MotivoForm):
    por = forms.CharField(
        label="Número del concepto que lo sustituye",
        max_length=20,
        help_text="Por ejemplo C-2026-000123.",
        error_messages={"required": "Escriba el número del concepto nuevo."},
    )
    field_order = ("por", "motivo")


class SigaForm(forms.Form):
    numero = forms.CharField(
        label="Número SIGA de salida",
        max_length=40,
        help_text="Por ejemplo 2-2026-13091.",
        error_messages={"required": "Escriba el número que dio SIGA."},
    )


AYUDAS_AUDIENCIA = {
    Audiencia.PUBLICO: "Cualquier persona lo encuentra, sin entrar.",
    Audiencia.SDA: "Lo encuentran quienes entran por una entidad del Sistema Distrital de Archivos.",
    Audiencia.ENTIDADES: "Lo encuentra quien entra por cualquier entidad del Distrito.",
    Audiencia.RESERVADO: "No se publica: solo lo abre la entidad que lo pidió.",
}


class FirmarForm(DecisionForm):
    """The decision of the head: who finds it, and the second factor of this very moment (security.md N09)."""

    audiencia = forms.ChoiceField(
        label="¿Quién puede encontrarlo en el banco?",
        choices=Audiencia.choices,
        widget=OpcionesConAyuda(ayudas=AYUDAS_AUDIENCIA),
        error_messages={"required": "Elija quién puede encontrarlo."},
    )
    motivo_audiencia = forms.CharField(
        label="Por qué no se publica",
        required=False,
        max_length=300,
        help_text="Escríbalo solo si es reservado.",
    )
    codigo = forms.CharField(
        label="Código de verificación",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Los 6 números de su aplicación de códigos, o un código de recuperación.",
        error_messages={"required": "Escriba el código de su aplicación."},
    )

    def __init__(self, *args: Any, persona: Persona, concepto: Concepto, version: Version, **kwargs: Any) -> None:
        self.persona = persona
        super().__init__(*args, version=version, **kwargs)
        self.fields["motivo_audiencia"].se_pide_despues = True
        if concepto.solicitud.reservada:
            self.fields["audiencia"].choices = [(Audiencia.RESERVADO.value, Audiencia.RESERVADO.label)]

    def clean_motivo_audiencia(self) -> str:
        motivo: str = self.cleaned_data["motivo_audiencia"].strip()
        if self.cleaned_data.get("audiencia") == Audiencia.RESERVADO and not motivo:
            raise forms.ValidationError("Escriba por qué no se publica.")
        return motivo

    def clean_codigo(self) -> str:
        """The code is spent last: a form that is wrong elsewhere does not use it up."""
        codigo: str = self.cleaned_data["codigo"]
        if self.errors:
            return codigo
        if segundo_factor.demasiados_fallos(self.persona):
            raise forms.ValidationError("Hubo demasiados códigos equivocados. Espere diez minutos.")
        if not segundo_factor.verificar_codigo(self.persona, codigo):
            raise forms.ValidationError("El código no es correcto o ya se usó. Escriba el que muestra ahora.")
        return codigo


class BancoForm(forms.Form):
    """GET form over what there is to find (`conceptos.services.lo_que_se_ofrece`)."""

    q = forms.CharField(label="Palabras", required=False, max_length=200)
    tema = Eleccion("Tema", "Todos")
    dependencia = Eleccion("Dependencia", "Todas")
    anio = Eleccion("Año", "Todos")
    vigente = forms.BooleanField(label="Solo los vigentes", required=False)

    def __init__(self, *args: Any, ofrecido: Ofrecido, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anios = tuple((str(anio), str(anio)) for anio in ofrecido.anios)
        for nombre, filas in (("tema", ofrecido.temas), ("dependencia", ofrecido.dependencias), ("anio", anios)):
            self.fields[nombre].ofrecer(filas)
        self.is_valid()

    @property
    def pedido(self) -> Pedido:
        """All of it, when everything is understood; otherwise nothing is asked."""
        datos = {} if self.errors else self.cleaned_data
        ids = {campo: int(datos[campo]) for campo in ("tema", "dependencia", "anio") if datos.get(campo)}
        return Pedido(texto=datos.get("q", ""), solo_vigentes=datos.get("vigente", False), **ids)


class ArchivoForm(forms.Form):
    archivo = forms.FileField(
        label="Archivo PDF",
        help_text="Lo comparamos con el que se firmó y lo descartamos de inmediato. No lo guardamos.",
        error_messages={"required": "Elija el archivo PDF que quiere comprobar."},
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_archivo(self) -> Any:
        archivo = self.cleaned_data["archivo"]
        if archivo and archivo.size > settings.ARCHIVO_MAXIMO_MB * 1024 * 1024:
            raise forms.ValidationError(f"El archivo pesa más de {settings.ARCHIVO_MAXIMO_MB} MB: no es un concepto.")
        return archivo


class VerificarForm(ArchivoForm):
    codigo = forms.CharField(
        label="Código de verificación",
        required=False,
        max_length=40,
        help_text="Está en el pie de cada página, por ejemplo 7K3M-9QWD-2F5X-HT8N.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("codigo", "archivo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["archivo"].required = False

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if not self.errors and not datos.get("codigo") and not datos.get("archivo"):
            raise forms.ValidationError("Escriba el código o elija el archivo PDF.")
        return datos
