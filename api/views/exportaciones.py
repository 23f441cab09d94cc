"""Exports of the register: asked for, followed and taken, by the same services as their pages."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.ejemplos import EXPORTACION, EXPORTACION_NUEVA, EXPORTACIONES
from api.errores import Rehusada
from api.esquema import operacion, pagina_de
from api.permisos import Permiso
from api.serializadores import Entero, Estricto, ParametrosDePagina
from api.views.base import Vista, con_token
from api.views.registro import como_en_la_pagina, filtros_del_registro, pedir_registro
from archivos.descarga import responder
from direcciones.roles import PERSONAL
from exportaciones import services
from exportaciones.consulta import SATISFACCION, ofrecidas
from exportaciones.estados import EstadoExportacion, Formato
from exportaciones.models import Exportacion
from exportaciones.views import SERVIDO
from sdfi_portal.problemas import TIPO, describir
from solicitudes.columnas import COLUMNAS

GRUPO = "Exportaciones"
CUAL = OpenApiParameter(
    "exportacion_id",
    {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    OpenApiParameter.PATH,
    description="El «id» de la exportación.",
)
_ASESOR = Entero(required=False, min_value=1, max_value=2**31, help_text="El número que usa la página del registro.")
FiltrosEntrada: Any = type("FiltrosEntrada", (Estricto,), filtros_del_registro() | {"asesor": _ASESOR})


class ExportacionEntrada(Estricto):
    formato = serializers.ChoiceField(Formato.choices)
    columnas = serializers.ListField(
        child=serializers.ChoiceField([(c.clave, c.titulo) for c in (*COLUMNAS, SATISFACCION)]),
        required=False,
        max_length=len(COLUMNAS) + 1,
        help_text="Sin ellas, las que muestra el registro.",
    )
    filtros = FiltrosEntrada(required=False, help_text="Los del registro.")


class ExportacionSalida(serializers.Serializer):
    id = serializers.IntegerField()
    estado = serializers.ChoiceField(EstadoExportacion.choices)
    formato = serializers.ChoiceField(Formato.choices)
    columnas = serializers.ListField(child=serializers.CharField())
    filtros = serializers.CharField(source="en_palabras", allow_blank=True)
    filas = serializers.IntegerField(help_text="Cuántas lleva, o cuántas tiene.")
    total = serializers.IntegerField(allow_null=True)
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)
    porque = serializers.CharField(allow_blank=True, help_text="Por qué no se pudo hacer.")
    pedida_en = serializers.DateTimeField()
    terminada_en = serializers.DateTimeField(allow_null=True)
    vence_en = serializers.DateTimeField(allow_null=True)


class DeExportaciones(Vista):
    def suya(self, exportacion_id: int) -> Exportacion:
        visibles = Exportacion.objects.visibles_para(self.alcance).select_related("persona")
        return get_object_or_404(visibles, pk=exportacion_id)


@con_token(*PERSONAL)
class Exportaciones(DeExportaciones):
    permisos = {"GET": Permiso.EXPORTAR, "POST": Permiso.EXPORTAR}

    @operacion(
        "listar_exportaciones",
        "Listar mis exportaciones",
        grupo=GRUPO,
        descripcion="Las que pidió la persona del token con ese rol, de la más reciente a la más antigua.",
        parametros=ParametrosDePagina,
        sale=pagina_de(ExportacionSalida),
        ejemplo=EXPORTACIONES,
        errores=(400, 422),
    )
    def get(self, request: Request) -> Response:
        suyas = Exportacion.objects.visibles_para(self.alcance)
        return self.pagina(suyas, ("-id",), self.leer(ParametrosDePagina), ExportacionSalida)

    @operacion(
        "pedir_exportacion",
        "Pedir una exportación",
        grupo=GRUPO,
        descripcion="Se prepara aparte: pregunte por ella hasta que su estado sea «lista». Pedir la misma mientras se "
        "prepara responde la que ya está en camino.",
        entra=ExportacionEntrada,
        ejemplo_entra=EXPORTACION_NUEVA,
        sale=ExportacionSalida,
        ejemplo=EXPORTACION,
        errores=(400, 413, 415, 422),
        codigo=201,
    )
    def post(self, request: Request) -> Response:
        cuerpo = self.recibir(ExportacionEntrada)
        columnas = cuerpo.get("columnas", [])
        if set(columnas) - {columna.clave for columna in ofrecidas(self.alcance)}:
            raise Rehusada({"columnas": ["Su rol no lee las encuestas: quite «satisfaccion»."]})
        datos = como_en_la_pagina(cuerpo.get("filtros", {}))
        pedir_registro(self.alcance, datos)
        datos.pop("columna")
        pedida = services.pedir(
            persona=request.user, filtros=datos.urlencode(), columnas=columnas, formato=cuerpo["formato"]
        )
        return Response(ExportacionSalida(pedida).data, 201)


@con_token(*PERSONAL)
class UnaExportacion(DeExportaciones):
    permisos = {"GET": Permiso.EXPORTAR}

    @operacion(
        "leer_exportacion",
        "Seguir una exportación",
        grupo=GRUPO,
        descripcion="En qué va y, cuando está lista, la huella de su archivo y hasta cuándo se puede descargar.",
        sale=ExportacionSalida,
        ejemplo=EXPORTACION,
        errores=(404,),
        extra=(CUAL,),
    )
    def get(self, request: Request, exportacion_id: int) -> Response:
        return Response(ExportacionSalida(self.suya(exportacion_id)).data)


@con_token(*PERSONAL)
class Cancelar(DeExportaciones):
    permisos = {"POST": Permiso.EXPORTAR}

    @operacion(
        "cancelar_exportacion",
        "Cancelar una exportación",
        grupo=GRUPO,
        descripcion="Deja de prepararse y lo escrito se bota. Si ya terminó, responde 409.",
        sale=ExportacionSalida,
        ejemplo=EXPORTACION | {"estado": "cancelada"},
        errores=(404, 409),
        extra=(CUAL,),
    )
    def post(self, request: Request, exportacion_id: int) -> Response:
        exportacion = self.suya(exportacion_id)
        if not services.cancelar(exportacion=exportacion):
            return _ya_no("Esa exportación ya había terminado.")
        exportacion.refresh_from_db()
        return Response(ExportacionSalida(exportacion).data)


class CualquierFormato(JSONRenderer):
    """The file goes as it is, whatever the program says that it accepts; an error, as JSON."""

    media_type = "*/*"


@con_token(*PERSONAL)
class Archivo(DeExportaciones):
    permisos = {"GET": Permiso.EXPORTAR}
    renderer_classes = [CualquierFormato]

    @operacion(
        "descargar_exportacion",
        "Descargar una exportación",
        grupo=GRUPO,
        descripcion="El archivo, mientras no venza. Mientras se prepara responde 409; si no quedó, o venció, 410.",
        sale=OpenApiTypes.BINARY,
        errores=(404, 409, 410),
        extra=(CUAL,),
        tipos=tuple(tipo.partition(";")[0] for tipo in SERVIDO.values()),
    )
    def get(self, request: Request, exportacion_id: int) -> HttpResponseBase:
        exportacion = self.suya(exportacion_id)
        if exportacion.esta_activa:
            return _ya_no("Todavía se está preparando.")
        try:
            archivo = services.abrir(exportacion=exportacion)
        except services.NoDisponible as falla:
            return Response(describir(410, str(falla)), 410, content_type=TIPO)
        pedida = timezone.localtime(exportacion.pedida_en)
        nombre = f"registro-{pedida:%Y-%m-%d-%H%M}.{exportacion.formato}"
        return responder(archivo, nombre=nombre, servido=SERVIDO[Formato(exportacion.formato)])


def _ya_no(detalle: str) -> Response:
    return Response(describir(409, detalle), 409, content_type=TIPO)
