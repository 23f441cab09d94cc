"""Walk the portal as a person does: from the first page, by every link that is shown (security.md T05).

What a page offers must open for whoever sees it, and nothing reached may carry somebody else's canary.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from sdfi_portal.aislamiento.llamadas import Marcador, Respuesta

PAGINAS_MAXIMAS = 300
PUERTA = "/"
SIN_VALOR_PROPIO = {"submit", "button", "reset", "image"}


@dataclass
class Campo:
    nombre: str
    tipo: str
    valor: str = ""
    opciones: list[str] = field(default_factory=list)
    marcado: bool = True


@dataclass
class Formulario:
    accion: str
    metodo: str
    campos: list[Campo] = field(default_factory=list)

    def datos(self) -> dict[str, list[str]]:
        """What a browser would send without touching anything, by the first button."""
        enviados: dict[str, list[str]] = {}
        for campo in self.campos:
            if campo.nombre and campo.marcado and campo.tipo != "file":
                enviados.setdefault(campo.nombre, []).append(campo.valor)
        return enviados


class Lector(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, texto: str) -> None:
        super().__init__()
        self.enlaces: list[str] = []
        self.formularios: list[Formulario] = []
        self._formulario: Formulario | None = None
        self._campo: Campo | None = None
        self._boton = False
        self.feed(texto)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {nombre: valor or "" for nombre, valor in attrs}
        self.enlaces += [a[nombre] for nombre in ("href", "hx-get") if tag != "link" and a.get(nombre)]
        if tag == "form":
            self._formulario = Formulario(a.get("action", ""), a.get("method", "get").lower())
            self.formularios.append(self._formulario)
            self._boton = False
        elif self._formulario is not None:
            self._en_formulario(tag, a, self._formulario)

    def _en_formulario(self, tag: str, a: dict[str, str], formulario: Formulario) -> None:
        tipo = a.get("type", "text" if tag == "input" else tag).lower()
        if tag == "option" and self._campo is not None:
            self._campo.opciones.append(a.get("value", ""))
            if "selected" in a or len(self._campo.opciones) == 1:
                self._campo.valor = a.get("value", "")
        elif tag in {"select", "textarea"} or (tag == "input" and tipo not in SIN_VALOR_PROPIO):
            marcado = "checked" in a if tipo in {"checkbox", "radio"} else True
            self._campo = Campo(a.get("name", ""), tipo, a.get("value", ""), marcado=marcado)
            formulario.campos.append(self._campo)
        elif tag == "button" and tipo != "button" and a.get("name") and not self._boton:
            self._boton = True
            formulario.campos.append(Campo(a["name"], "button", a.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._campo is not None and self._campo.tipo == "textarea":
            self._campo.valor += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._campo = None
        elif tag == "form":
            self._formulario = None


@dataclass(frozen=True, slots=True)
class Paso:
    """A page reached, and where its link was."""

    url: str
    desde: str
    respuesta: Respuesta

    @property
    def pagina(self) -> Lector:
        return Lector(self.respuesta.cuerpo.decode("utf-8", "replace"))


def recorrer(marcador: Marcador, papel: str, maximo: int = PAGINAS_MAXIMAS) -> Iterator[Paso]:
    """Every page this papel reaches by links and redirects, breadth first, each address once."""
    vistas, cola = {PUERTA}, deque([(PUERTA, "")])
    while cola and maximo:
        url, desde = cola.popleft()
        paso = Paso(url, desde, marcador.llamar(papel, "GET", url))
        maximo -= 1
        yield paso
        for siguiente in _salidas(paso):
            if siguiente not in vistas:
                vistas.add(siguiente)
                cola.append((siguiente, url))


def _salidas(paso: Paso) -> Iterator[str]:
    crudas = [paso.respuesta.destino] if paso.respuesta.destino else []
    if paso.respuesta.tipo == "text/html":
        crudas += paso.pagina.enlaces
    for cruda in crudas:
        partes = urlsplit(urljoin(f"https://portal{paso.url}", cruda))
        if partes.scheme == "https" and partes.netloc == "portal" and not partes.path.startswith("/static/"):
            yield partes.path + (f"?{partes.query}" if partes.query else "")
