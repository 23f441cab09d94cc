"""What a person may do with what could not be handed over (security.md §5.6). Both leave a mark in the bitácora.

It is for whoever runs the portal: for anybody else there is nothing to repair, whatever page asks.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from alcance import Alcance, como_sistema, exigir
from bandeja.models import ConsultaEntrega, Entrega, EstadoEntrega
from bandeja.nombres import nombre_de
from bandeja.services.anotar import _avisar_al_confirmar
from bandeja.services.entregar import INTENTOS
from bitacora.services import registrar

POR_PAGINA = 50


@dataclass(frozen=True, slots=True)
class Hoja:
    """A page of dead letters, the newest first, and how many there are in all. `por_tipo`: how many of each kind may
    be tried again together, as (kind, its name, how many)."""

    entregas: list[Entrega]
    total: int
    hay_mas: bool
    por_tipo: list[tuple[str, str, int]]


def muertas(*, pagina: int = 1) -> Hoja:
    alcance = exigir()
    with como_sistema("ver entregas muertas"), transaction.atomic():
        desde = (pagina - 1) * POR_PAGINA
        todas = _las_de(alcance)
        filas = list(todas[desde : desde + POR_PAGINA + 1])
        sueltas = _sin_duda(todas).order_by("tipo").values_list("tipo").annotate(Count("pk"))
        por_tipo = [(tipo, nombre_de(tipo), cuantas) for tipo, cuantas in sueltas]
        return Hoja(filas[:POR_PAGINA], todas.count(), len(filas) > POR_PAGINA, por_tipo)


def muerta(*, pk: int) -> Entrega | None:
    alcance = exigir()
    with como_sistema("ver una entrega muerta"), transaction.atomic():
        return _las_de(alcance).filter(pk=pk).first()


def _las_de(alcance: Alcance) -> ConsultaEntrega:
    todas = Entrega.objects.muertas()
    return todas if alcance.rol == "administrador" or alcance.es_sistema else todas.none()


def reintentar(*, pk: int) -> Entrega:
    """One more try now. If it fails again it comes back here. Raises ValidationError when it is no longer dead."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("reintentar una entrega"):
        entrega = _bloquear_muerta(pk, alcance)
        entrega.estado = EstadoEntrega.PENDIENTE
        entrega.intento = INTENTOS - 1
        # A person has looked: a doubt of before no longer stops this try.
        entrega.posible_duplicado = False
        entrega.proximo_intento = timezone.now()
        entrega.save(update_fields=["estado", "intento", "posible_duplicado", "proximo_intento"])
        _dejar_constancia("bandeja.reintentar", entrega)
        _avisar_al_confirmar()
    return entrega


def reintentar_todas(*, tipo: str) -> int:
    """One more try of every dead one of a kind, as after a mail server that was away. Not of those that may have left:
    each of them is for a person to look at. Gives how many."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("reintentar las entregas de un tipo"):
        cuantas = _sin_duda(_las_de(alcance).filter(tipo=tipo)).update(
            estado=EstadoEntrega.PENDIENTE, intento=INTENTOS - 1, proximo_intento=timezone.now()
        )
        if cuantas:
            registrar(accion="bandeja.reintentar_todas", texto=tipo, despues={"tipo": tipo, "cuantas": cuantas})
            _avisar_al_confirmar()
    return cuantas


def _sin_duda(muertas: ConsultaEntrega) -> ConsultaEntrega:
    return muertas.filter(posible_duplicado=False)


def descartar(*, pk: int, motivo: str) -> Entrega:
    """Give it up, with a reason. It stays in the table: nothing is deleted."""
    if not motivo.strip():
        raise ValidationError("Escriba por qué se descarta la entrega.")
    alcance = exigir()
    with transaction.atomic(), como_sistema("descartar una entrega"):
        entrega = _bloquear_muerta(pk, alcance)
        entrega.estado, entrega.descarte_motivo = EstadoEntrega.DESCARTADA, motivo.strip()[:300]
        entrega.save(update_fields=["estado", "descarte_motivo"])
        _dejar_constancia("bandeja.descartar", entrega, motivo)
    return entrega


def _bloquear_muerta(pk: int, alcance: Alcance) -> Entrega:
    entrega = _las_de(alcance).select_for_update(of=("self",)).filter(pk=pk).first()
    if entrega is None:
        raise ValidationError("Alguien ya la reintentó o la descartó. Recargue la página.")
    return entrega


def _dejar_constancia(accion: str, entrega: Entrega, motivo: str = "") -> None:
    despues = {"tipo": entrega.tipo, "estado": str(entrega.estado)}
    registrar(accion=accion, objeto=entrega, antes={"estado": "muerta"}, despues=despues, motivo=motivo)
