from django.urls import URLPattern

app_name = "exportaciones"
urlpatterns: list[URLPattern] = []
