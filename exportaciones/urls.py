from django.urls import path

from exportaciones import views

app_name = "exportaciones"
urlpatterns = [
    path("exportaciones/", views.lista, name="lista"),
    path("exportaciones/nueva/", views.nueva, name="nueva"),
    path("exportaciones/<int:pk>/archivo/", views.descargar, name="descargar"),
    path("exportaciones/<int:pk>/cancelar/", views.cancelar, name="cancelar"),
    path("exportaciones/<int:pk>/repetir/", views.repetir, name="repetir"),
]
