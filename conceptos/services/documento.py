"""The PDF of a concepto: what it says, the draft to look at, the bytes frozen for review, the ones delivered."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from archivos import almacen
from conceptos.models import Concepto, Version
from direcciones.models import Buzon, Dependencia, Persona
from documentos import codigos
from documentos.contextos import ContextoConcepto, Destinatario, Membrete, PreguntaRespondida
from documentos.pdf import Documento, Variante, crear_pdf
from documentos.texto import Texto
from plazos.reloj import ahora
from solicitudes.models import Parte
from solicitudes.services.numeracion import formato, siguiente

CARPETA = "conceptos"
SIN_NUMERO = "sin número"


class TextoCambiado(RuntimeError):
    """The stored bytes are not the ones that were frozen: the storage was touched. Nothing is signed."""


def borrador_pdf(concepto: Concepto, version: Version) -> Documento:
    """What is written so far, with the watermark and without a number of its own."""
    contexto = contexto_de(concepto, version)
    return crear_pdf("concepto", contexto, variante=Variante.BORRADOR)


def congelar(concepto: Concepto, version: Version) -> None:
    """Allot number and code the first time, print and keep the bytes that will be reviewed and signed (§8.7).

    The number is taken here, before printing, because the paper carries it: two first freezings at once wait for
    each other while one prints, so the wait allowed is longer than usual.
    """
    if concepto.numero is None:
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '9s'")
        anio = timezone.localtime(ahora()).year
        serie = "C-DEMO" if settings.ES_DEMO else "C"
        concepto.numero = formato("C", anio, siguiente(serie, anio))
        concepto.codigo = codigos.nuevo()
    concepto.asunto = version.contenido["asunto"]
    concepto.respuesta_corta = version.contenido["respuesta_corta"]
    concepto.normas = version.contenido["normas"]
    documento = crear_pdf("concepto", contexto_de(concepto, version))
    version.sha256, version.ruta = documento.sha256, guardar_pdf(documento.bytes)
    version.congelada_en = ahora()
    version.save(update_fields=["sha256", "ruta", "congelada_en"])


def contexto_de(concepto: Concepto, version: Version) -> ContextoConcepto:
    c, solicitud = version.contenido, concepto.solicitud
    codigo = concepto.codigo or "0" * codigos.SIMBOLOS
    return ContextoConcepto(
        membrete=_membrete(concepto.dependencia),
        codigo=codigo,
        url_verificacion=url_de_verificacion(codigo),
        demostracion=settings.ES_DEMO,
        numero=concepto.numero or SIN_NUMERO,
        version=version.numero,
        fecha=timezone.localdate(ahora()),
        destinatario=Destinatario(
            nombre=solicitud.remitente_nombre,
            cargo=solicitud.remitente_cargo,
            entidad=solicitud.entidad.nombre,
            correo=solicitud.remitente_correo,
        ),
        asunto=c["asunto"],
        radicado=solicitud.radicado,
        recibida_en=solicitud.recibido_en,
        respuesta_corta=Texto(c["respuesta_corta"]),
        antecedentes=Texto(c["antecedentes"]),
        preguntas=preguntas_de(c),
        marco_normativo=Texto(c["marco_normativo"]),
        analisis=Texto(c["analisis"]),
        conclusiones=Texto(c["conclusiones"]),
        recomendaciones=Texto(c["recomendaciones"]),
        proyecto=_quien_proyecto(concepto),
        otras_dependencias=_otras_dependencias(concepto),
    )


def preguntas_de(contenido: dict[str, Any]) -> tuple[PreguntaRespondida, ...]:
    pares = contenido.get("respuestas", [])
    return tuple(
        PreguntaRespondida(numero=numero, pregunta=par["pregunta"], respuesta=Texto(par["respuesta"]))
        for numero, par in enumerate(pares, start=1)
    )


def url_de_verificacion(codigo: str) -> str:
    return settings.DOMINIO + reverse("conceptos:verificar_codigo", args=[codigos.agrupar(codigo)])


def _membrete(dependencia: Dependencia) -> Membrete:
    direccion = dependencia.direccion
    buzon = Buzon.objects.vigentes().filter(dependencia__in={dependencia.pk, direccion.pk}).order_by("correo").first()
    return Membrete(
        entidad=settings.IDENTIDAD["entidad"],
        dependencia=direccion.nombre,
        subdependencia=dependencia.nombre if dependencia != direccion else "",
        direccion=settings.IDENTIDAD["direccion"],
        correo=buzon.correo if buzon else settings.IDENTIDAD["correo"],
    )


def _quien_proyecto(concepto: Concepto) -> str:
    autor = Persona.objects.get(pk=concepto.autor_id)
    return f"{autor.nombre}, {autor.cargo}" if autor.cargo else autor.nombre


def _otras_dependencias(concepto: Concepto) -> tuple[str, ...]:
    with como_sistema("nombrar en el concepto las demás dependencias que responden"):
        otras = Parte.objects.filter(solicitud_id=concepto.solicitud_id).exclude(pk=concepto.parte_id)
        return tuple(otras.order_by("dependencia__nombre").values_list("dependencia__nombre", flat=True))


def guardar_pdf(contenido: bytes) -> str:
    """Store the bytes for good and return where (security.md §5.1: the file before the row that names it)."""
    return almacen.escribir(ContentFile(contenido), carpeta=CARPETA).ruta


def leer_pdf(ruta: str, sha256: str) -> bytes:
    """The stored bytes. Raises TextoCambiado when they are not the ones that were kept."""
    with almacen.abrir(ruta) as archivo:
        contenido: bytes = archivo.read()
    if hashlib.sha256(contenido).hexdigest() != sha256:
        raise TextoCambiado(f"El archivo {ruta} no es el que se guardó.")
    return contenido
