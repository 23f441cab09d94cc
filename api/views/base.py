"""What every view of the API shares: the permission of the token, strict parameters, keyset pages."""

import base64
import binascii
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListField, Serializer
from rest_framework.views import APIView

from alcance import Alcance
from alcance.politicas import requiere
from api.autenticacion import PorToken
from api.errores import Rehusada, manejar
from api.middleware import sin_token
from api.permisos import Permiso, puede
from solicitudes.paginas import Pagina, es_cursor, paginar

CURSOR_ERRADO = "Ese cursor no sirve. Use el que vino en «siguiente» o «anterior», sin cambiarlo."


def con_token(*roles: str) -> Any:
    """The policy of a view that asks for a token of one of these roles; without one, 401 and never a page."""
    return requiere(*sorted(roles), sin_sesion=sin_token)


class Vista(APIView):
    """`permisos`: the permission that each method asks of the token. A method without one is for the middleware's
    rules alone (public data)."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    permisos: ClassVar[dict[str, Permiso]] = {}
    authentication_classes: ClassVar[list[Any]] = [PorToken]
    permission_classes: ClassVar[list[Any]] = [IsAuthenticated]
    metadata_class = None

    def get_exception_handler(self) -> Any:
        return manejar

    @property
    def alcance(self) -> Alcance:
        return self.request._request.alcance  # type: ignore[attr-defined,no-any-return]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        permiso = self.permisos.get("GET" if request.method == "HEAD" else str(request.method))
        if permiso is None or request.auth is None:
            return
        if not puede(request.auth.permisos, permiso, self.alcance.rol):
            raise exceptions.PermissionDenied(f"Este token no puede hacerlo: le falta el permiso «{permiso}».")

    def leer(self, clase: type[Serializer]) -> dict[str, Any]:
        """The parameters of the address, checked. One that the operation does not know is refused, not ignored."""
        enviados, campos = self.request.query_params, clase().fields
        # As plain values: in a form an empty one would be one that did not come.
        lector = clase(
            data={
                nombre: enviados.getlist(nombre) if isinstance(campos.get(nombre), ListField) else enviados[nombre]
                for nombre in enviados
            }
        )
        lector.is_valid(raise_exception=True)
        return dict(lector.validated_data)

    def recibir(self, clase: type[Serializer]) -> dict[str, Any]:
        """The body, checked."""
        lector = clase(data=self.request.data)
        lector.is_valid(raise_exception=True)
        return dict(lector.validated_data)

    def pagina(
        self,
        consulta: QuerySet[Any],
        orden: tuple[str, ...],
        parametros: dict[str, Any],
        forma: type[Serializer],
        contexto: dict[str, Any] | None = None,
    ) -> Response:
        """One keyset page: no OFFSET and no count, whatever the size of the table."""
        cursor = cursor_de(parametros, consulta, orden)
        return como_respuesta(paginar(consulta, orden, cursor, parametros["tamano"]), forma, contexto)


class VistaPublica(Vista):
    """Anybody may ask; with a token, one sees what one's role sees."""

    permission_classes: ClassVar[list[Any]] = [AllowAny]


def cursor_de(parametros: dict[str, Any], consulta: QuerySet[Any], orden: tuple[str, ...]) -> str:
    """The one that was sent, or «». Raises Rehusada when no page of these gave it."""
    cursor = abrir_cursor(parametros.get("cursor", ""))
    if cursor and not es_cursor(consulta, orden, cursor):
        raise Rehusada({"cursor": [CURSOR_ERRADO]})
    return cursor


def como_respuesta(pagina: Pagina, forma: type[Serializer], contexto: dict[str, Any] | None = None) -> Response:
    return Response(
        {
            "resultados": forma(pagina.filas, many=True, context=contexto or {}).data,
            "siguiente": cerrar_cursor(pagina.siguiente),
            "anterior": cerrar_cursor(pagina.anterior),
        }
    )


def cerrar_cursor(cursor: str) -> str | None:
    """Opaque for whoever receives it: nothing to build by hand."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=") if cursor else None


def abrir_cursor(cerrado: str) -> str:
    if not cerrado:
        return ""
    try:
        return base64.urlsafe_b64decode(cerrado + "=" * (-len(cerrado) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return "?"  # no cursor looks so
