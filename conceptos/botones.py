"""What this room offers on the page of a parte: write its concepto, or go on with it."""

from django.urls import reverse

from alcance import Alcance
from alcance.compiladas import Compilada
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto
from direcciones.roles import Rol
from solicitudes.botones import Boton
from solicitudes.estados import ACTOS
from solicitudes.models import Parte
from solicitudes.services.transiciones import se_puede


def botones_de_concepto(parte: Parte, alcance: Alcance) -> list[Boton]:
    """The main button where a concepto was asked; under «Más acciones» elsewhere."""
    for (pk,) in _EN_CURSO(alcance=alcance, parte=parte.pk):
        url = reverse("conceptos:detalle", args=[pk])
        return [Boton("Abrir el concepto", url, clase="" if parte.esta_abierta else "boton--2")]
    if not se_puede(parte, ACTOS["responder"], alcance):
        return []
    # An asesor who may answer for somebody else's covers them today.
    le_toca = parte.asesor_id in {None, alcance.persona_id} or alcance.rol == Rol.ASESOR
    pedido = parte.modalidad.produce_concepto and le_toca
    url = reverse("conceptos:nuevo", args=[parte.pk])
    return [Boton("Redactar concepto", url, clase="" if pedido else "boton--2", menor=not pedido)]


_EN_CURSO = Compilada(
    lambda alcance, parte: (
        Concepto.objects.del_expediente(alcance)
        .filter(parte=parte)
        .exclude(estado__in=[EstadoConcepto.ANULADO, EstadoConcepto.SUSTITUIDO])
        .order_by("-creado_en")
        .values_list("pk")[:1]
    ),
    alcance=Alcance,
    parte=int,
)
