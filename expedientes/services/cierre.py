"""Closing: the documents get their place and folios, and the index is signed (Ley 594 de 2000, domain.md §3).

Nothing here is edited: what arrives later is added at the end, and the index gets another version.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from alcance import como_sistema
from archivos import almacen
from archivos.pdf import contar_paginas
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Dependencia, SerieDocumental
from documentos import autoridad, separada
from expedientes.models import Documento, Expediente, IndiceElectronico
from expedientes.services.fuentes import PDF, Fuente, extension_de, fuentes_de
from expedientes.services.indice_xml import a_xml
from plazos.reloj import ahora
from solicitudes.estados import SOLICITUD_TERMINADA, EstadoSolicitud
from solicitudes.models import Parte, Solicitud

CARPETA = "expedientes"
FORMATO = "portal-sdfi/indice-electronico/1"
NORMA = "Ley 594 de 2000; Acuerdo 001 de 2024 del Archivo General de la Nación"
# What two versions may differ in and still say the same.
DE_LA_VERSION = ("version", "anterior", "motivo")


@dataclass(frozen=True, slots=True)
class Leido:
    """Where the bytes of a document are, and what only reading them says."""

    ruta: str
    bytes: int
    sha256: str
    paginas: int


Leidos = Mapping[Fuente, Leido]


def cerrar_expediente(*, solicitud_id: int) -> IndiceElectronico | None:
    """Close the expediente of a solicitud that ended and sign its index. None when it is open again.

    Safe to repeat: with nothing new, the index that was signed stays.
    """
    with transaction.atomic(), como_sistema("cerrar el expediente de una solicitud terminada"):
        leidos = leer_los_nuevos(solicitud_id)
        solicitud = Solicitud.objects.bajo_cerrojo().get(pk=solicitud_id)
        if solicitud.estado not in SOLICITUD_TERMINADA:
            return None
        return indice_al_dia(solicitud, leidos)


def indice_al_dia(solicitud: Solicitud, leidos: Leidos) -> IndiceElectronico:
    """The signed index of all there is now. The caller holds the solicitud locked and acts as the system."""
    cierre = _cierre_de(solicitud)
    expediente = _expediente(solicitud, cierre)
    incorporar(expediente, leidos)
    return _firmar(expediente, cierre)


def _cierre_de(solicitud: Solicitud) -> datetime | None:
    """When it ended: with the survey, or with the last of its partes where nothing was left to ask."""
    if solicitud.estado not in SOLICITUD_TERMINADA:
        return None
    if solicitud.estado == EstadoSolicitud.CERRADA and solicitud.cerrada_en:
        return solicitud.cerrada_en
    ultima: datetime | None = Parte.objects.filter(solicitud=solicitud).aggregate(m=Max("cerrada_en"))["m"]
    return ultima


def _expediente(solicitud: Solicitud, cierre: datetime | None) -> Expediente:
    """Series and retention are taken from the table in force on the day it closes."""
    expediente, _ = Expediente.objects.get_or_create(
        solicitud=solicitud, defaults={"numero": f"EXP-{solicitud.radicado}", "abierto_en": solicitud.radicado_en}
    )
    if cierre is None or expediente.cerrado_en == cierre:
        return expediente
    dia = timezone.localdate(cierre)
    expediente.cerrado_en, expediente.serie = cierre, serie_de(solicitud, dia)
    expediente.gestion_hasta = expediente.central_hasta = None
    if expediente.serie is not None:
        expediente.gestion_hasta = sumar_anios(dia, expediente.serie.anios_gestion)
        expediente.central_hasta = sumar_anios(expediente.gestion_hasta, expediente.serie.anios_central)
    expediente.save()
    return expediente


def serie_de(solicitud: Solicitud, dia: date) -> SerieDocumental | None:
    """By the dependencia that leads and the kind of assistance."""
    lider = Parte.objects.filter(solicitud=solicitud).select_related("dependencia").order_by("-lidera", "id").first()
    return SerieDocumental.objects.para(lider.dependencia, solicitud.modalidad, dia) if lider else None


def sumar_anios(dia: date, cuantos: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return dia.replace(year=dia.year + cuantos)
    except ValueError:
        return dia.replace(year=dia.year + cuantos, day=28)


def leer_los_nuevos(solicitud_id: int) -> Leidos:
    """Each document that has no place yet. Before the lock: who attends the solicitud must not wait for its files.
    What changes meanwhile is read again under it."""
    claves = set(Documento.objects.filter(solicitud=solicitud_id).values_list("clave", flat=True))
    fuentes = fuentes_de(Solicitud.objects.select_related("entidad").get(pk=solicitud_id))
    return {fuente: _leer(fuente) for fuente in fuentes if fuente.clave not in claves}


def incorporar(expediente: Expediente, leidos: Leidos) -> None:
    """Give a place and folios to every document that has none yet. Under the lock on the solicitud."""
    puestos = list(expediente.documentos.order_by("orden"))
    claves = {documento.clave for documento in puestos}
    orden, folio = len(puestos), puestos[-1].folio_final if puestos else 0
    for fuente in fuentes_de(expediente.solicitud):
        if fuente.clave in claves:
            continue
        orden += 1
        documento = _documento(expediente, fuente, leidos.get(fuente) or _leer(fuente), orden, folio)
        documento.save(force_insert=True)
        folio = documento.folio_final


def _leer(fuente: Fuente) -> Leido:
    ruta = fuente.ruta or almacen.escribir(ContentFile(fuente.texto.encode()), carpeta=CARPETA).ruta
    tamano, huella = almacen.huella_de(ruta)
    paginas = 1
    if fuente.formato == PDF:
        with almacen.abrir(ruta) as archivo:
            paginas = contar_paginas(archivo)
    return Leido(ruta, tamano, huella, paginas)


def _documento(expediente: Expediente, fuente: Fuente, leido: Leido, orden: int, folio: int) -> Documento:
    return Documento(
        expediente=expediente,
        solicitud_id=expediente.solicitud_id,
        orden=orden,
        clave=fuente.clave,
        nombre=fuente.nombre[:300],
        tipo_documental=fuente.tipo[:80],
        origen=fuente.origen[:200],
        formato=fuente.formato[:100],
        creado_en=fuente.creado_en,
        incorporado_en=fuente.incorporado_en,
        bytes=leido.bytes,
        # What was written when it was kept: bytes that changed in the store since then must not pass for it.
        sha256=fuente.sha256 or leido.sha256,
        paginas=leido.paginas,
        folio_inicial=folio + 1,
        folio_final=folio + leido.paginas,
        ruta=leido.ruta,
    )


def _firmar(expediente: Expediente, cierre: datetime | None) -> IndiceElectronico:
    documentos = list(expediente.documentos.order_by("orden"))
    anterior = expediente.indices.order_by("-version").first()
    motivo = _motivo(anterior, cierre)
    contenido = {
        **_contenido(expediente, documentos, cierre),
        "version": anterior.version + 1 if anterior else 1,
        "anterior": anterior.sha256 if anterior else "",
        "motivo": motivo,
    }
    if anterior is not None and _sin_version(json.loads(anterior.contenido)) == _sin_version(contenido):
        return anterior
    texto, xml = canonico(contenido), a_xml(contenido)
    quien, instante = autoridad.identidad(), ahora().replace(microsecond=0)
    indice = IndiceElectronico.objects.create(
        expediente=expediente,
        solicitud_id=expediente.solicitud_id,
        version=contenido["version"],
        motivo=motivo,
        documentos=len(documentos),
        folios=documentos[-1].folio_final if documentos else 0,
        contenido=texto,
        sha256=almacen.huella_de_bytes(texto.encode()),
        firma=separada.firmar(texto.encode(), identidad=quien, instante=instante),
        xml=xml,
        firma_xml=separada.firmar(xml.encode(), identidad=quien, instante=instante),
        anclas=quien.anclas.pem,
        firmado_en=instante,
    )
    anotar(
        tipo="expedientes.pdfa",
        clave=f"expediente:{expediente.pk}:pdfa:{indice.version}",
        carga={"expediente": expediente.pk},
        solicitud_id=expediente.solicitud_id,
    )
    registrar(
        accion="expediente.firmar_indice",
        objeto=indice,
        despues={"version": indice.version, "sha256": indice.sha256, "documentos": indice.documentos},
    )
    return indice


def _motivo(anterior: IndiceElectronico | None, cierre: datetime | None) -> str:
    if cierre is None:
        return IndiceElectronico.Motivo.COPIA
    if anterior and json.loads(anterior.contenido)["expediente"]["cierre"] == _iso(cierre):
        return IndiceElectronico.Motivo.ADICION
    return IndiceElectronico.Motivo.CIERRE


def _contenido(expediente: Expediente, documentos: list[Documento], cierre: datetime | None) -> dict[str, Any]:
    solicitud, serie = expediente.solicitud, expediente.serie if cierre else None
    dependencias = Dependencia.objects.filter(pk__in=solicitud.dependencias).order_by("codigo")
    return {
        "formato": FORMATO,
        "norma": NORMA,
        "algoritmo": "SHA-256",
        "expediente": {
            "numero": expediente.numero,
            "radicado": solicitud.radicado,
            "asunto": solicitud.asunto,
            "entidad": f"{solicitud.entidad.codigo} {solicitud.entidad.nombre}",
            "dependencias": [f"{d.codigo} {d.nombre}" for d in dependencias],
            "modalidad": solicitud.modalidad.nombre,
            "apertura": _iso(expediente.abierto_en),
            "cierre": _iso(cierre),
            "serie": _serie(serie),
            "gestion_hasta": _iso(expediente.gestion_hasta) if cierre else "",
            "central_hasta": _iso(expediente.central_hasta) if cierre else "",
        },
        "documentos": [
            {
                "orden": d.orden,
                "nombre": d.nombre,
                "tipo_documental": d.tipo_documental,
                "fecha_creacion": _iso(d.creado_en),
                "fecha_incorporacion": _iso(d.incorporado_en),
                "huella": d.sha256,
                "bytes": d.bytes,
                "paginas": d.paginas,
                "folio_inicial": d.folio_inicial,
                "folio_final": d.folio_final,
                "formato": d.formato,
                "origen": d.origen,
                "archivo": nombre_en_la_copia(d),
            }
            for d in documentos
        ],
    }


def _serie(serie: SerieDocumental | None) -> dict[str, Any]:
    if serie is None:
        return {}
    return {
        "codigo": serie.codigo,
        "serie": serie.serie,
        "subserie": serie.subserie,
        "anios_gestion": serie.anios_gestion,
        "anios_central": serie.anios_central,
        "disposicion": serie.get_disposicion_display(),
        "procedimiento": serie.procedimiento,
        "nota": serie.nota,
    }


def nombre_en_la_copia(documento: Documento) -> str:
    """Its place and a name that any file system takes."""
    extension = extension_de(documento.formato, documento.nombre)
    tronco = documento.nombre.removesuffix(extension) if extension else documento.nombre
    return f"documentos/{documento.orden:03d}-{slugify(tronco)[:60].strip('-') or 'documento'}{extension}"


def canonico(contenido: dict[str, Any]) -> str:
    """What is signed: sorted keys, one per line, UTF-8."""
    return json.dumps(contenido, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _sin_version(contenido: dict[str, Any]) -> dict[str, Any]:
    return {clave: valor for clave, valor in contenido.items() if clave not in DE_LA_VERSION}


def _iso(cuando: date | datetime | None) -> str:
    if isinstance(cuando, datetime):
        return timezone.localtime(cuando).isoformat()
    return cuando.isoformat() if cuando else ""


def firma_valida(indice: IndiceElectronico) -> bool:
    """Whether the signatures still hold over what the table says today."""
    anclas = autoridad.Anclas(indice.anclas)
    pares = [(indice.contenido, indice.firma)]
    if indice.xml is not None:
        pares.append((indice.xml, indice.firma_xml or ""))
    return all(separada.es_valida(texto.encode(), firma, anclas) for texto, firma in pares)
