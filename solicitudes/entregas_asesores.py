"""Outbox handlers: each enlace is told who attends their entidad, with what is so when its turn comes."""

from avisos.services import avisar
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.models import AsignacionSector, Dependencia
from plazos.reloj import hoy
from solicitudes import cartas
from solicitudes.services.asesores import clave_de, del_sector, destinatarios


@manejador("solicitudes.informar_asesor")
def informar(entrega: Entrega) -> None:
    """Who is no longer an enlace, or has nobody, is told nothing."""
    dependencia = Dependencia.objects.get(pk=entrega.carga["dependencia"])
    for persona, suyos in destinatarios(del_sector(dependencia)).items():
        if persona.pk == entrega.carga["persona"]:
            avisar(
                persona=persona,
                carta=cartas.sus_asesores(dependencia, suyos, entrega.carga["anio"]),
                clave=clave_de(dependencia.pk, entrega.carga["anio"]),
                evento="solicitudes.su_asesor",
            )


@manejador("direcciones.sector_asignado")
def cambio(entrega: Entrega) -> None:
    """The same day, to the enlaces of that sector; nobody when it was given to another meanwhile."""
    vigentes = AsignacionSector.objects.vigentes(hoy()).select_related("dependencia", "sector")
    asignacion = vigentes.filter(pk=entrega.carga["asignacion"], asesor=entrega.carga["asesor"]).first()
    if asignacion is None:
        return
    suyo = [uno for uno in del_sector(asignacion.dependencia) if uno.sector == asignacion.sector]
    for persona, dichos in destinatarios(suyo).items():
        avisar(
            persona=persona,
            carta=cartas.cambio_su_asesor(asignacion.dependencia, dichos),
            clave=entrega.clave_idempotencia,
            evento="solicitudes.su_asesor",
        )
