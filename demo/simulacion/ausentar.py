"""The absences of the plan, registered as their people register them, before anything of the two years is played."""

from datetime import datetime

from demo.simulacion.entregas import Cartero
from demo.simulacion.faltas import Falta
from demo.simulacion.reparto import Reparto
from direcciones.models import Ausencia
from direcciones.services.ausencias import registrar_ausencia, terminar_ausencia


def ausentar(faltas: list[Falta], reparto: Reparto, hasta: datetime) -> None:
    """In the order in which they were written and ended. Safe to cut: the caller holds the transaction."""
    hechas: dict[Falta, Ausencia] = {}
    hechos = [(f.registrada, f.por, f) for f in faltas] + [(f.vuelve, f.quien, f) for f in faltas if f.vuelve]
    cartero = Cartero(hasta)
    for cuando, quien, falta in sorted(hechos, key=lambda hecho: (hecho[0], hecho[1])):
        with reparto.como(reparto.personas[quien], cuando):
            if falta in hechas:
                terminar_ausencia(ausencia=hechas[falta])
            else:
                hechas[falta] = registrar_ausencia(
                    persona=reparto.personas[falta.quien],
                    desde=falta.desde,
                    hasta=falta.prevista,
                    suplente=reparto.personas.get(falta.suplente),
                    acto=falta.acto,
                )
        cartero.repartir(None, cuando)
        cartero.recoger(None, cuando)
