"""SPF, DKIM and DMARC as the server of the border checked them (RFC 8601). Anybody may write such a header: only what
our server wrote is believed, and it writes above everything that came with the message.

- Above the first `Received` of another host, and above the one by which our server took the message in: believed.
- Next below that one (where some servers write it) only a failure is believed: nobody forges that against himself.
- Several: the topmost. Nothing: `sin_dato`, which is not a failure.
- Inside it, only what is outside comments and quotes is a result: there the border repeats what the sender wrote.
"""

import re
from collections.abc import Sequence

from buzones.mime.encabezados import VALOR_MAXIMO, Campo
from buzones.mime.juegos import decodificar, una_linea
from buzones.mime.partes import Autenticacion, Direccion

_POR = re.compile(r"\bby\s{1,5}([\w.-]{1,253})", re.IGNORECASE)
_DE = re.compile(r"\s{0,5}from\s{1,5}([\w.\[\]:-]{1,253})", re.IGNORECASE)
_METODO = re.compile(r"\s{0,5}(spf|dkim|dmarc)(?:/\d{1,3})?\s{0,5}=\s{0,5}([a-z]{1,20})", re.IGNORECASE)
_DOMINIO_DE = re.compile(r"\bheader\.(from|d|i)\s{0,5}=\s{0,5}\"?([^\s;\"]{1,300})", re.IGNORECASE)
_SUFIJO = re.compile(r"(?:com|edu|gob|gov|mil|net|nom|org)\.[a-z]{2}")  # of everybody: nobody's own house
_SIMPLE = re.compile(r"[\w.@+-]*")
_DE_CASA = {"localhost", "localhost.localdomain", "127.0.0.1", "[127.0.0.1]", "[::1]"}
_NO_DESEADO = re.compile(r"yes\b|true\b", re.IGNORECASE)


def leer(campos: Sequence[Campo], servidor: str, de: Direccion) -> Autenticacion:
    servidor = servidor.strip().lower().rstrip(".")
    if not servidor:
        return Autenticacion()
    arriba, debajo = _zonas(campos, servidor)
    no_deseado = any(
        clave in {"x-spam-flag", "x-spam-status"} and _NO_DESEADO.match(_texto(valor).strip()) is not None
        for clave, valor in arriba
    )
    for campo, firme in [*((c, True) for c in arriba), *((c, False) for c in debajo)]:
        if campo[0] == "authentication-results" and (leido := _resultado(_texto(campo[1]), servidor, de, no_deseado)):
            return leido if firme or leido.veredicto == "no" else Autenticacion(no_deseado=no_deseado)
    return Autenticacion(no_deseado=no_deseado)


def _texto(valor: bytes) -> str:
    return una_linea(decodificar(valor[: min(len(valor), VALOR_MAXIMO, 10_000)], "")[0])


def _zonas(campos: Sequence[Campo], servidor: str) -> tuple[list[Campo], list[Campo]]:
    """The fields above the `Received` by which our server took the message in, and those right below it."""
    for lugar, (clave, valor) in enumerate(campos):
        if clave != "received":
            continue
        texto = _texto(valor)
        por = _POR.search(texto)
        quien = por[1].lower().rstrip(".") if por else ""
        if quien != servidor:
            if _de_la_casa(quien, servidor):
                continue  # an inner hop, above the border
            return list(campos[:lugar]), []
        desde = _DE.match(texto)
        if desde and desde[1].lower() in _DE_CASA | {servidor}:
            continue  # it handed the message to itself (a filter)
        debajo = []
        for campo in campos[lugar + 1 :]:
            if campo[0] not in {
                "authentication-results",
                "received-spf",
                "dkim-filter",
                "x-spam-status",
                "x-spam-flag",
            }:
                break
            debajo.append(campo)
        return list(campos[:lugar]), debajo
    return list(campos), []


def _de_la_casa(quien: str, servidor: str) -> bool:
    casa = servidor.partition(".")[2]
    if _SUFIJO.fullmatch(casa):
        casa = servidor
    return quien in _DE_CASA or (casa.count(".") >= 1 and (quien == casa or quien.endswith(f".{casa}")))


def _resultado(texto: str, servidor: str, de: Direccion, no_deseado: bool) -> Autenticacion | None:
    trozos = _clausulas(texto)
    quien = trozos[0].split()
    if not quien or quien[0].lower().rstrip(".") != servidor:
        return None
    dichos: dict[str, str] = {}
    dominio_de = de.correo.rpartition("@")[2]
    alineado, de_dmarc = False, []
    for trozo in trozos[1:50]:
        if not (metodo := _METODO.match(trozo)):
            continue
        nombre, resultado = metodo[1].lower(), metodo[2].lower()
        propiedades = {clave.lower(): valor.lower().rpartition("@")[2] for clave, valor in _DOMINIO_DE.findall(trozo)}
        if nombre == "dkim" and resultado == "pass":
            alineado = alineado or _alineados(propiedades.get("d") or propiedades.get("i", ""), dominio_de)
        if nombre == "dmarc":
            de_dmarc.append((resultado, propiedades.get("from", "")))
        if dichos.get(nombre) != "pass":
            dichos[nombre] = resultado
    # What was checked must be the domain that the message shows, and nothing may deny it.
    dmarc = next((uno for uno, _ in de_dmarc if uno != "pass"), "pass" if de_dmarc else "")
    del_mismo = {dominio for _, dominio in de_dmarc} <= {"", dominio_de}
    veredicto = "sin_dato"
    if dominio_de and ((dmarc == "pass" and del_mismo) or (dmarc not in {"pass", "fail"} and alineado)):
        veredicto = "si"
    elif dmarc == "fail":
        veredicto = "no"
    return Autenticacion(
        veredicto, servidor, dichos.get("spf", ""), dichos.get("dkim", ""), dmarc, dominio_de, no_deseado
    )


def _alineados(uno: str, otro: str) -> bool:
    if not uno or not otro or "." not in uno or "." not in otro:
        return False
    return uno == otro or otro.endswith(f".{uno}")


def _clausulas(texto: str) -> list[str]:
    """Cut at the semicolons, without comments (at any depth) and without what is quoted, unless it is one plain word:
    a local part, a selector or a reason may hold anything, also what looks like another result."""
    salida, citado, hondo, comillas, escapada = [""], "", 0, False, False
    for letra in texto:
        if escapada or (letra == "\\" and (hondo or comillas)):
            citado += letra if comillas else ""
            escapada = not escapada
        elif letra == '"' and not hondo:
            if comillas and _SIMPLE.fullmatch(citado):
                salida[-1] += citado
            comillas, citado = not comillas, ""
        elif comillas:
            citado += letra
        elif letra in "()":
            hondo = max(0, hondo + (1 if letra == "(" else -1))
        elif letra == ";" and not hondo:
            salida.append("")
        elif not hondo:
            salida[-1] += letra
    return salida
