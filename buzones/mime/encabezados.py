"""Headers, as they come: broken encoded words, raw bytes, names cut in pieces (RFC 2231), addresses of any shape.

Every function takes anything and answers something. Nothing scans the same text more than a fixed number of times.
"""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from buzones.mime.juegos import decodificar, limpio, una_linea
from buzones.mime.partes import Direccion

Campo = tuple[str, bytes]  # name in lower case, value as it came (with its folds)
CAMPOS_MAXIMOS = 1000
VALOR_MAXIMO = 65_536
_CON_PARAMETROS_MAXIMO = 8192
_BLOQUE_MAXIMO = 2 * 1024 * 1024
_CAMPO = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:")
_PLIEGUE = re.compile(r"\r?\n(?=[ \t])|[\r\n]+")
_BOGOTA = timezone(timedelta(hours=-5))
_SIN_ZONA = re.compile(r"\d:\d\d(?::\d\d)?$")


# --- The block -----------------------------------------------------------------------------------------------------
def separar(crudo: bytes, inicio: int, fin: int) -> tuple[list[Campo], int, list[bytes], bool]:
    """The fields, where the body starts, the lines that are no field, and whether an empty line closed the block."""
    campos: list[Campo] = []
    trozos: list[bytes] = []
    malas: list[bytes] = []
    nombre, pos, leidos = "", inicio, 0

    def cerrar() -> None:
        if nombre:
            campos.append((nombre, b"\n".join(trozos)[:VALOR_MAXIMO]))

    while pos < fin:
        salto = crudo.find(b"\n", pos, fin)
        siguiente = fin if salto < 0 else salto + 1
        linea = crudo[pos : min(siguiente, pos + VALOR_MAXIMO)].rstrip(b"\r\n")
        leidos += 1
        if not linea:
            cerrar()
            return campos, siguiente, malas, True
        if len(campos) >= CAMPOS_MAXIMOS or leidos > 20 * CAMPOS_MAXIMOS or siguiente - inicio > _BLOQUE_MAXIMO:
            cerrar()
            malas.append(linea)
            return campos, _tras_linea_vacia(crudo, pos, fin), malas, True
        if linea[:1] in b" \t" and nombre:
            trozos.append(linea)
        elif hallado := _CAMPO.match(linea):
            cerrar()
            nombre, trozos = hallado[1].decode("ascii").lower(), [linea[hallado.end() :]]
        elif pos == inicio and linea.startswith((b"From ", b">From ")):
            pass  # the mark of an mbox
        elif not campos and not nombre:
            return [], inicio, malas, False
        elif _sigue_el_bloque(crudo, siguiente, fin):
            malas.append(linea[:200])
        else:
            cerrar()
            return campos, pos, malas, False
        pos = siguiente
    cerrar()
    return campos, fin, malas, True


def _sigue_el_bloque(crudo: bytes, pos: int, fin: int) -> bool:
    """Whether a line without a colon is an accident among headers: after it comes a header, or the empty line."""
    linea = crudo[pos : min(fin, pos + 300)].partition(b"\n")[0].rstrip(b"\r")
    return not linea or _CAMPO.match(linea) is not None


def _tras_linea_vacia(crudo: bytes, pos: int, fin: int) -> int:
    vacias = [(crudo.find(marca, pos, fin), len(marca)) for marca in (b"\n\r\n", b"\n\n")]
    return min((donde + largo for donde, largo in vacias if donde >= 0), default=fin)


# --- Values --------------------------------------------------------------------------------------------------------
_PALABRA = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?(?:([^?]{0,4000})\?=|([^?\s]{0,4000})$)")


def legible(crudo: bytes) -> tuple[str, bool]:
    """The value for people, in one line, and whether it was written as it should."""
    texto, bueno = decodificar(crudo[:VALOR_MAXIMO], "")
    texto, buenas = palabras(_PLIEGUE.sub("", texto))
    return una_linea(texto), (bueno and buenas)


def palabras(texto: str) -> tuple[str, bool]:
    """Encoded words decoded (RFC 2047), also the ones that are broken, cut, glued or with spaces inside."""
    if "=?" not in texto:
        return texto, True
    salida: list[str] = []
    pendiente, juego, bien, ultima = b"", "", True, 0

    def soltar() -> None:
        nonlocal pendiente, bien
        if pendiente:
            leido, bueno = decodificar(pendiente, juego)
            bien = bien and bueno
            salida.append(leido)
            pendiente = b""

    for hallada in _PALABRA.finditer(texto):
        entre = texto[ultima : hallada.start()]
        declarado = hallada[1].partition("*")[0].lower()
        if entre.strip() or not ultima:
            soltar()
            salida.append(entre)
        if declarado != juego:
            soltar()
        juego, ultima = declarado, hallada.end()
        cuerpo = hallada[3] if hallada[3] is not None else hallada[4]
        octetos, bueno = _de_base64(cuerpo) if hallada[2] in "bB" else (_de_q(cuerpo), True)
        bien = bien and bueno and hallada[3] is not None
        pendiente += octetos
    soltar()
    salida.append(texto[ultima:])
    return "".join(salida), bien


def _de_q(texto: str) -> bytes:
    return binascii.a2b_qp(texto.encode("utf-8", "replace"), header=True)


def _de_base64(texto: str) -> tuple[bytes, bool]:
    return de_base64(texto.encode("ascii", "ignore"))


_ALFABETO = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FUERA = bytes(set(range(256)) - set(_ALFABETO) - set(b"="))
_FUERA_Y_RARA = bytes(set(_FUERA) - set(b" \t\r\n"))


def de_base64(crudo: bytes) -> tuple[bytes, bool]:
    """What can be read of it, and whether it was whole. Several glued one after another are all read."""
    raros = len(crudo) - len(crudo.translate(None, _FUERA_Y_RARA))
    limpio_ = crudo.translate(None, _FUERA)
    trozos = re.split(rb"=+", limpio_.rstrip(b"="), maxsplit=1000)
    de_mas = len(limpio_) - len(limpio_.rstrip(b"=")) > 2
    bueno = raros == 0 and len(trozos) == 1 and len(limpio_) % 4 == 0 and not de_mas
    salida = []
    for trozo in trozos:
        util = trozo.translate(None, b"=")
        util = util[: len(util) - (len(util) % 4 == 1)]
        salida.append(binascii.a2b_base64(util + b"=" * (-len(util) % 4)))
    return b"".join(salida), bueno


# --- Parameters ----------------------------------------------------------------------------------------------------
_SEGMENTO = re.compile(r"([^*=]{1,80})(?:\*(\d{1,4}))?(\*)?")


def con_parametros(crudo: bytes) -> tuple[str, dict[str, str]]:
    """«tipo; a=b; c*0*=utf-8''…»: the first word in lower case and its parameters, readable."""
    texto = _PLIEGUE.sub("", decodificar(crudo[:_CON_PARAMETROS_MAXIMO], "")[0])
    trozos = list(_partir(texto, ";"))
    sueltos: dict[str, str] = {}
    partidos: dict[str, list[tuple[int, bool, str]]] = {}
    for trozo in trozos[1:200]:
        nombre, igual, valor = trozo.partition("=")
        hallado = _SEGMENTO.fullmatch(nombre.strip().lower())
        if not igual or hallado is None:
            continue
        if hallado[2] is None and hallado[3] is None:
            sueltos.setdefault(hallado[1].strip(), _sin_comillas(valor))
        else:
            partidos.setdefault(hallado[1].strip(), []).append(
                (int(hallado[2] or 0), bool(hallado[3]), _sin_comillas(valor))
            )
    parametros = {nombre: una_linea(palabras(valor)[0]) for nombre, valor in sueltos.items()}
    parametros |= {nombre: una_linea(_unir(segmentos)) for nombre, segmentos in partidos.items()}
    return una_linea(trozos[0] if trozos else "").lower(), parametros


def _unir(segmentos: list[tuple[int, bool, str]]) -> str:
    segmentos.sort(key=lambda s: s[0])
    declarado, octetos, cifrado = "", b"", ""
    for lugar, (_, codificado, dicho) in enumerate(segmentos):
        valor = dicho
        if codificado and lugar == 0 and dicho.count("'") >= 2:
            declarado, _, valor = dicho.split("'", 2)
        if codificado:  # joined before it is decoded: some cut in the middle of a «%C3»
            cifrado += valor
        else:
            octetos += unquote_to_bytes(cifrado) + valor.encode("utf-8", "replace")
            cifrado = ""
    octetos += unquote_to_bytes(cifrado)
    return palabras(decodificar(octetos, declarado)[0])[0]


def _partir(texto: str, separadores: str) -> Iterator[str]:
    """Cut outside quotes. A quote that nobody closes ends with the text only if nothing else closes it."""
    inicio, dentro, pos = 0, False, 0
    while pos < len(texto):
        letra = texto[pos]
        if letra == "\\" and dentro:
            pos += 1
        elif letra == '"':
            dentro = not dentro
        elif letra in separadores and not dentro:
            yield texto[inicio:pos]
            inicio = pos + 1
        pos += 1
    resto = texto[inicio:]
    if dentro:
        yield from re.split(f"[{separadores}]", resto)
    else:
        yield resto


def _sin_comillas(valor: str) -> str:
    valor = valor.strip()
    if valor.startswith('"'):
        valor = valor[1:].removesuffix('"')
        return re.sub(r"\\(.)", r"\1", valor)
    return valor


# --- Addresses -----------------------------------------------------------------------------------------------------
_CORREO = re.compile(r"[^\s<>(),;:\"\[\]@\\]{1,128}@[^\s<>(),;:\"\[\]@\\]{1,255}")
DIRECCIONES_MAXIMAS = 500


def direcciones(crudo: bytes) -> tuple[list[Direccion], bool]:
    """Every address of the header, and whether they were written as they should."""
    texto, _ = decodificar(crudo[:VALOR_MAXIMO], "")
    halladas: list[Direccion] = []
    bien = True
    for trozo in _trozos_de_direcciones(_PLIEGUE.sub("", texto)):
        if len(halladas) >= DIRECCIONES_MAXIMAS:
            return halladas, False
        if trozo.strip():
            hallada, buena = _direccion(trozo.strip())
            bien = bien and buena
            if hallada.correo or hallada.nombre:
                halladas.append(hallada)
        else:
            bien = False
    return halladas, bien


def _trozos_de_direcciones(texto: str) -> Iterator[str]:
    """Cut at the commas (and Outlook's semicolons) that are outside quotes, comments and angles; groups are opened."""
    if not texto.strip():
        return
    actual: list[str] = []
    comillas, parentesis, angulo = False, 0, False
    pos = 0
    while pos < len(texto):
        letra = texto[pos]
        if comillas:
            actual.append(letra)
            if letra == "\\" and pos + 1 < len(texto):
                actual.append(texto[pos + 1])
                pos += 1
            elif letra == '"':
                comillas = False
        elif letra == '"':
            comillas = True
            actual.append(letra)
        elif letra in "()":
            parentesis = max(0, parentesis + (1 if letra == "(" else -1))
            actual.append(letra)
        elif parentesis:
            actual.append(letra)
        elif letra in ",;" and not angulo:
            yield "".join(actual)
            actual = []
        else:
            angulo = (letra == "<" or angulo) and letra != ">"
            if (
                letra == ":"
                and not angulo
                and "@" not in "".join(actual[-200:])
                and "=?" not in "".join(actual[-200:])
            ):
                actual = []  # the name of a group
            else:
                actual.append(letra)
        pos += 1
    resto = "".join(actual)
    if comillas or parentesis or angulo:  # nobody closed it: the commas inside were real ones
        yield from re.split("[,;]", resto)
    elif resto.strip():
        yield resto


def _direccion(trozo: str) -> tuple[Direccion, bool]:
    comentario = ""
    if "(" in trozo and "<" not in trozo:  # «ana@entidad.example (Ana Ruiz)»
        antes, _, resto = trozo.partition("(")
        if _CORREO.search(antes):
            trozo, comentario = antes, resto.rpartition(")")[0]
    antes, abre, resto = trozo.rpartition("<")
    dentro, cierra, _ = resto.partition(">")
    if abre and (hallado := _CORREO.fullmatch(dentro.strip().removeprefix("mailto:"))):
        bien = bool(cierra) and not antes.rstrip().endswith("<")
        nombre = antes
    else:
        hallados = _CORREO.findall(_sin_texto_entre_comillas(trozo))
        bien = len(hallados) == 1 and hallados[0] == trozo.strip()
        nombre = comentario if hallados else antes or trozo
        hallado = _CORREO.search(trozo) if hallados else None
    if hallado is None:
        return Direccion(_nombre(nombre), ""), False
    # What closes a sentence is no part of it. A point before is another address, though nobody can have it.
    correo = limpio(hallado[0]).lower().lstrip("'").rstrip(".'")
    dominio = correo.rpartition("@")[2]
    bien = bien and "." in dominio and not dominio.startswith(".") and ".." not in dominio and len(correo) <= 254
    return Direccion(_nombre(nombre), correo if len(correo) <= 254 else ""), bien


def _sin_texto_entre_comillas(trozo: str) -> str:
    return re.sub(r'"[^"]*"', "", trozo).strip()


def _nombre(texto: str) -> str:
    texto = texto.strip().rstrip("<").strip()
    if texto.startswith('"') and texto.endswith('"') and len(texto) > 1:
        texto = _sin_comillas(texto)
    return una_linea(palabras(texto)[0]).strip("'\" ")[:200]


# --- Identifiers and dates -----------------------------------------------------------------------------------------
_IDENTIFICADOR = re.compile(r"<([^<>\s]{1,290})>")


def identificadores(crudo: bytes) -> list[str]:
    """`<…>` each; a bare word is taken as one when there is nothing better."""
    texto = limpio(_PLIEGUE.sub("", decodificar(crudo[:VALOR_MAXIMO], "")[0]))
    hallados = [f"<{uno}>" for uno in _IDENTIFICADOR.findall(texto)]
    if not hallados:
        hallados = [f"<{uno}>" for uno in re.sub(r"[<>]", " ", texto).split() if "@" in uno and len(uno) <= 290]
    return list(dict.fromkeys(hallados))[-100:]


def fecha(crudo: bytes) -> tuple[datetime | None, bool]:
    """The instant that a header says (the sender's clock), and whether it was written as it should."""
    texto = legible(crudo)[0][:100]
    try:
        partes = parsedate_tz(texto)
        if partes is None:
            return None, False
        ano, mes, dia, hora, minuto, segundo = partes[:6]
        desfase = partes[9]
        sin_zona = _SIN_ZONA.search(texto) is not None
        zona = _BOGOTA if sin_zona else timezone(timedelta(seconds=desfase)) if desfase else UTC
        return datetime(ano, mes, dia, hora, minuto, min(segundo, 59), tzinfo=zona).astimezone(UTC), not sin_zona
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None, False
