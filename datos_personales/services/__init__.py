"""What a person may know of their data (Ley 1581 de 2012), and how it is taken away."""

from datos_personales.services.exportar import exportar, resumen
from datos_personales.services.rectificar import propagar_correccion
from datos_personales.services.suprimir import por_que_no_se_suprime, suprimir

__all__ = ["exportar", "por_que_no_se_suprime", "propagar_correccion", "resumen", "suprimir"]
