from django.urls import path

from buzones import views

app_name = "buzones"
urlpatterns = [
    path("correo/llegadas/", views.llegadas, name="llegadas"),
]
