from django.urls import path

from expedientes import views
from solicitudes import convertidores  # noqa: F401

app_name = "expedientes"
EXPEDIENTE = "solicitudes/<radicado:radicado>/expediente/"
urlpatterns = [
    path("expedientes/comprobar/", views.comprobar, name="comprobar"),
    path(EXPEDIENTE, views.expediente, name="expediente"),
    path(EXPEDIENTE + "copias/<int:pk>/", views.descargar, name="descargar"),
]
