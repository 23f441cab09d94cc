"""Give and end roles. The alcance of a request is read afresh each time, so an ended role opens nothing more (T11)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alcance import exigir
from bitacora.services import registrar
from direcciones.models import Dependencia, Entidad, Membresia, Persona
from direcciones.permisos import puede_dar_rol
from direcciones.relevos import donde_atiende, relevar
from direcciones.roles import Rol


@transaction.atomic
def agregar_membresia(
    *,
    persona: Persona,
    rol: str,
    entidad: Entidad | None = None,
    dependencia: Dependencia | None = None,
    solo_direcciones: Sequence[int] = (),
    solo_temas: Sequence[int] = (),
    cargo: str = "",
    desde: date | None = None,
    creada_por_id: int | None = None,
) -> Membresia:
    """Give a role from `desde` (today). Raises ValidationError when the person already has it there."""
    alcance = exigir()
    if not puede_dar_rol(alcance, rol, entidad.pk if entidad else None):
        raise ValidationError("Usted no puede dar ese rol.")
    membresia = Membresia(
        persona=persona,
        rol=rol,
        entidad=entidad,
        dependencia=dependencia,
        solo_direcciones=sorted(solo_direcciones),
        solo_temas=sorted(solo_temas),
        cargo=cargo,
        desde=desde or timezone.localdate(),
        creada_por_id=creada_por_id or alcance.persona_id,
    )
    membresia.full_clean()
    membresia.save()
    registrar(
        accion="membresia.agregar",
        objeto=membresia,
        texto=str(membresia),
        despues={"persona": persona.pk, "rol": rol, "desde": membresia.desde},
    )
    return membresia


@transaction.atomic
def limitar_membresia(
    *, membresia: Membresia, solo_direcciones: Sequence[int] = (), solo_temas: Sequence[int] = ()
) -> Membresia:
    """What an enlace answers for from now on: any of those direcciones or temas; none of both, everything."""
    actual = Membresia.objects.select_for_update(of=("self",)).get(pk=membresia.pk)
    if not puede_dar_rol(exigir(), actual.rol, actual.entidad_id):
        raise ValidationError("Usted no puede cambiar ese rol.")
    if not actual.esta_vigente():
        raise ValidationError("Ese rol ya había terminado.")
    antes = {"direcciones": actual.solo_direcciones, "temas": actual.solo_temas}
    actual.solo_direcciones, actual.solo_temas = sorted(solo_direcciones), sorted(solo_temas)
    actual.save(update_fields=["solo_direcciones", "solo_temas"])
    registrar(
        accion="membresia.limitar",
        objeto=actual,
        texto=str(actual),
        antes=antes,
        despues={
            "persona": actual.persona_id,
            "direcciones": actual.solo_direcciones,
            "temas": actual.solo_temas,
        },
    )
    return actual


@transaction.atomic
def terminar_membresia(*, membresia: Membresia, hasta: date | None = None, motivo: str = "") -> Membresia:
    """End a role: now, or at the end of the day `hasta` when it is still to come. It stays in the history.

    What the person had in hand there goes in this same transaction to whoever answers for it; when nobody is left, the
    role does not end. Of one that ends later, the work goes on its day.
    """
    alcance, hoy = exigir(), timezone.localdate()
    actual = Membresia.objects.select_for_update(of=("self",)).get(pk=membresia.pk)
    if not puede_dar_rol(alcance, actual.rol, actual.entidad_id):
        raise ValidationError("Usted no puede terminar ese rol.")
    if not actual.esta_vigente() and actual.desde <= hoy:
        raise ValidationError("Ese rol ya había terminado.")
    if hasta is not None and hasta < hoy:
        raise ValidationError("Escriba la fecha de hoy o una que esté por venir.")
    al_instante = hasta is None or hasta <= hoy
    antes = actual.hasta
    actual.hasta = max(hasta or hoy, actual.desde)
    actual.terminada_en = timezone.now() if al_instante else None
    actual.terminada_por_id = alcance.persona_id
    if al_instante:
        _conservar_un_administrador(actual)
    actual.save(update_fields=["hasta", "terminada_en", "terminada_por"])
    registrar(
        accion="membresia.terminar",
        objeto=actual,
        texto=str(actual),
        antes={"hasta": antes},
        despues={"persona": actual.persona_id, "rol": actual.rol, "hasta": actual.hasta},
        motivo=motivo,
    )
    relevar(
        persona=actual.persona_id,
        lugares=donde_atiende([actual]),
        motivo=f"{actual.persona} ya no tiene el rol {actual}",
        desde=hoy if al_instante else actual.hasta + timedelta(days=1),
        hasta=antes,
    )
    return actual


def _conservar_un_administrador(membresia: Membresia) -> None:
    if membresia.rol == Rol.ADMINISTRADOR and not otros_administradores(membresia.persona_id):
        raise ValidationError("Es el único administrador del portal. Nombre otro antes de terminar este rol.")


def otros_administradores(persona_id: int) -> int:
    """How many active administradores there are besides this person."""
    return (
        Membresia.objects.activas()
        .filter(rol=Rol.ADMINISTRADOR)
        .exclude(persona_id=persona_id)
        .values("persona")
        .distinct()
        .count()
    )
