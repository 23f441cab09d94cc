"""The catalogue of where what the SDFI does not attend is sent."""

from buzones.models import CanalExterno
from direcciones.fichas import Columna, Ficha

CANALES = Ficha(
    clave="canales",
    modelo=CanalExterno,
    titulo="Canales externos",
    nuevo="Agregar canal externo",
    quien="este canal",
    grupo="Entidades",
    para_que="A dónde se traslada la petición ciudadana que no atiende la SDFI (Ley 1755 de 2015, artículo 21).",
    columnas=(
        Columna("Nombre", lambda canal: canal.nombre, enlaza=True),
        Columna("Cómo se traslada", lambda canal: canal.correo or "A mano, en su página"),
        Columna("Página", lambda canal: canal.url, si_hay=True),
        Columna("Qué atiende", lambda canal: canal.nota, si_hay=True),
        Columna("Hasta", lambda canal: canal.hasta, si_hay=True),
    ),
    campos=("nombre", "correo", "url", "nota", "desde"),
    buscar=("nombre", "correo", "url", "nota"),
    nota_al_guardar="Vale para los traslados que se pidan desde ahora.",
)
