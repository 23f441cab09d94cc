"""Filing and following, for an enlace; registering, for ventanilla and those who attend (urls_atencion: the staff)."""

from django.urls import path, re_path

from solicitudes import convertidores  # noqa: F401
from solicitudes.views import archivos, entidad, guardado, radicar, seguimiento, ventanilla

app_name = "solicitudes"
_BORRADOR = r"^solicitudes/borrador/(?P<pk>\d+)/"
_PASO = r"(?P<paso>recepcion|necesidad|detalle|documentos|revisar)/"
_PASO_CON_ARCHIVOS = r"(?P<paso>recepcion|documentos)/archivos/"
_PASO_QUE_SE_GUARDA = r"(?P<paso>recepcion|necesidad|detalle|documentos)/"

urlpatterns = [
    path("mis-solicitudes/", entidad.mias, name="mias"),
    path("solicitudes/nueva/", radicar.nueva, name="nueva"),
    path("solicitudes/mi-asesor/", radicar.mi_asesor, name="mi_asesor"),
    path("solicitudes/sesion-abierta/", entidad.sesion_abierta, name="sesion_abierta"),
    path("registrar/", ventanilla.registrar, name="registrar"),
    path("registrar/guardar/", ventanilla.GuardarNuevo.as_view(), name="registrar_guardar"),
    # The draft.
    re_path(_BORRADOR + r"descartar/$", radicar.descartar, name="descartar"),
    re_path(_BORRADOR + _PASO + "$", radicar.borrador, name="borrador"),
    re_path(_BORRADOR + _PASO_QUE_SE_GUARDA + "guardar/$", guardado.Guardar.as_view(), name="guardar"),
    re_path(_BORRADOR + _PASO_CON_ARCHIVOS + "$", archivos.subir, name="subir"),
    re_path(_BORRADOR + _PASO_CON_ARCHIVOS + r"(?P<archivo_id>\d+)/quitar/$", archivos.quitar, name="quitar_archivo"),
    re_path(
        _BORRADOR + _PASO_CON_ARCHIVOS + r"(?P<archivo_id>\d+)/devolver/$", archivos.devolver, name="devolver_archivo"
    ),
    path(
        "solicitudes/borrador/<int:pk>/archivos/<int:archivo_id>/",
        archivos.descargar_de_borrador,
        name="archivo_borrador",
    ),
    # The solicitud.
    path("solicitudes/<radicado:radicado>/", entidad.detalle, name="detalle"),
    path("solicitudes/<radicado:radicado>/radicada/", entidad.radicada, name="radicada"),
    path("solicitudes/<radicado:radicado>/constancia.pdf", entidad.constancia_pdf, name="constancia_pdf"),
    path("solicitudes/<radicado:radicado>/mensaje/", entidad.mensaje, name="mensaje"),
    path("solicitudes/<radicado:radicado>/responder/<int:parte_id>/", entidad.complementar, name="complementar"),
    path("solicitudes/<radicado:radicado>/retirar/", entidad.pagina_retirar, name="retirar"),
    path("solicitudes/<radicado:radicado>/archivos/<int:archivo_id>/", archivos.descargar, name="archivo"),
    # Whoever has the link that their acuse brought.
    path("seguimiento/<slug:token>/", seguimiento.seguimiento, name="seguimiento"),
    # Anybody with the code of a constancia.
    path("constancias/", entidad.confirmar_constancia, name="confirmar"),
    path("constancias/<str:codigo>/", entidad.confirmar_constancia, name="confirmar_constancia"),
]
