"""Reads one sheet in a process of its own, with little memory and time: a program by itself, it imports nothing ours.

One far cell makes any reader ask for the whole rectangle before it (512 GiB were measured) and abort its process. Here
only this child dies and its parent says that the file can't be read.

    python -I hoja_aparte.py SHEET ROWS < book.xlsx      →   {"hojas": […], "formulas": bool, "filas": [[text…]…]}
"""

import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORIA = 1024**3
SEGUNDOS = 20
COLUMNAS = 200
LETRAS = 20_000_000  # a text written once may be in each cell: 40 kB of file were 640 MB of rows


def main(hoja: str, cuantas: int) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - after the limits are set

    contenido = sys.stdin.buffer.read()
    libro = CalamineWorkbook.from_filelike(io.BytesIO(contenido))
    visibles = [s.name for s in libro.sheets_metadata if s.visible == SheetVisibleEnum.Visible] or libro.sheet_names
    nombre = hoja if hoja in libro.sheet_names else visibles[0]
    filas = libro.get_sheet_by_name(nombre).to_python(skip_empty_area=False, nrows=cuantas)
    textos, letras = [], 0
    for fila in filas:
        textos.append([_texto(celda) for celda in fila[:COLUMNAS]])
        letras += sum(map(len, textos[-1]))
        if letras > LETRAS:
            raise ValueError("demasiado texto")
    return {"hojas": visibles, "formulas": any(_formulas(contenido)), "filas": textos}


def _texto(celda: Any) -> str:
    if isinstance(celda, bool):
        return "sí" if celda else "no"
    if isinstance(celda, float):
        return str(int(celda)) if celda.is_integer() else repr(celda)
    if isinstance(celda, dt.datetime | dt.date | dt.time):
        return celda.isoformat()
    return str(celda)


def _formulas(contenido: bytes) -> Iterator[bool]:
    with zipfile.ZipFile(io.BytesIO(contenido)) as zip_:
        for nombre in zip_.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", nombre):
                yield bool(re.search(rb"<f[ >/]", zip_.read(nombre)))
            elif nombre == "content.xml":
                yield b"table:formula=" in zip_.read(nombre)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
    resource.setrlimit(resource.RLIMIT_CPU, (SEGUNDOS, SEGUNDOS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(main(sys.argv[1], int(sys.argv[2])), sys.stdout)
