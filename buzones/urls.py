from django.urls import path

from buzones import convertidores, entrante  # noqa: F401
from buzones.views import bandeja, casillas, decidir, libro, llegadas, propuestas, traslados
from direcciones.views import catalogos
from solicitudes import convertidores as de_solicitudes  # noqa: F401

app_name = "buzones"
urlpatterns = [
    path("correo/", libro.libro, name="libro"),
    path("correo/por-clasificar/", bandeja.por_clasificar, name="por_clasificar"),
    path("correo/llegadas/", llegadas.llegadas, name="llegadas"),
    path("correo/canales/", catalogos.catalogo, {"clave": "canales"}, name="canales"),
    path("correo/<int:pk>/trasladar/", traslados.trasladar, name="trasladar"),
    path("correo/<int:pk>/trasladar/deshacer/", traslados.deshacer, name="deshacer_traslado"),
    path("correo/<int:pk>/invitar/", propuestas.invitar, name="invitar"),
    path(
        "correo/solicitudes/<radicado:radicado>/invitar/",
        propuestas.invitar_de_solicitud,
        name="invitar_de_solicitud",
    ),
    path("entidad/propuestas/", propuestas.propuestas, name="propuestas"),
    path("entidad/propuestas/<int:pk>/", propuestas.propuesta, name="propuesta"),
    path("entidad/propuestas/<int:pk>/reabrir/", propuestas.reabrir_propuesta, name="reabrir_propuesta"),
    path("correo/casillas/", casillas.casillas, name="casillas"),
    path("correo/casillas/agregar/", casillas.nueva, name="casilla_nueva"),
    path("correo/casillas/vistas/", casillas.vistas, name="casillas_vistas"),
    path("correo/casillas/<int:pk>/", casillas.casilla, name="casilla"),
    path("correo/casillas/<int:pk>/editar/", casillas.editar, name="casilla_editar"),
    path("correo/casillas/<int:pk>/leer/", casillas.leer, name="casilla_leer"),
    path("correo/entrante/<slug:proveedor>/", entrante.recibir, name="entrante"),
    path("correo/<int:pk>/", libro.detalle, name="detalle"),
    path("correo/<int:pk>/html/", libro.html, name="html"),
    path("correo/<int:pk>/original/", libro.original, name="original"),
    path("correo/<int:pk>/adjuntos/<int:orden>/", libro.adjunto, name="adjunto"),
    path("correo/<int:pk>/<decision:accion>/", decidir.decidir_uno, name="decidir"),
]
