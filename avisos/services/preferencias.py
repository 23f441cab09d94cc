"""How each person wants what is not legal: at once, in the mail of the day, or only in the portal."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from alcance import exigir
from avisos.eventos import Clase, Evento, evento, eventos
from avisos.models import PreferenciaAviso
from bitacora.services import registrar
from direcciones.models import Membresia, Persona

Modo = PreferenciaAviso.Modo


def modo_de(persona: Persona, clave: str) -> str:
    """How this person is told of an event. What is legal or of the account leaves at once whatever they chose."""
    uno = _normal(clave)
    if uno is None:
        return Modo.AL_MOMENTO
    suyas = PreferenciaAviso.objects.filter(persona=persona, grupo=uno.grupo).values_list("modo", flat=True)
    modo = suyas.first() or Modo.AL_MOMENTO
    return Modo.AL_MOMENTO if modo == Modo.RESUMEN and not uno.resumible else modo


def se_puede_callar(clave: str) -> bool:
    """Whether a policy may leave an event without mail."""
    return _normal(clave) is not None


def _normal(clave: str) -> Evento | None:
    """The event, when it follows preferences. One that nobody declares any more is told at once."""
    try:
        uno = evento(clave)
    except KeyError:
        return None
    return uno if uno.clase is Clase.NORMAL else None


def mis_eventos() -> list[Evento]:
    """Those that the acting person may be told of, by any of their roles."""
    propias = Membresia.objects.activas().filter(persona=exigir().persona_id).order_by()
    roles = set(propias.values_list("rol", flat=True))
    return [uno for uno in eventos() if roles & uno.para]


def grupos(mios: Iterable[Evento]) -> dict[str, list[Evento]]:
    """What may be chosen how to receive. Shape: group → its events."""
    hallados: dict[str, list[Evento]] = {}
    for uno in mios:
        if uno.clase is Clase.NORMAL:
            hallados.setdefault(uno.grupo, []).append(uno)
    return hallados


def preferencias() -> dict[str, str]:
    """What the acting person has chosen. Shape: group → mode; what is not there, at once."""
    return dict(PreferenciaAviso.objects.visibles_para(exigir()).values_list("grupo", "modo"))


@transaction.atomic
def preferir(modos: Mapping[str, str]) -> None:
    """The acting person chooses, by group. What stays as it was is not written."""
    quien, suyas = exigir().persona_id, preferencias()
    antes = {grupo: suyas.get(grupo, str(Modo.AL_MOMENTO)) for grupo in modos}
    cambian = {grupo: modo for grupo, modo in modos.items() if antes[grupo] != modo}
    if quien is None or not cambian:
        return
    PreferenciaAviso.objects.bulk_create(
        [PreferenciaAviso(persona_id=quien, grupo=grupo, modo=modo) for grupo, modo in cambian.items()],
        update_conflicts=True,
        unique_fields=["persona", "grupo"],
        update_fields=["modo"],
    )
    registrar(
        accion="aviso.preferir", texto="Sus avisos", antes={grupo: antes[grupo] for grupo in cambian}, despues=cambian
    )
