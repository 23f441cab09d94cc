"""Reading the chain again, from the columns alone and without the database's own functions (security.md A03, A04)."""

import hashlib
import json
from collections import defaultdict, namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

from django.db import connection

from bitacora.models import Cabeza, Suceso

GENESIS = "0" * 64
# In this order, in the digest of each row. The function `bitacora_canonico` (migration 0002) says the same in SQL.
CAMPOS = (
    "cadena", "posicion", "en", "actor_id", "rol", "accion", "objeto_tipo", "objeto_id", "objeto_texto",
    "solicitud_id", "entidad_id", "dependencias", "antes", "despues", "motivo_huella", "ip", "peticion",
)  # fmt: skip
SUPRIMIR, SELLAR = "persona.suprimir", "bitacora.sellar"
# The reasons of a person are emptied right after their suppression is on record, in another transaction.
AL_SUPRIMIR = timedelta(minutes=10)
# Of what was sealed before migration 0005: between taking its id and its instant a row could be overtaken.
DESCUIDO = timedelta(seconds=1)
_LOTE = 5000
_SIN_PRISA = "set local statement_timeout = '30min'; set local idle_in_transaction_session_timeout = '30min'"
_COLUMNAS = (*CAMPOS, "id", "motivo", "motivo_sal", "hash_anterior", "hash")
_Fila = namedtuple("_Fila", (*_COLUMNAS, "cabeza", "ordenada_desde"))  # type: ignore[misc]
# One statement is one snapshot, whatever is sealed meanwhile. After the events of each chain comes its head: with the
# place it promises in `cabeza`, and until where the ids may go their own way (nothing, before migration 0005).
_DE_LA_CABEZA = {
    "cadena": "c.cadena", "hash": "c.hash", "cabeza": "c.posicion",
    "ordenada_desde": "(to_jsonb(c) ->> 'ordenada_desde')::bigint",
}  # fmt: skip
_TODO = f"""
select {", ".join(f"s.{columna}" for columna in _COLUMNAS)}, null as cabeza, null as ordenada_desde
from bitacora_suceso s
union all
select {", ".join(_DE_LA_CABEZA.get(columna, "null") for columna in _Fila._fields)} from bitacora_cabeza c
order by cadena, posicion
"""  # noqa: S608 names of our own columns


@dataclass(frozen=True, slots=True)
class Ruptura:
    """The first place of a chain that is not as it was written; with `hasta`, it is one between the two."""

    cadena: str
    posicion: int
    suceso: int | None
    que: str
    hasta: int | None = None

    def como_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        if not self.posicion:
            return f"{self.cadena}: {self.que}."
        lugar = f"lugar {self.posicion}" if self.hasta is None else f"entre los lugares {self.posicion} y {self.hasta}"
        return f"{self.cadena}, {lugar}: {self.que}."


class SelloInvalido(ValueError):
    """What was read is no whole seal. Says why."""


@dataclass(frozen=True, slots=True)
class Sello:
    """What every chain promised some day. `cabezas`: chain → its last place then and the hash there."""

    nombre: str
    cabezas: dict[str, tuple[int, str]]
    huella: str = ""
    en: str = ""

    @classmethod
    def leer(cls, texto: str | bytes, nombre: str) -> Self:
        try:
            return cls.de(json.loads(texto), nombre)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise SelloInvalido("no es un sello de la bitácora") from None

    @classmethod
    def de(cls, datos: dict[str, Any], nombre: str = "") -> Self:
        """`datos` is what `sellar` returned."""
        cabezas = {str(c): (int(dato["posicion"]), str(dato["hash"])) for c, dato in datos["cabezas"].items()}
        return cls(nombre, cabezas, str(datos["huella"]), str(datos.get("en", "")))

    @property
    def entero(self) -> bool:
        """Whether nobody took anything out of it without doing its digest again."""
        return self.huella == _huella_de(self.cabezas)


@dataclass(slots=True)
class Lectura:
    """What a whole reading found. `anotados`: day of each seal that the record tells of → its digest."""

    cadenas: int = 0
    sucesos: int = 0
    sellos: int = 0
    motivos_suprimidos: int = 0
    rupturas: list[Ruptura] = field(default_factory=list)
    anotados: dict[str, str] = field(default_factory=dict)

    def como_json(self) -> dict[str, Any]:
        cuentas = {campo: getattr(self, campo) for campo in ("cadenas", "sucesos", "sellos", "motivos_suprimidos")}
        return cuentas | {"rupturas": [ruptura.como_json() for ruptura in self.rupturas]}


def textos(suceso: Suceso) -> dict[str, str | None]:
    """What the digest of a row reads, field by field and in its order."""
    return dict(zip(CAMPOS, map(_texto, CAMPOS, _valores(suceso)), strict=True))


def hash_de(suceso: Any, anterior: str) -> str:
    cuerpo = [anterior]
    for campo, valor in zip(CAMPOS, _valores(suceso), strict=True):
        cuerpo.append(_campo(valor if valor.__class__ is str else _texto(campo, valor)))
    return hashlib.sha256("".join(cuerpo).encode()).hexdigest()


_valores = attrgetter(*CAMPOS)


def _texto(campo: str, valor: Any) -> str | None:
    if valor is None or valor.__class__ is str:
        return valor  # type: ignore[no-any-return]
    if campo == "en":
        return f"{valor.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    if campo == "dependencias":
        return ",".join(map(str, valor))
    return str(valor)


def _campo(valor: str | None) -> str:
    """Length and value, so that two fields can't be cut at another place; a dash for what is absent."""
    if valor is None:
        return "-;"
    return f"{len(valor) if valor.isascii() else len(valor.encode())}:{valor};"


def leer(*sellos: Sello, cursor: Any = None) -> Lectura:
    """Everything, in one snapshot. Needs an alcance that sees everything, inside a transaction; `cursor`, of another
    connection that does.

    What a seal promised must still be there: a cut tail, or a chain that was written again from some place on, agrees
    with itself. Between the last seal that agrees and the first that does not is what was changed.
    """
    lectura = Lectura(sellos=len(sellos))
    promesas = _promesas(sellos)
    motivos = _Motivos()
    for cadena, filas in groupby(_filas(cursor), key=attrgetter("cadena")):
        lectura.rupturas += _recorrer(cadena, filas, promesas.pop(cadena, []), motivos, lectura)
        lectura.cadenas += 1
    for cadena in promesas:
        lectura.rupturas.append(Ruptura(cadena, 1, None, "falta: el sello llegaba más lejos"))
    lectura.rupturas += motivos.sin_supresion()
    lectura.rupturas.sort(key=lambda r: (r.posicion > 0, r.cadena, r.posicion))
    lectura.rupturas[:0] = _sellos_sin_algo(sellos)
    lectura.motivos_suprimidos = motivos.cuantos
    return lectura


def verificar(sello: dict[str, Any] | None = None) -> Iterator[Ruptura]:
    """The breaks alone, against at most one seal: what `sellar` returned some day. As `leer`."""
    yield from leer(*([Sello.de(sello)] if sello else [])).rupturas


def sin_prisa(cursor: Any) -> None:
    """A whole reading takes longer than a page may."""
    cursor.execute(_SIN_PRISA)


def _filas(cursor: Any) -> Iterator[Any]:
    if cursor is None:
        with connection.cursor() as propio:
            yield from _filas(propio)
        return
    sin_prisa(cursor)
    cursor.execute(f"declare bitacora_lectura no scroll cursor for {_TODO}")
    while True:
        cursor.execute(f"fetch {_LOTE} from bitacora_lectura")
        filas = cursor.fetchall()
        if not filas:
            break
        yield from map(_Fila._make, filas)
    cursor.execute("close bitacora_lectura")


def _promesas(sellos: Iterable[Sello]) -> dict[str, list[tuple[int, str, str]]]:
    """Of each chain, what was promised of it, from its beginning on. Shape of each: place, hash, name of the seal."""
    promesas = defaultdict(list)
    for sello in sellos:
        for cadena, (posicion, huella) in sello.cabezas.items():
            promesas[cadena].append((posicion, huella, sello.nombre))
    return {cadena: sorted(unas) for cadena, unas in promesas.items()}


def _sellos_sin_algo(sellos: Iterable[Sello]) -> Iterator[Ruptura]:
    """A chain never ends: the seals that come after one name all that it named."""
    vistas: dict[str, str] = {}
    for sello in sorted(sellos, key=lambda s: s.en):
        for cadena in sorted(set(vistas) - set(sello.cabezas)):
            que = f"el sello {sello.nombre} no tiene la cadena {cadena}, que el sello {vistas[cadena]} sí"
            yield Ruptura("sellos", 0, None, que)
        vistas |= dict.fromkeys(sello.cabezas, sello.nombre)


def _recorrer(
    cadena: str, filas: Iterable[Any], promesas: list[tuple[int, str, str]], motivos: "_Motivos", lectura: Lectura
) -> Iterator[Ruptura]:
    """The first event outside the chain and the first break of it, if any."""
    posicion, anterior, suelto, rota = 0, GENESIS, None, None
    cabeza, ordenada_desde = (0, GENESIS), None
    orden, por_ver = _Orden(), _PorVer(promesas)
    for fila in filas:
        if fila.cabeza is not None:
            cabeza, ordenada_desde = (fila.cabeza, fila.hash), fila.ordenada_desde
            continue
        lectura.sucesos += 1
        motivos.ver(fila)
        if fila.accion == SELLAR:
            lectura.anotados |= _anotado(fila)
        if fila.posicion is None:
            suelto = min(suelto or fila.id, fila.id)
        elif rota is None:
            posicion += 1
            falla = _falla(fila, posicion, anterior)
            anterior = fila.hash
            orden.ver(fila)
            rota = Ruptura(cadena, posicion, fila.id, falla) if falla else por_ver.ver(cadena, posicion, anterior)
    if suelto is not None:
        yield Ruptura(cadena, 0, suelto, "hay un suceso fuera de la cadena")
    if rota is None and por_ver.quedan:
        rota = Ruptura(cadena, posicion + 1, None, "falta: el sello llegaba más lejos")
    if rota is None and (posicion, anterior) != cabeza:
        rota = Ruptura(cadena, posicion + 1, None, "falta el final de la cadena, o su cabeza cambió")
    desorden = orden.primero(ordenada_desde)
    if desorden is not None and (rota is None or desorden[1] < rota.posicion):
        que = "el orden en que se muestran (id) no es el de la cadena"
        rota = Ruptura(cadena, desorden[0], None, que, hasta=desorden[1])
    if rota is not None:
        yield rota


def _falla(fila: Any, posicion: int, anterior: str) -> str:
    if fila.posicion != posicion:
        return "falta el suceso de este lugar"
    if fila.hash_anterior != anterior:
        return "no sigue al anterior"
    if fila.hash != hash_de(fila, anterior):
        return "su contenido cambió"
    if fila.motivo and fila.motivo_huella != _huella_del_motivo(fila):
        return "su motivo cambió"
    return ""


def _huella_del_motivo(fila: Any) -> str:
    return hashlib.sha256(f"{fila.motivo_sal}:{fila.motivo}".encode()).hexdigest()


def _anotado(fila: Any) -> dict[str, str]:
    try:
        dicho = json.loads(fila.despues)
        return {str(dicho["dia"]): str(dicho["huella"])}
    except (ValueError, TypeError, KeyError):
        return {}


class _PorVer:
    """What the seals promised of one chain, against what it has at each place."""

    def __init__(self, promesas: list[tuple[int, str, str]]) -> None:
        self.quedan = [promesa for promesa in reversed(promesas) if promesa[0] > 0]
        self.bueno = (0, "")

    def ver(self, cadena: str, posicion: int, huella: str) -> Ruptura | None:
        while self.quedan and self.quedan[-1][0] == posicion:
            _, prometida, nombre = self.quedan.pop()
            if prometida != huella:
                desde, antes = self.bueno
                que = f"se escribió de nuevo: no coincide con el sello {nombre}"
                que += f", y con el sello {antes} sí" if antes else ""
                return Ruptura(cadena, desde + 1, None, que, hasta=posicion)
            self.bueno = (posicion, nombre)
        return None


class _Orden:
    """Whether the ids of one chain, by which its events are shown, go up as their places do."""

    def __init__(self) -> None:
        self.anterior: Any = None
        self.mayor: Any = None
        self.bajadas: list[int] = []
        self.clara: tuple[int, int] | None = None

    def ver(self, fila: Any) -> None:
        if self.anterior is not None and fila.id < self.anterior.id:
            self.bajadas.append(fila.posicion)
        self.anterior = fila
        if self.mayor is None or fila.id > self.mayor.id:
            self.mayor = fila
        elif self.clara is None and fila.en and self.mayor.en and fila.en > self.mayor.en + DESCUIDO:
            self.clara = self.mayor.posicion, fila.posicion

    def primero(self, ordenada_desde: int | None) -> tuple[int, int] | None:
        """Between which places they do not. Until `ordenada_desde` two at once could be sealed either way, and only
        one that goes also against the clock is told."""
        estrictas = [] if ordenada_desde is None else [p for p in self.bajadas if p - 1 > ordenada_desde]
        return min([*([self.clara] if self.clara else []), *((p - 1, p) for p in estrictas[:1])], default=None)


class _Motivos:
    """The emptied reasons, and the suppressions that explain them (Ley 1581 de 2012): of whoever wrote them, then."""

    def __init__(self) -> None:
        self.cuantos = 0
        self._vaciados: dict[tuple[str, int | None], list[tuple[datetime, int, int]]] = defaultdict(list)
        self._suprimidas: dict[str, datetime] = {}

    def ver(self, fila: Any) -> None:
        if fila.accion == SUPRIMIR and fila.objeto_tipo == "direcciones.persona" and fila.en is not None:
            self._suprimidas[fila.objeto_id] = max(fila.en, self._suprimidas.get(fila.objeto_id, fila.en))
        if fila.motivo_huella and not fila.motivo:
            self.cuantos += 1
            # Of each person and chain, the first and the last are enough: no more is kept of a million.
            lugar, suyos = (fila.en, fila.posicion or 0, fila.id), self._vaciados[fila.cadena, fila.actor_id]
            suyos[:] = [suyos[0], max(suyos[-1], lugar)] if suyos else [lugar]

    def sin_supresion(self) -> Iterator[Ruptura]:
        """The first of each chain."""
        halladas: dict[str, tuple[int, int]] = {}
        for (cadena, actor), suyos in self._vaciados.items():
            suprimida = self._suprimidas.get(str(actor))
            for en, posicion, pk in suyos:
                if suprimida is None or en > suprimida + AL_SUPRIMIR:
                    halladas[cadena] = min(halladas.get(cadena, (posicion, pk)), (posicion, pk))
        for cadena, (posicion, pk) in halladas.items():
            que = "su motivo se vació, y no consta que se suprimieran los datos de quien lo escribió"
            yield Ruptura(cadena, posicion, pk, que)


def sellar() -> dict[str, Any]:
    """Every head, with one digest over all: small enough to print, mail and keep outside the database."""
    cabezas = {cabeza.cadena: (cabeza.posicion, cabeza.hash) for cabeza in Cabeza.objects.order_by("cadena")}
    return {
        "cabezas": {cadena: {"posicion": posicion, "hash": huella} for cadena, (posicion, huella) in cabezas.items()},
        "huella": _huella_de(cabezas),
    }


def _huella_de(cabezas: dict[str, tuple[int, str]]) -> str:
    cuerpo = "".join(f"{cadena} {posicion} {huella}\n" for cadena, (posicion, huella) in sorted(cabezas.items()))
    return hashlib.sha256(cuerpo.encode()).hexdigest()
