from django.urls import path

from datos_personales import views

app_name = "datos_personales"
urlpatterns = [
    path("cuenta/mis-datos/", views.mis_datos, name="mis_datos"),
    path("cuenta/mis-datos/descargar/", views.descargar, name="descargar"),
]
