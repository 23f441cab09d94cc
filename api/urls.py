"""The API and, in the account, its tokens."""

from django.urls import path

from api.views import (
    catalogos,
    conceptos,
    documentacion,
    exportaciones,
    integraciones,
    registro,
    registros,
    solicitudes,
    tablero,
    tokens,
)
from conceptos import convertidores as _numero  # noqa: F401
from solicitudes import convertidores as _radicado  # noqa: F401

app_name = "api"
V1 = "api/v1/"
urlpatterns = [
    path("cuenta/tokens/", tokens.tokens, name="tokens"),
    path("cuenta/tokens/crear/", tokens.crear, name="crear_token"),
    path("cuenta/tokens/<int:pk>/revocar/", tokens.revocar, name="revocar_token"),
    path("usuarios/tokens/", tokens.todos, name="todos_los_tokens"),
    path("integraciones/", integraciones.lista, name="integraciones"),
    path("integraciones/crear/", integraciones.crear_una, name="crear_integracion"),
    path("integraciones/<int:pk>/", integraciones.una, name="integracion"),
    path("integraciones/<int:pk>/editar/", integraciones.editar_una, name="editar_integracion"),
    path("integraciones/<int:pk>/probar/", integraciones.probar_una, name="probar_integracion"),
    path("integraciones/<int:pk>/encender/", integraciones.encender_una, name="encender_integracion"),
    path("integraciones/<int:pk>/apagar/", integraciones.apagar_una, name="apagar_integracion"),
    path("integraciones/<int:pk>/secreto/", integraciones.otro_secreto, name="secreto_integracion"),
    path("api/documentacion/", documentacion.documentacion, name="documentacion"),
    path(V1 + "openapi.json", documentacion.Esquema.as_view(), name="esquema"),
    path(V1 + "registro/", registro.Registro.as_view(), name="registro"),
    path(V1 + "solicitudes/", solicitudes.Solicitudes.as_view(), name="solicitudes"),
    path(V1 + "solicitudes/<radicado:radicado>/", solicitudes.UnaSolicitud.as_view(), name="solicitud"),
    path(V1 + "solicitudes/<radicado:radicado>/mensajes/", solicitudes.Mensajes.as_view(), name="mensajes"),
    path(V1 + "registros/", registros.Registros.as_view(), name="registros"),
    path(V1 + "solicitudes/<radicado:radicado>/siga/", registros.NumerosSiga.as_view(), name="numeros_siga"),
    path(V1 + "tablero/", tablero.Tablero.as_view(), name="tablero"),
    path(V1 + "exportaciones/", exportaciones.Exportaciones.as_view(), name="exportaciones"),
    path(V1 + "exportaciones/<int:exportacion_id>/", exportaciones.UnaExportacion.as_view(), name="exportacion"),
    path(
        V1 + "exportaciones/<int:exportacion_id>/cancelar/",
        exportaciones.Cancelar.as_view(),
        name="cancelar_exportacion",
    ),
    path(
        V1 + "exportaciones/<int:exportacion_id>/archivo/", exportaciones.Archivo.as_view(), name="archivo_exportacion"
    ),
    path(V1 + "conceptos/", conceptos.Conceptos.as_view(), name="conceptos"),
    path(V1 + "conceptos/<numero:numero>/", conceptos.UnConcepto.as_view(), name="concepto"),
    path(V1 + "catalogos/sectores/", catalogos.Sectores.as_view(), name="sectores"),
    path(V1 + "catalogos/entidades/", catalogos.Entidades.as_view(), name="entidades"),
    path(V1 + "catalogos/dependencias/", catalogos.Dependencias.as_view(), name="dependencias"),
    path(V1 + "catalogos/temas/", catalogos.Temas.as_view(), name="temas"),
    path(V1 + "catalogos/modalidades/", catalogos.Modalidades.as_view(), name="modalidades"),
    path(V1 + "catalogos/ans/", catalogos.Acuerdos.as_view(), name="ans"),
    path(V1 + "catalogos/festivos/", catalogos.Festivos.as_view(), name="festivos"),
    path(V1 + "token/", catalogos.EsteToken.as_view(), name="este_token"),
]
