from django.urls import path

from buzones import views, views_traslados
from direcciones.views import catalogos

app_name = "buzones"
urlpatterns = [
    path("correo/llegadas/", views.llegadas, name="llegadas"),
    path("correo/canales/", catalogos.catalogo, {"clave": "canales"}, name="canales"),
    path("correo/<int:pk>/trasladar/", views_traslados.trasladar, name="trasladar"),
    path("correo/<int:pk>/trasladar/deshacer/", views_traslados.deshacer, name="deshacer_traslado"),
]
