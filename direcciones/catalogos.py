"""Load the catalogues of `datos/` (they are data, not code). Safe to run again: it never overwrites an edited row.

Sources: `datos/sectores_entidades.csv`, `datos/temas.csv`, `datos/dependencias.csv`, `datos/modalidades.csv`,
`datos/series.csv` and `datos/ans.csv` (provisional: neither the real retention table nor the agreements of service are
known, and each row says so).
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from direcciones.models import (
    AcuerdoServicio,
    Buzon,
    Dependencia,
    Entidad,
    Modalidad,
    Sector,
    SerieDocumental,
    Tema,
)

DESDE = date(2024, 1, 1)
TIPOS = {
    "central": Entidad.Tipo.CENTRAL,
    "descentralizada": Entidad.Tipo.DESCENTRALIZADA,
    "localidad": Entidad.Tipo.LOCALIDAD,
    "control": Entidad.Tipo.CONTROL,
    "privada con funciones públicas": Entidad.Tipo.PRIVADA,
    "privada que presta servicios públicos": Entidad.Tipo.PRESTADORA,
}


def filas(nombre: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV file of `datos/`, stripped."""
    with (Path(settings.RAIZ) / "datos" / nombre).open(encoding="utf-8-sig", newline="") as archivo:
        for fila in csv.DictReader(archivo):
            yield {clave: (valor or "").strip() for clave, valor in fila.items()}


@transaction.atomic
def cargar_catalogos() -> dict[str, int]:
    """Create what is missing. Returns how many of each there are afterwards."""
    _sectores_y_entidades()
    _dependencias()
    _modalidades()
    _temas()
    _series()
    _acuerdos()
    cargados = (Sector, Entidad, Dependencia, Modalidad, Tema, SerieDocumental, AcuerdoServicio)
    return {m._meta.verbose_name_plural: m.objects.count() for m in cargados}


def _sectores_y_entidades() -> None:
    for fila in filas("sectores_entidades.csv"):
        sector, _ = Sector.objects.get_or_create(
            codigo=fila["codigo"][:2], defaults={"nombre": fila["sector"], "desde": DESDE}
        )
        Entidad.objects.get_or_create(
            codigo=fila["codigo"],
            defaults={
                "nombre": fila["entidad"],
                "sigla": fila["sigla"],
                "sector": sector,
                "tipo": TIPOS.get(fila["tipo"], Entidad.Tipo.OTRA),
                "nit": fila["nit"],
                "desde": DESDE,
            },
        )


def _dependencias() -> None:
    for fila in filas("dependencias.csv"):
        dependencia, _ = Dependencia.objects.get_or_create(
            codigo=fila["codigo"],
            defaults={
                "nombre": fila["nombre"],
                "nombre_corto": fila["nombre_corto"],
                "tipo": fila["tipo"],
                "padre": Dependencia.objects.filter(codigo=fila["padre"]).first(),
                "atiende": fila["atiende"] == "si",
                "atiende_prestadoras": fila["atiende_prestadoras"] == "si",
                "hereda_acuerdos": fila["hereda_acuerdos"] == "si",
                "reparto": fila["reparto"],
                "cargo_de_quien_dirige": fila["cargo"],
                "norma": fila["norma"],
                "nota_vigencia": fila["nota"],
                "desde": DESDE,
            },
        )
        for correo in filter(None, fila["buzones"].split(";")):
            Buzon.objects.get_or_create(
                correo=correo, defaults={"dependencia": dependencia, "para_que": fila["uso_buzon"], "desde": DESDE}
            )


def _modalidades() -> None:
    for fila in filas("modalidades.csv"):
        Modalidad.objects.get_or_create(
            codigo=fila["codigo"],
            defaults={
                "nombre": fila["nombre"],
                "descripcion": fila["descripcion"],
                "orden": int(fila["orden"]),
                "formulario": fila["formulario"],
                "produce_concepto": fila["produce_concepto"] == "si",
                "se_puede_pedir": fila["se_puede_pedir"] == "si",
                "exige_proveedor": fila["exige_proveedor"] == "si",
                "desde": DESDE,
            },
        )


def _temas() -> None:
    dependencias = {d.nombre: d for d in Dependencia.objects.all()}
    modalidades = {m.codigo: m for m in Modalidad.objects.all()}
    for fila in filas("temas.csv"):
        Tema.objects.get_or_create(
            codigo=fila["codigo"],
            defaults={
                "nombre": fila["subtema"],
                "grupo": fila["tema"],
                "dependencia": dependencias[fila["subdireccion"]],
                "modalidad": modalidades[_modalidad_propuesta(fila)],
                "papel": fila["rol_dddi"],
                "seccion_lineamiento": fila["seccion_lineamiento"],
                "palabras_clave": fila["palabras_clave_supuestas"],
                "reservado": fila["seccion_lineamiento"] == "8.3" or fila["tema"].startswith("Comisiones"),
                "desde": DESDE,
            },
        )


def _series() -> None:
    dependencias = {"": None} | {d.codigo: d for d in Dependencia.objects.all()}
    modalidades = {"": None} | {m.codigo: m for m in Modalidad.objects.all()}
    for fila in filas("series.csv"):
        SerieDocumental.objects.get_or_create(
            codigo=fila["codigo"],
            defaults={
                "serie": fila["serie"],
                "subserie": fila["subserie"],
                "dependencia": dependencias[fila["dependencia"]],
                "modalidad": modalidades[fila["modalidad"]],
                "anios_gestion": int(fila["anios_gestion"]),
                "anios_central": int(fila["anios_central"]),
                "disposicion": fila["disposicion"],
                "procedimiento": fila["procedimiento"],
                "nota": fila["nota"],
                "desde": DESDE,
            },
        )


def _acuerdos() -> None:
    """All provisional until the SDFI confirms them. What is not here is decided in docs/decisiones/0024."""
    dependencias = {d.codigo: d for d in Dependencia.objects.all()}
    modalidades = {"": None} | {m.codigo: m for m in Modalidad.objects.all()}
    for fila in filas("ans.csv"):
        de_que = {
            "dependencia": dependencias[fila["dependencia"]],
            "modalidad": modalidades[fila["modalidad"]],
            "etapa": fila["etapa"],
        }
        if AcuerdoServicio.objects.filter(**de_que).exists():
            continue
        AcuerdoServicio.objects.create(
            **de_que,
            dias=int(fila["dias"]),
            inicio=fila["inicio"],
            fin=fila["fin"],
            requisitos=fila["requisitos"],
            texto=fila["texto"],
            justificacion=fila["justificacion"],
            provisional=True,
            desde=DESDE,
        )


def _modalidad_propuesta(fila: dict[str, str]) -> str:
    """The modality a theme proposes: by group, because the seed names none (assumed, editable on screen)."""
    grupo, nombre = fila["tema"], fila["subtema"]
    if grupo == "Registro Distrital":
        return "publicacion"
    if nombre == "Elaboración de impresos":
        return "impreso"
    if grupo == "Revisiones técnicas":
        return "revision"
    if grupo.startswith("Comisiones"):
        return "comision"
    if "oncepto" in nombre:
        return "concepto"
    return "concepto" if fila["direccion"] == "DDAB" else "asesoria"
