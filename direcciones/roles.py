"""Roles a membership can have (domain.md §2.1) and named groups of them."""

from django.db.models import TextChoices


class Rol(TextChoices):
    ENLACE = "enlace", "Enlace de entidad"
    ADMIN_ENTIDAD = "admin_entidad", "Administrador de entidad"
    ASESOR = "asesor", "Asesor"
    REVISOR = "revisor", "Revisor"
    SUBDIRECTOR = "subdirector", "Subdirector"
    DIRECTOR = "director", "Director"
    SUBSECRETARIO = "subsecretario", "Subsecretario"
    VENTANILLA = "ventanilla", "Ventanilla"
    ADMINISTRADOR = "administrador", "Administrador del portal"
    AUDITOR = "auditor", "Auditor"


DE_ENTIDAD = frozenset({Rol.ENLACE, Rol.ADMIN_ENTIDAD})
DE_DEPENDENCIA = frozenset({Rol.ASESOR, Rol.REVISOR, Rol.SUBDIRECTOR, Rol.DIRECTOR})
JEFES = frozenset({Rol.SUBDIRECTOR, Rol.DIRECTOR})
DE_LA_SDFI = frozenset({Rol.SUBSECRETARIO, Rol.VENTANILLA, Rol.ADMINISTRADOR, Rol.AUDITOR})
ATIENDEN = frozenset({Rol.ASESOR, *JEFES})
PERSONAL = DE_DEPENDENCIA | DE_LA_SDFI
VEN_TODO = frozenset({Rol.SUBSECRETARIO, Rol.ADMINISTRADOR})
# Read the surveys of what was attended (R98): not who only reviews a text or receives the post.
VEN_ENCUESTAS = PERSONAL - {Rol.REVISOR, Rol.VENTANILLA}
# Read the record of who did what (each, what touches their dependencias).
VEN_AUDITORIA = JEFES | {Rol.ADMINISTRADOR, Rol.AUDITOR}
# A second factor is not optional for them (security.md N08).
CON_SEGUNDO_FACTOR = frozenset({Rol.DIRECTOR, Rol.SUBDIRECTOR, Rol.SUBSECRETARIO, Rol.ADMINISTRADOR})
