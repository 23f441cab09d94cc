"""What a person decides of a message, once.

The transition table says what may follow; the number of the last decision, whether what the person saw is still so.
Each decision leaves its row, which nobody changes: from it the classifier learns, and by it a wrong one is taken back.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from alcance import como_sistema, exigir
from bitacora.services import registrar
from buzones.botones import BOTONES
from buzones.models import Correo, Decision
from buzones.permisos import DECIDEN
from buzones.services.actos import ACTOS
from buzones.services.mover import NoSePuede, admite, comprobar, mover_juntos
from direcciones.models import Persona

JUNTOS = 2000  # of a group, at most, in one decision


def decidir(
    correo_id: int,
    accion: str,
    *,
    version: int,
    motivo: str = "",
    con_grupo: bool = False,
    datos: Mapping[str, Any] | None = None,
) -> Decision:
    """Decide it, and with `con_grupo` the rest of its flood: `datos["juntos"]` says how many were decided. `datos`:
    what its act takes (`services.actos`).

    Raises Correo.DoesNotExist (who asks does not see it) and ValidationError.
    """
    alcance = exigir()
    if alcance.rol not in DECIDEN or accion not in BOTONES or alcance.persona_id is None:
        raise NoSePuede("Su usuario no puede decidir eso de un correo.")
    with transaction.atomic():
        visibles = Correo.objects.visibles_para(alcance)
        visto = visibles.get(pk=correo_id)
        companeros = _companeros(visibles, visto) if con_grupo and BOTONES[accion].junto else []
        with como_sistema("decidir qué es un correo"):
            bloqueados = Correo.objects.bajo_cerrojo().filter(pk__in=[correo_id, *companeros])
            todos = {correo.pk: correo for correo in bloqueados.order_by("pk")}
            correo = todos.pop(correo_id)
            comprobar(correo, accion, version)
            # What somebody else decided of the group meanwhile stays as they left it.
            hechos = [correo, *(uno for uno in todos.values() if admite(uno, accion))]
        clase, estado = correo.clase, correo.estado
        persona = Persona.objects.get(pk=alcance.persona_id)
        guardan = [ACTOS[accion](uno, persona, **(datos or {})) if accion in ACTOS else {} for uno in hechos]
        juntos = {"juntos": len(hechos)} if len(hechos) > 1 else {}
        with como_sistema("decidir qué es un correo"):
            cuales = [(uno, guarda | juntos) for uno, guarda in zip(hechos, guardan, strict=True)]
            decision = mover_juntos(cuales, accion, persona_id=persona.pk, motivo=motivo)[0]
        registrar(
            accion="correo.decidir",
            objeto=correo,
            texto=correo.numero,
            antes={"clase": clase, "estado": estado},
            despues={"clase": correo.clase, "estado": correo.estado}
            | ({"correos": [uno.pk for uno in hechos]} if juntos else {}),
            motivo=motivo,
            dependencias=correo.dependencias,
        )
    return decision


def _companeros(visibles: Any, correo: Correo) -> list[int]:
    """The rest of its flood, that the person sees and that is as this one is."""
    raiz = correo.grupo_id or correo.pk
    iguales = visibles.filter(Q(pk=raiz) | Q(grupo=raiz), estado=correo.estado, clase=correo.clase)
    return list(iguales.exclude(pk=correo.pk).order_by("pk").values_list("pk", flat=True)[:JUNTOS])
