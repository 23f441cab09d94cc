"""Who looks at an expediente and who takes a sealed copy of it out of the portal."""

from alcance import Alcance
from direcciones.roles import JEFES, PERSONAL, Rol

# Internal notes, reviewed drafts and the bitácora leave with a copy: only who answers for the file, or audits it.
COPIAN = frozenset({*JEFES, Rol.SUBSECRETARIO, Rol.AUDITOR})
MIRAN = PERSONAL


def puede_copiar(alcance: Alcance) -> bool:
    return alcance.rol in COPIAN
