"""Forms of sign-in, account, invitations and requests for access."""

from datetime import date
from itertools import groupby
from typing import Any

from allauth.account import forms as cuenta
from allauth.core import context
from allauth.mfa.base import forms as codigos
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.utils import timezone

from cuentas import segundo_factor
from cuentas.adaptador import AdaptadorCuentas
from direcciones.models import Dependencia, Entidad, Persona, Tema
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, Rol
from sdfi_portal.formularios import EntradaFecha, OpcionesConAyuda

LOTE_MAXIMO = 1024 * 1024
AYUDA_CLAVE = "Mínimo 12 caracteres. Sirve una frase que usted recuerde."


def _vestir(campo: forms.Field, etiqueta: str, *, ayuda: str = "", falta: str = "", **atributos: str) -> None:
    """Our words on a field of allauth: label and help, never a placeholder."""
    campo.label, campo.help_text = etiqueta, ayuda
    campo.widget.attrs = {**campo.widget.attrs, **atributos}
    campo.widget.attrs.pop("placeholder", None)
    if falta:
        campo.error_messages = {**campo.error_messages, "required": falta}
    if isinstance(campo.widget, forms.PasswordInput):
        campo.widget.attrs["data-clave"] = ""


def _vestir_clave_nueva(form: forms.Form) -> None:
    _vestir(form.fields["password1"], "Contraseña nueva", ayuda=AYUDA_CLAVE, falta="Escriba una contraseña.")
    _vestir(form.fields["password2"], "Repita la contraseña nueva", falta="Repita la contraseña.")


class IgualesMixin:
    """Both passwords are the same, said in our words."""

    def clean(self) -> dict[str, Any]:
        datos = forms.Form.clean(self) or {}  # type: ignore[arg-type]
        una, otra = datos.get("password1"), datos.get("password2")
        if una and otra and una != otra:
            self.add_error("password2", "Las dos contraseñas no son iguales. Repita la misma.")  # type: ignore[attr-defined]
        return datos


# --- Sign-in and password ----------------------------------------------------------------------------------------
class EntrarForm(cuenta.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(
            self.fields["login"],
            "Correo institucional",
            falta="Escriba su correo institucional.",
            autocomplete="username",
            autocapitalize="none",
            spellcheck="false",
        )
        _vestir(self.fields["password"], "Contraseña", falta="Escriba su contraseña.")


class RecuperarForm(cuenta.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(self.fields["email"], "Correo institucional", falta="Escriba su correo institucional.")


class ClaveNuevaForm(IgualesMixin, cuenta.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir_clave_nueva(self)


class CambiarClaveForm(IgualesMixin, cuenta.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(self.fields["oldpassword"], "Contraseña actual", falta="Escriba su contraseña actual.")
        _vestir_clave_nueva(self)


class ConfirmarClaveForm(cuenta.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(self.fields["password"], "Contraseña", falta="Escriba su contraseña.")


class PonerClaveForm(forms.Form):
    """The first password of an invited person. `persona` (not saved yet) is what it must not look like."""

    password1 = cuenta.SetPasswordField()
    password2 = cuenta.PasswordField(autocomplete="new-password")

    def __init__(self, *args: Any, persona: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = persona
        _vestir(self.fields["password1"], "Elija una contraseña", ayuda=AYUDA_CLAVE, falta="Escriba una contraseña.")
        _vestir(self.fields["password2"], "Repita la contraseña", falta="Repita la contraseña.")

    clean = IgualesMixin.clean


# --- Second factor -----------------------------------------------------------------------------------------------
AYUDA_CODIGO = "Los 6 números que muestra ahora su aplicación de códigos. También sirve un código de recuperación."


class _ConCodigo:
    """Checks the code by our rule (replay, too many wrong ones) instead of allauth's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(
            self.fields["code"],  # type: ignore[attr-defined]
            "Código",
            ayuda=AYUDA_CODIGO,
            falta="Escriba el código.",
            inputmode="numeric",
            autocomplete="one-time-code",
            autofocus="",
        )

    def clean_code(self) -> str:
        codigo = self.cleaned_data["code"]  # type: ignore[attr-defined]
        if segundo_factor.demasiados_fallos(self.user):  # type: ignore[attr-defined]
            raise forms.ValidationError(AdaptadorCuentas.error_messages["too_many_login_attempts"])
        self.authenticator = segundo_factor.autenticador_que_acepta(self.user, codigo)  # type: ignore[attr-defined]
        if self.authenticator is None:
            raise forms.ValidationError(AdaptadorCuentas.error_messages["incorrect_code"])
        return str(codigo)


class CodigoForm(_ConCodigo, codigos.AuthenticateForm):
    def save(self) -> None:
        super().save()
        segundo_factor.marcar_pasado(context.request.session)


class ConfirmarCodigoForm(_ConCodigo, codigos.ReauthenticateForm):
    """Step-up: the session gets a new key (security.md S01)."""

    def save(self) -> None:
        post_authentication(context.request, self.authenticator, reauthenticated=True)
        segundo_factor.marcar_pasado(context.request.session)
        context.request.session.cycle_key()


class ActivarForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _vestir(
            self.fields["code"],
            "Código",
            ayuda="Los 6 números que muestra ahora la aplicación.",
            falta="Escriba el código que muestra la aplicación.",
            inputmode="numeric",
            autocomplete="one-time-code",
        )

    def clean_code(self) -> str:
        codigo = "".join(self.cleaned_data["code"].split())
        if not validate_totp_code(self.secret, codigo):
            raise forms.ValidationError(
                "Ese código no corresponde. Revise que la hora del teléfono sea automática y escriba el de ahora."
            )
        return codigo


# --- Own data ----------------------------------------------------------------------------------------------------
class DatosForm(forms.ModelForm):
    """What a person corrects of themselves. The mail is who they are: only the administrador changes it."""

    class Meta:
        model = Persona
        fields = ["nombre", "cargo", "telefono", "atajos"]
        widgets = {
            "nombre": forms.TextInput(attrs={"autocomplete": "name"}),
            "cargo": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "telefono": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }


# --- Users -------------------------------------------------------------------------------------------------------
def correo_minuscula(campo: forms.EmailField) -> forms.EmailField:
    campo.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
    return campo


class CampoSegunRol(forms.ModelChoiceField):
    """A place that some roles need and others do not have: never «opcional», and asked by the form's own rule."""

    def validate(self, value: Any) -> None:
        return


class InvitarForm(forms.Form):
    """Who is invited, as what and where. static/js/segun_rol.js hides the place that the role does not have."""

    use_required_attribute = False

    correo = correo_minuscula(forms.EmailField(label="Correo institucional", max_length=254))
    nombre = forms.CharField(label="Nombre completo", max_length=150)
    cargo = forms.CharField(max_length=150, required=False)
    rol = forms.ChoiceField(label="Rol")
    entidad = CampoSegunRol(
        Entidad.objects.none(),
        label="Entidad que representa",
        help_text="Solo para enlaces y administradores de entidad.",
        empty_label="No aplica",
        widget=forms.Select(attrs={"data-segun-rol": " ".join(sorted(DE_ENTIDAD))}),
    )
    dependencia = CampoSegunRol(
        Dependencia.objects.none(),
        label="Dependencia donde trabaja",
        help_text="Solo para asesores, revisores, subdirectores y directores.",
        empty_label="No aplica",
        widget=forms.Select(attrs={"data-segun-rol": " ".join(sorted(DE_DEPENDENCIA))}),
    )

    def __init__(self, *args: Any, roles: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rol"].choices = [("", "Elija un rol"), *[par for par in Rol.choices if par[0] in roles]]
        self.fields["entidad"].queryset = Entidad.objects.vigentes().order_by("nombre")
        self.fields["dependencia"].queryset = Dependencia.objects.vigentes().order_by("codigo")

    def clean_correo(self) -> str:
        return str(self.cleaned_data["correo"]).lower()

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        rol = datos.get("rol", "")
        if rol in DE_ENTIDAD and not datos.get("entidad"):
            self.add_error("entidad", "Elija la entidad que representa.")
        if rol in DE_DEPENDENCIA and not datos.get("dependencia"):
            self.add_error("dependencia", "Elija la dependencia donde trabaja.")
        if rol not in DE_ENTIDAD:
            datos["entidad"] = None
        if rol not in DE_DEPENDENCIA:
            datos["dependencia"] = None
        return datos


class RolNuevoForm(InvitarForm):
    """A role for somebody who already has an account."""

    correo = None
    nombre = None
    desde = forms.DateField(label="Desde", initial=timezone.localdate, widget=EntradaFecha)
    field_order = ["rol", "entidad", "dependencia", "cargo", "desde"]

    clean_correo = None


class LimitesForm(forms.Form):
    """What an enlace answers for: any of these direcciones or temas (lineamiento §6.3, an enlace for each policy)."""

    direcciones = forms.TypedMultipleChoiceField(
        label="¿Para qué direcciones?",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Si no marca direcciones ni temas, es enlace para todo.",
    )
    temas = forms.TypedMultipleChoiceField(
        label="¿Para qué temas?",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Verá y radicará lo de estos temas y lo de las direcciones que marque.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        direcciones = Dependencia.objects.vigentes().filter(tipo=Dependencia.Tipo.DIRECCION).order_by("nombre")
        temas = Tema.objects.vigentes().select_related("dependencia__padre").order_by("codigo")
        self.fields["direcciones"].choices = [(d.pk, d.nombre) for d in direcciones]
        self.fields["temas"].choices = [
            (direccion, [(tema.pk, tema.nombre) for tema in suyos])
            for direccion, suyos in groupby(temas, key=lambda tema: tema.dependencia.direccion.nombre_corto)
        ]

    def limites(self) -> dict[str, list[int]]:
        return {"solo_direcciones": self.cleaned_data["direcciones"], "solo_temas": self.cleaned_data["temas"]}

    @property
    def con_temas(self) -> bool:
        """Whether the long list of temas is drawn open."""
        return bool(self["temas"].value() or self["temas"].errors)


class EnlaceForm(LimitesForm):
    """A person of one's own entidad."""

    correo = correo_minuscula(forms.EmailField(label="Correo institucional", max_length=254))
    nombre = forms.CharField(label="Nombre completo", max_length=150)
    cargo = forms.CharField(max_length=150)
    rol = forms.ChoiceField(
        label="¿Qué podrá hacer?",
        choices=[par for par in Rol.choices if par[0] in DE_ENTIDAD],
        initial=Rol.ENLACE,
        widget=OpcionesConAyuda(
            ayudas={
                Rol.ENLACE: "Radica solicitudes de la entidad y sigue su turno.",
                Rol.ADMIN_ENTIDAD: "Además, invita y retira a las personas de la entidad.",
            }
        ),
    )
    field_order = ["correo", "nombre", "cargo", "rol", "direcciones", "temas"]


class ReemplazoForm(forms.Form):
    """Who follows as enlace: what the lineamiento asks for (§6.3: name, post and mail)."""

    nombre = forms.CharField(label="Nombre completo de quien sigue", max_length=150)
    cargo = forms.CharField(max_length=150)
    correo = correo_minuscula(forms.EmailField(label="Correo institucional", max_length=254))


class TerminarForm(forms.Form):
    """When a role ends. Empty means now."""

    hasta = forms.DateField(
        label="Último día",
        required=False,
        widget=EntradaFecha,
        help_text="Si lo deja vacío, pierde el acceso ahora mismo.",
    )
    motivo = forms.CharField(max_length=300, required=False, help_text="Queda en la bitácora.")

    def clean_hasta(self) -> date | None:
        hasta: date | None = self.cleaned_data["hasta"]
        if hasta and hasta < timezone.localdate():
            raise forms.ValidationError("Escriba la fecha de hoy o una que esté por venir.")
        return hasta


class LoteForm(forms.Form):
    """The file of `cuentas.services.lote`, judged by what it says and never stored."""

    archivo = forms.FileField(
        label="Archivo CSV",
        help_text="Hasta 500 personas. Una por línea, con los títulos en la primera.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_archivo(self) -> Any:
        archivo = self.cleaned_data["archivo"]
        if archivo.size > LOTE_MAXIMO:
            raise forms.ValidationError("El archivo pesa más de 1 MB. Divídalo en varios.")
        return archivo


class MotivoForm(forms.Form):
    motivo = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class PersonaForm(forms.ModelForm):
    """What the administrador corrects of anybody."""

    class Meta:
        model = Persona
        fields = ["nombre", "correo", "cargo", "telefono"]
        help_texts = {"correo": "Si lo cambia, terminan sus sesiones y los enlaces enviados al anterior."}

    def clean_correo(self) -> str:
        return str(self.cleaned_data["correo"]).lower()


class BuscarUsuarioForm(forms.Form):
    q = forms.CharField(label="Nombre o correo", required=False, max_length=100)
    rol = forms.ChoiceField(required=False, choices=[("", "Todos"), *Rol.choices])
    entidad = forms.ModelChoiceField(Entidad.objects.none(), required=False, empty_label="Todas")
    estado = forms.ChoiceField(
        required=False, choices=[("", "Activos"), ("inactivos", "Desactivados"), ("sin_rol", "Sin rol vigente")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entidad"].queryset = Entidad.objects.order_by("nombre")


# --- Ask for a user ----------------------------------------------------------------------------------------------
class PedirUsuarioForm(forms.Form):
    entidad = forms.ModelChoiceField(
        Entidad.objects.none(), label="¿De qué entidad es usted?", empty_label="Elija su entidad"
    )
    nombre = forms.CharField(
        label="Nombre completo", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    cargo = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization-title"}))
    correo = correo_minuscula(
        forms.EmailField(
            label="Correo institucional",
            max_length=254,
            help_text="A este correo enviaremos la respuesta.",
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        )
    )
    telefono = forms.CharField(
        label="Teléfono", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    para_que = forms.CharField(
        label="¿Para qué necesita el usuario?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Por ejemplo: «Soy el nuevo enlace de gestión documental».",
    )
    acepta = forms.BooleanField(
        label="Acepto el tratamiento de mis datos personales para revisar esta petición",
        error_messages={"required": "Marque la casilla: sin ella no podemos revisar su petición"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entidad"].queryset = Entidad.objects.vigentes().order_by("nombre")

    def clean_correo(self) -> str:
        return str(self.cleaned_data["correo"]).lower()

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        datos.pop("acepta", None)
        return datos


class DecidirAccesoForm(forms.Form):
    decision = forms.ChoiceField(
        label="¿Qué decide?",
        choices=[
            (Rol.ENLACE, "Invitar como enlace"),
            (Rol.ADMIN_ENTIDAD, "Invitar como administrador de la entidad"),
            ("rechazar", "Rechazar"),
        ],
        widget=OpcionesConAyuda(
            ayudas={
                Rol.ENLACE: "Radica solicitudes y sigue su turno.",
                Rol.ADMIN_ENTIDAD: "Además, invita y retira a las personas de la entidad.",
            }
        ),
    )
    motivo = forms.CharField(
        label="Motivo del rechazo",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo si rechaza. Lo enviamos a quien pidió el usuario.",
    )

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        if datos.get("decision") == "rechazar" and not datos.get("motivo", "").strip():
            self.add_error("motivo", "Escriba por qué rechaza: quien lo pidió recibe este motivo.")
        return datos
