"""A thousand messages of mixed sizes, from the door of the ledger to their place in the queue (decisión 0027)."""

import io
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import cycle, pairwise
from random import Random
from uuid import uuid4

import pikepdf
from django.utils import timezone

from buzones.estados import Origen
from buzones.models import Casilla, Correo, Llegada
from buzones.services import guardar, procesar_pendientes
from demo.simulacion.historias import Historia
from demo.simulacion.llegadas import llegadas
from demo.simulacion.mundo import leer_mundo
from direcciones.models import Tema
from rendimiento.escena import COLA, Escena, sistema
from rendimiento.promesas import Resultado
from solicitudes.estados import SOLICITUD_ABIERTA
from solicitudes.models import Parte, Solicitud

CUANTOS, SEMILLA = 1000, 5
ENTRE_UNO_Y_OTRO = timedelta(seconds=29)
KB = 1024
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of a hundred: kind, and its size in kB.
ADJUNTOS = (("", 0, 48), ("pdf", 60, 14), ("pdf", 700, 5), ("pdf", 1900, 2), ("docx", 40, 15), ("docx", 900, 4),
            ("csv", 30, 8), ("png", 15, 4))  # fmt: skip


def correo(escena: Escena) -> Resultado:
    """Seven of ten from whom the directory knows, one an answer, one of a machine, one of nobody; kept in another
    order than the one they came in, as several mailboxes that are read late. `inversiones`: those whose place in the
    queue or number is not that of their arrival."""
    azar = Random(SEMILLA)  # noqa: S311 (the dice are not secret)
    mensajes = list(_mensajes(azar))
    pesan = sum(len(crudo) for crudo, _ in mensajes)
    azar.shuffle(mensajes)
    casilla = _casilla()
    principio = time.perf_counter()
    suyas = [guardar(crudo, origen=Origen.COMANDO, recibida_en=en, casilla=casilla).pk for crudo, en in mensajes]
    guardados = time.perf_counter() - principio
    while procesar_pendientes():
        pass
    segundos = time.perf_counter() - principio
    with sistema():
        hechos = [
            llegada.correo
            for llegada in Llegada.objects.filter(pk__in=suyas)
            .select_related("correo__solicitud")
            .order_by("recibida_en", "id")
        ]
        inversiones = _inversiones([uno for uno in hechos if uno is not None])
    que_son = Counter(uno.clase if uno else "sin leer" for uno in hechos)
    assert not que_son["sin leer"], "quedaron mensajes sin leer"
    return {
        "por_segundo": round(CUANTOS / segundos, 1),
        "inversiones": inversiones,
        "segundos": round(segundos, 2),
        "guardar_s": round(guardados, 2),
        "mb": round(pesan / KB**2),
        "radicados": que_son["nueva_solicitud"],
        "mensajes": que_son["mensaje"],
        "automaticos": que_son["automatico"] + que_son["ausencia"],
        "por_clasificar": que_son["por_clasificar"],
    }


def _inversiones(correos: list[Correo]) -> int:
    """In the order in which they came: the number of each, and its place in each queue."""
    solicitudes = [uno.solicitud for uno in correos if uno.solicitud is not None and uno.mensaje_agregado_id is None]
    numeros = sum(antes.radicado > despues.radicado for antes, despues in pairwise(solicitudes))
    lugar = {solicitud.pk: lugar for lugar, solicitud in enumerate(solicitudes)}
    en_cola = Parte.objects.filter(solicitud__in=lugar).order_by("dependencia_id", "recibido_en", "id")
    puestos = list(en_cola.values_list("dependencia_id", "solicitud_id"))
    colas = sum(a == b and lugar[uno] > lugar[otro] for (a, uno), (b, otro) in pairwise(puestos))
    return numeros + colas


def _casilla() -> Casilla:
    """One whose requests are about something when they do not say: what is known of the sender is filed, and to file
    is what costs."""
    with sistema():
        tema = Tema.objects.vigentes().filter(reservado=False, dependencia__codigo=COLA).order_by("codigo")[0]
        casilla, _ = Casilla.objects.get_or_create(
            nombre="mil-correos", defaults={"buzon": tema.dependencia.buzones.order_by("pk")[0]}
        )
        casilla.temas_por_defecto = [tema.pk]
        casilla.save(update_fields=["temas_por_defecto"])
    return casilla


# --- What they bring -------------------------------------------------------------------------------------------------
def _mensajes(azar: Random) -> Iterator[tuple[bytes, datetime]]:
    with sistema():
        mundo = leer_mundo(timezone.localdate(), CUANTOS)
        abiertas = list(
            Solicitud.objects.filter(estado__in=sorted(SOLICITUD_ABIERTA))
            .order_by("-pk")
            .values_list("radicado", "asunto", "entidad__codigo")[:CUANTOS]
        )
    # Each run in hours of its own: from the thirteenth of an hour, what an address writes waits for a person.
    ahora = timezone.now() - timedelta(hours=9 * (uuid4().int % 60))
    historias = cycle(h for h in llegadas(mundo, azar, ahora, CUANTOS) if h.id.startswith("SIM-"))
    archivos = _archivos(azar)
    pesos = [peso for *_, peso in ADJUNTOS]
    for n in range(CUANTOS):
        en = ahora - ENTRE_UNO_Y_OTRO * (CUANTOS - n)
        adjunto = archivos[azar.choices(range(len(ADJUNTOS)), pesos)[0]]
        yield _mensaje(n, en, next(historias), abiertas, adjunto), en


def _mensaje(
    n: int, en: datetime, historia: Historia, abiertas: list[tuple[str, str, str]], adjunto: tuple[str, bytes]
) -> bytes:
    mensaje = EmailMessage(policy=SMTP)
    asunto, de, texto = historia.asunto, f"enlace.{historia.entidad}@semilla.example", historia.necesidad
    if n % 10 == 7 and abiertas:
        radicado, asunto, codigo = abiertas[n % len(abiertas)]
        asunto, de = f"RE: [{radicado}] {asunto}", f"enlace.{codigo}@semilla.example"
        texto = (
            f"Va lo que nos pidieron.\n\nEl mar, 24 nov 2026 a las 10:00, Portal <p@x.example> escribió:\n> {texto}"
        )
    elif n % 10 == 8:
        mensaje["Auto-Submitted"], asunto = "auto-replied", f"Respuesta automática: {asunto}"
        texto = "Estoy fuera de la oficina hasta el 30 de noviembre."
    elif n % 10 == 9:
        de = f"persona{n}@correo.example"
    mensaje["From"], mensaje["To"] = f"{historia.contacto} <{de}>", "mipgdistrito@alcaldiabogota.gov.co"
    mensaje["Subject"], mensaje["Date"] = asunto, format_datetime(en)
    mensaje["Message-ID"] = f"<{uuid4().hex}@entidad.example>"
    mensaje.set_content(f"{texto}\n\nCordialmente,\n{historia.contacto}\n{historia.cargo}\n")
    nombre, contenido = adjunto
    if nombre:
        mensaje.add_attachment(contenido, maintype="application", subtype="octet-stream", filename=nombre)
    return mensaje.as_bytes()


def _archivos(azar: Random) -> list[tuple[str, bytes]]:
    """One of each: what costs is to read and to keep it."""
    hacer = {"": _nada, "pdf": _pdf, "docx": _docx, "csv": _csv, "png": _png}
    return [
        (f"Anexo – {kb} kB.{clase}" if clase else "", hacer[clase](azar.randbytes(kb * KB)))
        for clase, kb, _ in ADJUNTOS
    ]


def _nada(relleno: bytes) -> bytes:
    return relleno


def _csv(relleno: bytes) -> bytes:
    return b"serie,subserie\n" + relleno.hex().encode()[: len(relleno)]


def _pdf(relleno: bytes) -> bytes:
    with pikepdf.new() as documento:
        documento.add_blank_page()
        documento.Root.Relleno = documento.make_stream(relleno)
        salida = io.BytesIO()
        documento.save(salida)
    return salida.getvalue()


def _docx(relleno: bytes) -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as archivo:
        archivo.writestr("[Content_Types].xml", f'<Types><Override ContentType="{_DOCX}.main+xml"/></Types>')
        archivo.writestr("word/document.xml", "<w:document/>")
        archivo.writestr("word/media/image1.png", relleno)
    return salida.getvalue()


def _png(relleno: bytes) -> bytes:
    from PIL import Image  # noqa: PLC0415 (only to make a sample)

    salida = io.BytesIO()
    lado = int((len(relleno) / 3) ** 0.5)
    Image.frombytes("RGB", (lado, lado), relleno[: lado * lado * 3]).save(salida, "PNG")
    return salida.getvalue()
