"""The register: the same columns and filters as its page, told once in `solicitudes` (R25, R26)."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from alcance import Alcance
from api.ejemplos import REGISTRO
from api.errores import Rehusada
from api.esquema import operacion, pagina_de
from api.permisos import Permiso
from api.serializadores import Fecha, ParametrosDePagina, Texto
from api.views.base import Vista, con_token
from direcciones.models import Entidad, Modalidad, Sector, Tema
from direcciones.roles import PERSONAL
from solicitudes.columnas import COLUMNAS, POR_CLAVE, SEPARADOR, Columna
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.registro import MAS_RECIENTES, registro_de
from solicitudes.registro import Registro as PedidoDeRegistro

# Whoever reads the page chooses these by name, and its address says their id; here they have their code.
POR_CODIGO: dict[str, Any] = {"entidad": Entidad, "sector": Sector, "tema": Tema, "modalidad": Modalidad}
PREFIJO = "columna_"  # an annotation may not be called as a field of the model


def _parametro(nombre: str, campo: forms.Field) -> serializers.Field:
    ayuda = str(campo.label) + (": su código." if nombre in {*POR_CODIGO, "dependencia", "direccion"} else ".")
    if nombre == "asesor":
        return serializers.IntegerField(
            required=False, min_value=1, max_value=2**31, help_text="Asesor: el número que usa la página del registro."
        )
    if isinstance(campo, forms.DateField):
        return Fecha(required=False, help_text=ayuda)
    if isinstance(campo, forms.ModelChoiceField) or nombre == "direccion":
        return Texto(required=False, max_length=30, help_text=ayuda)
    if isinstance(campo, forms.ChoiceField):
        return serializers.ChoiceField([(v, t) for v, t in campo.choices if v], required=False, help_text=ayuda)
    return Texto(required=False, max_length=campo.max_length, help_text=ayuda)


def filtros_del_registro() -> dict[str, serializers.Field]:
    """One field for each filter of the page, with its name."""
    return {nombre: _parametro(nombre, campo) for nombre, campo in FiltrosRegistro.base_fields.items()}


ParametrosDeRegistro: Any = type(
    "ParametrosDeRegistro",
    (ParametrosDePagina,),
    {
        **filtros_del_registro(),
        "columna": serializers.ListField(
            child=serializers.ChoiceField([(c.clave, c.titulo) for c in COLUMNAS]),
            required=False,
            max_length=len(COLUMNAS),
            help_text="Solo estas columnas, además de las fijas. Se repite: columna=estado&columna=vence.",
        ),
    },
)


def _campo(columna: Columna) -> serializers.Field:
    opciones: dict[str, Any] = {"required": columna.fija, "help_text": columna.titulo}
    if columna.tipo == "fecha":
        return serializers.DateField(allow_null=True, **opciones)
    if columna.tipo == "instante":
        return serializers.DateTimeField(allow_null=True, **opciones)
    if columna.tipo == "numero":
        return serializers.FloatField(allow_null=True, **opciones)
    if columna.tipo == "lista":
        return serializers.ListField(child=serializers.CharField(), **opciones)
    return serializers.CharField(allow_blank=True, **opciones)


class FilaDeRegistro(serializers.Serializer):
    """A row, with the columns asked for: one field for each column of the register."""

    def get_fields(self) -> dict[str, Any]:
        return {columna.clave: _campo(columna) for columna in self.context.get("columnas", COLUMNAS)}

    def to_representation(self, fila: Any) -> dict[str, Any]:
        return {c.clave: _valor(c, getattr(fila, PREFIJO + c.clave)) for c in self.context["columnas"]}


def _valor(columna: Columna, crudo: Any) -> Any:
    if columna.tipo == "lista":
        return str(crudo).split(SEPARADOR) if crudo else []
    if columna.tipo == "instante" and crudo is not None:
        return timezone.localtime(crudo).isoformat()
    return "" if crudo is None and columna.tipo == "texto" else crudo


@con_token(*PERSONAL)
class Registro(Vista):
    permisos = {"GET": Permiso.LEER_REGISTRO}

    @operacion(
        "leer_registro",
        "Leer el registro",
        grupo="Registro",
        descripcion="Una fila por cada dependencia que atiende una solicitud, de la más reciente a la más antigua, "
        "con las columnas y los filtros de la página del registro. Los períodos incluyen sus dos días.",
        parametros=ParametrosDeRegistro,
        sale=pagina_de(FilaDeRegistro),
        ejemplo=REGISTRO,
        errores=(400, 422),
    )
    def get(self, request: Request) -> Response:
        parametros = self.leer(ParametrosDeRegistro)
        pedido = pedir_registro(self.alcance, como_en_la_pagina(parametros))
        columnas = pedido.columnas if "columna" in parametros else COLUMNAS
        filas = pedido.consulta.only("recibido_en", "solicitud_id").annotate(
            **{PREFIJO + columna.clave: columna.expresion for columna in columnas}
        )
        return self.pagina(filas, MAS_RECIENTES, parametros, FilaDeRegistro, {"columnas": columnas})


def pedir_registro(alcance: Alcance, datos: QueryDict) -> PedidoDeRegistro:
    """What the page would ignore, or tell beside an empty table, is refused here: nobody looks at what comes out."""
    pedido = registro_de(alcance, datos)
    if pedido.filtros.errors:
        raise Rehusada({campo: [str(m) for m in mensajes] for campo, mensajes in pedido.filtros.errors.items()})
    if al_reves := pedido.filtros.periodos_al_reves:
        raise Rehusada({campo: [mensaje] for campo, mensaje in al_reves.items()})
    return pedido


def como_en_la_pagina(parametros: dict[str, Any]) -> QueryDict:
    """The query string that the page would have: codes as ids."""
    datos = QueryDict(mutable=True)
    for nombre in FiltrosRegistro.base_fields:
        if nombre not in parametros:
            continue
        valor = parametros[nombre]
        if nombre in POR_CODIGO and valor:
            fila = POR_CODIGO[nombre].objects.filter(codigo=valor).values_list("pk", flat=True).first()
            if fila is None:
                raise Rehusada({nombre: ["Ese código no está en el catálogo."]})
            valor = fila
        datos[nombre] = str(valor)
    datos.setlist("columna", [clave for clave in parametros.get("columna", []) if clave in POR_CLAVE])
    return datos
