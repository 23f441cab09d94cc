"""The asesor of each sector, with a substitute, by vigencia (lineamiento §6.2 and §8.1.1; R41, R105)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alcance import Alcance, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import AsignacionSector, Dependencia, Membresia, Persona, Sector
from direcciones.roles import ATIENDEN, Rol
from plazos.reloj import hoy


@transaction.atomic
def asignar_sector(
    *, dependencia: Dependencia, sector: Sector, asesor: Persona, suplente: Persona | None = None
) -> AsignacionSector:
    """From today this asesor attends the sector. The one before stays in the history with its end.

    What already came keeps whoever attends it: reassigning is another decision. The enlaces of the sector are told who
    attends them (R106).
    """
    _comprobar(exigir(), dependencia, asesor, suplente)
    # The dependencia is the lock: two heads who assign the same sector at once take turns.
    Dependencia.objects.select_for_update(of=("self",)).get(pk=dependencia.pk)
    vigente = AsignacionSector.objects.filter(dependencia=dependencia, sector=sector, hasta__isnull=True).first()
    antes = {"asesor": vigente.asesor_id, "suplente": vigente.suplente_id} if vigente else None
    if vigente is not None and vigente.desde >= hoy():
        vigente.asesor, vigente.suplente = asesor, suplente
        vigente.save(update_fields=["asesor", "suplente"])
        nueva = vigente
    else:
        if vigente is not None:
            vigente.hasta = hoy() - timedelta(days=1)
            vigente.save(update_fields=["hasta"])
        nueva = AsignacionSector.objects.create(
            dependencia=dependencia, sector=sector, asesor=asesor, suplente=suplente, desde=hoy()
        )
    registrar(
        accion="sector.asignar",
        objeto=nueva,
        texto=f"{sector} en {dependencia.nombre_corto}",
        antes=antes,
        despues={"asesor": asesor.pk, "suplente": suplente.pk if suplente else None},
        dependencias=[dependencia.pk],
    )
    if antes is None or antes["asesor"] != asesor.pk:
        anotar(
            tipo="direcciones.sector_asignado",
            clave=f"sector-asignado:{nueva.pk}:{timezone.now().isoformat()}",
            carga={"asignacion": nueva.pk, "asesor": asesor.pk},
        )
    return nueva


def _comprobar(alcance: Alcance, dependencia: Dependencia, asesor: Persona, suplente: Persona | None) -> None:
    if dependencia.pk not in alcance.jefaturas and alcance.rol != Rol.ADMINISTRADOR and not alcance.es_sistema:
        raise ValidationError("Solo la jefatura de la dependencia asigna sus sectores.")
    if suplente == asesor:
        raise ValidationError({"suplente": "La persona suplente debe ser otra."})
    for campo, persona in (("asesor", asesor), ("suplente", suplente)):
        if persona is None:
            continue
        atiende = Membresia.objects.activas().filter(
            persona=persona, dependencia=dependencia, rol__in=sorted(ATIENDEN)
        )
        if not atiende.exists():
            raise ValidationError(
                {campo: f"{persona} no atiende en {dependencia}. Elija a alguien de la dependencia."}
            )
