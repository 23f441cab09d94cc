"""Who of the team is told of a message that hangs from no solicitud yet."""

from buzones.models import Correo
from direcciones.ausencias import con_rol, de_turno, presentes, quienes_dirigen
from direcciones.models import Dependencia, Persona
from direcciones.roles import Rol


def ventanilla(correo: Correo) -> list[Persona]:
    """Those who are there today; when none is, who heads the dependencia whose mailbox it reached."""
    return presentes(con_rol(Rol.VENTANILLA)) or jefatura(correo)


def jefatura(correo: Correo) -> list[Persona]:
    """Of the dependencia whose mailbox it reached, not of each one below; of none, who is over all of them."""
    suyas = Dependencia.objects.filter(pk__in=correo.dependencias)
    lugares = suyas.exclude(padre__in=correo.dependencias).order_by("pk")
    dirigen = [persona for lugar in lugares for persona in quienes_dirigen(lugar)]
    return list(dict.fromkeys(dirigen)) or de_turno(Rol.SUBSECRETARIO)
