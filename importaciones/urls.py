from django.urls import URLPattern

app_name = "importaciones"
urlpatterns: list[URLPattern] = []
