"""The only writer of the states of a message after the first, by the table. Each step leaves its decision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from buzones.estados import TRANSICIONES, Clase, EstadoCorreo, Transicion, acciones
from buzones.models import Correo, Decision
from plazos.reloj import ahora
from sdfi_portal.templatetags.portal import hora


class NoSePuede(ValidationError):
    """With the sentence for the person."""


class YaDecidido(NoSePuede):
    """Somebody else decided it meanwhile: nothing of this was done."""


def version_de(decisiones: Iterable[Decision]) -> int:
    """The number that a page keeps of what it showed: the last decision, 0 when there is none."""
    return max((decision.pk for decision in decisiones), default=0)


def admite(correo: Correo, accion: str) -> bool:
    return accion in acciones(correo.estado, atado=correo.solicitud_id is not None)


def comprobar(correo: Correo, accion: str, version: int) -> None:
    """That what the person saw is still so, and the step follows. With the correo locked, as the system."""
    ultima = Decision.objects.filter(correo=correo).select_related("persona").order_by("pk").last()
    if (ultima.pk if ultima else 0) != version:
        raise YaDecidido(_quien_lo_hizo(ultima))
    if not admite(correo, accion):
        raise NoSePuede(f"El correo está {correo.get_estado_display().lower()}: eso ya no se puede decidir.")


def mover(
    correo: Correo,
    accion: str,
    *,
    persona_id: int | None = None,
    motivo: str = "",
    datos: Mapping[str, Any] | None = None,
) -> Decision:
    """Write the state that follows, and the decision. The correo is locked by whoever calls, as the system; what was
    done of it before (its solicitud, its message) is already in it."""
    return mover_juntos([(correo, datos or {})], accion, persona_id=persona_id, motivo=motivo)[0]


def mover_juntos(
    correos: Sequence[tuple[Correo, Mapping[str, Any]]],
    accion: str,
    *,
    persona_id: int | None = None,
    motivo: str = "",
) -> list[Decision]:
    """The same of several, each with what its decision keeps, in as many statements as of one."""
    fila = TRANSICIONES[accion]
    ultimas = _quienes([correo for correo, _ in correos]) if accion == "rescatar" else {}
    decisiones = []
    for correo, datos in correos:
        if correo.estado not in fila.desde:
            raise NoSePuede(f"El correo está {correo.get_estado_display().lower()}: eso ya no se puede decidir.")
        antes, acertada = correo.propuesta or correo.clase, _acertada(correo, fila, persona_id, ultimas)
        correo.estado = fila.hacia
        correo.clase = fila.clase or correo.clase
        decisiones.append(
            Decision(
                correo=correo,
                clase=correo.clase,
                antes=antes,
                datos={"accion": accion, **datos},
                persona_id=persona_id,
                motivo=motivo.strip()[:300],
                acertada=acertada,
                en=ahora(),
            )
        )
    _explicar([correo for correo, _ in correos], motivo)
    cambios = {"estado": fila.hacia} | ({"clase": fila.clase} if fila.clase else {})
    Correo.objects.filter(pk__in=[correo.pk for correo, _ in correos]).update(**cambios)
    return Decision.objects.bulk_create(decisiones)


def _explicar(correos: Iterable[Correo], motivo: str) -> None:
    """What goes back to the tray says why it is there."""
    for correo in correos:
        if correo.estado == EstadoCorreo.POR_CLASIFICAR and not correo.razones:
            correo.razones = [f"{motivo.rstrip('.')}." if motivo else "Una persona lo devolvió a la bandeja."]
            correo.save(update_fields=["razones"])


def _quienes(correos: Iterable[Correo]) -> dict[int, int | None]:
    """Who decided each the last time."""
    suyas = Decision.objects.filter(correo__in=[correo.pk for correo in correos]).order_by("pk")
    return dict(suyas.values_list("correo", "persona"))


def _acertada(
    correo: Correo, fila: Transicion, persona_id: int | None, ultimas: Mapping[int, int | None]
) -> bool | None:
    """Whether a person says what the rules had guessed. Nobody knows when they guessed nothing."""
    if persona_id is None or fila.clase is None:
        return None
    if fila.accion == "rescatar":
        return False if ultimas.get(correo.pk) is None else None
    return bool(correo.propuesta == fila.clase) if correo.propuesta else None


def _quien_lo_hizo(ultima: Decision | None) -> str:
    if ultima is None:
        return "El correo cambió mientras usted lo miraba. Revíselo de nuevo."
    quien = ultima.persona.nombre if ultima.persona else "El portal"
    return f"{quien} ya lo decidió a las {hora(ultima.en)}: {Clase(ultima.clase).label.lower()}."
