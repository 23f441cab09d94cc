"""Catalogues in force, and what the token that asks may do."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from api import ejemplos
from api.errores import Rehusada
from api.esquema import operacion, pagina_de
from api.permisos import Permiso
from api.serializadores import (
    AcuerdoSalida,
    DependenciaSalida,
    EntidadSalida,
    FestivosDelAnio,
    ModalidadSalida,
    ParametrosDeFestivos,
    ParametrosDePagina,
    SectorSalida,
    TemaSalida,
    TokenSalida,
)
from api.views.base import Vista, con_token
from direcciones.models import AcuerdoServicio, Dependencia, Entidad, Modalidad, Sector, Tema
from direcciones.roles import Rol
from plazos.reloj import hoy
from plazos.services import calendario_vigente

GRUPO = "Catálogos"
CUALQUIERA = tuple(Rol)


class DeCatalogo(Vista):
    permisos = {"GET": Permiso.LEER_CATALOGOS}

    def filas(self, consulta: Any, forma: Any) -> Response:
        return self.pagina(consulta.vigentes(), ("id",), self.leer(ParametrosDePagina), forma)


def _de_catalogo(nombre: str, que: str, forma: Any, ejemplo: Any) -> Any:
    return operacion(
        nombre,
        f"Listar {que}",
        grupo=GRUPO,
        descripcion=f"Las filas vigentes hoy del catálogo de {que}.",
        parametros=ParametrosDePagina,
        sale=pagina_de(forma),
        ejemplo=ejemplo,
        errores=(400, 422),
    )


@con_token(*CUALQUIERA)
class Sectores(DeCatalogo):
    @_de_catalogo("listar_sectores", "sectores", SectorSalida, ejemplos.SECTORES)
    def get(self, request: Request) -> Response:
        return self.filas(Sector.objects, SectorSalida)


@con_token(*CUALQUIERA)
class Entidades(DeCatalogo):
    @_de_catalogo("listar_entidades", "entidades", EntidadSalida, ejemplos.ENTIDADES)
    def get(self, request: Request) -> Response:
        return self.filas(Entidad.objects.select_related("sector"), EntidadSalida)


@con_token(*CUALQUIERA)
class Dependencias(DeCatalogo):
    @_de_catalogo("listar_dependencias", "dependencias", DependenciaSalida, ejemplos.DEPENDENCIAS)
    def get(self, request: Request) -> Response:
        return self.filas(Dependencia.objects.select_related("padre"), DependenciaSalida)


@con_token(*CUALQUIERA)
class Temas(DeCatalogo):
    @_de_catalogo("listar_temas", "temas", TemaSalida, ejemplos.TEMAS)
    def get(self, request: Request) -> Response:
        return self.filas(Tema.objects.select_related("dependencia", "modalidad"), TemaSalida)


@con_token(*CUALQUIERA)
class Modalidades(DeCatalogo):
    @_de_catalogo("listar_modalidades", "modalidades", ModalidadSalida, ejemplos.MODALIDADES)
    def get(self, request: Request) -> Response:
        return self.filas(Modalidad.objects, ModalidadSalida)


@con_token(*CUALQUIERA)
class Acuerdos(DeCatalogo):
    @_de_catalogo("listar_ans", "acuerdos de nivel de servicio", AcuerdoSalida, ejemplos.ACUERDOS)
    def get(self, request: Request) -> Response:
        return self.filas(AcuerdoServicio.objects.select_related("dependencia", "modalidad"), AcuerdoSalida)


@con_token(*CUALQUIERA)
class Festivos(Vista):
    permisos = {"GET": Permiso.LEER_CATALOGOS}

    @operacion(
        "listar_festivos",
        "Listar festivos",
        grupo=GRUPO,
        descripcion="Los festivos de un año, con la norma que los fija: con ellos se cuentan los días hábiles.",
        parametros=ParametrosDeFestivos,
        sale=FestivosDelAnio,
        ejemplo=ejemplos.FESTIVOS,
        errores=(400, 422),
    )
    def get(self, request: Request) -> Response:
        anio = self.leer(ParametrosDeFestivos).get("anio", hoy().year)
        festivos = [f for f in calendario_vigente().festivos if f.fecha.year == anio]
        if not festivos:
            raise Rehusada({"anio": ["El calendario no llega a ese año."]})
        return Response(FestivosDelAnio({"anio": anio, "resultados": sorted(festivos)}).data)


@con_token(*CUALQUIERA)
class EsteToken(Vista):
    @operacion(
        "leer_token",
        "Qué puede este token",
        grupo="Token",
        descripcion="El rol con el que actúa, sus permisos y cuándo vence. Sirve para comprobar que funciona.",
        sale=TokenSalida,
        ejemplo=ejemplos.TOKEN,
    )
    def get(self, request: Request) -> Response:
        return Response(TokenSalida(request.auth).data)
