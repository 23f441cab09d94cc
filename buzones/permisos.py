"""Who reads the ledger of mail, and who decides what a message is."""

from direcciones.roles import ATIENDEN, Rol

# Ventanilla reads what reaches any mailbox; who attends, what reaches those of their dependencia.
DECIDEN = ATIENDEN | {Rol.VENTANILLA}
VEN_LIBRO = DECIDEN | {Rol.SUBSECRETARIO, Rol.ADMINISTRADOR, Rol.AUDITOR}
