"""Saved views of the register: whose they are, with whom they are shared, and the one that opens by itself."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import exigir
from bitacora.services import registrar
from direcciones.models import Dependencia
from solicitudes.models import Vista

MAXIMO = 40


@transaction.atomic
def guardar_vista(
    *, vista: Vista, nombre: str, dependencia: Dependencia | None = None, predeterminada: bool = False
) -> Vista:
    """Save a new view or change one's own. `dependencia`: its head shares the view with everyone there."""
    alcance = exigir()
    es_nueva = vista._state.adding
    if es_nueva:
        vista.persona_id = alcance.persona_id  # type: ignore[assignment]  # the column refuses nobody
        if Vista.objects.propias(alcance).count() >= MAXIMO:
            raise ValidationError(f"Ya tiene {MAXIMO} vistas guardadas. Borre una que no use.")
    _exigir_propia(vista)
    if dependencia is not None and dependencia.pk not in alcance.jefaturas:
        raise ValidationError({"dependencia": "Solo quien dirige la dependencia comparte vistas con ella."})
    otra = Vista.objects.propias(alcance).filter(nombre=nombre).exclude(pk=vista.pk)
    if otra.exists():
        raise ValidationError({"nombre": "Ya tiene una vista con ese nombre. Escriba otro."})
    antes = {} if es_nueva else _valores(vista)
    vista.nombre, vista.dependencia, vista.predeterminada = nombre, dependencia, predeterminada
    if predeterminada:
        Vista.objects.propias(alcance).exclude(pk=vista.pk).update(predeterminada=False)
    vista.save()
    registrar(accion="vista.guardar", objeto=vista, antes=antes, despues=_valores(vista))
    return vista


@transaction.atomic
def borrar_vista(*, vista: Vista) -> None:
    """Only the view goes: nothing of the register."""
    _exigir_propia(vista)
    registrar(accion="vista.borrar", objeto=vista, antes=_valores(vista))
    vista.delete()


def _valores(vista: Vista) -> dict[str, Any]:
    """What the bitácora keeps: not the name, where somebody may write anybody's."""
    return {
        "consulta": vista.consulta,
        "dependencia": vista.dependencia_id,
        "predeterminada": vista.predeterminada,
    }


def _exigir_propia(vista: Any) -> None:
    if vista.persona_id != exigir().persona_id:
        raise ValidationError("Esa vista es de otra persona. Guarde la suya con otro nombre.")
