"""Sealed copies: asked for with a reason, made by the worker, and recognised later by their SHA-256."""

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction

from alcance import como_sistema, exigir
from archivos import almacen
from avisos.carta import Carta
from avisos.services import avisar
from bandeja.services import EntregaFallida, anotar
from bitacora.services import registrar
from documentos import autoridad
from documentos import firma as pades
from documentos.contextos import ContextoIndice, FilaDeIndice, Membrete
from documentos.pdf import crear_pdf
from expedientes.models import Copia, Expediente, IndiceElectronico
from expedientes.permisos import puede_copiar
from expedientes.services.cierre import CARPETA, indice_al_dia, leer_los_nuevos
from expedientes.services.paquete import DocumentoCambiado, escribir_paquete
from plazos.reloj import ahora
from solicitudes.models import Solicitud

TIPO = "expedientes.copia"
INTENTOS = 3
REPARAR = "Avise a quien administra el portal y, cuando lo repare, pídala de nuevo."


def pedir_copia(*, solicitud: Solicitud, destinatario: str, motivo: str, clave: UUID) -> Copia:
    """Leave the order of a copy and who asked for it, for whom and why. The same `clave` twice is one copy."""
    alcance = exigir()
    if alcance.persona_id is None or not puede_copiar(alcance):
        raise PermissionDenied("Su rol no entrega copias de expedientes.")
    if not destinatario.strip() or not motivo.strip():
        raise ValidationError("Escriba para quién es la copia y por qué: queda en la historia.")
    with transaction.atomic(), como_sistema("anotar el pedido de una copia sellada"):
        anterior = Copia.objects.filter(clave=clave).first()
        if anterior is not None:
            return anterior
        expediente, _ = Expediente.objects.get_or_create(
            solicitud=solicitud, defaults={"numero": f"EXP-{solicitud.radicado}", "abierto_en": solicitud.radicado_en}
        )
        copia = Copia.objects.create(
            expediente=expediente,
            solicitud=solicitud,
            clave=clave,
            destinatario=destinatario.strip(),
            motivo=motivo.strip(),
            pedida_por_id=alcance.persona_id,
            pedida_en=ahora().replace(microsecond=0),
        )
        registrar(
            accion="expediente.pedir_copia",
            objeto=copia,
            motivo=f"Para {copia.destinatario}. {copia.motivo}",
        )
        _anotar_turno(copia)
    return copia


def intentar_copia(*, copia_id: int, intento: int) -> None:
    """One turn of an order, or the end of its tries: whoever asked is told why, and the delivery stays among those
    that failed, for whoever runs the portal."""
    with transaction.atomic(), como_sistema("intentar la copia sellada de un expediente"):
        ya_fallida = Copia.objects.filter(pk=copia_id, fallida_en__isnull=False).exists()
    try:
        # One that failed is tried again by somebody who looked: it has the tries of that person.
        if intento > INTENTOS and not ya_fallida:
            raise Interrumpida
        hacer_copia(copia_id=copia_id)
    except Exception as falla:
        if intento < INTENTOS and not isinstance(falla, DocumentoCambiado):
            raise
        anotar_que_fallo = partial(fallar_copia, copia_id=copia_id, porque=_por_que(falla))
        raise EntregaFallida(f"{type(falla).__name__}: {falla}", anotar=anotar_que_fallo, definitiva=True) from falla


class Interrumpida(RuntimeError):
    """Whoever was making it died each time."""


def _por_que(falla: Exception) -> str:
    if isinstance(falla, DocumentoCambiado):
        return f"{falla} {REPARAR}"
    if isinstance(falla, FileNotFoundError):
        return f"Falta un documento en el almacén. {REPARAR}"
    if isinstance(falla, Interrumpida):
        return "El proceso que la hacía se interrumpió cada vez. Pídala de nuevo."
    return "Hubo un error al hacerla. Pídala de nuevo; si vuelve a pasar, avise a quien administra el portal."


def fallar_copia(*, copia_id: int, porque: str) -> None:
    """It could not be made: its page says why, and whoever asked is told once."""
    with transaction.atomic(), como_sistema("decir que una copia sellada no se pudo hacer"):
        copias = Copia.objects.select_related("solicitud", "expediente", "pedida_por")
        copia: Copia = copias.bajo_cerrojo().get(pk=copia_id)
        if copia.hecha_en is not None:
            return
        copia.fallida_en, copia.porque = ahora(), porque[:500]
        copia.save(update_fields=["fallida_en", "porque"])
        registrar(accion="expediente.fallar_copia", objeto=copia)
        _avisar(copia)


def hacer_copia(*, copia_id: int) -> Copia:
    """Take an order one turn further: the index of all there is, and in another turn its ZIP. Safe to run twice.

    The index needs the solicitud locked; compressing takes minutes and must not hold whoever attends it, so it is done
    once that lock is gone.
    """
    with transaction.atomic(), como_sistema("hacer la copia sellada de un expediente"):
        copias = Copia.objects.select_related("solicitud", "expediente", "pedida_por", "indice")
        copia: Copia = copias.bajo_cerrojo().get(pk=copia_id)
        if copia.hecha_en is None and copia.indice is None:
            leidos = leer_los_nuevos(copia.solicitud_id)
            copia.indice = indice_al_dia(Solicitud.objects.bajo_cerrojo().get(pk=copia.solicitud_id), leidos)
            copia.save(update_fields=["indice"])
            _anotar_turno(copia, ":zip")
        elif copia.hecha_en is None and copia.indice is not None:
            _comprimir(copia, copia.indice)
    return copia


def _anotar_turno(copia: Copia, turno: str = "") -> None:
    anotar(
        tipo=TIPO,
        clave=f"expediente:{copia.expediente_id}:copia:{copia.pk}{turno}",
        carga={"copia": copia.pk},
        solicitud_id=copia.solicitud_id,
    )


def _comprimir(copia: Copia, indice: IndiceElectronico) -> None:
    """Make the ZIP, keep it and tell whoever asked."""
    pdf = pdf_del_indice(indice)
    with almacen.sin_nombre() as salida:
        escribir_paquete(salida, copia=copia, indice=indice, pdf=pdf)
        escrito = almacen.escribir_largo(File(salida), carpeta=CARPETA)
    copia.hecha_en, copia.fallida_en, copia.porque = ahora(), None, ""
    copia.ruta, copia.bytes, copia.sha256 = escrito.ruta, escrito.bytes, escrito.sha256
    copia.save(update_fields=["hecha_en", "fallida_en", "porque", "ruta", "bytes", "sha256"])
    registrar(
        accion="expediente.copiar",
        objeto=copia,
        despues={"sha256": copia.sha256, "indice": indice.version, "bytes": copia.bytes},
    )
    _avisar(copia)


def _avisar(copia: Copia) -> None:
    radicado, expediente = copia.solicitud.radicado, copia.expediente.numero
    avisar(
        persona=copia.pedida_por,
        carta=carta_de_la_copia(radicado, expediente, copia.get_absolute_url(), porque=copia.porque),
        clave=f"copia:{copia.pk}:fallida" if copia.porque else f"copia:{copia.pk}",
        solicitud_id=copia.solicitud_id,
        evento="expedientes.copia",
    )


def carta_de_la_copia(radicado: str, expediente: str, ruta: str, *, porque: str = "") -> Carta:
    """That it is ready or, with `porque`, that it could not be made."""
    fin, hecho = ("no se pudo hacer", "No se pudo hacer") if porque else ("está lista", "Ya puede descargar")
    return Carta(
        asunto=f"[{radicado}] La copia del expediente {fin}",
        que_paso=f"{hecho} la copia sellada del expediente {expediente}.",
        que_hacer=porque or "Lleva adentro cómo comprobarla sin conexión.",
        boton="Ver el expediente",
        ruta=ruta.rsplit("/copias/", 1)[0] + "/",
    )


def copia_con_huella(huella: str) -> Copia | None:
    """The copy whose whole file has this SHA-256, or None. Whoever holds the file can compute it, nobody else."""
    with transaction.atomic(), como_sistema("reconocer una copia por su huella"):
        return (
            Copia.objects.filter(sha256=huella).select_related("expediente", "solicitud").first() if huella else None
        )


def pdf_del_indice(indice: IndiceElectronico) -> bytes:
    """The printed index with its visible signature (PAdES): made once, and the same bytes from then on."""
    if indice.ruta_pdf:
        with almacen.abrir(indice.ruta_pdf) as archivo:
            contenido: bytes = archivo.read()
        return contenido
    quien = autoridad.identidad()
    firmado = pades.firmar(
        crear_pdf("indice", _contexto(indice)).bytes,
        identidad=quien,
        firmante=settings.IDENTIDAD["entidad"],
        cargo="Portal de asistencia técnica",
        motivo=f"Índice electrónico {indice.version} del expediente {indice.expediente.numero}",
        instante=indice.firmado_en,
    )
    escrito = almacen.escribir(ContentFile(firmado.bytes), carpeta=CARPETA)
    indice.ruta_pdf, indice.sha256_pdf = escrito.ruta, escrito.sha256
    indice.save(update_fields=["ruta_pdf", "sha256_pdf"])
    return firmado.bytes


def _contexto(indice: IndiceElectronico) -> ContextoIndice:
    datos: dict[str, Any] = json.loads(indice.contenido)
    return ContextoIndice(
        membrete=Membrete.institucional(settings.IDENTIDAD, settings.DOMINIO),
        demostracion=settings.ES_DEMO,
        version=indice.version,
        motivo=indice.get_motivo_display(),
        huella=indice.sha256,
        firmado_en=indice.firmado_en,
        expediente=datos["expediente"],
        filas=tuple(
            FilaDeIndice(
                orden=d["orden"],
                nombre=d["nombre"],
                tipo=d["tipo_documental"],
                origen=d["origen"],
                formato=d["formato"],
                creado=d["fecha_creacion"][:19].replace("T", " "),
                incorporado=d["fecha_incorporacion"][:19].replace("T", " "),
                folios=f"{d['folio_inicial']}-{d['folio_final']}",
                paginas=d["paginas"],
                bytes=d["bytes"],
                huella=d["huella"],
            )
            for d in datos["documentos"]
        ),
    )
