from django.urls import path

from encuestas import views

app_name = "encuestas"
urlpatterns = [
    path("encuesta/gracias/", views.gracias, name="gracias"),
    path("encuesta/<str:token>/", views.responder, name="responder"),
    path("encuestas/", views.resultados, name="resultados"),
]
