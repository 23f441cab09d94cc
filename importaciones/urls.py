from django.urls import path, register_converter

from importaciones import views
from importaciones.convertidores import TipoDeImportacion

register_converter(TipoDeImportacion, "importable")
app_name = "importaciones"
urlpatterns = [
    path("importaciones/", views.lista, name="lista"),
    path("importaciones/nueva/<importable:tipo>/", views.nueva, name="nueva"),
    path("importaciones/plantilla/<importable:tipo>/", views.plantilla, name="plantilla"),
    path("importaciones/<int:pk>/", views.ver, name="ver"),
    path("importaciones/<int:pk>/columnas/", views.columnas, name="columnas"),
    path("importaciones/<int:pk>/confirmar/", views.confirmar, name="confirmar"),
    path("importaciones/<int:pk>/informe/", views.informe, name="informe"),
    path("importaciones/<int:pk>/invitar/", views.invitar, name="invitar"),
    path("importaciones/<int:pk>/detener/", views.detener, name="detener"),
    path("importaciones/<int:pk>/seguir/", views.seguir, name="seguir"),
    path("importaciones/<int:pk>/descartar/", views.descartar, name="descartar"),
]
