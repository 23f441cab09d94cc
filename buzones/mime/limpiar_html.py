"""HTML of strangers: shown without scripts, forms, styles that load, or anything remote; and told as text.

Only nh3 parses it (a real HTML5 parser): the text is taken from what it wrote, so that both say the same.
"""

import html as entidades
import io
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import islice

import nh3

from archivos import imagenes
from archivos.errores import Rehuso
from buzones.mime.juegos import limpio

HTML_MAXIMO = 300_000
_IMAGENES_MAXIMO = 200_000  # of all the images shown inside, in the text that they become
# The parser's time grows with how deep they may nest: cells, items and paragraphs close one another.
_ABIERTAS_MAXIMAS = 10_000
_ABIERTA = re.compile(r"<(?!(?:td|th|tr|li|p|br|img|o:p|option)\b)[a-z]", re.IGNORECASE)
_ETIQUETAS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main",
    "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_CALLADAS = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
_CALLADAS |= {"select", "audio", "video", "canvas", "xml", "noembed", "noframes", "plaintext", "xmp", "listing"}
_ATRIBUTOS: dict[str, set[str]] = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "col": {"span", "width"},
    "font": {"color", "size"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "rowspan", "width"},
    "th": {"colspan", "rowspan", "width"},
}
_ESTILOS = {"color", "background-color", "font-weight", "font-style", "text-align", "text-decoration"}
_ESTILO_SIN_TRUCOS = re.compile(r"[\w\s#%.,;:()!-]*")
_ENLACE = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_BLOQUES = frozenset({
    "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_DE_PARRAFO = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"}


def demasiado(html: str) -> bool:
    """Whether it is no HTML of a mail, but one made to exhaust who reads it."""
    if len(html) > 2 * HTML_MAXIMO:
        return True
    if html.count("&") > 2 * _ABIERTAS_MAXIMAS:
        return True
    return next(islice(_ABIERTA.finditer(html), _ABIERTAS_MAXIMAS, None), None) is not None


def limpiar(html: str, imagenes_dentro: Mapping[str, bytes] | None = None) -> str:
    """What may be shown. '' when it is too much: the text says the same."""
    if demasiado(html):
        return ""
    sin_imagenes = _limpiar(html, lambda _: None)
    if len(sin_imagenes) > HTML_MAXIMO:
        return ""
    if not imagenes_dentro:
        return sin_imagenes
    resta = min(_IMAGENES_MAXIMO, HTML_MAXIMO - len(sin_imagenes))
    datos = {identificador: como_dato(contenido) for identificador, contenido in imagenes_dentro.items()}

    def dentro(identificador: str) -> str | None:
        nonlocal resta
        dato = datos.get(identificador)
        if dato is None or len(dato) > resta:
            return None
        resta -= len(dato)
        return dato

    return _limpiar(html, dentro)


def como_dato(contenido: bytes) -> str | None:
    """A small PNG or JPEG as the text of its own address; None when it is anything else."""
    clave = "png" if contenido.startswith(b"\x89PNG\r\n\x1a\n") else "jpeg" if contenido[:3] == b"\xff\xd8\xff" else ""
    if not clave or len(contenido) > _IMAGENES_MAXIMO:
        return None
    try:
        imagenes.revisar(io.BytesIO(contenido), clave)
    except Rehuso:
        return None
    return f"data:image/{clave};base64,{b64encode(contenido).decode()}"


def _limpiar(html: str, dentro: Callable[[str], str | None]) -> str:
    def atributo(etiqueta: str, nombre: str, valor: str) -> str | None:
        if nombre == "src":
            return dentro(valor[4:].strip().lower()) if valor[:4].lower() == "cid:" else None
        if nombre == "href":
            return valor if _ENLACE.match(valor) else None
        if nombre == "style":
            return valor if _ESTILO_SIN_TRUCOS.fullmatch(valor) and "url" not in valor.lower() else None
        return valor

    return nh3.clean(
        limpio(html),
        tags=_ETIQUETAS,
        clean_content_tags=_CALLADAS,
        attributes=_ATRIBUTOS,
        attribute_filter=atributo,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        filter_style_properties=_ESTILOS,
    )


# --- Text ----------------------------------------------------------------------------------------------------------
_TROZO = re.compile(r"(<[^<>]*>)")
_CAZA = re.compile(r"<[^<>]*>")
_CALLADA = re.compile(r"<(script|style)\b", re.IGNORECASE)


def a_texto(html: str) -> str:
    """What a person reads of it; each quoted level starts with «> », as a mail in plain text would."""
    if demasiado(html):
        return _a_tijera(html)
    sano = nh3.clean(limpio(html), tags=_ETIQUETAS, clean_content_tags=_CALLADAS, attributes={}, link_rel=None)
    lineas: list[str] = []
    actual: list[str] = []
    citas, literal = 0, 0

    def cerrar(*, parrafo: bool = False) -> None:
        linea = "".join(actual) if literal else " ".join("".join(actual).split())
        actual.clear()
        marca = "> " * min(citas, 20)
        if linea.strip():
            lineas.append(marca + linea.strip("\n"))
        if parrafo and lineas and lineas[-1].strip("> "):
            lineas.append(marca.strip())

    for trozo in _TROZO.split(sano):
        if not trozo.startswith("<"):
            actual.append(entidades.unescape(trozo))
            continue
        cierra, nombre = trozo[1:2] == "/", trozo.strip("</>").split(" ")[0]
        if nombre in {"td", "th"} and cierra:
            actual.append(" \t ")
        elif nombre == "br":
            vacia = not "".join(actual).strip()
            cerrar()
            if vacia and lineas and lineas[-1].strip("> "):
                lineas.append(("> " * min(citas, 20)).strip())
        elif nombre in _BLOQUES:
            cerrar(parrafo=nombre in _DE_PARRAFO)
            if nombre == "li" and not cierra:
                actual.append("- ")
            citas = max(0, citas + (0 if nombre != "blockquote" else -1 if cierra else 1))
            literal = max(0, literal + (0 if nombre != "pre" else -1 if cierra else 1))
    cerrar()
    return "\n".join(lineas).replace("\xa0", " ").strip()


def _a_tijera(html: str) -> str:
    """Without a parser: what is between the tags, whatever they are."""
    html = html[: 2 * HTML_MAXIMO]
    partes, pos = [], 0
    for hallada in _CALLADA.finditer(html):
        if hallada.start() >= pos:
            partes.append(html[pos : hallada.start()])
            fin = html.find(f"</{hallada[1]}", hallada.end())
            pos = len(html) if fin < 0 else fin
    texto = entidades.unescape(_CAZA.sub(" ", "".join([*partes, html[pos:]])))
    return "\n".join(" ".join(linea.split()) for linea in limpio(texto).splitlines() if linea.strip())


_CID = re.compile(r"cid:([^\s\"'<>)]{1,200})", re.IGNORECASE)


def citadas(html: str) -> set[str]:
    """The identifiers of the images that it shows."""
    return {uno.lower() for uno in _CID.findall(html)}
