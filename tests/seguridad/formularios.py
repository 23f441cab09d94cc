"""Every form that the pages show, filled in as a person would: the way in of the proofs over what people send."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from django.utils import timezone

from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.aislamiento.rastreo import Campo, Formulario, Lector

RELLENO = {
    "email": "persona@aislamiento.example",
    "time": "10:00",
    "number": "1",
    "tel": "6013813000",
    "url": "https://entidad.example/",
}
DE_TEXTO = {"text", "textarea", "search", "email", "tel", "password", "url", "date", "datetime-local", "time"}
NUMEROS = {"principal", "por"}  # of another solicitud or concepto, typed by a person
# What ends or opens the session, and the samples of the style page.
APARTE = {"account_logout", "account_login", "guia_de_estilo"}
CON_ACCIONES = {"atencion:caso", "conceptos:detalle"}  # what they offer depends on who looks
SELLO = "csrfmiddlewaretoken"
# Who opens each page, the first that can: somebody of each role, owners of what the world holds.
QUIENES = (
    "enlace_a", "asesor_x", "subdirector_x", "admin_a", "director_x", "revisor_x", "ventanilla", "administrador",
)  # fmt: skip


@dataclass
class Hallado:
    """A form on a page: where it goes and what it is called."""

    papel: str
    pagina: str
    url: str
    nombre: str
    formulario: Formulario

    def __str__(self) -> str:
        return f"{self.papel} en {self.pagina} → {self.nombre}"

    @property
    def campos(self) -> list[Campo]:
        return [c for c in self.formulario.campos if c.nombre and c.nombre != SELLO]

    def lleno(self) -> dict[str, list[str]]:
        """Filled as a hurried person would: the first option of everything, today, some text."""
        datos: dict[str, list[str]] = {}
        for campo in self.campos:
            una_sola = campo.tipo in {"radio", "checkbox"} and campo.nombre in datos
            if campo.tipo != "file" and not una_sola:
                datos.setdefault(campo.nombre, []).append(_valor(campo))
        return datos

    def ofrece(self, nombre: str) -> set[str]:
        """Values of this field that the page itself offers."""
        return {v for c in self.campos if c.nombre == nombre for v in (c.valor, *c.opciones)}

    def con_ids(self) -> list[str]:
        """Names of the fields that could carry an id: what is chosen or hidden, and the numbers that are typed."""
        return sorted({c.nombre for c in self.campos if c.tipo not in DE_TEXTO | {"file"} or c.nombre in NUMEROS})

    def multiples(self) -> set[str]:
        """Names of the fields that carry a list."""
        casillas = [c.nombre for c in self.campos if c.tipo == "checkbox"]
        return {nombre for nombre in casillas if casillas.count(nombre) > 1}


def _valor(campo: Campo) -> str:
    if campo.tipo == "checkbox":
        return campo.valor or "on"
    if campo.tipo == "select":
        return campo.valor or next((o for o in campo.opciones if o), "")
    if campo.valor.strip() or campo.tipo in {"hidden", "radio", "button"}:
        return campo.valor
    if campo.tipo in {"date", "datetime-local"}:
        return f"{timezone.localdate()}" + ("" if campo.tipo == "date" else "T00:00")
    return RELLENO.get(campo.tipo, "Texto de prueba")


def formularios(
    marcador: Marcador, este: Mundo, papeles: Iterable[str] = QUIENES, *, por_pagina: int = 1
) -> Iterator[Hallado]:
    """One of each kind (address and fields) in every page, opened by the first of these that have something of their
    own in it."""
    vistos = set()
    papeles = list(papeles)
    for pagina in matriz.paginas():
        propias = ((p, urls) for p in papeles if pagina.deja_entrar(p) and (urls := _suyas(pagina, este, p)))
        for papel, urls in islice(propias, max(por_pagina, 2) if pagina.nombre in CON_ACCIONES else por_pagina):
            for url in urls:
                for hallado in en_la_pagina(marcador, papel, url):
                    clave = hallado.nombre, tuple(sorted({c.nombre for c in hallado.campos}))
                    if clave not in vistos:
                        vistos.add(clave)
                        yield hallado


def en_la_pagina(marcador: Marcador, papel: str, url: str, seguir: bool = True) -> Iterator[Hallado]:
    """The forms of a page, and those of the actions that it links to: what can be done depends on the state."""
    respuesta = marcador.llamar(papel, "GET", url)
    if respuesta.tipo != "text/html" or respuesta.estado != 200:
        return
    lector = Lector(respuesta.cuerpo.decode("utf-8", "replace"))
    for formulario in lector.formularios:
        destino = _destino(url, formulario.accion)
        if formulario.metodo == "post" and _nombre(destino) not in APARTE:
            yield Hallado(papel, url, destino, _nombre(destino), formulario)
    for enlace in {_destino(url, e) for e in lector.enlaces} if seguir else ():
        if _nombre(enlace).startswith("atencion:accion"):
            yield from en_la_pagina(marcador, papel, enlace, seguir=False)


def _destino(url: str, enlace: str) -> str:
    partes = urlsplit(urljoin(f"https://portal{url}", enlace))
    return partes.path + (f"?{partes.query}" if partes.query else "")


def _suyas(pagina: matriz.Pagina, este: Mundo, papel: str) -> list[str]:
    """Addresses of this page for what is this papel's own: one of each variant."""
    propias: dict[tuple[int, str], str] = {}
    for destino in matriz.destinos(pagina, este.objetos):
        if destino.objeto is None and destino.clase == matriz.NINGUNO:
            propias[(destino.variante, destino.url)] = destino.url
        elif destino.para(papel) == matriz.PROPIO:
            propias.setdefault((destino.variante, ""), destino.url)
    return list(propias.values())


def _nombre(url: str) -> str:
    """Name of the URL, and the action, step or catalogue that it names."""
    try:
        ruta = resolve(urlsplit(url).path)
    except Resolver404:
        return url
    cual = next((ruta.kwargs[n] for n in ("accion", "paso", "clave") if n in ruta.kwargs), "")
    return f"{ruta.view_name}:{cual}" if cual else ruta.view_name
