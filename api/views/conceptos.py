"""The bank of conceptos: those published, to whoever their audience reaches. Without a token, the public ones."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from alcance.politicas import publica
from api.ejemplos import CONCEPTO, CONCEPTOS
from api.errores import Rehusada
from api.esquema import NUMERO, operacion, pagina_de
from api.serializadores import ConceptoCompleto, ConceptoEnLista, ParametrosDeConceptos
from api.views.base import VistaPublica
from conceptos import secciones
from conceptos.models import Concepto
from conceptos.services import buscar
from direcciones.models import Dependencia, Tema

GRUPO = "Conceptos"
MAS_RECIENTES = ("-notificado_en", "-id")


@publica("banco de conceptos: solo responde los publicados para quien pregunta")
class Conceptos(VistaPublica):
    @operacion(
        "listar_conceptos",
        "Buscar en el banco de conceptos",
        grupo=GRUPO,
        descripcion="Los publicados, del más reciente al más antiguo. Sin token, los públicos; con él, también los "
        "que la audiencia de su rol alcanza.",
        parametros=ParametrosDeConceptos,
        sale=pagina_de(ConceptoEnLista),
        ejemplo=CONCEPTOS,
        errores=(400, 422),
        abierta=True,
    )
    def get(self, request: Request) -> Response:
        parametros = self.leer(ParametrosDeConceptos)
        hallados = buscar(
            alcance=self.alcance,
            texto=parametros.get("buscar", ""),
            tema=_pk(Tema, "tema", parametros),
            dependencia=_pk(Dependencia, "dependencia", parametros),
            anio=parametros.get("anio"),
            solo_vigentes=parametros["solo_vigentes"],
        )
        filas = hallados.select_related("dependencia", "tema", "sustituido_por")
        return self.pagina(filas, MAS_RECIENTES, parametros, ConceptoEnLista)


def _pk(modelo: Any, campo: str, parametros: dict[str, Any]) -> int | None:
    if not parametros.get(campo):
        return None
    fila = modelo.objects.filter(codigo=parametros[campo]).first()
    if fila is None:
        raise Rehusada({campo: ["Ese código no está en el catálogo."]})
    return int(fila.pk)


@publica("un concepto del banco: solo si se publicó para quien pregunta")
class UnConcepto(VistaPublica):
    @operacion(
        "leer_concepto",
        "Leer un concepto publicado",
        grupo=GRUPO,
        descripcion="Con su texto completo, la huella de su PDF firmado y el código con el que se verifica.",
        sale=ConceptoCompleto,
        ejemplo=CONCEPTO,
        errores=(404,),
        abierta=True,
        extra=(NUMERO,),
    )
    def get(self, request: Request, numero: str) -> Response:
        publicados = Concepto.objects.publicados_para(self.alcance)
        concepto = get_object_or_404(publicados.select_related("dependencia", "tema", "sustituido_por"), numero=numero)
        textos = [{"titulo": t, "texto": x} for _, t, x in secciones.textos(concepto.contenido)]
        return Response(ConceptoCompleto(concepto, context={"secciones": textos}).data)
