"""What others use of the expediente: close it, sign its index, ask for a sealed copy."""

from expedientes.services.cierre import cerrar_expediente, firma_valida
from expedientes.services.copias import copia_con_huella, hacer_copia, pedir_copia
from expedientes.services.fuentes import fuentes_de

__all__ = ["cerrar_expediente", "copia_con_huella", "firma_valida", "fuentes_de", "hacer_copia", "pedir_copia"]
