"""Outbox handler of absences: whoever covers learns it, and so do the person and the head when others wrote it."""

from avisos.services import avisar
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.ausencias import quienes_dirigen
from direcciones.models import Ausencia, Dependencia, Membresia, Persona
from direcciones.roles import DE_DEPENDENCIA
from plazos.fechas import fecha_corrida
from solicitudes import cartas


@manejador("direcciones.ausencia")
def contar_ausencia(entrega: Entrega) -> None:
    ausencia = Ausencia.objects.select_related("persona", "suplente").get(pk=entrega.carga["ausencia"])
    termino, por = entrega.carga["que"] == "terminada", entrega.carga.get("por")
    if not termino and ausencia.anulada_en:
        return
    fechas = fecha_corrida(ausencia.desde), fecha_corrida(ausencia.hasta)
    for persona, que_hacer in _a_quienes(ausencia).items():
        if persona.pk != por:
            quien = "" if persona == ausencia.persona else ausencia.persona.nombre
            carta = cartas.ausencia(quien, *fechas, "" if termino else que_hacer, termino=termino)
            avisar(persona=persona, carta=carta, clave=entrega.clave_idempotencia, evento="solicitudes.ausencia")


def _a_quienes(ausencia: Ausencia) -> dict[Persona, str]:
    """Each one and what they must do."""
    suyas = Membresia.objects.activas().filter(persona=ausencia.persona, rol__in=sorted(DE_DEPENDENCIA))
    lugares = Dependencia.objects.filter(pk__in=suyas.order_by().values("dependencia")).order_by("pk")
    que_hacer = "" if ausencia.suplente else "Nadie la cubre: responda usted por lo que tiene a su cargo o reasígnelo."
    quienes = {jefe: que_hacer for lugar in lugares for jefe in quienes_dirigen(lugar)}
    quienes[ausencia.persona] = "Mientras tanto no se le asigna nada. Si vuelve antes, termínela."
    if ausencia.suplente:
        quienes[ausencia.suplente] = cartas.CUBRE
    return quienes
