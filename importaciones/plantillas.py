"""The file to begin with: headings and an example on one sheet; on the other, what each column takes."""

import io
from collections.abc import Iterable

import xlsxwriter

from direcciones.models import Dependencia, Entidad, Modalidad, Sector, Tema
from importaciones.campos import CAMPOS
from importaciones.estados import Tipo

TIPO_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def libro(tipo: str) -> bytes:
    memoria = io.BytesIO()
    with xlsxwriter.Workbook(
        memoria, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as hojas:
        titulo = hojas.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        datos = hojas.add_worksheet(Tipo(tipo).label)
        valores = hojas.add_worksheet("Valores")
        for n, campo in enumerate(CAMPOS[tipo]):
            datos.write_string(0, n, campo.titulo, titulo)
            datos.write_string(1, n, campo.ejemplo)
            datos.set_column(n, n, max(14, min(40, len(campo.ejemplo) + 2)))
            valores.write_string(0, n, campo.titulo, titulo)
            valores.write_string(1, n, "Obligatoria" if campo.obligatorio else "Opcional")
            valores.write_string(2, n, campo.ayuda)
            for fila, valor in enumerate(_valores(tipo, campo.clave), start=3):
                valores.write_string(fila, n, valor)
            valores.set_column(n, n, 26)
        datos.freeze_panes(1, 0)
        valores.freeze_panes(1, 0)
    return memoria.getvalue()


def _valores(tipo: str, campo: str) -> Iterable[str]:
    """The values of the catalogue that a column takes; nothing where anything goes."""
    if (tipo, campo) == (Tipo.ENTIDADES, "tipo"):
        return [str(t.label) for t in Entidad.Tipo]
    if campo == "sector":
        return [f"{s.nombre}" for s in Sector.objects.vigentes().order_by("codigo")]
    if campo == "entidad":
        return [f"{e.codigo} · {e.nombre}" for e in Entidad.objects.vigentes().order_by("codigo")]
    if campo == "dependencia":
        return [d.nombre for d in Dependencia.objects.vigentes().que_atienden().order_by("codigo")]
    if campo == "tema":
        return [f"{t.codigo} · {t.nombre}" for t in Tema.objects.vigentes().order_by("codigo")]
    if campo == "modalidad":
        return [m.nombre for m in Modalidad.objects.vigentes().order_by("orden", "nombre")]
    return {
        "canal": ["correo", "teléfono", "presencial", "SIGA"],
        "estado": ["sin asignar", "asignada", "en elaboración", "esperando a la entidad"],
        "sesion_medio": ["presencial", "virtual", "telefónica"],
        "rol": ["enlace", "administrador"]
        if tipo == Tipo.ENLACES
        else ["asesor", "revisor", "subdirector", "director"],
    }.get(campo, [])
