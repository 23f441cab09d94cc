"""The register (lineamiento §5; R25, R26): every solicitud received, whatever the channel, one row for each parte."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alcance.politicas import requiere
from direcciones.roles import PERSONAL, VEN_ENCUESTAS
from plazos.services import calendario_vigente
from solicitudes.models import Actuacion, Parte
from solicitudes.paginas import paginar
from solicitudes.registro import MAS_RECIENTES, registro_de
from solicitudes.vencimiento import vencimiento
from solicitudes.views.atencion.comun import dependencias_de

SE_CUENTAN = 1_000  # beyond it the page says «más de»: nobody reads that far and counting costs


@requiere(*sorted(PERSONAL))
def registro(request: HttpRequest) -> HttpResponse:
    alcance = request.alcance
    pedido = registro_de(alcance, request.GET, dependencias_de(request))
    pagina = paginar(_con_lo_que_muestra(pedido.consulta), MAS_RECIENTES, request.GET.get("desde_fila", ""))
    calendario = calendario_vigente()
    for fila in pagina.filas:
        _vestir(fila, calendario)
    contexto = {
        "pagina": pagina,
        "cuantas": pedido.consulta[: SE_CUENTAN + 1].count(),
        "se_cuentan": SE_CUENTAN,
        "filtros": pedido.filtros,
        "hay_filtros": bool(pedido.filtros.valores),
        "consolidado": bool(alcance.nivel),
        "ve_encuestas": alcance.rol in VEN_ENCUESTAS,
        "dependencias": pedido.dependencias,
    }
    return render(request, "atencion/registro.html", contexto)


def _con_lo_que_muestra(consulta: Any) -> Any:
    """Everything a row shows, in one query."""
    return consulta.select_related("solicitud", "entidad__sector", "tema", "modalidad", "asesor", "dependencia")


def _vestir(parte: Parte, calendario: Any) -> None:
    parte.plazo = vencimiento(parte, calendario)
    parte.producto = "; ".join(parte.productos) or parte.resultado
    parte.medio_texto = Actuacion.Medio(parte.medio).label if parte.medio else ""
