"""What a person decides of a message, and the only writer of its states after the first.

The transition table says what may follow; the number of the last decision, whether what the person saw is still so.
Each decision leaves its row, which nobody changes: from it the classifier learns, and by it a wrong one is taken back.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from alcance import como_sistema, exigir
from buzones.botones import BOTONES
from buzones.estados import TRANSICIONES, Clase, EstadoCorreo, Transicion, acciones
from buzones.models import Correo, Decision
from buzones.permisos import DECIDEN
from plazos.reloj import ahora
from sdfi_portal.templatetags.portal import hora

JUNTOS = 2000  # of a group, at most, in one decision


class NoSePuede(ValidationError):
    """With the sentence for the person."""


class YaDecidido(NoSePuede):
    """Somebody else decided it meanwhile: nothing of this was done."""


def version_de(decisiones: Iterable[Decision]) -> int:
    """The number that a page keeps of what it showed: the last decision, 0 when there is none."""
    return max((decision.pk for decision in decisiones), default=0)


def decidir(correo_id: int, accion: str, *, version: int, motivo: str = "", con_grupo: bool = False) -> Decision:
    """Decide it, and with `con_grupo` the rest of its flood: `datos["juntos"]` says how many were decided.

    Raises Correo.DoesNotExist (who asks does not see it) and NoSePuede.
    """
    alcance = exigir()
    if alcance.rol not in DECIDEN or accion not in BOTONES:
        raise NoSePuede("Su usuario no puede decidir eso de un correo.")
    fila = TRANSICIONES[accion]
    with transaction.atomic():
        visibles = Correo.objects.visibles_para(alcance)
        visto = visibles.get(pk=correo_id)
        companeros = _companeros(visibles, visto, fila) if con_grupo and BOTONES[accion].junto else []
        with como_sistema("decidir qué es un correo"):
            bloqueados = Correo.objects.bajo_cerrojo().filter(pk__in=[correo_id, *companeros])
            todos = {correo.pk: correo for correo in bloqueados.order_by("pk")}
            correo = todos.pop(correo_id)
            _comprobar(correo, fila, version)
            # What somebody else decided of the group meanwhile stays as they left it.
            hechos = [correo, *(uno for uno in todos.values() if _admite(uno, fila))]
            datos = {"juntos": len(hechos)} if len(hechos) > 1 else {}
            decision, *_ = [
                mover(uno, accion, persona_id=alcance.persona_id, motivo=motivo, datos=datos) for uno in hechos
            ]
    return decision


def mover(
    correo: Correo,
    accion: str,
    *,
    persona_id: int | None = None,
    motivo: str = "",
    datos: Mapping[str, Any] | None = None,
) -> Decision:
    """Write the state that follows, and the decision. The correo is locked by whoever calls, as the system.

    What the decision ties it to (solicitud, mensaje_agregado, entidad…) is set in `correo` before: it is saved here.
    """
    fila = TRANSICIONES[accion]
    if not _admite(correo, fila):
        raise NoSePuede("Ese paso no sigue a como está el correo.")
    antes = correo.propuesta or correo.clase
    correo.estado = fila.hacia
    correo.clase = fila.clase or correo.clase
    if fila.hacia == EstadoCorreo.POR_CLASIFICAR and not correo.razones:
        correo.razones = ["Una persona lo devolvió a la bandeja."]
    correo.save()
    return Decision.objects.create(
        correo=correo,
        clase=correo.clase,
        antes=antes,
        datos={"accion": accion, **(datos or {})},
        persona_id=persona_id,
        motivo=motivo[:300],
        acertada=_acertada(correo, fila, persona_id),
        en=ahora(),
    )


def _acertada(correo: Correo, fila: Transicion, persona_id: int | None) -> bool | None:
    """Whether a person says what the rules had guessed. Nobody knows when they guessed nothing."""
    if persona_id is None or fila.clase is None:
        return None
    if fila.accion == "rescatar":
        ultima = Decision.objects.filter(correo=correo).order_by("pk").last()
        return False if ultima is None or ultima.persona_id is None else None
    return bool(correo.propuesta == fila.clase) if correo.propuesta else None


def _admite(correo: Correo, fila: Transicion) -> bool:
    return fila.accion in acciones(correo.estado, atado=correo.solicitud_id is not None)


def _comprobar(correo: Correo, fila: Transicion, version: int) -> None:
    ultima = Decision.objects.filter(correo=correo).select_related("persona").order_by("pk").last()
    if (ultima.pk if ultima else 0) != version:
        raise YaDecidido(_quien_lo_hizo(ultima))
    if not _admite(correo, fila):
        raise NoSePuede(f"El correo está {correo.get_estado_display().lower()}: eso ya no se puede decidir.")


def _quien_lo_hizo(ultima: Decision | None) -> str:
    if ultima is None:
        return "El correo cambió mientras usted lo miraba. Revíselo de nuevo."
    quien = ultima.persona.nombre if ultima.persona else "El portal"
    return f"{quien} ya lo decidió a las {hora(ultima.en)}: {Clase(ultima.clase).label.lower()}."


def _companeros(visibles: Any, correo: Correo, fila: Transicion) -> list[int]:
    """The rest of its flood, that the person sees and that is as this one is."""
    raiz = correo.grupo_id or correo.pk
    iguales = visibles.filter(Q(pk=raiz) | Q(grupo=raiz), estado=correo.estado, clase=correo.clase)
    return list(iguales.exclude(pk=correo.pk).order_by("pk").values_list("pk", flat=True)[:JUNTOS])
