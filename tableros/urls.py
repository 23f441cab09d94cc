from django.urls import path

from tableros import views

app_name = "tableros"
urlpatterns = [
    path("tablero/", views.tablero, name="tablero"),
    path("tablero/tablero.pdf", views.pdf, name="pdf"),
    path("tablero/tablero.xlsx", views.xlsx, name="xlsx"),
    path("tablero/informe/", views.informe, name="informe"),
    path("tablero/orden/", views.orden, name="orden"),
]
