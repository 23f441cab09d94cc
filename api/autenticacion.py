"""What the middleware found out of the token, in the shape that REST framework asks for."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class PorToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        credencial = getattr(request._request, "credencial", None)
        return (credencial.persona, credencial) if credencial else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
