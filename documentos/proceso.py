"""The processes that turn HTML into PDF. They know nothing of Django and receive no secret.

`python -m documentos.proceso FD` imports WeasyPrint once (a second and more) and waits on the socket FD; each order
is printed by a fork of its own. The fork refuses every socket and every program, serves to WeasyPrint only our own
static files and the images we made, and lives under limits of memory and CPU: a hostile or monstrous text costs one
fork, never the worker (checks P01, P02). What waits never reads an order.
"""

import json
import logging
import os
import re
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

MEMORIA = 1 << 30
CPU = 20
BASE = "https://documento.invalid/"
ESTATICO = BASE + "estatico/"
ADJUNTA = BASE + "adjunta/"
# By name only: no percent-encoding, no dots that climb, no other folders.
NOMBRE_PROPIO = re.compile(r"(?:css|fuentes|img)(?:/[a-z0-9_-]+)*/[a-zA-Z0-9_-]+(?:\.[a-z0-9]+)+")
TIPOS = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
PROHIBIDO = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.", "os.system", "os.exec")
# Exit codes the parent translates.
SIN_BIBLIOTECA, SIN_RECURSO, DESMEDIDO, INCOMPLETO = 3, 4, 5, 6
# What the printer says when it goes on without a letter that no font has, or without an image it can't read.
FALTAS = (".notdef", "Failed to load image", "Unknown image mode")
CAMPO_FIRMA = "firma"


def limitar(memoria: int = MEMORIA, cpu: int = CPU) -> None:
    """Limits of this process. Never call it in the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (memoria, memoria))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sin_red(evento: str, _argumentos: Any) -> None:
    """Audit hook: no socket and no program, even if a library we use had a hole."""
    if evento.startswith(PROHIBIDO):
        raise PermissionError(f"El proceso de documentos no puede usar {evento}.")


def hacer_buscador(raices: list[Path], imagenes: list[str], adjuntas: dict[str, list[str]]) -> Any:
    """A deny-all URL fetcher that knows our static folders, the exact data URIs we made and the images that came with
    the order (name → type and base64)."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class SoloPropios(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.negadas: list[str] = []
            self.faltantes: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in permitidas:
                tipo = url[5:].split(";", 1)[0]
                return URLFetcherResponse(url, _de_base64(url), {"Content-Type": tipo})
            if url.startswith(ADJUNTA) and url.removeprefix(ADJUNTA) in adjuntas:
                tipo, contenido = adjuntas[url.removeprefix(ADJUNTA)]
                return URLFetcherResponse(url, _de_base64(f",{contenido}"), {"Content-Type": tipo})
            nombre = url.removeprefix(ESTATICO)
            if nombre == url or not NOMBRE_PROPIO.fullmatch(nombre):
                self.negadas.append(url[:200])
                raise ValueError("Recurso ajeno al portal.")
            archivo = _buscar(nombre, raices)
            if archivo is None:
                self.faltantes.append(nombre)
                raise ValueError(f"Falta el recurso {nombre}.")
            return URLFetcherResponse(url, archivo.read_bytes(), {"Content-Type": TIPOS[archivo.suffix]})

    permitidas = frozenset(imagenes)
    return SoloPropios()


def _buscar(nombre: str, raices: list[Path]) -> Path | None:
    for raiz in raices:
        archivo = (raiz / nombre).resolve()
        if archivo.is_relative_to(raiz.resolve()) and archivo.is_file() and archivo.suffix in TIPOS:
            return archivo
    return None


def _de_base64(uri: str) -> bytes:
    import base64  # noqa: PLC0415

    return base64.b64decode(uri.split(",", 1)[1], validate=True)


def imprimir(
    html: str,
    *,
    raices: list[Path],
    imagenes: list[str],
    estructura: bool = True,
    adjuntas: dict[str, list[str]] | None = None,
) -> tuple[bytes, Any]:
    """The PDF of `html` and the fetcher that served it (for its lists of what was refused or missing).

    With `estructura` it claims PDF/A-2a: tagged, fonts embedded, no attachment possible. Without it, a plain page to
    be used as the appearance of a signature.
    """
    import weasyprint  # noqa: PLC0415

    buscador = hacer_buscador(raices, imagenes, adjuntas or {})
    documento = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=buscador)
    # A <base> in the text would move our own relative names; a <link rel=attachment> is removed by PDF/A-2.
    documento.base_url = BASE
    contenido = documento.write_pdf(
        pdf_variant="pdf/a-2a" if estructura else None,
        finisher=reservar_firma if estructura else None,
    )
    return contenido, buscador


def reservar_firma(documento: Any, pdf: Any) -> None:
    """Leave an empty signature field over the element `#firma`: signing only fills it (PAdES, incremental)."""
    hallada = _caja_de_firma(documento)
    if hallada is None:
        return
    import pydyf  # noqa: PLC0415

    pagina_n, (x1, y1, x2, y2) = hallada
    referencia_pagina = pdf.page_references[pagina_n]
    pagina = _objeto(pdf, referencia_pagina)
    vacia = pydyf.Stream(
        [b""],
        {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, x2 - x1, y2 - y1])},
    )
    pdf.add_object(vacia)
    campo = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(CAMPO_FIRMA),
            "TU": pydyf.String("Firma electrónica"),
            "F": 132,  # printed and locked
            "Rect": pydyf.Array([x1, y1, x2, y2]),
            "P": referencia_pagina,
            "AP": pydyf.Dictionary({"N": vacia.reference}),
        }
    )
    pdf.add_object(campo)
    pagina.setdefault("Annots", pydyf.Array()).append(campo.reference)
    formulario = pydyf.Dictionary({"Fields": pydyf.Array([campo.reference]), "SigFlags": 0})
    pdf.add_object(formulario)
    pdf.catalog["AcroForm"] = formulario.reference
    _anotar_en_estructura(pdf, campo, referencia_pagina)


def _caja_de_firma(documento: Any) -> tuple[int, tuple[float, float, float, float]] | None:
    """Page and rectangle (points, from the bottom left) of the element `#firma`."""
    for numero, pagina in enumerate(documento.pages):
        for caja in pagina._page_box.descendants():
            if caja.element is not None and caja.element.get("id") == CAMPO_FIRMA:
                x, y = caja.border_box_x(), caja.border_box_y()
                ancho, alto = caja.border_width(), caja.border_height()
                puntos = (x, pagina.height - y - alto, x + ancho, pagina.height - y)
                return numero, tuple(round(medida * 0.75, 3) for medida in puntos)
    return None


def _anotar_en_estructura(pdf: Any, campo: Any, referencia_pagina: bytes) -> None:
    """Put the field in the tag tree, so a screen reader finds where the signature goes."""
    import pydyf  # noqa: PLC0415

    raiz = _objeto(pdf, pdf.catalog["StructTreeRoot"])
    nodo_documento = _objeto(pdf, raiz["K"][0])
    enlace = pydyf.Dictionary({"Type": "/OBJR", "Obj": campo.reference, "Pg": referencia_pagina})
    pdf.add_object(enlace)
    nodo = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "K": pydyf.Array([enlace.reference]),
            "Pg": referencia_pagina,
            "P": nodo_documento.reference,
        }
    )
    pdf.add_object(nodo)
    nodo_documento["K"].append(nodo.reference)
    numeros = _objeto(pdf, raiz["ParentTree"])["Nums"]
    clave = len(numeros) // 2
    numeros.extend([clave, nodo.reference])
    campo["StructParent"] = clave


def _objeto(pdf: Any, referencia: bytes | str) -> Any:
    return pdf.objects[int(referencia.split()[0])]


class Faltas(logging.Handler):
    """What the printer left out and went on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.dichas: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        dicho = record.getMessage()
        if dicho.startswith(FALTAS):
            self.dichas.append(dicho[:200])


def avisar(texto: str) -> None:
    """A line for the parent's log."""
    sys.stderr.write(texto + "\n")


def atender_pedido() -> int:
    """Read the order on standard input and print it on standard output. Returns what the parent translates."""
    limitar()
    pedido = json.load(sys.stdin.buffer)
    sys.addaudithook(sin_red)
    faltas = Faltas()
    logging.getLogger("weasyprint").addHandler(faltas)
    try:
        contenido, buscador = imprimir(
            pedido["html"],
            raices=[Path(raiz) for raiz in pedido["raices"]],
            imagenes=pedido["imagenes"],
            estructura=pedido["estructura"],
            adjuntas=pedido["adjuntas"],
        )
    except (MemoryError, RecursionError) as error:
        avisar(type(error).__name__)
        return DESMEDIDO
    if buscador.faltantes:
        avisar(", ".join(buscador.faltantes))
        return SIN_RECURSO
    if pedido["estricto"] and (faltas.dichas or buscador.negadas):
        avisar(", ".join([*faltas.dichas, *buscador.negadas])[:2000])
        return INCOMPLETO
    for url in buscador.negadas:
        avisar(f"negado: {url}")
    sys.stdout.buffer.write(contenido)
    return 0


def servir(enchufe: socket.socket) -> None:
    """Wait for orders until the other end closes. An order is four descriptors: input, output, complaints, result."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks are not waited for
    falta = _falta_biblioteca()
    while True:
        mensaje, descriptores, _, _ = socket.recv_fds(enchufe, 1, 4)
        if not mensaje:
            return
        hijo = os.fork()
        if hijo == 0:
            enchufe.close()
            _ser_hijo(descriptores, falta)
        for descriptor in descriptores:
            os.close(descriptor)
        enchufe.send(struct.pack("!q", hijo))
        if falta:  # it may be installed by the next time: a new process will look again
            return


def _ser_hijo(descriptores: list[int], falta: str) -> None:
    """Never returns. The result is one byte; a fork that a limit killed leaves none."""
    entrada, salida, quejas, resultado = descriptores
    for nuestro, estandar in ((entrada, 0), (salida, 1), (quejas, 2)):
        os.dup2(nuestro, estandar)
    codigo = 1
    try:
        if falta:
            avisar(falta)
            codigo = SIN_BIBLIOTECA
        else:
            codigo = atender_pedido()
    except BaseException as error:  # the fork must end here, whatever happened
        avisar(f"{type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(resultado, bytes([codigo]))
        os._exit(0)


def _falta_biblioteca() -> str:
    """Why WeasyPrint does not load (Pango or one of its friends is missing), or nothing."""
    try:
        import weasyprint  # noqa: F401, PLC0415
    except OSError as error:
        return str(error) or "no carga"
    return ""


if __name__ == "__main__":
    servir(socket.socket(fileno=int(sys.argv[1])))
