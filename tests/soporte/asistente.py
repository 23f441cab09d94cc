"""Walking the wizard as a browser without JavaScript would, and files to upload."""

import re
from io import BytesIO
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

CONTACTO = {"contacto_nombre": "Laura Pérez", "contacto_correo": "laura@sdg.example"}
_OCULTO = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def ocultos(respuesta: Any) -> dict[str, str]:
    """Hidden fields of the page, as a browser would send them back."""
    pares = _OCULTO.findall(respuesta.content.decode())
    return {nombre: valor for nombre, valor in pares if nombre not in {"csrfmiddlewaretoken", "membresia"}}


def enviar(cliente: Client, url: str, datos: dict[str, Any], accion: str = "continuar") -> Any:
    """Open a step and send it with one of its buttons."""
    return cliente.post(url, {**ocultos(cliente.get(url)), **datos, "accion": accion})


def empezar(cliente: Client) -> str:
    """A new draft: the address of its first step."""
    return cliente.post("/solicitudes/nueva/").headers["Location"]


def paso(url: str, clave: str) -> str:
    """The address of another step of the same draft."""
    return re.sub(r"/(recepcion|necesidad|detalle|documentos|revisar)/$", f"/{clave}/", url)


def llenar(cliente: Client, elenco: Any, **detalle: Any) -> str:
    """A draft ready to be filed: the address of its review."""
    necesidad = empezar(cliente)
    enviar(cliente, necesidad, {"temas": [detalle.pop("tema", elenco.tema_tablas).pk]})
    respuestas = {"asunto": "Aplicación de la TRD", "necesidad": "Tenemos dudas.", "pregunta_1": "¿Desde cuándo?"}
    enviar(cliente, paso(necesidad, "detalle"), {**respuestas, **detalle})
    enviar(cliente, paso(necesidad, "documentos"), CONTACTO)
    return paso(necesidad, "revisar")


def radicar(cliente: Client, elenco: Any, **detalle: Any) -> Any:
    """The whole way. Gives the confirmation page."""
    return cliente.post(llenar(cliente, elenco, **detalle), {"acepta_datos": "on"}, follow=True)


def un_pdf(nombre: str = "anexo.pdf", paginas: int = 1) -> SimpleUploadedFile:
    salida, documento = BytesIO(), pikepdf.new()
    for _ in range(paginas):
        documento.add_blank_page()
    documento.save(salida)
    return SimpleUploadedFile(nombre, salida.getvalue(), content_type="application/pdf")


def un_texto(nombre: str = "nota.txt", texto: str = "Una nota de prueba.") -> SimpleUploadedFile:
    return SimpleUploadedFile(nombre, texto.encode(), content_type="text/plain")
