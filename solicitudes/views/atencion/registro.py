"""The register (lineamiento §5; R25, R26): every solicitud received, whatever the channel, one row for each parte."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alcance.politicas import requiere
from direcciones.models import Persona
from direcciones.roles import PERSONAL, VEN_ENCUESTAS, Rol
from plazos.services import calendario_vigente
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.models import Actuacion, Parte
from solicitudes.paginas import paginar
from solicitudes.services.asignacion import asesores_de
from solicitudes.vencimiento import vencimiento
from solicitudes.views.atencion.comun import dependencias_de

SE_CUENTAN = 10_000  # beyond it the page says «más de»: nobody reads that far and counting costs
MAS_RECIENTES = ("-recibido_en", "-solicitud_id", "-id")


@requiere(*sorted(PERSONAL))
def registro(request: HttpRequest) -> HttpResponse:
    alcance = request.alcance
    dependencias = dependencias_de(request)
    filtros = FiltrosRegistro(request.GET, dependencias=dependencias, asesores=_asesores(dependencias))
    consulta = Parte.objects.visibles_para(alcance)
    if alcance.rol != Rol.VENTANILLA and not alcance.nivel:
        consulta = consulta.filter(dependencia__in=dependencias)
    filtrada = filtros.aplicar(consulta)
    pagina = paginar(_con_lo_que_muestra(filtrada), MAS_RECIENTES, request.GET.get("desde_fila", ""))
    calendario = calendario_vigente()
    for fila in pagina.filas:
        _vestir(fila, calendario)
    contexto = {
        "pagina": pagina,
        "cuantas": filtrada.order_by()[: SE_CUENTAN + 1].count(),
        "se_cuentan": SE_CUENTAN,
        "filtros": filtros,
        "hay_filtros": bool(filtros.valores),
        "consolidado": bool(alcance.nivel),
        "ve_encuestas": alcance.rol in VEN_ENCUESTAS,
        "dependencias": dependencias,
    }
    return render(request, "atencion/registro.html", contexto)


def _asesores(dependencias: list[Any]) -> list[Persona]:
    return asesores_de(*dependencias) if dependencias else []


def _con_lo_que_muestra(consulta: Any) -> Any:
    """Everything a row shows, in one query. Medium and products are those of the last session not cancelled."""
    sesiones = Actuacion.objects.filter(parte=OuterRef("pk")).exclude(estado=Actuacion.Estado.CANCELADA)
    return consulta.select_related(
        "solicitud", "entidad__sector", "tema", "modalidad", "asesor", "dependencia"
    ).annotate(
        medio=Subquery(sesiones.order_by("-id").values("medio")[:1]),
        productos=Subquery(sesiones.order_by("-id").values("productos")[:1]),
    )


def _vestir(parte: Parte, calendario: Any) -> None:
    parte.plazo = vencimiento(parte, calendario)
    parte.producto = "; ".join(parte.productos or []) or parte.resultado
    parte.medio_texto = Actuacion.Medio(parte.medio).label if parte.medio else ""
