from django.urls import path

from buzones import (
    convertidores,  # noqa: F401
    entrante,
    views,
    views_bandeja,
    views_casillas,
    views_decidir,
    views_libro,
    views_propuestas,
    views_traslados,
)
from direcciones.views import catalogos
from solicitudes import convertidores as de_solicitudes  # noqa: F401

app_name = "buzones"
urlpatterns = [
    path("correo/", views_libro.libro, name="libro"),
    path("correo/por-clasificar/", views_bandeja.por_clasificar, name="por_clasificar"),
    path("correo/llegadas/", views.llegadas, name="llegadas"),
    path("correo/canales/", catalogos.catalogo, {"clave": "canales"}, name="canales"),
    path("correo/<int:pk>/trasladar/", views_traslados.trasladar, name="trasladar"),
    path("correo/<int:pk>/trasladar/deshacer/", views_traslados.deshacer, name="deshacer_traslado"),
    path("correo/<int:pk>/invitar/", views_propuestas.invitar, name="invitar"),
    path(
        "correo/solicitudes/<radicado:radicado>/invitar/",
        views_propuestas.invitar_de_solicitud,
        name="invitar_de_solicitud",
    ),
    path("entidad/propuestas/", views_propuestas.propuestas, name="propuestas"),
    path("entidad/propuestas/<int:pk>/", views_propuestas.propuesta, name="propuesta"),
    path("entidad/propuestas/<int:pk>/reabrir/", views_propuestas.reabrir_propuesta, name="reabrir_propuesta"),
    path("correo/casillas/", views_casillas.casillas, name="casillas"),
    path("correo/casillas/agregar/", views_casillas.nueva, name="casilla_nueva"),
    path("correo/casillas/vistas/", views_casillas.vistas, name="casillas_vistas"),
    path("correo/casillas/<int:pk>/", views_casillas.casilla, name="casilla"),
    path("correo/casillas/<int:pk>/editar/", views_casillas.editar, name="casilla_editar"),
    path("correo/casillas/<int:pk>/leer/", views_casillas.leer, name="casilla_leer"),
    path("correo/entrante/<slug:proveedor>/", entrante.recibir, name="entrante"),
    path("correo/<int:pk>/", views_libro.detalle, name="detalle"),
    path("correo/<int:pk>/html/", views_libro.html, name="html"),
    path("correo/<int:pk>/original/", views_libro.original, name="original"),
    path("correo/<int:pk>/adjuntos/<int:orden>/", views_libro.adjunto, name="adjunto"),
    path("correo/<int:pk>/<decision:accion>/", views_decidir.decidir_uno, name="decidir"),
]
