from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("demo/correos/", views.correos, name="correos"),
    path("demo/recibir/", views.recibir_correo, name="recibir"),
    path("demo/correos/<slug:nombre>/", views.correo, name="correo"),
]
