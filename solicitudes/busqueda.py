"""Full text over the search index: what a person types, as a query that the GIN answers (docs/decisiones/0016).

Words with accents as written, and without them for whoever types without; the last one may be half typed. Numbers are
found whole: a SIGA number, or the consecutive of a radicado with or without its zeros.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import and_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, QuerySet

from plazos.fechas import mas_meses

RADICADO = "radicado"
CONFIGURACIONES = ("spanish", "es_na")
_RADICADO = re.compile(r"at-\d{4}-\d{6,9}", re.IGNORECASE)
_TROZO = re.compile(r'-?"[^"]+"|[^\s"]+')
_NUMERO = re.compile(r"(?=.*\d)[\w./-]+")
TROZOS_MAXIMOS = 12
# A prefix shorter than this would read half of the index.
_LETRAS_DE_PREFIJO = 3


@dataclass(frozen=True, slots=True)
class Leida:
    """What was typed, read: how each piece is asked for, which decides how the query is written, and what is asked."""

    formas: tuple[str, ...] = ()
    textos: tuple[str, ...] = ()


def leer(texto: str) -> Leida:
    if _RADICADO.fullmatch(texto.strip()):
        return Leida((RADICADO,), (texto.strip().upper(),))
    hasta_doce = trozos(texto)[:TROZOS_MAXIMOS]
    partes = [_leer_trozo(t, es_ultimo=t is hasta_doce[-1] and not texto[-1:].isspace()) for t in hasta_doce]
    return Leida(tuple(forma for forma, _ in partes), tuple(uno for _, textos in partes for uno in textos))


def trozos(texto: str) -> list[str]:
    """Words, phrases and numbers of what was typed. Beyond `TROZOS_MAXIMOS` they are not looked for."""
    return [t for t in _TROZO.findall(texto) if any(letra.isalnum() for letra in t)]


def que_se_pueda_buscar(texto: str) -> None:
    """Raises ValidationError when there are more words than are looked for."""
    if len(trozos(texto)) > TROZOS_MAXIMOS:
        raise ValidationError(f"Busque con {TROZOS_MAXIMOS} palabras o menos.", code="palabras")


def buscar(consulta: QuerySet[Any], texto: str, solicitud: str = "solicitud") -> QuerySet[Any]:
    """Those whose solicitud says every word. Of partes; `solicitud` "", of solicitudes: both know their index."""
    return buscar_leida(consulta, leer(texto), solicitud)


def buscar_leida(consulta: QuerySet[Any], leida: Leida, solicitud: str = "solicitud") -> QuerySet[Any]:
    if leida.formas == (RADICADO,):
        return consulta.filter(**{f"{solicitud}__radicado" if solicitud else "radicado": leida.textos[0]})
    return consulta.filter(indice__texto=_pedido(leida)) if leida.formas else consulta.none()


def pedido_de(texto: str) -> Any:
    """The tsquery of what was typed: all the words, «"a phrase"» together, «-word» absent. None without any."""
    leida = leer(texto)
    return _pedido(leida) if leida.formas else None


def _pedido(leida: Leida) -> Any:
    textos = iter(leida.textos)
    return reduce(and_, [_pedido_de_trozo(forma, textos) for forma in leida.formas])


# --- The recent ones first -----------------------------------------------------------------------------------------
# A word of every day has thousands of hits: to read them all to show the last twenty-five would cost more than the
# rest of the page. Their day and their month are lexemes too («@20261126», «@202611», in UTC; solicitudes_cuando), so
# that the GIN is asked window by window, from the most recent, until there are enough.
_MESES = (4, 12)
_DIAS = 3
_MAS_ANTIGUO = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Ventanas:
    """Arrays as PostgreSQL reads them: lexemes of each window, and its instants. The last one, without lexemes, is of
    whatever is outside the others: every row is in one and only one."""

    cuando: str
    desde: str
    hasta: str


@lru_cache(maxsize=64)
def ventanas(ultimo: date) -> Ventanas:
    """From that day backwards, each wider than the one before."""
    hasta = max(ultimo, _MAS_ANTIGUO) + timedelta(days=1)
    dias = [hasta - timedelta(days=k) for k in range(_DIAS, 0, -1)]
    hechas = [("|".join(f"@{dia:%Y%m%d}" for dia in dias), dias[0], hasta)]
    for meses in _MESES:
        hasta = hechas[-1][1]
        del_mes = [mas_meses(hasta - timedelta(days=1), -k) for k in range(meses)]
        hechas.append(("|".join(f"@{mes:%Y%m}" for mes in del_mes), del_mes[-1], hasta))
    hechas.append(("null", hechas[-1][1], hechas[0][2]))
    cuando, desde, hastas = zip(*hechas, strict=True)
    return Ventanas(*("{" + ",".join(f"{uno} 00:00Z" if isinstance(uno, date) else uno for uno in cada) + "}"
                      for cada in (cuando, desde, hastas)))  # fmt: skip


class LasPrimeras(ArraySubquery):
    """The keys of the first rows of a search (`consulta` in the order of the register, cut), window by window until
    there are as many as it is cut to."""

    template = (
        "array(select hallada.id"
        " from unnest(%%s::tsquery[], %%s::timestamptz[], %%s::timestamptz[]) with ordinality"
        " as ventana (cuando, desde, hasta, puesto), lateral (%(subquery)s) hallada (id)"
        " order by puesto limit %(hasta)s)"
    )

    def __init__(self, consulta: QuerySet[Any], leida: Leida, ventanas: Ventanas, hasta: int) -> None:
        self.ventanas = (ventanas.cuando, ventanas.desde, ventanas.hasta)
        recibido_en = F("indice__recibido_en")
        # CASE and not COALESCE, which is not taken for leakproof: the index would not be asked by it.
        en_su_lexema = Func(F("indice__texto"), _pedido(leida), output_field=BooleanField(),
                            arg_joiner=" @@ case when ventana.cuando is null then ",
                            template="%(expressions)s else ventana.cuando end")  # fmt: skip
        # The lexemes say where to look; the instants, to which window each row belongs.
        en_ella = Func(recibido_en, recibido_en, arg_joiner=" >= ventana.desde and ", output_field=BooleanField(),
                       template="(%(expressions)s < ventana.hasta) = (ventana.cuando is not null)")  # fmt: skip
        super().__init__(consulta.filter(en_su_lexema, en_ella).values("pk")[:hasta], hasta=hasta)

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        sql, valores = super().as_sql(*args, **kwargs)
        return sql, (*self.ventanas, *valores)


# --- What was typed ------------------------------------------------------------------------------------------------
def _leer_trozo(trozo: str, *, es_ultimo: bool) -> tuple[str, tuple[str, ...]]:
    """«sin …» is absent; «… numero» is also a lexeme by itself, which comes second."""
    sin = trozo.startswith("-") and len(trozo) > 1
    limpio = trozo.removeprefix("-").strip('"')
    tipo = "phrase" if '"' in trozo else "plain"
    if sin:
        return f"sin {tipo}", (limpio,)
    if es_ultimo and tipo == "plain" and limpio.isalpha() and len(limpio) >= _LETRAS_DE_PREFIJO:
        return "raw", (f"{limpio}:*",)
    if tipo == "plain" and _NUMERO.fullmatch(limpio):
        return "plain numero", (limpio, f"'{limpio.lower().lstrip('0') or '0'}'")
    return tipo, (limpio,)


def _pedido_de_trozo(forma: str, textos: Iterator[str]) -> Any:
    if forma == "raw":
        return Empezada(next(textos))
    sin, tipo = forma.startswith("sin "), forma.removeprefix("sin ").removesuffix(" numero")
    primera, segunda = _en_las_dos(next(textos), tipo)
    if sin:
        return ~primera & ~segunda
    return primera | segunda | Lexema(next(textos)) if forma.endswith(" numero") else primera | segunda


def _en_las_dos(texto: str, tipo: str) -> tuple[SearchQuery, SearchQuery]:
    primera, segunda = (SearchQuery(texto, config=cual, search_type=tipo) for cual in CONFIGURACIONES)
    return primera, segunda


class Empezada(SearchQuery):
    """A half typed word, with accents or without: what begins with either. Usually one begins with the other, and then
    the shorter one finds the same: each of them gathers all its hits before anything else."""

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, list[Any]]:
        texto = self.get_source_expressions()[-1].value
        una, otra = (compiler.compile(cual.resolve_expression(compiler.query)) for cual in _en_las_dos(texto, "raw"))
        sin_adornos = [f"trim({sql}::text, ''':*')" for sql, _ in (otra, una)]
        sobra = f"numnode({una[0]}) = 1 and starts_with({', '.join(sin_adornos)})"
        sql = f"(case when {sobra} then {una[0]} else {una[0]} || {otra[0]} end)"
        return sql, [*una[1], *otra[1], *una[1], *una[1], *una[1], *otra[1]]


class Lexema(SearchQuery):
    """One lexeme as it is, past the parser: `'1-2026-12345'::tsquery`, quoted. It takes letters, digits, «-», «.»,
    «/»."""

    template = "(%(expressions)s)::tsquery"
