from django.urls import path

from rendimiento.piso import views

urlpatterns = [
    path("lista/", views.lista, name="lista"),
    path("radicar/", views.radicar, name="radicar"),
    path("tomar/", views.tomar, name="tomar"),
]
