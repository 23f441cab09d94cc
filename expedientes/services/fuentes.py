"""Everything the SDFI holds of a solicitud, as documents in the order in which they entered. A fixed number of reads.

Needs an alcance that sees all of it: who serves the expediente acts as the system, or as its staff for its page.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction

from alcance import como_sistema
from buzones.models import Llegada
from conceptos.models import Concepto, Version
from direcciones.models import Tema
from encuestas.models import Encuesta
from expedientes.services import textos
from solicitudes.models import Actuacion, Archivo, ConstanciaRadicacion, Mensaje, Solicitud

TEXTO, JSON, PDF = "text/plain; charset=utf-8", "application/json", "application/pdf"
CORREO = "message/rfc822"
PORTAL = "Portal"


@dataclass(frozen=True, slots=True)
class Fuente:
    """One document. Those born in the portal bring their bytes in `texto`; the rest, where the bytes are kept.

    `sha256` is what was written of them when they were kept.
    """

    clave: str
    nombre: str
    tipo: str
    origen: str
    formato: str
    creado_en: datetime
    incorporado_en: datetime
    texto: str = ""
    ruta: str = ""
    sha256: str = ""


def fuentes_de(solicitud: Solicitud) -> list[Fuente]:
    """In order of incorporation; those of one instant, as they are listed here."""
    grupos = (_de_la_radicacion, _correos, _mensajes, _actuaciones, _archivos, _conceptos, _encuestas)
    return sorted((f for grupo in grupos for f in grupo(solicitud)), key=lambda fuente: fuente.incorporado_en)


def _de_la_radicacion(solicitud: Solicitud) -> Iterator[Fuente]:
    nombres = dict(Tema.objects.filter(pk__in=solicitud.temas).values_list("pk", "nombre"))
    yield Fuente(
        "solicitud", f"Solicitud {solicitud.radicado}", "Solicitud", solicitud.entidad.nombre, TEXTO,
        solicitud.recibido_en, solicitud.radicado_en,
        texto=textos.de_la_solicitud(solicitud, [nombres[pk] for pk in solicitud.temas if pk in nombres]),
    )  # fmt: skip
    constancia = ConstanciaRadicacion.objects.filter(solicitud=solicitud).first()
    if constancia is not None:
        # The canonical text of what was frozen: its SHA-256 is the one printed on the constancia and confirmed online.
        canonico = json.dumps(constancia.datos, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield Fuente(
            "constancia", "Hechos de la constancia de radicación", "Constancia de radicación", PORTAL, JSON,
            constancia.emitida_en, solicitud.radicado_en, texto=canonico, sha256=constancia.huella,
        )  # fmt: skip


def _correos(solicitud: Solicitud) -> Iterator[Fuente]:
    """Each message that came by mail, as the first mailbox that brought it received it: with its headers and whatever
    it had attached, also what is not opened."""
    # The ledger of a mailbox is of its dependencia; what became of a solicitud is of whoever sees the solicitud.
    with como_sistema("leer los correos de una solicitud que se puede ver"), transaction.atomic():
        de_ella = Llegada.objects.filter(correo__solicitud=solicitud).select_related("correo")
        llegadas = list(de_ella.order_by("correo_id", "recibida_en", "id").distinct("correo_id"))
    for llegada in llegadas:
        c = llegada.correo
        assert c is not None
        de = f"{c.de_nombre} <{c.de_correo}>" if c.de_nombre and c.de_correo else c.de_correo or c.de_nombre
        yield Fuente(
            f"correo:{c.pk}", f"Correo {c.numero}: {c.asunto or 'sin asunto'}", "Correo recibido",
            de or "Remitente ilegible", CORREO, c.recibido_en, max(c.recibido_en, solicitud.radicado_en),
            ruta=llegada.ruta, sha256=llegada.sha256,
        )  # fmt: skip


def _mensajes(solicitud: Solicitud) -> Iterator[Fuente]:
    for m in Mensaje.objects.filter(solicitud=solicitud).select_related("autor").order_by("id"):
        quien = m.quien or solicitud.entidad.nombre
        yield Fuente(
            f"mensaje:{m.pk}", f"{m.get_tipo_display()} de {quien}", m.get_tipo_display(), quien, TEXTO, m.en, m.en,
            texto=textos.del_mensaje(m, solicitud.radicado),
        )  # fmt: skip


def _actuaciones(solicitud: Solicitud) -> Iterator[Fuente]:
    """Once held or cancelled: until then they change."""
    hechas = Actuacion.objects.filter(solicitud=solicitud).exclude(estado=Actuacion.Estado.PROGRAMADA)
    for a in hechas.select_related("modalidad", "registrada_por").order_by("id"):
        ocurrio = a.fin or a.inicio or a.registrada_en
        yield Fuente(
            f"actuacion:{a.pk}", f"{a.modalidad.nombre}: {a.asunto}", a.modalidad.nombre, a.registrada_por.nombre,
            TEXTO, ocurrio, max(ocurrio, a.registrada_en), texto=textos.de_la_actuacion(a, solicitud.radicado),
        )  # fmt: skip


def _archivos(solicitud: Solicitud) -> Iterator[Fuente]:
    for a in Archivo.objects.filter(solicitud=solicitud).select_related("subido_por").puestos():
        tipo = "Evidencia de la recepción" if a.es_evidencia else "Anexo"
        quien = a.subido_por.nombre if a.subido_por else solicitud.entidad.nombre
        yield Fuente(
            f"archivo:{a.pk}", a.nombre, tipo, quien, a.tipo_servido, a.subido_en,
            max(a.subido_en, solicitud.radicado_en), ruta=a.ruta, sha256=a.sha256,
        )  # fmt: skip


def _conceptos(solicitud: Solicitud) -> Iterator[Fuente]:
    versiones = Version.objects.filter(concepto__solicitud=solicitud, congelada_en__isnull=False)
    for v in versiones.select_related("concepto", "autor").order_by("id"):
        assert v.congelada_en is not None
        yield Fuente(
            f"version:{v.pk}", f"Proyecto del concepto {v.concepto.numero}, versión {v.numero}",
            "Proyecto de concepto", v.autor.nombre, PDF, v.congelada_en, v.congelada_en, ruta=v.ruta, sha256=v.sha256,
        )  # fmt: skip
    firmados = Concepto.objects.filter(solicitud=solicitud).exclude(ruta_firmada="")
    for c in firmados.select_related("dependencia").order_by("id"):
        assert c.firmado_en is not None
        yield Fuente(
            f"concepto:{c.pk}", f"Concepto {c.numero}", "Concepto firmado", c.dependencia.nombre, PDF,
            c.firmado_en, c.notificado_en or c.firmado_en, ruta=c.ruta_firmada, sha256=c.sha256_firmado,
        )  # fmt: skip


def _encuestas(solicitud: Solicitud) -> Iterator[Fuente]:
    for e in Encuesta.objects.filter(solicitud=solicitud).respondidas():
        assert e.respondida_en is not None
        yield Fuente(
            f"encuesta:{e.pk}", "Encuesta de satisfacción", "Encuesta de satisfacción", solicitud.entidad.nombre,
            TEXTO, e.respondida_en, e.respondida_en, texto=textos.de_la_encuesta(e, solicitud.radicado),
        )  # fmt: skip


def extension_de(formato: str, nombre: str) -> str:
    por_formato = {TEXTO: ".txt", JSON: ".json", PDF: ".pdf", CORREO: ".eml"}
    return por_formato.get(formato) or PurePath(nombre).suffix.lower()
