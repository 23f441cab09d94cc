from django.urls import URLPattern

app_name = "datos_personales"
urlpatterns: list[URLPattern] = []
