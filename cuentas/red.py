"""Where a request comes from and whose account it tries: one answer for lockout and rate limits."""

from typing import Any

from django.http import HttpRequest

from bitacora.contexto import direccion_ip

SIN_DIRECCION = "0.0.0.0"  # noqa: S104 - through a Unix socket nobody has one


def ip_del_cliente(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For counts only as far as our own proxies wrote it (security.md N01)."""
    return direccion_ip(request) or SIN_DIRECCION


def correo_de_las_credenciales(request: HttpRequest, credenciales: dict[str, Any] | None = None) -> str:
    """The account a sign-in is about, however it was typed. Same name whether the account exists or not (N02)."""
    escrito = (credenciales or {}).get("email") or request.POST.get("login", "")
    return str(escrito).strip().lower()[:254]
