"""`{% una_vez nombre=valor … %} … {% enduna_vez %}`: what is drawn once for each set of values, and kept in memory.

Inside nothing exists but those values and the seal of the forms (`{% csrf_token %}`, put anew each time): what is
drawn cannot depend on who asks, on the request or on the page around. A name that was forgotten comes out empty for
everybody, never as somebody else's. So every value must be one that can be a key: texts, numbers, tuples of them.
"""

from secrets import token_hex
from typing import Any

from django.template import Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.loader_tags import BlockNode

MAS_DIBUJOS = 100
SELLO = "csrf_token"
# Stands for the seal in what is kept. Nobody can write it: each process makes its own.
_HUECO = token_hex(24)


class UnaVez(Node):
    child_nodelists = ()  # no blocks inside: a page that extends this one need not look for them each time

    def __init__(self, nodos: NodeList, valores: dict[str, FilterExpression]) -> None:
        self.nodelist = nodos
        self.nombres, self.valores = tuple(valores), tuple(valores.values())
        self.dibujos: dict[Any, list[str]] = {}

    def render(self, context: Context) -> str:
        valores = [valor.resolve(context) for valor in self.valores]
        # A safe text and a plain one are equal, but not the same here.
        clave = (*valores, *map(type, valores))
        trozos = self.dibujos.get(clave)
        if trozos is None:
            trozos = self._dibujar(context, valores)
            if len(self.dibujos) >= MAS_DIBUJOS:
                self.dibujos.clear()
            self.dibujos[clave] = trozos
        if len(trozos) == 1:
            return trozos[0]
        return str(context.get(SELLO, "")).join(trozos)

    def _dibujar(self, context: Context, valores: list[Any]) -> list[str]:
        """What was drawn, cut where the seal goes."""
        solo = context.new({**dict(zip(self.nombres, valores, strict=True)), SELLO: _HUECO})
        return self.nodelist.render(solo).split(_HUECO)


def una_vez(parser: Parser, token: Token) -> UnaVez:
    trozos = token.split_contents()[1:]
    valores = token_kwargs(trozos, parser)
    if trozos:
        raise TemplateSyntaxError("una_vez solo lleva nombre=valor.")
    nodos = parser.parse(("enduna_vez",))
    parser.delete_first_token()
    if nodos.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("Un bloque dentro de una_vez quedaría igual en todas las páginas.")
    return UnaVez(nodos, valores)
