"""The figures of the board: those of its page, with the same filters."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.ejemplos import TABLERO
from api.errores import Rehusada
from api.esquema import operacion
from api.permisos import Permiso
from api.serializadores import Parametros, Texto
from api.views.base import Vista, con_token
from direcciones.models import Sector
from tableros.cifras import Formato
from tableros.periodos import OPCIONES
from tableros.peticion import VEN_EL_TABLERO, pedir

FORMATOS = [(formato.value, formato.value) for formato in Formato]
UN_MES = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"


class ParametrosDeTablero(Parametros):
    periodo = serializers.ChoiceField(
        list(OPCIONES.items()), required=False, help_text="Los últimos 12 meses, sin él ni meses."
    )
    desde_mes = serializers.RegexField(
        UN_MES, required=False, help_text="Desde el mes, como 2026-01. Sin «hasta_mes», hasta este."
    )
    hasta_mes = serializers.RegexField(
        UN_MES,
        required=False,
        help_text="Hasta el mes, como 2026-06. Sin «desde_mes», los 12 meses que terminan en él.",
    )
    direccion = Texto(required=False, max_length=12, help_text="Código de la dirección, con sus subdirecciones.")
    dependencia = Texto(required=False, max_length=12, help_text="Código de la dependencia.")
    sector = Texto(required=False, max_length=8, help_text="Código del sector.")


class CifraSalida(serializers.Serializer):
    clave = serializers.CharField()
    titulo = serializers.CharField()
    cuando = serializers.ChoiceField([("hoy", "Hoy"), ("periodo", "En el período")])
    numero = serializers.FloatField(allow_null=True, help_text="Nulo cuando no hay de qué sacarlo.")
    formato = serializers.ChoiceField(FORMATOS)
    anterior = serializers.FloatField(allow_null=True, help_text="La del período anterior completo.")
    nota = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True, help_text="La página con las filas que la componen.")


class ColumnaSalida(serializers.Serializer):
    texto = serializers.CharField(allow_blank=True)
    formato = serializers.ChoiceField(FORMATOS)


class TablaSalida(serializers.Serializer):
    clave = serializers.CharField()
    titulo = serializers.CharField()
    nota = serializers.CharField(allow_blank=True, help_text="Qué se cuenta, si hay que decirlo.")
    columnas = ColumnaSalida(many=True)
    filas = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(allow_null=True)),
        help_text="Una lista por fila, con un valor por columna: número, texto o nulo.",
    )


class TableroSalida(serializers.Serializer):
    desde = serializers.DateField()
    hasta = serializers.DateField()
    de = serializers.CharField(help_text="De qué dependencias.")
    hecho_en = serializers.DateTimeField()
    cifras = CifraSalida(many=True)
    tablas = TablaSalida(many=True)


@con_token(*VEN_EL_TABLERO)
class Tablero(Vista):
    permisos = {"GET": Permiso.LEER_TABLERO}

    @operacion(
        "leer_tablero",
        "Leer las cifras del tablero",
        grupo="Tablero",
        descripcion="Las cifras y las tablas de la página del tablero. Cada cifra dice en qué página están las filas "
        "que la componen, y es igual a su cuenta.",
        parametros=ParametrosDeTablero,
        sale=TableroSalida,
        ejemplo=TABLERO,
        errores=(400, 422),
    )
    def get(self, request: Request) -> Response:
        pedido = pedir(self.alcance, _como_en_la_pagina(self.leer(ParametrosDeTablero)))
        if pedido.filtros.errors:
            raise Rehusada({campo: [str(m) for m in mensajes] for campo, mensajes in pedido.filtros.errors.items()})
        for campo in ("direccion", "dependencia"):
            if campo in pedido.filtros.data and campo not in pedido.filtros.fields:
                raise Rehusada({campo: ["Su rol solo alcanza una: no se elige."]})
        hecho = pedido.tablero()
        return Response(
            {
                "desde": pedido.corte.periodo.primero,
                "hasta": pedido.corte.periodo.hasta,
                "de": pedido.donde,
                "hecho_en": serializers.DateTimeField().to_representation(hecho.hecho_en),
                "cifras": [_cifra(t, "hoy") for t in hecho.hoy] + [_cifra(t, "periodo") for t in hecho.periodo],
                "tablas": [_tabla(tabla) for tabla in hecho.tablas.values()],
            }
        )


def _como_en_la_pagina(parametros: dict[str, Any]) -> dict[str, Any]:
    datos = {nombre: valor for nombre, valor in parametros.items() if valor}
    if datos.get("periodo", "meses") != "meses" and datos.keys() & {"desde_mes", "hasta_mes"}:
        raise Rehusada({"periodo": ["Con meses, el período es «meses»: envíe lo uno o lo otro."]})
    if "sector" in datos:
        fila = Sector.objects.filter(codigo=datos["sector"]).first()
        if fila is None:
            raise Rehusada({"sector": ["Ese código no está en el catálogo."]})
        datos["sector"] = str(fila.pk)
    return datos


def _cifra(tarjeta: Any, cuando: str) -> dict[str, Any]:
    valor = tarjeta.valor
    return {
        "clave": tarjeta.clave,
        "titulo": tarjeta.titulo,
        "cuando": cuando,
        "numero": valor.numero,
        "formato": valor.formato.value,
        "anterior": tarjeta.antes,
        "nota": tarjeta.nota,
        "url": settings.DOMINIO + valor.url if valor.url else "",
    }


def _tabla(tabla: Any) -> dict[str, Any]:
    return {
        "clave": tabla.clave,
        "titulo": tabla.titulo,
        "nota": tabla.nota,
        "columnas": [{"texto": c.texto, "formato": c.formato.value} for c in tabla.columnas],
        "filas": [[valor.numero for valor in fila] for fila in tabla.filas],
    }
