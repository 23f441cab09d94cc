"""The API and, in the account, its tokens."""

from django.urls import path

from api.views import tokens

app_name = "api"
urlpatterns = [
    path("cuenta/tokens/", tokens.tokens, name="tokens"),
    path("cuenta/tokens/crear/", tokens.crear, name="crear_token"),
    path("cuenta/tokens/<int:pk>/revocar/", tokens.revocar, name="revocar_token"),
    path("usuarios/tokens/", tokens.todos, name="todos_los_tokens"),
]
