"""Files of drafts and solicitudes: put in, take out of a draft, have them examined."""

from collections.abc import Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from alcance import como_sistema, exigir
from archivos import antivirus
from archivos.antivirus import EstadoAntivirus
from archivos.errores import ArchivoRehusado
from archivos.services import Recibido, asentar, barrer_huerfanos, dictaminar, recibir
from bandeja.services import anotar
from bitacora.services import registrar
from plazos.reloj import ahora
from solicitudes.models import Actuacion, Archivo, Borrador, Mensaje, Parte, Solicitud

POR_MENSAJE = 5
POR_CORREO = 50
POR_BARRIDO = 50


def agregar_al_borrador(*, borrador: Borrador, subido: UploadedFile, es_evidencia: bool = False) -> Archivo:
    """Keep a file in a draft at once. The same file again is the same one: an upload may be retried after a cut.

    Raises ArchivoRehusado. The draft is locked while counting: uploads in parallel can't pass the limit (U10).
    """
    recibido = recibir(subido)
    with transaction.atomic():
        actual = Borrador.objects.bajo_cerrojo().get(pk=borrador.pk, solicitud__isnull=True)
        puestos = Archivo.objects.filter(borrador=actual, quitado_en__isnull=True)
        repetido = puestos.filter(sha256=recibido.sha256, nombre=recibido.nombre).first()
        if repetido is not None:
            return repetido
        if puestos.count() >= settings.ARCHIVOS_POR_SOLICITUD:
            raise _demasiados(recibido.nombre)
        archivo = Archivo.objects.create(
            **recibido.campos(),
            borrador=actual,
            es_evidencia=es_evidencia,
            subido_por_id=exigir().persona_id,
            subido_en=ahora(),
        )
    _pedir_revision(archivo)
    return archivo


def quitar_del_borrador(*, archivo: Archivo) -> Archivo:
    """Mark it as taken out; `devolver_al_borrador` undoes it until the draft is filed."""
    with transaction.atomic():
        Archivo.objects.filter(pk=archivo.pk, solicitud__isnull=True).update(quitado_en=ahora())
    archivo.refresh_from_db()
    return archivo


def devolver_al_borrador(*, archivo: Archivo) -> Archivo:
    with transaction.atomic():
        Borrador.objects.bajo_cerrojo().get(archivos=archivo)
        puestos = Archivo.objects.filter(borrador=archivo.borrador_id, quitado_en__isnull=True)
        if puestos.count() >= settings.ARCHIVOS_POR_SOLICITUD:
            raise _demasiados(archivo.nombre)
        Archivo.objects.filter(pk=archivo.pk, solicitud__isnull=True).update(quitado_en=None)
    archivo.refresh_from_db()
    return archivo


def adjuntar(
    *,
    solicitud: Solicitud,
    subidos: Sequence[UploadedFile],
    mensaje: Mensaje | None = None,
    parte: Parte | None = None,
    actuacion: Actuacion | None = None,
) -> list[Archivo]:
    """Add files to a filed solicitud, from whoever acts. All or none: ArchivoRehusado names each that is wrong."""
    recibidos, faltas = [], []
    if len(subidos) > POR_MENSAJE:
        raise ArchivoRehusado(f"Puede enviar hasta {POR_MENSAJE} archivos a la vez.", codigo="cantidad")
    for subido in subidos:
        try:
            recibidos.append(recibir(subido))
        except ArchivoRehusado as falta:
            faltas.extend(falta.messages)
    if faltas:
        raise ArchivoRehusado(faltas, codigo="varios")  # type: ignore[arg-type]
    with transaction.atomic():
        archivos = [
            Archivo.objects.create(
                **recibido.campos(),
                solicitud=solicitud,
                mensaje=mensaje,
                parte=parte,
                actuacion=actuacion,
                subido_por_id=exigir().persona_id,
                subido_en=ahora(),
            )
            for recibido in recibidos
        ]
        if archivos:
            registrar(
                accion="solicitud.adjuntar",
                objeto=solicitud,
                despues={"archivos": [archivo.pk for archivo in archivos]},
            )
    for archivo in archivos:
        _pedir_revision(archivo)
    return archivos


def adjuntar_recibidos(
    *,
    solicitud: Solicitud,
    recibidos: Sequence[Recibido],
    mensaje: Mensaje | None = None,
    parte: Parte | None = None,
    es_evidencia: bool = False,
) -> list[Archivo]:
    """The rows of files that `recibir` judged and stored, of what did not come by the portal: nobody is there to be
    told that they are too many, so all that one mail may bring enter. Whoever acts uploaded none of them."""
    if len(recibidos) > POR_CORREO:
        raise ArchivoRehusado(f"Un mensaje trae hasta {POR_CORREO} archivos.", codigo="cantidad")
    if not recibidos:
        return []
    with transaction.atomic(), como_sistema("agregar los archivos que llegaron con un mensaje"):
        archivos = [
            Archivo(
                **recibido.campos(),
                solicitud=solicitud,
                mensaje=mensaje,
                parte=parte,
                es_evidencia=es_evidencia,
                subido_en=ahora(),
            )
            for recibido in recibidos
        ]
        Archivo.objects.bulk_create(archivos)
        registrar(accion="solicitud.adjuntar", objeto=solicitud, despues={"archivos": [a.pk for a in archivos]})
    for archivo in archivos:
        _pedir_revision(archivo)
    return archivos


def revisar_archivo(*, archivo_id: int) -> bool:
    """Have one file examined, with no transaction open meanwhile. True when it left *en revisión* now.

    An infected one that is already filed is told to its owner.
    """
    with transaction.atomic(), como_sistema("leer el archivo por revisar"):
        archivo = Archivo.objects.filter(pk=archivo_id, estado_antivirus=EstadoAntivirus.EN_REVISION).first()
    if archivo is None:
        return False
    dictamen = dictaminar(archivo.ruta)
    with transaction.atomic(), como_sistema("asentar lo que dijo el antivirus"):
        estado = asentar(Archivo, archivo_id, dictamen)
        if estado == EstadoAntivirus.INFECTADO:
            _avisar_infectado(archivo_id)
    return estado is not None


def barrer_archivos() -> dict[str, int]:
    """Retry what the antivirus has not answered and delete stored files that no row names (> 24 h)."""
    revisados = sum(revisar_archivo(archivo_id=pk) for pk in _por_revisar())
    with transaction.atomic(), como_sistema("barrido de archivos huérfanos"):
        huerfanos = barrer_huerfanos()
    return {"revisados": revisados, "huerfanos": len(huerfanos)}


def _por_revisar() -> list[int]:
    """Ids of the files without a verdict, the ones never tried first; none while the antivirus is away."""
    if not antivirus.configurado() or not antivirus.responde():
        return []
    with transaction.atomic(), como_sistema("archivos por revisar"):
        pendientes = Archivo.objects.filter(estado_antivirus=EstadoAntivirus.EN_REVISION)
        return list(pendientes.order_by("antivirus_detalle", "pk").values_list("pk", flat=True)[:POR_BARRIDO])


def _avisar_infectado(archivo_id: int) -> None:
    archivo = Archivo.objects.select_related("solicitud").get(pk=archivo_id)
    registrar(accion="archivo.infectado", objeto=archivo, despues={"archivo": archivo.pk})
    if archivo.solicitud_id:
        anotar(
            tipo="solicitudes.archivo_infectado",
            clave=f"infectado:{archivo.pk}",
            carga={"archivo": archivo.pk},
            solicitud_id=archivo.solicitud_id,
        )


def _pedir_revision(archivo: Archivo) -> None:
    """Through the outbox: the worker examines it in seconds, and the sweep finds it if anything fails (U06)."""
    if archivo.estado_antivirus == EstadoAntivirus.EN_REVISION:
        anotar(tipo="solicitudes.archivo_subido", clave=f"revisar:{archivo.pk}", carga={"archivo": archivo.pk})


def _demasiados(nombre: str) -> ArchivoRehusado:
    maximo = settings.ARCHIVOS_POR_SOLICITUD
    return ArchivoRehusado(
        f"«{nombre}» no se subió: ya hay {maximo} archivos, que es el máximo. Quite uno o reúnalos en un ZIP.",
        codigo="cantidad",
    )
