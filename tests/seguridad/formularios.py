"""Every form a papel is shown, found by walking, filled in as a person would."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.rastreo import Campo, Formulario, recorrer

PAGINAS = 60
RELLENO = {
    "email": "persona@aislamiento.example",
    "date": "2026-11-20",
    "datetime-local": "2026-11-20T10:00",
    "time": "10:00",
    "number": "1",
    "tel": "6013813000",
    "url": "https://entidad.example/",
}
# What ends or opens the session, and the samples of the style page.
APARTE = {"account_logout", "account_login", "guia_de_estilo"}


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

    def lleno(self) -> dict[str, list[str]]:
        """Filled as a hurried person would: the first option, some text, nothing that was not asked."""
        datos: dict[str, list[str]] = {}
        for campo in self.formulario.campos:
            if campo.nombre and campo.tipo != "file" and (valor := _valor(campo)) is not None:
                if campo.tipo == "radio" and campo.nombre in datos:
                    continue
                datos.setdefault(campo.nombre, []).append(valor)
        return datos


def _valor(campo: Campo) -> str | None:
    if campo.tipo == "checkbox":
        return campo.valor if campo.marcado else None
    if campo.tipo == "select":
        return campo.valor or next((o for o in campo.opciones if o), "")
    if campo.valor or campo.tipo in {"hidden", "radio", "button"}:
        return campo.valor
    return RELLENO.get(campo.tipo, "Texto de prueba")


def formularios(marcador: Marcador, papel: str, maximo: int = PAGINAS) -> Iterator[Hallado]:
    """One of each kind (by URL name and fields) among the pages this papel reaches."""
    vistos = set()
    for paso in recorrer(marcador, papel, maximo):
        if paso.respuesta.tipo != "text/html" or paso.respuesta.estado != 200:
            continue
        for formulario in paso.pagina.formularios:
            url = urlsplit(urljoin(f"https://portal{paso.url}", formulario.accion))
            nombre = _nombre(url.path)
            clave = nombre, tuple(sorted({c.nombre for c in formulario.campos}))
            if formulario.metodo == "post" and nombre not in APARTE and clave not in vistos:
                vistos.add(clave)
                yield Hallado(papel, paso.url, url.path + (f"?{url.query}" if url.query else ""), nombre, formulario)


def _nombre(ruta: str) -> str:
    try:
        return resolve(ruta).view_name
    except Resolver404:
        return ruta
