"""Attending: the queue, the page of a solicitud, what the heads look at, and the register."""

from django.urls import path

from solicitudes import convertidores  # noqa: F401
from solicitudes.views.atencion import (
    acciones,
    asesores,
    ausencias,
    avisos,
    caso,
    cola,
    direccion,
    registro,
    sesiones,
    sin_contar,
    vistas,
)

app_name = "atencion"
CASO = "asesor/solicitudes/<radicado:radicado>/"

urlpatterns = [
    path("asesor/cola/", cola.cola, name="cola"),
    path("asesor/cola/siguiente/", cola.siguiente, name="siguiente"),
    path(CASO, caso.caso, name="caso"),
    path(CASO + "sesiones/<int:pk>/", sesiones.sesion, name="sesion"),
    path(CASO + "avisos/", avisos.avisos, name="avisos"),
    path(CASO + "<slug:accion>/", acciones.Accion.as_view(), name="accion"),
    path("direccion/solicitudes/", direccion.solicitudes, name="direccion"),
    path("direccion/equipo/", direccion.equipo, name="equipo"),
    path("direccion/equipo/informar/", asesores.informar, name="informar_asesores"),
    path("direccion/equipo/ausencias/", ausencias.ausencias, name="ausencias"),
    path("direccion/equipo/ausencias/registrar/", ausencias.registrar, name="registrar_ausencia"),
    path("direccion/equipo/ausencias/<int:pk>/terminar/", ausencias.terminar, name="terminar_ausencia"),
    path("cuenta/ausencia/", ausencias.propia, name="ausencia"),
    path("direccion/equipo/<slug:dependencia>/<slug:sector>/", direccion.sector, name="sector"),
    path("administracion/plazos-sin-contar/", sin_contar.lista, name="sin_contar"),
    path("registro/", registro.registro, name="registro"),
    path("registro/vistas/", vistas.vistas, name="vistas"),
    path("registro/vistas/nueva/", vistas.nueva, name="vista_nueva"),
    path("registro/vistas/<int:pk>/", vistas.vista, name="vista"),
    path("registro/vistas/<int:pk>/borrar/", vistas.borrar, name="vista_borrar"),
]
