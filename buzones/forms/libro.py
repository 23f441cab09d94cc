"""What narrows the ledger of the mail."""

from datetime import date, datetime, time

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from buzones.estados import Clase, EstadoCorreo
from buzones.forms.llegadas import LlegadasForm
from buzones.models import Llegada
from buzones.models.correos import ConsultaCorreo

_FECHA = forms.DateInput(attrs={"type": "date"})


class CorreosForm(LlegadasForm):
    """Of the ledger. A date is the whole day of Bogotá."""

    q = forms.CharField(label="Asunto, quién escribe o número", required=False, max_length=100)
    clase = forms.ChoiceField(label="Qué es", required=False, choices=[("", "Todo"), *Clase.choices])
    estado = forms.ChoiceField(label="Estado", required=False, choices=[("", "Todos"), *EstadoCorreo.choices])
    llego_desde = forms.DateField(label="Llegó desde", required=False, widget=_FECHA)
    llego_hasta = forms.DateField(label="Llegó hasta", required=False, widget=_FECHA)
    field_order = ("q", "clase", "estado", "casilla", "llego_desde", "llego_hasta")

    def filtrar(self, correos: ConsultaCorreo) -> tuple[ConsultaCorreo, bool]:
        """And whether anything was asked."""
        pedido = self.criterios()
        iguales = {campo: pedido[campo] for campo in ("clase", "estado") if campo in pedido}
        correos = correos.filter(**iguales)
        if "q" in pedido:
            correos = correos.filter(_que_dice(pedido["q"]))
        if "casilla" in pedido:
            suyas = Llegada.objects.filter(correo=OuterRef("pk"), casilla=pedido["casilla"])
            correos = correos.filter(Exists(suyas))
        if "llego_desde" in pedido:
            correos = correos.filter(recibido_en__gte=_instante(pedido["llego_desde"], time.min))
        if "llego_hasta" in pedido:
            correos = correos.filter(recibido_en__lte=_instante(pedido["llego_hasta"], time.max))
        return correos, bool(pedido)


def _que_dice(texto: str) -> Q:
    numero = texto.strip().upper()
    if numero.startswith("CR-"):
        return Q(numero=numero)
    if numero.startswith("AT-"):
        return Q(solicitud__radicado=numero)
    return Q(asunto__icontains=texto) | Q(de_correo__icontains=texto) | Q(de_nombre__icontains=texto)


def _instante(dia: date, hora: time) -> datetime:
    return timezone.make_aware(datetime.combine(dia, hora))
