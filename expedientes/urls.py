from django.urls import URLPattern

app_name = "expedientes"
urlpatterns: list[URLPattern] = []
