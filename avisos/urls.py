from django.urls import path

from avisos import eventos_correo, views

app_name = "avisos"
urlpatterns = [
    path("notificaciones/", views.lista, name="lista"),
    path("notificaciones/leidas/", views.leer_todos, name="leer_todos"),
    path("cuenta/notificaciones/", views.preferencias, name="preferencias"),
    path("avisos/", views.libro, name="libro"),
    path("avisos/<int:pk>/reintentar/", views.reintentar, name="reintentar"),
    path("direccion/avisos/", views.politicas, name="politicas"),
    path("direccion/avisos/agregar/", views.nueva, name="politica_nueva"),
    path("direccion/avisos/<int:pk>/", views.politica, name="politica"),
    path("notificaciones/<int:pk>/", views.abrir, name="abrir"),
    path("avisos/direcciones/", views.direcciones, name="direcciones"),
    path("avisos/direcciones/<int:pk>/", views.direccion, name="direccion"),
    path("correo/eventos/<slug:proveedor>/", eventos_correo.recibir, name="eventos_correo"),
]
