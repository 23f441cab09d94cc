"""What this room offers on the page of a parte: write its concepto, or go on with it."""

from django.urls import reverse

from alcance import Alcance
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto
from solicitudes.botones import Boton
from solicitudes.estados import ACTOS
from solicitudes.models import Parte
from solicitudes.services.transiciones import por_que_no


def botones_de_concepto(parte: Parte, alcance: Alcance) -> list[Boton]:
    """The main button where a concepto was asked; under «Más acciones» elsewhere."""
    finales = [EstadoConcepto.ANULADO, EstadoConcepto.SUSTITUIDO]
    en_curso = Concepto.objects.del_expediente(alcance).filter(parte=parte).exclude(estado__in=finales).first()
    if en_curso is not None:
        return [
            Boton("Abrir el concepto", en_curso.get_absolute_url(), clase="" if parte.esta_abierta else "boton--2")
        ]
    if por_que_no(parte, ACTOS["responder"], alcance):
        return []
    pedido = parte.modalidad.produce_concepto and parte.asesor_id in {None, alcance.persona_id}
    url = reverse("conceptos:nuevo", args=[parte.pk])
    return [Boton("Redactar concepto", url, clase="" if pedido else "boton--2", menor=not pedido)]
