"""What a row of the policy would send today: the sweep itself, of what the acting person sees, leaving nothing."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from alcance import como_sistema, exigir
from avisos.models import PoliticaAviso
from avisos.recordables import Previsto
from bandeja.models import Entrega
from bandeja.services import Hecho
from solicitudes.models import Parte
from solicitudes.services.politica import Destino, Politicas
from solicitudes.services.recordatorios import DE_LOS_TERMINOS, Barrido

TOPE = 500  # more than anybody reads; the page says how many there are


@dataclass(frozen=True, slots=True)
class _Pedido:
    hecho: Hecho
    parte: Parte


def enviaria_hoy(fila: PoliticaAviso) -> list[Previsto]:
    """As if it were active and saved. What was already told of each is left out."""
    barrido = Barrido(Politicas.con(fila))
    pedidos = [p for p in _pedidos(barrido, fila) if p.hecho.carga["politica"] == fila.pk]
    with transaction.atomic(), como_sistema("ver qué recordatorios ya se anotaron"):
        claves = [p.hecho.clave for p in pedidos]
        ya = set(
            Entrega.objects.filter(clave_idempotencia__in=claves)
            .order_by()
            .values_list("clave_idempotencia", flat=True)
        )
    return [_previsto(p, fila) for p in pedidos if p.hecho.clave not in ya]


def _pedidos(barrido: Barrido, fila: PoliticaAviso) -> list[_Pedido]:
    alcance = exigir()
    donde = Q()
    if fila.dependencia_id is not None:
        donde = Q(dependencia=fila.dependencia_id) | Q(dependencia__padre=fila.dependencia_id)
    visibles = Parte.objects.visibles_para(alcance).filter(donde)
    con = ("solicitud", "entidad", "asesor")
    if fila.reloj in DE_LOS_TERMINOS:
        terminos = barrido.terminos_por_mirar().filter(parte__in=visibles, reloj=fila.reloj)
        todos = terminos.select_related(*(f"parte__{una}" for una in con)).order_by("vence_en", "pk")[:TOPE]
        return [
            _Pedido(hecho, t.parte) for t in todos for hecho in barrido.del_termino(t.pk, t.reloj, t.vence, t.parte)
        ]
    partes = barrido.partes_por_mirar().filter(pk__in=visibles.order_by().values("pk"))
    todas = partes.select_related(*con).order_by("vence", "pk")[:TOPE]
    return [_Pedido(hecho, parte) for parte in todas for hecho in barrido.de_la_parte(parte)]


def _previsto(pedido: _Pedido, fila: PoliticaAviso) -> Previsto:
    parte, solicitud = pedido.parte, pedido.parte.solicitud
    es_del_asesor = fila.a_quien == Destino.RESPONSABLE and parte.asesor is not None
    return Previsto(
        radicado=solicitud.radicado,
        ruta=f"{reverse('atencion:caso', args=[solicitud.radicado])}?parte={parte.pk}",
        que=str(parte.entidad),
        fecha=date.fromisoformat(pedido.hecho.clave.split(":")[2]),
        a_quien=str(parte.asesor) if es_del_asesor else Destino(fila.a_quien).label,
    )
