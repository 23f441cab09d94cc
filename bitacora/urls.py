from django.urls import path

from bitacora import views

app_name = "bitacora"
urlpatterns = [path("auditoria/", views.lista, name="lista")]
