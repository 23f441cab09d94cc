"""Whose alcance a request carries: the active membership of the signed-in person, read afresh every time.

Nothing is cached between requests: a membership that ended a second ago no longer opens anything (security.md T11).
They come with the session of the request, in its own question (`cuentas.sesiones`).
"""

from contextlib import nullcontext
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from alcance import Alcance, con_alcance
from alcance.compiladas import Compilada
from direcciones.models import Dependencia, Membresia

CLAVE_SESION = "membresia"


def alcance_de_la_peticion(request: HttpRequest) -> Alcance:
    """Set `request.membresias` and `request.membresia`, and return the alcance (architecture §8.4).

    What came with a token acts as the membership of that token, just read, and as no other.
    """
    credencial = getattr(request, "credencial", None)
    if credencial is not None:
        request.membresias, request.membresia = [credencial.membresia], credencial.membresia  # type: ignore[attr-defined]
        return Alcance.de_membresia(credencial.membresia)
    leidas: list[Membresia] = getattr(request.session, "membresias", [])
    if not leidas or leidas[0].persona_id != request.user.pk:
        leidas = membresias_activas(request.user.pk)  # type: ignore[arg-type]
    else:
        _leer_las_hijas(leidas)
    request.membresias = leidas  # type: ignore[attr-defined]
    elegida = request.session.get(CLAVE_SESION)
    request.membresia = next(  # type: ignore[attr-defined]
        (m for m in request.membresias if m.pk == elegida),  # type: ignore[attr-defined]
        request.membresias[0] if request.membresias else None,  # type: ignore[attr-defined]
    )
    if request.membresia is None:  # type: ignore[attr-defined]
        return Alcance(persona_id=request.user.pk)
    return Alcance.de_membresia(request.membresia)  # type: ignore[attr-defined]


def membresias_activas(persona_id: int) -> list[Membresia]:
    """Memberships in force of a person, oldest first. The first query runs with the person alone in the context."""
    # The alcance is written in a transaction: a request already has one.
    abierta = nullcontext() if connection.in_atomic_block else transaction.atomic()
    with con_alcance(Alcance(persona_id=persona_id)), abierta:
        activas = _ACTIVAS(persona=persona_id, hoy=timezone.localdate(), ahora=timezone.now())
        _leer_las_hijas(activas)
    return activas


def de_quien_pregunta(hoy: date, ahora: datetime) -> QuerySet[Membresia]:
    """Memberships in force, oldest first, each with what its alcance is made of."""
    return (
        Membresia.objects.activas(hoy, ahora)
        .select_related("entidad", "dependencia")
        .annotate(con_hijas=Exists(Dependencia.objects.filter(padre=OuterRef("dependencia"))))
        .order_by("id")
    )


_ACTIVAS = Compilada(
    lambda persona, hoy, ahora: de_quien_pregunta(hoy, ahora).filter(persona_id=persona),
    persona=int,
    hoy=date,
    ahora=datetime,
).sin_transaccion()


def _leer_las_hijas(membresias: list[Membresia]) -> None:
    """The dependencias below each one, read at once: only for the few that have any."""
    con_hijas = [m for m in membresias if m.con_hijas]  # type: ignore[attr-defined]
    if not con_hijas:
        return
    hijas = _HIJAS(padres=tuple({m.dependencia_id for m in con_hijas}))
    for membresia in con_hijas:
        membresia.hijas_leidas = [hija for hija in hijas if hija.padre_id == membresia.dependencia_id]
        for hija in membresia.hijas_leidas:
            hija.padre = membresia.dependencia


_HIJAS = Compilada(lambda padres: Dependencia.objects.filter(padre__in=padres), padres=tuple).sin_transaccion()
