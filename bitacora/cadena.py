"""Reading the chain again, from the columns alone and without the database's own functions (security.md A03, A04)."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any

from bitacora.models import Cabeza, Suceso

GENESIS = "0" * 64
# In this order, in the digest of each row. The function `bitacora_canonico` (migration 0002) says the same in SQL.
CAMPOS = (
    "cadena", "posicion", "en", "actor_id", "rol", "accion", "objeto_tipo", "objeto_id", "objeto_texto",
    "solicitud_id", "entidad_id", "dependencias", "antes", "despues", "motivo_huella", "ip", "peticion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ruptura:
    """The first place of a chain that is not as it was written."""

    cadena: str
    posicion: int
    suceso: int | None
    que: str

    def como_json(self) -> dict[str, Any]:
        return asdict(self)


def textos(suceso: Suceso) -> dict[str, str | None]:
    """What the digest of a row reads, field by field and in its order."""
    return {campo: _texto(suceso, campo) for campo in CAMPOS}


def hash_de(suceso: Suceso, anterior: str) -> str:
    cuerpo = anterior + "".join(_campo(texto) for texto in textos(suceso).values())
    return hashlib.sha256(cuerpo.encode()).hexdigest()


def _texto(suceso: Suceso, campo: str) -> str | None:
    valor = getattr(suceso, campo)
    if campo == "en":
        return None if valor is None else valor.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if campo == "dependencias":
        return ",".join(map(str, valor))
    return None if valor is None else str(valor)


def _campo(valor: str | None) -> str:
    """Length and value, so that two fields can't be cut at another place; a dash for what is absent."""
    return "-;" if valor is None else f"{len(valor.encode())}:{valor};"


def verificar(sello: dict[str, Any] | None = None) -> Iterator[Ruptura]:
    """The first break of each chain that has one. Needs an alcance that sees everything, inside a transaction.

    `sello` is what `sellar` returned some day: what was written until then must still be there (a cut tail).
    """
    cabezas = {cabeza.cadena: (cabeza.posicion, cabeza.hash) for cabeza in Cabeza.objects.all()}
    yield from _sin_sellar()
    con_sucesos = set(Suceso.objects.order_by("cadena").values_list("cadena", flat=True).distinct())
    for cadena in sorted(con_sucesos | set(cabezas) | set((sello or {}).get("cabezas", ()))):
        prometida = (sello or {}).get("cabezas", {}).get(cadena)
        ruptura = _recorrer(cadena, cabezas.get(cadena), prometida)
        if ruptura is not None:
            yield ruptura


def _sin_sellar() -> Iterator[Ruptura]:
    suelto = Suceso.objects.filter(posicion__isnull=True).order_by("id").first()
    if suelto is not None:
        yield Ruptura(suelto.cadena, 0, suelto.pk, "está fuera de la cadena")


def _recorrer(cadena: str, cabeza: tuple[int, str] | None, prometida: dict[str, Any] | None) -> Ruptura | None:
    posicion, anterior = 0, GENESIS
    sucesos: Iterable[Suceso] = (
        Suceso.objects.de_la_cadena(cadena).filter(posicion__isnull=False).iterator(chunk_size=2000)
    )
    for suceso in sucesos:
        posicion += 1
        falla = _falla(suceso, posicion, anterior)
        if falla:
            return Ruptura(cadena, posicion, suceso.pk, falla)
        anterior = suceso.hash
        if prometida and prometida["posicion"] == posicion and prometida["hash"] != anterior:
            return Ruptura(cadena, posicion, suceso.pk, "no es el que se selló")
    if prometida and prometida["posicion"] > posicion:
        return Ruptura(cadena, posicion + 1, None, "falta: el sello llegaba más lejos")
    if (posicion, anterior) != (cabeza or (0, GENESIS)):
        return Ruptura(cadena, posicion + 1, None, "falta el final de la cadena, o su cabeza cambió")
    return None


def _falla(suceso: Suceso, posicion: int, anterior: str) -> str:
    if suceso.posicion != posicion:
        return "falta el suceso de este lugar"
    if suceso.hash_anterior != anterior:
        return "no sigue al anterior"
    if suceso.hash != hash_de(suceso, anterior):
        return "su contenido cambió"
    if suceso.motivo and suceso.motivo_huella != _huella_del_motivo(suceso):
        return "su motivo cambió"
    return ""


def _huella_del_motivo(suceso: Suceso) -> str:
    return hashlib.sha256(f"{suceso.motivo_sal}:{suceso.motivo}".encode()).hexdigest()


def sellar() -> dict[str, Any]:
    """Every head, with one digest over all: small enough to print, mail and keep outside the database."""
    cabezas = {
        cabeza.cadena: {"posicion": cabeza.posicion, "hash": cabeza.hash}
        for cabeza in Cabeza.objects.order_by("cadena")
    }
    cuerpo = "".join(f"{cadena} {dato['posicion']} {dato['hash']}\n" for cadena, dato in cabezas.items())
    return {"cabezas": cabezas, "huella": hashlib.sha256(cuerpo.encode()).hexdigest()}
