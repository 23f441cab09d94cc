"""The one table of what may be decided of a message."""

from buzones.estados import CON_SOLICITUD, TRANSICIONES, EstadoCorreo, acciones


def test_every_state_is_reached_and_left() -> None:
    llegan = {t.hacia for t in TRANSICIONES.values()}
    salen = set().union(*(t.desde for t in TRANSICIONES.values()))
    assert llegan == salen == set(EstadoCorreo)


def test_what_is_tied_to_a_solicitud_never_comes_back() -> None:
    assert acciones(EstadoCorreo.ATENDIDO, atado=False) == ["rescatar"]
    assert acciones(EstadoCorreo.ATENDIDO, atado=True) == []


def test_what_ties_to_a_solicitud_says_so() -> None:
    assert {t.clase for t in TRANSICIONES.values() if t.atado} == set(CON_SOLICITUD)
