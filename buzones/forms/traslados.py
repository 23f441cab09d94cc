"""Where a petition goes and why."""

from django import forms

from buzones.cartas.traslados import MOTIVO
from buzones.models import CanalExterno
from plazos.reloj import hoy


class TrasladarForm(forms.Form):
    canal = forms.ModelChoiceField(CanalExterno.objects.none(), label="A dónde se traslada", empty_label=None)
    numero_externo = forms.CharField(
        label="Número en ese canal",
        max_length=60,
        required=False,
        help_text="Si el canal no recibe correo, radíquela allí y escriba el número que le den: solo saldrá la copia.",
    )
    motivo = forms.CharField(
        label="Por qué no le corresponde a la SDFI",
        max_length=500,
        initial=MOTIVO,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo leen el canal y quien hizo la petición.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.canales = CanalExterno.objects.vigentes(hoy()).order_by("nombre")
        self.fields["canal"].queryset = self.canales  # type: ignore[attr-defined]
        # Where nobody reads mail it is filed by hand, and then it has one.
        self.fields["numero_externo"].se_pide_despues = not self.canales.exclude(correo="").exists()  # type: ignore[attr-defined]
