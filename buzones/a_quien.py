"""Who of the team is told of a message that hangs from no solicitud yet."""

from buzones.models import Correo
from direcciones.ausencias import personas_de, presentes, quienes_dirigen
from direcciones.models import Dependencia, Membresia, Persona
from direcciones.roles import Rol


def ventanilla(correo: Correo) -> list[Persona]:
    """Those who are there today; when none is, who heads the dependencia whose mailbox it reached."""
    return presentes(personas_de(Membresia.objects.activas().filter(rol=Rol.VENTANILLA))) or jefatura(correo)


def jefatura(correo: Correo) -> list[Persona]:
    """Of the dependencia whose mailbox it reached, not of each one below; of none, who is over all of them."""
    suyas = Dependencia.objects.filter(pk__in=correo.dependencias)
    lugares = suyas.exclude(padre__in=correo.dependencias).order_by("pk")
    dirigen = [persona for lugar in lugares for persona in quienes_dirigen(lugar)]
    if not dirigen:
        activas = Membresia.objects.activas()
        dirigen = next(
            (p for rol in (Rol.SUBSECRETARIO, Rol.ADMINISTRADOR) if (p := personas_de(activas.filter(rol=rol)))), []
        )
    return list({persona.pk: persona for persona in dirigen}.values())
