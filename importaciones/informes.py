"""The report of an import as CSV: every row of the file with its result, ready to be mended and brought again."""

import csv
import io

from exportaciones.escritores.textos import sin_formula
from importaciones.campos import CAMPOS
from importaciones.models import Importacion


def informe(importacion: Importacion) -> bytes:
    campos = [campo for campo in CAMPOS[importacion.tipo] if campo.clave in importacion.mapa]
    salida = io.StringIO()
    escritor = csv.writer(salida, delimiter=";", lineterminator="\r\n")
    escritor.writerow(
        ["Fila", "Resultado", "Qué pasa", "Cambios", "En el portal", *(campo.titulo for campo in campos)]
    )
    for fila in importacion.filas.order_by("numero"):
        cambios = ". ".join(f"{nombre}: {antes} → {despues}" for nombre, (antes, despues) in fila.cambios.items())
        celdas = [fila.crudo.get(campo.clave, "") for campo in campos]
        fija = [fila.get_resultado_display(), fila.frase, cambios, fila.objeto_texto]
        escritor.writerow([fila.numero, *map(sin_formula, [*fija, *celdas])])
    return salida.getvalue().encode("utf-8-sig")
