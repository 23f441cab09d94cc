"""Files as people bring them, and the walk through the pages."""

import csv
import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from alcance import como_sistema
from bandeja.services import entregar
from importaciones.models import FilaImportada, Importacion

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(*filas: list[Any], hoja: str = "Datos") -> SimpleUploadedFile:
    libro = openpyxl.Workbook()
    libro.active.title = hoja
    for fila in filas:
        libro.active.append(fila)
    memoria = io.BytesIO()
    libro.save(memoria)
    return SimpleUploadedFile("datos.xlsx", memoria.getvalue(), XLSX)


def csv_de(*filas: list[Any], codigo: str = "utf-8-sig", separador: str = ";") -> SimpleUploadedFile:
    memoria = io.StringIO()
    csv.writer(memoria, delimiter=separador).writerows(filas)
    return SimpleUploadedFile("datos.csv", memoria.getvalue().encode(codigo), "text/csv")


def subir(navegador: Client, tipo: str, archivo: SimpleUploadedFile) -> Importacion:
    respuesta = navegador.post(reverse("importaciones:nueva", args=[tipo]), {"archivo": archivo})
    assert respuesta.status_code == 302, respuesta.content.decode()
    return ultima()


def ensayar(navegador: Client, tipo: str, archivo: SimpleUploadedFile, **otros: Any) -> Importacion:
    """Upload and accept the columns as they were guessed."""
    importacion = subir(navegador, tipo, archivo)
    pagina = navegador.get(reverse("importaciones:columnas", args=[importacion.pk]))
    assert pagina.status_code == 200
    datos = {**{c: t or "" for c, t in pagina.context["form"].initial.items() if c != "con_acuse"}, **otros}
    respuesta = navegador.post(reverse("importaciones:columnas", args=[importacion.pk]), datos)
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    return ultima()


def importar(navegador: Client, tipo: str, archivo: SimpleUploadedFile, **otros: Any) -> Importacion:
    """All the walk, and the worker until nothing is left."""
    importacion = ensayar(navegador, tipo, archivo, **otros)
    confirmar(navegador, importacion)
    entregar()
    return ultima()


def confirmar(navegador: Client, importacion: Importacion) -> None:
    pagina = navegador.get(reverse("importaciones:confirmar", args=[importacion.pk]))
    assert pagina.status_code == 200
    navegador.post(reverse("importaciones:confirmar", args=[importacion.pk]))


def ultima() -> Importacion:
    with como_sistema("prueba"), transaction.atomic():
        return Importacion.objects.latest("pk")


def resultados(importacion: Importacion) -> list[tuple[int, str]]:
    with como_sistema("prueba"), transaction.atomic():
        return list(importacion.filas.order_by("numero").values_list("numero", "resultado"))


def filas(importacion: Importacion) -> list[FilaImportada]:
    with como_sistema("prueba"), transaction.atomic():
        return list(importacion.filas.order_by("numero"))
