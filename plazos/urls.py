from django.urls import path

from plazos import views

app_name = "plazos"
urlpatterns = [
    path("plazos/", views.calculadora, name="calculadora"),
    path("plazos/festivos.ics", views.festivos_ics, name="festivos_ics"),
]
