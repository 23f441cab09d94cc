from django.urls import path

from bandeja import views

app_name = "bandeja"
urlpatterns = [
    path("entregas/", views.lista, name="lista"),
    path("entregas/reintentar/", views.pagina_reintentar_todas, name="reintentar_todas"),
    path("entregas/<int:pk>/reintentar/", views.pagina_reintentar, name="reintentar"),
    path("entregas/<int:pk>/descartar/", views.pagina_descartar, name="descartar"),
]
