"""Only in the bench: how many queries a request makes, told in a header to whoever sends `X-Contar`."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

# What opens, keeps or undoes a transaction asks nothing of the data.
DE_TRANSACCION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class ContarConsultas:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Contar" not in request.headers:
            return self.get_response(request)
        consultas: list[str] = []

        def contar(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.startswith(DE_TRANSACCION):
                consultas.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(contar):
            respuesta = self.get_response(request)
        respuesta["X-Sql"] = str(len(consultas))
        return respuesta
